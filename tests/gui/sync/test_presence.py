"""Who else is at a project, and what changed since one looked, through the real server."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import jobs, settings
from diwi_desktop.gui.projectpage.page import Tab
from diwi_desktop.gui.sync.presence import presence_words
from diwi_desktop.store import plans
from diwi_desktop.sync.presence import Other, Presence
from tests.gui.conftest import OpenWindow
from tests.stores import add, de_hoek
from tests.sync.real import Desk

pytestmark = pytest.mark.qt_log_ignore("does not support raise", "grabbing the keyboard", "propagateSizeHints")

LEFT = Qt.MouseButton.LeftButton


def other(name: str, *, editing: bool = False) -> Other:
    return Other("p", name, name, "2026-11-21T12:05:00+00:00", editing)


def test_words_for_who_is_here() -> None:
    assert presence_words([]) == ("", "", False)
    words, tip, editing = presence_words([other("Bram")])
    assert (words, editing) == ("Bram kijkt mee", False)
    assert tip == "Bram bekijkt dit project, sinds 21-11-2026 13:05"
    words, tip, editing = presence_words([other("Bram"), other("Chris", editing=True)])
    assert (words, editing) == ("Chris en nog 1", True)
    assert tip.splitlines()[0] == "Chris wijzigt dit project, sinds 21-11-2026 13:05"


def test_two_laptops_see_each_other(qtbot: QtBot, two: tuple[Desk, Desk, str]) -> None:
    anna, bram, project = two
    heard: list[list[Other]] = []
    here, there = (
        Presence(anna.server, heard.append, every=0.05),
        Presence(bram.server, lambda _found: None, every=0.05),
    )
    try:
        there.at(project, editing=True)
        qtbot.waitUntil(lambda: any(heard[-1:]) and heard[-1][0].editing, timeout=10_000)
        [found] = heard[-1]
        assert (found.project, found.name, found.person) == (project, "Bram", bram.person)
        there.at("01999999-0000-7000-8000-000000000000")  # not on the server: nowhere then
        qtbot.waitUntil(lambda: heard[-1] == [], timeout=10_000)
    finally:
        here.close()
        there.close()


def test_the_header_shows_who_else_is_here(qtbot: QtBot, opened: Any, two: tuple[Desk, Desk, str]) -> None:
    _, bram, project = two
    window, _ = opened(bram)
    window.show_panel("page")
    window.state.select([project])
    qtbot.waitUntil(lambda: window.page.header.name.toolTip() == "De Hoek")
    chip = window.page.header.others
    window.link.others.emit([Other(project, "a", "Anna", "2026-11-21T12:05:00+00:00", True)])
    assert chip.isVisible()
    assert (chip.text, chip.accessibleName()) == ("Anna wijzigt", "Anna wijzigt dit project, sinds 21-11-2026 13:05")
    window.link.others.emit([Other("elsewhere", "a", "Anna", "2026-11-21T12:05:00+00:00", True)])
    assert not chip.isVisible()


def test_where_this_user_is_reaches_the_server(qtbot: QtBot, opened: Any, two: tuple[Desk, Desk, str]) -> None:
    anna, bram, project = two
    window, _ = opened(bram)
    window.state.select([project])
    qtbot.waitUntil(lambda: [one["name"] for one in anna.server.presences()] == ["Bram"], timeout=10_000)
    assert anna.server.presences()[0]["editing"] is False
    with bram.store.act("Wijzigen") as act:
        act.set("project", project, "name", "De Punt")
    qtbot.waitUntil(lambda: anna.server.presences()[0]["editing"] is True, timeout=10_000)


def test_changed_since_you_looked(
    qtbot: QtBot, opened: Any, open_window: OpenWindow, two: tuple[Desk, Desk, str]
) -> None:
    anna, bram, project = two
    elsewhere = add(anna.store, replace(de_hoek(), name="Elders"))
    anna.sync()
    bram.sync()
    window, _ = opened(bram)
    window.show_panel("page")
    window.state.select([project])
    banner = window.page.since
    qtbot.waitUntil(lambda: window.page.header.name.toolTip() == "De Hoek")
    assert not banner.isVisible()
    window.state.select([elsewhere])
    qtbot.waitUntil(lambda: window.page.header.name.toolTip() == "Elders")
    block = str(plans.plan(anna.store, project).blocks[0].id)
    with anna.store.act("Wijzigen") as act:
        act.set("project", project, "project_leader", "A. de Vries")
        act.set("houseblock", block, "number", 50)
    anna.sync()
    window.link.sync_now()
    qtbot.waitUntil(lambda: plans.plan(bram.store, project).blocks[0].number == 50, timeout=10_000)
    qtbot.waitUntil(lambda: jobs.busy() == 0)
    assert not banner.isVisible()
    window.state.select([project])
    qtbot.waitUntil(banner.isVisible)
    words = banner.words.toolTip()
    assert words.startswith("Gewijzigd sinds u keek, door Anna: ")
    assert "Projectleider" in words
    assert "Aantal" in words
    qtbot.mouseClick(banner.more, LEFT)
    assert window.page.tabs.currentIndex() == Tab.HISTORY
    qtbot.keyClick(banner.done, Qt.Key.Key_Space)
    assert not banner.isVisible()
    window.close()
    assert settings.seen_projects(bram.store.path)[project] == bram.store.seq
