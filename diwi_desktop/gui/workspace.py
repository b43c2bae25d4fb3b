"""The main window: panels around one selection and one moment, and everything that can be done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QTabWidget

from diwi_desktop.gui import enter, jobs, loading, menus, tabbing
from diwi_desktop.gui.commands import Commands
from diwi_desktop.gui.docks import Docks
from diwi_desktop.gui.going import Going
from diwi_desktop.gui.looks import Looks
from diwi_desktop.gui.permits import Permits
from diwi_desktop.gui.projectacts import ProjectActs
from diwi_desktop.gui.referencedate import PastBar, PastFrame
from diwi_desktop.gui.registerfiles import RegisterFiles
from diwi_desktop.gui.search import SearchField
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.statusline import StatusLine
from diwi_desktop.gui.sync.arrivals import Arrivals
from diwi_desktop.gui.sync.link import Link
from diwi_desktop.gui.sync.presence import Whereabouts
from diwi_desktop.gui.sync.together import Together
from diwi_desktop.gui.topbar import TopBar
from diwi_desktop.gui.undoing import Undoing
from diwi_desktop.store import Store, queries

if TYPE_CHECKING:
    from concurrent.futures import Future

_PAUSE_MS = 10  # between filling two panels


class MainWindow(QMainWindow):
    """One register in one window, as its user sees it. What can be done in it is in its parts: `files`, `projects`,
    `going`, `undoing`, `together`, `looks`; its panels are in `docks`.

    `user_asked` carries the id of the person in whose name to go on (None: the sole user), in a new window.
    `register_asked` carries the path of another register to open (None: the demo); whoever made the window opens it.
    `encryption_asked`: the file of this register is to be encrypted, for which it is closed.
    `look_changed` asks to dress the application again. `lease_ended`: nothing may be shown any more. `leaving`: it
    closes, with what is open over it. `usable` follows the first paint, with table, menus and search field in place;
    `ready` comes when the other panels stand too.
    """

    register_asked = Signal(object)
    user_asked = Signal(object)
    encryption_asked = Signal()
    look_changed = Signal()
    lease_ended = Signal()
    leaving = Signal()
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
        self._waits = True
        self._loading = loading.steps(loading.PANELS)
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
        self.docks = Docks(self)
        self.panels, self.table, self.rail = self.docks.panels, self.docks.table, self.docks.rail
        self.files, self.projects, self.going = RegisterFiles(self), ProjectActs(self), Going(self)
        self.together, self.looks = Together(self), Looks(self)
        self.undoing = Undoing(self.state, self.status_line, self)
        menus.Menus(self)
        self.permits = Permits(self.state, self.commands, self.status_line, self)
        self._register()
        self._listen()
        self._restored = False
        self.table.setFocus()

    # -- building ---------------------------------------------------------------------------------------------------

    def _make_bars(self) -> None:
        self.search = SearchField(self.state, lambda: list(self.commands), self)
        self.link = Link(self.state.store, self)
        self.state.connected = lambda: self.link.connected
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

    def _register(self) -> None:
        """What panels may ask of the window, see `AppState.request`."""
        going, together = self.going, self.together
        for name, do in (
            ("jump", going.jump),
            ("zoom_to_project", going.to_project),
            ("open_project", going.open_project),
            ("zoom_to_parcel", going.to_parcel),
            ("zoom_to", going.to_bounds),
            ("map_tool", going.map_tool),
            ("show_panel", self.show_panel),
            ("new_project", self.projects.new),
            ("import", self.files.ask_import),
            ("submit", self.files.submit),
            ("open_demo", self.files.open_demo),
            ("admin", lambda: self.show_panel("admin")),
            ("undo", self.undoing.undo),
            ("redo", self.undoing.redo),
            ("say", self.status_line.say),
            ("choose_user", self.choose_user),
            ("conflicts", together.show_conflicts),
            ("not_accepted", together.show_not_accepted),
            ("settle_contours", together.settle_contours),
            ("sync", together.synchronise),
            ("stop_sync", self.link.cancel),
            ("connect", together.connect_server),
            ("invite", together.invite),
            ("hand_over", together.hand_over),
            ("sign_in", together.sign_in),
            ("sign_out", together.sign_out),
            ("devices", together.show_devices),
            ("audit", together.show_audit),
        ):
            self.state.register(name, do)

    def _listen(self) -> None:
        self.state.store_changed.connect(self._look_again)
        self.link.changed.connect(self._look_again)
        self.link.lease_ended.connect(self.lease_ended)
        self.arrivals.arrived.connect(self.table.model.mark)
        self.arrivals.said.connect(self.status_line.say)
        self.link.changed.connect(self.arrivals.follow)

    def setVisible(self, visible: bool) -> None:
        """The first time it is seen it stands where the last window did."""
        if visible and not self._restored:
            self._restored = True
            self._restore()
        super().setVisible(visible)

    def _restore(self) -> None:
        self.docks.restore()
        self.past_bar.setVisible(self.state.read_only)
        self.top_bar.show()
        self.rail.show()

    # -- start and end ----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self._first_painted)

    def _first_painted(self) -> None:
        """The table is in sight and can be used; the other panels follow, one per turn of the event loop."""
        self.usable.emit()
        jobs.run_quietly(lambda p, c: loading.beside(), lambda _: self._load_next(), parent=self)

    def _load_next(self) -> None:
        if next(self._loading, self) is None:
            QTimer.singleShot(0, self, self._load_next)
        else:
            self._fill_next()

    def _fill_next(self) -> None:
        if self.state.store.lease_ended:
            return  # between two panels; another screen takes the place of this window
        if self.docks.fill_next():
            QTimer.singleShot(_PAUSE_MS, self, self._fill_next)
        elif not self._ready:
            self._ready = True
            self.docks.follow()
            self.link.start()
            self.whereabouts.tell()
            self.ready.emit()

    @property
    def is_ready(self) -> bool:
        """Whether all panels have their content."""
        return self._ready

    def remember_layout(self) -> None:
        """Keep the places of window and panels for the next one."""
        if self._restored:  # else nobody has seen it yet
            self.docks.remember()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.leaving.emit()
        self.files.stop_submitting()
        self.remember_layout()
        self._leave_field()
        self.table.remember_now()
        if self.docks.has("page"):
            self.page.since.remember()
        self.hide()  # what still ends behind it keeps nobody looking at a window that does nothing
        self.link.close()
        self.state.close()
        if self.docks.has("map"):
            self.map.canvas.shutdown()
        self.docks.forget()
        self._ready = True  # a window that closes while it fills its panels fills no more
        if self._waits:
            jobs.stop_all(self)
        super().closeEvent(event)

    def leave(self) -> list[Future[None]]:
        """Close without waiting for what is still read; who closes the register waits for it."""
        self._waits = False
        self.close()
        return jobs.leave(self)

    def store_field(self) -> None:
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

    def focusNextPrevChild(self, forward: bool) -> bool:
        bars = [bar for bar in (self.top_bar, self.past_bar, self.rail) if bar.isVisible()]
        return tabbing.step([*bars, *self.docks.in_order(), self.status_line], forward=forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.docks.has("map") and self.map.canvas.tool.edits:
            self.map.canvas.cancel()  # wherever the keyboard is: the tool goes on with every click on the map
            event.accept()
        elif why := self.commands.why_not(event):
            self.status_line.say(why)
            event.accept()
        elif not enter.presses(event):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.past_frame.fit()
        self.search.follow_window()
        self.docks.moved()

    # -- panels -----------------------------------------------------------------------------------------------------

    @property
    def map(self) -> Any:
        """The map panel."""
        return self.docks.content("map")

    @property
    def page(self) -> Any:
        """The project page."""
        return self.docks.content("page")

    @property
    def findings(self) -> Any:
        """The panel with findings."""
        return self.docks.content("findings")

    @property
    def admin(self) -> Any:
        """The panel of what the municipality keeps itself."""
        return self.docks.content("admin")

    @property
    def inbox(self) -> Any:
        """The panel with conflicts and what was not accepted."""
        return self.docks.content("conflicts")

    def show_panel(self, name: str) -> None:
        """Bring a panel in sight and give it the focus, see `Docks.show`."""
        self.docks.show(name)

    def apply_preset(self, name: str) -> None:
        """Arrange the panels for a kind of work: overview, drawing, meeting or submitting."""
        self.docks.apply_preset(name)

    # -- who works here, and dialogs --------------------------------------------------------------------------------

    def choose_user(self) -> None:
        """Choose in whose name to work; a register with a server has the user who signed in."""
        from diwi_desktop.gui.dialogs.choose_user import ChooseUserDialog

        dialog = ChooseUserDialog(self.state, self)
        dialog.chosen.connect(self.user_asked)
        self.open_dialog(dialog)

    def _look_again(self) -> None:
        """After an act on people, here or elsewhere: another role or group shows another register."""
        if self.state.store.viewer != self._viewer:
            self._viewer = self.state.store.viewer
            self.user_asked.emit(self.state.store.person)

    def open_dialog(self, dialog: QDialog) -> None:
        """Open a dialog over the window, without waiting for it; it goes when it closes."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
