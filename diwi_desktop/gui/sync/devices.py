"""Where the account is signed in, and signing out elsewhere: a laptop that was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidgetItem, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.sync.serverlist import ServerList

if TYPE_CHECKING:
    from diwi_desktop.sync.account import Account

_ID = Qt.ItemDataRole.UserRole


class DevicesDialog(ServerList):
    """Read from the server when opened."""

    def __init__(self, account: Account, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Apparaten"),
            self.tr(
                "Hier bent u aangemeld. Een computer die u afmeldt kan niet meer synchroniseren, en wat erop staat is"
                " te lezen tot de offline termijn voorbij is."
            ),
            [self.tr("Computer"), self.tr("Laatst gezien"), self.tr("Stand")],
            self.tr("Gekozen computer afmelden"),
            parent,
        )
        self._account = account
        self.resize(theme.space(150), theme.space(90))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.currentItemChanged.connect(lambda *_: self._enable())
        self.end = self.button
        self.end.clicked.connect(self._end)
        self._read()

    def _read(self) -> None:
        self.ask(self._account.devices, self._fill)

    def _fill(self, devices: list[dict[str, Any]]) -> None:
        from diwi_desktop.sync.status import moment

        self.list.clear()
        for one in devices:
            state = self.tr("deze computer") if one["current"] else self.tr("aangemeld")
            item = QTreeWidgetItem([f"{one['name']} ({one['tag']})", moment(one["last_at"]), state])
            item.setData(0, _ID, one["id"])
            self.list.addTopLevelItem(item)
        self._enable()

    def _enable(self) -> None:
        item = self.list.currentItem()
        self.end.setEnabled(item is not None and bool(item.data(0, _ID)))

    def _end(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            account, id = self._account, item.data(0, _ID)
            self.ask(lambda: account.end_device(id), lambda _: self._read())
