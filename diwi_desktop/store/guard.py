"""What the store refuses: the rules of model.checks on what an act touched, and references to nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import Any

from diwi_desktop.model.catalogue import Catalogue, Field, FieldType
from diwi_desktop.model.checks import check_block, check_own_field, check_project
from diwi_desktop.model.codes import OptionList, OwnFieldType
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.plan import Block
from diwi_desktop.model.refusals import (
    duplicate_refusal,
    field_off_refusal,
    level_refusal,
    loop_refusal,
    mother_refusal,
    option_off_refusal,
    orphan_refusal,
)
from diwi_desktop.model.rights import SOLE, Viewer, address_key, address_taken, sees
from diwi_desktop.model.soundness import surely_all_sound, surely_sound
from diwi_desktop.store import plans, schema
from diwi_desktop.store.batch import Batch
from diwi_desktop.store.driver import Connection
from diwi_desktop.store.options import read_options
from diwi_desktop.store.permission import access_of

_PROJECT = frozenset({"name", "start_date", "end_date"})
_BLOCK_PARTS = ("delivery", "ownership", "share")
_POINTING = {FieldType.OPTION, FieldType.OPTIONS, FieldType.ORDINAL, FieldType.REFERENCE}
# Fields of a block that no rule of model.checks looks at.
_FREE_BLOCK = frozenset({"note", "programming", "size", "start_date", "deleted_at"})


# Per kind the field that holds a name, and the field within whose values it occurs once ("": in the whole register).
_UNIQUE = {"option": ("name", "list"), "own_field": ("name", ""), "person": ("email", "")}
_OPTION_TYPES = _POINTING - {FieldType.REFERENCE}


def refusals(
    connection: Connection,
    catalogue: Catalogue,
    changed: Mapping[tuple[str, str], Set[str]],
    made: Mapping[tuple[str, str], Mapping[str, Any]],
    batches: Sequence[Batch] = (),
    *,
    taking_back: bool = False,
    viewer: Viewer = SOLE,
) -> list[Finding]:
    """All refusals that the touched entities give, inside the transaction that wrote them.

    `changed` has the fields that got a value, by entity; `made` the values, in log shape, of the entities that are as
    the act made them, so that those need not be read back. `taking_back`: undo and redo, which bring old values back
    although they have been switched off since. What the viewer does not see is not named.
    """
    references = _References(connection, catalogue, made)
    switched_off = None if taking_back else _SwitchedOff(connection, catalogue)
    if batches and not _surely_sound(connection, batches, references, switched_off):
        apart = {(batch.kind, id): values for batch in batches for id, values in batch.rows()}
        made = {**made, **apart}
        changed = {**changed, **{key: values.keys() for key, values in apart.items()}}
        references = _References(connection, catalogue, made)
    blocks = _Blocks(connection)
    families: list[str] = []
    found: list[Finding] = []
    for key, fields in changed.items():
        kind, entity = key
        values = made.get(key)
        if kind == "project" and fields & _PROJECT:
            found += _project(connection, entity)
        elif kind == "houseblock" and fields - _FREE_BLOCK:
            blocks.add(entity, values)
        elif kind in _BLOCK_PARTS:
            blocks.add_part(kind, entity, values)
        if kind == "project" and "parent" in fields:
            found += _loop(connection, entity)
        if kind == "project" and "deleted_at" in fields:
            families.append(entity)
        if kind == "option":
            found += _unranked(connection, entity)
        if kind in _UNIQUE:
            found += _double(connection, kind, entity, fields)
        if kind == "own_field":
            found += _own_field(connection, entity)
        found += references.of_new(kind, entity, values) if values else references.of_changed(kind, entity, fields)
        if switched_off is not None and switched_off.fields(kind):
            found += switched_off.chosen(kind, entity, fields, values)
    return found + _families(connection, families, viewer) + blocks.refusals()


def _surely_sound(
    connection: Connection, batches: Sequence[Batch], references: _References, switched_off: _SwitchedOff | None
) -> bool:
    """A quick yes for all that was made in batches; False: look at each of them."""
    there: dict[str, set[str]] = {}
    for batch in batches:
        there.setdefault(batch.kind, set()).update(batch.ids)
    for batch in batches:
        if switched_off is not None and switched_off.may_concern(batch):
            return False
        if not references.surely_there(batch, there):
            return False
    blocks = [(batch.ids, batch.columns) for batch in batches if batch.kind == "houseblock"]
    parts = [(batch.kind, batch.columns) for batch in batches if batch.kind in _BLOCK_PARTS]
    ours = there.get("houseblock", set())
    if not all(ours.issuperset(columns["houseblock_id"]) for _, columns in parts):
        return False
    if any(kind in _BLOCK_PARTS and values.get("houseblock_id") in ours for kind, values in references.made_rows()):
        return False
    lists = {id: option.list for id, option in read_options(connection, None).items()} if parts else {}
    return surely_all_sound(blocks, parts, lists)


_Part = tuple[str, str, Mapping[str, Any]]  # kind, id, values in log shape


class _Blocks:
    """The blocks that an act touched. Those it made, with all their parts, are looked at in its own values.

    Only where that look finds a doubt is the block put together for the rules themselves.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._new: dict[str, tuple[Mapping[str, Any], list[_Part]]] = {}
        self._known: dict[str, None] = {}
        self._parts: dict[str, list[str]] = {}

    def add(self, entity: str, values: Mapping[str, Any] | None) -> None:
        if values:
            self._new[entity] = (values, [])
        else:
            self._known[entity] = None

    def add_part(self, kind: str, entity: str, values: Mapping[str, Any] | None) -> None:
        block = self._new.get(values["houseblock_id"]) if values else None
        if block is not None and values:
            block[1].append((kind, entity, values))
        else:
            self._parts.setdefault(kind, []).append(entity)

    def refusals(self) -> list[Finding]:
        for kind, ids in self._parts.items():
            rows = self._connection.execute(
                f"SELECT DISTINCT houseblock_id FROM {schema.quoted(kind)}"
                " WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(ids),),
            )
            self._known.update((row[0], None) for row in rows)
        if not self._new and not self._known:
            return []
        options = read_options(self._connection, None)
        lists = {id: option.list for id, option in options.items()}
        blocks = [
            _block(id, values, parts)
            for id, (values, parts) in self._new.items()
            if id not in self._known and not surely_sound(values, parts, lists)
        ]
        if self._known:
            blocks += plans.read_blocks(self._connection, None, list(self._known))
        return [finding for block in blocks for finding in check_block(block, options)]


