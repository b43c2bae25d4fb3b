"""Undo and redo as a reading of the log: which act would be undone or redone next, and what the inverse is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from diwi_desktop.changes.change import CREATED, DELETED, UNDOABLE, ActInfo, ActKind, Change

Setting = tuple[str, str, str, Any, Any]  # kind, entity, field, value expected now, value to set


def stacks(acts: Iterable[ActInfo]) -> tuple[list[ActInfo], list[ActInfo]]:
    """The undo and redo stacks that follow from the acts in log order; the top is the last.

    A new act of the user empties the redo stack. An entry of the redo stack is the undo act.
    """
    undo: list[ActInfo] = []
    redo: list[ActInfo] = []
    for act in acts:
        push(undo, redo, act)
    return undo, redo


def push(undo: list[ActInfo], redo: list[ActInfo], act: ActInfo) -> None:
    """Take one more act of the log into account."""
    if act.kind in UNDOABLE:
        undo.append(act)
        redo.clear()
    elif act.kind is ActKind.UNDO:
        undo[:] = [a for a in undo if a.seq != act.undoes]
        redo.append(act)
    elif act.kind is ActKind.REDO:
        redo[:] = [a for a in redo if a.seq != act.undoes]
        undo.append(act)


def inverse(changes: Iterable[Change], moment: str) -> Iterator[Setting]:
    """What has to be set to take changes back, last change first. Made entities become deleted at `moment`."""
    for change in reversed(list(changes)):
        if change.field == CREATED:
            yield change.kind, change.entity, DELETED, None, moment
        else:
            yield change.kind, change.entity, change.field, change.new, change.old
