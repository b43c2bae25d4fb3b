"""The items of the inbox in words: which field of what, the values as a form shows them, by whom and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from diwi_desktop.changes.change import CREATED, DELETED
from diwi_desktop.gui.fields.words import code_label, label, shown
from diwi_desktop.gui.language import language, translate
from diwi_desktop.model.catalogue import Field, FieldType, Kind
from diwi_desktop.model.clock import DUTCH_TIME
from diwi_desktop.model.notation import format_date, format_number
from diwi_desktop.model.plan import Option
from diwi_desktop.store import inbox, people, queries

if TYPE_CHECKING:
    from diwi_desktop.store import Store
    from diwi_desktop.store.inbox import Item, Since

_NAMED_BY = ("name", "type", "option", "designation", "date")
_INSIDE = {"delivery": "houseblock", "ownership": "houseblock", "share": "houseblock"}


@dataclass(frozen=True)
class Entry:
    """An item with the words for it. `field` is None for the making or the deletion of something."""

    item: Item
    field: Field | None
    project: str
    what: str
    mine: str
    theirs: str
    base: str
    who: str
    when: str
    made: str
    reason: str

    @property
    def is_contour(self) -> bool:
        """Whether it is about a shape on the map that both have."""
        values = (self.item.mine, self.item.theirs)
        return self.field is not None and self.field.type is FieldType.GEOMETRY and None not in values

    def as_text(self) -> str:
        """All of it as lines of text, to be kept elsewhere."""
        return "\n".join(part for part in (self.project, f"{self.what}: {self.mine}", self.reason, self.made) if part)


@dataclass(frozen=True)
class Found:
    """What there is to look at, newest first."""

    conflicts: Sequence[Entry] = ()
    refused: Sequence[Entry] = ()


def read(store: Store) -> Found:
    """The inbox in the language of the window. Reads the store; not for the window's own thread."""
    conflicts, refused = inbox.conflicts(store), inbox.not_accepted(store)
    if not conflicts and not refused:
        return Found()
    words = _Words(store, [*conflicts, *refused])
    return Found([words.entry(item) for item in conflicts], [words.entry(item) for item in refused])


def empty() -> str:
    """What stands where there is no value."""
    return translate("Inbox", "leeg")


def moment_words(stamp: str) -> str:
    """31-12-2026 14:05 in Dutch time; empty for an empty text."""
    if not stamp:
        return ""
    at = datetime.fromisoformat(stamp)
    at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(DUTCH_TIME)
    return f"{format_date(at.date())} {at:%H:%M}"


