"""The panel: pages on the left, the chosen one on the right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QStackedWidget, QVBoxLayout, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.admin.pages import ListsPage, MunicipalityPage, OwnFieldsPage, Page, PricePage
from diwi_desktop.gui.admin.people import GroupsPage, PeoplePage
from diwi_desktop.gui.fields.editing import Editing
from diwi_desktop.gui.followpanel import FollowPanel
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.tabbing import Entered
from diwi_desktop.model.finding import Finding
from diwi_desktop.model.rights import Right

_KINDS = frozenset({"option", "own_field", "person", "user_group", "group_member", "municipality", "writer"})
_P = TypeVar("_P", bound=Page)
_Kind = Callable[[Editing, QWidget], Page]
_PAGES: tuple[tuple[_Kind, Callable[[], str], str], ...] = (
    (OwnFieldsPage, OwnFieldsPage.title, "form-textbox"),
    (ListsPage, ListsPage.title, "format-list-bulleted"),
    (PricePage, PricePage.title, "currency-eur"),
    (PeoplePage, PeoplePage.title, "account-outline"),
    (GroupsPage, GroupsPage.title, "account-multiple-outline"),
    (MunicipalityPage, MunicipalityPage.title, "city-variant-outline"),
)


class AdminPanel(Entered, FollowPanel):
    """Every edit is an act of the store, so it can be undone like any other."""

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("AdminPanel")
        self._state = state
        self.editing = Editing(state, self)
        self.chooser = QListWidget()
        self.chooser.setObjectName("AdminPages")
        self.chooser.setFixedWidth(176)
        self.chooser.setIconSize(QSize(18, 18))
        self.chooser.setAccessibleName(self.tr("Onderdelen van beheer"))
        self._stack = QStackedWidget()
        # A page is made when it is first shown: together they would keep the window waiting.
        self._made: dict[_Kind, Page] = {}
        self._holders: list[tuple[QWidget, QVBoxLayout]] = []
        for _, title, icon in _PAGES:
            item = QListWidgetItem(theme.icon(icon), title())
            item.setSizeHint(QSize(160, 34))
            item.setTextAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
            self.chooser.addItem(item)
            holder = QWidget()
            inside = QVBoxLayout(holder)
            inside.setContentsMargins(0, 0, 0, 0)
            self._holders.append((holder, inside))
            self._stack.addWidget(holder)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.chooser)
        row.addWidget(self._stack, 1)
        # Who looks after the people and may not change the lists starts with the people.
        for_people = bool(state.lacks(Right.EDIT_LISTS)) and not state.lacks(Right.EDIT_USERS)
        first = _place(PeoplePage) if for_people else 0
        self.chooser.setCurrentRow(first)
        self._stack.setCurrentIndex(first)
        self.chooser.currentRowChanged.connect(self._chosen)
        state.store_changed.connect(self._stored)
        state.moment_changed.connect(lambda _moment: self.changed())

    def entrance(self) -> QWidget:
        return self.chooser

    # ---------------------------------------------------------------------------------------------------------- pages

    def page(self, kind: Callable[[Editing, QWidget], _P]) -> _P:
        """A page, made when it is not there yet."""
        found = self._made.get(kind)
        if found is None:
            # Made in its place: a tree of widgets that changes parent is dressed anew.
            place, inside = self._holders[_place(kind)]
            found = self._made[kind] = kind(self.editing, place)
            inside.addWidget(found)
        return cast("_P", found)

    @property
    def own_fields(self) -> OwnFieldsPage:
        return self.page(OwnFieldsPage)

    @property
    def lists(self) -> ListsPage:
        return self.page(ListsPage)

    @property
    def prices(self) -> PricePage:
        return self.page(PricePage)

    @property
    def people(self) -> PeoplePage:
        return self.page(PeoplePage)

    @property
    def groups(self) -> GroupsPage:
        return self.page(GroupsPage)

    @property
    def municipality(self) -> MunicipalityPage:
        return self.page(MunicipalityPage)

    def show_page(self, page: Page) -> None:
        """Show one of the pages."""
        self.chooser.setCurrentRow(_place(type(page)))

    def jump(self, finding: Finding) -> bool:
        """Go to the price class that a finding is about; False when it is not here."""
        if finding.kind != "option":
            return False
        self.show_page(self.prices)
        self.prices.refresh()
        return self.prices.focus_class(finding.entity)

    def _chosen(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        self.refresh()

    def _stored(self, info: Any) -> None:
        if any(kind in _KINDS for kind, _ in info.entities):
            self.changed()

    def read(self) -> None:
        """Read the page that is shown again."""
        self.page(_PAGES[self._stack.currentIndex()][0]).refresh()


def _place(kind: _Kind) -> int:
    return [made for made, _, _ in _PAGES].index(kind)
