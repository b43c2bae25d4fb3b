"""What every input has in common: a value in log shape, a draft while it is being edited, leaving and cancelling."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from diwi_desktop.model.catalogue import Field

# Focus that only goes away for a while: a context menu, a calendar or a list of choices.
_PASSING = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.MenuBarFocusReason)


class Input(QWidget):
    """An input for one field.

    `edited`: the draft changed. `left`: the user is done (focus out, Enter, a choice made), so it may be stored.
    `cancelled`: Esc. `show_value` shows a stored value, `value` gives the draft in log shape (or raises BadValue).
    """

    edited = Signal()
    left = Signal()
    cancelled = Signal()

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self._box: QBoxLayout = QHBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(4)

    def value(self) -> Any:
        """The draft in log shape; None when empty. Raises BadValue when it cannot be read."""
        raise NotImplementedError

    def show_value(self, value: Any) -> None:
        """Show a stored value (log shape) and forget the draft."""
        raise NotImplementedError

    def draft(self) -> Any:
        """What has been typed or chosen so far, whatever it is worth."""
        raise NotImplementedError

    def set_draft(self, draft: Any) -> None:
        """Put back what `draft` gave."""
        raise NotImplementedError

    def set_read_only(self, on: bool) -> None:
        raise NotImplementedError

    def control(self) -> QWidget:
        """The widget inside that takes the keyboard."""
        return self.focusProxy() or self

    def select_all(self) -> None:
        """Select the draft, where there is text to select."""

    # ------------------------------------------------------------------------------------------------ for subclasses

    def _adopt(self, control: QWidget, stretch: int = 0) -> None:
        """Put the control in place and listen to its keyboard and focus."""
        self._box.addWidget(control, stretch)
        if self.focusProxy() is None:
            self.setFocusProxy(control)
        control.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent):
            if event.type() is QEvent.Type.FocusIn:
                self._focus_in(event)
            elif event.type() is QEvent.Type.FocusOut and event.reason() not in _PASSING:
                self._focus_out()
        elif isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and self._key(event):
            return True
        return super().eventFilter(watched, event)

    def _focus_in(self, event: QFocusEvent) -> None:
        """For subclasses that show a value in another form while it is edited."""

    def _focus_out(self) -> None:
        self.left.emit()

    def _key(self, event: QKeyEvent) -> bool:
        """Handle a key of the control; True when it goes no further."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
            return True
        return False
