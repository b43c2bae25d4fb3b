"""Where one is signed in, signing out elsewhere, and closing a window while a server keeps silent."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import jobs
from diwi_desktop.gui.sync.devices import DevicesDialog
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.finding import Cancelled
from diwi_desktop.store import syncstate
from diwi_desktop.sync import connect
from diwi_desktop.sync import session as sessions
from diwi_desktop.sync.account import Account
from diwi_desktop.sync.connect import sign_in
from diwi_desktop.sync.signin import Identity
from tests.gui.conftest import OpenWindow
from tests.gui.sync.conftest import Accounts
from tests.gui.sync.silent import SilentServer
from tests.server.accounts.signing import Someone
from tests.server.harness import Register, Server
from tests.stores import new_store
from tests.waiting import until

pytestmark = pytest.mark.qt_log_ignore("does not support raise", "grabbing the keyboard", "propagateSizeHints")

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def anna(accounts: Accounts) -> Someone:
    """Signed in on another laptop already."""
    return accounts("Anna").sign_in(
        device={"id": "0b1c6d9e-1111-4222-8333-944445555666", "tag": "XWZ", "name": "Oude laptop"}
    )


@pytest.fixture
def account(live_server: Server, anna: Someone, clock: FixedClock, tmp_path: Path) -> Any:
    """Anna, signed in on this laptop too."""
    store = new_store(tmp_path / "a.diwi", clock)
    made = sessions.account_at(live_server.url, anna.email, store.device)
    store.close()
    sign_in(made, anna.password, anna.code())
    yield made
    made.wire.close()


def test_a_lost_laptop_is_signed_out(
    qtbot: QtBot, account: Account, anna: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = DevicesDialog(account)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.list.topLevelItemCount() == 2)
    lines = {dialog.list.topLevelItem(n).text(0): dialog.list.topLevelItem(n) for n in range(2)}
    [mine] = [item for item in lines.values() if item.text(2) == "deze computer"]
    lost = lines["Oude laptop (XWZ)"]
    assert mine is not lost
    assert not dialog.end.isEnabled()
    assert not dialog.proof.isVisible()
    qtbot.mouseClick(dialog.list.viewport(), LEFT, pos=dialog.list.visualItemRect(mine).center())
    assert dialog.end.isEnabled()  # this one needs no proof
    assert not dialog.proof.isVisible()
    qtbot.mouseClick(dialog.list.viewport(), LEFT, pos=dialog.list.visualItemRect(lost).center())
    assert dialog.proof.isVisible()
    assert not dialog.end.isEnabled()
    qtbot.keyClicks(dialog.password, "verkeerd")
    qtbot.keyClick(dialog.end, Qt.Key.Key_Space)
    qtbot.waitUntil(dialog.problem.isVisible)
    assert "wachtwoord klopt niet" in dialog.problem.text()
    assert anna.ask("GET", "/v1/me").status_code == 200
    dialog.password.clear()
    qtbot.keyClicks(dialog.password, anna.password)
    ended: list[str] = []
    end = account.end_device
    monkeypatch.setattr(account, "end_device", lambda id, **proof: (ended.append(id), end(id, **proof)))
    qtbot.keyClick(dialog.password, Qt.Key.Key_Return)
    qtbot.keyClick(dialog.password, Qt.Key.Key_Return)  # once too often: the server would know no such computer
    qtbot.waitUntil(lambda: dialog.list.topLevelItemCount() == 1)
    qtbot.waitUntil(lambda: jobs.busy() == 0)
    assert len(ended) == 1
    assert not dialog.problem.isVisible()
    assert dialog.password.text() == ""
    assert dialog.list.topLevelItem(0).text(2) == "deze computer"
    assert anna.ask("GET", "/v1/me").status_code == 401
    assert account.registers()


def test_with_single_sign_on_one_signs_in_anew_in_the_browser(
    qtbot: QtBot, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, Any]] = []
    listed = account.devices()
    monkeypatch.setattr(
        account, "devices", lambda: [one | {"method": "oidc"} for one in listed if not asked or one["current"]]
    )
    monkeypatch.setattr(account, "end_device", lambda id, **proof: asked.append((id, proof["identity"])))
    proved = threading.Event()

    def prove(_account: Account, cancelled: Any) -> Identity:
        while not proved.wait(0.01):
            if cancelled():
                raise Cancelled
        return Identity("token", "nonce")

    monkeypatch.setattr(connect, "prove_in_browser", prove)
    dialog = DevicesDialog(account)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.list.topLevelItemCount() == 2)
    [lost] = [one for n in range(2) if (one := dialog.list.topLevelItem(n)).text(2) == "aangemeld"]
    dialog.list.setCurrentItem(lost)
    assert not dialog.proof.isVisible()
    qtbot.mouseClick(dialog.end, LEFT)
    assert "in de browser" in dialog.problem.text()
    assert asked == []
    proved.set()
    qtbot.waitUntil(lambda: dialog.list.topLevelItemCount() == 1)
    assert asked == [(next(one["id"] for one in listed if not one["current"]), Identity("token", "nonce"))]
    assert not dialog.problem.isVisible()


def test_who_closes_the_window_waits_for_the_browser_no_longer(
    qtbot: QtBot, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed, stopped = account.devices(), threading.Event()
    monkeypatch.setattr(account, "devices", lambda: [one | {"method": "oidc"} for one in listed])

    def prove(_account: Account, cancelled: Any) -> Identity:
        until(cancelled)
        stopped.set()
        raise Cancelled

    monkeypatch.setattr(connect, "prove_in_browser", prove)
    dialog = DevicesDialog(account)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.list.topLevelItemCount() == 2)
    dialog.list.setCurrentItem(
        next(one for n in range(2) if (one := dialog.list.topLevelItem(n)).text(2) == "aangemeld")
    )
    qtbot.mouseClick(dialog.end, LEFT)
    dialog.reject()
    qtbot.waitUntil(stopped.is_set)
    assert len(account.devices()) == 2


def test_no_network_is_one_sentence(qtbot: QtBot, account: Account) -> None:
    account.wire.close()
    dialog = DevicesDialog(account)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(dialog.problem.isVisible)
    assert dialog.problem.text().startswith("De server is niet te bereiken")


def test_the_window_closes_while_the_server_keeps_silent(
    qtbot: QtBot, open_window: OpenWindow, register: Register, silent: SilentServer, clock: FixedClock, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    store = new_store(tmp_path / "a.diwi", clock)
    with store.transaction() as connection:
        syncstate.put(connection, {"register": register.id, "url": silent.url})
    monkeypatch.setattr(Account, "access", lambda self, **_more: "token")
    window = open_window(store)
    qtbot.waitUntil(lambda: silent.asked > 0, timeout=10_000)
    assert window.link.status.state.value == "busy"
    began = time.monotonic()
    window.close()
    assert time.monotonic() - began < 2.5
    assert not window.link.running
