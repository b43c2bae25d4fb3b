"""The planning panel: the timeline of the project in hand, or that of all projects."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from diwi_desktop.gui.fields.controls import Segments
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.tabbing import Entered
from diwi_desktop.gui.timeline.portfolio.widget import PortfolioTimeline
from diwi_desktop.gui.timeline.widget import TimelineWidget
from diwi_desktop.gui.toolrow import ToolRow

PROJECT, ALL = 0, 1


class PlanningPanel(Entered, QWidget):
    """Switches between one and all in the tool bar; opening a project among all shows its own timeline.

    Until someone has switched, the panel comes up with the project in hand, or with all when there is none.
    """

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._switched = False
        self.project = TimelineWidget(state)
        self.all = PortfolioTimeline(state, open_project=lambda: self.show_page(PROJECT))
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._switches: list[Segments] = []
        for page in (self.project, self.all):
            self._pages.addWidget(page)
            self._add_switch(page.tools)
        self._follow()

    def entrance(self) -> QWidget:
        return self.project if self._pages.currentIndex() == PROJECT else self.all

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._switched:
            self._follow()

    def _follow(self) -> None:
        self._turn_to(PROJECT if self._state.project is not None else ALL)

    def _switch(self, page: int) -> None:
        self._switched = True
        self.show_page(page)

    def _add_switch(self, tools: ToolRow) -> None:
        switch = Segments([self.tr("Dit project"), self.tr("Alle projecten")])
        switch.setAccessibleName(self.tr("Planning van"))
        switch.group.idClicked.connect(self._switch)
        tools.put(switch, first=True)
        self._switches.append(switch)

    @property
    def page(self) -> int:
        """PROJECT or ALL."""
        return self._pages.currentIndex()

    def show_page(self, page: int) -> None:
        """Show the timeline of one project or of all, with the keyboard in it."""
        shown = self._turn_to(page)
        if self.isVisible():
            shown.canvas.setFocus()

    def _turn_to(self, page: int) -> TimelineWidget | PortfolioTimeline:
        for switch in self._switches:
            switch.check(page)
        self._pages.setCurrentIndex(page)
        return self.project if page == PROJECT else self.all
