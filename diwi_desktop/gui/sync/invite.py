"""Giving somebody a link: to come in for the first time, or to choose anew what he lost.

Where the server sends post the link goes to the person himself; else the window shows it, to hand over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from diwi_desktop.gui import jobs, theme
from diwi_desktop.gui.referencedate import date_in_words
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.sync.link import Link
from diwi_desktop.model.clock import DUTCH_TIME
from diwi_desktop.model.codes import PersonState
from diwi_desktop.model.finding import UserError
from diwi_desktop.store import queries

if TYPE_CHECKING:
    from diwi_desktop.sync.invitations import Given
    from diwi_desktop.sync.status import Status


class InviteDialog(QDialog):
    """`person` is the id of the person in the register, `name` how he is called. A session must be open."""

    def __init__(self, state: AppState, link: Link, person: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._link, self._person = state, link, person
        found = next((one for one in queries.people(state.store) if one.id == person), None)
        self._email = "" if found is None else found.email
        invited = found is None or found.state is PersonState.INVITED
        self._synchronised = False
        self.setWindowTitle(self.tr("Uitnodigen") if invited else self.tr("Toegang herstellen"))
        self.setMinimumWidth(theme.space(130))
        self.words = QLabel(self._explanation(name, invited))
        self.words.setWordWrap(True)
        self.choices = {
            "password": QRadioButton(self.tr("Alleen het &wachtwoord; de app op de telefoon blijft")),
            "second-factor": QRadioButton(self.tr("Wachtwoord en &telefoon")),
            "identity": QRadioButton(self.tr("De koppeling met het aanmelden in de &browser")),
        }
        self.choices["password"].setChecked(True)
        for choice in self.choices.values():
            choice.setVisible(not invited)
        self._invites = invited
        self.given = QLineEdit()
        self.given.setReadOnly(True)
        self.given.setAccessibleName(self.tr("Link om te geven"))
        self.copy = QPushButton(theme.icon("content-copy"), self.tr("Kopiëren"))
        self.copy.clicked.connect(self._copy)
        self.mail = QPushButton(theme.icon("email-outline"), self.tr("In een e-mail"))
        self.mail.setToolTip(self.tr("Opent een nieuw bericht in uw mailprogramma, aan deze persoon"))
        self.mail.clicked.connect(self._mail)
        self._row = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(2))
        for widget in (self.given, self.copy, self.mail):
            row.addWidget(widget)
        self._row.hide()
        self.outcome = QLabel()
        self.outcome.setWordWrap(True)
        self.outcome.hide()
        buttons = QDialogButtonBox()
        self.go = buttons.addButton("", QDialogButtonBox.ButtonRole.ActionRole)
        theme.main_button(self.go)
        self.go.clicked.connect(self._ask)
        self.leave = buttons.addButton(self.tr("Annuleren"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        box = QVBoxLayout(self)
        box.setContentsMargins(*[theme.space(4)] * 4)
        box.setSpacing(theme.space(3))
        for part in (self.words, *self.choices.values(), self.outcome, self._row, buttons):
            box.addWidget(part)
        self._rest()

    def _explanation(self, name: str, invited: bool) -> str:
        if invited:
            words = self.tr(
                "{0} krijgt een link waarmee hij of zij een wachtwoord kiest. De link werkt één keer; een eerdere link"
                " werkt dan niet meer."
            )
        else:
            words = self.tr(
                "{0} heeft al toegang. Wat is er kwijt? Bij herstellen wordt deze persoon overal afgemeld en kiest"
                " dit opnieuw."
            )
        return words.format(f"{name} ({self._email})" if name != self._email else name)

    def _rest(self) -> None:
        self.go.setEnabled(True)
        self.go.setText(self.tr("Uitnodiging geven") if self._invites else self.tr("Herstellen"))

    # -- asking the server ------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        session = self._link.session
        if session is None:
            self._say(self.tr("U bent niet verbonden met de server."), "bad")
            return
        person = self._person
        what = next(name for name, choice in self.choices.items() if choice.isChecked())
        invites = self._invites
        self.outcome.hide()
        self.go.setEnabled(False)
        self.go.setText(self.tr("Even geduld…"))

        def work(_progress: jobs.Progress, _cancelled: jobs.IsCancelled) -> Given | None:
            return session.invite(person) if invites else session.reset(person, what)

        jobs.run_beside(work, self._got, self._refused, parent=self)

    def _refused(self, error: Exception) -> None:
        unknown = isinstance(error, UserError) and error.code == "sync_not_found"
        if unknown and not self._synchronised:
            # A person who was only just entered: the server gets to know him first.
            self._synchronised = True
            self._link.changed.connect(self._synchronising)
            self._link.sync_now()
            return
        if not isinstance(error, UserError):
            jobs.log_bug(error)
        self._rest()
        words = jobs.error_text(error)
        if unknown:
            words = self.tr("De server kent deze persoon nog niet; synchroniseer en probeer het opnieuw.")
        self._say(words, "bad")

    def _synchronising(self, status: Status) -> None:
        if status.state.value != "busy":
            self._link.changed.disconnect(self._synchronising)
            self._ask()

    def _got(self, given: Given | None) -> None:
        self.go.hide()
        for choice in self.choices.values():
            choice.hide()
        self.leave.setText(self.tr("Sluiten"))
        self.leave.setFocus(Qt.FocusReason.OtherFocusReason)
        if given is None:
            words = self.tr("Losgemaakt. Wie zich met {0} in de browser aanmeldt, krijgt de toegang.")
            self._say(words.format(self._email), "good")
            return
        until = date_in_words(given.until.astimezone(DUTCH_TIME).date())
        if not given.link:
            words = self.tr("Er is een bericht gestuurd naar {0}. De link daarin geldt tot {1}.")
            self._say(words.format(given.email, until), "good")
            return
        words = self.tr("Geef deze link alleen aan {0} zelf: wie hem heeft, kiest het wachtwoord. Hij geldt tot {1}.")
        self._say(words.format(given.email, until), "warn")
        self.given.setText(given.link)
        self.given.setCursorPosition(0)
        self._row.show()
        self.copy.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, text: str, role: str) -> None:
        from diwi_desktop.gui.wizards.forms import set_role

        set_role(self.outcome, role)
        self.outcome.setText(text)
        self.outcome.show()
        QTimer.singleShot(0, self, self.adjustSize)  # once what is shown now has its place

    # -- handing it over --------------------------------------------------------------------------------------------

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.given.text())
        self.copy.setText(self.tr("Gekopieerd"))

    def _mail(self) -> None:
        QDesktopServices.openUrl(QUrl(self.message()))

    def message(self) -> str:
        """A new message to the person, as an address that a mail program opens."""
        about = self.tr("Uitnodiging voor DIWI Desktop")
        text = self.tr(
            "Met deze link kiest u in DIWI Desktop een wachtwoord, via Bestand, Uitnodiging gebruiken:\n\n{0}"
        ).format(self.given.text())
        return f"mailto:{quote(self._email)}?subject={quote(about)}&body={quote(text)}"

    def done(self, result: int) -> None:
        """The link is of nobody's concern after the dialog has closed."""
        self.given.clear()
        super().done(result)
