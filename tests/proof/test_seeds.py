"""Runs that once failed, step by step, each with the mistake it found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from diwi_desktop.changes.change import DELETED
from diwi_desktop.model.codes import Confidentiality
from diwi_desktop.store import receive
from tests.proof.faults import Fault
from tests.proof.machine import SHARED, Machine, PaperMachine, new_id
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


def test_typing_on_while_the_answer_is_that_it_was_there_already_overwrites_nothing(proof_stage: Stage) -> None:
    """The answer said `same` of a merge; what was typed meanwhile took that for seen, and the other's line was gone."""
    with run_of(StoreMachine, proof_stage) as machine:
        machine.change(0, "project", SHARED, "description", "nieuw\ntwee\nvan anna", SHARED)
        machine.sync_well(0)
        machine.change(2, "project", SHARED, "description", "nieuw\ntwee", SHARED)
        machine.transports[2].meanwhile = [
            lambda: machine.change(2, "project", SHARED, "description", "nieuw\ntwee!", SHARED)
        ]
        machine.sync_well(2)
        assert "van anna" in machine.world.entities()[SHARED].values["description"]


def test_what_waits_on_what_comes_anew_is_merged_with_what_its_author_saw(proof_stage: Stage) -> None:
    """Put back on the other's text it was sent as made on that, and the merge took the other's lines for removed."""
    with run_of(StoreMachine, proof_stage) as machine:
        assert isinstance(machine, StoreMachine)
        machine.change(0, "project", SHARED, "description", "een\ntwee\nvan anna", SHARED)
        machine.sync_well(0)
        receive.new_cursor(machine.laptops[2].store)
        machine.change(2, "project", SHARED, "description", "een\nvan bram", SHARED)
        machine.sync_well(2)
        assert machine.world.entities()[SHARED].values["description"] == "een\ntwee\nvan anna\nvan bram"


def test_what_both_deleted_is_deleted_at_one_moment(proof_stage: Stage) -> None:
    """Put back on what came anew, the later moment stayed on the laptop although the server kept the first."""
    with run_of(StoreMachine, proof_stage) as machine:
        assert isinstance(machine, StoreMachine)
        machine.change(0, "houseblock", BLOCK, DELETED, True, SHARED)
        machine.sync_well(0)
        receive.new_cursor(machine.laptops[2].store)
        machine.world.clock.moment += timedelta(minutes=1)
        machine.change(2, "houseblock", BLOCK, DELETED, True, SHARED)
        machine.sync_well(2)


def test_a_text_in_the_place_of_one_that_was_taken_away_is_no_overwrite(proof_stage: Stage) -> None:
    """Nothing that anybody typed is lost: the check was too strict, and failed a soak."""
    with run_of(StoreMachine, proof_stage) as machine:
        machine.change(0, "houseblock", BLOCK, "note", None, SHARED)
        machine.sync_well(0)
        machine.change(2, "houseblock", BLOCK, "note", "in de plaats", SHARED)
        machine.sync_well(2)
        assert machine.world.entities()[BLOCK].values["note"] == "in de plaats"


def test_an_edit_on_top_of_a_refused_one_is_no_conflict_with_the_edit_below_that(proof_stage: Stage) -> None:
    """What was made on a refused change counted as made on what its author knew before all three."""
    with run_of(PaperMachine, proof_stage) as machine:
        for level in ("INTERNAL_COUNCIL", "PRIVATE", "INTERNAL_CIVIL"):  # only owners make a project private
            machine.change(0, "project", SHARED, "confidentiality", level, SHARED)
        machine.sync_badly(0, plan=[Fault.NO_ANSWER], n=0)
        machine.change(0, "project", SHARED, "confidentiality", "INTERNAL_COUNCIL", SHARED)
        machine.sync_well(0)
        assert sorted(machine.laptops[0].fates().values()) == ["applied", "applied", "applied", "denied"]


def test_typing_on_after_a_refused_edit_is_no_conflict_with_the_edit_below_that(proof_stage: Stage) -> None:
    """The same, with the last edit made while the answer to the others was on its way."""
    with run_of(PaperMachine, proof_stage) as machine:
        for level in ("INTERNAL_COUNCIL", "PRIVATE"):
            machine.change(0, "project", SHARED, "confidentiality", level, SHARED)
        machine.transports[0].meanwhile = [
            lambda: machine.change(0, "project", SHARED, "confidentiality", "INTERNAL_CIVIL", SHARED)
        ]
        machine.sync_well(0)
        machine.sync_well(0)
        assert sorted(machine.laptops[0].fates().values()) == ["applied", "applied", "denied"]


@pytest.mark.parametrize("kind", [PaperMachine, StoreMachine])
def test_a_project_stays_when_a_colleague_put_a_block_in_it_meanwhile(kind: type[Machine], proof_stage: Stage) -> None:
    """The block went with the project, and nobody was ever told."""
    with run_of(kind, proof_stage) as machine:
        values = {"project_id": SHARED, "name": "van elders", "mutation": "CONSTRUCTION", "number": 3}
        machine.change(2, "houseblock", new_id(77), "", values, SHARED)
        machine.sync_well(2)
        machine.change(0, "project", SHARED, DELETED, "2026-11-21T12:00:00Z", SHARED)
        machine.sync_well(0)
        assert set(machine.laptops[0].fates().values()) == {"conflict"}
        assert not machine.world.entities()[BLOCK].deleted
        machine.change(0, "project", SHARED, DELETED, "2026-11-21T12:00:00Z", SHARED)
        machine.sync_well(0)
        assert machine.world.entities()[new_id(77)].deleted


