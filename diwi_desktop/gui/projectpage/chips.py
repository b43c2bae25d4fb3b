"""Small labels with a ground of their own: phase, plan status, confidentiality."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from diwi_desktop.gui import theme

Colour = Callable[[], QColor]


class Chip(QWidget):
    """A word on a ground. `line` draws an outline, dashed for soft plans: never by colour alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._icon = ""
        self._fill: Colour | None = None
        self._line: Qt.PenStyle | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.current().changed.connect(self.update)

    def show_text(
        self,
        text: str,
        *,
        fill: Colour | None = None,
        line: Qt.PenStyle | None = None,
        icon: str = "",
        tip: str = "",
    ) -> None:
        """Show a word; an empty one hides the chip."""
        self._text, self._fill, self._line, self._icon = text, fill, line, icon
        self.setVisible(bool(text))
        self.setToolTip(tip or text)
        self.setAccessibleName(tip or text)
        self.updateGeometry()
        self.update()

    @property
    def text(self) -> str:
        """The word shown."""
        return self._text

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self._text) + 16 + (18 if self._icon else 0)
        return QSize(width, max(22, metrics.height() + 4))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = self._fill() if self._fill else theme.colour("sunken")
        pen = QPen(Qt.PenStyle.NoPen) if self._line is None else QPen(theme.colour("muted"), 1.2, self._line)
        painter.setPen(pen)
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75), 4, 4)
        left = 8
        if self._icon:
            theme.icon(self._icon, "muted").paint(painter, 7, (self.height() - 14) // 2, 14, 14)
            left = 25
        painter.setPen(theme.text_on(ground) if self._fill else theme.colour("text"))
        place = self.rect().adjusted(left, 0, -6, 0)
        text = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, place.width() + 2)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
