"""Handing over by the server, for an administrator: his laptop has no projects, and so not who owns them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from diwi_desktop.gui import jobs
from diwi_desktop.gui.dialogs.hand_over import HandOverDialog
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.sync.link import Link
from diwi_desktop.store import outbox

if TYPE_CHECKING:
    from diwi_desktop.sync.status import Status


class ServerHandOverDialog(HandOverDialog):
    """One act of the server: all that `leaving` owns goes to who is chosen. A session must be open.

    Closed while the server is at work it tells the outcome all the same, in the window.
    """

    def __init__(self, state: AppState, link: Link, leaving: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(state, leaving, name, person=True, parent=parent)
        self._link = link
        self._asking = False

    def _question(self, name: str) -> str:
        words = self.tr("Wie wordt de nieuwe eigenaar van alle projecten van {0}? De server draagt ze over.")
        return words.format(name)

    def _heirs(self) -> list[tuple[str, str]]:
        from diwi_desktop.sync import handover

        found = [(one.name or one.email, one.id) for one in handover.heirs(self._state.store, self._leaving)]
        return [(self.tr("Kies een persoon"), ""), *found]

    def accept(self) -> None:
        """Ask the server; why it cannot be is said in the dialog, which stays open."""
        if not self.ok.isEnabled():
            return
        self.problem.hide()
        self._rest(False)
        if outbox.count(self._state.store) and self._link.running:
            # Who was only just entered: the server gets to know him first.
            self._link.changed.connect(self._synchronising)
            self._link.sync_now()
        else:
            self._ask()

    def _synchronising(self, status: Status) -> None:
        if status.state.value != "busy":
            self._link.changed.disconnect(self._synchronising)
            if self.isVisible():
                self._ask()

    def _ask(self) -> None:
        session = self._link.session
        if session is None:
            self._rest(True)
            self._say(self.tr("U bent niet verbonden met de server."))
            return
        leaving, to, lock = self._leaving, str(self.to.currentData()), self.lock.isChecked()
        self._wait(True)

        def work(_progress: jobs.Progress, _cancelled: jobs.IsCancelled) -> int:
            return session.hand_over(leaving, to, lock=lock)

        jobs.run_beside(work, self._got, self._refused, parent=self)

    def _wait(self, waits: bool) -> None:
        """Whether an answer is to come; a dialog that its cross closes meanwhile must not go before it."""
        self._asking = waits
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, not waits)

    def reject(self) -> None:
        """What the server was asked goes on; the dialog stays, unseen, until its answer is there."""
        if self._asking:
            self.hide()
        else:
            super().reject()

    def _got(self, number: int) -> None:
        self._wait(False)
        self._handed_over(number)
        self.deleteLater()  # one that was hidden is not closed any more
        self._link.sync_now()

    def _refused(self, error: Exception) -> None:
        self._wait(False)
        if self.isVisible():
            self._rest(True)
            self._say(jobs.error_text(error))
            return
        self._state.request("say", jobs.error_text(error))
        self.deleteLater()

    def _rest(self, rests: bool) -> None:
        for part in (self.ok, self.to, self.lock):
            part.setEnabled(rests)
        self.ok.setText(self.tr("Overdragen") if rests else self.tr("Even geduld…"))
        if rests:
            self.ok.setFocus(Qt.FocusReason.OtherFocusReason)