def _block(id: str, values: Mapping[str, Any], parts: list[_Part]) -> Block:
    block = plans.block_of(id, values)
    for kind, entity, part in parts:
        plans.add_part(block, kind, entity, part)
    return block


def _project(connection: Connection, entity: str) -> list[Finding]:
    row = connection.execute(
        "SELECT name, start_date, end_date FROM project WHERE id = ? AND deleted_at IS NULL", (entity,)
    ).fetchone()
    return [] if row is None else check_project(dict(zip(("name", "start_date", "end_date"), row, strict=True)), entity)


def _loop(connection: Connection, entity: str) -> list[Finding]:
    """Whether a project has come to lie under itself."""
    name = ""
    at: str | None = entity
    seen: set[str] = set()
    while at is not None and at not in seen:
        seen.add(at)
        row = connection.execute("SELECT parent, name FROM project WHERE id = ?", (at,)).fetchone()
        at, name = (row[0], name or row[1]) if row else (None, name)
    return [] if at is None else [loop_refusal(entity, name)]


def _families(connection: Connection, touched: list[str], viewer: Viewer) -> list[Finding]:
    """Of projects that were deleted or came back: mothers gone from above their sub-plans, and sub-plans without."""
    if not touched:
        return []
    rows = connection.execute(
        "SELECT mother.id, mother.name, sub.id, sub.code, sub.name FROM project sub JOIN project mother"
        " ON mother.id = sub.parent WHERE sub.deleted_at IS NULL AND mother.deleted_at IS NOT NULL"
        " ORDER BY mother.code, sub.code"
    )
    ours = set(touched)
    found: list[Finding] = []
    left: dict[tuple[str, str], list[str]] = {}
    unseen: Counter[str] = Counter()
    seen = _seeing(connection, viewer)
    for mother, mother_name, sub, code, name in rows.fetchall():
        if sub in ours:
            found.append(orphan_refusal(sub, name, mother_name if seen(mother) else "…"))
        elif mother in ours:
            named = left.setdefault((mother, mother_name), [])
            if seen(sub):
                named.append(f"{code} {name}")
            else:
                unseen[mother] += 1
    return found + [mother_refusal(mother, name, subs, unseen[mother]) for (mother, name), subs in left.items()]


