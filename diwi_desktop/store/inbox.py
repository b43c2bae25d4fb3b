"""What people must look at: own changes that met another's (conflicts), and own changes that were not accepted.

A conflict is settled by one act of the user: `mine` sets the field to what he had wanted, on the value that is there
now; `theirs` leaves it; any other value may be given. Undoing that act brings the items back.

What one act deletes as a tree - a plan with its blocks, parcels and milestones - is one item, as the server keeps or
deletes it as one. It is settled whole, so that nobody is left with half a plan.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from diwi_desktop.changes.change import CREATED, DELETED
from diwi_desktop.model.catalogue import catalogue
from diwi_desktop.model.clock import stamp
from diwi_desktop.model.finding import UserError
from diwi_desktop.store import syncstate
from diwi_desktop.store.driver import Connection
from diwi_desktop.store.sight import INBOX_OWNER, ONLY_OWN_TEXT

if TYPE_CHECKING:
    from diwi_desktop.store.purge import Waiting
    from diwi_desktop.store.store import Store

MINE, THEIRS = "mine", "theirs"
_PURGED = (
    "purged",
    "U ziet dit project niet meer; uw wijziging is niet verstuurd.",
    "You no longer see this project; your change was not sent.",
)
_LATE = (
    "late_settle",
    "Dit punt is al afgehandeld of bestaat niet; vernieuw de lijst.",
    "This item was settled already or does not exist; refresh the list.",
)
# An item is open again when the act that settled it is undone, and not redone: the chain of undoing acts is odd.
_UNDONE = """
WITH RECURSIVE chain (act, seq, depth) AS (
    SELECT id, seq, 0 FROM main.act WHERE id IN (SELECT settled_by FROM inbox WHERE settled_by <> '')
    UNION ALL SELECT chain.act, later.seq, depth + 1 FROM chain JOIN main.act later ON later.undoes = chain.seq
), undone (act) AS (SELECT act FROM chain GROUP BY act HAVING max(depth) % 2 = 1)
"""
_OPEN = "(settled_at IS NULL OR settled_by IN (SELECT act FROM undone))"
# A deletion, or its taking back: the act, what became of it, whether it takes back, and of what.
_Deletion = tuple[str, str, bool, str | None]


@dataclass(frozen=True, slots=True)
class Since:
    """What another did to something: the field he changed (empty: he added it), his name and when."""

    kind: str
    entity: str
    field: str
    author: str
    at: str


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the inbox; `id` is `<act id>/<n>` of the own change it is about.

    Values are in log shape. For a new entity (`field` empty) `mine` has all its values. `superseded` are the ids of
    what is settled together with this one: earlier changes to the same field by this laptop, and of a deletion what
    went with it. `below` is what that was (kind, id); `since` what others did meanwhile to what was to be deleted.
    """

    id: str
    result: str
    kind: str
    entity: str
    project: str | None
    field: str
    base: Any
    mine: Any
    theirs: Any
    theirs_author: str
    theirs_at: str
    head_seq: int
    code: str
    nl: str
    en: str
    arrived_at: str
    act_name: str
    made_at: str
    superseded: tuple[str, ...] = ()
    below: tuple[tuple[str, str], ...] = ()
    since: tuple[Since, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """All that is settled with this item, itself first."""
        return (self.id, *self.superseded)

    def reason(self, language: str = "nl") -> str:
        """Why it was not accepted."""
        return self.en if language == "en" else self.nl


def conflicts(store: Store) -> list[Item]:
    """The conflicts to be settled, one per field: the last of what was wanted beside what the server has.

    Newest first. Of a deletion it is told what others did meanwhile, as far as that has come in, and who was the last.
    """
    with store.snapshot():
        return [_with_since(store, item) for item in _conflicts(store)]


def _conflicts(store: Store) -> list[Item]:
    return _grouped([item for item in _items(store) if item.result == "conflict"])


def not_accepted(store: Store) -> list[Item]:
    """Own changes that were denied or invalid, and own work on projects that are no longer visible; newest first."""
    return _grouped([item for item in _items(store) if item.result != "conflict"])


def counts(connection: Connection) -> tuple[int, int]:
    """How many fields have a conflict, and how many were not accepted; what is deleted as a tree counts as one."""
    rows = connection.execute(
        f"{_UNDONE} SELECT i.act, i.result, i.mine IS NULL, i.entity, i.field, i.project, {_above()}"
        f" FROM inbox i WHERE {_OPEN}"
    ).fetchall()
    gone = {_deletion(*row[:4]) for row in rows if row[4] == DELETED}
    found: tuple[set[tuple[str, str]], set[tuple[str, str]]] = (set(), set())
    for act, result, back, entity, field, project, above in rows:
        one = _deletion(act, result, back, entity)
        if field != DELETED or _goes_with(one, project, above, gone) == one:
            found[result != "conflict"].add((entity, field))
    return len(found[0]), len(found[1])


def settle(store: Store, items: Mapping[str, Any] | Iterable[str], choice: Any = MINE) -> int | None:
    """Settle conflicts by one act that can be undone. Returns its place in the log; None when no value changes.

    `items` are ids, all settled by `choice`, or ids with a choice each. A choice is MINE, THEIRS or `Value(value)`.
    Raises UserError (late_settle) when one is settled already, Refused when a rule refuses the values.
    """
    chosen = dict(items) if isinstance(items, Mapping) else dict.fromkeys(items, choice)
    open_ = {item.id: item for item in _conflicts(store)}
    if not chosen.keys() <= open_.keys():
        raise UserError(*_LATE[1:], code=_LATE[0])
    with store.act("Conflicten afhandelen" if len(chosen) > 1 else "Conflict afhandelen") as act:
        for id, one in chosen.items():
            _set(store, act, open_[id], one)
        act.before = lambda connection: _settled(store, connection, [open_[id] for id in chosen], act.id)
    if act.seq is None:  # every value is there already
        with store.transaction() as connection:
            _settled(store, connection, [open_[id] for id in chosen], "")
    return act.seq


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the user's own, in log shape or as a form gives it."""

    value: Any


def retry(store: Store, ids: Sequence[str]) -> int | None:
    """Make changes that were not accepted once more, as one act. Returns its place in the log, None without change.

    Raises UserError (late_settle), Refused.
    """
    open_ = {item.id: item for item in not_accepted(store)}
    if not set(ids) <= open_.keys():
        raise UserError(*_LATE[1:], code=_LATE[0])
    with store.act("Opnieuw aanbieden") as act:
        for id in ids:
            _set(store, act, open_[id], MINE)
        act.before = lambda connection: _settled(store, connection, [open_[id] for id in ids], act.id)
    return act.seq


def reopen(store: Store, ids: Iterable[str]) -> None:
    """Bring settled or dismissed items back, for who settled by `theirs` (which is no act) and regrets it."""
    names = [id.rpartition("/") for id in ids]
    with store.transaction() as connection:
        connection.executemany(
            "UPDATE inbox SET settled_at = NULL, settled_by = NULL WHERE act = ? AND n = ?",
            [(act, int(n)) for act, _, n in names],
        )


def dismiss(store: Store, ids: Sequence[str]) -> None:
    """Put away changes that were not accepted."""
    open_ = {item.id: item for item in not_accepted(store)}
    with store.transaction() as connection:
        _settled(store, connection, [open_[id] for id in ids if id in open_], "")


# -- within a transaction of the synchronisation ---------------------------------------------------------------------


def add(connection: Connection, rows: Sequence[Sequence[Any]]) -> None:
    """Rows in the order of the table, up to and with `arrived_at`."""
    if not rows:
        return
    _belongs_to_who_is_here(connection)
    connection.executemany(
        "INSERT OR REPLACE INTO inbox (act, n, result, kind, entity, project, field, base, mine, theirs, theirs_author,"
        " theirs_at, head_seq, code, nl, en, arrived_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def _belongs_to_who_is_here(connection: Connection) -> None:
    """Note whose the inbox is: what holds nothing but what somebody typed is for him alone, and goes with him."""
    viewer = syncstate.viewer(connection)
    person = viewer.person if viewer is not None else ""
    before = syncstate.get(connection, INBOX_OWNER)
    if before != person:
        if before:
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute(f"DELETE FROM inbox WHERE {ONLY_OWN_TEXT}")
        syncstate.put(connection, {INBOX_OWNER: person})


def drop(connection: Connection, act: str, change: Waiting, now: str) -> None:
    """Keep the text of an own change that waited on something that is to be forgotten."""
    what = (change.kind, change.entity, change.project, change.field, None, change.new)
    add(connection, [(act, change.n, "denied", *what, None, "", "", 0, *_PURGED, now)])


def forget_entities(connection: Connection, entities: Iterable[str]) -> None:
    """Of what is to be forgotten only the own text stays, of what was not settled yet."""
    _belongs_to_who_is_here(connection)
    listed = json.dumps(list(entities))
    where = "entity IN (SELECT value FROM json_each(?))"
    connection.execute(f"DELETE FROM inbox WHERE {where} AND settled_at IS NOT NULL", (listed,))
    connection.execute(
        "UPDATE inbox SET result = 'denied', base = NULL, theirs = NULL, theirs_author = '', theirs_at = '',"
        f" head_seq = 0, code = ?, nl = ?, en = ? WHERE {where} AND code <> ?",
        (*_PURGED, listed, _PURGED[0]),
    )


# ---------------------------------------------------------------------------------------------------------------------


def _items(store: Store) -> list[Item]:
    rows = store.read().execute(
        f"{_UNDONE} SELECT i.act, i.n, i.result, i.kind, i.entity, i.project, i.field, i.base, i.mine, i.theirs,"
        " i.theirs_author, i.theirs_at, i.head_seq, i.code, i.nl, i.en, i.arrived_at,"
        f" coalesce(a.name, ''), coalesce(a.made_at, ''), {_above()}"
        f" FROM inbox i LEFT JOIN main.act a ON a.id = i.act AND a.part = 0 WHERE {_OPEN}"
        " ORDER BY i.arrived_at DESC, i.act DESC, i.n DESC"
    )
    return _trees([(Item(f"{r[0]}/{r[1]}", *r[2:7], *map(_load, r[7:10]), *r[10:-1]), r[-1]) for r in rows])


@cache
def _above() -> str:
    """SQL for the id of what the entity of item `i` hangs under, when that is not a project."""
    looks = [
        f" WHEN '{kind.kind}' THEN (SELECT x.{kind.parent_key} FROM {kind.kind} x WHERE x.id = i.entity)"
        for kind in catalogue().kinds
        if kind.parent not in ("", "project")
    ]
    return f"CASE i.kind{''.join(looks)} END"


def _trees(found: Sequence[tuple[Item, str | None]]) -> list[Item]:
    """The items, with their deletions as one of what one act deleted together (or brought back together).

    `found` are items with what each hangs under.
    """
    gone = {_deletion_of(item): item for item, _ in found if item.field == DELETED}
    under: dict[str, list[Item]] = {}
    tops: list[Item] = []
    for item, above in found:
        top = item
        if item.field == DELETED:
            top = gone[_goes_with(_deletion_of(item), item.project, above, gone)]
        if top is item:
            tops.append(item)
        else:
            under.setdefault(top.id, []).append(item)
    return [_with_below(item, under[item.id]) if item.id in under else item for item in tops]


def _deletion(act: str, result: str, back: int, entity: str) -> _Deletion:
    return act, result, bool(back), entity


def _deletion_of(item: Item) -> _Deletion:
    return _deletion(item.id.rpartition("/")[0], item.result, item.mine is None, item.entity)


def _goes_with(one: _Deletion, project: str | None, above: str | None, gone: Collection[_Deletion]) -> _Deletion:
    """The deletion that one goes with, itself when with none: as on the server the project goes before the block."""
    return next((top for top in ((*one[:3], project), (*one[:3], above)) if top in gone), one)


def _with_below(item: Item, below: Sequence[Item]) -> Item:
    return replace(
        item, superseded=tuple(one.id for one in below), below=tuple((one.kind, one.entity) for one in below)
    )


def _with_since(store: Store, item: Item) -> Item:
    """Of a deletion: what others did to what was to go, and the last of them in the place of who wrote it once."""
    if item.field != DELETED or item.mine is None or item.theirs is not None:
        return item
    since = _since(store, item)
    author, at = (since[-1].author, since[-1].at) if since else ("", "")
    return replace(item, since=since, theirs_author=author, theirs_at=at)


def _since(store: Store, item: Item) -> tuple[Since, ...]:
    """What came in from others after a deletion was made, of what it was to delete and new under that; oldest first."""
    act = item.id.rpartition("/")[0]
    going = {item.entity, *(entity for _, entity in item.below)}
    listed = json.dumps(sorted(going))
    made = {
        entity: (seq, base)
        for entity, seq, base in store.read().execute(
            "SELECT c.entity, c.act_seq, c.base_seq FROM main.act a JOIN main.change c ON c.act_seq = a.seq"
            " WHERE a.id = ? AND c.field = ? AND c.entity IN (SELECT value FROM json_each(?)) ORDER BY a.part",
            (act, DELETED, listed),
        )
    }
    if item.entity not in made:
        return ()
    kinds = {kind.kind: kind.parent_key for kind in catalogue().kinds if kind.parent}
    newest = max((base or 0 for _, base in made.values()), default=0)
    rows = store.read().execute(
        "SELECT c.kind, c.entity, c.field, c.new, c.act_seq, c.server_seq, a.author, a.made_at"
        " FROM change c JOIN main.act a ON a.seq = c.act_seq"
        " WHERE (c.entity IN (SELECT value FROM json_each(:listed))"
        " OR c.field = :created AND c.project IS :project)"
        " AND c.server_seq IS NOT NULL AND c.result IS NULL AND a.device <> :device ORDER BY c.server_seq",
        {"listed": listed, "created": CREATED, "project": item.project, "device": store.device.id},
    )
    found: dict[tuple[str, str], Since] = {}
    for kind, entity, field, new, seq, server_seq, author, at in rows:
        if entity not in going and (kind not in kinds or (json.loads(new) or {}).get(kinds[kind]) not in going):
            continue
        own, base = made.get(entity, (made[item.entity][0], newest or None))
        # What waited while all came anew stands behind it in the log; then the sequence it was made on tells.
        if server_seq > base if base is not None else seq > own:
            found.pop((entity, field), None)
            found[entity, field] = Since(kind, entity, field, author, at)
    return tuple(found.values())


def _grouped(items: Iterable[Item]) -> list[Item]:
    """One item per field: the newest, with the base of the oldest."""
    groups: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        groups.setdefault((item.entity, item.field), []).append(item)
    return [_merged(group) for group in groups.values()]


def _merged(group: list[Item]) -> Item:
    newest, oldest = group[0], group[-1]
    if len(group) == 1:
        return newest
    below = dict.fromkeys(one for item in group for one in item.below)
    ids = (id for item in group for id in item.ids)
    return replace(newest, base=oldest.base, superseded=tuple(id for id in ids if id != newest.id), below=tuple(below))


def _set(store: Store, act: Any, item: Item, choice: Any) -> None:
    if choice == THEIRS:
        return
    value = choice.value if isinstance(choice, Value) else item.mine
    if item.field == CREATED:
        if not isinstance(choice, Value):
            _make_again(store, act, item)
        return
    if item.field == DELETED:
        if value:
            act.delete(item.kind, item.entity)
        else:
            for kind, entity in ((item.kind, item.entity), *item.below):
                act.put(kind, entity, DELETED, None)
        return
    act.set(item.kind, item.entity, item.field, value)


def _make_again(store: Store, act: Any, item: Item) -> None:
    """An entity that was not accepted is made anew, under the same id if it is not here any more."""
    known = store.read().execute("SELECT 1 FROM main.change WHERE entity = ? LIMIT 1", (item.entity,)).fetchone()
    values = {key: value for key, value in item.mine.items() if key in store.catalogue.kind(item.kind).by_key}
    act.create(item.kind, values, id=None if known else item.entity)


def _settled(store: Store, connection: Connection, items: Iterable[Item], act: str) -> None:
    now = stamp(store.clock.now())
    names = [name.rpartition("/") for item in items for name in item.ids]
    connection.executemany(
        "UPDATE inbox SET settled_at = ?, settled_by = ? WHERE act = ? AND n = ?",
        [(now, act, id, int(n)) for id, _, n in names],
    )


def _load(text: str | None) -> Any:
    return None if text is None else json.loads(text)
