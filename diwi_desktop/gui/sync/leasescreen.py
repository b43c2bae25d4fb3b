"""In the place of the window when nothing may be shown: the offline term is over, or access was taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from diwi_desktop.gui import jobs, theme
from diwi_desktop.gui.fields.words import sentence
from diwi_desktop.gui.sign import Sign
from diwi_desktop.gui.sync.link import Link

if TYPE_CHECKING:
    from diwi_desktop.store import Store
    from diwi_desktop.sync.account import Account
    from diwi_desktop.sync.status import Status

_WIDTH = 110
_SIGN = 48


class LeaseScreen(QWidget):
    """Shows nothing of the register. Tries by itself; `opened` comes once the server has been spoken to."""

    opened = Signal()
    leaving = Signal()  # it closes, with what is open over it

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.setObjectName("LeaseScreen")
        self.store = store
        self.link = Link(store, self)
        self.setWindowTitle(f"{store.path.name} – DIWI Desktop")
        self.resize(theme.space(200), theme.space(110))
        self.words = QLabel()
        self.words.setProperty("role", "title")
        self.state = QLabel(self.tr("Uw werk is bewaard en gaat dan mee."))
        self.state.setProperty("role", "muted")
        for label in (self.words, self.state):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setFixedWidth(theme.space(_WIDTH))
        self.button = QPushButton(theme.icon("sync", "on_accent"), self.tr("Verbinden met de server"))
        self._tell()
        theme.main_button(self.button)
        self.button.setAutoDefault(True)
        self.button.clicked.connect(self.try_again)
        box = QVBoxLayout(self)
        box.setSpacing(theme.space(4))
        box.addStretch(1)
        for widget in (Sign("lock-clock", "muted", _SIGN), self.words, self.state, self.button):
            box.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(1)
        self.button.setFocus()
        self.link.changed.connect(self._follow)

    def start(self) -> None:
        """Speak to the server, if that can be done without the user."""
        self.link.start()

    def try_again(self) -> None:
        """Synchronise, after signing in where that is needed."""
        if self.link.signed_out:
            from diwi_desktop.gui.sync.connect import ConnectDialog

            dialog = ConnectDialog(self.store, self, only_sign_in=True)
            dialog.signed_in.connect(self._signed_in)
            dialog.shut_out.connect(self._tell)
            self.leaving.connect(dialog.hang_up)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()
        else:
            self.link.sync_now()

    def _signed_in(self, account: Account) -> None:
        self.link.close()
        self.link.start(account=account)
        if self.link.session is None:  # the register cannot be written any more
            account.wire.close()

    def _tell(self) -> None:
        """Why the register is closed. Access may be taken away while the offline term was over already."""
        error = self.store.lease_error
        self.words.setText(sentence(error))
        if error.code == "shut_out":
            self._say_why("")  # the sentence says it all
            self.button.setText(self.tr("Opnieuw proberen"))

    def _say_why(self, text: str) -> None:
        self.state.setText(text)
        self.state.setVisible(bool(text))

    def event(self, event: QEvent) -> bool:
        """A wrapped label in a box does not ask for the height that its words take."""
        if event.type() == QEvent.Type.LayoutRequest:
            for label in (self.words, self.state):
                label.setMinimumHeight(label.heightForWidth(label.width()))
        return super().event(event)

    def _follow(self, status: Status) -> None:
        busy = status.state.value == "busy"
        self.button.setEnabled(not busy)
        if busy:
            self._say_why(self.tr("Bezig met synchroniseren…"))
        elif not self.store.lease_ended:
            self.opened.emit()
        elif (problem := self.link.problem) is not None:
            self._tell()
            if problem.code != "sync_no_access" or self.store.lease_error.code != "shut_out":
                self._say_why(jobs.error_text(problem))
            self.button.setText(self.tr("Aanmelden") if self.link.signed_out else self.tr("Opnieuw proberen"))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.leaving.emit()
        self.link.close()
        super().closeEvent(event)
