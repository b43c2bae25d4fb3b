"""Reading the log as messages: rows become WireActs without being taken apart on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# A change as it travels (messages.WireChange), made by the database itself.
CHANGE = "json_build_array(l.n, l.kind, l.entity, l.project, l.field, l.old, l.new, l.base, l.after, l.seq)::text"
# The head of its act (messages.WireAct without its changes), for the first row of each part only: for those rows it is
# looked up, for the others it is null.
HEAD = """
CASE WHEN l.part IS DISTINCT FROM lag(l.part) OVER (ORDER BY l.seq) THEN
    (SELECT json_build_object('id', a.id, 'name', a.name, 'kind', a.kind, 'device', a.device, 'made_at', a.made_at,
        'undoes', a.undoes, 'author', a.author,
        'received', to_char(a.received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text
     FROM diwi.act a WHERE a.register = l.register AND a.first_seq = l.part) END
"""

# A row: the sequence, the part it is of, the head of the act if it is the first of it, the change.
Row = tuple[int, int, str | None, str]


@dataclass(slots=True)
class Page:
    """Acts as JSON texts, and the last sequence in them."""

    acts: list[str]
    changes: int
    last: int


def page(rows: Iterable[Row]) -> Page:
    """Rows in the order of their sequences as acts."""
    found = Page([], 0, 0)
    for act, changes, last in acts(rows):
        found.acts.append(act)
        found.changes += changes
        found.last = last
    return found


def acts(rows: Iterable[Row]) -> Iterator[tuple[str, int, int]]:
    """Each act as JSON text with how many changes it has here and its last sequence."""
    head, changes, last = "", list[str](), 0
    for seq, _, first, change in rows:
        if first is not None:
            if changes:
                yield joined(head, changes), len(changes), last
            head, changes = first, []
        changes.append(change)
        last = seq
    if changes:
        yield joined(head, changes), len(changes), last


def joined(head: str, changes: list[str]) -> str:
    """The head of an act with its changes."""
    return f'{head[:-1]}, "changes": [{",".join(changes)}]}}'
