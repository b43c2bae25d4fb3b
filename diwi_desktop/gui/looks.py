"""How the window looks on this machine, and the dialogs about the program itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from diwi_desktop.gui import settings, theme

if TYPE_CHECKING:
    from diwi_desktop.gui.workspace import MainWindow


class Looks(QObject):
    """One per window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def edit_settings(self) -> None:
        """The settings of this machine."""
        from diwi_desktop.gui.dialogs.settings import SettingsDialog

        dialog = SettingsDialog(self._window)
        dialog.look_changed.connect(self._window.look_changed)
        self._window.open_dialog(dialog)

    def choose_theme(self, name: str) -> None:
        """Other colours: light, dark, high_contrast or system."""
        settings.set_theme_name(name)
        self._window.look_changed.emit()

    def scale_text(self, by: int) -> None:
        """One step bigger or smaller."""
        nearest = min(range(len(theme.SCALES)), key=lambda n: abs(theme.SCALES[n] - settings.text_scale()))
        settings.set_text_scale(theme.SCALES[max(0, min(len(theme.SCALES) - 1, nearest + by))])
        self._window.look_changed.emit()

    def show_keys(self) -> None:
        """All keys in one list."""
        from diwi_desktop.gui.dialogs.keys import KeysDialog

        self._window.open_dialog(KeysDialog(key_rows(self._window.commands), self._window))

    def show_about(self) -> None:
        """Version and licence."""
        from PySide6.QtWidgets import QMessageBox

        from diwi_desktop import __version__

        box = QMessageBox(self._window)
        box.setWindowTitle(self.tr("Over DIWI Desktop"))
        box.setText(self.tr("DIWI Desktop {0}").format(__version__))
        box.setInformativeText(
            self.tr(
                "Woningbouwplannen op de kaart, in de tijd en naar de provincie, ook zonder netwerk. Licentie EUPL-1.2."
            )
        )
        self._window.open_dialog(box)


def key_rows(actions: Iterable[QAction]) -> list[tuple[str, str]]:
    """(words, key) of every action that has a key."""
    return [
        (a.text().replace("&", "").rstrip("…"), a.shortcut().toString(QKeySequence.SequenceFormat.NativeText))
        for a in actions
        if not a.shortcut().isEmpty()
    ]
