"""The timeline of the project in hand: tool bar, canvas and one line of words; edits become acts here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QLabel,
    QMenu,
    QScrollBar,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from diwi_desktop.gui import settings, theme
from diwi_desktop.gui.fields.editing import Editing
from diwi_desktop.gui.fields.words import homes, sentence
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.tabbing import Entered
from diwi_desktop.gui.timeline.canvas import TimelineCanvas
from diwi_desktop.gui.timeline.draft import Draft
from diwi_desktop.gui.timeline.editor import ItemEditor
from diwi_desktop.gui.timeline.items import Item, Lane, homes_words, words
from diwi_desktop.gui.timeline.tools import HINT, Words, tool_button
from diwi_desktop.gui.toolrow import ToolRow
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import MilestoneBasis, MilestoneState
from diwi_desktop.model.finding import UserError
from diwi_desktop.model.notation import format_date
from diwi_desktop.model.plan import Plan
from diwi_desktop.planning import shift
from diwi_desktop.store import ActInfo, plans, queries

_HIDDEN = "timeline/hidden_lanes"
_MOVE = 420  # pixels for the words of a move, before any for those of buttons


class TimelineWidget(Entered, QWidget):
    """Shows the project that is selected first, as it is at the moment of the window."""

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._editing = Editing(state, self)
        self._stale = True
        self.editor: ItemEditor | None = None
        self.canvas = TimelineCanvas()
        self.hint = Words()
        self.hint.setProperty("role", "small")
        self._empty = QLabel(self.tr("Kies een project om de planning te zien."))
        self._empty.setProperty("role", "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        # Over the canvas: a bar beside it would change the width, and so the rows, and so whether it is needed.
        self._bar = QScrollBar(Qt.Orientation.Vertical, self.canvas)
        self._bar.valueChanged.connect(self._scrolled)
        self._pages = QStackedLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._locked = ""  # why the user may not edit the plan that is shown
        self.tools = self._tools()
        column.addWidget(self.tools)
        column.addLayout(self._pages, 1)
        # Only now: in a layout that belongs to no widget the first page would be a window of its own for a moment.
        self._pages.addWidget(self.canvas)
        self._pages.addWidget(self._empty)
        self._connect()

    def entrance(self) -> QWidget:
        return self.canvas

    def _connect(self) -> None:
        canvas, state = self.canvas, self._state
        canvas.moved.connect(self._keep_move)
        canvas.edit_wanted.connect(self.edit)
        canvas.realise_wanted.connect(self.realise)
        canvas.delete_wanted.connect(self.delete)
        canvas.add_wanted.connect(self.add)
        canvas.menu_wanted.connect(self._menu)
        canvas.draft_changed.connect(self._describe)
        canvas.selection_changed.connect(self._describe)
        canvas.refused.connect(self._say_read_only)
        canvas.view_changed.connect(self._sync_bar)
        state.selection_changed.connect(self._mark_stale)
        state.moment_changed.connect(self._mark_stale)
        state.store_changed.connect(self._stored)

    def _tools(self) -> ToolRow:
        row = ToolRow()
        self.add_button = tool_button(
            "flag-plus-outline", self.tr("Mijlpaal"), self.tr("Mijlpaal toevoegen (Insert)"), self._add_here, True
        )
        self._add_tip = self.add_button.toolTip()
        self.lanes_button = tool_button(
            "eye-outline", self.tr("Banen"), self.tr("Banen tonen of verbergen"), None, True
        )
        self.lanes_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.lanes_button.setMenu(self._lanes_menu())
        self.out_button = tool_button("minus", "", self.tr("Uitzoomen (−)"), self.canvas.zoom_out)
        self.in_button = tool_button("plus", "", self.tr("Inzoomen (+)"), self.canvas.zoom_in)
        self.fit_button = tool_button(
            "fit-to-page-outline",
            self.tr("Alles passend"),
            self.tr("De hele planning in beeld (0)"),
            self.canvas.fit,
            True,
        )
        row.add(self.add_button)
        row.add(self.lanes_button)
        row.add_space(theme.space(2))
        row.put(self.hint, stretch=1, least=HINT)
        row.add(self.out_button, words=False)
        row.add(self.in_button, words=False)
        row.add(self.fit_button)
        return row

    def _lanes_menu(self) -> QMenu:
        menu = QMenu(self)
        self._lane_actions: dict[Lane, QAction] = {}
        hidden = str(settings.value(_HIDDEN, "") or "").split(",")
        for lane, name in self.canvas.lane_names().items():
            action = menu.addAction(name[:1].upper() + name[1:])
            action.setCheckable(True)
            action.setChecked(lane.value not in hidden)
            action.toggled.connect(self._show_lanes)
            self._lane_actions[lane] = action
        self.canvas.set_hidden(self._hidden())
        return menu

    def _hidden(self) -> frozenset[Lane]:
        return frozenset(lane for lane, action in self._lane_actions.items() if not action.isChecked())

    def _show_lanes(self) -> None:
        hidden = self._hidden()
        self.canvas.set_hidden(hidden)
        settings.set_value(_HIDDEN, ",".join(sorted(lane.value for lane in hidden)))

    # ------------------------------------------------------------------------------------------------------- content

    @property
    def plan(self) -> Plan | None:
        """The plan shown."""
        return self.canvas.plan

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.reload()

    def reload(self) -> None:
        """Read the project again and show it as it is now."""
        self._stale = False
        project, moment = self._state.project, self._state.moment
        found = plans.plans(self._state.store, moment, [project]) if project else []
        plan = found[0] if found else None
        self._locked = self._state.locked([plan.id]) if plan else ""
        word = self.tr("vandaag") if not self._state.past else format_date(moment.on)
        self.canvas.show_plan(plan, moment.on, word, read_only=self._fixed)
        self._pages.setCurrentIndex(0 if plan else 1)
        for button in (self.lanes_button, self.out_button, self.in_button, self.fit_button):
            button.setEnabled(plan is not None)
        self.add_button.setEnabled(plan is not None and not self._fixed)
        self.add_button.setToolTip(self._locked or self._add_tip)
        name = self.tr("Tijdlijn van {0}").format(plan.name) if plan else self.tr("Tijdlijn")
        self.canvas.setAccessibleName(name)
        self._describe()

    def _mark_stale(self) -> None:
        self._stale = True
        if self.isVisible():
            self.reload()

    def _stored(self, info: ActInfo) -> None:
        if not info.projects or self._state.project in info.projects:
            self._mark_stale()

    def _scrolled(self, value: int) -> None:
        if round(self.canvas.scrolled) != value:
            self.canvas.scroll_to(value)

    def _sync_bar(self) -> None:
        over = self.canvas.overflow
        box = self.canvas.lanes_box.toRect()
        wide = self._bar.sizeHint().width()
        self._bar.setGeometry(box.right() + 1 - wide, box.top(), wide, box.height())
        self._bar.setVisible(over > 0)
        self._bar.setRange(0, over)
        self._bar.setPageStep(max(1, round(self.canvas.lanes_box.height())))
        self._bar.setValue(round(self.canvas.scrolled))

    # --------------------------------------------------------------------------------------------------------- words

    def _describe(self) -> None:
        """Say what is selected, or what the move in the making would change."""
        draft = self.canvas.draft
        selected = self.canvas.describe()
        self.canvas.setAccessibleDescription(selected or self._summary())
        # While something is dragged, what it changes counts more than the words of the buttons.
        self.tools.need(self.hint, HINT if draft is None else _MOVE)
        if draft is not None:
            self._say(self._draft_words(draft))
        else:
            self._say(selected or self._summary())

    def _say(self, text: str) -> None:
        self.hint.setText(text)
        self.hint.setToolTip(text)

    def _summary(self) -> str:
        plan = self.plan
        if plan is None:
            return ""
        deliveries = sum(len(block.deliveries) for block in plan.blocks)
        one, more = self.tr("{0} mijlpalen, {1} in 1 oplevering"), self.tr("{0} mijlpalen, {1} in {2} opleveringen")
        text = one if deliveries == 1 else more
        lanes = {code.key: code.extra["lane"] for code in code_list("milestone_type").codes}
        steps = sum(lanes[m.type] == Lane.MILESTONE.value for m in plan.milestones)
        return text.format(steps, homes(plan.built), deliveries)

    def _draft_words(self, draft: Draft) -> str:
        """What changes if the move is kept. The day itself stands at the item."""
        parts = []
        if draft.follow:
            one, more = self.tr("1 andere schuift mee"), self.tr("{0} andere schuiven mee")
            parts.append(one if draft.followers == 1 else more.format(draft.followers))
        changes = [f"{year}: {homes_words(*pair)}" for year, pair in draft.changed.items()]
        if changes:
            parts.append(self.tr("Woningen {0}").format(", ".join(changes)))
        else:
            parts.append(self.tr("Woningen per jaar blijven gelijk"))
        if not draft.follow:
            parts.append(self.tr("Shift: wat volgt schuift mee"))
        return "  ·  ".join(parts)

    @property
    def _fixed(self) -> bool:
        """Whether nothing can be changed here: another day, a register to read, or somebody else's project."""
        return self._state.read_only or bool(self._locked)

    def _say_read_only(self) -> None:
        if self._locked:
            self._say(self._locked)
        elif self._state.past:
            self._say(self.tr("U bekijkt een eerdere dag. Ga terug naar vandaag om de planning te wijzigen."))
        else:
            self._say(self.tr("Dit register is alleen om te lezen geopend. De planning kan hier niet wijzigen."))

    # ---------------------------------------------------------------------------------------------------------- acts

    def _keep_move(self, draft: Draft) -> None:
        item = self.canvas.item(draft.item)
        if item is None or self.plan is None:
            return
        what = "Mijlpaal" if item.kind == "milestone" else "Oplevering"

        def edit(act: Any) -> None:
            shift.apply(act, draft.moves)
            if item.kind == "milestone":
                act.set("milestone", item.id, "basis", MilestoneBasis.HAND)

        self._do(f"{what} verplaatsen: {self._name(item)}", edit)

    def _do(self, name: str, edit: Callable[[Any], None]) -> bool:
        """One act; a refusal is said in the line of words and nothing changes."""
        try:
            with self._state.store.act(name) as act:
                edit(act)
        except UserError as error:
            self.reload()
            self._say(sentence(error))
            return False
        # Not only at the signal: what is drawn must be what is stored when the mouse is let go.
        self.reload()
        return True

    def _name(self, item: Item) -> str:
        """The name of an item for the log: always Dutch."""
        if item.kind == "milestone":
            found = next((m for m in self.plan.milestones if m.id == item.id), None) if self.plan else None
            return code_list("milestone_type").label(found.type) if found else item.title
        return item.label

    def delete(self, id: str) -> None:
        """Take an item away; undo brings it back."""
        item = self.canvas.item(id)
        if item is None or self._refuse():
            return
        what = "Mijlpaal" if item.kind == "milestone" else "Oplevering"
        self._do(f"{what} verwijderen: {self._name(item)}", lambda act: act.delete(item.kind, id))

    def _refuse(self) -> bool:
        if self._fixed:
            self._say_read_only()
        return self._fixed

    # ------------------------------------------------------------------------------------------------------- editing

    def edit(self, id: str, preset: dict[str, Any] | None = None) -> None:
        """Open the small window for an item; `preset` fills in values that are kept only when the user does so."""
        item = self.canvas.item(id)
        if item is None or self._refuse():
            return
        values = queries.entity(self._state.store, item.kind, id) or {}
        editor = ItemEditor(item.kind, item.title, values, self._editing, self, preset=preset)
        editor.kept.connect(lambda changed: self._keep_edit(item, values, changed))
        editor.delete_wanted.connect(lambda: self.delete(id))
        self._open(editor, self.canvas.mapToGlobal(self.canvas.place_of(id)) + QPoint(0, theme.space(4)))

    def realise(self, id: str) -> None:
        """Open the small window with the state realised, on its own day or today when that is still to come."""
        item = self.canvas.item(id)
        if item is not None:
            day = min(item.date, self._state.store.clock.today())
            self.edit(id, {"state": MilestoneState.REALIZED.value, "date": day.isoformat()})

    def _realise_on(self, item: Item, day: date) -> None:
        def edit(act: Any) -> None:
            act.set(item.kind, item.id, "state", MilestoneState.REALIZED)
            act.set(item.kind, item.id, "date", day)
            if item.kind == "milestone":
                act.set("milestone", item.id, "basis", MilestoneBasis.HAND)

        self._do(f"Gerealiseerd op {format_date(day)}: {self._name(item)}", edit)

    def add(self, day: date) -> None:
        """Open the small window for a new milestone on a day."""
        if self.plan is None or self._refuse():
            return
        past = day <= self._state.store.clock.today()
        state = MilestoneState.REALIZED if past else MilestoneState.PLANNED
        values = {"date": day.isoformat(), "state": state.value}
        editor = ItemEditor("milestone", self.tr("Nieuwe mijlpaal"), values, self._editing, self, new=True)
        editor.kept.connect(self._keep_new)
        x = round(min(max(self.canvas.scale.x(day), self.canvas.scale.left), self.canvas.scale.right))
        self._open(editor, self.canvas.mapToGlobal(QPoint(x, round(self.canvas.lanes_box.top()))))

    def _add_here(self) -> None:
        item = self.canvas.selected
        self.add(item.date if item else self.canvas.today)

    def _open(self, editor: ItemEditor, at: QPoint) -> None:
        self.editor = editor
        editor.closed.connect(self._forget_editor)
        editor.open_at(at)

    def _forget_editor(self, editor: ItemEditor) -> None:
        if self.editor is editor:
            self.editor = None

    def _close_editor(self) -> None:
        if self.editor is not None:
            self.editor.close()
        self.canvas.setFocus()

    def _keep_edit(self, item: Item, values: dict[str, Any], changed: dict[str, Any]) -> None:
        if changed:
            changed = dict(changed)
            if item.kind == "milestone" and "date" in changed and values.get("basis") != MilestoneBasis.HAND:
                changed["basis"] = MilestoneBasis.HAND.value

            def edit(act: Any) -> None:
                for key, value in changed.items():
                    act.set(item.kind, item.id, key, value)

            what = "Mijlpaal" if item.kind == "milestone" else "Oplevering"
            found = self._editing.apply(f"{what} wijzigen: {self._name(item)}", edit)
            if found and self.editor is not None:
                self.editor.show_findings(found)
                return
            self.reload()
        self._close_editor()

    def _keep_new(self, values: dict[str, Any]) -> None:
        plan = self.plan
        if plan is None:
            return
        made: list[str] = []
        given = {key: value for key, value in values.items() if value is not None}
        name = code_list("milestone_type").label(given["type"])

        def edit(act: Any) -> None:
            made.append(act.create("milestone", {"project_id": plan.id, "basis": MilestoneBasis.HAND, **given}))

        found = self._editing.apply(f"Mijlpaal toevoegen: {name}", edit)
        if found and self.editor is not None:
            self.editor.show_findings(found)
            return
        self.reload()
        self.canvas.select(made[0])
        self._close_editor()

    # ---------------------------------------------------------------------------------------------------------- menu

    def _menu(self, item: Item | None, day: date, place: QPoint) -> None:
        self.menu = self.menu_for(item, day)
        self.menu.popup(place)

    def menu_for(self, item: Item | None, day: date) -> QMenu:
        """What can be done with an item, or on a day."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        writable = not self._fixed
        if item is not None:
            menu.setAccessibleName(words(item))
            self._entry(menu, self.tr("Bewerken"), "pencil", "F2", lambda: self.edit(item.id), writable)
            if item.state is not MilestoneState.REALIZED:
                today = self._state.store.clock.today()
                for on in dict.fromkeys((min(item.date, today), today)):
                    text = self.tr("Gerealiseerd op {0}").format(format_date(on))
                    self._entry(menu, text, "check", "", partial(self._realise_on, item, on), writable)
                self._entry(menu, self.tr("Gerealiseerd op…"), "check", "G", lambda: self.realise(item.id), writable)
            self._entry(menu, self.tr("Verwijderen"), "delete-outline", "Del", lambda: self.delete(item.id), writable)
            menu.addSeparator()
        text = self.tr("Mijlpaal toevoegen op {0}").format(format_date(day))
        self._entry(menu, text, "flag-plus-outline", "Ins", lambda: self.add(day), writable and self.plan is not None)
        menu.addSeparator()
        self._entry(menu, self.tr("Alles passend"), "fit-to-page-outline", "0", self.canvas.fit, True)
        return menu

    @staticmethod
    def _entry(menu: QMenu, text: str, icon: str, key: str, do: Callable[[], Any], enabled: bool) -> None:
        action = menu.addAction(theme.icon(icon), text)
        if key:
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.setEnabled(enabled)
        action.triggered.connect(lambda _checked=False: do())
