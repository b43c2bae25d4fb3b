"""What the server sends, into the log and the tables: appended in bulk, inside a transaction of the caller.

A received act gets a place at the end of the local log. A change that is known here already - this laptop's own, coming
back - only gets its sequence. `old` is what this store held, so that the log can be replayed in order.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from diwi_desktop.changes.change import CREATED, LOCAL, REFUSED, ActInfo, ActKind
from diwi_desktop.changes.messages import WireAct, WireChange, is_uuid
from diwi_desktop.model.clock import stamp
from diwi_desktop.model.rights import LOCAL_KINDS, scope_of
from diwi_desktop.store import driver, schema
from diwi_desktop.store.driver import Connection, StoreError
from diwi_desktop.store.held import Form, Held, Key
from diwi_desktop.store.lines import Line, LineChange
from diwi_desktop.store.syncstate import WAITING, Confirmed

if TYPE_CHECKING:
    from diwi_desktop.store.store import Store

MERGED = "merged"
SYNC_NAME = "Synchronisatie"
_KINDS = frozenset(kind.value for kind in ActKind)
_LOG = (
    "INSERT INTO change (act_seq, n, kind, entity, project, field, old, new, server_seq)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_ACT = (
    "INSERT INTO act (seq, id, part, name, kind, undoes, author, device, made_at, known_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class _Known:
    """A change of a received act that is in the log already."""

    __slots__ = ("act_seq", "new", "result", "server_seq")

    def __init__(self, act_seq: int, new: str | None, server_seq: int | None, result: str | None) -> None:
        self.act_seq, self.new, self.server_seq, self.result = act_seq, new, server_seq, result


def bad_message() -> StoreError:
    """The server sent what cannot be."""
    return StoreError(
        "De server stuurde gegevens die niet kloppen; er is niets overgenomen. Meld dit aan de beheerder.",
        "The server sent data that cannot be right; nothing was taken over. Tell the administrator.",
        code="bad_message",
    )


def too_old() -> StoreError:
    """The server sent a kind of entity that only a later version of the program knows."""
    return StoreError(
        "Dit programma is te oud voor wat er op de server staat; werk het bij. Uw werk blijft bewaard.",
        "This program is too old for what is on the server; update it. Your work is kept.",
        code="program_too_old",
    )


@contextmanager
def _sensible() -> Iterator[None]:
    """What cannot be stored as it came is a bad message."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError, RecursionError) as error:
        raise bad_message() from error
    except driver.module().IntegrityError as error:  # a change or an act came twice
        raise bad_message() from error


