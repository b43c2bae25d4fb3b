"""The checks themselves: what they must find, and what they must let pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest

from diwi_desktop.changes.change import DELETED
from tests.proof.checks import Diary, Note, own_conflicts, silent_overwrites
from tests.proof.world import Applied, Ground

BLOCK = "00000000-0000-4000-8000-00000000000b"
MAKING, THEIRS, MINE = ("0000000a/0", "0000000b/0", "0000000c/0")


class _Log:
    """A server whose log this is."""

    def __init__(self, changes: list[Applied], verdicts: Mapping[str, tuple[str, int, str | None]]) -> None:
        self._changes, self._verdicts = changes, verdicts

    def log(self) -> list[Applied]:
        return self._changes

    def verdicts(self) -> Mapping[str, tuple[str, int, str | None]]:
        return self._verdicts


def _found(
    key: str, first: Any, theirs: Any, mine: Any, result: str = "", saw: Any = None, kind: str = "houseblock"
) -> list[str]:
    """What is found when `mine` was made on `first` (or `saw`) and replaced `theirs`."""
    rows = [(MAKING, "", {key: first}, "x"), (THEIRS, key, theirs, "x"), (MINE, key, mine, "y")]
    log = [
        Applied(seq, name[:-2], 0, kind, BLOCK, "", field, None, new, device)
        for seq, (name, field, new, device) in enumerate(rows, 1)
    ]
    diary = Diary()
    diary.write(MINE, Note("laptop", "y", kind, BLOCK, key, saw or first, mine))
    verdicts: dict[str, tuple[str, int, str | None]] = {MINE: (result, 3, None)} if result else {}
    return silent_overwrites(cast("Ground", _Log(log, verdicts)), diary)


@pytest.mark.parametrize(
    ("first", "theirs", "mine"),
    [
        ("een", None, "twee"),  # the other emptied it
        ("een\ntwee", "twee", "een\ndrie\ntwee"),  # where the other took a line away, mine stands
    ],
)
def test_a_merge_that_gives_what_was_sent_is_no_overwrite(first: str, theirs: Any, mine: str) -> None:
    assert _found("note", first, theirs, mine) == []


@pytest.mark.parametrize(
    ("key", "first", "theirs", "mine"),
    [
        ("note", "een", "een\nvan anna", "twee"),  # a line that the other typed is gone
        ("note", "een\ntwee\ndrie", "een\ndrie", "een\ntwee\ndrie\nvier"),  # what the other took away is simply back
        ("number", 10, None, 12),  # no text: nothing merges
        ("name", "Blok A", "Blok B", "Blok C"),  # a text that does not merge
    ],
)
def test_an_overwrite_is_found(key: str, first: Any, theirs: Any, mine: Any) -> None:
    found = _found(key, first, theirs, mine)
    assert len(found) == 1
    assert f"set houseblock {key}" in found[0]


def test_a_merge_that_the_server_told_of_is_none() -> None:
    assert _found("note", "een", "een\nvan anna", "twee\nvan anna", "merged") == []


def test_what_its_author_knew_is_none() -> None:
    assert _found("number", 10, 11, 12, saw=11) == []


def test_what_was_refused_later_says_nothing_of_what_its_author_knew() -> None:
    """He wanted 11, which was refused, then 12 on top of it, which was applied, then 11 again, which was refused."""
    log = [
        Applied(1, MAKING[:-2], 0, "houseblock", BLOCK, "", "", None, {"number": 10}, "x"),
        Applied(2, MINE[:-2], 0, "houseblock", BLOCK, "", "number", None, 12, "y"),
    ]
    diary = Diary()
    for name, old, new in (("0000000d/0", 10, 11), (MINE, 11, 12), ("0000000e/0", 12, 11)):
        diary.write(name, Note("laptop", "y", "houseblock", BLOCK, "number", old, new))
    verdicts = dict.fromkeys(("0000000d/0", "0000000e/0"), ("denied", 0, None))
    assert silent_overwrites(cast("Ground", _Log(log, verdicts)), diary) == []


@pytest.mark.parametrize(
    ("lost", "refused", "found"),
    [
        (True, True, 0),  # the project was deleted: the block does not come back, nor does what he changed of it
        (False, True, 1),  # nothing stood in the way of coming back
        (True, False, 1),  # it had come back, and still his edit was refused
    ],
)
def test_an_edit_of_what_could_not_come_back_meets_the_own_deletion(lost: bool, refused: bool, found: int) -> None:
    gone, project = "2026-11-21T12:00:00Z", BLOCK[:-1] + "a"
    log = [
        Applied(1, MAKING[:-2], 0, "houseblock", BLOCK, "", "", None, {"name": "A", "project_id": project}, "x"),
        Applied(2, "0000000d", 0, "houseblock", BLOCK, "", DELETED, None, gone, "y"),
    ]
    if lost:
        log.append(Applied(3, THEIRS[:-2], 0, "project", project, "", DELETED, None, gone, "x"))
    diary = Diary()
    for name, key, new in (("0000000d/0", DELETED, gone), ("0000000e/0", DELETED, None), (MINE, "name", "B")):
        diary.write(name, Note("laptop", "y", "houseblock", BLOCK, key, None, new))
    verdicts: dict[str, tuple[str, int, str | None]] = {MINE: ("conflict", 2, None)}
    if refused:
        verdicts["0000000e/0"] = ("conflict", 2, None)
    assert len(own_conflicts(cast("Ground", _Log(log, verdicts)), diary)) == found
