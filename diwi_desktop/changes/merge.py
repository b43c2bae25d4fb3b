"""How a change meets the head of its field on the server: the rules of synchronisation in ARCHITECTURE.md. Pure.

Base equals head: applied. Equal value: same. Else by the field's class: free fields merge, everything else is a
conflict in which the server's value stays; a contour may be merged by the caller, who knows geometry.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from diwi_desktop.changes.change import CREATED, DELETED
from diwi_desktop.model.catalogue import LIST_TYPES, Field, FieldType, Merge
from diwi_desktop.model.values import LONGEST, BadValue, converter

APPLIED, SAME, MERGED, CONFLICT, DENIED, INVALID = "applied", "same", "merged", "conflict", "denied", "invalid"

_MOST_PAIRS = 20_000

# Given base, mine and theirs (EWKB in hexadecimal): the merged contour (theirs itself if equal), None to ask people.
Contours = Callable[[Any, Any, Any], str | None]


@dataclass(slots=True)
class Head:
    """An entity as the server has it. `seqs` has the fields that were changed since the making at `created`.

    `last` is the sequence of the last change to any field, as it was before the present push.
    """

    kind: str
    project: str | None
    values: dict[str, Any]
    seqs: dict[str, int]
    created: int
    last: int

    def seq(self, field: str) -> int:
        return self.seqs.get(field, self.created)

    @property
    def deleted(self) -> bool:
        return bool(self.values.get(DELETED))


@dataclass(frozen=True, slots=True)
class Verdict:
    """`value` is what the field becomes when applied or merged, what it stays otherwise."""

    result: str
    value: Any = None
    seq: int = 0


def decide(
    field: Field | None, key: str, old: Any, new: Any, base: int, head: Head | None, contours: Contours | None = None
) -> Verdict:
    """What becomes of one change. `field` is None for `deleted_at` and for fields this server does not know.

    `base` is the head's sequence that the author saw: that of the field, or for a deletion of the whole entity.
    """
    if head is None:
        return Verdict(APPLIED, new) if key == CREATED else Verdict(INVALID)
    if key == CREATED:
        return Verdict(SAME, head.values, head.created)
    seq, value = head.seq(key), head.values.get(key)
    if value == new:
        return Verdict(SAME, value, seq)
    if key == DELETED:
        unseen = head.last if new else seq
        return Verdict(APPLIED, new) if unseen <= base else Verdict(CONFLICT, value, seq)
    if head.deleted:
        return Verdict(CONFLICT, value, seq)  # of the field: who brings it back goes on from there
    if seq == base:
        return Verdict(APPLIED, new)
    merged = _merged(field, old, new, value, contours) if field is not None else None
    if merged is None:
        return Verdict(CONFLICT, value, seq)
    return Verdict(SAME, value, seq) if merged == value else Verdict(MERGED, merged, seq)


def _merged(field: Field, base: Any, mine: Any, theirs: Any, contours: Contours | None) -> Any:
    if field.merge is Merge.GEOMETRY:
        return contours(base, mine, theirs) if contours and mine and theirs else None
    if field.merge is not Merge.FREE:
        return None
    # `base` is what the author's laptop says it was, of which nobody has checked anything.
    if field.type in LIST_TYPES:
        known = base is None or (isinstance(base, list) and all(isinstance(one, str) for one in base))
        return merge_sets(field, base or [], mine or [], theirs or []) if known else None
    if field.type in (FieldType.TEXT, FieldType.LONGTEXT) and (base is None or isinstance(base, str)):
        texts = (base or "", mine or "", theirs or "")
        return merge_texts(*texts) if _comparable(*texts) else None
    return None


def _comparable(base: str, mine: str, theirs: str) -> bool:
    """Whether comparing by line takes a moment only: it takes longer with every pair of lines that are equal."""
    if len(base) > 2 * LONGEST:
        return False
    old, left, right = (Counter(text.splitlines()) for text in (base, mine, theirs))
    pairs = sum(count * max(left[line], right[line]) for line, count in old.items())
    return pairs + old.total() + left.total() + right.total() <= _MOST_PAIRS


def merge_sets(field: Field, base: list[Any], mine: list[Any], theirs: list[Any]) -> list[Any] | None:
    """Theirs, with what I added and without what I took away."""
    gone = set(base) - set(mine)
    added = [one for one in mine if one not in base and one not in theirs]
    merged = [one for one in theirs if one not in gone] + added
    try:
        result: list[Any] | None = converter(field)(merged) if merged else None
    except BadValue:  # an option that is gone meanwhile: people decide
        return None
    return result


def merge_texts(base: str, mine: str, theirs: str) -> str:
    """Both edits by line; where both changed the same lines, theirs and then mine: nothing that was typed is lost."""
    old, left, right = base.splitlines(), theirs.splitlines(), mine.splitlines()
    lines: list[str] = []
    at, at_left, at_right = 0, 0, 0
    for start, start_left, start_right, size in _common(old, left, right):
        was, here, there = old[at:start], left[at_left:start_left], right[at_right:start_right]
        if here in (was, there):
            lines += there
        else:
            lines += here if there == was else here + there
        lines += old[start : start + size]
        at, at_left, at_right = start + size, start_left + size, start_right + size
    return "\n".join(lines)


def _common(old: list[str], left: list[str], right: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Where all three agree: (start in old, in left, in right, lines), in order; an empty one at the end."""
    lefts = SequenceMatcher(None, old, left, autojunk=False).get_matching_blocks()
    rights = SequenceMatcher(None, old, right, autojunk=False).get_matching_blocks()
    i = j = 0
    while i < len(lefts) and j < len(rights):
        a, b = lefts[i], rights[j]
        start, end = max(a.a, b.a), min(a.a + a.size, b.a + b.size)
        if start < end:
            yield start, a.b + start - a.a, b.b + start - b.a, end - start
        if a.a + a.size < b.a + b.size:
            i += 1
        else:
            j += 1
    yield len(old), len(left), len(right), 0
