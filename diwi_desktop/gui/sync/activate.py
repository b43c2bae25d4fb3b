"""Using an invitation: the link, a password with the second step, and the recovery codes to keep.

The same for a link with which an administrator has somebody choose anew what he lost.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from diwi_desktop.gui import jobs, theme
from diwi_desktop.gui.dialogs.forms import FormDialog
from diwi_desktop.gui.sync.squarecode import SquareCode
from diwi_desktop.model.finding import UserError

if TYPE_CHECKING:
    from diwi_desktop.sync.invitations import Received

_LINK, _CHOOSE, _CODES = range(3)
_GROUP = 4  # signs of the secret that stand together, to type it over


class ActivateDialog(FormDialog):
    """`activated` carries the address of the server, the e-mail address, and the password to sign in with."""

    activated = Signal(str, str, str)

    def __init__(self, parent: QWidget | None = None, link: str = "") -> None:
        super().__init__("forms/activate.ui", parent)
        self._received: Received | None = None
        self.pages = self.part(QStackedWidget, "pages")
        self.link, self.secret = self.part(QLineEdit, "link"), self.part(QLineEdit, "secret")
        self.password, self.again = self.part(QLineEdit, "password"), self.part(QLineEdit, "again")
        self.code, self.codes = self.part(QLineEdit, "code"), self.part(QPlainTextEdit, "codes")
        self.kept = self.part(QCheckBox, "kept")
        self.secret.setReadOnly(True)
        self.square = SquareCode(self)
        self.square.setAccessibleName(self.tr("Vierkante code voor de app; de sleutel ernaast is hetzelfde"))
        place = QVBoxLayout(self.part(QWidget, "codePlace"))
        place.setContentsMargins(0, 0, 0, 0)
        place.addWidget(self.square)
        self.problem = self.part(QLabel, "problem")
        self.problem.setProperty("role", "bad")
        self.problem.hide()
        self._words = (self.tr("Volgende"), self.tr("Bevestigen"), self.tr("Verder naar aanmelden"))
        buttons = self.part(QDialogButtonBox, "buttons")
        self.next = buttons.addButton("", QDialogButtonBox.ButtonRole.AcceptRole)
        theme.main_button(self.next)
        self.leave = buttons.addButton(self.tr("Annuleren"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._go_on)
        buttons.rejected.connect(self.reject)
        self.kept.toggled.connect(lambda _on: self._rest())
        self.part(QPushButton, "copySecret").clicked.connect(lambda: self._copy(self.secret.text().replace(" ", "")))
        self.part(QPushButton, "copyCodes").clicked.connect(lambda: self._copy(self.codes.toPlainText()))
        self.part(QPushButton, "saveCodes").clicked.connect(self._ask_file)
        self.part(QPushButton, "printCodes").clicked.connect(self._print)
        self._show(_LINK)
        if link:
            self.link.setText(link)
            self._look()

    # -- the steps --------------------------------------------------------------------------------------------------

    def _show(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        self.problem.hide()
        self.leave.setVisible(page != _CODES)
        self._rest()
        (self.link, self.password, self.kept)[page].setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_on(self) -> None:
        (self._look, self._confirm, self.accept)[self.pages.currentIndex()]()

    def _look(self) -> None:
        """What the invitation is for."""
        link = self.link.text()

        def work() -> Received:
            from diwi_desktop.sync import invitations

            return invitations.look(link)

        self._work(work, self.show_received)

    def show_received(self, received: Received) -> None:
        """The second step: choosing a password, or proving the account that is there."""
        self._received = received
        anew = received.purpose != "invitation"
        existing = self._existing
        who = self.tr("Uitnodiging voor {0} ({1}) bij {2}.")
        if anew:
            who = self.tr("Kies opnieuw een wachtwoord, {0} ({1}), voor {2}.")
        words = who.format(received.name, received.email, received.register_name)
        if existing:
            words += " " + self.tr("U heeft al een account op deze server: bevestig met wachtwoord en code daarvan.")
        elif received.keeps_factor:
            words += " " + self.tr(
                "De app op uw telefoon blijft dezelfde; gebruik een code daarvan of een herstelcode."
            )
        self.part(QLabel, "chooseWords").setText(words)
        new_factor = bool(received.secret) and not existing
        self.part(QWidget, "factor").setVisible(new_factor)
        self.square.show_text(received.address if new_factor else "")
        grouped = [received.secret[n : n + _GROUP] for n in range(0, len(received.secret), _GROUP)]
        self.secret.setText(" ".join(grouped))
        self.secret.setCursorPosition(0)
        self.password.setPlaceholderText("" if existing else self.tr("ten minste 12 tekens"))
        for name in ("again", "againLabel"):
            self.part(QWidget, name).setVisible(not existing)
        self._show(_CHOOSE)
        self.adjustSize()

    @property
    def _existing(self) -> bool:
        received = self._received
        return received is not None and received.known and received.purpose == "invitation"

    def _confirm(self) -> None:
        received, existing = self._received, self._existing
        password, code = self.password.text(), self.code.text().strip()
        if received is None:
            return
        if not password:
            self._say_text(self.tr("Vul een wachtwoord in."), self.password)
        elif not existing and password != self.again.text():
            self._say_text(self.tr("De twee wachtwoorden zijn niet gelijk."), self.again)
        elif not code:
            self._say_text(self.tr("Vul de code in die de app nu toont."), self.code)
        else:

            def work() -> list[str]:
                from diwi_desktop.sync import invitations

                return invitations.use(received, password, code, existing=existing)

            self._work(work, self._confirmed)

    def _confirmed(self, codes: list[str]) -> None:
        from diwi_desktop.sync import known

        received = self._received
        if received is None:
            return
        known.remember(received.url, received.email)
        for field in (self.again, self.code, self.secret):
            field.clear()
        self.square.show_text("")
        if codes:
            self.codes.setPlainText("\n".join(codes))
            self._show(_CODES)
        else:
            self.accept()

    def accept(self) -> None:
        """Done: from here on one signs in as ever."""
        received, password = self._received, self.password.text()
        super().accept()
        self._forget()
        if received is not None:
            self.activated.emit(received.url, received.email, password)

    def reject(self) -> None:
        """Escape and the cross; the recovery codes are not thrown away by them."""
        if self.pages.currentIndex() == _CODES and not self.kept.isChecked():
            self._say_text(self.tr("Bewaar eerst de herstelcodes; ze worden niet nog eens getoond."), self.kept)
            return
        if self.pages.currentIndex() == _CODES:
            self.accept()
            return
        self._forget()
        super().reject()

    def _forget(self) -> None:
        """Nothing secret stays in a dialog that is closed."""
        self._received = None
        for field in (self.password, self.again, self.code, self.secret, self.link):
            field.clear()
        self.codes.clear()
        self.square.show_text("")

    # -- keeping the codes ------------------------------------------------------------------------------------------

    @staticmethod
    def _copy(text: str) -> None:
        QGuiApplication.clipboard().setText(text)

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, self.tr("Herstelcodes opslaan"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("Tekst (*.txt)"))
        dialog.setDefaultSuffix("txt")
        dialog.selectFile(self.tr("DIWI herstelcodes.txt"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.save_codes(Path(name)))
        dialog.open()

    def save_codes(self, path: Path) -> None:
        """Write the codes to a file that only the user can read, where the system knows that."""
        try:
            with path.open("w", encoding="utf-8") as file:
                path.chmod(0o600)  # before there is anything to read
                file.write(self._sheet())
        except OSError:
            self._say_text(self.tr("Het bestand kan daar niet worden opgeslagen; kies een andere map."))

    def _print(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter()
        dialog = QPrintDialog(printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.print_codes(printer))
        QDialog.open(dialog)

    def print_codes(self, printer: Any) -> None:
        """Put the codes on paper, or on whatever else the printer is."""
        from PySide6.QtGui import QTextDocument

        document = QTextDocument()
        document.setPlainText(self._sheet())
        document.print_(printer)

    def _sheet(self) -> str:
        received = self._received
        whose = "" if received is None else f"{received.email} – {received.url}"
        return f"{self.tr('Herstelcodes van DIWI Desktop')}\n{whose}\n\n{self.codes.toPlainText()}\n"

    # -- what they share --------------------------------------------------------------------------------------------

    def _work(self, function: Callable[[], Any], on_done: Callable[[Any], None]) -> None:
        self.problem.hide()
        self.next.setEnabled(False)
        self.next.setText(self.tr("Even geduld…"))

        def done(result: Any) -> None:
            self._rest()
            on_done(result)

        jobs.run_beside(lambda _p, _c: function(), done, self._say, parent=self)

    def _rest(self) -> None:
        page = self.pages.currentIndex()
        self.next.setText(self._words[page])
        self.next.setEnabled(page != _CODES or self.kept.isChecked())

    def _say(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            jobs.log_bug(error)
        self._rest()
        offline = isinstance(error, UserError) and error.code in ("sync_offline", "sync_not_found")
        if offline:
            words = self.tr("De server van deze uitnodiging antwoordt niet; controleer de link en het netwerk.")
            self._say_text(words)
        else:
            self._say_text(jobs.error_text(error))

    def _say_text(self, text: str, field: QWidget | None = None) -> None:
        self.problem.setText(text)
        self.problem.show()
        if field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)
