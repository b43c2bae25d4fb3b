"""The project page: header, tabs, and going to a finding or a field."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from diwi_desktop.gui import noprojects, theme
from diwi_desktop.gui.documents.panel import Documents
from diwi_desktop.gui.fields.editing import Editing
from diwi_desktop.gui.followpanel import FollowPanel
from diwi_desktop.gui.projectpage import data as page_data
from diwi_desktop.gui.projectpage.details import Details
from diwi_desktop.gui.projectpage.header import Header
from diwi_desktop.gui.projectpage.history import History
from diwi_desktop.gui.projectpage.matrix import View
from diwi_desktop.gui.projectpage.overview import NARROW, Overview, totals_text, totals_words
from diwi_desktop.gui.projectpage.place import Place
from diwi_desktop.gui.projectpage.planning import Planning
from diwi_desktop.gui.projectpage.programme import Programme
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.sync.presence import presence_words
from diwi_desktop.gui.sync.since import SinceBanner
from diwi_desktop.model.finding import Finding
from diwi_desktop.model.rights import Right

if TYPE_CHECKING:
    from diwi_desktop.sync.presence import Other


class Tab(IntEnum):
    OVERVIEW = 0
    DETAILS = 1
    PROGRAMME = 2
    PLANNING = 3
    PLACE = 4
    DOCUMENTS = 5
    HISTORY = 6


_TAB_OF = {
    "project": Tab.DETAILS,
    "writer": Tab.DETAILS,
    "houseblock": Tab.PROGRAMME,
    "delivery": Tab.PROGRAMME,
    "ownership": Tab.PROGRAMME,
    "share": Tab.PROGRAMME,
    "milestone": Tab.PLANNING,
    "plan_area": Tab.PLACE,
    "parcel_link": Tab.PLACE,
    "document": Tab.DOCUMENTS,
}
# Registers whose change is seen on the page of any project.
_SHARED = frozenset({"option", "own_field", "person", "user_group", "group_member", "municipality"})


class ProjectPage(FollowPanel):
    """Shows the project in hand. Reads the store again only when something changed and the page can be seen."""

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ProjectPage")
        self._state = state
        self._data: page_data.PageData | None = None
        self._totals = (0, 0)
        self._stale_tabs: set[int] = set()
        self.editing = Editing(state, self)
        self.header = Header()
        self.since = SinceBanner(state)
        self._others: Sequence[Other] = ()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        titles = (
            self.tr("Overzicht"),
            self.tr("Gegevens"),
            self.tr("Programma"),
            self.tr("Planning"),
            self.tr("Kaart"),
            self.tr("Documenten"),
            self.tr("Historie"),
        )
        # A tab is made when it is first shown: together they would keep the window waiting.
        self._made: dict[Tab, QWidget] = {}
        self._holders: list[tuple[QWidget, QVBoxLayout]] = []
        for title in titles:
            holder = QWidget()
            inside = QVBoxLayout(holder)
            inside.setContentsMargins(0, 0, 0, 0)
            self._holders.append((holder, inside))
            self.tabs.addTab(holder, title)
        self.totals = QLabel()
        self.totals.setTextFormat(Qt.TextFormat.RichText)
        self.totals.setContentsMargins(0, 0, 16, 8)
        self.tabs.setCornerWidget(self.totals)
        content = QWidget()
        box = QVBoxLayout(content)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.header)
        box.addWidget(self.since)
        box.addWidget(self.tabs, 1)
        self._content = content
        self._empty = self._empty_state()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)
        self._connect()

    def _connect(self) -> None:
        state = self._state
        state.selection_changed.connect(lambda _ids: self.changed())
        state.moment_changed.connect(lambda _moment: self.changed())
        state.store_changed.connect(self._stored)
        state.requested.connect(lambda command, _args: self.changed() if command == "refresh_page" else None)
        theme.current().changed.connect(self.changed)
        self.tabs.currentChanged.connect(self._tab_shown)
        self.header.finding_chosen.connect(self.jump)
        self.since.history_wanted.connect(lambda: self.show_tab(Tab.HISTORY))

    # ----------------------------------------------------------------------------------------------------------- tabs

    def page(self, tab: Tab) -> Any:
        """The contents of a tab, made when it is not there yet."""
        found = self._made.get(tab)
        if found is None:
            # Made in its place: a tree of widgets that changes parent is dressed anew.
            place, inside = self._holders[tab]
            found = self._made[tab] = self._make(tab, place)
            inside.addWidget(found)
            found.show()
        return found

    def prepare_next(self) -> bool:
        """Make some of one of the large tabs before it is asked for. False when they are there."""
        large = (Tab.DETAILS, Tab.PROGRAMME)
        for tab in large:
            if tab not in self._made:
                self.page(tab)
                return True
        return any(self.page(tab).prepare_next() for tab in large)

    def parts(self) -> list[QWidget]:
        """The contents of the tabs that are there."""
        return list(self._made.values())

    def _make(self, tab: Tab, place: QWidget) -> QWidget:
        if tab is Tab.OVERVIEW:
            overview = Overview(place)
            overview.finding_chosen.connect(self.jump)
            overview.project_chosen.connect(lambda project: self._state.select([project]))
            overview.milestone_chosen.connect(self._to_milestone)
            overview.year_chosen.connect(self._to_year)
            overview.map_wanted.connect(self._to_map)
            return overview
        if tab is Tab.PROGRAMME:
            programme = Programme(self.editing, place)
            programme.totals_changed.connect(self._show_totals)
            return programme
        if tab is Tab.PLACE:
            area = Place(self.editing, place)
            area.map_wanted.connect(self._to_map)
            return area
        if tab is Tab.DOCUMENTS:
            return Documents(self.editing, place)
        if tab is Tab.PLANNING:
            return Planning(self._state, self.editing, place)
        return Details(self.editing, place) if tab is Tab.DETAILS else History(self._state, place)

    @property
    def overview(self) -> Overview:
        return self.page(Tab.OVERVIEW)

    @property
    def details(self) -> Details:
        made: Details = self.page(Tab.DETAILS)
        made.make_all()
        return made

    @property
    def programme(self) -> Programme:
        return self.page(Tab.PROGRAMME)

    @property
    def planning(self) -> Planning:
        return self.page(Tab.PLANNING)

    @property
    def place(self) -> Place:
        return self.page(Tab.PLACE)

    @property
    def documents(self) -> Documents:
        return self.page(Tab.DOCUMENTS)

    @property
    def history(self) -> History:
        return self.page(Tab.HISTORY)

    def _empty_state(self) -> QWidget:
        page = QWidget()
        box = QVBoxLayout(page)
        box.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box.setSpacing(8)
        words = QLabel(self.tr("Kies een project in de lijst of op de kaart."))
        if noprojects.by_role(self._state):
            words.setText(noprojects.words(self._state)[0])
        words.setProperty("role", "muted")
        row = QHBoxLayout()
        for text, icon, command, right in (
            (self.tr("Nieuw project"), "plus", "new_project", Right.CREATE_PROJECT),
            (self.tr("Importeren"), "file-import-outline", "import", Right.IMPORT),
        ):
            if self._state.lacks(right):
                continue
            button = QPushButton(theme.icon(icon), text)
            button.clicked.connect(lambda _on=False, name=command: self._state.request(name))
            row.addWidget(button)
        box.addWidget(words, 0, Qt.AlignmentFlag.AlignCenter)
        box.addLayout(row)
        return page

    # ------------------------------------------------------------------------------------------------------ refreshing

    @property
    def data(self) -> page_data.PageData | None:
        """What is shown; None without a project."""
        return self._data

    def _stored(self, info: Any) -> None:
        project = self._data.plan.id if self._data else None
        if project is None or project in info.projects or any(kind in _SHARED for kind, _ in info.entities):
            self.changed()
        elif any(kind == "project" for kind, _ in info.entities):
            self.changed()  # a sub-plan may have come or gone

    def read(self) -> None:
        """Read the project again and show it."""
        project = self._state.project
        moment = self._state.moment
        self._data = page_data.load(self._state.store, project, moment) if project else None
        if self._data is None:
            self._stack.setCurrentWidget(self._empty)
            return
        self.editing.locked = self._state.locked([self._data.plan.id])
        self._data.read_only = self.editing.read_only or bool(self.editing.locked)
        self.header.show_data(self._data, self.editing.locked)
        self.since.show_project(self._data.plan.id)
        self.show_others(self._others)
        self._show_totals(self._data.plan.built, self._data.plan.demolished)
        self._stale_tabs = set(range(self.tabs.count()))
        self._show_tab(self.tabs.currentIndex())
        self._stack.setCurrentWidget(self._content)

    def _tab_shown(self, place: int) -> None:
        if self.isVisible():
            self._show_tab(place)

    def _show_tab(self, place: int) -> None:
        if place in self._stale_tabs and self._data is not None:
            self._stale_tabs.discard(place)
            self.page(Tab(place)).show_data(self._data)

    def _show_totals(self, built: int, demolished: int) -> None:
        self._totals = (built, demolished)
        self.totals.setText(totals_text(built, demolished, short=self.width() < NARROW))
        self.totals.setToolTip(totals_words(built, demolished))
        self.totals.setAccessibleName(totals_words(built, demolished))
        # The tabs need their room first; the overview and the programme have the totals too.
        needed = self.tabs.tabBar().sizeHint().width() + self.totals.sizeHint().width()
        self.totals.setVisible(needed <= self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_totals(*self._totals)

    def show_others(self, others: Sequence[Other]) -> None:
        """Who else is at which project now; the header says so of the project shown."""
        self._others = others
        project, me = self._state.project, self._state.store.person
        here = {one.person: one for one in others if one.project == project and one.person != me}
        words, tip, editing = presence_words(list(here.values()))
        self.header.show_others(words, tip, editing=editing)

    # ---------------------------------------------------------------------------------------------------------- going

    def show_tab(self, tab: Tab) -> None:
        """Show one of the tabs, up to date."""
        self.refresh_if_stale()
        self.tabs.setCurrentIndex(tab)
        self._show_tab(tab)

    def jump(self, target: Finding | str) -> bool:
        """Go to the field that a finding is about, or to a field by "kind.key" (or a key of the project).

        Chooses the finding's project first. False when the page has no such field.
        """
        if isinstance(target, Finding):
            kind, entity, key = target.kind, target.entity, target.field
            if target.project and target.project != self._state.project:
                self._state.select([target.project])
        else:
            head, _, tail = target.rpartition(".")
            kind, entity, key = head or "project", "", tail
        tab = _TAB_OF.get(kind)
        if tab is None:
            return False
        self.refresh()
        if self._data is None:
            return False
        self.show_tab(tab)
        if tab is Tab.DETAILS:
            return self.details.focus(key)
        if tab is Tab.PROGRAMME:
            return self.programme.focus(kind, entity, key)
        if tab is Tab.PLANNING:
            return self.planning.focus(entity, key)
        if tab is Tab.DOCUMENTS:
            return self.documents.focus(entity, key)
        self.place.button.setFocus()
        return True

    def _to_milestone(self, milestone: str) -> None:
        self.show_tab(Tab.PLANNING)
        self.planning.focus(milestone, "date")

    def _to_year(self, _year: int) -> None:
        self.programme.show_view(View.YEARS)
        self.show_tab(Tab.PROGRAMME)

    def _to_map(self) -> None:
        if self._state.project:
            self._state.request("zoom_to_project", self._state.project)
