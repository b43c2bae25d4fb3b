"""The main window: panels around one selection and one moment, and everything that can be done with them."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QTabBar, QTabWidget, QWidget

from diwi_desktop.gui import heavy, jobs, menus, settings, theme
from diwi_desktop.gui.actnames import act_name
from diwi_desktop.gui.commands import Commands
from diwi_desktop.gui.navigation import NavRail
from diwi_desktop.gui.panels import Panel
from diwi_desktop.gui.presets import PRESETS, arrange
from diwi_desktop.gui.projecttable.panel import ProjectTable
from diwi_desktop.gui.referencedate import PastBar, PastFrame
from diwi_desktop.gui.search import SearchField
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.statusline import StatusLine
from diwi_desktop.gui.sync.arrivals import Arrivals
from diwi_desktop.gui.sync.link import Link
from diwi_desktop.gui.sync.presence import Whereabouts
from diwi_desktop.gui.topbar import TopBar
from diwi_desktop.model.finding import Finding, UserError
from diwi_desktop.model.rights import Right
from diwi_desktop.store import Store, UndoConflict, queries

# Goes up when panels are added or renamed: an arrangement of before is then not restored.
LAYOUT_VERSION = 2
_NEEDS_PROJECT = ("new_sub_plan", "delete_project", "zoom_selection")
_PANEL_MODULES = (
    "mappanel", "map.engine", "projectpage.page", "timeline", "findings", "submissions", "history", "admin",
    "sync.inbox",
)  # fmt: skip
_EDITS = ("new_project", "new_sub_plan", "delete_project", "import")
_RIGHTS = {
    "new_project": Right.CREATE_PROJECT,
    "new_sub_plan": Right.CREATE_PROJECT,
    "import": Right.IMPORT,
    "submit": Right.VIEW_EXCHANGE,
    "tool_parcels": Right.CREATE_PROJECT,
    "tool_contour": Right.CREATE_PROJECT,
    "tool_draw": Right.CREATE_PROJECT,
    "tool_cut": Right.CREATE_PROJECT,
}
_DRAWING = frozenset(name for name in _RIGHTS if name.startswith("tool_"))


class MainWindow(QMainWindow):
    """One register in one window, as its user sees it.

    `user_asked` carries the id of the person in whose name to go on (None: the sole user), in a new window.
    `register_asked` carries the path of another register to open (None: the demo); whoever made the window opens it.
    `look_changed` asks to dress the application again. `lease_ended`: nothing may be shown any more. `usable` follows
    the first paint, with table, menus and search field in place; `ready` comes when the other panels stand too.
    """

    register_asked = Signal(object)
    user_asked = Signal(object)
    look_changed = Signal()
    lease_ended = Signal()
    usable = Signal()
    ready = Signal()

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.setObjectName("MainWindow")
        self.state = AppState(store, self)
        self._viewer = store.viewer
        self.commands = Commands(self)
        self._painted = False
        self._ready = False
        self._makers: dict[str, Callable[[], QWidget]] = {}
        self.setWindowTitle(f"{queries.municipality(store).name} – {store.path.name} – DIWI Desktop")
        self.setDockNestingEnabled(True)
        self.setDockOptions(
            QMainWindow.DockOption.AllowNestedDocks
            | QMainWindow.DockOption.AllowTabbedDocks
            | QMainWindow.DockOption.GroupedDragging
        )
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.resize(1600, 1000)
        self.setMinimumSize(960, 600)
        self._make_bars()
        self._make_panels()
        menus.Menus(self)
        self._register()
        self._restore_layout()
        self._refresh_commands()
        self.table.setFocus()

    # -- building
    # -----------------------------------------------------------------------------------------------

    def _make_bars(self) -> None:
        self.search = SearchField(self.state, lambda: list(self.commands), self)
        self.link = Link(self.state.store, self)
        self.top_bar = TopBar(self.state, self.link, self.search, self)
        self.past_bar = PastBar(self.state, self)
        area = Qt.ToolBarArea
        self.addToolBar(area.TopToolBarArea, self.top_bar)
        self.addToolBarBreak(area.TopToolBarArea)
        self.addToolBar(area.TopToolBarArea, self.past_bar)
        self.status_line = StatusLine(self.state, self.link, self)
        self.setStatusBar(self.status_line)
        self.past_frame = PastFrame(self.state, self)
        self.whereabouts = Whereabouts(self.state, self.link, self)
        self.arrivals = Arrivals(self.state, self)

    def _make_panels(self) -> None:
        self.panels: dict[str, Panel] = {}
        for name, title, icon, make in (
            ("map", self.tr("Kaart"), "map-outline", self._make_map),
            ("projects", self.tr("Projecten"), "format-list-bulleted", None),
            ("page", self.tr("Projectpagina"), "file-document-outline", self._make_page),
            ("planning", self.tr("Planning"), "chart-gantt", self._make_planning),
            ("findings", self.tr("Meldingen"), "alert-outline", self._make_findings),
            ("submissions", self.tr("Aanleveringen"), "send-outline", self._make_submissions),
            ("history", self.tr("Historie"), "history", self._make_history),
            ("admin", self.tr("Beheer"), "cog-outline", self._make_admin),
            ("conflicts", self.tr("Conflicten"), "source-branch-sync", self._make_conflicts),
        ):
            panel = Panel(name, title, icon, self)
            self.panels[name] = panel
            if make is not None:
                self._makers[name] = make
            panel.visibilityChanged.connect(self._panels_moved)
            panel.dockLocationChanged.connect(self._panels_moved)
            panel.topLevelChanged.connect(self._panels_moved)
        self.table = ProjectTable(self.state, self.panels["projects"].place)
        self.panels["projects"].fill(self.table)
        self.panels["projects"].set_count(self.table.count_text)
        self.table.count_changed.connect(self.panels["projects"].set_count)
        items = (
            ("map", self.tr("Kaart"), "map-outline", "Ctrl+1"),
            ("projects", self.tr("Projecten"), "format-list-bulleted", "Ctrl+2"),
            ("planning", self.tr("Planning"), "chart-gantt", "Ctrl+4"),
            ("findings", self.tr("Meldingen"), "alert-outline", "Ctrl+5"),
            ("submissions", self.tr("Aanleveren"), "send-outline", "Ctrl+6"),
            ("history", self.tr("Historie"), "history", "Ctrl+7"),
            ("conflicts", self.tr("Conflicten"), "source-branch-sync", "Ctrl+9"),
            ("admin", self.tr("Beheer"), "cog-outline", "Ctrl+8"),
        )
        self.rail = NavRail(items, self)
        self.rail.chosen.connect(self.toggle_panel)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self.rail)
        self._moving = QTimer(self)
        self._moving.setSingleShot(True)
        self._moving.timeout.connect(self._follow_panels)

    def _make_map(self) -> QWidget:
        from diwi_desktop.gui.mappanel import MapPanel

        return MapPanel(self.state, self.panels["map"].place)

    def _make_page(self) -> QWidget:
        from diwi_desktop.gui.projectpage.page import ProjectPage

        made = ProjectPage(self.state, self.panels["page"].place)
        self.link.others.connect(made.show_others)
        return made

    def _make_planning(self) -> QWidget:
        from diwi_desktop.gui.timeline import PlanningPanel

        return PlanningPanel(self.state, self.panels["planning"].place)

    def _make_findings(self) -> QWidget:
        from diwi_desktop.gui.findings import FindingsPanel

        made = FindingsPanel(self.state, self.panels["findings"].place)
        made.counted.connect(self._findings_counted)
        return made

    def _make_submissions(self) -> QWidget:
        from diwi_desktop.gui.submissions import SubmissionsPanel

        return SubmissionsPanel(self.state, self.panels["submissions"].place)

    def _make_history(self) -> QWidget:
        from diwi_desktop.gui.history import HistoryPanel

        return HistoryPanel(self.state, self.panels["history"].place)

    def _make_admin(self) -> QWidget:
        from diwi_desktop.gui.admin import AdminPanel

        return AdminPanel(self.state, self.panels["admin"].place)

    def _make_conflicts(self) -> QWidget:
        from diwi_desktop.gui.sync.inbox import InboxPanel

        made = InboxPanel(self.state, self.panels["conflicts"].place)
        made.counted.connect(self._conflicts_counted)
        self.link.changed.connect(made.follow)
        self.link.changed.connect(lambda _status: self.state.request("refresh_files"))
        made.conflicts.contours_wanted.connect(self._compare)
        made.conflicts.draw_wanted.connect(self._draw_again)
        return made

    def _register(self) -> None:
        state = self.state
        for name, do in (
            ("jump", self.jump),
            ("zoom_to_project", self._zoom_to_project),
            ("zoom_to_parcel", self._zoom_to_parcel),
            ("zoom_to", self._zoom_to),
            ("map_tool", self.map_tool),
            ("show_panel", self.show_panel),
            ("new_project", self.new_project),
            ("import", self.import_file),
            ("submit", self.submit),
            ("admin", lambda: self.show_panel("admin")),
            ("undo", self.undo),
            ("redo", self.redo),
            ("open_demo", self.open_demo),
            ("say", self.status_line.say),
        ):
            state.register(name, do)
        state.register("choose_user", self.choose_user)
        state.register("conflicts", self.show_conflicts)
        state.register("not_accepted", self.show_not_accepted)
        state.register("settle_contours", self._settle_contours)
        state.register("sync", self.synchronise)
        state.register("stop_sync", self.link.cancel)
        state.register("connect", self.connect_server)
        state.register("sign_in", self.sign_in)
        state.register("sign_out", self.sign_out)
        state.register("devices", self.show_devices)
        state.store_changed.connect(self._refresh_commands)
        state.store_changed.connect(self._look_again)
        self.link.changed.connect(self._look_again)
        self.link.lease_ended.connect(self.lease_ended)
        self.arrivals.arrived.connect(self.table.model.mark)
        self.arrivals.said.connect(self.status_line.say)
        state.moment_changed.connect(self._refresh_commands)
        state.undo_changed.connect(self._refresh_commands)
        state.selection_changed.connect(self._refresh_commands)

    # -- start and end
    # ------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self._first_painted)

    def _first_painted(self) -> None:
        """The table is in sight and can be used; the other panels follow, one per turn of the event loop."""
        self.usable.emit()
        jobs.run_quietly(lambda p, c: _load_modules(), lambda _: self._fill_next(), parent=self)

    def _fill_next(self) -> None:
        """Fill one panel per turn of the event loop, those in sight first."""
        waiting = sorted(self._makers, key=lambda name: not self.panels[name].isVisible())
        if waiting:
            self._panel(waiting[0])
            QTimer.singleShot(0, self, self._fill_next)
        elif not self._ready:
            self._ready = True
            self._follow_panels()
            self.link.start()
            self.whereabouts.tell()
            self.ready.emit()

    @property
    def is_ready(self) -> bool:
        """Whether all panels have their content."""
        return self._ready

    def _panel(self, name: str) -> QWidget:
        """The content of a panel, made when first asked for."""
        make = self._makers.pop(name, None)
        if make is None:
            return self.panels[name].content
        heavy.load()
        return self.panels[name].fill(make())

    @property
    def map(self) -> Any:
        """The map panel."""
        return self._panel("map")

    @property
    def page(self) -> Any:
        """The project page."""
        return self._panel("page")

    @property
    def findings(self) -> Any:
        """The panel with findings."""
        return self._panel("findings")

    @property
    def admin(self) -> Any:
        """The panel of what the municipality keeps itself."""
        return self._panel("admin")

    def remember_layout(self) -> None:
        """Keep the places of window and panels for the next one."""
        settings.set_layout("geometry", self.saveGeometry())
        settings.set_layout("panels", self.saveState(LAYOUT_VERSION))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.remember_layout()
        self._leave_field()
        self.table.remember_now()
        if "page" not in self._makers:
            self.page.since.remember()
        self.link.close()
        self.state.close()
        if "map" not in self._makers:
            self.map.canvas.shutdown()
        self._makers.clear()
        self._ready = True  # a window that closes while it fills its panels fills no more
        jobs.stop_all(self)
        super().closeEvent(event)

    def _store_field(self) -> None:
        """Store the edit at hand; the keyboard stays where it is."""
        focused = QApplication.focusWidget()
        self._leave_field()
        if focused is not None and self.isAncestorOf(focused):
            focused.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave_field(self) -> None:
        """An edit is stored when its field is left; closing the window leaves it."""
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            focused.clearFocus()

    # -- panels
    # -------------------------------------------------------------------------------------------------

    def _restore_layout(self) -> None:
        geometry, panels = settings.layout("geometry"), settings.layout("panels")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)
        if not isinstance(panels, QByteArray) or not self._restore_panels(panels):
            arrange(self, self.panels, PRESETS["overview"])
        self.past_bar.setVisible(self.state.past)
        self.top_bar.show()
        self.rail.show()

    def _restore_panels(self, remembered: QByteArray) -> bool:
        for panel in self.panels.values():
            self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, panel)
        return self.restoreState(remembered, LAYOUT_VERSION)

    def apply_preset(self, name: str) -> None:
        """Arrange the panels for a kind of work: overview, drawing, meeting or submitting."""
        arrange(self, self.panels, PRESETS[name])
        self._panels_moved()

    def show_panel(self, name: str) -> None:
        """Bring a panel in sight and give it the focus; "page" only comes in front.

        KeyError for an unknown name.
        """
        panel = self.panels[name]
        content = self._panel(name)
        panel.show()
        panel.raise_()
        if name != "page":
            content.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def toggle_panel(self, name: str) -> None:
        """Hide a panel that is in front, else bring it in front."""
        panel = self.panels[name]
        if panel.in_sight:
            panel.hide()
        else:
            self.show_panel(name)

    def _panels_moved(self, *_: object) -> None:
        if not self._moving.isActive():
            self._moving.start(0)

    def _follow_panels(self) -> None:
        """Title bars give way to tabs, and the rail shows what is in sight."""
        for panel in self.panels.values():
            others = [p for p in self.tabifiedDockWidgets(panel) if not p.isHidden()]
            panel.follow_tabs(bool(others) and not panel.isHidden())
        for tabs in self.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            tabs.setElideMode(Qt.TextElideMode.ElideNone)
            tabs.setExpanding(False)
            tabs.setDrawBase(False)
            # Qt leaves the tab bar of a place that is no more at the corner of the window.
            if tabs.y() < self.menuBar().height():
                tabs.hide()
        self.rail.show_state({name: panel.in_sight for name, panel in self.panels.items()})

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.past_frame.fit()
        self.search.follow_window()
        self._panels_moved()

    def _findings_counted(self, count: int) -> None:
        self.panels["findings"].set_count(str(count) if count else "")
        self.rail.set_count("findings", count)

    def _conflicts_counted(self, conflicts: int, refused: int) -> None:
        count = conflicts + refused
        self.panels["conflicts"].set_count(str(count) if count else "")
        self.rail.set_count("conflicts", count)

    @property
    def inbox(self) -> Any:
        """The panel with conflicts and what was not accepted."""
        return self._panel("conflicts")

    def show_conflicts(self) -> None:
        """What others changed at the same time, to be settled."""
        self.show_panel("conflicts")
        self.inbox.show_conflicts()

    def show_not_accepted(self) -> None:
        """What the server did not take over."""
        self.show_panel("conflicts")
        self.inbox.show_refused()

    def _compare(self, contours: Any) -> None:
        """Versions of a contour over each other on the map; the map comes in sight for it."""
        if contours is not None and not self.panels["map"].in_sight:
            self.panels["map"].show()
            self.panels["map"].raise_()
        self.map.compare(contours)

    def _settle_contours(self, choice: str) -> None:
        self.inbox.conflicts.settle(choice)

    def _draw_again(self, _project: str) -> None:
        self.map.draw_for(self.inbox.conflicts.take_drawn)

    # -- going
    # --------------------------------------------------------------------------------------------------

    def jump(self, finding: Finding) -> None:
        """Go to the field that a finding is about."""
        if finding.kind == "option":
            self.show_panel("admin")
            self.admin.jump(finding)
            return
        if finding.project:
            self.state.select([finding.project])
            self._zoom_to_project(finding.project)
        self.show_panel("page")
        self.page.jump(finding)

    def step(self, by: int) -> None:
        """Select the next or previous project of the table."""
        shown = self.table.model.shown
        if not shown:
            return
        place = self.table.model.place_of(self.state.project) if self.state.project else None
        to = 0 if place is None else max(0, min(len(shown) - 1, place + by))
        self.state.select([shown[to].id])

    def choose_date(self) -> None:
        """Open the calendar of the reference date."""
        self.top_bar.date_button.choose()

    def zoom_to_selection(self) -> None:
        """Show the selected plans on the map."""
        self.show_panel("map")
        self.map.canvas.zoom_to_selection()

    def zoom_to_all(self) -> None:
        """Show the whole map."""
        self.show_panel("map")
        self.map.canvas.zoom_to_all()

    def map_tool(self, name: str) -> None:
        """Take up a tool of the map."""
        self.show_panel("map")
        self.map.canvas.start_tool(name)

    def colour_map(self, by: str) -> None:
        """Colour the plans by "phase" or "status"."""
        self.map.colour_by(by)

    def _zoom_to_project(self, project: str) -> None:
        self.map.zoom_to_project(project)

    def _zoom_to_parcel(self, designation: str) -> None:
        self.show_panel("map")
        self.map.zoom_to_parcel(designation)

    def _zoom_to(self, bounds: tuple[float, float, float, float]) -> None:
        self.show_panel("map")
        self.map.canvas.zoom_to(bounds)

    # -- projects
    # -----------------------------------------------------------------------------------------------

    def new_project(self, proposal: Any = None) -> None:
        """Ask for a name, make the project, select it and offer the parcels.

        `proposal` is an area drawn for it.
        """
        if not self.state.read_only and not self._refused("new_project"):
            self._ask_new_project(None, proposal)

    def new_sub_plan(self) -> None:
        """A new project under the one in hand."""
        if self.state.project is not None and not self.state.read_only and not self._refused("new_sub_plan"):
            self._ask_new_project(self.state.project, None)

    def _ask_new_project(self, mother: str | None, proposal: Any) -> None:
        from diwi_desktop.gui.dialogs.new_project import NewProjectDialog

        dialog = NewProjectDialog(self.state, self, mother)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.created.connect(lambda project: self._created(project, proposal))
        dialog.open()

    def _created(self, project: str, proposal: Any) -> None:
        from diwi_desktop.gui.mappanel import store_area

        if proposal is not None:
            store_area(self.state, project, proposal)
        self.state.select([project])
        self.show_panel("page")
        if proposal is None:
            self.map_tool("parcels")

    def delete_project(self) -> None:
        """Delete the selected projects; Ctrl+Z brings them back."""
        chosen = self.state.selection
        if not chosen or self.state.read_only or self._refused("delete_project"):
            return
        names = {p: row.name for p in chosen if (row := self.table.model.row_of(p)) is not None}
        store = self.state.store
        name = "Project verwijderen" if len(chosen) == 1 else "Projecten verwijderen"

        def work(progress: jobs.Progress, cancelled: jobs.IsCancelled) -> None:
            with store.act(name, progress=progress, cancelled=cancelled) as act:
                for project in chosen:
                    act.delete("project", project)

        def done(_: object) -> None:
            self.state.select([p for p in self.state.selection if p not in chosen])
            words = names.get(chosen[0], "") if len(chosen) == 1 else self.tr("{0} projecten").format(len(chosen))
            self.status_line.say(self.tr("{0} verwijderd. Ctrl+Z maakt dit ongedaan.").format(words))

        jobs.run_job(self, act_name(name), work, done)

    # -- undo
    # ---------------------------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take the last act back."""
        name, take_back = self.state.undo_name, self.state.take_beside()
        if take_back is None:
            self._invert(self.state.store.undo, self.state.store.undo_name, self.tr("Ongedaan gemaakt: {0}"))
            return
        said = self.tr("Ongedaan gemaakt: {0}").format(act_name(name or ""))

        def done(_: object) -> None:
            self.status_line.say(said)
            self.state.request("refresh_inbox")

        jobs.run_job(self, said, lambda p, c: take_back(), done)

    def redo(self) -> None:
        """Do again what was taken back."""
        self._invert(self.state.store.redo, self.state.store.redo_name, self.tr("Opnieuw gedaan: {0}"))

    def _invert(self, invert: Callable[..., Any], name: str | None, words: str, *, force: bool = False) -> None:
        if name is None or self.state.read_only:
            return

        def failed(error: Exception) -> None:
            if isinstance(error, UndoConflict):
                self._ask_force(error, lambda: self._invert(invert, name, words, force=True))
            else:
                jobs.show_error(self, error)

        def done(_: object) -> None:
            self.status_line.say(words.format(act_name(name)))

        jobs.run_job(self, words.format(act_name(name)), lambda p, c: invert(force=force), done, failed)

    def _ask_force(self, error: UndoConflict, go: Callable[[], None]) -> None:
        from PySide6.QtWidgets import QMessageBox

        box = QMessageBox(QMessageBox.Icon.Question, self.tr("Ongedaan maken"), jobs.error_text(error), parent=self)
        box.setInformativeText(self.tr("De waarde van een ander wordt dan overschreven."))
        box.addButton(self.tr("Toch ongedaan maken"), QMessageBox.ButtonRole.AcceptRole).clicked.connect(go)
        box.setDefaultButton(box.addButton(self.tr("Laat zo"), QMessageBox.ButtonRole.RejectRole))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _refresh_commands(self, *_: object) -> None:
        store, read_only = self.state.store, self.state.read_only
        for command, words, name in (
            ("undo", self.tr("Ongedaan maken"), self.state.undo_name),
            ("redo", self.tr("Opnieuw"), store.redo_name),
        ):
            action = self.commands[command]
            action.setText(f"{words}: {act_name(name)}" if name and not read_only else words)
            action.setEnabled(bool(name) and not read_only)
        for command in (*_NEEDS_PROJECT, *_EDITS, "submit", *_DRAWING):
            possible = bool(self.state.selection) or command not in _NEEDS_PROJECT
            if command in _EDITS:
                possible = possible and not read_only
            self.commands.allow(command, possible, self._refusal(command))
        self.commands["today"].setEnabled(self.state.past)

    def _refusal(self, command: str) -> str:
        """Why the user may not do this, in one sentence; empty when he may."""
        if command == "delete_project":
            return self.state.locked(self.state.selection, deleting=True)
        if command in _DRAWING and self.state.selection:
            return self.state.locked(self.state.selection[:1])
        right = _RIGHTS.get(command)
        return self.state.lacks(right) if right is not None else ""

    def _refused(self, command: str) -> bool:
        """Whether the user may not do this; the status line says why."""
        refusal = self._refusal(command)
        if refusal:
            self.status_line.say(refusal)
        return bool(refusal)

    # -- table
    # --------------------------------------------------------------------------------------------------

    def table_add_filter(self) -> None:
        """Offer the columns to filter on."""
        self.show_panel("projects")
        self.table.add_filter()

    def table_clear_filters(self) -> None:
        """Show all projects again."""
        self.table.model.clear_filters()

    def table_columns(self) -> None:
        """Choose the columns of the table."""
        self.show_panel("projects")
        self.table.choose_columns()

    def table_copy(self) -> None:
        """The table on the clipboard."""
        self.table.copy()

    # -- files
    # --------------------------------------------------------------------------------------------------

    def new_register(self) -> None:
        """Make a register for a municipality and open it."""
        from diwi_desktop.gui.dialogs.new_register import NewRegisterDialog

        dialog = NewRegisterDialog(self.state.store.path.parent, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.created.connect(self.open_path)
        dialog.open()

    def open_register(self) -> None:
        """Choose a register to open."""
        from PySide6.QtWidgets import QFileDialog

        dialog = QFileDialog(self, self.tr("Register openen"), str(self.state.store.path.parent))
        dialog.setNameFilters([self.tr("DIWI-register (*.diwi *.sqlite)"), self.tr("Alle bestanden (*)")])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.open_path(Path(name)))
        dialog.open()

    def open_path(self, path: Path) -> None:
        """Go on with another register."""
        self.register_asked.emit(path)

    def open_demo(self) -> None:
        """Go on with the demo municipality."""
        self.register_asked.emit(None)

    def import_file(self) -> None:
        """Import a file: the Excel template, GeoJSON, parcels or buildings."""
        if self.state.read_only or self._refused("import"):
            return
        from diwi_desktop.gui.wizards.importing import ImportDialog

        self._open_dialog(ImportDialog(self.state, self))

    def save_template(self) -> None:
        """Choose where to write an empty Excel template with the municipality's own lists and fields."""
        from PySide6.QtWidgets import QFileDialog

        name = queries.municipality(self.state.store).name
        dialog = QFileDialog(self, self.tr("Leeg Excel-sjabloon opslaan"), str(self.state.store.path.parent))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("Excel (*.xlsx)"))
        dialog.setDefaultSuffix("xlsx")
        dialog.selectFile(f"DIWI {name}.xlsx")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self.write_template(Path(chosen)))
        dialog.open()

    def write_template(self, path: Path) -> None:
        """Write the empty Excel template beside the window's work; the status line says when it is there."""
        store = self.state.store

        def work(_progress: jobs.Progress, _cancelled: jobs.IsCancelled) -> None:
            from diwi_desktop.exchange.excel.template import write_template

            try:
                write_template(store, path)
            except OSError as error:
                raise UserError(
                    f"Het sjabloon kan niet worden opgeslagen in {path.name}; sluit het of kies een andere map.",
                    f"The template cannot be saved as {path.name}; close the file or choose another folder.",
                    code="template_file",
                ) from error

        said = self.tr("Het sjabloon staat in {0}").format(path.name)
        jobs.run_job(self, self.tr("Het sjabloon wordt gemaakt…"), work, lambda _: self.status_line.say(said))

    def submit(self) -> None:
        """Submit to the province."""
        if self._refused("submit"):
            return
        from diwi_desktop.gui.wizards.export import ExportWizard

        self._open_dialog(ExportWizard(self.state, self))

    def _open_dialog(self, dialog: Any) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # -- who works here
    # ----------------------------------------------------------------------------------------

    def choose_user(self) -> None:
        """Choose in whose name to work; a register with a server has the user who signed in."""
        from diwi_desktop.gui.dialogs.choose_user import ChooseUserDialog

        dialog = ChooseUserDialog(self.state, self)
        dialog.chosen.connect(self.user_asked)
        self._open_dialog(dialog)

    # -- working together
    # -------------------------------------------------------------------------------------------------

    def synchronise(self) -> None:
        """Synchronise now, with what is being typed; a store without a server is connected first."""
        self._store_field()
        if not self.link.connected:
            self.connect_server()
        elif self.link.signed_out:
            self.sign_in()
        else:
            self.link.sync_now()

    def connect_server(self) -> None:
        """Choose a server and bring this register there, or fetch one."""
        from diwi_desktop.gui.sync.connect import ConnectDialog

        dialog = ConnectDialog(self.state.store, self)
        dialog.connected.connect(self._connected)
        dialog.fetched.connect(self.open_path)
        self._open_dialog(dialog)

    def _connected(self, account: Any) -> None:
        self.link.start(account=account)
        self.whereabouts.tell()
        words = self.tr("Verbonden met {0}. Alles wordt nu verstuurd; u kunt doorwerken.")
        self.status_line.say(words.format(self.link.host))

    def sign_in(self) -> None:
        """Sign in to the server of this register again."""
        from diwi_desktop.gui.sync.connect import ConnectDialog

        dialog = ConnectDialog(self.state.store, self, only_sign_in=True)
        dialog.signed_in.connect(self._signed_in)
        self._open_dialog(dialog)

    def _signed_in(self, account: Any) -> None:
        self.link.close()
        self.link.start(account=account)
        self.whereabouts.tell()

    def sign_out(self) -> None:
        """End the session at the server and here; what is in the store stays."""
        session = self.link.session
        if session is not None:
            jobs.run_beside(lambda _p, _c: session.account.sign_out(), lambda _: self.link.sync_now(), parent=self)

    def show_devices(self) -> None:
        """Where the account is signed in."""
        from diwi_desktop.gui.sync.devices import DevicesDialog

        if self.link.session is not None:
            self._open_dialog(DevicesDialog(self.link.session.account, self))

    def _look_again(self) -> None:
        """After an act on people, here or elsewhere: another role or group shows another register."""
        if self.state.store.viewer != self._viewer:
            self._viewer = self.state.store.viewer
            self.user_asked.emit(self.state.store.person)

    # -- look
    # ---------------------------------------------------------------------------------------------------

    def edit_settings(self) -> None:
        """The settings of this machine."""
        from diwi_desktop.gui.dialogs.settings import SettingsDialog

        dialog = SettingsDialog(self)
        dialog.look_changed.connect(self.look_changed)
        self._open_dialog(dialog)

    def choose_theme(self, name: str) -> None:
        """Other colours: light, dark, high_contrast or system."""
        settings.set_theme_name(name)
        self.look_changed.emit()

    def scale_text(self, by: int) -> None:
        """One step bigger or smaller."""
        nearest = min(range(len(theme.SCALES)), key=lambda n: abs(theme.SCALES[n] - settings.text_scale()))
        settings.set_text_scale(theme.SCALES[max(0, min(len(theme.SCALES) - 1, nearest + by))])
        self.look_changed.emit()

    def show_keys(self) -> None:
        """All keys in one list."""
        from diwi_desktop.gui.dialogs.keys import KeysDialog

        self._open_dialog(KeysDialog(key_rows(self.commands), self))

    def show_about(self) -> None:
        """Version and licence."""
        from PySide6.QtWidgets import QMessageBox

        from diwi_desktop import __version__

        box = QMessageBox(self)
        box.setWindowTitle(self.tr("Over DIWI Desktop"))
        box.setText(self.tr("DIWI Desktop {0}").format(__version__))
        box.setInformativeText(
            self.tr(
                "Woningbouwplannen op de kaart, in de tijd en naar de provincie, ook zonder netwerk. Licentie EUPL-1.2."
            )
        )
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()


def _load_modules() -> None:
    """Load, beside the window, what the panels would otherwise load while it waits."""
    heavy.load()
    for name in _PANEL_MODULES:
        importlib.import_module(f"diwi_desktop.gui.{name}")


def key_rows(actions: Iterable[QAction]) -> list[tuple[str, str]]:
    """(words, key) of every action that has a key."""
    return [
        (a.text().replace("&", "").rstrip("…"), a.shortcut().toString(QKeySequence.SequenceFormat.NativeText))
        for a in actions
        if not a.shortcut().isEmpty()
    ]
