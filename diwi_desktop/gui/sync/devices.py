"""Where the account is signed in, and signing out elsewhere: a laptop that was lost.

To sign out another computer one proves who one is: with the password, or anew in the browser with single sign-on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFormLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTreeWidgetItem,
    QWidget,
)

from diwi_desktop.gui import jobs, theme
from diwi_desktop.gui.sync.serverlist import ServerList

if TYPE_CHECKING:
    from diwi_desktop.sync.account import Account

_ID, _HERE = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class DevicesDialog(ServerList):
    """Read from the server when opened."""

    def __init__(self, account: Account, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Apparaten"),
            self.tr(
                "Hier bent u aangemeld. Een computer die u afmeldt kan niet meer synchroniseren, en wat erop staat is"
                " te lezen tot de offline termijn voorbij is. Voor een andere computer toont u opnieuw wie u bent."
            ),
            [self.tr("Computer"), self.tr("Laatst gezien"), self.tr("Stand")],
            self.tr("Gekozen computer afmelden"),
            parent,
        )
        self._account = account
        self._by_password = True
        self._asked: jobs.Job | None = None
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setMaxLength(1000)
        words = QLabel(self.tr("Uw &wachtwoord"))
        words.setBuddy(self.password)
        self.proof = QWidget()
        row = QFormLayout(self.proof)
        row.setContentsMargins(0, 0, 0, 0)
        row.addRow(words, self.password)
        self.proof.hide()
        self.box.insertWidget(self.box.indexOf(self.problem), self.proof)
        self.password.textChanged.connect(lambda _: self._enable())
        self.finished.connect(lambda _: self._stop_asking())
        self.resize(theme.space(150), theme.space(90))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.list.currentItemChanged.connect(lambda *_: self._enable())
        self.end = self.button
        self.end.setDefault(True)  # so that Enter behind the password does it, once
        self.end.clicked.connect(self._end)
        self._read()

    def _read(self) -> None:
        self.ask(self._account.devices, self._fill)

    def _fill(self, devices: list[dict[str, Any]]) -> None:
        from diwi_desktop.sync.status import moment

        self.list.clear()
        self.password.clear()
        for one in devices:
            if one["current"]:
                self._by_password = one["method"] == "password"
            state = self.tr("deze computer") if one["current"] else self.tr("aangemeld")
            item = QTreeWidgetItem([f"{one['name']} ({one['tag']})", moment(one["last_at"]), state])
            item.setData(0, _ID, one["id"])
            item.setData(0, _HERE, one["current"])
            self.list.addTopLevelItem(item)
        self._enable()

    def _enable(self) -> None:
        item = self.list.currentItem()
        asks = item is not None and not item.data(0, _HERE) and self._by_password
        self.proof.setVisible(asks)
        self.end.setEnabled(item is not None and bool(self.password.text() or not asks))

    def _end(self) -> None:
        item = self.list.currentItem()
        if item is None or not self.end.isEnabled():
            return
        account, id = self._account, item.data(0, _ID)
        if not item.data(0, _HERE) and not self._by_password:
            self._end_by_browser(id)
            return
        password = "" if item.data(0, _HERE) else self.password.text()
        self.end.setEnabled(False)  # until there is an answer
        self.ask(lambda: account.end_device(id, password=password), lambda _: self._read())

    def failed(self, error: Exception) -> None:
        """Say why there was no answer, and let it be tried again."""
        super().failed(error)
        self._enable()

    def _end_by_browser(self, id: str) -> None:
        account = self._account

        def work(cancelled: jobs.IsCancelled) -> None:
            from diwi_desktop.sync.connect import prove_in_browser

            account.end_device(id, identity=prove_in_browser(account, cancelled))

        self._stop_asking()
        self.tell(self.tr("Meld u aan in de browser die is geopend en kom daarna hier terug."))
        self._asked = jobs.run_beside(
            lambda _p, cancelled: work(cancelled), lambda _: self._read(), self.failed, parent=self
        )

    def _stop_asking(self) -> None:
        """Who closes the window, or asks once more, waits for the browser no longer."""
        if self._asked is not None:
            self._asked.drop()
            self._asked = None
