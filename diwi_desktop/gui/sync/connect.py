"""Connecting a store with a server, and signing in again: address, account, register."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QStackedWidget,
    QWidget,
)

from diwi_desktop.gui import folders, jobs, settings, theme
from diwi_desktop.gui.dialogs.forms import FormDialog
from diwi_desktop.gui.fields.words import sentence
from diwi_desktop.gui.wizards.forms import set_role
from diwi_desktop.model.finding import UserError
from diwi_desktop.store import syncstate
from diwi_desktop.store.driver import store_error

if TYPE_CHECKING:
    from diwi_desktop.store import Device, Store
    from diwi_desktop.sync.account import Account, Methods, Register
    from diwi_desktop.sync.session import Line

_ADDRESS, _ACCOUNT, _REGISTER = range(3)
SUFFIX = ".diwi"


class ConnectDialog(FormDialog):
    """Three steps, one button each.

    `connected` says that this store now belongs to a register, `signed_in` that its user is signed in again; both
    carry the Account, which is whose hears it from then on. `fetched` carries the path of a new store that came from
    the server. `shut_out`: the server lets the user in no more, and nothing of the store may be shown.
    """

    connected = Signal(object)
    fetched = Signal(object)
    signed_in = Signal(object)
    shut_out = Signal()

    def __init__(self, store: Store, parent: QWidget | None = None, *, only_sign_in: bool = False) -> None:
        super().__init__("forms/connect.ui", parent)
        self._store, self._only_sign_in = store, only_sign_in
        self._line: Line | None = None
        self._methods: Methods | None = None
        self._registers: list[Register] = []
        self.pages = self.part(QStackedWidget, "pages")
        self.url, self.email = self.part(QLineEdit, "url"), self.part(QLineEdit, "email")
        self.password, self.code = self.part(QLineEdit, "password"), self.part(QLineEdit, "code")
        self.browser = self.part(QPushButton, "browser")
        self.register = self.part(QComboBox, "register")
        self.fetch, self.bring = self.part(QRadioButton, "fetch"), self.part(QRadioButton, "bring")
        self.path, self.encrypted = self.part(QLineEdit, "path"), self.part(QCheckBox, "encrypted")
        self._words = (self.tr("Volgende"), self.tr("Aanmelden"), self.tr("Verbinden"))
        self.problem = self.part(QLabel, "problem")
        self.problem.hide()
        self._asked: jobs.Job | None = None
        self._new_code = False  # the one of the invitation is used; the app has to show another
        buttons = self.part(QDialogButtonBox, "buttons")
        self.next = buttons.addButton("", QDialogButtonBox.ButtonRole.AcceptRole)
        theme.main_button(self.next)
        self.back = buttons.addButton(self.tr("Terug"), QDialogButtonBox.ButtonRole.ActionRole)
        self.back.clicked.connect(self._go_back)
        buttons.addButton(self.tr("Annuleren"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._go_on)
        buttons.rejected.connect(self.reject)
        self.browser.clicked.connect(self._sign_in_by_browser)
        self.invited = self.part(QPushButton, "invited")
        self.invited.clicked.connect(lambda _on=False: self.use_invitation())
        self.part(QPushButton, "browse").clicked.connect(self._browse)
        self.fetch.toggled.connect(self._fetch_or_bring)
        self.register.currentIndexChanged.connect(lambda _: self._suggest_path())
        self.finished.connect(self.hang_up)
        with store.inside() as connection:
            standing = syncstate.standing(connection)
        if standing is not None:
            self.url.setText(standing.url)
            self.email.setText(standing.email)
        if only_sign_in:
            self.setWindowTitle(self.tr("Aanmelden bij de server"))
            self.url.setReadOnly(True)
            self.invited.hide()
        self._show(_ADDRESS)
        if only_sign_in:
            self._find_server()

    # -- the steps ----------------------------------------------------------------------------------------------

    def _show(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        self.problem.hide()
        self._rest()
        self.back.setVisible(page > _ADDRESS and not self._only_sign_in)
        (self.url, self.password if self.email.text() else self.email, self.register)[page].setFocus()

    def _go_on(self) -> None:
        (self._find_server, self._sign_in, self._connect)[self.pages.currentIndex()]()

    def use_invitation(self, link: str = "") -> None:
        """Choose a password with an invitation, and go on with signing in."""
        from diwi_desktop.gui.sync.activate import ActivateDialog

        dialog = ActivateDialog(self, link)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.activated.connect(self._activated)
        dialog.open()

    def _activated(self, url: str, email: str, password: str) -> None:
        self.url.setText(url)
        self.email.setText(email)
        self.password.setText(password)
        self._new_code = True
        self._find_server()

    def _go_back(self) -> None:
        """To the step before; what was being asked, a browser too, is asked no more."""
        if self._asked is not None:
            self._asked.drop()
        self._show(self.pages.currentIndex() - 1)

    def _find_server(self) -> None:
        """Whether there is a DIWI server at the address, and how one signs in there."""
        from diwi_desktop.sync import invitations, known

        if invitations.is_link(self.url.text()):
            link = self.url.text()
            self.url.clear()
            self.use_invitation(link)
            return
        try:
            url = known.server_url(self.url.text())
        except UserError as error:
            self._say(error)
            return
        self.url.setText(url)
        self.hang_up()
        self._work(partial(_ask_methods, self._new_line(), url, self.email.text().strip(), self._store.device),
                   self._found_server)  # fmt: skip

    def _found_server(self, methods: Methods) -> None:
        account = self._account
        if account is not None:
            warning = account.warning
            self.show_account(account.url, account.email, methods, "" if warning is None else sentence(warning))

    def show_account(self, url: str, email: str, methods: Methods, warning: str = "") -> None:
        """The second step: how one signs in there. `warning`: that nothing can be kept on this computer."""
        self._methods = methods
        if not self.email.text():
            self.email.setText(email)
        words = self.tr("Meld u aan bij {0}.").format(url)
        self.part(QLabel, "accountWords").setText(f"{words} {warning}".strip())
        self.encrypted.setVisible(not warning)
        self.part(QLabel, "encryptedWords").setVisible(not warning)
        for field in (self.email, self.password, self.code):
            field.setEnabled(methods.password)
        self.browser.setVisible(bool(methods.issuer))
        self._show(_ACCOUNT)
        if not methods.password:
            self.browser.setFocus()
        elif self._new_code:
            self._new_code = False
            self.code.setFocus()
            self._say_text(self.tr("Wacht tot uw app een nieuwe code toont en vul die in."), role="muted")

    def _sign_in(self) -> None:
        account, email, store = self._account, self.email.text().strip(), self._store
        again = self._only_sign_in
        if account is None or not email or not self.password.text():
            self._say_text(self.tr("Vul uw e-mailadres en wachtwoord in."), self.email if not email else self.password)
            return
        account.email = email
        password, code = self.password.text(), self.code.text().strip()

        def work() -> list[Register]:
            from diwi_desktop.sync import shutout
            from diwi_desktop.sync.connect import sign_in
            from diwi_desktop.sync.problem import Problem

            try:
                return sign_in(account, password, code)
            except Problem as problem:
                if again and shutout.at_sign_in(store, email, problem):
                    raise store_error("shut_out") from problem
                raise

        self._work(work, self._signed_in)

    def _sign_in_by_browser(self) -> None:
        account = self._account
        if account is None:
            return

        def work(cancelled: jobs.IsCancelled) -> list[Register]:
            from diwi_desktop.sync.connect import sign_in_in_browser

            return sign_in_in_browser(account, cancelled)

        self._say_text(self.tr("Meld u aan in de browser die is geopend en kom daarna hier terug."), role="muted")
        self._work(work, self._signed_in, waits=True)

    def _signed_in(self, registers: list[Register]) -> None:
        from diwi_desktop.sync import known

        self.password.clear()
        self.code.clear()
        account = self._account
        if account is None:
            return
        known.remember(account.url, account.email)
        if self._only_sign_in:
            self._line = None
            self.accept()
            self.signed_in.emit(account)
            return
        self.show_registers(registers)

    def show_registers(self, registers: list[Register]) -> None:
        """The third step: which register, and which way it goes."""
        self._registers = [one for one in registers if one.open]
        self.register.clear()
        for one in self._registers:
            self.register.addItem(f"{one.name} ({one.code})", one.id)
        self._suggest_path()
        self._show(_REGISTER)
        if not self._registers:
            self.next.setEnabled(False)
            self._say_text(
                self.tr("Uw account hoort bij geen enkel register; vraag de beheerder om een uitnodiging."), None
            )

    def _connect(self) -> None:
        register, account = self._chosen(), self._account
        if register is None or account is None:
            return
        encrypted = self.encrypted.isChecked()
        if self.bring.isChecked():
            self._run(self.tr("Verbinden…"), partial(_bring, self._store, account, register), self._brought)
            return
        path = Path(self.path.text().strip())
        if not path.name:
            self._say_text(self.tr("Kies waar het bestand komt te staan."), self.path)
            return
        author = register.person_name or settings.author()
        self._run(
            self.tr("Het register wordt opgehaald…"),
            partial(_fetch, path, account, register, author, encrypted),
            lambda _: self._fetched(path),
        )

    def _brought(self, _: object) -> None:
        account, self._line = self._account, None
        self.accept()
        self.connected.emit(account)

    def _fetched(self, path: Path) -> None:
        self.accept()
        self.fetched.emit(path)

    # -- what they share ----------------------------------------------------------------------------------------

    def _work(self, function: Callable[..., Any], on_done: Callable[[Any], None], *, waits: bool = False) -> None:
        """Ask the server something beside the window; the button waits meanwhile."""
        if not waits:
            self.problem.hide()
        self.next.setEnabled(False)
        self.next.setText(self.tr("Even geduld…"))

        def done(result: Any) -> None:
            self._rest()
            self.problem.hide()
            on_done(result)

        work = (lambda _p, cancelled: function(cancelled)) if waits else (lambda _p, _c: function())
        self._asked = jobs.run_beside(work, done, self._say, parent=self)

    def _run(self, title: str, function: jobs.Work, on_done: Callable[[Any], None]) -> None:
        """Long work with progress and cancel."""
        self.problem.hide()
        jobs.run_job(self, title, function, on_done, self._say, beside=True).stopping.connect(self._dial_again)

    def _dial_again(self) -> None:
        """Stopped while the server was silent: what is under way fails now, and trying again needs a new wire."""
        old, line = self._account, self._line
        if old is not None and line is not None:
            self._new_line().dial(old.url, old.email, old.device)
            line.hang_up()

    def _rest(self) -> None:
        self.next.setText(self._words[self.pages.currentIndex()])
        self.next.setEnabled(True)

    @property
    def _account(self) -> Account | None:
        return None if self._line is None else self._line.account

    def _new_line(self) -> Line:
        from diwi_desktop.sync.session import Line

        line = self._line = Line()
        return line

    def hang_up(self, *_: object) -> None:
        """What is still being asked is asked no more."""
        if self._asked is not None:
            self._asked.drop()
        line, self._line = self._line, None
        if line is not None:
            line.hang_up()

    def _say(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            jobs.log_bug(error)
        if isinstance(error, UserError) and error.code == "shut_out":
            self.shut_out.emit()
        self._rest()
        offline = isinstance(error, UserError) and error.code in ("sync_offline", "sync_not_found")
        if offline and self.pages.currentIndex() == _ADDRESS:
            words = self.tr("Op dit adres antwoordt geen DIWI-server; controleer het adres en het netwerk.")
            self._say_text(words, self.url)
        else:
            self._say_text(jobs.error_text(error))

    def _say_text(self, text: str, field: QLineEdit | None = None, *, role: str = "bad") -> None:
        set_role(self.problem, role)
        self.problem.setText(text)
        self.problem.show()
        if field is not None:
            field.setFocus()

    def _chosen(self) -> Register | None:
        return next((one for one in self._registers if one.id == self.register.currentData()), None)

    def _fetch_or_bring(self, fetch: bool) -> None:
        self.path.setEnabled(fetch)
        self.part(QPushButton, "browse").setEnabled(fetch)
        self.encrypted.setEnabled(fetch)

    def _suggest_path(self) -> None:
        register = self._chosen()
        if register is not None:
            stem = "".join(c for c in register.name.lower() if c.isalnum() or c in "-_") or "register"
            folder = folders.start(folders.REGISTERS)
            names = (f"{stem}{n}{SUFFIX}" for n in ("", *(f"-{i}" for i in range(2, 1000))))
            self.path.setText(str(next(folder / name for name in names if not (folder / name).exists())))

    def _browse(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, self.tr("Waar komt het bestand te staan"), self.path.text(), f"DIWI (*{SUFFIX})"
        )
        if chosen:
            self.path.setText(chosen if chosen.endswith(SUFFIX) else chosen + SUFFIX)


def _ask_methods(line: Line, url: str, email: str, device: Device) -> Methods:
    return line.dial(url, email, device).methods()


def _bring(
    store: Store, account: Account, register: Register, _progress: jobs.Progress, _cancelled: jobs.IsCancelled
) -> None:
    from diwi_desktop.sync import connect
    from diwi_desktop.sync.session import server_of

    connect.connect(store, account.url, register.id, server_of(account, register.id), role=register.role)


def _fetch(
    path: Path,
    account: Account,
    register: Register,
    author: str,
    encrypted: bool,
    progress: jobs.Progress,
    cancelled: jobs.IsCancelled,
) -> None:
    """Make the new file. Raises UserError; Cancelled when the user wants no more of it."""
    from diwi_desktop.model.finding import Cancelled
    from diwi_desktop.sync import connect, encryption
    from diwi_desktop.sync.session import server_of

    if encrypted:
        encryption.check()  # before anything is fetched
    outcome = connect.clone(
        path, account.url, register.id, server_of(account, register.id), author=author, device=account.device,
        progress=lambda state: progress(state.done, state.total), cancelled=cancelled,
    )  # fmt: skip
    if outcome.cancelled:
        raise Cancelled
    if outcome.problem is not None:
        raise outcome.problem
    if encrypted:
        encryption.encrypt_new(path, progress=progress, cancelled=cancelled)
