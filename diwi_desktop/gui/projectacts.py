"""Making and deleting projects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt

from diwi_desktop.changes.change import ActInfo, ActKind
from diwi_desktop.gui import jobs
from diwi_desktop.gui.actnames import act_name

if TYPE_CHECKING:
    from diwi_desktop.gui.workspace import MainWindow


class ProjectActs(QObject):
    """One per window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._state = window, window.state
        self._deleted: tuple[int | None, tuple[str, ...]] = (None, ())  # the act that deleted last, and what
        self._state.store_changed.connect(self._stored)

    def _stored(self, info: ActInfo) -> None:
        """What was deleted here and comes back is in hand again."""
        seq, deleted = self._deleted
        if seq is not None and info.kind is ActKind.UNDO and info.undoes == seq:
            self._state.select(deleted)

    def new(self, proposal: Any = None) -> None:
        """Ask for a name, make the project, select it and offer the parcels.

        `proposal` is an area drawn for it.
        """
        if not self._window.permits.refused("new_project"):
            self._ask(None, proposal)

    def new_sub_plan(self) -> None:
        """A new project under the one in hand."""
        project = self._state.project
        if project is not None and not self._window.permits.refused("new_sub_plan"):
            self._ask(project, None)

    def _ask(self, mother: str | None, proposal: Any) -> None:
        from diwi_desktop.gui.dialogs.new_project import NewProjectDialog

        dialog = NewProjectDialog(self._state, self._window, mother)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.created.connect(lambda project: self._created(project, proposal))
        dialog.open()

    def _created(self, project: str, proposal: Any) -> None:
        from diwi_desktop.gui.mappanel import store_area

        if proposal is not None:
            store_area(self._state, project, proposal)
        self._state.select([project])
        self._window.show_panel("page")
        if proposal is None:
            self._window.going.map_tool("parcels")

    def delete(self) -> None:
        """Delete the selected projects; Ctrl+Z brings them back."""
        chosen = self._state.selection
        if not chosen or self._window.permits.refused("delete_project"):
            return
        row_of = self._window.table.model.row_of
        names = {p: row.name for p in chosen if (row := row_of(p)) is not None}
        store = self._state.store
        name = "Project verwijderen" if len(chosen) == 1 else "Projecten verwijderen"

        def work(progress: jobs.Progress, cancelled: jobs.IsCancelled) -> int | None:
            with store.act(name, progress=progress, cancelled=cancelled) as act:
                for project in chosen:
                    act.delete("project", project)
            return act.seq

        def done(seq: int | None) -> None:
            self._deleted = seq, tuple(chosen)
            self._state.select([p for p in self._state.selection if p not in chosen])
            words = names.get(chosen[0], "") if len(chosen) == 1 else self.tr("{0} projecten").format(len(chosen))
            self._window.status_line.say(self.tr("{0} verwijderd. Ctrl+Z maakt dit ongedaan.").format(words))

        jobs.run_job(self._window, act_name(name), work, done)
