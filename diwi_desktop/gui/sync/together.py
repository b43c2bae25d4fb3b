"""Working together, as commands of the window: the server, who signs in, and what others changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt

from diwi_desktop.gui import jobs

if TYPE_CHECKING:
    from diwi_desktop.gui.sync.connect import ConnectDialog
    from diwi_desktop.gui.workspace import MainWindow


class Together(QObject):
    """One per window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._link, self._store = window, window.link, window.state.store

    # -- the server -------------------------------------------------------------------------------------------------

    def synchronise(self) -> None:
        """Synchronise now, with what is being typed; a store without a server is connected first."""
        self._window.store_field()
        if not self._link.connected:
            self.connect_server()
        elif self._link.signed_out:
            self.sign_in()
        else:
            self._link.sync_now()

    def connect_server(self) -> ConnectDialog:
        """Choose a server and bring this register there, or fetch one."""
        from diwi_desktop.gui.sync.connect import ConnectDialog

        dialog = ConnectDialog(self._store, self._window)
        dialog.connected.connect(self._connected)
        dialog.fetched.connect(self._window.files.open_path)
        self._window.leaving.connect(dialog.hang_up)
        self._window.open_dialog(dialog)
        return dialog

    def use_invitation(self) -> None:
        """Choose a password with the link of an invitation, and connect."""
        self.connect_server().use_invitation()

    def invite(self, person: str, name: str) -> None:
        """Give a person of the register a link to sign in with, or to choose anew what he lost."""
        from diwi_desktop.gui.sync.invite import InviteDialog

        if self._link.session is not None:
            self._window.open_dialog(InviteDialog(self._window.state, self._link, person, name, self._window))

    def hand_over(self, leaving: str, name: str) -> None:
        """Have the server let another own what a person owns, for who has no projects here."""
        from diwi_desktop.gui.sync.handover import ServerHandOverDialog

        if self._link.session is not None:
            self._window.open_dialog(ServerHandOverDialog(self._window.state, self._link, leaving, name, self._window))

    def _connected(self, account: Any) -> None:
        self._link.start(account=account)
        self._window.whereabouts.tell()
        words = self.tr("Verbonden met {0}. Alles wordt nu verstuurd; u kunt doorwerken.")
        self._window.status_line.say(words.format(self._link.host))

    def sign_in(self) -> None:
        """Sign in to the server of this register again."""
        from diwi_desktop.gui.sync.connect import ConnectDialog

        dialog = ConnectDialog(self._store, self._window, only_sign_in=True)
        dialog.signed_in.connect(self._signed_in)
        # Queued: the window goes, and this dialog with it, after it has had its say.
        dialog.shut_out.connect(self._link.look_at_lease, Qt.ConnectionType.QueuedConnection)
        self._window.leaving.connect(dialog.hang_up)
        self._window.open_dialog(dialog)

    def _signed_in(self, account: Any) -> None:
        self._link.close()
        self._link.start(account=account)
        if self._link.session is None:  # the register cannot be written any more
            account.wire.close()
        self._window.whereabouts.tell()

    def sign_out(self) -> None:
        """End the session at the server and here; what is in the store stays."""
        session = self._link.session
        if session is not None:
            jobs.run_beside(
                lambda _p, _c: session.account.sign_out(), lambda _: self._link.sync_now(), parent=self._window
            )

    def show_devices(self) -> None:
        """Where the account is signed in."""
        from diwi_desktop.gui.sync.devices import DevicesDialog

        if self._link.session is not None:
            self._window.open_dialog(DevicesDialog(self._link.session.account, self._window))

    def show_audit(self) -> None:
        """Who did what at the server; for who may read that."""
        from diwi_desktop.gui.sync.auditlog import AuditDialog

        session = self._link.session
        if session is not None:
            self._window.open_dialog(AuditDialog(session.account, session.register, self._window))

    # -- what others changed ----------------------------------------------------------------------------------------

    def show_conflicts(self) -> None:
        """What others changed at the same time, to be settled."""
        self._window.show_panel("conflicts")
        self._window.inbox.show_conflicts()

    def show_not_accepted(self) -> None:
        """What the server did not take over."""
        self._window.show_panel("conflicts")
        self._window.inbox.show_refused()

    def compare(self, contours: Any) -> None:
        """Versions of a contour over each other on the map; the map comes in sight for it."""
        panel = self._window.panels["map"]
        if contours is not None and not panel.in_sight:
            panel.show()
            panel.raise_()
        self._window.map.compare(contours)

    def settle_contours(self, choice: str) -> None:
        """One of the versions on the map was chosen."""
        self._window.inbox.conflicts.settle(choice)

    def draw_again(self, _project: str) -> None:
        """The contour is drawn anew on the map, which settles the conflict."""
        self._window.map.draw_for(self._window.inbox.conflicts.take_drawn)
