"""Who works with the register: people with their role and state, groups with their members, and what is theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.admin.pages import Page
from diwi_desktop.gui.admin.unique import taken
from diwi_desktop.gui.fields.choice import ChoiceInput
from diwi_desktop.gui.fields.editing import Act, Editing
from diwi_desktop.gui.fields.editor import FieldEditor
from diwi_desktop.gui.fields.form import Card, FieldRows
from diwi_desktop.gui.fields.table import EntityTable
from diwi_desktop.gui.fields.tablemodel import NEW, Column, EntityModel, Row
from diwi_desktop.gui.fields.words import sentence
from diwi_desktop.gui.language import translate
from diwi_desktop.model import rights
from diwi_desktop.model.catalogue import Field, FieldType
from diwi_desktop.model.codes import PersonState, UserRole
from diwi_desktop.model.finding import Finding
from diwi_desktop.model.notation import format_number
from diwi_desktop.model.rights import Right
from diwi_desktop.store import people, queries

SHOWN = 12  # projects that the card of an owner names
_ROOM = 400  # pixels of height from which on they have a place


class _OwnerModel(EntityModel):
    """A column beside the fields: how many projects somebody owns."""

    def described(self, key: str) -> Field:
        if key == "projects":
            return Field(self.kind, key, FieldType.INTEGER, "Projecten", "Projects")
        if key == "members":
            return Field(self.kind, key, FieldType.INTEGER, "Leden", "Members")
        return super().described(key)


class OwnerPage(Page):
    """A table of who can own projects, and under it what is theirs and handing it over."""

    kind = ""
    edits_in_card = False  # whether the card has fields, which must be there however low the panel is

    def __init__(self, text: str, columns: tuple[Column, ...], editing: Editing, parent: QWidget | None = None) -> None:
        super().__init__(text, editing, parent)
        self._owned: dict[str, list[str]] = {}
        self._here = True  # whether this store knows who owns what
        model = _OwnerModel(self.kind, columns, editing)
        self.table = EntityTable(self.kind, columns, editing, self, fit=False, model=model)
        model.setParent(self.table)
        self.table.delete_button.clicked.disconnect()
        self.table.grid.delete_wanted.disconnect()
        self.table.delete_button.clicked.connect(self.delete)
        self.table.grid.delete_wanted.connect(self.delete)
        self.table.row_chosen.connect(lambda _id: self._show_detail())
        self.table.model.refuse = self._refuse
        self.hand_over = QPushButton(theme.icon("account-arrow-right-outline"), translate("Admin", "Overdragen…"))
        self.hand_over.setProperty("role", "link")
        self.hand_over.clicked.connect(self._hand_over)
        self.box.addWidget(self.table, 3)
        self.detail = Card("")
        # Beside the name of who is chosen: under the table a narrow panel has no room for their words.
        self.deeds = QHBoxLayout()
        self.detail.box.removeWidget(self.detail.heading)
        self.deeds.addWidget(self.detail.heading, 1)
        self.deeds.addWidget(self.hand_over)
        self.detail.box.insertLayout(0, self.deeds)
        self.projects = QLabel()
        self.projects.setWordWrap(True)
        self.projects.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._fill_detail()
        self.detail.box.addWidget(self.projects)
        self.detail.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.box.addWidget(self.detail)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._explain()
        self._show_detail()

    def _explain(self) -> None:
        """In a low panel the table has the room; its columns say how much is whose. An empty one says nothing."""
        self.explanation.setVisible(self.height() >= _ROOM or not self.table.model.rows)

    def _fill_detail(self) -> None:
        """What the card has above the projects."""

    def _load(self, rows: list[Row]) -> None:
        self._owned, self._here = people.owners(self.store), people.owners_are_here(self.store)
        for row in rows:
            row["projects"] = len(self._owned.get(row["id"], ())) if self._here else None
        self.table.load(self.kind, rows, {}, self.read_only)
        if rows and not self.table.grid.currentIndex().isValid():
            self.table.choose(rows[0]["id"])
        self._explain()
        self._show_detail()

    def chosen(self) -> Row | None:
        """The row that is chosen, when it is stored."""
        index = self.table.grid.currentIndex()
        row = self.table.model.rows[index.row()] if index.isValid() else None
        return None if row is None or row["id"] == NEW else row

    def _show_detail(self) -> None:
        row = self.chosen()
        high = self.height() >= _ROOM
        self.detail.setVisible(row is not None and (high or self.edits_in_card))
        self.projects.setVisible(high)
        owned = self._owned.get(row["id"], []) if row is not None else []
        # Not on a page of the past: what is handed over is what is owned now.
        able = self.editing.state.lacks(Right.EDIT_USERS) == "" and not self.editing.read_only
        self.hand_over.setEnabled((bool(owned) or self._asks_server()) and able)
        self.hand_over.setToolTip(self._why_not(owned))
        if row is None:
            return
        self.detail.heading.setText(self._name(row))
        self.projects.setText(self._projects(owned))
        self._show_more(row)

    def _why_not(self, owned: Sequence[str]) -> str:
        refusal = self.editing.state.lacks(Right.EDIT_USERS)
        if refusal or owned:
            return refusal
        if self._asks_server():
            return translate("Admin", "De server draagt over wat deze persoon heeft.")
        if not self._here:
            return translate(
                "Admin", "Wat een groep heeft, draagt een hoofdgebruiker over: een beheerder krijgt geen projecten."
            )
        return translate("Admin", "Wie hier gekozen is, heeft geen projecten.")

    def _asks_server(self) -> bool:
        """Whether the server hands over what is theirs, which it does from person to person."""
        return self.kind == "person" and not self._here

    def _show_more(self, row: Row) -> None:
        """What else the card shows of a row."""

    @staticmethod
    def _name(row: Row) -> str:
        return str(row.get("name") or row.get("email") or "")

    def _projects(self, owned: Sequence[str]) -> str:
        """The projects by name; for who hands over without seeing them, how many there are."""
        if not self._here:
            return translate(
                "Admin", "Van wie de projecten zijn, staat hier niet: een beheerder krijgt geen projecten."
            )
        if not owned:
            return translate("Admin", "Geen eigenaar van een project.")
        seen = [r.name for r in queries.project_rows(self.store, ids=owned)]
        text = translate("Admin", "Eigenaar van %1 projecten").replace("%1", format_number(len(owned)))
        if len(owned) == 1:
            text = translate("Admin", "Eigenaar van 1 project")
        if seen:
            more = len(owned) - len(seen[:SHOWN])
            rest = translate("Admin", "en nog %1").replace("%1", format_number(more))
            text += ": " + ", ".join(seen[:SHOWN]) + (f" {rest}" if more > 0 else "")
        return text + "."

    def _refuse(self, row: Row, key: str, value: Any) -> Finding | None:
        raise NotImplementedError

    def delete(self) -> None:
        """Remove the chosen one, unless projects are theirs."""
        index = self.table.grid.currentIndex()
        if index.isValid() and not self.read_only:
            self._remove(self.table.model.rows[index.row()], index.row())

    def _remove(self, row: Row, place: int) -> None:
        raise NotImplementedError

    def _hand_over(self) -> None:
        from diwi_desktop.gui.dialogs.hand_over import HandOverDialog

        row = self.chosen()
        if row is None:
            return
        if self._asks_server():
            self.editing.state.request("hand_over", row["id"], self._name(row))
            return
        dialog = HandOverDialog(self.editing.state, row["id"], self._name(row), self.kind == "person", self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


class PeoplePage(OwnerPage):
    """Who works with the register."""

    right = Right.EDIT_USERS
    kind = "person"
    edits_in_card = True

    @staticmethod
    def title() -> str:
        return translate("Admin", "Personen")

    def __init__(self, editing: Editing, parent: QWidget | None = None) -> None:
        super().__init__(
            translate(
                "Admin",
                "Wie met de plannen werkt en wat die mag. De stand Actief geeft toegang, Geblokkeerd neemt die meteen"
                " af. Wie een import voor het eerst noemt, staat hier als uitgenodigd.",
            ),
            (
                Column("name", width=160),
                Column("email"),
                Column("role", width=168),
                Column("state", width=116),
                Column("projects", width=84, read_only=True),
            ),
            editing,
            parent,
        )
        self.table.add_button.setText(translate("Admin", "Persoon toevoegen"))
        self.invite = QPushButton(theme.icon("email-outline"), translate("Admin", "Uitnodigen…"))
        self.invite.setProperty("role", "link")
        self.invite.clicked.connect(self._invite)
        self.deeds.insertWidget(1, self.invite)

    def _fill_detail(self) -> None:
        field = Field(
            "person", "groups", FieldType.OPTIONS, "Groepen", "Groups",
            help_nl="Van wat een groep heeft, zijn al haar leden eigenaar, zover hun rol dat toelaat.",
            help_en="What a group has is owned by all its members, as far as their role allows.",
        )  # fmt: skip
        rows = FieldRows(self.detail)
        none = translate("Admin", "Nog geen groepen; maak ze onder Groepen.")
        self.groups = FieldEditor(
            field, self.editing, self, setter=self._set_groups, made=ChoiceInput(field, self._all_groups, none=none)
        )
        rows.add(self.groups)
        self.detail.box.addWidget(rows)

    def refresh(self) -> None:
        rows = [
            {"id": p.id, "name": p.name or None, "email": p.email, "role": p.role.value, "state": p.state.value}
            for p in queries.people(self.store, self.moment)
        ]
        self._load(rows)

    def _show_more(self, row: Row) -> None:
        within = sorted(group.id for group in people.groups(self.store, self.moment) if row["id"] in group.members)
        locked = self.read_only or bool(self.editing.state.lacks(Right.EDIT_GROUPS))
        self.groups.load(row["id"], within or None, (), locked)

    def _show_detail(self) -> None:
        super()._show_detail()
        row = self.chosen()
        invited = row is None or row["state"] == PersonState.INVITED.value
        words = translate("Admin", "Uitnodigen…") if invited else translate("Admin", "Toegang herstellen…")
        self.invite.setText(words)
        refusal = self._not_invited(row)
        self.invite.setEnabled(not refusal)
        tip = translate("Admin", "Een link waarmee deze persoon een wachtwoord kiest")
        self.invite.setToolTip(refusal or tip)

    def _not_invited(self, row: Row | None) -> str:
        """Why this person is given no link now; empty when he can be."""
        state = self.editing.state
        if row is None:
            return translate("Admin", "Kies eerst een persoon.")
        if not state.connected():
            return translate("Admin", "Dat kan als dit register met een server is verbonden.")
        if self.editing.read_only or row["state"] == PersonState.LOCKED.value:
            return translate("Admin", "Wie geblokkeerd is, krijgt geen toegang.")
        viewer, person = state.store.viewer, row["id"]
        if row["state"] != PersonState.INVITED.value:
            may = rights.resets(viewer, person)
            return "" if may else translate("Admin", "Dat kan alleen een beheerder, en niet voor zichzelf.")
        role = UserRole(row["role"])
        found = rights.invites(viewer, person, role, PersonState.INVITED, known=False)
        return "" if found is None else sentence(found)

    def _invite(self) -> None:
        row = self.chosen()
        if row is not None:
            self.editing.state.request("invite", row["id"], self._name(row))

    def _all_groups(self, _field: Field, _chosen: Sequence[str]) -> list[tuple[str, str]]:
        return [(group.id, group.name) for group in people.groups(self.store, self.moment)]

    def _set_groups(self, person: str, value: Any) -> list[Finding]:
        wanted = set(value or ())
        groups = people.groups(self.store)
        name = next((self._name(row) for row in self.table.model.rows if row["id"] == person), "")

        def edit(act: Act) -> None:
            for group in groups:
                if group.id in wanted and person not in group.members:
                    act.create("group_member", {"user_group_id": group.id, "person": person})
                elif group.id not in wanted and person in group.members:
                    act.delete("group_member", group.members[person])

        return self.editing.apply(f"Groepen van {name} wijzigen", edit)

    def _refuse(self, row: Row, key: str, value: Any) -> Finding | None:
        if key != "email":
            return None
        return taken(
            "person", "email", row, value, self.table.model.rows, ("persoon met e-mailadres", "person with address")
        )

    def _remove(self, row: Row, place: int) -> None:
        if row["id"] != NEW and self._owned.get(row["id"]):
            # Somebody's plans would be left without anyone: blocked instead of deleted.
            name = f"{self._name(row)} blokkeren"
            found = self.editing.apply(
                name, lambda act: act.set("person", row["id"], "state", PersonState.LOCKED.value)
            )
            self.table.message.show_findings(found)
            return
        memberships = [g.members[row["id"]] for g in people.groups(self.store) if row["id"] in g.members]
        if not memberships:
            self.table.message.show_findings(self.table.model.remove([place]))
            return

        def edit(act: Act) -> None:
            for membership in memberships:
                act.delete("group_member", membership)
            act.delete("person", row["id"])

        self.table.message.show_findings(self.editing.apply(f"{self._name(row)} verwijderen", edit))


class GroupsPage(OwnerPage):
    """Departments and partners: what a group owns, its members own."""

    right = Right.EDIT_GROUPS
    kind = "user_group"
    edits_in_card = True

    @staticmethod
    def title() -> str:
        return translate("Admin", "Groepen")

    def __init__(self, editing: Editing, parent: QWidget | None = None) -> None:
        super().__init__(
            translate(
                "Admin",
                "Een afdeling, een projectteam of een ontwikkelaar. Van wat een groep heeft, zijn al haar leden"
                " eigenaar, zover hun rol dat toelaat.",
            ),
            (
                Column("name", width=240),
                Column("note"),
                Column("members", width=80, read_only=True),
                Column("projects", width=90, read_only=True),
            ),
            editing,
            parent,
        )

    def _fill_detail(self) -> None:
        field = Field(
            "user_group", "members", FieldType.OPTIONS, "Leden", "Members",
            help_nl="Wie in de groep zit, mag wat de groep mag.",
            help_en="Who is in the group may do what the group may.",
        )  # fmt: skip
        rows = FieldRows(self.detail)
        none = translate("Admin", "Nog geen personen; maak ze onder Personen.")
        self.members = FieldEditor(
            field, self.editing, self, setter=self._set_members, made=ChoiceInput(field, self._people, none=none)
        )
        rows.add(self.members)
        self.detail.box.addWidget(rows)

    def refresh(self) -> None:
        self._groups = {group.id: group for group in people.groups(self.store, self.moment)}
        self._load(
            [
                {"id": g.id, "name": g.name, "note": g.note or None, "members": len(g.members)}
                for g in self._groups.values()
            ]
        )

    def _show_more(self, row: Row) -> None:
        members = self._groups[row["id"]].members if row["id"] in self._groups else {}
        self.members.load(row["id"], sorted(members) or None, (), self.read_only)

    def _people(self, _field: Field, _chosen: Sequence[str]) -> list[tuple[str, str]]:
        return [(p.id, p.name or p.email) for p in queries.people(self.store, self.moment)]

    def _set_members(self, group: str, value: Any) -> list[Finding]:
        wanted = set(value or ())
        now = self._groups[group].members

        def edit(act: Act) -> None:
            for person in sorted(wanted - now.keys()):
                act.create("group_member", {"user_group_id": group, "person": person})
            for person, membership in now.items():
                if person not in wanted:
                    act.delete("group_member", membership)

        return self.editing.apply(f"Leden van {self._groups[group].name} wijzigen", edit)

    def _refuse(self, row: Row, key: str, value: Any) -> Finding | None:
        if key != "name":
            return None
        return taken("user_group", "name", row, value, self.table.model.rows, ("groep", "group"))

    def _remove(self, row: Row, place: int) -> None:
        self.table.message.show_findings(self.table.model.remove([place]))
