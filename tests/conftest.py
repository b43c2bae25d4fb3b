"""What holds for every test: no real screen, no real settings, no surprises left behind."""

# The package sets the dynamic linker's flags and must come before every other extension module.

import gc
import itertools
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path
from weakref import WeakSet

import hypothesis
import pytest
from PySide6.QtCore import QLocale, QSettings, QThread, QThreadPool

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["TZ"] = "Europe/Amsterdam"
os.environ["LC_ALL"] = "C.UTF-8"
os.environ["LANGUAGE"] = ""
if hasattr(time, "tzset"):
    time.tzset()

# "house" runs the same examples every time; "long" looks for new ones: HYPOTHESIS_PROFILE=long ./dev test
hypothesis.settings.register_profile("house", derandomize=True, deadline=None, max_examples=60)
hypothesis.settings.register_profile("ci", parent=hypothesis.settings.get_profile("house"), max_examples=150)
hypothesis.settings.register_profile("long", deadline=None, max_examples=5000, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))

_THREAD_PATIENCE_MS = 5000
_TESTS_TO_A_FULL_COLLECTION = 40


@pytest.fixture(autouse=True, scope="session")
def _counted() -> Iterator[Iterator[int]]:
    """Garbage is looked for in the main thread only, as the program does: see diwi_desktop/gui/post.py."""
    gc.collect()
    gc.freeze()
    gc.disable()
    yield itertools.count(1)
    gc.enable()


@pytest.fixture(autouse=True)
def _no_garbage(_counted: Iterator[int]) -> Iterator[None]:
    """What a test threw away goes with it, and tells so if it was not closed."""
    yield
    gc.collect(2 if next(_counted) % _TESTS_TO_A_FULL_COLLECTION == 0 else 1)


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings and data of this test live in its own folder, never in those of the user or another test."""
    home = tmp_path / "_home"
    settings = home / "settings"
    settings.mkdir(parents=True)
    monkeypatch.setenv("DIWI_DATA_DIR", str(home / "data"))
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    for kind in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
            QSettings.setPath(kind, scope, str(settings))


@pytest.fixture(autouse=True)
def _own_locale() -> Iterator[None]:
    """A test that changes Qt's default locale or the system's leaves the next one the house locale."""
    QLocale.setDefault(QLocale(QLocale.Language.Dutch, QLocale.Country.Netherlands))
    yield
    QLocale.setDefault(QLocale(QLocale.Language.Dutch, QLocale.Country.Netherlands))


class _Errors(logging.Handler):
    """Keeps log records of level ERROR and above, rendered at once."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def _no_errors_logged(request: pytest.FixtureRequest) -> Iterator[None]:
    """An ERROR in the log fails the test, unless it is marked `allow_error_log`."""
    handler = _Errors()
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    if handler.lines and request.node.get_closest_marker("allow_error_log") is None:
        pytest.fail("unexpected log records:\n" + "\n".join(handler.lines), pytrace=False)


_started: "WeakSet[QThread]" = WeakSet()
_start = QThread.start


def _remembered_start(thread: QThread, priority: QThread.Priority = QThread.Priority.InheritPriority) -> None:
    _started.add(thread)
    _start(thread, priority)


@pytest.fixture(autouse=True, scope="session")
def _remember_threads() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setattr(QThread, "start", _remembered_start)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _no_thread_left(_own_folders: None) -> Iterator[None]:
    """A QThread that still runs, or a pool job that does not end, would disturb the tests after this one."""
    yield
    running = []
    for thread in list(_started):
        try:
            if thread.isRunning():
                running.append(thread.objectName() or type(thread).__name__)
                thread.requestInterruption()
                thread.quit()
                thread.wait(_THREAD_PATIENCE_MS)
        except RuntimeError:  # its C++ side is gone, so it has ended
            continue
    _started.clear()
    if running:
        pytest.fail("threads still running: " + ", ".join(running), pytrace=False)
    if not QThreadPool.globalInstance().waitForDone(_THREAD_PATIENCE_MS):
        pytest.fail("a job in the thread pool does not end", pytrace=False)