def _seeing(connection: Connection, viewer: Viewer) -> Callable[[str], bool]:
    """Whether the viewer sees a project."""
    if viewer.sole:
        return lambda project: True
    return lambda project: sees(viewer, access_of(connection, [project], None)[project])


def _unranked(connection: Connection, entity: str) -> list[Finding]:
    """An option of a ranked list without a level."""
    row = connection.execute(
        "SELECT name FROM option WHERE id = ? AND level IS NULL AND deleted_at IS NULL AND"
        " (list = ? OR list IN (SELECT id FROM own_field WHERE type = ?))",
        (entity, OptionList.PRIORITY.value, OwnFieldType.ORDINAL.value),
    ).fetchone()
    return [] if row is None else [level_refusal(entity, row[0])]


def _double(connection: Connection, kind: str, entity: str, changed: Set[str]) -> list[Finding]:
    """Names that another entity in use has already, whatever the case and spaces."""
    field, within = _UNIQUE[kind]
    if not changed & {field, within, "deleted_at"}:
        return []
    columns = f"{schema.quoted(field)}, {schema.quoted(within) if within else 'NULL'}"
    row = connection.execute(
        f"SELECT {columns} FROM {schema.quoted(kind)} WHERE id = ? AND deleted_at IS NULL", (entity,)
    ).fetchone()
    if row is None:
        return []
    others = connection.execute(
        f"SELECT {schema.quoted(field)} FROM {schema.quoted(kind)} WHERE id <> ? AND deleted_at IS NULL"
        + (f" AND {schema.quoted(within)} = ?" if within else ""),
        (entity, row[1]) if within else (entity,),
    )
    if kind == "person":
        mine = address_key(row[0])
        return [address_taken(entity)] if any(address_key(other) == mine for (other,) in others) else []
    taken = any(_same(other) == _same(row[0]) for (other,) in others)
    return [duplicate_refusal(kind, field, entity, row[0])] if taken else []


def _same(text: str) -> str:
    return " ".join(text.split()).casefold()


def _own_field(connection: Connection, entity: str) -> list[Finding]:
    keys = ("minimum", "maximum", "pattern")
    row = connection.execute(f"SELECT {', '.join(keys)} FROM own_field WHERE id = ?", (entity,)).fetchone()
    return check_own_field(dict(zip(keys, row, strict=True)), entity)