@pytest.mark.parametrize("kind", [PaperMachine, StoreMachine])
def test_what_is_put_under_what_was_deleted_comes_back_to_its_author(kind: type[Machine], proof_stage: Stage) -> None:
    """The other order of the same: the block lay under a deleted project, where nobody would ever see it."""
    with run_of(kind, proof_stage) as machine:
        machine.change(0, "project", SHARED, DELETED, "2026-11-21T12:00:00Z", SHARED)
        machine.sync_well(0)
        values = {"project_id": SHARED, "name": "van elders", "mutation": "CONSTRUCTION", "number": 3}
        machine.change(2, "houseblock", new_id(77), "", values, SHARED)
        machine.sync_well(2)
        assert machine.laptops[2].told()


def test_who_edits_on_after_his_edit_met_a_deletion_that_was_taken_back_meets_nobody(proof_stage: Stage) -> None:
    """The field was told to stand at the sequence of the deletion, so that nothing he made of it ever fitted again."""
    with run_of(StoreMachine, proof_stage) as machine:
        machine.change(2, "houseblock", BLOCK, "name", "Blok X", SHARED)
        machine.sync_well(2)
        machine.sync_well(0)
        machine.change(0, "houseblock", BLOCK, DELETED, True, SHARED)
        machine.sync_well(0)
        machine.change(2, "houseblock", BLOCK, "name", "Blok Y", SHARED)
        machine.sync_well(2)
        assert "conflict" in machine.laptops[2].fates().values()
        assert machine.laptops[0].undo()
        machine.sync_well(0)
        machine.sync_well(2)
        machine.change(2, "houseblock", BLOCK, "name", "Blok Z", SHARED)
        machine.sync_well(2)
        assert machine.world.entities()[BLOCK].values["name"] == "Blok Z"


def test_what_was_seen_of_a_project_is_kept_when_everything_comes_anew(proof_stage: Stage) -> None:
    """Put back on a log that has the colleague's block, the deletion would seem to have been made knowing it."""
    with run_of(StoreMachine, proof_stage) as machine:
        assert isinstance(machine, StoreMachine)
        values = {"project_id": SHARED, "name": "van elders", "mutation": "CONSTRUCTION", "number": 3}
        machine.change(2, "houseblock", new_id(77), "", values, SHARED)
        machine.sync_well(2)
        store = machine.laptops[0].store
        machine.change(0, "project", SHARED, DELETED, True, SHARED)
        receive.new_cursor(store)
        machine.sync_well(0)
        assert set(machine.laptops[0].fates().values()) == {"conflict"}
        assert store.read_whole().execute("SELECT 1 FROM sync WHERE key LIKE 'seen/%'").fetchall() == []


def test_what_had_to_be_forgotten_is_not_sent_again(proof_stage: Stage) -> None:
    """A project that its maker may not see was forgotten while its answer was lost, and came back with the answer."""
    for kind in (PaperMachine, StoreMachine):
        with run_of(kind, proof_stage) as machine:
            machine.make_project(i=2, level=Confidentiality.INTERNAL_CIVIL)
            machine.make_project(i=2, level=Confidentiality.PRIVATE)
            machine.sync_badly(i=2, n=0, plan=[Fault.ANSWER_HEAD, None])
            machine.sync_badly(i=2, n=1, plan=[None])


def test_a_change_on_a_value_of_an_earlier_life_of_the_server_overwrites_nothing(proof_stage: Stage) -> None:
    """The sequence it was made on was by then, in the new life, that of another's change, and so it was applied."""
    with run_of(StoreMachine, proof_stage) as machine:
        assert isinstance(machine, StoreMachine)
        for number in (21, 22):
            machine.change(2, "houseblock", BLOCK, "number", number, SHARED)
        machine.change(0, "houseblock", BLOCK, "name", "Blok Z", SHARED)
        machine.change(0, "houseblock", BLOCK, "number", 31, SHARED)
        machine.back_up_or_restore_server(anew=True)
        machine.sync_well(2)
        machine.back_up_or_restore_server(anew=False)
        machine.change(2, "houseblock", BLOCK, "number", 23, SHARED)
        for _ in range(2):
            machine.sync_well(0)
        machine.sync_well(2)
        assert machine.world.entities()[BLOCK].values["number"] == 31


def test_a_private_project_that_its_maker_deleted_can_be_brought_back_by_him(proof_stage: Stage) -> None:
    """His ownership went with it, and so the project left his laptop with the next synchronisation, without undo."""
    with run_of(StoreMachine, proof_stage) as machine:
        assert isinstance(machine, StoreMachine)
        machine.make_project(i=2, level=Confidentiality.PRIVATE)
        machine.sync_well(i=2)
        made = [id for id, (kind, _) in machine.laptops[2].held().items() if kind == "project" and id != SHARED]
        machine.delete(i=2, p=1, kind="project")
        for _ in range(2):
            machine.sync_well(i=2)
        machine.undo(i=2, redo=False)
        machine.sync_well(i=2)
        assert len(made) == 1
        assert not machine.world.entities()[made[0]].deleted


def test_what_its_maker_deleted_is_sent_again_to_a_server_that_was_set_back_twice(proof_stage: Stage) -> None:
    with run_of(StoreMachine, proof_stage) as machine:
        assert isinstance(machine, StoreMachine)
        machine.back_up_or_restore_server(anew=False)
        machine.make_project(i=2, level=Confidentiality.PRIVATE)
        machine.sync_well(i=2)
        machine.undo(i=2, redo=False)
        for _ in range(2):
            machine.back_up_or_restore_server(anew=False)
            machine.sync_well(i=2)
