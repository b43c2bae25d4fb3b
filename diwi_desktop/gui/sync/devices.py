"""Where the account is signed in, and signing out elsewhere: a laptop that was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from diwi_desktop.gui import jobs, theme

if TYPE_CHECKING:
    from diwi_desktop.sync.account import Account

_ID = Qt.ItemDataRole.UserRole


class DevicesDialog(QDialog):
    """Read from the server when opened."""

    def __init__(self, account: Account, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._account = account
        self.setWindowTitle(self.tr("Apparaten"))
        self.resize(theme.space(150), theme.space(90))
        words = QLabel(
            self.tr(
                "Hier bent u aangemeld. Een computer die u afmeldt kan niet meer synchroniseren, en wat erop staat is"
                " te lezen tot de offline termijn voorbij is."
            )
        )
        words.setWordWrap(True)
        words.setProperty("role", "muted")
        self.list = QTreeWidget()
        self.list.setAccessibleName(self.tr("Apparaten"))
        self.list.setHeaderLabels([self.tr("Computer"), self.tr("Laatst gezien"), self.tr("Stand")])
        self.list.setRootIsDecorated(False)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.currentItemChanged.connect(lambda *_: self._enable())
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.setProperty("role", "bad")
        self.problem.hide()
        self.end = QPushButton(self.tr("Gekozen computer afmelden"))
        self.end.clicked.connect(self._end)
        buttons = QDialogButtonBox()
        buttons.addButton(self.end, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.tr("Sluiten"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        box = QVBoxLayout(self)
        box.setSpacing(theme.space(2))
        for widget in (words, self.list, self.problem, buttons):
            box.addWidget(widget)
        self._enable()
        self._read()

    def _read(self) -> None:
        jobs.run_beside(lambda _p, _c: self._account.devices(), self._fill, self._say, parent=self)

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
            id = item.data(0, _ID)
            jobs.run_beside(lambda _p, _c: self._account.end_device(id), lambda _: self._read(), self._say, parent=self)

    def _say(self, error: Exception) -> None:
        self.problem.setText(jobs.error_text(error))
        self.problem.show()
