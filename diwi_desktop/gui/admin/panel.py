"""The panel: pages on the left, the chosen one on the right."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QStackedWidget, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.admin.pages import ListsPage, MunicipalityPage, OwnFieldsPage, Page, PricePage
from diwi_desktop.gui.admin.people import GroupsPage, PeoplePage
from diwi_desktop.gui.fields.editing import Editing
from diwi_desktop.gui.followpanel import FollowPanel
from diwi_desktop.gui.state import AppState
from diwi_desktop.model.finding import Finding

_KINDS = frozenset({"option", "own_field", "person", "user_group", "group_member", "municipality", "writer"})


class AdminPanel(FollowPanel):
    """Every edit is an act of the store, so it can be undone like any other."""

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("AdminPanel")
        self._state = state
        self.editing = Editing(state, self)
        self.municipality = MunicipalityPage(self.editing)
        self.own_fields = OwnFieldsPage(self.editing)
        self.lists = ListsPage(self.editing)
        self.prices = PricePage(self.editing)
        self.people = PeoplePage(self.editing)
        self.groups = GroupsPage(self.editing)
        self.pages: tuple[tuple[Page, str], ...] = (
            (self.own_fields, "form-textbox"),
            (self.lists, "format-list-bulleted"),
            (self.prices, "currency-eur"),
            (self.people, "account-outline"),
            (self.groups, "account-multiple-outline"),
            (self.municipality, "city-variant-outline"),
        )
        self.chooser = QListWidget()
        self.chooser.setObjectName("AdminPages")
        self.chooser.setFixedWidth(176)
        self.chooser.setIconSize(QSize(18, 18))
        self.chooser.setAccessibleName(self.tr("Onderdelen van beheer"))
        self._stack = QStackedWidget()
        for page, icon in self.pages:
            item = QListWidgetItem(theme.icon(icon), page.title)
            item.setSizeHint(QSize(160, 34))
            item.setTextAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
            self.chooser.addItem(item)
            self._stack.addWidget(page)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.chooser)
        row.addWidget(self._stack, 1)
        self.chooser.setCurrentRow(0)
        self.chooser.currentRowChanged.connect(self._chosen)
        state.store_changed.connect(self._stored)
        state.moment_changed.connect(lambda _moment: self.changed())

    def show_page(self, page: Page) -> None:
        """Show one of the pages."""
        self.chooser.setCurrentRow([found for found, _ in self.pages].index(page))

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
        page = self._stack.currentWidget()
        if isinstance(page, Page):
            page.refresh()
