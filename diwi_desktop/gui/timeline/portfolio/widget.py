"""The planning of all projects: tool bar, canvas and scroll bar, kept up to date with the store."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollBar, QStackedLayout, QVBoxLayout, QWidget

from diwi_desktop.gui import jobs, noprojects, theme
from diwi_desktop.gui.fields.controls import Combo
from diwi_desktop.gui.fields.words import homes
from diwi_desktop.gui.jobs import Job
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.tabbing import Entered
from diwi_desktop.gui.timeline.portfolio.canvas import PortfolioCanvas
from diwi_desktop.gui.timeline.portfolio.lines import Line, Portfolio, read, read_all
from diwi_desktop.gui.timeline.tools import HINT, Words, tool_button
from diwi_desktop.gui.toolrow import ToolRow
from diwi_desktop.model.notation import format_date, format_number
from diwi_desktop.model.rights import Right
from diwi_desktop.store import ActInfo

_FEW = 8  # so many changed projects are read at once; more go to a worker


class PortfolioTimeline(Entered, QWidget):
    """The planning of all projects, at the moment of the window.

    A double click or Enter selects the project and calls `open_project`; without one the project page comes forward.
    """

    def __init__(
        self, state: AppState, parent: QWidget | None = None, *, open_project: Callable[[], None] | None = None
    ) -> None:
        super().__init__(parent)
        self._state = state
        self._open_project = open_project
        self._portfolio = Portfolio([], {})
        self._stale = True
        self._job: Job | None = None
        self.canvas = PortfolioCanvas()
        self.canvas.setAccessibleName(self.tr("Planning van alle projecten"))
        self.hint = Words()
        self.hint.setProperty("role", "small")
        self.order = Combo()
        self.order.setAccessibleName(self.tr("Volgorde"))
        for key, text in (
            ("name", self.tr("Op naam")),
            ("phase", self.tr("Op fase")),
            ("delivery", self.tr("Op eerste oplevering")),
        ):
            self.order.addItem(text, key)
        self.order.setMinimumWidth(theme.space(45))
        self.order.currentIndexChanged.connect(self._arrange)
        self._empty = QLabel(self.tr("Nog geen projecten. Importeer een bestand of maak een nieuw project."))
        if state.lacks(Right.IMPORT):
            self._empty.setText(noprojects.words(state)[0])
        self._empty.setProperty("role", "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._bar = QScrollBar(Qt.Orientation.Vertical)
        self._bar.valueChanged.connect(self._scrolled)
        drawing = QWidget()
        side = QHBoxLayout(drawing)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(0)
        side.addWidget(self.canvas, 1)
        side.addWidget(self._bar)
        self._pages = QStackedLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.tools = self._tools()
        column.addWidget(self.tools)
        column.addLayout(self._pages, 1)
        # Only now: in a layout that belongs to no widget the first page would be a window of its own for a moment.
        self._pages.addWidget(drawing)
        self._pages.addWidget(self._empty)
        self.canvas.chosen.connect(lambda id: state.select([id]))
        self.canvas.opened.connect(self._open)
        self.canvas.view_changed.connect(self._sync_bar)
        state.selection_changed.connect(self._select)
        state.moment_changed.connect(self._mark_stale)
        state.store_changed.connect(self._stored)

    def entrance(self) -> QWidget:
        return self.canvas

    def _tools(self) -> ToolRow:
        row = ToolRow()
        row.put(self.order)
        row.add_space(theme.space(2))
        row.put(self.hint, stretch=1, least=HINT)
        row.add(tool_button("minus", "", self.tr("Uitzoomen (−)"), self.canvas.zoom_out), words=False)
        row.add(tool_button("plus", "", self.tr("Inzoomen (+)"), self.canvas.zoom_in), words=False)
        row.add(
            tool_button(
                "fit-to-page-outline",
                self.tr("Alles passend"),
                self.tr("Alle projecten in beeld (0)"),
                self.canvas.fit,
                True,
            )
        )
        return row

    @property
    def lines(self) -> list[Line]:
        """The projects in the order shown."""
        return self.canvas.lines

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.reload()

    def reload(self) -> None:
        """Read all projects again, in a worker."""
        if self._job is not None:
            self._stale = True
            return
        self._stale = False
        store, moment = self._state.store, self._state.moment
        self._job = jobs.run_quietly(lambda _p, _c: read_all(store, moment), self._loaded, self._failed, self)

    def _loaded(self, portfolio: Portfolio) -> None:
        self._job = None
        self._portfolio = portfolio
        self._arrange()
        if self._stale:
            self.reload()

    def _failed(self, error: Exception) -> None:
        self._job = None
        jobs.show_error(self, error)

    def _mark_stale(self) -> None:
        self._stale = True
        if self.isVisible():
            self.reload()

    def _stored(self, info: ActInfo) -> None:
        if not info.projects:
            return
        if self._stale or self._job is not None or not self.isVisible() or len(info.projects) > _FEW:
            self._mark_stale()
            return
        new = read(self._state.store, self._state.moment, sorted(info.projects))
        self._portfolio = self._portfolio.changed(info.projects, new)
        self._arrange()

    def _arrange(self) -> None:
        lines, years = self._portfolio
        if self.order.currentData() == "phase":
            lines = sorted(lines, key=lambda line: (line.phase or "", line.first_delivery))
        elif self.order.currentData() == "delivery":
            lines = sorted(lines, key=lambda line: line.first_delivery)
        on = self._state.moment.on
        word = format_date(on) if self._state.past else self.tr("vandaag")
        self.canvas.show_lines(lines, years, on, word)
        self._pages.setCurrentIndex(0 if lines else 1)
        built = sum(built for built, _ in years.values())
        gone = sum(gone for _, gone in years.values())
        text = self.tr("{0} projecten, {1} opgeleverd of gepland, sloop {2}")
        words = text.format(format_number(len(lines)), homes(built), format_number(gone))
        given_up = sum(line.given_up for line in lines)
        if given_up:
            words = self.tr("{0}; {1} afgebroken, niet meegeteld").format(words, format_number(given_up))
        self.hint.setText(words)
        self._select(self._state.selection)

    def _select(self, ids: list[str]) -> None:
        self.canvas.set_selection(ids)

    def _open(self, id: str) -> None:
        self._state.select([id])
        if self._open_project is not None:
            self._open_project()
        else:
            self._state.request("show_panel", "page")

    def _scrolled(self, value: int) -> None:
        if round(self.canvas.scrolled) != value:
            self.canvas.scroll_to(value)

    def _sync_bar(self) -> None:
        over = self.canvas.overflow
        self._bar.setVisible(over > 0)
        self._bar.setRange(0, over)
        self._bar.setSingleStep(round(self.canvas.row))
        self._bar.setPageStep(max(1, round(self.canvas.rows_box.height())))
        self._bar.setValue(round(self.canvas.scrolled))
