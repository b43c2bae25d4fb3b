"""Which commands of the window can be given now, and why not."""

from __future__ import annotations

from PySide6.QtCore import QObject

from diwi_desktop.gui.actnames import act_name
from diwi_desktop.gui.commands import Commands
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.statusline import StatusLine
from diwi_desktop.model.rights import Right

_NEEDS_PROJECT = ("new_sub_plan", "delete_project", "zoom_selection")
_EDITS = ("new_project", "new_sub_plan", "delete_project", "import")
_RIGHTS = {
    "new_project": Right.CREATE_PROJECT,
    "new_sub_plan": Right.CREATE_PROJECT,
    "import": Right.IMPORT,
    "submit": Right.VIEW_EXCHANGE,
    "tool_parcels": Right.CREATE_PROJECT,
    "tool_contour": Right.CREATE_PROJECT,
    "tool_draw": Right.CREATE_PROJECT,
    "tool_cut": Right.CREATE_PROJECT,
}
_DRAWING = frozenset(name for name in _RIGHTS if name.startswith("tool_"))


class Permits(QObject):
    """Keeps the commands of a window true to selection, day, undo and the user's rights."""

    def __init__(self, state: AppState, commands: Commands, status_line: StatusLine, parent: QObject) -> None:
        super().__init__(parent)
        self._state, self._commands, self._status_line = state, commands, status_line
        for changed in (state.store_changed, state.moment_changed, state.undo_changed, state.selection_changed):
            changed.connect(self.refresh)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Look again at what is possible."""
        state, read_only = self._state, self._state.read_only
        for command, words, name, nothing in (
            ("undo", self.tr("Ongedaan maken"), state.undo_name, self.tr("Er is niets om ongedaan te maken.")),
            ("redo", self.tr("Opnieuw"), state.store.redo_name, self.tr("Er is niets om opnieuw te doen.")),
        ):
            action = self._commands[command]
            action.setText(f"{words}: {act_name(name)}" if name and not read_only else words)
            self._commands.allow(command, bool(name), self._only_to_read() or ("" if name else nothing))
        for command in (*_NEEDS_PROJECT, *_EDITS, "submit", *_DRAWING):
            missing = self.tr("Kies eerst een project.") if command in _NEEDS_PROJECT and not state.selection else ""
            self._commands.allow(command, not missing, self.refusal(command) or missing)
        self._commands["today"].setEnabled(state.past)
        # Of a register with a server the user is whoever signed in.
        theirs = self.tr("U werkt met het account waarmee u bent aangemeld.") if state.connected() else ""
        self._commands.allow("choose_user", not theirs, theirs)

    def refusal(self, command: str) -> str:
        """Why the user may not do this, in one sentence; empty when he may."""
        if command in _EDITS and self._state.read_only:
            return self._only_to_read()
        if command == "delete_project":
            return self._state.locked(self._state.selection, deleting=True)
        if command in _DRAWING and self._state.selection:
            return self._state.locked(self._state.selection[:1])
        right = _RIGHTS.get(command)
        return self._state.lacks(right) if right is not None else ""

    def _only_to_read(self) -> str:
        if self._state.past:
            return self.tr("U kijkt naar een eerdere dag en kunt alleen lezen. Ga terug naar vandaag (Ctrl+Shift+D).")
        return self.tr("In dit bestand mag u niet schrijven.") if self._state.read_only else ""

    def refused(self, command: str) -> bool:
        """Whether the user may not do this; the status line says why."""
        refusal = self.refusal(command)
        if refusal:
            self._status_line.say(refusal)
        return bool(refusal)
