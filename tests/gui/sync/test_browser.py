"""Signing in by the browser from the window: the real server, and a real provider of single sign-on."""

from __future__ import annotations

import threading
import webbrowser
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import jobs
from diwi_desktop.gui.sync.connect import ConnectDialog
from diwi_desktop.gui.workspace import MainWindow
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.server.settings import Settings
from diwi_desktop.sync import signin
from tests.gui.conftest import OpenWindow
from tests.gui.sync.conftest import Accounts
from tests.gui.sync.test_connect import dialog_of, page
from tests.server.harness import Register, Server
from tests.server.oidc_provider.running import Browser, provider
from tests.stores import new_store

pytestmark = pytest.mark.qt_log_ignore("does not support raise", "grabbing the keyboard", "propagateSizeHints")

LEFT = Qt.MouseButton.LeftButton
BUSY = "Even geduld…"
OpenBrowser = Callable[[str], bool]


@pytest.fixture(scope="module")
def people() -> dict[str, dict[str, Any]]:
    """Whom the provider knows; the addresses of persons follow when the register is there."""
    return {name: {"email": f"{name}@duinwijk.example", "email_verified": True} for name in ("anna", "niemand")}


@pytest.fixture(scope="module")
def issuer(people: dict[str, dict[str, Any]]) -> Iterator[str]:
    with provider(people) as running:
        yield running


@pytest.fixture
def settings(settings: Settings, issuer: str) -> Settings:
    """The server with single sign-on at the provider of the test."""
    return settings.model_copy(update={"oidc_issuer": issuer, "oidc_client_id": "diwi-rs"})


@pytest.fixture
def anna(live_server: Server, register: Register, accounts: Accounts) -> str:
    """A person whose address the provider knows."""
    from diwi_desktop.server import registers

    accounts("Bram")
    live_server.clock.moment = datetime.now(UTC)  # the time that the provider's tokens say
    return registers.add_person(
        live_server.app.state.database, register.id, name="Anna", email="anna@duinwijk.example", role="User",
        state="ACTIEF", now=live_server.clock.now(),
    )  # fmt: skip


@pytest.fixture
def window(open_window: OpenWindow, tmp_path: Path, clock: FixedClock) -> MainWindow:
    return open_window(new_store(tmp_path / "leeg.diwi", clock))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Callable[[OpenBrowser], None]:
    """opened(how): what happens when the program opens an address in the browser."""

    def use(how: OpenBrowser) -> None:
        monkeypatch.setattr(webbrowser, "open", how)
        # The default of an argument is bound when the function is made.
        monkeypatch.setitem(signin.sign_in.__kwdefaults__, "open_browser", how)

    return use


def at_the_account(qtbot: QtBot, window: MainWindow, server: Server) -> ConnectDialog:
    window.commands["connect"].trigger()
    dialog = dialog_of(qtbot, window)
    qtbot.keyClicks(dialog.url, server.url)
    qtbot.keyClick(dialog.url, Qt.Key.Key_Return)
    page(qtbot, dialog, 1)
    assert dialog.browser.isVisible()
    return dialog


def says(qtbot: QtBot, dialog: ConnectDialog, part: str) -> None:
    qtbot.waitUntil(lambda: part in dialog.problem.text() and dialog.next.text() != BUSY, timeout=30_000)
    assert dialog.problem.isVisible()
    assert dialog.pages.currentIndex() == 1


def test_the_browser_says_who_it_is_and_the_register_comes(
    qtbot: QtBot, window: MainWindow, live_server: Server, anna: str, opened: Callable[[OpenBrowser], None]
) -> None:
    browser = Browser("anna")
    opened(browser.open)
    dialog = at_the_account(qtbot, window, live_server)
    qtbot.mouseClick(dialog.browser, LEFT)
    assert dialog.problem.text() == "Meld u aan in de browser die is geopend en kom daarna hier terug."
    assert dialog.next.text() == BUSY
    page(qtbot, dialog, 2)
    browser.close()
    assert "U bent herkend" in browser.pages[0][1]
    assert dialog.register.currentText() == "Duinwijk (0999)"
    fetched: list[Path] = []
    window.register_asked.connect(fetched.append)
    qtbot.mouseClick(dialog.next, LEFT)
    qtbot.waitUntil(lambda: bool(fetched), timeout=30_000)


def test_who_presses_cancel_at_the_provider_can_try_again(
    qtbot: QtBot, window: MainWindow, live_server: Server, anna: str, opened: Callable[[OpenBrowser], None]
) -> None:
    refusing, willing = Browser("anna", refuse=True), Browser("anna")
    opened(refusing.open)
    dialog = at_the_account(qtbot, window, live_server)
    qtbot.mouseClick(dialog.browser, LEFT)
    says(qtbot, dialog, "Uw organisatie heeft de aanmelding niet bevestigd")
    refusing.close()
    opened(willing.open)
    qtbot.mouseClick(dialog.browser, LEFT)
    page(qtbot, dialog, 2)
    willing.close()


def test_whom_the_server_does_not_know_is_told_so(
    qtbot: QtBot, window: MainWindow, live_server: Server, anna: str, opened: Callable[[OpenBrowser], None]
) -> None:
    browser = Browser("niemand")
    opened(browser.open)
    dialog = at_the_account(qtbot, window, live_server)
    qtbot.mouseClick(dialog.browser, LEFT)
    qtbot.waitUntil(lambda: dialog.next.text() != BUSY, timeout=30_000)
    browser.close()
    assert dialog.pages.currentIndex() == 1
    assert dialog.problem.isVisible()
    assert dialog.problem.property("role") == "bad"


def test_a_browser_that_is_closed_takes_too_long(
    qtbot: QtBot, window: MainWindow, live_server: Server, anna: str, opened: Callable[[OpenBrowser], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setitem(signin.sign_in.__kwdefaults__, "patience", 0.2)
    opened(lambda _address: True)
    dialog = at_the_account(qtbot, window, live_server)
    qtbot.mouseClick(dialog.browser, LEFT)
    says(qtbot, dialog, "Het aanmelden duurde te lang; begin opnieuw.")


def test_a_computer_without_a_browser(
    qtbot: QtBot, window: MainWindow, live_server: Server, anna: str, opened: Callable[[OpenBrowser], None]
) -> None:
    opened(lambda _address: False)
    dialog = at_the_account(qtbot, window, live_server)
    qtbot.mouseClick(dialog.browser, LEFT)
    says(qtbot, dialog, "De browser kon niet worden geopend")


@pytest.mark.parametrize("how", ["escape", "back", "window"])
def test_who_leaves_while_the_browser_is_open_waits_for_nothing(
    qtbot: QtBot, window: MainWindow, live_server: Server, anna: str, opened: Callable[[OpenBrowser], None], how: str
) -> None:
    asked = threading.Event()
    opened(lambda _address: asked.set() or True)
    dialog = at_the_account(qtbot, window, live_server)
    qtbot.mouseClick(dialog.browser, LEFT)
    qtbot.waitUntil(asked.is_set, timeout=10_000)
    if how == "escape":
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: not window.findChildren(ConnectDialog))
    elif how == "back":
        qtbot.mouseClick(dialog.back, LEFT)
        assert dialog.pages.currentIndex() == 0
        assert dialog.next.isEnabled()
    else:
        window.close()
    # Nobody listens any more for an answer of that browser.
    qtbot.waitUntil(lambda: not any(one.name == "diwi-beside" for one in threading.enumerate()), timeout=20_000)
    assert jobs.stop_all()