class _SwitchedOff:
    """New values for own fields, and new choices of options, that are switched off. What was there stays."""

    def __init__(self, connection: Connection, catalogue: Catalogue) -> None:
        self._connection = connection
        self._catalogue = catalogue
        self._fields: dict[str, list[Field]] = {}
        self._off: dict[str, str] | None = None  # the names of the options, by id, once a choice was made

    @property
    def _options(self) -> dict[str, str]:
        if self._off is None:
            rows = self._connection.execute("SELECT id, name FROM option WHERE disabled = 1")
            self._off = dict(rows.fetchall())
            self._fields.clear()
        return self._off

    def fields(self, kind: str) -> list[Field]:
        """The fields of a kind for which something may be switched off."""
        if kind not in self._fields:
            choices = _OPTION_TYPES if self._off is None or self._off else frozenset[FieldType]()
            fields = self._catalogue.kind(kind).fields
            self._fields[kind] = [f for f in fields if f.disabled or f.type in choices]
        return self._fields[kind]

    def may_concern(self, batch: Batch) -> bool:
        """Whether a batch has a value in a field that is switched off, or a choice that is."""
        off = self._options
        for field in self.fields(batch.kind):
            column = batch.columns.get(field.key, ())
            if field.disabled and any(value is not None for value in column):
                return True
            if off and not off.keys().isdisjoint(_all_listed(column)):
                return True
        return False

    def chosen(self, kind: str, entity: str, changed: Set[str], made: Mapping[str, Any] | None) -> list[Finding]:
        """The refusals on the fields that got a value; `made` has the values of an entity that the act made."""
        found: list[Finding] = []
        for field in self.fields(kind):
            if field.key not in changed:
                continue
            old, new = (None, made.get(field.key)) if made else self._change(entity, field)
            if new is None:
                continue
            if field.disabled:
                found.append(field_off_refusal(field, entity, new))
            elif self._options:
                before = _listed(old)
                fresh = dict.fromkeys(one for one in _listed(new) if one in self._options and one not in before)
                found += [option_off_refusal(field, entity, one, self._options[one]) for one in fresh]
        return found

    def _change(self, entity: str, field: Field) -> tuple[Any, Any]:
        """The value before and after the last change of a field, which is the one of this act."""
        row = self._connection.execute(
            "SELECT old, new FROM change WHERE entity = ? AND field = ? ORDER BY act_seq DESC LIMIT 1",
            (entity, field.key),
        ).fetchone()
        return (None, None) if row is None else (_decoded(row[0]), _decoded(row[1]))


def _decoded(text: str | None) -> Any:
    return None if text is None else json.loads(text)


