"""What the server did not accept: the value that was wanted and the reason, to try again, copy or put away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QMessageBox, QVBoxLayout, QWidget

from diwi_desktop.gui import jobs, theme
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.sync.empty import Empty
from diwi_desktop.gui.sync.inbox_items import Entry
from diwi_desktop.gui.sync.itemtree import ItemTree
from diwi_desktop.gui.tabbing import Entered
from diwi_desktop.gui.toolrow import ToolRow
from diwi_desktop.store import inbox
from diwi_desktop.store.inbox import Item


class RefusedView(Entered, QWidget):
    """The drawer 'Niet geaccepteerd'."""

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        columns = ((self.tr("Wat"), 180), (self.tr("Uw waarde"), 150), (self.tr("Waarom niet"), 0),
                   (self.tr("Gewijzigd"), 138))  # fmt: skip
        self.tree = ItemTree(columns, lambda e: (e.what, e.mine, e.reason, e.made), self)
        self.tree.room_for = {3: 800}
        self.tree.setAccessibleName(self.tr("Niet geaccepteerde wijzigingen"))
        self.tree.keys = {int(Qt.Key.Key_R): self.retry, int(Qt.Key.Key_Delete): self.dismiss}
        self.tree.itemSelectionChanged.connect(self._refresh)
        self.tree.copy_wanted.connect(self.copy)
        self.tree.pointed.connect(self._pointed)
        self.row = ToolRow(self)
        self.retry_button = self.row.add_tool("refresh", self.tr("Opnieuw proberen"), "R", self.retry)
        self.copy_button = self.row.add_tool("content-copy", self.tr("Tekst kopiëren"), "Ctrl+C", self.copy)
        self.dismiss_button = self.row.add_tool("delete-outline", self.tr("Weggooien…"), "Delete", self.dismiss)
        self.row.add_stretch()
        self.reason = QLabel(self)
        self.reason.setWordWrap(True)
        self.reason.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.reason.setContentsMargins(theme.space(2), theme.space(1), theme.space(2), theme.space(1))
        self.none = Empty(
            "check-circle-outline",
            self.tr("Alles wat u wijzigde, is geaccepteerd."),
            self.tr("Neemt de server een wijziging niet over, dan staat hier wat u wilde en waarom het niet kon."),
            self,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.row)
        column.addWidget(self.tree, 1)
        column.addWidget(self.reason)
        column.addWidget(self.none, 1)
        self.show_entries(())

    def entrance(self) -> QWidget:
        return self.tree

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show what was not accepted."""
        self.tree.show_entries(entries)
        for widget in (self.row, self.tree, self.reason):
            widget.setVisible(bool(entries))
        self.none.setVisible(not entries)
        self._refresh()

    def _refresh(self) -> None:
        chosen = bool(self.tree.chosen())
        self.copy_button.setEnabled(chosen)
        for button in (self.retry_button, self.dismiss_button):
            button.setEnabled(chosen and not self._state.read_only)

    def _pointed(self, entry: Entry | None) -> None:
        self.reason.setText("" if entry is None else entry.reason)

    # -- what can be done
    # --------------------------------------------------------------------------------------

    def retry(self) -> None:
        """Make the chosen changes once more, as one act."""
        ids = [entry.item.id for entry in self.tree.free()]
        if not ids or self._state.read_only:
            return
        store = self._state.store
        self.tree.take(ids)
        words = self.tr("1 wijziging gaat bij de volgende synchronisatie opnieuw mee.")
        if len(ids) > 1:
            words = self.tr("%1 wijzigingen gaan bij de volgende synchronisatie opnieuw mee.").replace(
                "%1", str(len(ids))
            )
        jobs.run_job(
            self,
            self.tr("Opnieuw proberen"),
            lambda p, c: inbox.retry(store, ids),
            lambda _seq: self._done(words),
            self._failed,
        )

    def copy(self) -> None:
        """The chosen items as text on the clipboard."""
        chosen = self.tree.chosen()
        if chosen:
            QGuiApplication.clipboard().setText("\n\n".join(entry.as_text() for entry in chosen))
            self._state.request("say", self.tr("De tekst staat op het klembord."))

    def dismiss(self) -> None:
        """Put the chosen items away, after a yes."""
        chosen = [entry.item for entry in self.tree.chosen()]
        if not chosen or self._state.read_only:
            return
        question = self.tr("Deze wijziging weggooien?")
        if len(chosen) > 1:
            question = self.tr("Deze %1 wijzigingen weggooien?").replace("%1", str(len(chosen)))
        box = QMessageBox(QMessageBox.Icon.Question, self.tr("Weggooien"), question, parent=self)
        box.setInformativeText(self.tr("Wat u had ingevuld, is dan weg. De waarde van de server blijft staan."))
        yes = box.addButton(self.tr("Weggooien"), QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton(self.tr("Bewaren"), QMessageBox.ButtonRole.RejectRole))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        yes.clicked.connect(lambda: self._put_away(chosen))
        box.open()

    def _put_away(self, items: Sequence[Item]) -> None:
        store = self._state.store
        ids, back = [item.id for item in items], [id for item in items for id in item.ids]
        words = self.tr("Weggegooid. Ctrl+Z maakt dit ongedaan.")

        def done(_: object) -> None:
            self._state.did("Weggooien", lambda: inbox.reopen(store, back))
            self._done(words)

        jobs.run_job(self, self.tr("Weggooien"), lambda p, c: inbox.dismiss(store, ids), done, self._failed)

    def _done(self, words: str) -> None:
        self._state.request("say", words)
        self._state.request("refresh_inbox")

    def _failed(self, error: Exception) -> None:
        jobs.show_error(self, error)
        self._state.request("refresh_inbox")
