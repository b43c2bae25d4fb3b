"""What a push comes to: lines for the log, the heads that follow from them, and what was not simply applied."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import msgspec

from diwi_desktop.changes.merge import Head
from diwi_desktop.changes.messages import Answer, WireAct, WireChange
from diwi_desktop.server.push.state import Known, Scope

NULL = "~"  # in a row for COPY: no JSON, no id, and of no use as a name of a change
encode = msgspec.json.encode
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")  # signs that would take a row apart


@dataclass(slots=True)
class Touched:
    """An entity that this push writes, its last sequence before (0: it was not there) and which fields it changes."""

    head: Head
    scope: str
    before: int
    fields: list[str]


@dataclass(slots=True)
class Other:
    """A change that was not simply applied. `met`: what it ran into, when that is not the head of its own field."""

    act: WireAct
    change: WireChange
    answer: Answer
    scope: str | None
    blind: bool = False  # a merge that came to the same as the head, which its author had not seen
    met: int = 0


class Outcome:
    """Follows from what is decided on each change (`push.judge`); whoever writes it may take some of `lines` out.

    `lines` are the changes that are applied, as rows of the log (`write.LOG`).
    """

    def __init__(self, known: Known) -> None:
        self.known = known
        # Of this push, by act and number: what a change got, met, or was refused on; and what was applied.
        self._results: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self._applied: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self.seq = known.register.seq
        self.lines: list[str] = []
        self.parts: dict[int, WireAct] = {}  # by first sequence: what came of each act in this push
        self.others: list[Other] = []
        self.touched: dict[str, Touched] = {}
        self.made = 0  # entities
        self.scopes: dict[str, Scope] = {}  # to be written
        self.shapes: dict[str, tuple[str, str | None]] = {}  # plan area: project, contour
        self.rights_changed = False
        self.fields_changed = False

    def seqs(self, act: WireAct) -> list[int]:
        """The sequences of the changes of an act, in the order sent; 0 for what was not applied."""
        applied, done = self._applied[act.id], self.known.done
        if not done:
            return [applied.get(change.n, 0) for change in act.changes]
        return [applied.get(change.n) or done.get((act.id, change.n), 0) for change in act.changes]

    def _creation(
        self, act: WireAct, change: WireChange, values: dict[str, Any], project: str | None, scope: str, part: int
    ) -> Head:
        """A new entity goes into the log, and is the head of what follows."""
        entity, known, seq = change.entity, self.known, self.seq + 1
        head = known.heads[entity] = Head(change.kind, project, values, {}, seq, seq)
        known.kinds[entity] = change.kind
        known.projects[entity] = project
        self.touched[entity] = Touched(head, scope, 0, [])
        self.made += 1
        self._log(act.id, change, project, scope, part, NULL, encode(values).decode(), 0)
        return head

    def _edited(self, act: WireAct, change: WireChange, value: Any, head: Head, scope: str, part: int) -> None:
        """An edit goes into the log, and is the head of what follows."""
        entity, key = change.entity, change.field
        touched = self.touched.get(entity)
        if touched is None:
            touched = self.touched[entity] = Touched(head, scope, head.last, [])
        values, seqs = head.values, head.seqs
        was, base = values.get(key), seqs.get(key, head.created)
        values[key] = value
        seqs[key] = head.last = self.seq + 1
        touched.fields.append(key)
        self._log(act.id, change, head.project, scope, part, _logged(was), _logged(value), base)

    def _log(
        self, id: str, change: WireChange, project: str | None, scope: str, part: int, old: str, new: str, base: int
    ) -> None:
        """A line for the log, with the next sequence."""
        n = change.n
        self.seq = seq = self.seq + 1
        self._results[id][n] = self._applied[id][n] = seq
        after = CONTROL.sub("", change.after) if change.after else NULL
        self.lines.append(
            f"{seq}\t{part}\t{id}\t{n}\t{change.kind}\t{change.entity}\t{project or NULL}\t{scope}\t"
            f"{change.field}\t{old}\t{new}\t{base}\t{after}"
        )


def _logged(value: Any) -> str:
    """A value as the log has it."""
    if type(value) is int:
        return str(value)
    return NULL if value is None else encode(value).decode()
