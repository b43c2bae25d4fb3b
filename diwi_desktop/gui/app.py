"""Starting the window: application, look, language, and which register to open."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QProcess, Qt, QTimer, QTranslator, Signal
from PySide6.QtWidgets import QApplication, QWidget

from diwi_desktop import assets
from diwi_desktop.gui import jobs, memory, settings, theme
from diwi_desktop.gui.language import language
from diwi_desktop.gui.parting import Parting
from diwi_desktop.gui.post import Errand
from diwi_desktop.gui.workspace import MainWindow
from diwi_desktop.model.finding import UserError
from diwi_desktop.store import Store

if TYPE_CHECKING:
    from concurrent.futures import Future

    from diwi_desktop.gui.sync.leasescreen import LeaseScreen
    from diwi_desktop.sync.agent import Agent

DEMO_NAME = "duinwijk.diwi"
_FRAME = 60  # pixels that a title bar and borders take at most


def make_application(arguments: Sequence[str] = ()) -> QApplication:
    """The QApplication, dressed, in the chosen language."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        app = existing
    else:
        # As an argument rather than by setStyle, which makes PySide load all that a style can do.
        app = QApplication([sys.argv[0], "-style", "fusion", *arguments])
        theme.current().styled = True
    app.setApplicationName(settings.APPLICATION)
    app.setOrganizationName(settings.ORGANISATION)
    app.setApplicationDisplayName("")
    QLocale.setDefault(QLocale(QLocale.Language.Dutch, QLocale.Country.Netherlands))
    translate(app, language())
    dress(app)
    return app


def translate(app: QApplication, language: str) -> None:
    """Install the words of a language; Dutch is the language of the source.

    Qt's own buttons are translated too, and what Qt's own Dutch lacks.
    """
    qt_words = QTranslator(app)
    if qt_words.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(qt_words)
    words = QTranslator(app)
    if words.load(str(assets.resource("translations", "qt_nl.qm" if language == "nl" else f"diwi_{language}.qm"))):
        app.installTranslator(words)


def dress(app: QApplication) -> None:
    """Apply the chosen colours and text size."""
    theme.apply(app, _chosen_theme(), settings.text_scale())


def redress(app: QApplication) -> None:
    """The same for windows that are in use, see `dressing`."""
    from diwi_desktop.gui.dressing import dressing

    dressing(app).change(_chosen_theme(), settings.text_scale())


def _chosen_theme() -> str:
    name = settings.theme_name()
    return theme.system_name() if name == "system" else name


def demo_path() -> Path:
    """Where the demo municipality stands. Raises OSError when the data folder cannot be made."""
    return assets.user_data_dir() / DEMO_NAME


