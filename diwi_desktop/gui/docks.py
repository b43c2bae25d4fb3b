"""The panels of the window: which there are, what fills them and when, and how they are arranged and remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication, QTabBar, QWidget

from diwi_desktop.gui import heavy, jobs, loading, settings
from diwi_desktop.gui.navigation import NavRail
from diwi_desktop.gui.panels import Panel
from diwi_desktop.gui.presets import PRESETS, arrange
from diwi_desktop.gui.projecttable.panel import ProjectTable
from diwi_desktop.gui.tabbing import Part
from diwi_desktop.model.notation import format_number

if TYPE_CHECKING:
    from diwi_desktop.gui.workspace import MainWindow

# Goes up when panels are added or renamed: an arrangement of before is then not restored.
LAYOUT_VERSION = 2
_PAUSE_MS = 50
_COLUMN = 40  # pixels; panels that begin this close to each other stand in one column


class Docks(QObject):
    """One per window. `panels` has all of them by name; their content comes when it is first asked for."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._state = window, window.state
        self.panels: dict[str, Panel] = {}
        self._makers: dict[str, Callable[[], QWidget]] = {}
        self._moving = QTimer(self)
        self._moving.setSingleShot(True)
        self._moving.timeout.connect(self.follow)
        self._dialogs: Iterator[None] = loading.steps(loading.DIALOGS)
        self._make_panels()
        self.table = ProjectTable(self._state, self.panels["projects"].place)
        self.panels["projects"].fill(self.table)
        self.panels["projects"].set_count(self.table.count_text)
        self.table.count_changed.connect(self.panels["projects"].set_count)
        self.rail = self._make_rail()
        window.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self.rail)
        application = QApplication.instance()
        self._application = application if isinstance(application, QApplication) else None
        if self._application is not None:
            self._application.focusChanged.connect(self._follow_focus)

    # -- making them ------------------------------------------------------------------------------------------------

    def _make_panels(self) -> None:
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
            panel = Panel(name, title, icon, self._window)
            self.panels[name] = panel
            if make is not None:
                self._makers[name] = make
            panel.visibilityChanged.connect(self.moved)
            panel.dockLocationChanged.connect(self.moved)
            panel.topLevelChanged.connect(self.moved)

    def _make_rail(self) -> NavRail:
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
        rail = NavRail(items, self._window)
        rail.chosen.connect(self.toggle)
        return rail

    def _make_map(self) -> QWidget:
        from diwi_desktop.gui.mappanel import MapPanel

        return MapPanel(self._state, self.panels["map"].place)

    def _make_page(self) -> QWidget:
        from diwi_desktop.gui.projectpage.page import ProjectPage

        made = ProjectPage(self._state, self.panels["page"].place)
        self._window.link.others.connect(made.show_others)
        return made

    def _make_planning(self) -> QWidget:
        from diwi_desktop.gui.timeline import PlanningPanel

        return PlanningPanel(self._state, self.panels["planning"].place)

    def _make_findings(self) -> QWidget:
        from diwi_desktop.gui.findings import FindingsPanel

        made = FindingsPanel(self._state, self.panels["findings"].place)
        made.counted.connect(lambda count: self._show_count("findings", count))
        return made

    def _make_submissions(self) -> QWidget:
        from diwi_desktop.gui.submissions import SubmissionsPanel

        return SubmissionsPanel(self._state, self.panels["submissions"].place)

    def _make_history(self) -> QWidget:
        from diwi_desktop.gui.history import HistoryPanel

        return HistoryPanel(self._state, self.panels["history"].place)

    def _make_admin(self) -> QWidget:
        from diwi_desktop.gui.admin import AdminPanel

        return AdminPanel(self._state, self.panels["admin"].place)

    def _make_conflicts(self) -> QWidget:
        from diwi_desktop.gui.sync.inbox import InboxPanel

        link, together = self._window.link, self._window.together
        made = InboxPanel(self._state, self.panels["conflicts"].place)
        made.counted.connect(lambda conflicts, refused: self._show_count("conflicts", conflicts + refused))
        link.changed.connect(made.follow)
        link.changed.connect(lambda _status: self._state.request("refresh_files"))
        made.conflicts.contours_wanted.connect(together.compare)
        made.conflicts.draw_wanted.connect(together.draw_again)
        return made

    def _show_count(self, name: str, count: int) -> None:
        self.panels[name].set_count(format_number(count) if count else "")
        self.rail.set_count(name, count)

    def in_order(self) -> list[Part]:
        """What is in sight in the window itself, in the order of the screen: columns from left to right, each from the
        top.
        """
        window, void = self._window, self._window.centralWidget()
        if isinstance(void, Part) and void.isVisible():
            return [void]

        def place(panel: Panel) -> tuple[int, int]:
            corner = panel.mapTo(window, QPoint(0, 0))
            return corner.x() // _COLUMN, corner.y()

        shown = [panel for panel in self.panels.values() if panel.in_sight and not panel.isFloating()]
        return [*sorted(shown, key=place)]

    # -- filling them -----------------------------------------------------------------------------------------------

    def has(self, name: str) -> bool:
        """Whether a panel has its content."""
        return name not in self._makers

    def content(self, name: str) -> Any:
        """The content of a panel, made when first asked for. KeyError for an unknown name."""
        make = self._makers.pop(name, None)
        if make is None:
            return self.panels[name].content
        heavy.load()
        return self.panels[name].fill(make())

    def fill_next(self) -> bool:
        """Fill one panel: those in sight first, the others while nothing is read, for beside reading, which wants the
        interpreter too, it takes many times as long. False when all are.
        """
        in_sight = [name for name in self._makers if self.panels[name].isVisible()]
        # The findings come last: once there they check everything.
        others = sorted(self._makers, key=lambda name: name == "findings")
        if in_sight or (others and not jobs.working_for(self._window)):
            self.content((in_sight or others)[0])
        return bool(self._makers)

    def prepare(self) -> None:
        """Make ready, some at a time and while nothing is read, what would keep the window waiting the first time that
        it is asked.
        """
        if self._application is None:
            return  # the window was closed meanwhile, and its register may be
        if self._window.state.store.lease_ended:
            return  # nothing may be read any more, and another screen takes the place of the window
        busy = jobs.working_for(self._window)
        if busy or next(self._dialogs, self) is None or self.content("page").prepare_next():
            QTimer.singleShot(_PAUSE_MS, self, self.prepare)

    def parts(self) -> list[QWidget]:
        """What fills the panels, in parts of some hundreds of widgets; what is in another part comes before it."""
        made = {name: panel.content for name, panel in self.panels.items() if self.has(name)}
        page: Any = made.get("page")
        return [*(page.parts() if page is not None else ()), *made.values()]

    def forget(self) -> None:
        """Fill no more panels and follow the keyboard no more: the window closes."""
        self._makers.clear()
        if self._application is not None:
            self._application.focusChanged.disconnect(self._follow_focus)
            self._application = None

    # -- arranging them ---------------------------------------------------------------------------------------------

    def remember(self) -> None:
        """Keep the places of window and panels for the next one."""
        settings.set_layout("geometry", self._window.saveGeometry())
        settings.set_layout("panels", self._window.saveState(LAYOUT_VERSION))

    def restore(self) -> None:
        """Put the window and its panels where they were, or in the first arrangement."""
        geometry, panels = settings.layout("geometry"), settings.layout("panels")
        if isinstance(geometry, QByteArray):
            self._window.restoreGeometry(geometry)
        if not isinstance(panels, QByteArray) or not self._restore_panels(panels):
            arrange(self._window, self.panels, PRESETS["overview"])

    def _restore_panels(self, remembered: QByteArray) -> bool:
        for panel in self.panels.values():
            self._window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, panel)
        return self._window.restoreState(remembered, LAYOUT_VERSION)

    def apply_preset(self, name: str) -> None:
        """Arrange the panels for a kind of work: overview, drawing, meeting or submitting."""
        arrange(self._window, self.panels, PRESETS[name])
        if name == "drawing":
            self.show("map")  # its tools have keys
        self.moved()

    def show(self, name: str) -> None:
        """Bring a panel in sight and give it the focus; "page" only comes in front. KeyError for an unknown name."""
        panel = self.panels[name]
        content = self.content(name)
        panel.show()
        panel.raise_()
        if name != "page":
            content.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def toggle(self, name: str) -> None:
        """Go to a panel with the keyboard, bringing it in front; hide the one where the keyboard is already."""
        panel = self.panels[name]
        if panel.in_sight and panel.has_focus:
            panel.hide()
            return
        self.go(name)

    def go(self, name: str) -> None:
        """Bring a panel in sight and take the keyboard there."""
        self.show(name)
        self.panels[name].enter()

    def moved(self, *_: object) -> None:
        """Panels came, went or moved: what follows from that is done once, a turn later."""
        if not self._moving.isActive():
            self._moving.start(0)

    def follow(self) -> None:
        """Title bars give way to tabs, and the rail shows what is in sight."""
        window = self._window
        for panel in self.panels.values():
            others = [p for p in window.tabifiedDockWidgets(panel) if not p.isHidden()]
            panel.follow_tabs(bool(others) and not panel.isHidden())
        for tabs in window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            tabs.setElideMode(Qt.TextElideMode.ElideNone)
            tabs.setExpanding(False)
            tabs.setDrawBase(False)
            # Qt leaves the tab bar of a place that is no more at the corner of the window.
            if tabs.y() < window.menuBar().height():
                tabs.hide()
        self.rail.show_state({name: panel.in_sight for name, panel in self.panels.items()})
        self._fill_the_void()

    def _follow_focus(self) -> None:
        for panel in self.panels.values():
            panel.follow_focus()

    def _fill_the_void(self) -> None:
        """A window whose panels have all been closed says how to get them back."""
        window, void = self._window, self._window.centralWidget()
        nothing = all(panel.isHidden() for panel in self.panels.values())
        if nothing and void is None:
            from diwi_desktop.gui.projecttable.empty import EmptyState

            back = (self.tr("Indeling Overzicht"), "view-dashboard-outline", lambda: self.apply_preset("overview"))
            void = EmptyState(
                "view-dashboard-outline",
                self.tr("Alle panelen zijn gesloten"),
                self.tr("Kies links een onderdeel, of zet alles terug (Ctrl+Shift+1)."),
                (back,),
            )
            window.setCentralWidget(void)
        if void is not None:
            void.setVisible(nothing)
