"""Waiting after wrong passwords."""

from datetime import timedelta

from diwi_desktop.server.accounts.backoff import PER_ACCOUNT, PER_ORIGIN, Policy


def test_some_tries_are_free_then_the_wait_doubles_up_to_a_bound() -> None:
    waits = [PER_ACCOUNT.wait(n).total_seconds() for n in range(18)]
    assert waits[:6] == [0] * 6
    assert waits[6:11] == [1, 2, 4, 8, 16]
    assert waits[-1] == 900
    assert PER_ACCOUNT.wait(10_000) == timedelta(minutes=15)
    assert waits == sorted(waits)


def test_a_place_on_the_network_has_more_free_tries_than_an_account() -> None:
    assert PER_ORIGIN.wait(PER_ACCOUNT.free + 1) == timedelta(0)
    assert Policy(free=0).wait(1) == timedelta(seconds=1)
