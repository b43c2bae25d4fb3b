"""The state machine of the design, with real stores against the real server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest
from hypothesis.stateful import run_state_machine_as_test

from diwi_desktop.store import outbox, purge, seen, syncstate, verdicts
from tests.proof.machine import profile
from tests.proof.store_machine import StoreMachine
from tests.proof.world import Stage

EXAMPLES = int(os.environ.get("DIWI_PROOF_EXAMPLES", "10"))
STEPS = int(os.environ.get("DIWI_PROOF_STEPS", "30"))


@pytest.fixture
def machine(proof_stage: Stage) -> type[StoreMachine]:
    class OnStage(StoreMachine):
        stage = proof_stage

    return OnStage


@pytest.mark.timeout(36_000)
def test_stores_and_server_hold_to_the_rules(machine: type[StoreMachine]) -> None:
    run_state_machine_as_test(machine, settings=profile(EXAMPLES, STEPS))


# -- seeded mistakes in the client ------------------------------------------------------------------------------------


def _no_purge(patch: pytest.MonkeyPatch) -> None:
    """What may not be here any more stays."""
    patch.setattr(purge, "purge", lambda *_, **__: set())


def _purge_of_tables_only(patch: pytest.MonkeyPatch) -> None:
    """Removed rows are not overwritten, and stay readable in the file."""
    real = purge.forget

    def forget(connection, *given):
        return real(cast("Any", _WithoutSecure(connection)), *given)

    patch.setattr(purge, "forget", forget)


class _WithoutSecure:
    def __init__(self, connection: object) -> None:
        self._connection = connection

    def execute(self, sql: str, *given: object) -> object:
        sql = sql.replace("secure_delete=ON", "secure_delete=OFF")
        return self._connection.execute(sql, *given)  # type: ignore[attr-defined]  # stands for a connection

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)


def _no_after(patch: pytest.MonkeyPatch) -> None:
    """The laptop does not say that a change was made on its own earlier one."""
    real = outbox._Fields.base
    patch.setattr(outbox._Fields, "base", lambda self, entity, field: (real(self, entity, field)[0], None))


def _deaf(patch: pytest.MonkeyPatch) -> None:
    """Answers of the server are taken for 'applied'."""
    real = verdicts._Verdicts.take

    def take(self, act, change, place, seq, other):
        real(self, act, change, place, seq or (other.seq if other else 0) or 1, None)

    patch.setattr(verdicts._Verdicts, "take", take)


def _seen_it_all(patch: pytest.MonkeyPatch) -> None:
    """The laptop says of every deletion that it knew all there is."""
    real = seen.seen_of
    patch.setattr(seen, "seen_of", lambda *given: dict.fromkeys(real(*given), 1_000_000))


def _no_have(patch: pytest.MonkeyPatch) -> None:
    """Answers count the sequences of others as one's own."""
    real = syncstate.add_have
    patch.setattr(syncstate, "add_have", lambda connection, first, last: real(connection, 1 if last else 0, last))


@contextmanager
def _made(mistake: Callable[[pytest.MonkeyPatch], None]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        mistake(patch)
        yield


def _caught(machine: type[StoreMachine], mistake: Callable[[pytest.MonkeyPatch], None], examples: int) -> None:
    with _made(mistake), pytest.raises(Exception, match=r".") as error:
        run_state_machine_as_test(machine, settings=profile(examples, 40, shrink=False))
    assert not isinstance(error.value, TypeError | AttributeError | NameError), error.value


@pytest.mark.allow_error_log
@pytest.mark.skipif("DIWI_PROOF_MUTANTS" not in os.environ, reason="./dev proof mutants")
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    "mistake",
    [_no_purge, _purge_of_tables_only, _no_after, _deaf, _seen_it_all, _no_have],
    ids=lambda one: one.__name__,
)
def test_a_seeded_mistake_of_the_client_is_caught(
    machine: type[StoreMachine], mistake: Callable[[pytest.MonkeyPatch], None]
) -> None:
    _caught(machine, mistake, 300)
