"""Undo and redo of whole acts, also of what was done beside the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from diwi_desktop.gui import jobs
from diwi_desktop.gui.actnames import act_name
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.statusline import StatusLine
from diwi_desktop.store import UndoConflict


class Undoing(QObject):
    """One per window."""

    def __init__(self, state: AppState, status_line: StatusLine, window: QWidget) -> None:
        super().__init__(window)
        self._state, self._status_line, self._window = state, status_line, window

    def undo(self) -> None:
        """Take the last act back."""
        name, take_back = self._state.undo_name, self._state.take_beside()
        if take_back is None:
            store = self._state.store
            self._invert(store.undo, store.undo_name, self.tr("Ongedaan gemaakt: {0}"))
            return
        said = self.tr("Ongedaan gemaakt: {0}").format(act_name(name or ""))

        def done(_: object) -> None:
            self._status_line.say(said)
            self._state.request("refresh_inbox")

        jobs.run_job(self._window, said, lambda p, c: take_back(), done)

    def redo(self) -> None:
        """Do again what was taken back."""
        self._invert(self._state.store.redo, self._state.store.redo_name, self.tr("Opnieuw gedaan: {0}"))

    def _invert(self, invert: Callable[..., Any], name: str | None, words: str, *, force: bool = False) -> None:
        if name is None or self._state.read_only:
            return

        def failed(error: Exception) -> None:
            if isinstance(error, UndoConflict):
                self._ask_force(error, lambda: self._invert(invert, name, words, force=True))
            else:
                jobs.show_error(self._window, error)

        def done(_: object) -> None:
            self._status_line.say(words.format(act_name(name)))

        jobs.run_job(self._window, words.format(act_name(name)), lambda p, c: invert(force=force), done, failed)

    def _ask_force(self, error: UndoConflict, go: Callable[[], None]) -> None:
        from PySide6.QtWidgets import QMessageBox

        icon, title = QMessageBox.Icon.Question, self.tr("Ongedaan maken")
        box = QMessageBox(icon, title, jobs.error_text(error), parent=self._window)
        box.setInformativeText(self.tr("De waarde van een ander wordt dan overschreven."))
        box.addButton(self.tr("Toch ongedaan maken"), QMessageBox.ButtonRole.AcceptRole).clicked.connect(go)
        box.setDefaultButton(box.addButton(self.tr("Laat zo"), QMessageBox.ButtonRole.RejectRole))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()