class Desk(QObject):
    """Opens registers in windows; there is one window at a time."""

    usable = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self.window: MainWindow | None = None
        self.waiting: LeaseScreen | None = None  # in the place of the window when the offline term is over
        self.restart: Callable[[Path], None] = restart
        self._asking: QWidget | None = None
        self._refused = ""  # the code of why the last register asked for was not opened
        self._closing: dict[Path, threading.Thread | None] = {}
        self._again: Path | None = None  # to be opened once it is closed
        app.styleHints().colorSchemeChanged.connect(self._scheme_changed)

    def start(self, path: Path | None) -> bool:
        """Open a register, the last one used, or the demo. False when nothing could be opened and it has been said."""
        if path is not None:
            return self.open(path)
        recent = settings.recent_stores()
        if recent and self.open(recent[0]):
            return True
        # Who has his register open in another window wants that one, and no demo in its place.
        return self._refused != "store_locked" and self.open_demo()

    def open(self, path: Path) -> bool:
        """Open a register; a problem is one sentence and the window that is open stays. False when nothing was opened,
        nor the user is asked something first, nor it is opened as soon as it has been closed.
        """
        self._again = None  # what was asked for last counts
        if self.store is not None and self.store.path.resolve() == path.resolve():
            return True
        if path.resolve() in self._closing:
            self._again = path.resolve()
            if self.window is not None:
                words = self.tr("{0} gaat open zodra het is gesloten; het wordt nog gelezen.").format(path.name)
                self.window.status_line.say(words)
            return True
        try:
            store = self._opened(path)
        except UserError as error:
            if error.code == "cipher_restart":
                self._ask_restart(path)
                return True
            self._refused = error.code
            self._say(error)
            return False
        try:
            self._work_as_last_time(store)
            self.show(store)
        except Exception:
            store.close()  # no window shows it, so it is kept from nobody
            raise
        return True

    @staticmethod
    def _opened(path: Path) -> Store:
        """The register to work in, or to look at only where its file may not be written. Raises UserError."""
        try:
            return Store.open(path, author=settings.author())
        except UserError as error:
            if error.code != "store_read_only":
                raise
        return Store.open(path, author=settings.author(), read_only=True)

    @staticmethod
    def _work_as_last_time(store: Store) -> None:
        """In a register without a server, in the name that was chosen last; not when that person is gone."""
        person = settings.user_of(store.path)
        if person and store.person is None:
            try:
                store.act_as(person)
            except UserError:
                settings.remember_user(store.path, None)

    def open_demo(self) -> bool:
        """Open the demo municipality; the first time it is made, with progress."""
        path = demo_path()
        if path.exists():
            return self.open(path)

        def work(progress: jobs.Progress, cancelled: jobs.IsCancelled) -> None:
            from diwi_desktop.demo import make_demo

            make_demo(path, progress=progress, cancelled=cancelled)

        jobs.run_job(self.window, self.tr("Het voorbeeld wordt gemaakt…"), work, lambda _: self._open_made(path))
        return True

    def _open_made(self, path: Path) -> None:
        self.open(path)

    @property
    def store(self) -> Store | None:
        """The register that is open."""
        if self.window is not None:
            return self.window.state.store
        return None if self.waiting is None else self.waiting.store

    def show(self, store: Store) -> None:
        """Show a register that was opened, in the place of the one that is shown, which is closed."""
        if store.lease_ended:
            self._wait_for_server(store)
            return
        window = MainWindow(store)
        if settings.layout("geometry") is None:
            _fit(window)
        window.register_asked.connect(self._asked)
        window.user_asked.connect(self._work_as)
        window.look_changed.connect(lambda: redress(self._app))
        window.encryption_asked.connect(self._encrypt)
        window.usable.connect(self.usable)
        window.ready.connect(lambda: settings.remember_store(store.path))
        window.ready.connect(window.docks.prepare)
        window.lease_ended.connect(lambda: self._wait_for_server(store))
        old, old_store = self.window or self.waiting, self.store
        self.window, self.waiting = window, None
        self._replace(old, old_store, window)

    def _wait_for_server(self, store: Store) -> None:
        from diwi_desktop.gui.sync.leasescreen import LeaseScreen

        screen = LeaseScreen(store)
        screen.opened.connect(lambda: self.show(store))
        old, old_store = self.window or self.waiting, self.store
        self.window, self.waiting = None, screen
        self._replace(old, old_store, screen)
        screen.start()

    def _replace(
        self, old: MainWindow | LeaseScreen | None, old_store: Store | None, new: MainWindow | LeaseScreen
    ) -> None:
        if old is None:
            new.show()
            return
        store = self.store
        if old_store is not None and old_store is not store:
            self._closing[old_store.path.resolve()] = None
        agent = old.link.leave()  # it may be asking a server that does not answer, and nobody waits for that

        def show() -> None:
            if isinstance(old, MainWindow):
                old.remember_layout()  # the next one stands where this one did
            new.show()
            QTimer.singleShot(0, self, leave)

        def leave() -> None:
            reading = self._part_with(old)
            if old_store is not None and old_store is not store:
                self._close(old_store, agent, reading)

        if isinstance(old, MainWindow) and isinstance(new, MainWindow):
            QTimer.singleShot(0, self, show)  # making the one, showing it and closing the other are a turn each
        else:
            new.show()
            leave()  # nothing may be shown any more, or there was little to be seen

    def _part_with(self, window: MainWindow | LeaseScreen) -> list[Future[None]]:
        """Close a window, and end it while nothing else is asked. What still reads its register."""
        parts: list[QWidget] = []
        reading: list[Future[None]] = []
        if isinstance(window, MainWindow):
            parts, reading = window.docks.parts(), window.leave()
        else:
            window.close()
        Parting((*parts, window), self._at_work, self)
        return reading

    def _at_work(self) -> int:
        """Whether something is read, or a window still fills its panels."""
        return jobs.busy() + (self.window is not None and not self.window.is_ready)

    def _close(self, store: Store, agent: Agent | None, reading: Sequence[Future[None]]) -> None:
        """Close a register when nothing reads it or writes to it any more; nobody waits for that."""
        path = store.path.resolve()
        reading = [future for future in reading if not future.done()]
        if not reading and (agent is None or agent.ended):
            try:
                store.close()
            finally:
                self._closed(path)
            return
        errand = Errand(partial(_close, store, agent, reading), partial(self._closed, path))
        thread = self._closing[path] = threading.Thread(target=errand.run, name="diwi-closing", daemon=True)
        thread.start()

    def _closed(self, path: Path, _: None = None, error: Exception | None = None) -> None:
        del self._closing[path]
        if error is not None:
            jobs.log_bug(error)
        if self._again == path:
            self.open(path)

    def end(self) -> None:
        """Close the register that is shown, and wait for those that are still being closed: the program ends."""
        if self.store is not None:
            self.store.close()
        for closing in filter(None, self._closing.values()):
            closing.join(jobs.PATIENCE_S)

    def _work_as(self, person: str | None) -> None:
        """Go on in somebody's name: a new window, so that nothing of what another saw stays in it."""
        if self.window is None:
            return
        store = self.window.state.store
        if person != store.person:
            store.act_as(person)
            settings.remember_user(store.path, person)
        self.show(store)

    def _asked(self, path: Path | None) -> None:
        if path is None:
            self.open_demo()
        else:
            self.open(path)

    def _encrypt(self) -> None:
        """Close the register, encrypt its file, and open it again; when that does not come about it is as it was."""
        window = self.window
        if window is None:
            return
        store, path = window.state.store, window.state.store.path
        self._app.setQuitOnLastWindowClosed(False)
        agent = window.link.leave()
        reading = self._part_with(window)
        self.window = None

        def work(progress: jobs.Progress, cancelled: jobs.IsCancelled) -> None:
            from diwi_desktop.sync import encryption

            _close(store, agent, reading)
            encryption.encrypt(path, progress=progress, cancelled=cancelled)

        def ended(error: Exception | None = None) -> None:
            try:
                opened = self.open(path)
            finally:
                self._app.setQuitOnLastWindowClosed(True)
            if error is not None:
                jobs.show_error(self.window, error)
            elif not opened:
                self._quit_without_window()

        title = self.tr("Het bestand wordt versleuteld…")
        jobs.run_job(None, title, work, lambda _: ended(), ended, ended)

    def _say(self, error: UserError) -> None:
        if self.window is not None:
            jobs.show_error(self.window, error)
            return
        from PySide6.QtWidgets import QMessageBox

        box = QMessageBox(QMessageBox.Icon.Warning, self.tr("Dat lukt niet"), jobs.error_text(error))
        box.exec()

    def say_fault(self) -> None:
        """There is a fault of ours and no window to say it in. Waits until it is read; the terminal has the details."""
        from PySide6.QtWidgets import QMessageBox

        words = self.tr("DIWI Desktop kan niet starten door een fout in het programma. Uw register is niet gewijzigd.")
        QMessageBox(QMessageBox.Icon.Critical, self.tr("Fout in het programma"), words).exec()

    def _ask_restart(self, path: Path) -> None:
        """An encrypted file wants another driver than this process began with."""
        from PySide6.QtWidgets import QMessageBox

        box = QMessageBox(self.window)
        box.setObjectName("RestartBox")
        box.setIcon(QMessageBox.Icon.Information)
        box.setWindowTitle(self.tr("Opnieuw starten"))
        box.setText(self.tr("{0} is versleuteld. Het programma start opnieuw om het te openen.").format(path.name))
        again = box.addButton(self.tr("Opnieuw starten"), QMessageBox.ButtonRole.AcceptRole)
        again.clicked.connect(lambda: self._restart(path))
        box.setDefaultButton(again)
        later = box.addButton(self.tr("Annuleren"), QMessageBox.ButtonRole.RejectRole)
        later.clicked.connect(self._quit_without_window)
        self._asking = box  # without a window it has no parent that keeps it
        box.open()

    def _restart(self, path: Path) -> None:
        if self.window is not None:
            self.window.close()
        self.restart(path)
        self._app.quit()

    def _quit_without_window(self) -> None:
        if self.window is None and self.waiting is None:
            self._app.quit()

    def _scheme_changed(self) -> None:
        if settings.theme_name() == "system":
            redress(self._app)