class _Words:
    """Knows the names of everything the items point at."""

    def __init__(self, store: Store, items: Sequence[Item]) -> None:
        self._store = store
        self._options: Mapping[str, Option] = queries.options(store)
        self._rows: dict[str, dict[str, Any]] = {}
        wanted: dict[str, set[str]] = {}
        for item in items:
            wanted.setdefault(item.kind, set()).add(item.entity)
            if item.project:
                wanted.setdefault("project", set()).add(item.project)
            for one in item.since:
                wanted.setdefault(one.kind, set()).add(one.entity)
        self._find(wanted)
        places = [(item.kind, item.entity) for item in items]
        places += [(one.kind, one.entity) for item in items for one in item.since]
        inside = {
            self._rows[entity].get("houseblock_id")
            for kind, entity in places
            if kind in _INSIDE and entity in self._rows
        }
        self._find({"houseblock": {id for id in inside if id}})
        self._names: dict[str, str] = people.names(store)

    def _find(self, wanted: Mapping[str, Iterable[str]]) -> None:
        for kind, ids in wanted.items():
            self._rows.update((row["id"], row) for row in queries.entities(self._store, kind, ids=sorted(ids)))

    def entry(self, item: Item) -> Entry:
        kind = self._store.catalogue.kind(item.kind)
        field = kind.by_key.get(item.field)
        theirs = self._value(kind, item.field, item.theirs)
        if item.result == "conflict" and item.field not in (CREATED, DELETED) and item.entity not in self._rows:
            theirs = translate("Inbox", "verwijderd")
        if item.result == "conflict" and item.field == DELETED and item.mine is not None and item.theirs is None:
            theirs = self._since(item)
        return Entry(
            item,
            field,
            self._project(item),
            self._what(item, kind, field),
            self._value(kind, item.field, item.mine),
            theirs,
            self._value(kind, item.field, item.base),
            item.theirs_author,
            moment_words(item.theirs_at),
            moment_words(item.made_at),
            item.reason(language()),
        )

    def _project(self, item: Item) -> str:
        if not item.project:
            return translate("Inbox", "Het hele register")
        row = self._rows.get(item.project)
        if row is None:
            return translate("Inbox", "Een project dat u niet (meer) ziet")
        return str(row.get("name") or row.get("code") or "")

    def _what(self, item: Item, kind: Kind, field: Field | None) -> str:
        if field is not None and item.kind == "project":
            return label(field)
        name = "" if item.kind == "project" else self._name(item, kind)  # the project stands above it already
        subject = f"{kind.label(language())} '{name}'" if name else kind.label(language())
        if item.field == CREATED:
            return translate("Inbox", "%1 toevoegen").replace("%1", subject)
        if item.field == DELETED:
            return translate("Inbox", "%1 verwijderen").replace("%1", subject)
        return f"{subject}, {label(field) if field is not None else item.field}"

    def _since(self, item: Item) -> str:
        """What others did to something that was to be deleted: 'Anna wijzigde Omschrijving op 31-12-2026 14:05'."""
        done: dict[str, list[Since]] = {}
        for one in item.since:
            done.setdefault(one.author, []).append(one)
        parts = []
        for author, some in done.items():
            changed = ", ".join(dict.fromkeys(self._done(one, item) for one in some if one.field != CREATED))
            added = ", ".join(dict.fromkeys(self._done(one, item) for one in some if one.field == CREATED))
            words = translate("Inbox", "%1 wijzigde %2") if changed else translate("Inbox", "%1 voegde toe: %2")
            if changed and added:
                words = translate("Inbox", "%1 wijzigde %2 en voegde toe: %3")
            words += f" ({moment_words(max(one.at for one in some))})"
            parts.append(words.replace("%2", changed or added).replace("%3", added).replace("%1", author or "?"))
        return "; ".join(parts) or translate("Inbox", "ongewijzigd")

    def _done(self, one: Since, item: Item) -> str:
        """The field that was changed, with what it is of when that is not what was to be deleted itself."""
        kind = self._store.catalogue.kind(one.kind)
        field = kind.by_key.get(one.field)
        name = label(field) if field is not None else one.field
        if one.entity == item.entity:
            return name
        called = self._named(kind, self._rows.get(one.entity) or {})
        subject = f"{kind.label(language())} '{called}'" if called else kind.label(language())
        return subject if one.field == CREATED else f"{subject}, {name}"

    def _name(self, item: Item, kind: Kind) -> str:
        """What tells it apart from its like: the name of the block, the kind of milestone."""
        row = self._rows.get(item.entity) or (item.mine if item.field == CREATED else None) or {}
        return self._named(kind, row)

    def _named(self, kind: Kind, row: Mapping[str, Any]) -> str:
        block = self._rows.get(str(row.get("houseblock_id")))
        if block is not None and block.get("name"):
            return str(block["name"])
        if kind.kind == "milestone" and row.get("type"):
            return code_label("milestone_type", row["type"])
        for key in _NAMED_BY:
            if row.get(key) and key in kind.by_key:
                return self._words(kind.by_key[key], row[key])
        return ""

    def _value(self, kind: Kind, key: str, value: Any) -> str:
        if key == DELETED:
            return translate("Inbox", "verwijderd") if value else translate("Inbox", "niet verwijderd")
        if key == CREATED:
            return self._whole(kind, value if isinstance(value, dict) else {})
        field = kind.by_key.get(key)
        if value is None or value in ("", []):
            return empty()
        return str(value) if field is None else self._words(field, value)

    def _whole(self, kind: Kind, values: Mapping[str, Any]) -> str:
        """All that was filled in of something new."""
        parts = []
        for key, value in values.items():
            field = kind.by_key.get(key)
            if field is not None and value is not None and key != kind.parent_key and field.type is not FieldType.JSON:
                parts.append(f"{label(field)}: {self._words(field, value)}")
        return "; ".join(parts) or empty()

    def _words(self, field: Field, value: Any) -> str:
        if field.type is FieldType.GEOMETRY:
            from diwi_desktop.geo.shape import area_m2, from_ewkb

            return f"{format_number(round(area_m2(from_ewkb(value))))} m²"
        if field.type is FieldType.REFERENCE:
            return self._reference(field, str(value))
        return shown(field, value, self._options)

    def _reference(self, field: Field, id: str) -> str:
        if id in self._names:
            return self._names[id]
        row = self._rows.get(id) or queries.entity(self._store, field.target, id)
        if row is None:
            return translate("Inbox", "onbekend")
        return str(row.get("name") or row.get("code") or row.get("email") or "")
