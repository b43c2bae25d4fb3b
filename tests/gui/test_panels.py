"""Findings, history and submissions: what they show and where they lead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidgetItem
from pytestqt.qtbot import QtBot

from diwi_desktop.gui.findings import FindingsPanel
from diwi_desktop.gui.history import HistoryPanel
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.submissions import SubmissionsPanel
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.finding import Finding
from diwi_desktop.quality.check import check
from diwi_desktop.store import Store, queries
from tests.gui.registers import make_register

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = make_register(tmp_path / "register.diwi", 8)
    yield made
    made.close()


@pytest.fixture
def asked(state: AppState) -> list[tuple[str, tuple[object, ...]]]:
    seen: list[tuple[str, tuple[object, ...]]] = []
    state.requested.connect(lambda command, args: seen.append((command, args)))
    return seen


def tops(tree: object) -> list[QTreeWidgetItem]:
    return [tree.topLevelItem(n) for n in range(tree.topLevelItemCount())]  # type: ignore[attr-defined]  # a QTreeWidget


@pytest.fixture
def findings(qtbot: QtBot, state: AppState) -> FindingsPanel:
    panel = FindingsPanel(state)
    panel.resize(900, 400)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: bool(panel.findings), timeout=10_000)
    return panel


def test_many_findings_come_in_parts_with_the_keyboard(
    qtbot: QtBot, findings: FindingsPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("diwi_desktop.gui.findings._AT_ONCE", 2)
    findings.grouping.setCurrentIndex(1)
    projects = len({f.project or f.project_name for f in findings.findings})
    assert projects > 2
    for _ in range(projects):
        last = tops(findings.tree)[-1]
        if not last.text(0).startswith("…"):
            break
        findings.tree.setCurrentItem(last)
        qtbot.keyClick(findings.tree, Qt.Key.Key_Return)
    assert len(tops(findings.tree)) == projects


def test_all_findings_are_counted_and_grouped(findings: FindingsPanel, store: Store) -> None:
    expected = check(store)
    assert list(findings.findings) == expected
    groups = tops(findings.tree)
    assert len(groups) == len({f.code for f in expected})
    assert sum(group.childCount() for group in groups) == len(expected)
    assert all(group.text(0).endswith(f"({group.childCount()})") for group in groups)


def test_enter_on_a_finding_jumps(
    qtbot: QtBot, findings: FindingsPanel, state: AppState, asked: list[tuple[str, tuple[object, ...]]]
) -> None:
    findings.focus_first()
    current = findings.tree.currentItem()
    assert current is not None
    qtbot.keyClick(findings.tree, Qt.Key.Key_Return)
    command, args = asked[-1]
    assert command == "jump"
    assert isinstance(args[0], Finding)
    assert state.selection == [args[0].project], "its project is selected everywhere"


def test_many_findings_are_searched_beside_the_window(
    qtbot: QtBot, findings: FindingsPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("diwi_desktop.gui.findings._AT_HAND", 0)
    every = len(tops(findings.tree))

    def projects() -> set[str]:
        return {g.child(n).text(1) for g in tops(findings.tree) for n in range(g.childCount())}

    assert len(projects()) > 1
    qtbot.keyClicks(findings.filter, "waterakkers")
    qtbot.waitUntil(lambda: projects() == {"Waterakkers"}, timeout=10_000)
    findings.filter.clear()
    assert len(tops(findings.tree)) == every
    assert len(projects()) > 1


def test_findings_that_nobody_looks_at_are_shown_when_they_come_in_sight(
    qtbot: QtBot, findings: FindingsPanel, store: Store
) -> None:
    findings.hide()
    before = len(findings.findings)
    with store.act("Weg") as act:
        act.delete("project", findings.findings[0].project)
    qtbot.waitUntil(lambda: len(findings.findings) < before, timeout=10_000)
    findings.show()
    shown = sum(group.childCount() for group in tops(findings.tree))
    assert shown == len(findings.findings)


def test_findings_are_narrowed_by_words_weight_and_selection(
    qtbot: QtBot, findings: FindingsPanel, state: AppState
) -> None:
    everything = sum(g.childCount() for g in tops(findings.tree))
    qtbot.keyClicks(findings.filter, "waterakkers")
    some = [g.child(n).text(1) for g in tops(findings.tree) for n in range(g.childCount())]
    assert set(some) == {"Waterakkers"}
    findings.filter.clear()
    assert sum(g.childCount() for g in tops(findings.tree)) == everything
    project = findings.findings[0].project
    state.select([project])
    qtbot.mouseClick(findings.only_selected, LEFT)
    assert sum(g.childCount() for g in tops(findings.tree)) == sum(f.project == project for f in findings.findings)
    state.select([])
    assert findings.none.isVisible()


def test_findings_by_project(findings: FindingsPanel) -> None:
    findings.grouping.setCurrentIndex(1)
    titles = [g.text(0).rpartition("  (")[0] for g in tops(findings.tree)]
    assert set(titles) == {f.project_name for f in findings.findings}


def test_a_mended_finding_goes(qtbot: QtBot, findings: FindingsPanel, state: AppState) -> None:
    counts: list[int] = []
    findings.counted.connect(counts.append)
    gone = findings.findings[0].project
    with state.store.act("Project verwijderen") as act:
        act.delete("project", gone)
    qtbot.waitUntil(lambda: bool(counts), timeout=10_000)
    assert counts[-1] == len(check(state.store))
    assert all(f.project != gone for f in findings.findings)


@pytest.fixture
def history(qtbot: QtBot, state: AppState) -> HistoryPanel:
    clock = state.store.clock
    assert isinstance(clock, FixedClock)
    clock.moment += timedelta(days=3)
    project = queries.project_rows(state.store)[0].id
    with state.store.act("Naam wijzigen") as act:
        act.set("project", project, "name", "Nieuwe naam")
    panel = HistoryPanel(state)
    panel.resize(900, 400)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: panel.tree.topLevelItemCount() > 0, timeout=10_000)
    return panel


def test_history_reads_as_sentences_latest_first(history: HistoryPanel) -> None:
    first = tops(history.tree)[0]
    assert "Naam wijzigen" in first.text(0)
    assert "Bloemenveld \N{RIGHTWARDS ARROW} Nieuwe naam" in first.text(0)
    assert first.text(1) == "Nieuwe naam"
    assert first.text(2) == "j.jansen"
    assert first.text(3).startswith("24-11-2026")
    second = tops(history.tree)[1]
    assert second.text(0).startswith("Proef vullen")
    assert second.text(1) == "8 projecten"
    assert second.childCount() == 41, "a large act shows its first changes and how many more there are"
    assert "nog" in second.child(40).text(0)


def test_history_of_the_selected_project_only(qtbot: QtBot, history: HistoryPanel, state: AppState) -> None:
    other = queries.project_rows(state.store)[0].id
    state.select([other])
    qtbot.mouseClick(history.only_selected, LEFT)
    qtbot.waitUntil(lambda: history.tree.topLevelItemCount() == 1)
    assert tops(history.tree)[0].text(1) not in ("", "8 projecten")


def test_history_is_searched(qtbot: QtBot, history: HistoryPanel) -> None:
    qtbot.keyClicks(history.filter, "projectnaam: bloemen")
    assert history.tree.topLevelItemCount() == 1
    qtbot.keyClicks(history.filter, " xyzzy")
    assert history.none.isVisible()


def test_a_day_of_the_history_can_be_seen(qtbot: QtBot, history: HistoryPanel, state: AppState) -> None:
    assert not history.view_day.isEnabled()
    second = tops(history.tree)[1]
    place = history.tree.visualItemRect(second).center()
    qtbot.mouseClick(history.tree.viewport(), LEFT, pos=place)
    assert history.view_day.text() == "Bekijk 21 november 2026"
    qtbot.mouseClick(history.view_day, LEFT)
    assert state.moment.on == date(2026, 11, 21)
    # What came later was not known then.
    qtbot.waitUntil(lambda: "Naam wijzigen" not in tops(history.tree)[0].text(0))


def test_submissions_are_kept_and_their_projects_selected(
    qtbot: QtBot, state: AppState, asked: list[tuple[str, tuple[object, ...]]]
) -> None:
    panel = SubmissionsPanel(state)
    panel.resize(1200, 300)
    qtbot.addWidget(panel)
    panel.show()
    buttons = panel.findChildren(type(panel.new))
    qtbot.mouseClick(next(b for b in buttons if b.isVisible()), LEFT)
    assert asked == [("submit", ())]
    rows = queries.project_rows(state.store)
    with state.store.act("Aanlevering vastleggen") as act:
        act.create("submission", {
            "profile": "zuid_holland", "reference_date": "2026-11-20", "min_confidentiality": "EXTERNAL_GOVERNMENTAL",
            "file_name": "pzh.geojson", "sha256": "0" * 64, "log_seq": 3,
            "projects": [rows[1].id, rows[4].id], "left_out": [],
        })  # fmt: skip
    qtbot.waitUntil(lambda: panel.tree.topLevelItemCount() == 1)
    item = panel.tree.topLevelItem(0)
    assert item is not None
    texts = [item.text(n) for n in range(9)]
    assert texts[1] == "j.jansen"
    assert "Zuid-Holland" in texts[2]
    assert texts[3:6] == ["20-11-2026", "2", "0"]
    assert texts[8] == "pzh.geojson"
    point = panel.tree.visualItemRect(item).center()
    qtbot.mouseClick(panel.tree.viewport(), LEFT, pos=point)
    qtbot.mouseDClick(panel.tree.viewport(), LEFT, pos=point)
    qtbot.waitUntil(lambda: set(state.selection) == {rows[1].id, rows[4].id})
