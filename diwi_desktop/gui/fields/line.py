"""Inputs of one line: text, numbers, money and ranges, dates; and the input of several lines."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QDate, QEvent, QRegularExpression, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QFrame, QLineEdit, QPlainTextEdit, QToolButton, QVBoxLayout, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.calendar import Calendar
from diwi_desktop.gui.fields.base import Input
from diwi_desktop.gui.language import language
from diwi_desktop.model import notation
from diwi_desktop.model.catalogue import RANGE_TYPES, Field, FieldType
from diwi_desktop.model.values import BadValue, to_log

NUMBERS = frozenset({FieldType.INTEGER, FieldType.NUMBER, *RANGE_TYPES})

# Functional reference 2.5: only digits, one comma per number and one hyphen; thousand points as they are shown.
_ALLOWED = {
    FieldType.INTEGER: r"[-−]?[\d.]*",
    FieldType.NUMBER: r"[-−]?[\d.]*(,\d*)?",
    FieldType.RANGE_NUMBER: r"\s*-?[\d.]*(,\d*)?\s*(-\s*[\d.]*(,\d*)?)?\s*",
    FieldType.RANGE_MONEY: r"\s*-?[\d.]*(,\d*)?\s*(-\s*[\d.]*(,\d*)?)?\s*",
}
_WIDTHS = {
    FieldType.INTEGER: 88,
    FieldType.NUMBER: 112,
    FieldType.RANGE_NUMBER: 128,
    FieldType.RANGE_MONEY: 200,
    FieldType.DATE: 148,
}


class LineInput(Input):
    """One line of text."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.edit = QLineEdit(self)
        self.edit.textEdited.connect(lambda _text: self.edited.emit())
        self._shown = ""
        self._adopt(self.edit, 1)

    def value(self) -> Any:
        return to_log(self.field, notation.parse_value(self.field, self.edit.text(), {}))

    def show_value(self, value: Any) -> None:
        self._shown = self._text(value)
        if self.edit.text() != self._shown:
            # A refresh while someone types elsewhere in the line must not move the cursor.
            place = self.edit.cursorPosition()
            self.edit.setText(self._shown)
            self.edit.setCursorPosition(min(place, len(self._shown)) if self.edit.hasFocus() else 0)

    def draft(self) -> Any:
        return self.edit.text()

    def set_draft(self, draft: Any) -> None:
        self.edit.setText(draft)

    def set_read_only(self, on: bool) -> None:
        self.edit.setReadOnly(on)

    def select_all(self) -> None:
        self.edit.selectAll()

    def _text(self, value: Any) -> str:
        return "" if value is None else notation.format_value(self.field, value, {}, language())