class Landing:
    """Appends received acts. Call `land` for each batch, in the order of the server, and `finish` at the end.

    `touched` and `projects` tell what was written; `missing` names scopes of which changes came for entities that are
    not here, which must be fetched whole.
    """

    def __init__(self, store: Store, connection: Connection, *, empty: bool = False) -> None:
        """`empty`: the log holds nothing of the server's yet, so that no change can be here already."""
        self._store, self._connection, self._empty = store, connection, empty
        self._held = Held(connection, store.tables, store.catalogue, _sound)
        self._seq = last_place(connection)
        self._known_at = last_known(connection)
        self._now = stamp(store.clock.now())
        self._confirmed = Confirmed(connection)
        self._log: list[tuple[Any, ...]] = []
        self._acts: list[tuple[Any, ...]] = []
        self._echoes: list[tuple[int, str | None, int, int]] = []
        # kind, entity, field: the value to come back, its sequence (None: not the server's), the field's head
        self._fixes: dict[tuple[str, str, str], tuple[Any, int | None, int]] = {}
        self._parts: dict[str, int] = {}
        if empty:
            self._parts = dict(connection.execute("SELECT id, max(part) FROM act GROUP BY id").fetchall())
        self.touched: set[Key] = set()
        self.projects: set[str] = set()
        self.missing: set[str] = set()
        self.changes = 0

    def land(self, acts: Sequence[WireAct | Line]) -> None:
        """Append one batch. Raises StoreError (bad_message, program_too_old); the caller must undo its transaction."""
        with _sensible():
            known = {} if self._empty else self._known_changes(acts)
            self._load(acts)
            for act in acts:
                self._act(act, known.get(act.id, {}))
            self._flush()

    def write(self) -> None:
        """After the last batch: bring the tables up to date. Raises StoreError (bad_message)."""
        with _sensible():
            self._held.write(self._confirmed)
            self._confirmed.flush()

    def finish(self) -> int:
        """After `write`: set right what came behind what is known. Returns the last log position."""
        corrections = Corrections(self._store, self._connection)
        for (kind, entity, field), (value, base, _) in self._fixes.items():
            if base is None or not waits(self._connection, entity, field):
                corrections.set(kind, entity, field, value, base)
        seq = corrections.write()
        self.touched |= corrections.touched
        self.projects |= corrections.projects
        return seq or self._seq

    # -- what is here already ---------------------------------------------------------------------------------------

    def _known_changes(self, acts: Sequence[WireAct | Line]) -> dict[str, dict[int, _Known]]:
        listed = json.dumps(list({act.id for act in acts}))
        found = self._connection.execute(
            "SELECT id, max(part) FROM act WHERE id IN (SELECT value FROM json_each(?)) GROUP BY id", (listed,)
        ).fetchall()
        self._parts = parts = dict(found)
        known: dict[str, dict[int, _Known]] = {}
        if parts:
            rows = self._connection.execute(
                "SELECT a.id, c.n, c.act_seq, c.new, c.server_seq, c.result FROM act a JOIN change c"
                " ON c.act_seq = a.seq WHERE a.id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(parts)),),
            )
            for id, n, seq, new, server_seq, result in rows:
                known.setdefault(id, {})[n] = _Known(seq, new, server_seq, result)
        return known

    def _load(self, acts: Sequence[WireAct | Line]) -> None:
        """The present rows of all entities that are changed and were there."""
        made = {c.entity for act in acts for c in act.changes if c.field == CREATED} if self._empty else set()
        wanted: dict[str, dict[str, None]] = {}
        for act in acts:
            for change in act.changes:
                if change.entity not in made:
                    wanted.setdefault(change.kind, {})[change.entity] = None
        if wanted.keys() - self._held.forms.keys():
            raise too_old()
        self._held.load(wanted)

    # -- one act ----------------------------------------------------------------------------------------------------

    def _act(self, act: WireAct | Line, known: dict[int, _Known]) -> None:
        seq = self._seq + 1
        taken = False
        for change in act.changes:
            mine = known.get(change.n)
            if mine is not None:
                self._echo(mine, change)
            elif self._change(seq, change):
                taken = True
        if not taken:
            return
        self._seq = seq
        part = self._parts[act.id] = self._parts.get(act.id, -1) + 1
        received = local_time(act.received, "") or local_time(act.made_at, self._now)
        self._known_at = next_known(self._known_at, min(received, self._now))
        kind = act.kind if act.kind in _KINDS else ActKind.SYSTEM.value
        made_at = local_time(act.made_at, received)
        self._acts.append(
            (seq, act.id, part, act.name, kind, act.undoes, act.author, act.device, made_at, self._known_at)
        )

    def _change(self, seq: int, change: WireChange | LineChange) -> bool:
        kind, entity, project, field = change.kind, change.entity, change.project, change.field
        form = self._held.forms.get(kind)
        if form is None:
            raise too_old()
        if kind in LOCAL_KINDS or not change.seq:
            raise bad_message()
        if project is not None and project not in self.projects:
            if not is_uuid(project):
                raise bad_message()
            self.projects.add(project)
        row = self._held.rows.get((kind, entity))
        if (row is None) is not (field == CREATED):
            self.missing.add(scope_of(kind, entity, project))
            return False
        old: str | None = None
        if row is None:
            if not is_uuid(entity):
                raise bad_message()
            values = {name: form.sound(name, value) for name, value in change.new.items() if value is not None}
            row = self._held.make(kind, entity, values, seq)
            new: str | None = schema.encode(values)
        else:
            value = form.sound(field, change.new)
            before = row.values.get(field)
            if self._fixes or change.seq <= row.last:
                self._watch((kind, entity), field, change.seq, before, row.last)
            if row.since != seq:
                self._held.touch(kind, row, seq)
            new = _dump(value)
            if form.put(row, field, value):  # one that this version of the program does not know is in the log only
                old = _dump(before)
        row.project = project
        if change.seq > row.last:
            row.last = change.seq
        if not self._empty:
            self.touched.add((kind, entity))
        self._log.append((seq, change.n, kind, entity, project, field, old, new, change.seq))
        return True

    def _watch(self, key: Key, field: str, seq: int, before: Any, last: int) -> None:
        """A change may arrive after a later one of the same field is known; then the later value must come back."""
        fix = (*key, field)
        if fix in self._fixes:
            if seq > self._fixes[fix][2]:
                del self._fixes[fix]
            return
        if seq > last:
            return
        head = head_seq(self._connection, key[1], field)
        if seq <= head:
            self._fixes[fix] = (before, None if waits(self._connection, key[1], field) else head, head)

    def _echo(self, mine: _Known, change: WireChange | LineChange) -> None:
        """A change that is in the log already comes (back): it gets its sequence."""
        self._confirmed.seen(change.kind, change.entity, change.project, change.seq)
        if mine.server_seq == change.seq and mine.result not in REFUSED:
            return
        same = json.loads(mine.new) == change.new if mine.new is not None else change.new is None
        self._echoes.append((change.seq, None if same else MERGED, mine.act_seq, change.n))
        if change.field != CREATED:
            if not same or mine.result in REFUSED:
                self._fixes[change.kind, change.entity, change.field] = (change.new, change.seq, change.seq)
        elif not same:
            made = json.loads(mine.new or "{}")
            for name in made.keys() | change.new.keys():
                if made.get(name) != change.new.get(name):
                    self._fixes[change.kind, change.entity, name] = (change.new.get(name), change.seq, change.seq)

    # -- into the file ----------------------------------------------------------------------------------------------

    def _flush(self) -> None:
        connection = self._connection
        if self._acts:
            self._insert_acts()
        connection.executemany(_LOG, self._log)
        connection.executemany("UPDATE change SET server_seq = ?, result = ? WHERE act_seq = ? AND n = ?", self._echoes)
        self.changes += len(self._log)
        self._held.keep_past()
        for held in (self._log, self._acts, self._echoes):
            held.clear()
        if self._held.full:
            self.write()

    def _insert_acts(self) -> None:
        undone = {row[5] for row in self._acts if row[5]}
        places = {row[1]: row[0] for row in reversed(self._acts)}
        if undone:
            found = self._connection.execute(
                "SELECT id, min(seq) FROM act WHERE id IN (SELECT value FROM json_each(?)) GROUP BY id",
                (json.dumps(list(undone)),),
            )
            places.update(found.fetchall())
        rows = [(*row[:5], places.get(row[5]) if row[5] else None, *row[6:]) for row in self._acts]
        insert_acts(self._connection, rows)


