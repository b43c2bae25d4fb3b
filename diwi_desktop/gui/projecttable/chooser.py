"""Which columns are shown: a list to tick, in a small window under its button."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from diwi_desktop.gui import enter, theme
from diwi_desktop.gui.projecttable.columns import Column
from diwi_desktop.gui.projecttable.ordering import fold

_ROWS = 14


class ColumnChooser(QFrame):
    """`toggled` carries a column key and whether to show it; `reset_asked` wants the usual columns back."""

    toggled = Signal(str, bool)
    reset_asked = Signal()

    def __init__(self, columns: Sequence[Column], shown: set[str], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("Popover")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = QLabel(self.tr("Kolommen"))
        title.setProperty("role", "heading")
        reset = QPushButton(self.tr("Standaard"))
        reset.setProperty("role", "link")
        reset.clicked.connect(self._reset)
        top = QHBoxLayout()
        top.addWidget(title, 1)
        top.addWidget(reset)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Zoek kolom…"))
        self.search.textChanged.connect(self._narrow)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Kolommen"))
        for column in columns:
            item = QListWidgetItem(column.title)
            item.setData(Qt.ItemDataRole.UserRole, column.key)
            item.setToolTip(column.help)
            item.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            item.setCheckState(Qt.CheckState.Checked if column.key in shown else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        row_height = max(theme.space(6), self.list.sizeHintForRow(0))
        self.list.setFixedHeight(min(_ROWS, self.list.count()) * row_height)
        self.list.itemChanged.connect(self._changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.space(3)] * 4)
        layout.setSpacing(theme.space(2))
        layout.addLayout(top)
        layout.addWidget(self.search)
        layout.addWidget(self.list)
        self.setMinimumWidth(theme.space(64))

    def open_at(self, point: QPoint) -> None:
        """Show with the top right corner at a global point."""
        self.adjustSize()
        self.move(max(0, point.x() - self.width()), point.y())
        self.show()
        self.search.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not enter.presses(event):
            super().keyPressEvent(event)

    def _changed(self, item: QListWidgetItem) -> None:
        shown = item.checkState() is Qt.CheckState.Checked
        self.toggled.emit(item.data(Qt.ItemDataRole.UserRole), shown)

    def _narrow(self, text: str) -> None:
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setHidden(fold(text) not in fold(item.text()))

    def _reset(self) -> None:
        self.reset_asked.emit()
        self.close()
