"""Controls that draw themselves, so that combo boxes, choices and segments look like the line edits beside them."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QComboBox, QLineEdit, QSizePolicy, QWidget

from diwi_desktop.gui import theme

CARET = 16
TEXT_LEFT = 10  # where a line edit of the style sheet starts its text


def line_height() -> int:
    """The height of a line edit, which all controls share."""
    return _height(theme.current().name, theme.current().scale)


@cache
def _height(_theme: str, _scale: float) -> int:
    return QLineEdit().sizeHint().height()


def draw_field(widget: QWidget, text: str, *, wrong: bool = False) -> None:
    """Draw a closed list of choices: the frame of a line edit, the text, a caret."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    enabled, focus = widget.isEnabled(), widget.hasFocus()
    edge = "bad" if wrong else "accent" if focus else "strong_line" if enabled else "line"
    width = 2.0 if wrong or focus else 1.0
    painter.setPen(QPen(theme.colour(edge), width))
    painter.setBrush(theme.colour("hover" if enabled and widget.underMouse() else "surface" if enabled else "raised"))
    inset = width / 2
    painter.drawRoundedRect(widget.rect().toRectF().adjusted(inset, inset, -inset, -inset), 4, 4)
    room = widget.rect().adjusted(TEXT_LEFT, 0, -CARET - 3 if enabled else -6, 0)
    painter.setPen(theme.colour("text" if text else "muted"))
    shown = widget.fontMetrics().elidedText(text or "\N{EN DASH}", Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
    if enabled:
        box = QRect(widget.width() - CARET - 2, (widget.height() - 16) // 2, 16, 16)
        theme.icon("chevron-down", "muted").paint(painter, box)


class Combo(QComboBox):
    """A combo box that leaves the wheel to the page it stands on and shows "no choice" as a dash."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.view().isVisible():
            super().wheelEvent(event)
        else:
            event.ignore()

    def showPopup(self) -> None:
        view = self.view()
        room = 2 * view.frameWidth() + view.verticalScrollBar().sizeHint().width()
        view.setMinimumWidth(max(self.width(), view.sizeHintForColumn(0) + room))  # the field itself may be narrow
        super().showPopup()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), line_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(56, line_height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        draw_field(self, self.currentText() if self.currentData() else "", wrong=bool(self.property("wrong")))


class HelpMark(QAbstractButton):
    """A small question mark: the mouse's way to the help of a field (the keyboard's is F1)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedSize(18, 24)
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        mark = QRect(2, 5, 14, 14)
        theme.icon("help-circle-outline", "accent" if self.underMouse() else "muted").paint(painter, mark)


class _Segment(QAbstractButton):
    """One of a row of choices of which one holds."""

    def __init__(self, text: str, first: bool, last: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._first, self._last = first, last
        self.setText(text)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        font = self.font()
        font.setWeight(font.Weight.DemiBold)  # as wide as when it is chosen, so that nothing shifts
        return QSize(QFontMetrics(font).horizontalAdvance(self.text()) + 14, line_height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        # Neighbours share their border; only the ends of the row are round.
        box = self.rect().toRectF().adjusted(0.5, 0.5, -0.5 if self._last else 0.5, -0.5)
        painter.setClipRect(self.rect())
        ground = "chosen" if on else "hover" if self.isEnabled() and self.underMouse() else "surface"
        painter.setBrush(theme.colour(ground if self.isEnabled() or on else "raised"))
        painter.setPen(theme.colour("strong_line" if self.isEnabled() else "line"))
        wide = box.adjusted(0 if self._first else -8, 0, 0 if self._last else 8, 0)
        painter.drawRoundedRect(wide, 4, 4)
        if not self._first:
            painter.drawLine(box.topLeft(), box.bottomLeft())
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(self.rect().toRectF().adjusted(1, 1, -1, -1), 3, 3)
        font = self.font()
        font.setWeight(font.Weight.DemiBold if on else font.Weight.Normal)
        painter.setFont(font)
        painter.setPen(theme.colour("accent" if on and self.isEnabled() else "text" if self.isEnabled() else "muted"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


class Segments(QWidget):
    """A row of choices; `group` gives the clicks. Arrow keys walk along the row."""

    def __init__(self, texts: list[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.group = QButtonGroup(self)
        self._buttons = []
        for place, text in enumerate(texts):
            button = _Segment(text, place == 0, place == len(texts) - 1, self)
            self.group.addButton(button, place)
            self._buttons.append(button)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def buttons(self) -> list[QAbstractButton]:
        return list(self._buttons)

    def sizeHint(self) -> QSize:
        return QSize(sum(button.sizeHint().width() for button in self._buttons), line_height())

    def event(self, event: QEvent) -> bool:
        # There is no layout here that would pass on that the words have got another font, and so another width.
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)

    def resizeEvent(self, _event: object) -> None:
        left = 0
        for button in self._buttons:
            wide = button.sizeHint().width()
            button.setGeometry(left, 0, wide, self.height())
            left += wide

    def checked(self) -> int:
        """The place of the choice that holds; -1 for none."""
        return self.group.checkedId()

    def check(self, place: int) -> None:
        """Choose; -1 for none."""
        if place >= 0:
            self._buttons[place].setChecked(True)
        elif (button := self.group.checkedButton()) is not None:
            self.group.setExclusive(False)
            button.setChecked(False)
            self.group.setExclusive(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()
