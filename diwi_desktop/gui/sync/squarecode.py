"""A square code (QR) to be read by a phone."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

_QUIET = 4  # modules of white around it that readers need (ISO/IEC 18004)
_MODULE = 4  # pixels


class SquareCode(QWidget):
    """Black on white in every theme: not all phones read it the other way round."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[bytes] = []
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def rows(self) -> list[bytes]:
        """The modules row by row, 1 for black, without the white around them."""
        return self._rows

    def show_text(self, text: str) -> None:
        """Show a text; an empty one shows nothing."""
        import segno

        self._rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix] if text else []
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        side = (len(self._rows) + 2 * _QUIET) * _MODULE if self._rows else 0
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._rows:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(Qt.GlobalColor.white))
        for y, row in enumerate(self._rows):
            for x, black in enumerate(row):
                if black:
                    place = QRectF((x + _QUIET) * _MODULE, (y + _QUIET) * _MODULE, _MODULE, _MODULE)
                    painter.fillRect(place, QColor(Qt.GlobalColor.black))
        painter.end()
