"""Inputs for a code list, a rank, and yes or no."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QWidget,
)

from diwi_desktop.gui.fields.base import Input
from diwi_desktop.gui.fields.controls import Combo, Segments
from diwi_desktop.model.catalogue import Field
from diwi_desktop.model.values import to_log

Choices = Callable[[Field, Sequence[str]], list[tuple[str, str]]]


class CodeInput(Input):
    """One of a code list. A choice by mouse is stored at once, one by arrow keys when the field is left."""

    def __init__(self, field: Field, choices: Choices, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._choices = choices
        self._in_key = False
        self.combo = Combo(self)
        self.combo.activated.connect(self._activated)
        self._adopt(self.combo, 1)
        self._fill(None)

    def _fill(self, value: str | None) -> None:
        entries = self._choices(self.field, [value] if value else [])
        if not self.field.mandatory or value is None:
            entries = [("", self.tr("Geen")), *entries]
        if [self.combo.itemData(i) for i in range(self.combo.count())] != [key for key, _ in entries]:
            self.combo.clear()
            for key, text in entries:
                self.combo.addItem(text, key)
                self.combo.setItemData(self.combo.count() - 1, text, Qt.ItemDataRole.ToolTipRole)

    def _activated(self) -> None:
        self.edited.emit()
        if not self._in_key:
            self.left.emit()

    def value(self) -> Any:
        return to_log(self.field, self.combo.currentData() or None)

    def show_value(self, value: Any) -> None:
        self._fill(value)
        self.combo.setCurrentIndex(max(0, self.combo.findData(value or "")))

    def draft(self) -> Any:
        return self.combo.currentData()

    def set_draft(self, draft: Any) -> None:
        self.combo.setCurrentIndex(max(0, self.combo.findData(draft)))

    def set_read_only(self, on: bool) -> None:
        self.combo.setEnabled(not on)

    def _key(self, event: QKeyEvent) -> bool:
        if super()._key(event):
            return True
        if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_F4, Qt.Key.Key_Space):
            return False
        self._in_key = True
        try:
            self.combo.keyPressEvent(event)
        finally:
            self._in_key = False
        return event.isAccepted()


class OrdinalInput(Input):
    """A rank, or a range of ranks: from ... to ..."""

    def __init__(self, field: Field, choices: Choices, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._choices = choices
        self.low, self.high = Combo(self), Combo(self)
        for combo, name in ((self.low, self.tr("Van")), (self.high, self.tr("Tot en met"))):
            combo.setAccessibleName(name)
            combo.setToolTip(name)
            self._adopt(combo, 1)
        self.low.activated.connect(self._low_chosen)
        self.high.activated.connect(self._chosen)
        self._fill([])

    def _fill(self, chosen: Sequence[str]) -> None:
        entries = self._choices(self.field, chosen)
        for combo, empty in ((self.low, "\N{EN DASH}"), (self.high, self.tr("alleen deze"))):
            combo.clear()
            combo.addItem(empty, "")
            for key, text in entries:
                combo.addItem(text, key)
        self.high.setEnabled(self.low.isEnabled() and bool(self.low.currentData()))

    def _low_chosen(self) -> None:
        self.high.setEnabled(bool(self.low.currentData()))
        if not self.low.currentData():
            self.high.setCurrentIndex(0)
        self._chosen()

    def _chosen(self) -> None:
        self.edited.emit()
        self.left.emit()

    def value(self) -> Any:
        low = self.low.currentData()
        return to_log(self.field, [low, self.high.currentData() or low] if low else None)

    def show_value(self, value: Any) -> None:
        low, high = value or ("", "")
        self._fill([item for item in (low, high) if item])
        self.set_draft((low, "" if low == high else high))

    def draft(self) -> Any:
        return (self.low.currentData(), self.high.currentData())

    def set_draft(self, draft: Any) -> None:
        self.low.setCurrentIndex(max(0, self.low.findData(draft[0])))
        self.high.setCurrentIndex(max(0, self.high.findData(draft[1])))
        self.high.setEnabled(self.low.isEnabled() and bool(self.low.currentData()))

    def set_read_only(self, on: bool) -> None:
        self.low.setEnabled(not on)
        self.high.setEnabled(not on and bool(self.low.currentData()))


class BooleanInput(Input):
    """Yes, no or unknown, next to each other; arrow keys walk."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._values: tuple[bool | None, ...] = (True, False) if field.mandatory else (True, False, None)
        words = {True: self.tr("Ja"), False: self.tr("Nee"), None: self.tr("Onbekend")}
        self.segments = Segments([words[value] for value in self._values], self)
        self._box.addWidget(self.segments)
        self._box.addStretch(1)
        for button in self.segments.buttons():
            button.installEventFilter(self)
        self.setFocusProxy(self.segments.buttons()[0])
        self.segments.group.idClicked.connect(self._clicked)

    def _clicked(self) -> None:
        self.edited.emit()
        self.left.emit()

    def value(self) -> Any:
        place = self.segments.checked()
        return None if place < 0 else self._values[place]

    def show_value(self, value: Any) -> None:
        self.set_draft(value)

    def draft(self) -> Any:
        return self.value()

    def set_draft(self, draft: Any) -> None:
        self.segments.check(self._values.index(draft) if draft in self._values else -1)

    def set_read_only(self, on: bool) -> None:
        for button in self.segments.buttons():
            button.setEnabled(not on)

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            for button in self.segments.buttons():
                if button.hasFocus():
                    button.click()
            return True
        return super()._key(event)
