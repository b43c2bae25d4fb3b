"""The audit log in the window: for the administrator, in words, a page at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from diwi_desktop.gui.sync.auditlog import AuditDialog
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.sync import session as sessions
from diwi_desktop.sync.connect import sign_in
from diwi_desktop.sync.problem import Obstacle, Problem
from tests.gui.sync.conftest import Accounts
from tests.server.harness import Register, Server
from tests.stores import new_store

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def signed_in(live_server: Server, accounts: Accounts, clock: FixedClock, tmp_path: Path) -> Any:
    """signed_in(name, role): the account of a person who signed in on a laptop of his own."""
    made = []

    def make(name: str, role: str) -> Any:
        someone = accounts(name, role)
        store = new_store(tmp_path / f"{name}.diwi", clock)
        made.append(sessions.account_at(live_server.url, someone.email, store.device))
        store.close()
        sign_in(made[-1], someone.password, someone.code())
        return made[-1]

    yield make
    for account in made:
        account.wire.close()


def lines(dialog: AuditDialog) -> list[list[str]]:
    found = [dialog.list.topLevelItem(row) for row in range(dialog.list.topLevelItemCount())]
    return [[item.text(column) for column in range(6)] for item in found]


def test_an_administrator_reads_who_did_what(qtbot: QtBot, signed_in: Any, register: Register) -> None:
    dialog = AuditDialog(signed_in("Bea", "Admin"), register.id)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.list.topLevelItemCount() > 0)
    found = lines(dialog)
    assert found[-1][1].startswith("bea@")
    assert found[-1][2] == "uitnodiging gebruiken"
    assert found[-1][4:] == ["gedaan", "127.0.0.1"]
    assert not dialog.older.isEnabled()


def test_older_lines_come_a_page_at_a_time(qtbot: QtBot, signed_in: Any, register: Register) -> None:
    account = signed_in("Bea", "Admin")
    for _ in range(120):  # each reading is a line
        account.audit_entries(register.id)
    dialog = AuditDialog(account, register.id)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.list.topLevelItemCount() == 100)
    qtbot.mouseClick(dialog.older, LEFT)
    qtbot.waitUntil(lambda: dialog.list.topLevelItemCount() > 120)
    found = lines(dialog)
    assert found[0][2] == "auditlog lezen"
    assert found[-1][2] == "uitnodiging gebruiken"


def test_a_line_that_was_down_for_a_while_is_not_told_any_more(
    qtbot: QtBot, signed_in: Any, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = signed_in("Bea", "Admin")
    for _ in range(120):
        account.audit_entries(register.id)
    dialog = AuditDialog(account, register.id)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.list.topLevelItemCount() == 100)

    def down(*_: object) -> Any:
        raise Problem(Obstacle.OFFLINE)

    with monkeypatch.context() as line:
        line.setattr(account, "audit_entries", down)
        qtbot.mouseClick(dialog.older, LEFT)
        qtbot.waitUntil(dialog.problem.isVisible)
    qtbot.mouseClick(dialog.older, LEFT)
    qtbot.waitUntil(lambda: dialog.list.topLevelItemCount() > 120)
    assert not dialog.problem.isVisible()


def test_who_may_not_read_it_is_told_so(qtbot: QtBot, signed_in: Any, register: Register) -> None:
    dialog = AuditDialog(signed_in("Jan", "UserPlus"), register.id)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(dialog.problem.isVisible)
    assert dialog.problem.text().startswith("U heeft geen toegang")
    assert lines(dialog) == []
