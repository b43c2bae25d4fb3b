"""The conflicts: what I wanted, what another has stored, what it was; to be settled one by one or many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QToolButton, QVBoxLayout, QWidget

from diwi_desktop.changes.change import CREATED, DELETED
from diwi_desktop.gui import jobs, theme
from diwi_desktop.gui.fields.words import label
from diwi_desktop.gui.map import compare
from diwi_desktop.gui.map.compare import Contours
from diwi_desktop.gui.map.scene import AreaProposal
from diwi_desktop.gui.projectpage.header import Elided
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.sync.detail import Detail
from diwi_desktop.gui.sync.empty import Empty
from diwi_desktop.gui.sync.inbox_items import Entry
from diwi_desktop.gui.sync.itemtree import ItemTree
from diwi_desktop.gui.sync.othervalue import OtherValueDialog, can_type
from diwi_desktop.gui.tabbing import Entered
from diwi_desktop.gui.toolrow import ToolRow
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.store import inbox, queries
from diwi_desktop.store.inbox import MINE, THEIRS, Value

_WIDE = 1000  # pixels from which on the values of one conflict stand beside the list
_HIGH = 360  # pixels from which on they stand under it


class ConflictsView(Entered, QWidget):
    """The list with its buttons and keys, and the conflict under the cursor whole.

    `contours_wanted` carries the shapes (Contours) to compare on the map, or None; `draw_wanted` the id of the project
    whose contour is to be drawn anew: what is drawn comes in through `take_drawn`.
    """

    contours_wanted = Signal(object)
    draw_wanted = Signal(str)

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._compared = ""  # the id of the conflict whose contours are on the map
        self._drawing: Entry | None = None
        columns = ((self.tr("Veld"), 0), (self.tr("Mijn versie"), 0.16), (self.tr("Hun versie"), 0.16),
                   (self.tr("Zoals het was"), 0.14), (self.tr("Door"), 110), (self.tr("Wanneer"), 138))  # fmt: skip
        # Everything is made in its place: a tree of widgets that changes parent is dressed anew.
        self.row = ToolRow(self)
        self.split = QSplitter(self)
        self.tree = ItemTree(columns, lambda e: (e.what, e.mine, e.theirs, e.base, e.who, e.when), self.split)
        self.tree.setAccessibleName(self.tr("Conflicten"))
        self.tree.room_for = {4: 760, 5: 960}
        self.tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # versions often differ at the end
        self.tree.keys = {
            int(Qt.Key.Key_M): lambda: self.settle(compare.MINE),
            int(Qt.Key.Key_H): lambda: self.settle(compare.THEIRS),
            int(Qt.Key.Key_S): lambda: self.settle(compare.UNION),
            int(Qt.Key.Key_O): lambda: self.settle(compare.DRAW),
            int(Qt.Key.Key_W): self.other_value,
        }
        self.tree.itemSelectionChanged.connect(self._refresh)
        self.tree.pointed.connect(self._pointed)
        self.tree.opened.connect(self.jump)
        self.buttons: dict[str, QToolButton] = {}
        for name, sign, words, key in (
            (compare.MINE, "account-outline", self.tr("Mijn versie"), "M"),
            (compare.THEIRS, "account-multiple-outline", self.tr("Hun versie"), "H"),
            (compare.UNION, "vector-union", self.tr("Samenvoegen"), "S"),
            (compare.DRAW, "vector-polyline-edit", self.tr("Opnieuw tekenen"), "O"),
        ):
            self.buttons[name] = self.row.add_tool(sign, words, key, lambda _on=False, choice=name: self.settle(choice))
        other = self.row.add_tool("form-textbox", self.tr("Andere waarde…"), "W", self.other_value)
        self.row.add_stretch()
        to_field = self.row.add_tool(
            "arrow-right-circle-outline", self.tr("Naar het veld"), "Enter", lambda: self.jump(self.tree.current())
        )
        self.buttons |= {"other": other, "jump": to_field}
        self.detail = Detail(self.split)
        self.split.setChildrenCollapsible(False)
        self.split.setStretchFactor(0, 3)
        self.split.setStretchFactor(1, 2)
        self.who = Elided(self)
        self.who.setContentsMargins(theme.space(2), theme.space(1), theme.space(2), theme.space(1))
        self.none = Empty(
            "check-circle-outline",
            self.tr("Er zijn geen conflicten."),
            self.tr("Wijzigt een ander hetzelfde veld als u, dan staan hier beide waarden en kiest u zelf."),
            self,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.row)
        column.addWidget(self.split, 1)
        column.addWidget(self.who)
        column.addWidget(self.none, 1)
        state.moment_changed.connect(self._refresh)
        self.show_entries(())

    def entrance(self) -> QWidget:
        return self.tree

    # -- showing
    # ------------------------------------------------------------------------------------------------

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show the conflicts there are."""
        self.tree.show_entries(entries)
        for widget in (self.row, self.split):
            widget.setVisible(bool(entries))
        self.none.setVisible(not entries)
        self._make_room()
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The whole conflict where there is room for it; a low and narrow panel has the list alone."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        wide = self.width() >= _WIDE
        self.split.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)
        whole = wide or self.height() >= _HIGH
        self.detail.setVisible(whole)
        self.who.setVisible(not whole and bool(self.tree.entries))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._pointed(self.tree.current())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._compare(None)

    def _refresh(self, *_: object) -> None:
        chosen, current = self.tree.chosen(), self.tree.current()
        able = bool(chosen) and not self._state.read_only
        contours = [entry for entry in chosen if entry.is_contour]
        single = len(chosen) == 1
        for name in (compare.MINE, compare.THEIRS):
            self.buttons[name].setEnabled(able)
        self.buttons[compare.UNION].setEnabled(able and len(contours) == len(chosen))
        self.buttons[compare.DRAW].setEnabled(able and single and bool(contours) and self._can_draw(chosen[0]))
        self.buttons["other"].setEnabled(able and single and can_type(chosen[0]))
        self.buttons["jump"].setEnabled(current is not None and current.item.field not in (CREATED, DELETED))
        for name in (compare.UNION, compare.DRAW):
            self.buttons[name].setVisible(any(entry.is_contour for entry in self.tree.entries))

    def _can_draw(self, entry: Entry) -> bool:
        project = entry.item.project
        return project is not None and not self._state.locked([project])

    def _pointed(self, entry: Entry | None) -> None:
        """The conflict under the cursor is shown whole; of a contour the shapes come on the map."""
        contours = _contours(entry) if entry is not None and entry.is_contour else None
        self.detail.show_entry(entry, contours)
        theirs = ""
        if entry is not None and entry.who:
            theirs = self.tr("%1 wijzigde dit op %2").replace("%1", entry.who).replace("%2", entry.when)
        mine = self.tr("u op %1").replace("%1", entry.made) if entry and entry.made else ""
        self.who.show_text("; ".join(part for part in (theirs, mine) if part))
        self._refresh()
        if not self.isVisible():
            return
        if entry is not None and entry.item.project and self.tree.hasFocus():
            self._state.select([entry.item.project])
        self._compare(entry if contours is not None else None, contours)

    def _compare(self, entry: Entry | None, contours: Contours | None = None) -> None:
        """Show shapes on the map, or take them away; the same shapes are not shown twice."""
        id = "" if entry is None else entry.item.id
        if id != self._compared:
            self._compared, self._drawing = id, None
            self.contours_wanted.emit(contours)

    # -- settling
    # -----------------------------------------------------------------------------------------------

    def settle(self, choice: str) -> None:
        """Settle the chosen conflicts: `compare.MINE`, THEIRS or UNION; DRAW starts drawing, CLOSE compares no more."""
        chosen = self.tree.free()
        if choice == compare.CLOSE:
            self._compare(None)
            return
        if not chosen or self._state.read_only:
            return
        if choice == compare.DRAW:
            self._draw(chosen)
        elif choice != compare.UNION:
            self._settle(dict.fromkeys((e.item.id for e in chosen), MINE if choice == compare.MINE else THEIRS))
        elif all(entry.is_contour for entry in chosen):
            self._settle({entry.item.id: Value(_union(entry)) for entry in chosen})

    def _settle(self, choices: Mapping[str, Any]) -> None:
        store = self._state.store
        self.tree.take(choices)
        ids = [id for entry in self.tree.entries if entry.item.id in choices for id in entry.item.ids]
        words = self.tr("1 conflict afgehandeld. Ctrl+Z maakt dit ongedaan.")
        if len(choices) > 1:
            words = self.tr("%1 conflicten afgehandeld. Ctrl+Z maakt dit ongedaan.").replace("%1", str(len(choices)))

        def done(seq: int | None) -> None:
            if seq is None:  # the server's values stay, so there is no act to take back
                name = "Conflicten afhandelen" if len(choices) > 1 else "Conflict afhandelen"
                self._state.did(name, lambda: inbox.reopen(store, ids))
            self._state.request("say", words)
            self._state.request("refresh_inbox")

        jobs.run_job(
            self, self.tr("Conflicten afhandelen"), lambda p, c: inbox.settle(store, choices), done, self._failed
        )

    def _failed(self, error: Exception) -> None:
        jobs.show_error(self, error)
        self._state.request("refresh_inbox")

    def other_value(self) -> None:
        """Ask for a third value for the chosen conflict."""
        chosen = self.tree.chosen()
        if len(chosen) != 1 or self._state.read_only or not can_type(chosen[0]):
            return
        id = chosen[0].item.id
        dialog = OtherValueDialog(chosen[0], self._state, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.given.connect(lambda value: self._settle({id: Value(value[0])}))
        dialog.open()

    def _draw(self, chosen: Sequence[Entry]) -> None:
        if len(chosen) == 1 and chosen[0].is_contour and chosen[0].item.project and self._can_draw(chosen[0]):
            self._pointed(chosen[0])
            self._drawing = chosen[0]
            self._state.select([chosen[0].item.project])
            self.draw_wanted.emit(chosen[0].item.project)

    def take_drawn(self, proposal: AreaProposal) -> bool:
        """An area that was drawn on the map settles the conflict it was drawn for; False when there is none."""
        entry, self._drawing = self._drawing, None
        if entry is None or proposal.plan != entry.item.project:
            return False
        self._settle({entry.item.id: Value(self._part(entry, proposal))})
        return True

    def _part(self, entry: Entry, proposal: AreaProposal) -> str:
        """What was drawn, without the other areas of a plan that has several."""
        from diwi_desktop.geo.edit import subtract
        from diwi_desktop.geo.shape import from_ewkb, to_ewkb_hex

        rows = queries.entities(self._state.store, "plan_area", parent=proposal.plan)
        others = [from_ewkb(row["geometry"]) for row in rows if row["id"] != entry.item.entity and row["geometry"]]
        return to_ewkb_hex(subtract(proposal.geometry, *others) if others else proposal.geometry)

    # -- going
    # --------------------------------------------------------------------------------------------------

    def jump(self, entry: Entry | None) -> None:
        """Go to the field that a conflict is about."""
        if entry is None or entry.item.field in (CREATED, DELETED):
            return
        item, name = entry.item, label(entry.field) if entry.field is not None else ""
        self._state.request(
            "jump",
            Finding("conflict", Severity.WARNING, name, name, kind=item.kind, entity=item.entity, field=item.field,
                    project=item.project or "", project_name=entry.project),
        )  # fmt: skip


def _contours(entry: Entry) -> Contours:
    from diwi_desktop.geo.shape import from_ewkb
    from diwi_desktop.gui.language import translate

    item = entry.item
    shapes = {
        name: from_ewkb(value) if value else None
        for name, value in ((compare.MINE, item.mine), (compare.THEIRS, item.theirs), (compare.BASE, item.base))
    }
    who = ", ".join(part for part in (entry.who, entry.when) if part)
    theirs = translate("Compare", "Hun versie")
    names = {
        compare.MINE: translate("Compare", "Mijn versie"),
        compare.THEIRS: f"{theirs} ({who})" if who else theirs,
        compare.BASE: translate("Compare", "Zoals het was"),
    }
    title = translate("Compare", "Twee contouren van %1").replace("%1", entry.project)
    return Contours(title, shapes, names)


def _union(entry: Entry) -> str:
    from diwi_desktop.geo.edit import union
    from diwi_desktop.geo.shape import from_ewkb, to_ewkb_hex

    return to_ewkb_hex(union([from_ewkb(entry.item.mine), from_ewkb(entry.item.theirs)]))
