"""The list under the search field: what was found, in groups, each with what Enter does."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QIcon, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.searchentry import Entry

_TOP = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class Entries(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []

    def show(self, entries: Sequence[Entry]) -> None:
        self.beginResetModel()
        self.entries = list(entries)
        self.endResetModel()

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.group}: {entry.title}, {entry.detail}"
        return None

    def starts_group(self, row: int) -> bool:
        return row == 0 or self.entries[row].group != self.entries[row - 1].group


class _EntryDelegate(QStyledItemDelegate):
    """Icon, title, detail at the right, and the name of the group above its first line."""

    def __init__(self, model: Entries, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        heading = theme.space(6) if self._model.starts_group(index.row()) else 0
        return QSize(100, theme.size("normal") + theme.space(4) + heading)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = self._model.entries[index.row()]
        rect = QRect(option.rect)
        painter.save()
        edge = theme.space(3)
        if self._model.starts_group(index.row()):
            heading = QRect(rect.left() + edge, rect.top(), rect.width() - 2 * edge, theme.space(6))
            painter.setFont(theme.font("small", bold=True))
            painter.setPen(theme.colour("muted"))
            painter.drawText(heading, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, entry.group)
            rect.setTop(rect.top() + theme.space(6))
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.colour("chosen"))
        sign = QRect(rect.left() + edge, rect.center().y() - 7, 16, 16)
        theme.icon(entry.icon, "muted").paint(painter, sign, Qt.AlignmentFlag.AlignCenter, QIcon.Mode.Normal)
        left = sign.right() + theme.space(2)
        painter.setFont(theme.font("small"))
        detail_width = min(painter.fontMetrics().horizontalAdvance(entry.detail), rect.width() // 2)
        detail = QRect(rect.right() - edge - detail_width, rect.top(), detail_width, rect.height())
        painter.setPen(theme.colour("muted"))
        text = painter.fontMetrics().elidedText(entry.detail, Qt.TextElideMode.ElideMiddle, detail_width + 1)
        painter.drawText(detail, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.setFont(theme.font("normal"))
        painter.setPen(theme.colour("text"))
        room = QRect(left, rect.top(), detail.left() - theme.space(2) - left, rect.height())
        title = painter.fontMetrics().elidedText(entry.title, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        painter.restore()


class Results(QFrame):
    """The list under the search field. It never takes the focus: typing goes on."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("Palette")
        self.model = Entries()
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(_EntryDelegate(self.model, self.view))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setUniformItemSizes(False)
        self.view.setMouseTracking(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, theme.space(1), 1, theme.space(1))
        layout.addWidget(self.view)
        self.hide()

    def place(self, field: QWidget) -> None:
        """Stand under the field, as high as the results need."""
        window = self.parentWidget()
        if window is None:
            return
        corner = field.mapTo(window, QPoint(0, field.height() + theme.space(1)))
        width = max(field.width(), theme.space(120))
        left = min(corner.x() - (width - field.width()) // 2, window.width() - width - theme.space(2))
        rows = range(self.model.rowCount())
        height = sum(self.view.sizeHintForRow(row) for row in rows) + theme.space(2) + 4
        most = window.height() - corner.y() - theme.space(6)
        self.setGeometry(max(theme.space(2), left), corner.y(), width, min(height, most))
        self.raise_()
