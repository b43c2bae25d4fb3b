"""The grid of the project table: whole rows, hover, Ctrl+C, Enter."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.projecttable.header import ProjectHeader
from diwi_desktop.gui.projecttable.model import ProjectTableModel
from diwi_desktop.gui.rowhover import RowHover


class ProjectView(QTableView):
    """`opened` carries the row that was opened by Enter or a double click; `copy_asked` is Ctrl+C."""

    opened = Signal(int)
    copy_asked = Signal()
    resized = Signal(int)

    def __init__(self, model: ProjectTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Of Qt's own, PySide does not know what sort of widget it is, and loads all sorts to find out.
        viewport = QWidget()
        viewport.setBackgroundRole(QPalette.ColorRole.Base)
        viewport.setAutoFillBackground(True)
        self.setViewport(viewport)
        self.setModel(model)
        self.header = ProjectHeader(model, self)
        self.setHorizontalHeader(self.header)
        self.verticalHeader().hide()
        self._fit_rows()
        theme.current().changed.connect(self._fit_rows)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        RowHover(self)
        self.setAccessibleName(self.tr("Projecten"))
        self.doubleClicked.connect(self._double_clicked)

    def _fit_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(theme.size("normal") + theme.space(3))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit(event.size().width())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()  # Qt would look for a project of that name
        else:
            super().keyPressEvent(event)

    def _double_clicked(self, index: QModelIndex) -> None:
        self.opened.emit(index.row())
