"""The rules by which a change meets the head of its field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwi_desktop.changes.change import CREATED, DELETED
from diwi_desktop.changes.merge import APPLIED, CONFLICT, INVALID, MERGED, SAME, Head, decide, merge_texts
from diwi_desktop.model.catalogue import Merge, catalogue

LINES = st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), max_size=6).map("\n".join)


def head(values: dict[str, Any], seqs: dict[str, int] | None = None, created: int = 5) -> Head:
    seqs = seqs or {}
    return Head("project", "p", values, seqs, created, max([created, *seqs.values()]))


def field(key: str, kind: str = "project") -> Any:
    return catalogue().field(kind, key)


def test_a_change_on_the_head_is_applied() -> None:
    assert decide(field("name"), "name", "A", "B", 5, head({"name": "A"})).result == APPLIED


def test_a_change_on_an_older_value_is_a_conflict_and_the_head_stays() -> None:
    verdict = decide(field("name"), "name", "A", "B", 5, head({"name": "C"}, {"name": 9}))
    assert (verdict.result, verdict.value, verdict.seq) == (CONFLICT, "C", 9)


def test_the_same_value_is_no_conflict() -> None:
    assert decide(field("name"), "name", "A", "B", 5, head({"name": "B"}, {"name": 9})).result == SAME


def test_a_new_entity_is_applied_once() -> None:
    assert decide(None, CREATED, None, {"name": "A"}, 0, None).result == APPLIED
    assert decide(None, CREATED, None, {"name": "A"}, 0, head({"name": "A"})).result == SAME


def test_a_change_of_what_the_server_never_had_is_invalid() -> None:
    assert decide(field("name"), "name", "A", "B", 5, None).result == INVALID


def test_deleting_what_nobody_changed_since_is_applied() -> None:
    assert decide(None, DELETED, None, "2026-01-01", 9, head({"name": "B"}, {"name": 9})).result == APPLIED


def test_deleting_what_another_changed_since_is_a_conflict() -> None:
    assert decide(None, DELETED, None, "2026-01-01", 5, head({"name": "B"}, {"name": 9})).result == CONFLICT


def test_changing_what_another_deleted_is_a_conflict() -> None:
    gone = head({"name": "A", DELETED: "2026-01-01"}, {DELETED: 9})
    verdict = decide(field("name"), "name", "A", "B", 5, gone)
    assert (verdict.result, verdict.value, verdict.seq) == (CONFLICT, "A", 5)  # of the name, not of the deletion


def test_bringing_back_what_one_saw_deleted_is_applied() -> None:
    gone = head({"name": "A", DELETED: "2026-01-01"}, {DELETED: 9})
    assert decide(None, DELETED, "2026-01-01", None, 9, gone).result == APPLIED


def test_sets_merge() -> None:
    types = replace(field("plan_types"), merge=Merge.FREE)
    theirs = head({"plan_types": ["HERSTRUCTURERING", "VERDICHTING"]}, {"plan_types": 9})
    mine = ["HERSTRUCTURERING", "TRANSFORMATIEGEBIED"]
    verdict = decide(types, "plan_types", ["HERSTRUCTURERING"], mine, 5, theirs)
    assert verdict.result == MERGED
    assert set(verdict.value) == {"HERSTRUCTURERING", "VERDICHTING", "TRANSFORMATIEGEBIED"}
    assert decide(field("plan_types"), "plan_types", ["HERSTRUCTURERING"], mine, 5, theirs).result == CONFLICT


def test_notes_merge_by_line() -> None:
    theirs = head({"description": "één\ntwee\ndrie!"}, {"description": 9})
    verdict = decide(field("description"), "description", "één\ntwee\ndrie", "een\ntwee\ndrie", 5, theirs)
    assert (verdict.result, verdict.value) == (MERGED, "een\ntwee\ndrie!")


def test_contours_are_merged_by_the_caller_or_not_at_all() -> None:
    theirs = head({"geometry": "22"}, {"geometry": 9})
    shape = field("geometry", "plan_area")
    assert decide(shape, "geometry", "00", "11", 5, theirs).result == CONFLICT
    assert decide(shape, "geometry", "00", "11", 5, theirs, lambda *_: "33").value == "33"
    assert decide(shape, "geometry", "00", "11", 5, theirs, lambda *_: "22").result == SAME


@given(LINES, LINES)
def test_an_edit_of_one_side_alone_is_taken_as_it_is(base: str, other: str) -> None:
    assert merge_texts(base, base, other) == other
    assert merge_texts(base, other, base) == other
    assert merge_texts(base, other, other) == other


@given(LINES, LINES, LINES)
def test_no_line_that_somebody_typed_is_lost(base: str, mine: str, theirs: str) -> None:
    merged = merge_texts(base, mine, theirs).splitlines()
    typed = (set(mine.splitlines()) | set(theirs.splitlines())) - set(base.splitlines())
    assert typed <= set(merged)


@pytest.mark.parametrize("key", ["name", "start_date", "confidentiality"])
def test_facts_and_controlled_fields_never_merge(key: str) -> None:
    assert decide(field(key), key, 1, 2, 5, head({key: 3}, {key: 9})).result == CONFLICT
