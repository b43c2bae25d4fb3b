"""One act into the log and the tables, inside the transaction that the store has begun."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, NoReturn

from diwi_desktop.changes.change import CREATED, DELETED, UNDOABLE
from diwi_desktop.model.finding import Finding, Refused, Severity, UserError
from diwi_desktop.store import schema
from diwi_desktop.store.act import Act
from diwi_desktop.store.apply import Tables, insert_rows
from diwi_desktop.store.batch import Batch, BatchWriter, Column
from diwi_desktop.store.driver import Connection
from diwi_desktop.store.project_code import next_code

if TYPE_CHECKING:
    from diwi_desktop.store.store import Store

_LOG = "INSERT INTO change (act_seq, n, kind, entity, project, field, old, new) VALUES "
# So many changes at most wait before they are written.
_BATCH = 5_000
_BULK = 200  # entities in an act from which on preparing for many pays


class Writer:
    """Writes the buffered entities of one act into log and tables."""

    def __init__(self, store: Store, connection: Connection, act: Act, seq: int) -> None:
        self._store, self._connection, self._act, self._seq = store, connection, act, seq
        self._tables = store.tables
        self.changed: dict[tuple[str, str], Set[str]] = {}  # the fields that got a value, by entity
        self.made: dict[tuple[str, str], dict[str, Any]] = {}  # new entities, there and not changed afterwards
        self.batches: list[Batch] = []  # new entities that came together and are not among those
        self.projects: set[str] = set()  # those that the changes belong to
        self._above: dict[str, str | None] = {}  # the project of what has parts, by id
        # New rows wait here, because one statement for many is several times as fast as one for each.
        self._kinds: dict[str, _Prepared] = {}
        self._changes: list[tuple[Any, ...]] = []  # of what was there
        self._created: list[tuple[int, str, str, str | None, str]] = []  # n, kind, entity, project, values
        self._codes: dict[str, int] = {}
        self._count = 0  # of changes, those written included

    def flush(self) -> None:
        """Put the rows that wait into the tables and the log."""
        for kind, new in self._kinds.items():
            if new.rows:
                self._tables.insert_many(self._connection, kind, new.rows)
                new.rows.clear()
        if len(self._created) > _BULK:  # what is the same in every row stands in the statement then
            insert_rows(self._connection, _LOG, f"({self._seq:d}, ?, ?, ?, ?, '{CREATED}', NULL, ?)", self._created)
        else:
            self._changes += [(self._seq, *place, CREATED, None, new) for *place, new in self._created]
        if self._changes:
            insert_rows(self._connection, _LOG, "(?, ?, ?, ?, ?, ?, ?, ?)", self._changes)
        self._created.clear()
        self._changes.clear()

    def make(self, kind: str, entity: str, values: dict[str, Any]) -> None:
        """A new entity; `values` has no None and is kept."""
        new = self._kinds.get(kind) or self._prepared(kind)
        if new.is_project:
            self._give_code(values)
        if not new.mandatory <= values.keys():
            self._refuse(kind, entity, new.mandatory - values.keys())
        new.rows.append(new.parameters(entity, values, self._seq))
        # Most of what an import makes are parts of blocks that it has just made.
        project = self._above.get(values[new.parent_key]) if new.parent_key else None
        if project is None:
            project = self._project(new, entity, values)
        self._created.append((self._count, kind, entity, project, new.encode(values)))
        self._count += 1
        key = (kind, entity)
        if DELETED not in values:
            self.made[key] = values
        self.changed[key] = values.keys()
        if len(self._created) >= _BATCH:
            self.flush()

    def make_many(self, batch: Batch) -> None:
        """New entities that hang under another; the same as `make` for each."""
        new = self._kinds.get(batch.kind) or self._prepared(batch.kind)
        if any(key not in batch.columns or None in batch.columns[key] for key in new.mandatory):
            for entity, values in batch.rows():
                self.make(batch.kind, entity, values)
            return
        self.flush()  # the log fills up in order
        new.batch_writer().write(self._connection, batch, self._projects(new, batch), self._seq, self._count)
        self._count += len(batch.ids)
        self.batches.append(batch)

    @property
    def entities(self) -> frozenset[tuple[str, str]]:
        """(kind, id) of all that got a value."""
        if not self.batches:
            return frozenset(self.changed)
        batches: Iterable[tuple[str, str]] = chain.from_iterable(zip(repeat(b.kind), b.ids) for b in self.batches)
        return frozenset(chain(self.changed, batches))

    def _projects(self, new: _Prepared, batch: Batch) -> Column:
        """The projects that the entities of a batch belong to."""
        if new.in_project:
            projects = batch.columns["project_id"]
            if new.has_parts:
                self._above.update(zip(batch.ids, projects, strict=True))
            self.projects.update(projects)
            return projects
        parents = batch.columns[new.parent_key]
        for parent in set(parents) - self._above.keys():
            one = self._connection.execute(new.project_of, (parent,)).fetchone()
            self._above[parent] = one[0] if one else None
        self.projects.update(project for parent in set(parents) if (project := self._above[parent]) is not None)
        return [self._above[parent] for parent in parents]

    def change(self, kind: str, entity: str, values: dict[str, Any]) -> None:
        """New values for an entity that is there; what has its value already is left alone."""
        self.flush()
        row = self._tables.row(self._connection, kind, entity)
        if row is None or (row[DELETED] and self._act.kind in UNDOABLE and DELETED not in values):
            raise UserError("Dit onderdeel bestaat niet meer.", "This part no longer exists.", code="unknown_entity")
        if row[DELETED] and values.get(DELETED):
            return  # deleted already: the first time stays
        changed = [(key, row.get(key), new) for key, new in values.items() if row.get(key) != new]
        if not changed:
            return
        fields = self._store.catalogue.kind(kind).by_key
        emptied = {key for key, _, new in changed if new is None and key in fields and fields[key].mandatory}
        if emptied:
            self._refuse(kind, entity, emptied)
        row.update((key, new) for key, _, new in changed)
        self._tables.update(self._connection, kind, entity, row, self._seq)
        project = self._project(self._kinds.get(kind) or self._prepared(kind), entity, row)
        for key, old, new in changed:
            self._changes.append((self._seq, self._count, kind, entity, project, key, _dump(old), _dump(new)))
            self._count += 1
        self.made.pop((kind, entity), None)
        self.changed[kind, entity] = {key for key, _, _ in changed}
        if kind == "project":
            self._codes.clear()

    def _give_code(self, values: dict[str, Any]) -> None:
        if values.get("code"):
            self._codes.clear()  # a code given from outside may be the highest now
            return
        if values.get("parent") or not self._codes:
            self.flush()  # what the code depends on may be new too
        year = self._store.clock.today().year
        values["code"] = next_code(self._connection, values, self._store.device, year, self._codes)

    def _refuse(self, kind: str, entity: str, missing: Set[str]) -> NoReturn:
        fields = self._store.catalogue.kind(kind).fields
        raise Refused([_missing(kind, entity, f.key, f.nl, f.en) for f in fields if f.key in missing])

    def _prepared(self, kind: str) -> _Prepared:
        found = self._kinds[kind] = _Prepared(self._tables, kind, in_bulk=self._act.size > _BULK)
        return found

    def _project(self, kind: _Prepared, entity: str, row: Mapping[str, Any]) -> str | None:
        """The project that an entity belongs to, itself for a project; None at the top."""
        if kind.in_project:
            found: str | None = row["project_id"]
            if kind.has_parts:
                self._above[entity] = found
        elif kind.parent_key:
            above = row[kind.parent_key]
            if above not in self._above:
                one = self._connection.execute(kind.project_of, (above,)).fetchone()
                self._above[above] = one[0] if one else None
            found = self._above[above]
        elif kind.is_project:
            found = entity
        else:
            return None
        if found is not None:
            self.projects.add(found)
        return found


class _Prepared:
    """What writing entities of one kind takes, and new rows that wait to be written."""

    def __init__(self, tables: Tables, kind: str, *, in_bulk: bool) -> None:
        place = tables.place(kind)
        self.mandatory, self.is_project, self.in_project = place.mandatory, place.is_project, place.in_project
        self.has_parts, self.parent_key, self.project_of = place.has_parts, place.parent_key, place.project_of
        self.encode = schema.row_encoder(place.kind) if in_bulk else schema.encode
        self.parameters = tables.parameters(kind)
        self.rows: list[Sequence[Any]] = []
        self._kind = place.kind
        self._batch_writer: BatchWriter | None = None

    def batch_writer(self) -> BatchWriter:
        """What writes many of the kind at once."""
        if self._batch_writer is None:
            self._batch_writer = BatchWriter(self._kind)
        return self._batch_writer


def _missing(kind: str, entity: str, field: str, nl: str, en: str) -> Finding:
    return Finding(
        "mandatory",
        Severity.REFUSAL,
        f"{nl} moet ingevuld zijn.",
        f"{en} must be filled in.",
        kind,
        entity,
        field,
    )


def _dump(value: Any) -> str | None:
    return None if value is None else schema.encode(value)
