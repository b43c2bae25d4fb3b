"""Lines of a menu that are there to be read."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QMenu, QWidgetAction

from diwi_desktop.gui import theme


def add_line(menu: QMenu, text: str) -> None:
    """Add a line that cannot be chosen, as legible as any other."""
    words = QLabel(text)
    words.setProperty("role", "muted")
    words.setContentsMargins(theme.space(3), theme.space(1), theme.space(3), theme.space(1))
    line = QWidgetAction(menu)
    line.setDefaultWidget(words)
    line.setText(text)
    line.setEnabled(False)
    words.setEnabled(True)
    menu.addAction(line)
