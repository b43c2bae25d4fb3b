"""Runs that once failed, step by step, each with the mistake it found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from diwi_desktop.changes.change import DELETED
from tests.proof.faults import Fault
from tests.proof.machine import SHARED, Machine, PaperMachine
from tests.proof.store_machine import StoreMachine
from tests.proof.world import Stage

BLOCK = SHARED[:-1] + "b"


@contextmanager
def run_of(kind: type[Machine], proof_stage: Stage) -> Iterator[Machine]:
    """A machine without Hypothesis; at the end all must hold."""

    class OnStage(kind):  # type: ignore[valid-type,misc]  # the class is given
        stage = proof_stage

    machine = OnStage()
    machine.start()
    try:
        yield machine
    finally:
        machine.teardown()


def test_an_edit_after_a_merged_one_does_not_take_away_what_was_merged_in(proof_stage: Stage) -> None:
    """The server took the merged text for what its author had seen, and his next edit wiped out the other's words."""
    with run_of(PaperMachine, proof_stage) as machine:
        machine.change(0, "project", SHARED, "description", "van anna\ntwee", SHARED)
        machine.sync_well(0)
        machine.change(2, "project", SHARED, "description", "een\nvan bram", SHARED)
        machine.change(2, "project", SHARED, "description", "een\nvan bram!", SHARED)
        machine.sync_well(2)


def test_deleting_after_an_edit_does_not_hide_what_another_did_meanwhile(proof_stage: Stage) -> None:
    """The deletion was made on the author's own edit, which came after the other's change that he never saw."""
    with run_of(PaperMachine, proof_stage) as machine:
        machine.change(0, "houseblock", BLOCK, "number", 7, SHARED)
        machine.sync_well(0)
        machine.change(2, "houseblock", BLOCK, "name", "Blok Z", SHARED)
        machine.change(2, "houseblock", BLOCK, DELETED, "2026-11-21T12:00:00Z", SHARED)
        machine.sync_well(2)
        assert "conflict" in machine.laptops[2].fates().values()


def test_a_merge_that_comes_to_what_was_there_is_not_what_its_author_saw(proof_stage: Stage) -> None:
    """All of the edit was in the other's text already; the next edit took the rest of that away."""
    with run_of(PaperMachine, proof_stage) as machine:
        machine.change(0, "project", SHARED, "description", "nieuw\ntwee\nvan anna", SHARED)
        machine.sync_well(0)
        machine.change(2, "project", SHARED, "description", "nieuw\ntwee", SHARED)
        machine.change(2, "project", SHARED, "description", "nieuw\ntwee!", SHARED)
        machine.sync_well(2)


def test_a_merge_that_comes_to_what_was_there_is_taken_over(proof_stage: Stage) -> None:
    """The laptop kept its own text, with the digests equal: nobody would ever have noticed."""
    with run_of(StoreMachine, proof_stage) as machine:
        machine.change(0, "project", SHARED, "description", "nieuw\ntwee\nvan anna", SHARED)
        machine.sync_well(0)
        machine.change(2, "project", SHARED, "description", "nieuw\ntwee", SHARED)
        machine.sync_well(2)


def test_a_pull_that_is_delivered_once_more_takes_nothing_away(proof_stage: Stage) -> None:
    """The late copy named an older cursor, and the server forgot what it had given since: everything came anew."""
    with run_of(PaperMachine, proof_stage) as machine:
        for number in (21, 22):
            machine.change(0, "houseblock", BLOCK, "number", number, SHARED)
        machine.sync_badly(0, plan=[None, Fault.LATE], n=1)
        machine.sync_well(0)


def test_who_slept_through_two_restores_sends_everything_again(proof_stage: Stage) -> None:
    """The laptop was told only of the second restore, which went back less far in another life than the first did."""
    with run_of(StoreMachine, proof_stage) as machine:
        assert isinstance(machine, StoreMachine)
        machine.back_up_or_restore_server(anew=True)
        machine.change(0, "project", SHARED, "project_leader", "voor de eerste", SHARED)
        machine.sync_well(0)
        machine.back_up_or_restore_server(anew=False)
        for name in ("Een", "Twee", "Drie"):
            machine.change(2, "project", SHARED, "name", name, SHARED)
        machine.sync_well(2)
        machine.back_up_or_restore_server(anew=True)
        machine.back_up_or_restore_server(anew=False)
        machine.sync_well(0)
        assert machine.world.entities()[SHARED].values["project_leader"] == "voor de eerste"
