"""What the bars over the window are like that say how it stands with it: fixed, with a sign, words and a way back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QToolBar, QWidget

from diwi_desktop.gui import theme


def lay_out(bar: QToolBar, *widgets: QWidget) -> None:
    """Put `widgets` in the middle of a bar that stays where it is and has no menu."""
    bar.setMovable(False)
    bar.setFloatable(False)
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    inside = QWidget()
    row = QHBoxLayout(inside)
    row.setContentsMargins(theme.space(3), theme.space(1), theme.space(3), theme.space(1))
    row.setSpacing(theme.space(2))
    row.addStretch(1)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    bar.addWidget(inside)
