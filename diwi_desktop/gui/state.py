"""What the whole window shares: the store, the moment shown, and the selection.

Every panel gets this and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from diwi_desktop.changes.change import ActKind
from diwi_desktop.gui.fields.words import sentence
from diwi_desktop.gui.post import Address
from diwi_desktop.model import rights
from diwi_desktop.model.rights import Right

if TYPE_CHECKING:
    from diwi_desktop.model.moment import Moment
    from diwi_desktop.store import ActInfo, Store


class AppState(QObject):
    """One per window. All signals arrive in the GUI thread.

    `selection_changed` carries the list of selected project ids, `moment_changed` the new Moment,
    `store_changed` the ActInfo of an act that was stored (here or by a worker thread), `requested` a command
    with its arguments, `undo_changed` that undo would take back something else than the last act of the log.
    """

    selection_changed = Signal(list)
    moment_changed = Signal(object)
    store_changed = Signal(object)
    requested = Signal(str, object)
    undo_changed = Signal()

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.store = store
        self._selection: list[str] = []
        self._day: date | None = None
        self._commands: dict[str, Callable[..., Any]] = {}
        self._beside: tuple[str, Callable[[], None]] | None = None
        self.connected: Callable[[], bool] = lambda: False
        """Whether the register belongs to a server; the window says."""
        self._committed = Address(self._on_committed)  # whichever thread commits
        self._unsubscribe: Callable[[], None] | None = store.subscribe(self._committed)

    @property
    def selection(self) -> list[str]:
        """The ids of the selected projects; the first is the one in hand."""
        return list(self._selection)

    @property
    def project(self) -> str | None:
        """The project in hand, or None."""
        return self._selection[0] if self._selection else None

    def select(self, projects: Iterable[str]) -> None:
        """Select projects everywhere in the window; nothing happens when they already are."""
        wanted = list(dict.fromkeys(projects))
        if wanted != self._selection:
            self._selection = wanted
            self.selection_changed.emit(list(wanted))

    @property
    def moment(self) -> Moment:
        """The moment every panel shows: now, or a past day as it was known then."""
        return self.store.moment(self._day)

    @property
    def past(self) -> bool:
        """Whether the window looks at another day than today."""
        return self._day is not None

    @property
    def read_only(self) -> bool:
        """Whether nothing may be edited: a past day, or a store opened for reading."""
        return self.past or self.store.read_only

    def lacks(self, right: Right) -> str:
        """Why the user's role does not give a right, in one sentence; empty when it does."""
        found = rights.lacking(self.store.viewer, right)
        return "" if found is None else sentence(found)

    def locked(self, projects: Iterable[str], *, deleting: bool = False) -> str:
        """Why the user may not edit (or delete) all of these projects, in one sentence; empty when he may."""
        viewer = self.store.viewer
        if viewer.sole:
            return ""
        from diwi_desktop.store import permission

        wanted = list(projects)
        known = permission.access_of(self.store.read(), wanted, None)
        allowed = rights.deletes if deleting else rights.edits
        if all(project in known and allowed(viewer, known[project]) for project in wanted):
            return ""
        return sentence(rights.not_yours(deleting))

    def set_moment(self, day: date | None) -> None:
        """Show another day in every panel, read-only; None or today goes back to now.

        A past day as it was known then; a day to come as is expected now.
        """
        if day == self.store.clock.today():
            day = None
        if day != self._day:
            self._day = day
            self.moment_changed.emit(self.moment)

    def did(self, name: str, take_back: Callable[[], None]) -> None:
        """Something was done that is no act of the log; undo takes it back as long as no own act follows it.

        `name` is Dutch, as names of acts are. `take_back` may raise UserError.
        """
        self._beside = (name, take_back)
        self.undo_changed.emit()

    @property
    def undo_name(self) -> str | None:
        """The name of what undo would take back; None when there is nothing."""
        return self._beside[0] if self._beside is not None else self.store.undo_name

    def take_beside(self) -> Callable[[], None] | None:
        """How to take back what was done beside the log, once; None when the last thing done is an act."""
        if self._beside is None:
            return None
        _, take_back = self._beside
        self._beside = None
        self.undo_changed.emit()
        return take_back

    def register(self, command: str, function: Callable[..., Any]) -> None:
        """Say who carries out a command. A later registration takes the place of an earlier one."""
        self._commands[command] = function

    def request(self, command: str, *args: Any) -> bool:
        """Ask the window to do something; False when nobody does that. `requested` is emitted either way.

        The main window knows: `jump` (Finding), `zoom_to_project` (id), `zoom_to` (bounds in RD metres),
        `map_tool` (name), `show_panel` (name: map, projects, page, planning, findings, history),
        `new_project`, `import`, `submit`, `admin`, `undo`, `redo`, `choose_user`.
        """
        found = self._commands.get(command)
        if found is not None:
            found(*args)
        self.requested.emit(command, args)
        return found is not None

    def close(self) -> None:
        """Stop listening to the store."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        self._committed.close()

    def _on_committed(self, info: ActInfo) -> None:
        if info.device == self.store.device.id and info.kind is not ActKind.SYNC:
            self._beside = None
        self.store_changed.emit(info)
