"""The tab with all fields of the project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from diwi_desktop.gui.fields.choice import ChoiceInput
from diwi_desktop.gui.fields.editing import Act, Editing
from diwi_desktop.gui.fields.editor import FieldEditor
from diwi_desktop.gui.fields.form import Card, FieldForm, FieldRows, scroll_area
from diwi_desktop.gui.projectpage.data import PageData
from diwi_desktop.gui.tabbing import put_behind
from diwi_desktop.model import rights
from diwi_desktop.model.catalogue import Field, FieldType
from diwi_desktop.model.codes import UserRole
from diwi_desktop.model.finding import Finding
from diwi_desktop.store import people, queries


class Details(QWidget):
    """A form made from the catalogue, with the people who may write."""

    def __init__(self, editing: Editing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editing = editing
        self._data: PageData | None = None
        self.area = scroll_area(self)
        self.form = FieldForm("project", editing, self.area.viewport(), later=True)
        self._rights = Card(self.tr("Schrijfrechten"), self.form)
        described = editing.catalogue.field("writer", "person")
        field = Field(
            "project", "writers", FieldType.OPTIONS, described.nl, described.en,
            help_nl="Deze personen en groepen zijn eigenaar: zij mogen het project zien en wijzigen.",
            help_en="These people and groups are the owners: they may see and change the project.",
        )  # fmt: skip
        rows = FieldRows(self._rights)
        self.writers = FieldEditor(
            field, editing, rows, setter=self._set_writers, made=ChoiceInput(field, self._owners, names=self._names)
        )
        self.writers.message.fix_wanted.connect(editing.fix)
        rows.add(self.writers)
        self._rights.box.addWidget(rows)
        self._rights.box.addStretch(1)
        self.form.add_card(self._rights, after="policy")
        self.area.setWidget(self.form)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.area)

    def _place_rights(self) -> None:
        """The Tab key comes by who may write where that stands, not after all else, which was made before it."""
        above = [editor for editor in self.form.editors.values() if editor.field.section == "policy"]
        if above:
            put_behind(above[-1].message.text, [self.writers.input, self.writers.message.text])

    def prepare_next(self) -> bool:
        """Make some of the fields before they are asked for. False when they are there."""
        made = self.form.make_next()
        if made and self.form.complete:
            self._place_rights()
        return made

    def make_all(self) -> None:
        """Make the fields that are not there yet."""
        if self.form.refresh_fields():
            self._place_rights()

    def show_data(self, data: PageData) -> None:
        """Show a project."""
        self._data = data
        self._editing.shown = data.plan.id
        self.make_all()
        self.form.load(data.plan.id, data.values, data.at("project", data.plan.id), data.read_only)
        chosen = [writer.owner for writer in data.plan.writers]
        self.writers.load(
            data.plan.id, sorted(chosen) or None, data.at("writer", data.plan.id).get("person", ()),
            data.read_only or self._editing.state.store.viewer.role is UserRole.EXTERNAL,
        )  # fmt: skip

    def _owners(self, _field: Field, chosen: Sequence[str]) -> list[tuple[str, str]]:
        """Groups and people in a role that can own; who is chosen already is listed whatever his role."""
        store = self._editing.state.store
        able = [p for p in queries.people(store) if p.id in chosen or rights.can_own(p.role)]
        return [
            *((group.id, self.tr("%1 (groep)").replace("%1", group.name)) for group in people.groups(store)),
            *((person.id, person.name or person.email) for person in able),
        ]

    def _names(self, field: Field, chosen: Sequence[str]) -> list[tuple[str, str]]:
        """Who owns it, also those whom the user does not see: a colleague without a name."""
        known = dict(self._owners(field, chosen))
        return [(id, known.get(id, self.tr("iemand anders"))) for id in chosen]

    def _set_writers(self, project: str, value: Any) -> list[Finding]:
        wanted = set(value or ())
        now = {writer.owner: writer.id for writer in (self._data.plan.writers if self._data else ())}
        groups = {group.id for group in people.groups(self._editing.state.store)}

        def edit(act: Act) -> None:
            for owner in sorted(wanted - set(now)):
                act.create("writer", {"project_id": project, "user_group" if owner in groups else "person": owner})
            for owner, writer in now.items():
                if owner not in wanted:
                    act.delete("writer", writer)

        return self._editing.warned(
            project,
            lambda access: replace(access, owners=frozenset(wanted)),
            lambda: self._editing.apply("Schrijfrechten wijzigen", edit),
        )

    def focus(self, key: str) -> bool:
        """Go to a field; False when it is not here."""
        if key == "person":
            self.writers.focus()
            return True
        return self.form.focus(key)
