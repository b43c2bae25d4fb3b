"""The rows of the project table: columns, filters, order, totals and the clipboard."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHeaderView
from pytestqt.qtbot import QtBot

from diwi_desktop.gui.projecttable.columns import Column, ColumnKind, all_columns
from diwi_desktop.gui.projecttable.copying import as_tsv
from diwi_desktop.gui.projecttable.filters import AnyOf, Between, Contains
from diwi_desktop.gui.projecttable.model import ProjectTableModel
from diwi_desktop.gui.projecttable.ordering import Order, natural
from diwi_desktop.gui.projecttable.totals import TotalsRow
from diwi_desktop.model.catalogue import OwnField, catalogue
from diwi_desktop.model.codes import OwnFieldType
from diwi_desktop.model.plan import Option
from diwi_desktop.store.queries import ProjectRow

LOW, HIGH = "018f0000-0000-7000-8000-000000000001", "018f0000-0000-7000-8000-000000000002"
OPTIONS = {
    LOW: Option(LOW, "priority", "Hoog", 1),
    HIGH: Option(HIGH, "priority", "Laag", 2),
}
OWN = (
    OwnField("bool", "project", "Gasvrij", OwnFieldType.BOOLEAN),
    OwnField("text", "project", "Contact", OwnFieldType.TEXT),
    OwnField("num", "project", "Hoogte", OwnFieldType.NUMERIC),
    OwnField("rank", "project", "Urgentie", OwnFieldType.ORDINAL),
    OwnField("old", "project", "Vervallen veld", OwnFieldType.TEXT, disabled=True),
)


def row(name: str, **values: Any) -> ProjectRow:
    """A row of which most is empty."""
    blank: dict[str, Any] = dict.fromkeys(ProjectRow._fields)
    blank.update(id=name, code="", name=name, confidentiality="PUBLIC", built=0, demolished=0, net=0,
                 plan_types=[], municipality_roles=[], districts=[], neighbourhoods=[], color="#FF5733",
                 status="ACTIVE", start_date="2026-01-01", end_date="2030-01-01", own={})  # fmt: skip
    blank.update(values)
    return ProjectRow(**blank)


ROWS = [
    row("Plan 10", phase="_1_CONCEPT", built=48, demolished=12, net=36, first_delivery="2028-06-30"),
    row("Plan 2", phase="_4_DESIGN", built=1200, net=1200, first_delivery="2027-01-01", priority=[LOW, HIGH]),
    row("Érica", phase=None, built=4, net=4, project_leader="Noor"),
    row("erfgoed", phase="_1_CONCEPT", demolished=7, net=-7, own={"bool": True, "num": [10, 20], "text": "=1+1"}),
]


@pytest.fixture
def columns() -> list[Column]:
    fields = catalogue().with_own_fields(OWN).kind("project").by_key
    return all_columns(fields, OPTIONS, {"m": "Moeder"})


@pytest.fixture
def model(qapp: QApplication, columns: list[Column]) -> ProjectTableModel:
    made = ProjectTableModel()
    made.set_columns(columns)
    made.set_rows(ROWS)
    return made


def names(model: ProjectTableModel) -> list[str]:
    return [r.name for r in model.shown]


def cell(model: ProjectTableModel, name: str, key: str) -> str:
    place = model.place_of(name)
    assert place is not None
    column = [c.key for c in model.columns].index(key)
    return str(model.data(model.index(place, column)))


def test_names_are_in_natural_order_whatever_the_capitals_and_accents(model: ProjectTableModel) -> None:
    assert names(model) == ["erfgoed", "Érica", "Plan 2", "Plan 10"]


def test_cells_are_written_in_dutch(model: ProjectTableModel) -> None:
    assert cell(model, "Plan 2", "built") == "1.200"
    assert cell(model, "erfgoed", "net") == "\N{MINUS SIGN}7"
    assert cell(model, "Plan 10", "homes") == "+48 / \N{MINUS SIGN}12"
    assert cell(model, "Plan 2", "homes") == "+1.200"
    assert cell(model, "erfgoed", "homes") == "\N{MINUS SIGN}7"
    assert cell(model, "Plan 10", "phase") == "1 Concept"
    assert cell(model, "Plan 10", "first_delivery") == "30-06-2028"
    assert cell(model, "Plan 2", "priority") == "1 Hoog; 2 Laag"
    assert cell(model, "erfgoed", "own:bool") == "ja"
    assert cell(model, "erfgoed", "own:num") == "10-20"


def test_own_fields_are_columns_unless_switched_off(columns: list[Column]) -> None:
    titles = {c.key: c.title for c in columns}
    assert titles["own:text"] == "Contact"
    assert "own:old" not in titles


def test_every_field_of_a_row_has_a_column(columns: list[Column]) -> None:
    keys = {c.key for c in columns}
    assert set(ProjectRow._fields) - keys == {"id", "color", "own"}


def test_numbers_stand_at_the_right_with_their_unit_in_the_header(model: ProjectTableModel) -> None:
    place = [c.key for c in model.columns].index("built")
    side = model.headerData(place, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
    assert side & Qt.AlignmentFlag.AlignRight
    assert "won." in model.headerData(place, Qt.Orientation.Horizontal)
    aligned = model.data(model.index(0, place), Qt.ItemDataRole.TextAlignmentRole)
    assert aligned & Qt.AlignmentFlag.AlignRight


def test_totals_are_those_of_the_rows_shown(model: ProjectTableModel) -> None:
    assert model.totals()["net"] == 36 + 1200 + 4 - 7
    model.set_filter("phase", AnyOf(frozenset({"_1_CONCEPT"})))
    assert (model.totals()["built"], model.totals()["demolished"], model.totals()["net"]) == (48, 19, 29)


def test_what_was_given_up_is_struck_through_and_in_no_total(model: ProjectTableModel, qtbot: QtBot) -> None:
    model.set_rows([*ROWS, row("Torentje", built=80, net=80, status="TERMINATED")])
    assert model.totals()["net"] == 36 + 1200 + 4 - 7
    place = model.place_of("Torentje")
    assert place is not None
    index = model.index(place, [c.key for c in model.columns].index("name"))
    assert model.data(index, Qt.ItemDataRole.FontRole).strikeOut()
    assert model.data(index, Qt.ItemDataRole.AccessibleTextRole) == "Torentje, afgebroken"
    assert "telt niet mee" in model.data(index, Qt.ItemDataRole.ToolTipRole)
    going = model.index(model.place_of("Plan 2") or 0, index.column())
    assert model.data(going, Qt.ItemDataRole.FontRole) is None
    header = QHeaderView(Qt.Orientation.Horizontal)
    qtbot.addWidget(header)
    totals = TotalsRow(model, header)
    qtbot.addWidget(totals)
    assert totals.text("homes") == "+1.252 / \N{MINUS SIGN}19"
    assert totals.accessibleName().startswith("Totaal: 5 projecten, 1 afgebroken, Niet meegeteld")
    assert totals.toolTip() == "Niet meegeteld, want afgebroken: +80 woningen"


def test_a_project_without_a_phase_says_so(model: ProjectTableModel) -> None:
    assert cell(model, "Érica", "phase") == "geen fase"
    index = model.index(model.place_of("Érica") or 0, [c.key for c in model.columns].index("phase"))
    assert model.data(index, Qt.ItemDataRole.DecorationRole) is None


def test_filters_on_several_columns_all_hold(model: ProjectTableModel) -> None:
    model.set_filter("name", Contains("PLAN"))
    assert names(model) == ["Plan 2", "Plan 10"]
    model.set_filter("built", Between(100, None))
    assert names(model) == ["Plan 2"]
    model.set_filter("name", None)
    model.set_filter("built", None)
    assert len(names(model)) == 4


def test_a_filter_on_empty_finds_what_is_not_filled_in(model: ProjectTableModel) -> None:
    model.set_filter("phase", AnyOf(frozenset({""})))
    assert names(model) == ["Érica"]


def test_accents_and_capitals_do_not_matter_when_filtering(model: ProjectTableModel) -> None:
    model.set_filter("name", Contains("ERICA"))
    assert names(model) == ["Érica"]


def test_dates_and_ranges_are_filtered_from_and_to(model: ProjectTableModel) -> None:
    model.set_filter("first_delivery", Between("2027-01-01", "2027-12-31"))
    assert names(model) == ["Plan 2"]
    model.clear_filters()
    model.set_filter("own:num", Between(20, 30))
    assert names(model) == ["erfgoed"], "ranges match when they overlap"
    model.set_filter("own:num", Between(21, None))
    assert names(model) == []


def test_a_filter_says_what_it_does(columns: list[Column]) -> None:
    by_key = {c.key: c for c in columns}
    assert AnyOf(frozenset({"_4_DESIGN", "_1_CONCEPT"})).describe(by_key["phase"]) == "Fase: 1 Concept of 4 Ontwerp"
    assert Between(1000, None).describe(by_key["built"]) == "Bouw (won.): vanaf 1.000"
    assert Between(None, "2027-12-31").describe(by_key["end_date"]) == "Einddatum: t/m 31-12-2027"
    assert Contains("hoek").describe(by_key["name"]) == "Naam: “hoek”"


def test_choices_are_counted_under_the_other_filters(model: ProjectTableModel) -> None:
    model.set_filter("name", Contains("plan"))
    model.set_filter("phase", AnyOf(frozenset({"_4_DESIGN"})))
    assert model.choice_counts("phase") == {"_1_CONCEPT": 1, "_4_DESIGN": 1}


def test_sorting_by_two_columns_keeps_empty_last(model: ProjectTableModel) -> None:
    model.sort_by("phase", add=False)
    model.sort_by("built", add=True)
    assert names(model) == ["erfgoed", "Plan 10", "Plan 2", "Érica"]
    model.sort_by("built", add=True)
    assert names(model) == ["Plan 10", "erfgoed", "Plan 2", "Érica"]
    model.sort_by("phase", add=False)
    assert model.sorting == [("phase", False)]
    model.sort_by("phase", add=False)
    assert model.sorting == [("phase", True)]
    assert names(model)[-1] == "Érica", "empty stays last, downwards too"


def test_only_changed_cells_are_repainted_when_the_order_stays(model: ProjectTableModel) -> None:
    resets: list[None] = []
    changed: list[tuple[int, int]] = []
    model.modelReset.connect(lambda: resets.append(None))
    model.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    model.set_rows([r._replace(project_leader="Sam") if r.name == "Plan 2" else r for r in ROWS])
    assert (resets, changed) == ([], [(2, 2)])
    model.set_rows(ROWS[:2])
    assert len(resets) == 1


def test_filters_of_columns_that_go_go_with_them(model: ProjectTableModel, columns: list[Column]) -> None:
    model.set_filter("own:text", Contains("x"))
    model.set_sorting([("own:text", False), ("name", False)])
    model.set_columns([c for c in columns if not c.key.startswith("own:")])
    assert model.filters == {}
    assert model.sorting == [("name", False)]
    assert len(names(model)) == 4


def test_an_unknown_column_cannot_be_filtered(model: ProjectTableModel) -> None:
    with pytest.raises(KeyError):
        model.set_filter("nonsense", Contains("x"))


def test_the_clipboard_holds_what_excel_reads(columns: list[Column]) -> None:
    by_key = {c.key: c for c in columns}
    wanted = [by_key[key] for key in ("name", "built", "net", "first_delivery", "own:text")]
    rows = [*ROWS, row('A "b"\tc', built=1)]
    lines = as_tsv(wanted, rows).split("\n")
    assert lines[0] == "Naam\tBouw (won.)\tNetto (won.)\tEerste oplevering\tContact"
    assert lines[2] == "Plan 2\t1200\t1200\t01-01-2027\t"
    assert lines[4] == "erfgoed\t0\t-7\t\t'=1+1", "a text that looks like a formula stays text"
    assert lines[5] == '"A ""b""\tc"\t1\t0\t\t'


@given(st.lists(st.text(max_size=8), max_size=30), st.lists(st.integers(0, 10_000), max_size=20))
def test_natural_order_holds_for_any_text(texts: list[str], numbers: list[int]) -> None:
    assert len(sorted(texts, key=natural)) == len(texts), "any two texts compare"
    plans = [f"Plan {n}" for n in numbers]
    assert sorted(plans, key=natural) == [f"Plan {n}" for n in sorted(numbers)]


def test_numbers_may_be_longer_than_python_reads() -> None:
    long = "Plan " + "9" * 5_000
    assert sorted([long + "9", long, "Plan 10", "Plan 007", "Plan ٣"], key=natural) == [
        "Plan ٣", "Plan 007", "Plan 10", long, long + "9",
    ]  # fmt: skip
    assert natural("Plan 007") == natural("plan 7")


@given(st.lists(st.tuples(st.one_of(st.none(), st.integers(-5, 5)), st.integers(-5, 5)), max_size=20), st.booleans())
def test_several_keys_agree_with_a_plain_sort(pairs: list[tuple[int | None, int]], descending: bool) -> None:
    keys: list[Any] = [(lambda p: p[0], descending), (lambda p: p[1], False)]
    order: Order[tuple[int | None, int]] = Order(keys, tie=lambda p: p[1])
    found = order.arranged(pairs)
    known = [p for p in pairs if p[0] is not None]
    sign = -1 if descending else 1
    expected = sorted(known, key=lambda p: (sign * p[0], p[1])) + sorted(
        (p for p in pairs if p[0] is None), key=lambda p: p[1]
    )  # type: ignore[operator]  # None is left out
    assert found == expected
    for pair in pairs:
        others = list(found)
        others.remove(pair)
        place = order.place(others, pair)
        assert [*others[:place], pair, *others[place:]] == found


def test_kinds_of_columns(columns: list[Column]) -> None:
    kinds = {c.key: c.kind for c in columns}
    assert kinds["name"] is ColumnKind.TEXT
    assert kinds["plan_types"] is ColumnKind.CHOICE
    assert kinds["area_m2"] is ColumnKind.NUMBER
    assert kinds["own:num"] is ColumnKind.RANGE
    assert kinds["own:rank"] is ColumnKind.CHOICE
