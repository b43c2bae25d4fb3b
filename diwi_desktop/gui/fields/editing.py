"""What forms and tables need from the window's state: choices to offer, whether one may edit, one act per edit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject

from diwi_desktop.gui.fields import fixes
from diwi_desktop.gui.fields.words import change_name, shown
from diwi_desktop.gui.language import language
from diwi_desktop.model import rights
from diwi_desktop.model.catalogue import Catalogue, Field, FieldType
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import Confidentiality
from diwi_desktop.model.finding import Finding, Severity, UserError
from diwi_desktop.model.plan import Option
from diwi_desktop.model.rights import Access
from diwi_desktop.store import permission, queries

if TYPE_CHECKING:
    from diwi_desktop.gui.state import AppState


class Act(Protocol):
    """The part of a store's act that an edit uses."""

    def create(self, kind: str, values: dict[str, Any]) -> str: ...

    def set(self, kind: str, entity: str, field: str, value: Any) -> None: ...

    def delete(self, kind: str, entity: str) -> None: ...


Edit = Callable[[Any], None]
# Findings that warn of what the user takes from himself; he may do it all the same.
_AFTERWARDS = frozenset({"own_sight", "own_edit"})


class Editing(QObject):
    """Choices and acts for every form and table of the window. One per panel; cheap.

    Options are read once per log position and moment.
    """

    def __init__(self, state: AppState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self._options: dict[str, Option] = {}
        self._put_off: Callable[[], list[Finding]] | None = None  # what waits for the user's yes
        self._known: tuple[int, Any] | None = None
        self.locked = ""  # why the user may not edit what is shown, for the tooltips of its fields
        self.shown = ""  # the project shown: neither it nor what falls under it can be its mother

    # ------------------------------------------------------------------------------------------------- what there is

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue with the municipality's own fields."""
        return self.state.store.catalogue

    @property
    def read_only(self) -> bool:
        """Whether the window looks at a past moment or at a store that may not be written."""
        return self.state.read_only

    def options(self) -> dict[str, Option]:
        """All options by id, as they are at the moment shown."""
        known = (self.state.store.seq, self.state.moment)
        if known != self._known:
            self._options = queries.options(self.state.store, self.state.moment)
            self._known = known
        return self._options

    def choices(self, field: Field, chosen: Sequence[str] = ()) -> list[tuple[str, str]]:
        """(value, label) of everything a field offers. Switched-off options only when they are `chosen`."""
        if field.codelist:
            return [(code.key, code.label(language())) for code in code_list(field.codelist).codes]
        if field.type is FieldType.REFERENCE:
            return self._references(field)
        lists = field.list.split("|")
        found = [o for o in self.options().values() if o.list in lists and (not o.disabled or o.id in chosen)]
        found.sort(key=lambda o: (lists.index(o.list), o.level is None, o.level or 0, o.name.casefold()))
        return [(o.id, o.ordinal_label) for o in found]

    def changed_meanwhile(self, field: Field, entity: str, value: Any) -> list[Finding]:
        """What to say of a field that somebody else changed while it was being edited here; nothing of an own act."""
        store = self.state.store
        last = queries.history(store, entity=entity, field=field.key, limit=1)
        if not last or last[0].author == store.author:
            return []
        who, stored = last[0].author, shown(field, value, self.options())
        return [
            Finding(
                "changed_meanwhile",
                Severity.WARNING,
                f"Zojuist gewijzigd door {who}: {stored or 'leeg'}. Met Esc neemt u dat over; anders geldt uw tekst.",
                f"Just changed by {who}: {stored or 'empty'}. Esc takes that over; otherwise your text holds.",
                kind=field.kind,
                entity=entity,
                field=field.key,
            )
        ]

    def names(self, field: Field, chosen: Sequence[str]) -> list[tuple[str, str]]:
        """(value, label) of what is chosen, without reading everything that could be."""
        if field.type is not FieldType.REFERENCE or field.target != "project":
            return self.choices(field, chosen)
        rows = queries.entities(self.state.store, "project", moment=self.state.moment, ids=list(chosen))
        return [(row["id"], f"{row['code']}  {row['name']}") for row in rows]

    def _references(self, field: Field) -> list[tuple[str, str]]:
        store, moment = self.state.store, self.state.moment
        if field.target == "project":
            every = queries.project_rows(store, moment)
            family = _family({row.id: row.parent for row in every}, self.shown)
            rows = [row for row in every if row.id not in family]
            return sorted(((r.id, f"{r.code}  {r.name}") for r in rows), key=lambda pair: pair[1].casefold())
        if field.target == "person":
            return [(p.id, p.name or p.email) for p in queries.people(store, moment)]
        return []

    # -------------------------------------------------------------------------------------------------- what is done

    def apply(self, name: str, edit: Edit) -> list[Finding]:
        """Do one act. Returns why it was refused; an empty list when it was stored."""
        try:
            with self.state.store.act(name) as act:
                edit(act)
        except UserError as error:
            return error.findings or [Finding(error.code, Severity.REFUSAL, error.nl, error.en)]
        return []

    def set(self, field: Field, entity: str, value: Any) -> list[Finding]:
        """Store one value as one act, named after the field."""

        def go() -> list[Finding]:
            return self.apply(change_name(field), lambda act: act.set(field.kind, entity, field.key, value))

        if (field.kind, field.key) == ("project", "confidentiality") and value is not None:
            return self.warned(entity, lambda access: replace(access, level=Confidentiality(value)), go)
        return go()

    def warned(
        self, project: str, change: Callable[[Access], Access], go: Callable[[], list[Finding]]
    ) -> list[Finding]:
        """Do it, unless the user would take his own sight or rights: the finding then offers to do it all the same."""
        viewer = self.state.store.viewer
        if not viewer.sole:
            now = permission.access_of(self.state.store.read(), [project], None).get(project)
            lost = None if now is None else rights.loses(viewer, now, change(now))
            if lost is not None:
                self._put_off = go
                return [lost]
        return go()

    def add_option(self, field: Field, entity: str, name: str, chosen: Sequence[str]) -> list[Finding]:
        """Make a new option for a field and choose it (beside `chosen` where more may be), as one act."""

        def edit(act: Act) -> None:
            values = {"list": field.list, "name": name, "disabled": False}
            if field.type is FieldType.ORDINAL:
                levels = [o.level or 0 for o in self.options().values() if o.list == field.list]
                values["level"] = max(levels, default=0) + 1
            option = act.create("option", values)
            many = field.type is FieldType.OPTIONS and not (field.own and field.single)
            value: Any = [*chosen, option] if many else [option] if field.type is FieldType.OPTIONS else option
            act.set(field.kind, entity, field.key, value)

        return self.apply(f"Keuze '{name}' toevoegen", edit)

    # --------------------------------------------------------------------------------------- what can be mended at once

    def fix_label(self, finding: Finding) -> str:
        """What the link that mends a finding says; empty when there is nothing to offer."""
        if finding.code in _AFTERWARDS:
            return self.tr("Toch wijzigen")
        fix = None if self.read_only or self.locked else fixes.fix_for(finding, list(self.options().values()))
        return "" if fix is None else fixes.fix_label(fix)

    def fix(self, finding: Finding) -> list[Finding]:
        """Mend a finding, as one act; nothing when there is no remedy."""
        if finding.code in _AFTERWARDS and self._put_off is not None:
            go, self._put_off = self._put_off, None
            return go()
        fix = fixes.fix_for(finding, list(self.options().values()))
        if fix is None:
            return []
        return self.apply(fix.name, lambda act: act.set(finding.kind, finding.entity, fix.field, fix.value))


def _family(parents: Mapping[str, str | None], project: str) -> set[str]:
    """A project with its sub-plans, their sub-plans and so on. `parents`: the mother of every project by id."""
    below: dict[str, list[str]] = {}
    for sub, mother in parents.items():
        if mother is not None:
            below.setdefault(mother, []).append(sub)
    family: set[str] = set()
    rest = [project]
    while rest:
        one = rest.pop()
        if one not in family:
            family.add(one)
            rest += below.get(one, ())
    return family
