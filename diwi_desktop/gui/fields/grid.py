"""The grid of a table and the sums under it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import (
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QTableView,
    QWidget,
)

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.tablemodel import EntityModel
from diwi_desktop.gui.rowhover import RowHover

ROW_HEIGHT = 26


class Grid(QTableView):
    """A table view with the keys of this program: Enter or F2 edits, Delete deletes, Ctrl+C copies."""

    delete_wanted = Signal()
    add_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setShowGrid(False)
        self.setWordWrap(False)
        RowHover(self)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setMinimumSectionSize(ROW_HEIGHT)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setMinimumSectionSize(40)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.setTabKeyNavigation(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_wanted.emit()
        elif event.key() == Qt.Key.Key_Insert:
            self.add_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.edit(self.currentIndex())
        elif event.key() == Qt.Key.Key_Escape and self._restore():
            return
        else:
            super().keyPressEvent(event)

    def _restore(self) -> bool:
        model = self.model()
        return isinstance(model, EntityModel) and model.restore(self.currentIndex())

    def copy(self) -> None:
        """Put the selected rows with their headers on the clipboard, as Excel takes them."""
        model = self.model()
        rows = sorted({index.row() for index in self.selectedIndexes()})
        shown_columns = [c for c in range(model.columnCount()) if not self.isColumnHidden(c)]
        lines = [[str(model.headerData(c, Qt.Orientation.Horizontal) or "") for c in shown_columns]]
        lines += [[str(model.index(r, c).data() or "") for c in shown_columns] for r in rows]
        QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines))


class TotalsBar(QWidget):
    """A row of totals that keeps in line with the columns of a table above it."""

    def __init__(self, grid: QTableView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = grid
        self._texts: dict[int, tuple[str, str]] = {}
        self.setFixedHeight(ROW_HEIGHT)
        header = grid.horizontalHeader()
        header.sectionResized.connect(self.update)
        header.geometriesChanged.connect(self.update)
        grid.horizontalScrollBar().valueChanged.connect(self.update)

    def show_totals(self, texts: Mapping[int, tuple[str, str]]) -> None:
        """Texts by column, each with the token of its colour."""
        self._texts = dict(texts)
        self.setAccessibleName("; ".join(text for text, _ in self._texts.values() if text))
        self.update()

    def text(self, column: int) -> str:
        """What stands under a column."""
        return self._texts.get(column, ("", ""))[0]

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("raised"))
        painter.setPen(theme.colour("strong_line"))
        painter.drawLine(0, 0, self.width(), 0)
        painter.setFont(theme.font(bold=True))
        model = self._grid.model()
        for column, (text, token) in self._texts.items():
            left = self._grid.columnViewportPosition(column) + self._grid.viewport().x()
            width = self._grid.columnWidth(column)
            align = model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
            right = bool(align is not None and align & Qt.AlignmentFlag.AlignRight)
            wide = width - 12
            if not right:
                wide = self.width() - left - 12  # words may run on into empty columns
                following = [c for c in self._texts if c > column]
                if following:
                    wide = self._grid.columnViewportPosition(min(following)) - left - 12
            painter.setPen(theme.colour(token))
            flag = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            painter.drawText(left + 6, 0, wide, self.height(), flag | Qt.AlignmentFlag.AlignVCenter, text)
