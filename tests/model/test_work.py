"""Long work puts off the search for garbage, and leaves it as it was."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from diwi_desktop.model.work import without_collector


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    running = gc.isenabled()
    yield
    (gc.enable if running else gc.disable)()


def test_the_search_is_off_meanwhile_and_on_again_afterwards() -> None:
    gc.enable()
    with without_collector():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_inside_another_it_stays_off_until_the_outer_one_ends() -> None:
    gc.enable()
    with without_collector():
        with without_collector():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_where_it_was_off_it_stays_off() -> None:
    gc.disable()
    with without_collector():
        pass
    assert not gc.isenabled()


def test_work_that_fails_turns_it_on_again() -> None:
    gc.enable()
    with pytest.raises(ValueError, match="wrong"), without_collector():
        raise ValueError("wrong")
    assert gc.isenabled()