class _References:
    """References to entities that do not exist, options of another list, and ranks in the wrong order."""

    def __init__(
        self, connection: Connection, catalogue: Catalogue, made: Mapping[tuple[str, str], Mapping[str, Any]]
    ) -> None:
        self._connection = connection
        self._made = made
        self._catalogue = catalogue
        self._pointing: dict[str, list[tuple[Field, str, str, set[str]]]] = {}
        self._seen: dict[str, set[str]] = {}  # per kind or lists the ids that a new entity may point at, once looked up

    def _fields(self, kind: str) -> list[tuple[Field, str, str, set[str]]]:
        """The fields of a kind that point at something, with their key, the kind or lists, and what was seen of it."""
        found = self._pointing.get(kind)
        if found is None:
            fields = [f for f in self._catalogue.kind(kind).fields if f.type in _POINTING]
            places = [(f, f.key, f.target or f.list) for f in fields]
            found = self._pointing[kind] = [(*one, self._seen.setdefault(one[2], set())) for one in places]
        return found

    def of_new(self, kind: str, entity: str, values: Mapping[str, Any]) -> list[Finding]:
        """What is wrong with the references of an entity that the act made."""
        found: list[Finding] = []
        for field, key, place, seen in self._fields(kind):
            value = values.get(key)
            if value is None or (value.__class__ is str and value in seen):
                continue
            wanted = _listed(value)
            for one in wanted:
                if one in seen:
                    continue
                if (place, one) in self._made or _exists(self._connection, kind, entity, field, one):
                    seen.add(one)
                else:
                    found.append(_unknown(field, entity, one))
            found += self._ranks(field, entity, wanted)
        return found

    def made_rows(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Kind and values of what the act made one by one."""
        return ((kind, values) for (kind, _), values in self._made.items())

    def surely_there(self, batch: Batch, there: Mapping[str, Set[str]]) -> bool:
        """Whether all that a batch points at is there; `there` has the ids of what batches made, by kind."""
        for field, key, place, seen in self._fields(batch.kind):
            column = batch.columns.get(key, ())
            if field.type is FieldType.ORDINAL and any(value and value[0] != value[1] for value in column):
                return False
            for one in _all_listed(column) - there.get(place, set()) - seen:
                if (place, one) not in self._made and not _exists(self._connection, batch.kind, "", field, one):
                    return False
                seen.add(one)
        return True

    def of_changed(self, kind: str, entity: str, changed: Set[str]) -> list[Finding]:
        """What is wrong with the references that were changed."""
        found: list[Finding] = []
        for field, *_ in self._fields(kind):
            if field.key in changed:
                wanted = _ids(self._connection, kind, entity, field)
                missing = [one for one in wanted if not _exists(self._connection, kind, entity, field, one)]
                found += [_unknown(field, entity, one) for one in missing]
                found += self._ranks(field, entity, wanted)
        return found

    def _ranks(self, field: Field, entity: str, wanted: list[str]) -> list[Finding]:
        if field.type is not FieldType.ORDINAL or not wanted or wanted[0] == wanted[1]:
            return []
        low, high = (_level(self._connection, one) for one in wanted)
        return [_order(field, entity, wanted)] if low > high else []


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def _all_listed(column: Sequence[Any]) -> set[str]:
    """The ids in a column of ids or lists of ids."""
    try:
        return set(column) - {None}
    except TypeError:  # lists
        return {one for value in column for one in _listed(value)}


def _exists(connection: Connection, kind: str, entity: str, field: Field, wanted: str) -> bool:
    """Whether what is pointed at is there: not deleted, unless this entity itself is; an option in its own list."""
    if field.target:
        row = connection.execute(
            f"SELECT 1 FROM {schema.quoted(field.target)} WHERE id = :wanted AND (deleted_at IS NULL OR EXISTS"
            f" (SELECT 1 FROM {schema.quoted(kind)} WHERE id = :entity AND deleted_at IS NOT NULL))",
            {"wanted": wanted, "entity": entity},
        ).fetchone()
        return row is not None
    row = connection.execute("SELECT list FROM option WHERE id = ?", (wanted,)).fetchone()
    return row is not None and row[0] in field.list.split("|")


def _level(connection: Connection, option: str) -> int:
    row = connection.execute("SELECT coalesce(level, 0) FROM option WHERE id = ?", (option,)).fetchone()
    return int(row[0]) if row else 0


def _ids(connection: Connection, kind: str, entity: str, field: Field) -> list[str]:
    column = "own" if field.own else field.key
    row = connection.execute(
        f"SELECT {schema.quoted(column)} FROM {schema.quoted(kind)} WHERE id = ?", (entity,)
    ).fetchone()
    value: Any = row[0] if row else None
    if value is None:
        return []
    if field.own:
        value = json.loads(value).get(field.key.partition(":")[2])
    elif field.type in schema.JSON_TYPES:
        value = json.loads(value)
    return _listed(value)


def _unknown(field: Field, entity: str, wanted: str) -> Finding:
    return Finding(
        "unknown_reference",
        Severity.REFUSAL,
        f"{field.nl}: deze keuze bestaat niet (meer).",
        f"{field.en}: this choice does not exist (any more).",
        field.kind,
        entity,
        field.key,
        wanted,
    )


def _order(field: Field, entity: str, wanted: list[str]) -> Finding:
    return Finding(
        "range_order",
        Severity.REFUSAL,
        f"{field.nl}: de hoogste rang staat voorop.",
        f"{field.en}: the highest rank comes first.",
        field.kind,
        entity,
        field.key,
        wanted[0],
    )
