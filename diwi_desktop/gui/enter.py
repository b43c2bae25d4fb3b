"""Enter presses the button that has the focus, as the space bar does. Qt itself sees to that in dialogs only."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication

_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


def presses(event: QKeyEvent) -> bool:
    """For the `keyPressEvent` of what holds buttons, where keys come that a button lets pass: whether the key was Enter
    on a button, which then has been pressed.
    """
    button = QApplication.focusWidget()
    if (
        event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        or event.modifiers() not in _PLAIN
        or not isinstance(button, QAbstractButton)
    ):
        return False
    if not event.isAutoRepeat():
        button.click()
    event.accept()
    return True