def restart(path: Path) -> None:
    """Begin the program anew, on a register; this process is about to end."""
    QProcess.startDetached(sys.executable, ["-m", "diwi_desktop", str(path)])


def _fit(window: MainWindow) -> None:
    """A window that is as large as the screen, with its frame, fills it."""
    free = window.screen().availableSize()
    if window.width() + _FRAME > free.width() or window.height() + _FRAME > free.height():
        window.setWindowState(Qt.WindowState.WindowMaximized)


def _close(store: Store, agent: Agent | None, reading: Sequence[Future[None]]) -> None:
    """Close a store once nothing reads it or writes to it any more."""
    from concurrent.futures import wait

    wait(reading)
    if agent is not None:
        agent.close()
    store.close()


def run(path: Path | None, arguments: Sequence[str] = (), on_usable: Callable[[], object] | None = None) -> int:
    """Show the window and stay until it closes; see `diwi_desktop.gui.run`. Returns the exit status."""
    app = make_application(arguments)
    desk = Desk(app)
    once = Qt.ConnectionType.SingleShotConnection  # each window is usable at some time
    desk.usable.connect(lambda: memory.start(desk, jobs.busy), once)
    if on_usable is not None:
        desk.usable.connect(on_usable, once)
    try:
        if not desk.start(path):
            return 1
    except Exception:
        desk.say_fault()
        raise
    status = app.exec()
    desk.end()
    return status
