"""The input for a colour."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QColorDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.base import Input
from diwi_desktop.model.catalogue import Field
from diwi_desktop.model.values import to_log

# The block colours of the original's picker, kept apart for plans in charts.
PALETTE = (
    "#FF5733", "#D9480F", "#F08C00", "#FCC419", "#94D82D", "#2B8A3E", "#12B886", "#15AABF",
    "#228BE6", "#364FC7", "#7048E8", "#AE3EC9", "#E64980", "#A61E4D", "#868E96", "#343A40",
)  # fmt: skip


class ColorInput(Input):
    """A colour: a swatch with a palette, and its code for who knows it."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.button = QToolButton(self)
        self.button.setIconSize(QSize(28, 16))
        self.button.setToolTip(self.tr("Kies een kleur"))
        self.button.setAccessibleName(self.tr("Kies een kleur"))
        self.button.clicked.connect(self.open_palette)
        self.edit = QLineEdit(self)
        self.edit.setMaxLength(7)
        self._fit()
        theme.current().changed.connect(self._fit)
        self.edit.textEdited.connect(self._typed)
        self._adopt(self.edit)
        self.setTabOrder(self.edit, self.button)  # Tab comes in at the code, and would pass by what is before that
        self._box.insertWidget(0, self.button)
        self._box.addStretch(1)

    def _fit(self) -> None:
        self.edit.setFixedWidth(theme.scaled(88))

    def _typed(self, text: str) -> None:
        self.button.setIcon(_swatch(text))
        self.edited.emit()

    def open_palette(self) -> None:
        """Show the palette under the swatch."""
        popup = QFrame(self, Qt.WindowType.Popup)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.setFrameShape(QFrame.Shape.StyledPanel)
        grid = QGridLayout(popup)
        grid.setContentsMargins(8, 8, 8, 8)
        grid.setSpacing(4)
        for place, colour in enumerate(PALETTE):
            button = QToolButton()
            button.setIcon(_swatch(colour))
            button.setIconSize(QSize(28, 16))
            button.setAutoRaise(True)
            button.setAccessibleName(colour)
            button.setToolTip(colour)
            button.clicked.connect(lambda _on=False, c=colour: self._chosen(c, popup))
            grid.addWidget(button, place // 8, place % 8)
        more = QPushButton(self.tr("Andere kleur…"))
        more.setAutoDefault(False)
        more.clicked.connect(lambda: self._other(popup))
        row = QHBoxLayout()
        row.addWidget(more)
        row.addStretch(1)
        grid.addLayout(row, 2, 0, 1, 8)
        popup.move(self.mapToGlobal(self.rect().bottomLeft()))
        popup.show()

    def _other(self, popup: QFrame) -> None:
        popup.close()
        found = QColorDialog.getColor(QColor(self.edit.text()), self.window(), self.tr("Kleur van het plan"))
        if found.isValid():
            self._chosen(found.name().upper(), None)

    def _chosen(self, colour: str, popup: QFrame | None) -> None:
        if popup is not None:
            popup.close()
        self.set_draft(colour)
        self.edited.emit()
        self.left.emit()

    def value(self) -> Any:
        return to_log(self.field, self.edit.text().strip())

    def show_value(self, value: Any) -> None:
        self.set_draft(value or "")

    def draft(self) -> Any:
        return self.edit.text()

    def set_draft(self, draft: Any) -> None:
        if self.edit.text() != draft:
            self.edit.setText(draft)
        self.button.setIcon(_swatch(draft))

    def set_read_only(self, on: bool) -> None:
        self.edit.setReadOnly(on)
        self.button.setEnabled(not on)


def _swatch(colour: str) -> QIcon:
    drawn = QPixmap(56, 32)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.colour("strong_line"))
    painter.setBrush(QColor(colour) if QColor.isValidColorName(colour) else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(1, 1, 54, 30, 5, 5)
    painter.end()
    drawn.setDevicePixelRatio(2)
    return QIcon(drawn)