class NumberInput(LineInput):
    """A number, an amount or a range of either. Thousand points when shown, none while typing (reference 2.5)."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.edit.setValidator(QRegularExpressionValidator(QRegularExpression(_ALLOWED[field.type]), self.edit))
        if field.type in RANGE_TYPES:
            self.edit.setClearButtonEnabled(True)
            example = "200.000-250.000" if field.type is FieldType.RANGE_MONEY else "70-95"
            self.edit.setPlaceholderText(self.tr("bijv. %1").replace("%1", example))

    def set_read_only(self, on: bool) -> None:
        super().set_read_only(on)
        self.edit.setClearButtonEnabled(self.field.type in RANGE_TYPES and not on)

    def _focus_in(self, event: QFocusEvent) -> None:
        if self.edit.isReadOnly() or self.edit.text() != self._shown:
            return
        text = self.edit.text().replace(".", "")
        plain = "" if text == "0,00" else text
        if plain != self.edit.text():
            self.edit.setText(plain)
            if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
                self.edit.selectAll()

    def _focus_out(self) -> None:
        if self.edit.text() == self._shown.replace(".", ""):
            self.edit.setText(self._shown)
        super()._focus_out()


class DateInput(LineInput):
    """A date as 31-12-2026, typed in any usual way; arrows step a day, with Ctrl a month; a calendar for the mouse."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.edit.setPlaceholderText(self.tr("dd-mm-jjjj"))
        self.button = QToolButton(self)
        self.button.setIcon(theme.icon("calendar", "muted"))
        self.button.setAutoRaise(True)
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.setToolTip(self.tr("Kies in de kalender (Alt+omlaag)"))
        self.button.setAccessibleName(self.tr("Kalender"))
        self.button.clicked.connect(self.open_calendar)
        self._box.addWidget(self.button)

    def set_read_only(self, on: bool) -> None:
        super().set_read_only(on)
        self.button.setEnabled(not on)

    def value(self) -> Any:
        return to_log(self.field, notation.parse_value(self.field, typed_date(self.edit.text()), {}))

    def open_calendar(self) -> None:
        """Show the calendar under the field."""
        popup = _CalendarPopup(self._day(), self)
        popup.calendar.activated.connect(self._chosen)
        popup.calendar.clicked.connect(self._chosen)
        popup.calendar.activated.connect(lambda _day: popup.close())
        popup.calendar.clicked.connect(lambda _day: popup.close())
        popup.move(self.mapToGlobal(self.rect().bottomLeft()))
        popup.show()
        popup.calendar.setFocus(Qt.FocusReason.PopupFocusReason)

    def _chosen(self, day: QDate) -> None:
        self.edit.setText(notation.format_date(date(day.year(), day.month(), day.day())))
        self.edit.setFocus(Qt.FocusReason.PopupFocusReason)
        self.edited.emit()
        self.left.emit()

    def _day(self) -> date | None:
        try:
            found = self.value()
        except BadValue:
            return None
        return None if found is None else date.fromisoformat(found)

    def _key(self, event: QKeyEvent) -> bool:
        up_down = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            if not self.edit.isReadOnly():
                self.open_calendar()
            return True
        if event.key() in up_down and not self.edit.isReadOnly():
            day = self._day()
            if day is not None:
                months = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
                step = up_down[Qt.Key(event.key())]
                moved = add_months(day, step) if months else day + timedelta(days=step)
                self.edit.setText(notation.format_date(moved))
                self.edited.emit()
            return True
        return super()._key(event)


def add_months(day: date, months: int) -> date:
    """The same day some months on; the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def typed_date(text: str) -> str:
    """A date typed without separators (01022026, 010226) with them; any other text as it is."""
    found = re.fullmatch(r"\s*(\d{2})(\d{2})(\d{4}|\d{2})\s*", text)
    return text if found is None else "-".join(found.groups())


class _CalendarPopup(QFrame):
    """A calendar that closes by itself."""

    def __init__(self, day: date | None, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.calendar = Calendar(day)
        box = QVBoxLayout(self)
        box.setContentsMargins(4, 4, 4, 4)
        box.addWidget(self.calendar)


class _GrowingText(QPlainTextEdit):
    """As high as its text, between two and six lines."""

    def sizeHint(self) -> QSize:
        lines = max(2, min(6, int(self.document().size().height())))
        height = lines * self.fontMetrics().lineSpacing() + 2 * int(self.document().documentMargin()) + 2
        return QSize(200, height + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())


class LongTextInput(Input):
    """Several lines of text. Tab goes on to the next field; Ctrl+Enter stores."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.edit = _GrowingText(self)
        self.edit.setTabChangesFocus(True)
        self.edit.textChanged.connect(self._changed)
        self._quiet = False
        self._adopt(self.edit, 1)
        policy = self.edit.sizePolicy()
        policy.setVerticalPolicy(policy.Policy.Fixed)
        self.edit.setSizePolicy(policy)

    def _changed(self) -> None:
        self.edit.updateGeometry()
        if not self._quiet:
            self.edited.emit()

    def value(self) -> Any:
        return to_log(self.field, self.edit.toPlainText())

    def show_value(self, value: Any) -> None:
        self.set_draft(value or "")

    def draft(self) -> Any:
        return self.edit.toPlainText()

    def set_draft(self, draft: Any) -> None:
        if self.edit.toPlainText() != draft:
            self._quiet = True
            self.edit.setPlainText(draft)
            self._quiet = False

    def set_read_only(self, on: bool) -> None:
        self.edit.setReadOnly(on)

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.left.emit()
                return True
            return False
        return super()._key(event)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FontChange:
            self.edit.updateGeometry()
        return super().event(event)


def fixed_width(field: Field) -> int | None:
    """The width in pixels of an input of this type at 100%; None for one that takes the room there is."""
    return _WIDTHS.get(field.type)