class Corrections:
    """Sets fields to the server's value by one act of kind `sync`, that stays on this laptop."""

    def __init__(self, store: Store, connection: Connection) -> None:
        self._store, self._connection = store, connection
        self._forms: dict[str, Form] = {}
        self._wanted: dict[Key, dict[str, tuple[Any, int | None]]] = {}
        self.touched: set[Key] = set()
        self.projects: set[str] = set()

    def set(self, kind: str, entity: str, field: str, value: Any, base: int | None) -> None:
        """`base` is the sequence of that value on the server; None when it is none that the server knows.

        Raises StoreError (bad_message) for what cannot be a value of the field.
        """
        if kind not in self._forms:
            self._forms[kind] = Form(self._store.catalogue.kind(kind), _sound)
        try:
            value = self._forms[kind].sound(field, value)
        except ValueError as error:
            raise bad_message() from error
        self._wanted.setdefault((kind, entity), {})[field] = (value, base)

    def write(self) -> int | None:
        """Store them. Returns the place of the act in the log, None when every field had its value already."""
        tables, connection = self._store.tables, self._connection
        seq = last_place(connection) + 1
        log: list[tuple[Any, ...]] = []
        for (kind, entity), wanted in self._wanted.items():
            row = tables.row(connection, kind, entity)
            if row is None:
                continue
            changed = {field: one for field, one in wanted.items() if row.get(field) != one[0]}
            if not changed:
                continue
            if not log:
                self._act(seq)
            project = connection.execute(
                "SELECT project FROM change WHERE entity = ? ORDER BY act_seq LIMIT 1", (entity,)
            ).fetchone()[0]
            log += [
                (seq, len(log) + i, kind, entity, project, field, _dump(row.get(field)), _dump(value), base, LOCAL)
                for i, (field, (value, base)) in enumerate(changed.items())
            ]
            row.update((field, value) for field, (value, _) in changed.items())
            tables.update(connection, kind, entity, row, seq)
            self.touched.add((kind, entity))
            self.projects.update(filter(None, (project,)))
        connection.executemany(
            "INSERT INTO change (act_seq, n, kind, entity, project, field, old, new, base_seq, result)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            log,
        )
        return seq if log else None

    def _act(self, seq: int) -> None:
        now = stamp(self._store.clock.now())
        known = next_known(last_known(self._connection), now)
        row = (seq, self._store.ids.new(), 0, SYNC_NAME, ActKind.SYNC.value, None)
        insert_acts(self._connection, [(*row, self._store.author, self._store.device.id, now, known)])


