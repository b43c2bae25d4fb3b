"""Three contours of one plan over each other: theirs solid, mine dashed, as it was dotted; and what to do with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.language import translate
from diwi_desktop.gui.map.tools.area import change, square_metres

if TYPE_CHECKING:
    from shapely import MultiPolygon

    from diwi_desktop.gui.map.canvas import MapCanvas
    from diwi_desktop.gui.map.overlay import Overlay

MINE, THEIRS, BASE, UNION, DRAW, CLOSE = "mine", "theirs", "base", "union", "draw", "close"
LINES = {
    THEIRS: (Qt.PenStyle.SolidLine, "warn", 2.6),
    MINE: (Qt.PenStyle.DashLine, "accent", 2.6),
    BASE: (Qt.PenStyle.DotLine, "text", 1.8),
}
_MARGIN = 12
_HIGH = 300  # pixels of map from which on there is room for more than the legend; the list has the buttons too


@dataclass(frozen=True, eq=False)
class Contours:
    """The shapes by MINE, THEIRS and BASE, in RD; `names` says whose they are."""

    title: str
    shapes: Mapping[str, MultiPolygon | None]
    names: Mapping[str, str]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """What holds all of them, in RD metres."""
        boxes = [shape.bounds for shape in self.shapes.values() if shape is not None]
        lows, highs = [box[:2] for box in boxes], [box[2:] for box in boxes]
        return (
            min(x for x, _ in lows), min(y for _, y in lows), max(x for x, _ in highs), max(y for _, y in highs),
        )  # fmt: skip


def difference(contours: Contours, which: str) -> str:
    """How much larger or smaller a version is than it was: "+4.400 m² ten opzichte van toen"."""
    shape, base = contours.shapes[which], contours.shapes[BASE]
    if shape is None or base is None:
        return ""
    return translate("Compare", "%1 vergeleken met toen").replace("%1", change(shape.area - base.area))


def paint(painter: QPainter, overlay: Overlay, contours: Contours) -> None:
    """Draw the shapes; the first in the list lies beneath."""
    for which in (BASE, THEIRS, MINE):
        shape = contours.shapes[which]
        if shape is None:
            continue
        style, token, width = LINES[which]
        path = overlay.path(shape)
        if which != BASE:
            painter.fillPath(path, overlay.style.colour(token, 0.10))
        halo = QPen(overlay.style.colour("map_halo", 0.9), width + 3)
        halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, halo)
        pen = QPen(overlay.style.colour(token), width, style)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, pen)


class Swatch(QWidget):
    """A piece of the line of one of the shapes, for a legend."""

    def __init__(self, which: str) -> None:
        super().__init__()
        self._which = which
        self.setFixedSize(44, 14)
        theme.current().changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, token, width = LINES[self._which]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(token), width, style))
        painter.drawLine(2, self.height() // 2, self.width() - 2, self.height() // 2)
        painter.end()


class CompareBar(QFrame):
    """Lies on the map while contours are compared: the legend with sizes, and what can be done.

    `chosen` carries MINE, THEIRS, UNION, DRAW or CLOSE.
    """

    chosen = Signal(str)

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.setObjectName("CompareBar")
        self.setAccessibleName(self.tr("Contouren vergelijken"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.title = QLabel()
        self.title.setFont(theme.font(bold=True))
        close = QToolButton()
        close.setIcon(theme.icon("close", "muted"))
        close.setAutoRaise(True)
        close.setToolTip(self.tr("Niet meer vergelijken"))
        close.setAccessibleName(close.toolTip())
        close.clicked.connect(lambda: self.chosen.emit(CLOSE))
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self.title, 1)
        head.addWidget(close)
        legend = QGridLayout()
        legend.setHorizontalSpacing(theme.space(2))
        legend.setVerticalSpacing(2)
        legend.setColumnStretch(1, 1)
        self.lines: dict[str, tuple[QLabel, QLabel, QLabel]] = {}
        for row, which in enumerate((THEIRS, MINE, BASE)):
            name, size, more = QLabel(), QLabel(), QLabel()
            more.setProperty("role", "small")
            legend.addWidget(Swatch(which), row, 0)
            for column, label in enumerate((name, size, more), start=1):
                legend.addWidget(label, row, column)
            for label in (size, more):
                label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.lines[which] = (name, size, more)
        self.buttons: dict[str, QPushButton] = {}
        self._choices = QWidget()
        buttons = QHBoxLayout(self._choices)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(theme.space(1))
        for which, sign, words, key in (
            (MINE, "account-outline", self.tr("Mijn versie"), "M"),
            (THEIRS, "account-multiple-outline", self.tr("Hun versie"), "H"),
            (UNION, "vector-union", self.tr("Samenvoegen"), "S"),
            (DRAW, "vector-polyline-edit", self.tr("Opnieuw tekenen"), "O"),
        ):
            button = QPushButton(theme.icon(sign), words)
            button.setToolTip(self.tr("%1 (%2 in de lijst)").replace("%1", words).replace("%2", key))
            button.clicked.connect(lambda _on=False, choice=which: self.chosen.emit(choice))
            buttons.addWidget(button)
            self.buttons[which] = button
        self.hint = QLabel()
        self.hint.setProperty("role", "small")
        self.hint.setWordWrap(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.space(3), theme.space(2), theme.space(3), theme.space(2))
        box.setSpacing(theme.space(1))
        box.addWidget(self._head)
        box.addLayout(legend)
        box.addWidget(self.hint)
        box.addWidget(self._choices)
        canvas.installEventFilter(self)
        self.hide()

    def show_contours(self, contours: Contours, *, can_edit: bool) -> None:
        """Show the legend of these shapes; without `can_edit` nothing can be chosen."""
        self.title.setText(contours.title)
        for which, (name, size, more) in self.lines.items():
            shape = contours.shapes[which]
            name.setText(contours.names[which])
            size.setText(square_metres(shape.area) if shape is not None else self.tr("geen contour"))
            base = contours.shapes[BASE]
            told = which != BASE and shape is not None and base is not None
            more.setText(change(shape.area - base.area) if told and shape is not None and base is not None else "")
        for button in self.buttons.values():
            button.setEnabled(can_edit)
        self.show_hint("")
        self.show()
        self.raise_()

    def show_hint(self, text: str) -> None:
        """What to do now, under the legend."""
        self.hint.setText(text)
        self.hint.setVisible(bool(text))
        self._fit()

    def _fit(self) -> None:
        """In the upper left corner, as large as its contents ask for; on a low map the legend alone."""
        high = self._canvas.height() >= _HIGH
        self._head.setVisible(high)
        self._choices.setVisible(high)
        layout = self.layout()
        if layout is not None:
            layout.activate()
        wanted = self.sizeHint()
        self.setGeometry(_MARGIN, _MARGIN, min(wanted.width(), self._canvas.width() - 2 * _MARGIN), wanted.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._fit()
        return False

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "hint"):
            self._fit()
        super().changeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # a click between the buttons is not a click on the map beneath

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()
