"""The panel on the map: which layers show, what colours mean, which base map lies beneath. Can be folded
away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShortcut,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QRadioButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from diwi_desktop.gui import settings, theme
from diwi_desktop.gui.map.basemaps import base_maps
from diwi_desktop.gui.map.style import MapStyle
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import Phase

if TYPE_CHECKING:
    from diwi_desktop.gui.map.canvas import MapCanvas


_MARGIN = 12
_GAP = 6


class LayerPanel(QFrame):
    """Layers, colours and base map; `base_map_chosen` carries the key of a base map, empty for none."""

    base_map_chosen = Signal(str)

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.setObjectName("layerPanel")
        self.setAccessibleName(self.tr("Kaartlagen"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(4, 4, 4, 4)
        outer.setSpacing(0)
        outer.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        self.fold = QToolButton(self)
        self.fold.setText(self.tr("Lagen"))
        self.fold.setIcon(theme.icon("layers-outline"))
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.setCheckable(True)
        self.fold.setAutoRaise(True)
        self.fold.setToolTip(self.tr("Kaartlagen en legenda tonen of verbergen (L)"))
        self.fold.setAccessibleName(self.tr("Kaartlagen en legenda"))
        self.fold.toggled.connect(self._show_body)
        outer.addWidget(self.fold, alignment=Qt.AlignmentFlag.AlignLeft)
        key = QShortcut(QKeySequence("L"), canvas)
        key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        key.activated.connect(self.fold.toggle)
        self.body = QWidget(self)
        outer.addWidget(self.body)
        self._fill()
        self.body.hide()
        self.refit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style = self._canvas.map_style
        painter.setPen(QPen(style.colour("line"), 1))
        painter.setBrush(style.colour("surface", 0.97))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def set_trouble(self, sentence: str) -> None:
        """Say why a base map does not come; empty when it does."""
        self.trouble.setText(sentence)
        self.trouble.setVisible(bool(sentence))
        self.refit()

    def show_base_map(self, key: str) -> None:
        """Show which base map lies beneath."""
        self.base_map.setCurrentIndex(max(0, self.base_map.findData(key)))

    def show_style_by(self, by: str) -> None:
        """Show what the plans are coloured by."""
        self._buttons[by].setChecked(True)
        self.refit()

    def refit(self) -> None:
        """Sit in the lower left corner of the map, in the size that the contents ask for."""
        self.legend.updateGeometry()
        self.legend.update()
        self._to_corner()

    def _fill(self) -> None:
        box = QVBoxLayout(self.body)
        box.setContentsMargins(8, 4, 8, 8)
        box.setSpacing(4)
        for name, words in (
            ("plans", self.tr("Plannen")),
            ("labels", self.tr("Namen en nummers")),
            ("parcels", self.tr("Percelen")),
            ("buildings", self.tr("Gebouwen")),
        ):
            check = QCheckBox(words, self.body)
            check.setObjectName(name)
            check.setChecked(True)
            check.toggled.connect(lambda on, layer=name: self._canvas.show_layer(layer, on))
            box.addWidget(check)
        box.addSpacing(8)
        box.addWidget(self._heading(self.tr("Kleur naar")))
        box.addLayout(self._choices())
        self.legend = Legend(self._canvas, self.body)
        box.addWidget(self.legend)
        box.addSpacing(8)
        box.addWidget(self._heading(self.tr("Achtergrond")))
        self.base_map = QComboBox(self.body)
        self.base_map.setAccessibleName(self.tr("Achtergrondkaart"))
        self.base_map.addItem(self.tr("Geen"), "")
        english = settings.language() == "en"
        for entry in base_maps():
            self.base_map.addItem(entry.en if english else entry.nl, entry.key)
            help_text = entry.help_en if english else entry.help_nl
            self.base_map.setItemData(self.base_map.count() - 1, help_text, Qt.ItemDataRole.ToolTipRole)
        self.base_map.activated.connect(lambda: self.base_map_chosen.emit(self.base_map.currentData()))
        box.addWidget(self.base_map)
        self.trouble = QLabel(self.body)
        self.trouble.setWordWrap(True)
        self.trouble.setObjectName("mapTrouble")
        self.trouble.setProperty("tone", "warn")
        self.trouble.hide()
        box.addWidget(self.trouble)

    def _heading(self, words: str) -> QLabel:
        label = QLabel(words, self.body)
        label.setFont(theme.font("small", bold=True))
        return label

    def _choices(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QRadioButton] = {}
        for by, words in (("phase", self.tr("Projectfase")), ("status", self.tr("Planstatus"))):
            button = QRadioButton(words, self.body)
            button.setObjectName(by)
            button.setChecked(by == self._canvas.style_by)
            button.toggled.connect(lambda on, style=by: self._canvas.set_style_by(style) if on else None)
            self._group.addButton(button)
            self._buttons[by] = button
            row.addWidget(button)
        row.addStretch(1)
        return row

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # a click between the boxes is not a click on the map beneath

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._to_corner()

    def _to_corner(self) -> None:
        self.move(_MARGIN, self._canvas.height() - self.height() - _MARGIN)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "legend"):
            self.refit()
        super().changeEvent(event)

    def _show_body(self, shown: bool) -> None:
        self.body.setVisible(shown)
        self.refit()
        if not shown:
            self._canvas.setFocus()


class Legend(QWidget):
    """What the colours and outlines of the plans mean, in words."""

    def __init__(self, canvas: MapCanvas, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self.setFont(theme.font("small"))
        self.setAccessibleName(self.tr("Legenda"))
        self.setAccessibleDescription(", ".join(words for *_, words in self._rows()))

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = max(metrics.horizontalAdvance(words) for *_, words in self._all_rows())
        gap = 0 if self._canvas.style_by == "status" else _GAP
        return QSize(width + 36, len(self._rows()) * self._row_height() + gap)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style: MapStyle = self._canvas.map_style
        height = self._row_height()
        for number, (colour, status, words) in enumerate(self._rows()):
            top = number * height + (_GAP if colour is None else 0)
            swatch = QRectF(1.5, top + (height - 12) / 2, 22, 12)
            pen = QPen(style.colour("text") if colour is None else style.edge(colour), 1.6)
            if status is not None and style.dash(status):
                pen.setDashPattern(list(style.dash(status)))
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush if colour is None else style.face(colour))
            painter.drawRect(swatch)
            painter.setPen(style.colour("text"))
            text = QRectF(32, top, self.width() - 32, height)
            painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)

    def _row_height(self) -> int:
        return self.fontMetrics().height() + 4

    def _rows(self) -> list[tuple[str | None, str | None, str]]:
        """(colour token, plan status class, words) of what the map shows now."""
        return self._status_rows() if self._canvas.style_by == "status" else self._all_rows()

    def _status_rows(self) -> list[tuple[str | None, str | None, str]]:
        style: MapStyle = self._canvas.map_style
        return [(style.status_token(status), status, words) for status, words in self._outlines()]

    def _all_rows(self) -> list[tuple[str | None, str | None, str]]:
        language = settings.language()
        phases: list[tuple[str | None, str | None, str]] = [
            (f"phase{number}", None, code_list("phase").label(phase, language))
            for number, phase in enumerate(Phase, start=1)
        ]
        outlines = [(None, status, words) for status, words in self._outlines()]
        return [*phases, ("phase0", None, self.tr("Fase onbekend")), *outlines]

    def _outlines(self) -> list[tuple[str, str]]:
        return [
            ("hard", self.tr("Harde planstatus")),
            ("soft", self.tr("Zachte planstatus")),
            ("none", self.tr("Planstatus onbekend")),
        ]
