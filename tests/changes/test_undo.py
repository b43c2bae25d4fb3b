"""Undo and redo are readings of the log."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from diwi_desktop.changes.change import CREATED, DELETED, ActInfo, ActKind, Change
from diwi_desktop.changes.undo import inverse, push, stacks


def act(seq: int, kind: ActKind, undoes: int | None = None) -> ActInfo:
    return ActInfo(seq, str(seq), f"act {seq}", kind, "x", "d", "t", undoes)


@given(st.lists(st.sampled_from(["do", "undo", "redo", "system"]), max_size=30))
def test_stacks_behave_as_in_any_editor(steps: list[str]) -> None:
    """The stacks read from the log are those of a plain model with two lists of names."""
    log: list[ActInfo] = []
    done: list[str] = []
    undone: list[str] = []
    undo: list[ActInfo] = []
    redo: list[ActInfo] = []
    names: dict[int, str] = {}
    for seq, step in enumerate(steps, start=1):
        if step == "do":
            made = act(seq, ActKind.USER)
            names[seq] = f"{seq}"
            done.append(names[seq])
            undone.clear()
        elif step == "system":
            made = act(seq, ActKind.SYSTEM)
        elif step == "undo" and undo:
            made = act(seq, ActKind.UNDO, undo[-1].seq)
            names[seq] = names[undo[-1].seq]
            undone.append(done.pop())
        elif step == "redo" and redo:
            made = act(seq, ActKind.REDO, redo[-1].seq)
            names[seq] = names[redo[-1].seq]
            done.append(undone.pop())
        else:
            continue
        log.append(made)
        push(undo, redo, made)
        assert [names[a.seq] for a in undo] == done
        assert [names[a.seq] for a in redo] == undone
    assert stacks(log) == (undo, redo)


def test_the_inverse_goes_backwards_and_deletes_what_was_made() -> None:
    changes = [
        Change(0, "project", "p", CREATED, None, {"name": "A"}),
        Change(1, "project", "p", "name", "A", "B"),
    ]
    assert list(inverse(changes, "nu")) == [
        ("project", "p", "name", "B", "A"),
        ("project", "p", DELETED, None, "nu"),
    ]
