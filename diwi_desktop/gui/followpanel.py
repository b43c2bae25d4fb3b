"""A panel that follows the store: read again at once when in sight, and else when it comes in sight."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget


class FollowPanel(QWidget):
    """Call `changed` when what is shown may differ; `read` is called once for all that changed in one go."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stale = True
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self.refresh)

    def changed(self) -> None:
        """What is shown may differ from what is stored."""
        self._stale = True
        if self.isVisible():
            self._rest.start(0)

    def refresh(self) -> None:
        """Read again and show it."""
        self._rest.stop()
        self._stale = False
        self.read()

    def refresh_if_stale(self) -> None:
        """Read again when something changed since."""
        if self._stale:
            self.refresh()

    def read(self) -> None:
        """Show what is stored now."""
        raise NotImplementedError

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh_if_stale()