# -- what the log says ----------------------------------------------------------------------------------------------


def head_seq(connection: Connection, entity: str, field: str) -> int:
    """The highest sequence of the server that this store knows of a field; 0 for none."""
    row = connection.execute(
        "SELECT max(CASE WHEN result IS NULL OR result IN ('same', 'merged') THEN server_seq"
        " WHEN result = 'local' THEN base_seq END) FROM change WHERE entity = ? AND field IN (?, '')",
        (entity, field),
    ).fetchone()
    return row[0] or 0


def waits(connection: Connection, entity: str, field: str) -> bool:
    """Whether an own change of a field waits for its answer."""
    found = connection.execute(
        f"SELECT 1 FROM change WHERE entity = ? AND field IN (?, '') AND {WAITING} LIMIT 1", (entity, field)
    ).fetchone()
    return found is not None


def last_place(connection: Connection) -> int:
    """The highest place that the log ever gave out."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'act'").fetchone()
    return int(row[0]) if row else 0


def last_known(connection: Connection) -> str:
    """When the last act became known."""
    row = connection.execute("SELECT known_at FROM act ORDER BY seq DESC LIMIT 1").fetchone()
    return str(row[0]) if row else ""


def insert_acts(connection: Connection, rows: Sequence[Sequence[Any]]) -> None:
    """Acts: seq, id, part, name, kind, undoes, author, device, made_at, known_at."""
    connection.executemany(_ACT, rows)


def info_of(store: Store, seq: int, touched: Iterable[Key], projects: Iterable[str]) -> ActInfo:
    """What the listeners of a store are told after something arrived."""
    now = stamp(store.clock.now())
    return ActInfo(
        seq, "", SYNC_NAME, ActKind.SYNC, store.author, store.device.id, now, None,
        frozenset(touched), frozenset(projects),
    )  # fmt: skip


def next_known(last: str, moment: str) -> str:
    """When an act became known: that moment, or the first one after the last act."""
    if moment > last:
        return moment
    fraction = int(last[20:26]) + 1
    if fraction < 1_000_000:
        return f"{last[:20]}{fraction:06d}{last[26:]}"
    return stamp(datetime.fromisoformat(last) + timedelta(microseconds=1))


def moment_of(text: str) -> datetime:
    """A time of a message; without a zone it is UTC. Raises ValueError."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def local_time(moment: str, otherwise: str) -> str:
    """A time of a message as the log keeps it; `otherwise` for what is no time: nothing may depend on it."""
    try:
        found = moment_of(moment)
        if len(moment) == 27 and moment[10] == "T" and moment[26] == "Z":  # as the server writes it
            return f"{moment[:26]}+00:00"
        return stamp(found)
    except (ValueError, OverflowError):
        return otherwise


def _dump(value: Any) -> str | None:
    """As `schema.encode`, which takes longer for what is mostly in a log."""
    if value is None:
        return None
    if type(value) is str:
        return _quoted(value)
    return str(value) if type(value) is int else schema.encode(value)


_quoted = json.encoder.encode_basestring


def _sound(geometry: Any) -> str:
    """An area that SpatiaLite can take; a broken one would bring the program down with it. Raises StoreError."""
    from diwi_desktop.geo.shape import ShapeError, checked_ewkb  # shapely is slow to load

    try:
        return checked_ewkb(geometry)
    except (ShapeError, TypeError) as error:
        raise bad_message() from error
