"""The panel on the map: which layers show, what colours mean, which base map lies beneath. One button, which
the window puts in its toolbar, shows and hides it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
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
    QRadioButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from diwi_desktop.gui import theme
from diwi_desktop.gui.language import language
from diwi_desktop.gui.map.basemaps import base_maps
from diwi_desktop.gui.map.style import MapStyle
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import Phase

if TYPE_CHECKING:
    from diwi_desktop.gui.map.canvas import MapCanvas


_MARGIN = 12
_EDGE = 4
_GAP = 6
_FURNITURE = 36  # the scale bar along the lower edge stays in sight


class LayerPanel(QFrame):
    """Layers, colours and base map; `base_map_chosen` carries the key of a base map, empty for none.

    `layer_toggled` and `style_chosen` tell what the user changed, so that it can be remembered.
    """

    base_map_chosen = Signal(str)
    layer_toggled = Signal(str, bool)
    style_chosen = Signal(str)

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.setObjectName("layerPanel")
        self.setAccessibleName(self.tr("Kaartlagen"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        outer.setSpacing(0)
        self.fold = QToolButton(self)
        self.fold.hide()
        self.fold.setText(self.tr("Lagen"))
        self.fold.setIcon(theme.icon("layers-outline"))
        theme.words_beside(self.fold)
        self.fold.setCheckable(True)
        self.fold.setAutoRaise(True)
        self.fold.setToolTip(self.tr("Kaartlagen en legenda tonen of verbergen (L)"))
        self.fold.setAccessibleName(self.tr("Kaartlagen en legenda"))
        self.fold.toggled.connect(self._show_body)
        key = QShortcut(QKeySequence("L"), canvas)
        key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        key.activated.connect(self.fold.toggle)
        self.body = QWidget()
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self.body)
        self._scroll.viewport().setAutoFillBackground(False)
        self.body.setAutoFillBackground(False)
        outer.addWidget(self._scroll, 1)
        # Below what scrolls, so that it is in sight in a low map too.
        self.trouble = QLabel(self)
        self.trouble.setWordWrap(True)
        self.trouble.setObjectName("mapTrouble")
        self.trouble.setProperty("tone", "warn")
        self.trouble.setContentsMargins(8, 4, 8, 4)
        self.trouble.hide()
        outer.addWidget(self.trouble)
        self._fill()
        self.hide()
        self.refit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style = self._canvas.map_style
        painter.setPen(QPen(style.colour("line"), 1))
        painter.setBrush(style.colour("surface"))
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
        """Sit in the upper right corner of the map, under its button, as large as the contents ask for and
        the map has room for; what does not fit scrolls.
        """
        self.legend.updateGeometry()
        self.legend.update()
        if (inner := self.body.layout()) is not None:
            inner.activate()
        wanted = self.body.sizeHint()
        self.body.resize(wanted)
        room = max(80, self._canvas.height() - 2 * _MARGIN - _FURNITURE)
        words = 0 if self.trouble.isHidden() else self.trouble.heightForWidth(wanted.width())
        needed = wanted.height() + words + 2 * _EDGE
        height = min(needed, room)
        bar = self._scroll.verticalScrollBar().sizeHint().width() if height < needed else 0
        width = wanted.width() + 2 * _EDGE + bar
        self.setGeometry(self._canvas.width() - width - _MARGIN, _MARGIN, width, height)

    def _fill(self) -> None:
        sides = QHBoxLayout(self.body)
        sides.setContentsMargins(8, 4, 8, 8)
        sides.setSpacing(20)
        box, colours = QVBoxLayout(), QVBoxLayout()
        for side in (box, colours):
            side.setSpacing(4)
            sides.addLayout(side)
        self._boxes: dict[str, QCheckBox] = {}
        box.addWidget(self._heading(self.tr("Tonen")))
        for name, words in (
            ("plans", self.tr("Plannen")),
            ("labels", self.tr("Namen en nummers")),
            ("parcels", self.tr("Percelen")),
            ("buildings", self.tr("Gebouwen")),
        ):
            check = QCheckBox(words, self.body)
            check.setObjectName(name)
            check.setChecked(True)
            check.toggled.connect(partial(self._canvas.show_layer, name))
            check.clicked.connect(lambda on, layer=name: self.layer_toggled.emit(layer, on))
            self._boxes[name] = check
            box.addWidget(check)
        colours.addWidget(self._heading(self.tr("Kleur naar")))
        colours.addLayout(self._choices())
        self.legend = Legend(self._canvas, self.body)
        colours.addWidget(self.legend)
        colours.addStretch(1)
        box.addSpacing(8)
        box.addWidget(self._heading(self.tr("Achtergrond")))
        self.base_map = QComboBox(self.body)
        self.base_map.setAccessibleName(self.tr("Achtergrondkaart"))
        self.base_map.addItem(self.tr("Geen"), "")
        english = language() == "en"
        for entry in base_maps():
            self.base_map.addItem(entry.en if english else entry.nl, entry.key)
            help_text = entry.help_en if english else entry.help_nl
            self.base_map.setItemData(self.base_map.count() - 1, help_text, Qt.ItemDataRole.ToolTipRole)
        self.base_map.activated.connect(lambda: self.base_map_chosen.emit(self.base_map.currentData()))
        box.addWidget(self.base_map)
        box.addStretch(1)

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
            button.toggled.connect(partial(self._colour, by))
            button.clicked.connect(lambda _, style=by: self.style_chosen.emit(style))
            self._group.addButton(button)
            self._buttons[by] = button
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _colour(self, by: str, on: bool) -> None:
        if on:
            self._canvas.set_style_by(by)

    def show_layer(self, name: str, shown: bool) -> None:
        """Show or hide a layer, and its box with it. KeyError for an unknown layer."""
        self._boxes[name].setChecked(shown)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # a click between the boxes is not a click on the map beneath

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "legend"):
            self.refit()
        super().changeEvent(event)

    def _show_body(self, shown: bool) -> None:
        self.refit()
        self.setVisible(shown)
        self.raise_()
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
            painter.setBrush(Qt.BrushStyle.NoBrush if colour is None or status == "lapsed" else style.face(colour))
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
        phases: list[tuple[str | None, str | None, str]] = [
            (f"phase{number}", None, code_list("phase").label(phase, language()))
            for number, phase in enumerate(Phase, start=1)
        ]
        outlines = [(None, status, words) for status, words in self._outlines()]
        return [*phases, ("phase0", None, self.tr("Fase onbekend")), *outlines]

    def _outlines(self) -> list[tuple[str, str]]:
        return [
            ("hard", self.tr("Harde planstatus")),
            ("soft", self.tr("Zachte planstatus")),
            ("none", self.tr("Planstatus onbekend")),
            ("lapsed", self.tr("Afgebroken plan")),
        ]
