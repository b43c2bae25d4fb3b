"""Typing in the form: stored when the field is left, kept with a sentence when it cannot be, put back by Esc."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from diwi_desktop.gui.fields.base import Input
from diwi_desktop.gui.fields.choice import ChoiceInput, ChoicePopup
from diwi_desktop.gui.fields.code import BooleanInput, CodeInput, OrdinalInput
from diwi_desktop.gui.fields.colour import ColorInput
from diwi_desktop.gui.fields.columns import _split
from diwi_desktop.gui.fields.editor import FieldEditor
from diwi_desktop.gui.fields.line import DateInput, LongTextInput, NumberInput, add_months, typed_date
from diwi_desktop.gui.fields.words import rule_words
from diwi_desktop.gui.projectpage import ProjectPage
from diwi_desktop.gui.projectpage.page import Tab
from diwi_desktop.gui.state import AppState
from diwi_desktop.model.catalogue import Field, FieldType
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.values import BadValue
from diwi_desktop.store import Store, queries
from tests.gui import desk

pytestmark = pytest.mark.qt_log_ignore("does not support raise", "grabbing the keyboard", "propagateSizeHints")


def editor(page: ProjectPage, key: str) -> FieldEditor:
    page.show_tab(Tab.DETAILS)
    return page.details.form.editors[key]


def line(found: FieldEditor | Input) -> QLineEdit:
    control = (found.input if isinstance(found, FieldEditor) else found).control()
    assert isinstance(control, QLineEdit)
    return control


def value(store: Store, project: str, key: str) -> object:
    row = queries.entity(store, "project", project)
    assert row is not None
    return row.get(key)


def popup() -> ChoicePopup:
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, ChoicePopup) and w.isVisible())


@pytest.mark.parametrize(
    ("severity", "kind", "words"),
    [
        (Severity.WARNING, "project", "Elk project heeft een eigen naam."),
        (Severity.REFUSAL, "option", "Een naam komt in een lijst"),
    ],
)
def test_a_code_of_two_rules_is_explained_by_its_own(severity: Severity, kind: str, words: str) -> None:
    found = Finding("duplicate_name", severity, "Dubbel.", "Twice.", kind=kind, field="name")
    assert rule_words(found).startswith(words)


def test_leaving_a_field_stores_it_as_one_act(qtbot, page: ProjectPage, store: Store, projects) -> None:
    edit = line(editor(page, "name"))
    before = store.seq
    qtbot.mouseClick(edit, Qt.MouseButton.LeftButton)
    edit.selectAll()
    qtbot.keyClicks(edit, "De Kade")
    assert value(store, projects[0], "name") == "De Hoek"
    qtbot.keyClick(edit, Qt.Key.Key_Tab)
    assert value(store, projects[0], "name") == "De Kade"
    assert store.seq == before + 1
    assert store.undo_name == "Projectnaam wijzigen"
    qtbot.waitUntil(lambda: page.header.name.toolTip() == "De Kade")
    store.undo()
    qtbot.waitUntil(lambda: edit.text() == "De Hoek")


def test_leaving_an_unchanged_field_stores_nothing(qtbot, page: ProjectPage, store: Store) -> None:
    edit = line(editor(page, "name"))
    before = store.seq
    edit.setFocus()
    qtbot.keyClicks(edit, "x")
    qtbot.keyClick(edit, Qt.Key.Key_Backspace)
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert store.seq == before


def test_a_wrong_date_keeps_the_text_and_says_why(qtbot, page: ProjectPage, store: Store, projects) -> None:
    found = editor(page, "end_date")
    edit = line(found)
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, "31-02-2030")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert edit.text() == "31-02-2030"
    assert "geen datum" in found.message.text.text()
    assert found.message.isVisible()
    assert value(store, projects[0], "end_date") == "2030-12-31"
    qtbot.keyClick(edit, Qt.Key.Key_Escape)
    assert edit.text() == "31-12-2030"
    assert not found.message.isVisible()


def test_a_rule_that_refuses_is_told_at_the_field(qtbot, page: ProjectPage, store: Store, projects) -> None:
    found = editor(page, "end_date")
    edit = line(found)
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, "01012020")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert "ligt niet na de startdatum" in found.message.text.text()
    assert value(store, projects[0], "end_date") == "2030-12-31"
    assert edit.property("wrong") is True


def test_mandatory_field_cannot_be_emptied(qtbot, page: ProjectPage, store: Store, projects) -> None:
    found = editor(page, "name")
    edit = line(found)
    edit.setFocus()
    edit.clear()
    qtbot.keyClick(edit, Qt.Key.Key_Space)
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert "ingevuld" in found.message.text.text()
    assert value(store, projects[0], "name") == "De Hoek"


def test_a_draft_survives_another_project(qtbot, page: ProjectPage, state: AppState, projects) -> None:
    found = editor(page, "start_date")
    edit = line(found)
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, "morgen")
    state.select([projects[1]])
    qtbot.waitUntil(lambda: edit.text() == "01-01-2026")
    assert not found.message.isVisible()
    state.select([projects[0]])
    qtbot.waitUntil(lambda: edit.text() == "morgen")
    assert "geen datum" in found.message.text.text()


def test_typing_goes_on_while_something_else_is_stored(qtbot, page: ProjectPage, store: Store, projects) -> None:
    edit = line(editor(page, "project_leader"))
    edit.setFocus()
    edit.setCursorPosition(2)
    qtbot.keyClicks(edit, "oor")
    place, text = edit.cursorPosition(), edit.text()
    with store.act("Van elders") as act:
        act.set("project", projects[0], "description", "Nieuw")
    qtbot.waitUntil(lambda: page.details.form.editors["description"].input.draft() == "Nieuw")
    assert (edit.text(), edit.cursorPosition(), edit.hasFocus()) == (text, place, True)


def test_combo_by_keyboard_is_stored_when_left(qtbot, page: ProjectPage, store: Store, projects) -> None:
    found = editor(page, "confidentiality")
    assert isinstance(found.input, CodeInput)
    combo, before = found.input.combo, store.seq
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Down)
    qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert store.seq == before
    qtbot.keyClick(combo, Qt.Key.Key_Return)
    assert value(store, projects[0], "confidentiality") == "EXTERNAL_GOVERNMENTAL"
    assert store.seq == before + 1


def test_combo_arrow_can_be_taken_back_with_escape(qtbot, page: ProjectPage, store: Store) -> None:
    found = editor(page, "confidentiality")
    assert isinstance(found.input, CodeInput)
    combo, before = found.input.combo, store.seq
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Down)
    qtbot.keyClick(combo, Qt.Key.Key_Escape)
    qtbot.keyClick(combo, Qt.Key.Key_Return)
    assert store.seq == before
    assert combo.currentData() == "INTERNAL_COUNCIL"


def test_choices_are_ticked_by_mouse_and_kept_on_closing(qtbot, page: ProjectPage, store: Store, projects) -> None:
    found = editor(page, "districts")
    assert isinstance(found.input, ChoiceInput)
    qtbot.mouseClick(found.input.face, Qt.MouseButton.LeftButton)
    shown = popup()
    qtbot.keyClicks(shown.filter, "cen")
    qtbot.keyClick(shown.filter, Qt.Key.Key_Return)
    names = {queries.options(store)[key].name for key in value(store, projects[0], "districts")}
    assert names == {"Broekpolder", "Centrum"}
    assert found.input.face.text == "Broekpolder, Centrum"
    assert store.undo_name == "Wijk wijzigen"


def test_escape_in_the_list_changes_nothing(qtbot, page: ProjectPage, store: Store) -> None:
    found = editor(page, "districts")
    assert isinstance(found.input, ChoiceInput)
    before = store.seq
    found.input.face.setFocus()
    qtbot.keyClick(found.input.face, Qt.Key.Key_Space)
    shown = popup()
    qtbot.keyClick(shown.list, Qt.Key.Key_Space)
    qtbot.keyClick(shown.filter, Qt.Key.Key_Escape)
    assert store.seq == before


def test_a_new_choice_is_made_and_chosen_in_one_act(qtbot, page: ProjectPage, store: Store, projects) -> None:
    found = editor(page, "neighbourhoods")
    assert isinstance(found.input, ChoiceInput)
    before = store.seq
    qtbot.mouseClick(found.input.face, Qt.MouseButton.LeftButton)
    shown = popup()
    qtbot.keyClicks(shown.filter, "Waterakkers")
    assert "Waterakkers" in shown.add.text()
    qtbot.mouseClick(shown.add, Qt.MouseButton.LeftButton)
    assert store.seq == before + 1
    assert store.undo_name == "Keuze 'Waterakkers' toevoegen"
    qtbot.waitUntil(lambda: "Waterakkers" in found.input.face.text)
    assert "De Vlotter" in found.input.face.text
    store.undo()
    assert "Waterakkers" not in [o.name for o in queries.option_list(store, "neighbourhood")]


def test_mother_plan_is_searched_by_name(qtbot, page: ProjectPage, store: Store, state: AppState, projects) -> None:
    found = editor(page, "parent")
    assert isinstance(found.input, ChoiceInput)
    state.select([projects[1]])
    qtbot.waitUntil(lambda: "De Hoek" in found.input.face.text)
    qtbot.keyClick(found.input.face, Qt.Key.Key_Delete)
    assert value(store, projects[1], "parent") is None


def test_what_falls_under_a_project_is_not_offered_as_its_mother(
    page: ProjectPage, store: Store, state: AppState, projects
) -> None:
    mother, sub = projects[0], projects[1]
    dates = {"start_date": date(2026, 1, 1), "end_date": date(2030, 1, 1)}
    with store.act("Deelplannen") as act:
        under = act.create("project", {"name": "Onder het deelplan", "parent": sub, **dates})
        free = act.create("project", {"name": "Los plan", **dates})
    field = store.catalogue.field("project", "parent")

    def offered(project: str) -> set[str]:
        state.select([project])
        return {key for key, _ in editor(page, "parent").editing.choices(field)}

    assert offered(mother).isdisjoint({mother, sub, under})
    assert free in offered(mother)
    assert {mother, free} <= offered(under)
    assert offered(sub) & {mother, sub, under} == {mother}


def test_rank_or_range(qtbot, page: ProjectPage, store: Store, projects) -> None:
    found = editor(page, "priority")
    assert isinstance(found.input, OrdinalInput)
    assert found.input.low.currentText() == "1 Hoog"
    assert found.input.high.currentText() == "2 Middel"
    found.input.high.setFocus()
    qtbot.keyClick(found.input.high, Qt.Key.Key_Home)
    low, high = value(store, projects[0], "priority")
    assert low == high


def test_yes_no_unknown(qtbot, page: ProjectPage, store: Store, projects) -> None:
    own = next(f for f in store.catalogue.kind("project").fields if f.nl == "Aardgasvrij")
    found = editor(page, own.key)
    assert isinstance(found.input, BooleanInput)
    assert "niet ingevuld" in found.message.text.text()
    qtbot.mouseClick(found.input.segments.buttons()[1], Qt.MouseButton.LeftButton)
    assert value(store, projects[0], own.key) is False
    qtbot.waitUntil(lambda: not found.message.isVisible())
    assert page.header.signals.text() == "Geen signalen"


def test_colour_is_typed_or_picked(qtbot, page: ProjectPage, store: Store, projects) -> None:
    found = editor(page, "color")
    assert isinstance(found.input, ColorInput)
    edit = found.input.edit
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, "rood")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert "#FF5733" in found.message.text.text()
    edit.selectAll()
    qtbot.keyClicks(edit, "#228BE6")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert value(store, projects[0], "color") == "#228BE6"


def test_long_text_takes_enter_and_is_left_by_tab(qtbot, page: ProjectPage, store: Store, projects) -> None:
    found = editor(page, "description")
    assert isinstance(found.input, LongTextInput)
    edit = found.input.edit
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, "een")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    qtbot.keyClicks(edit, "twee")
    qtbot.keyClick(edit, Qt.Key.Key_Tab)
    assert value(store, projects[0], "description") == "een\ntwee"


def test_people_who_may_write_are_one_act(qtbot, page: ProjectPage, store: Store, projects) -> None:
    page.show_tab(Tab.DETAILS)
    writers = page.details.writers.input
    assert isinstance(writers, ChoiceInput)
    before = store.seq
    qtbot.mouseClick(writers.face, Qt.MouseButton.LeftButton)
    shown = popup()
    for _ in range(2):
        qtbot.keyClick(shown.list, Qt.Key.Key_Space)
        qtbot.keyClick(shown.list, Qt.Key.Key_Down)
    qtbot.keyClick(shown.list, Qt.Key.Key_Return)
    names = {p.id: p.name for p in queries.people(store)}
    found = [names[w["person"]] for w in queries.entities(store, "writer", projects[0])]
    assert found == ["Noor de Wit"]
    assert store.seq == before + 1


def test_help_by_key_and_for_the_screen_reader(qtbot, page: ProjectPage) -> None:
    found = editor(page, "start_date")
    edit = line(found)
    assert "initiatief" in edit.accessibleDescription()
    assert "initiatief" in found.help.toolTip()
    edit.setFocus()
    qtbot.keyClick(edit, Qt.Key.Key_F1)
    assert found.message.why.isVisible()
    assert "initiatief" in found.message.why.text()
    qtbot.keyClick(edit, Qt.Key.Key_F1)
    assert not found.message.isVisible()


def test_a_past_day_is_read_only(qtbot, page: ProjectPage, state: AppState, store: Store) -> None:
    found = editor(page, "name")
    store.clock.moment = store.clock.moment.replace(month=7)
    state.set_moment(desk.TODAY)
    qtbot.waitUntil(lambda: line(found).isReadOnly())
    before = store.seq
    line(found).setFocus()
    qtbot.keyClicks(line(found), "x")
    qtbot.keyClick(line(found), Qt.Key.Key_Return)
    assert store.seq == before
    assert line(found).text() == "De Hoek"


# --- notation of numbers (functional reference 2.5) and dates -----------------------------------

MONEY = Field("ownership", "price", FieldType.RANGE_MONEY, "Koopprijs", "Price")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("1", [100, 100]),
        ("1,1", [110, 110]),
        ("1,", [100, 100]),
        ("0,10", [10, 10]),
        ("100,00", [10_000, 10_000]),
        ("1,234", [123, 123]),
        ("10-20", [1_000, 2_000]),
        ("10-", [1_000, None]),
        ("-10", [1_000, 1_000]),
        ("", None),
        ("300.000,50", [30_000_050, 30_000_050]),
    ],
)
def test_money_is_read_as_in_the_original(qtbot, typed: str, stored: object) -> None:
    made = NumberInput(MONEY)
    qtbot.addWidget(made)
    made.show()
    qtbot.keyClicks(made.edit, typed)
    assert made.value() == stored


def test_money_takes_digits_commas_and_one_hyphen_only(qtbot) -> None:
    made = NumberInput(MONEY)
    qtbot.addWidget(made)
    qtbot.keyClicks(made.edit, "1a2,3,4-5-6x")
    assert made.edit.text() == "12,34-56"


def test_money_beyond_the_limit_is_refused(qtbot) -> None:
    made = NumberInput(MONEY)
    qtbot.addWidget(made)
    qtbot.keyClicks(made.edit, "45035996273704,96")
    assert made.value() == [4503599627370496, 4503599627370496]
    made.edit.clear()
    qtbot.keyClicks(made.edit, "45035996273704,97")
    with pytest.raises(BadValue):
        made.value()


def test_thousand_points_go_while_typing(qtbot) -> None:
    made = NumberInput(MONEY)
    qtbot.addWidget(made)
    made.show()
    made.show_value([10_000_000, 20_000_000])
    assert made.edit.text() == "100.000,00-200.000,00"
    made.edit.setFocus()
    qtbot.waitUntil(lambda: made.edit.text() == "100000,00-200000,00")
    made.edit.clearFocus()
    assert made.edit.text() == "100.000,00-200.000,00"


def test_zero_is_cleared_on_entering(qtbot) -> None:
    made = NumberInput(MONEY)
    qtbot.addWidget(made)
    made.show()
    made.show_value([0, 0])
    assert made.edit.text() == "0,00"
    made.edit.setFocus()
    qtbot.waitUntil(lambda: made.edit.text() == "")
    made.edit.clearFocus()
    assert made.edit.text() in ("", "0,00")


@pytest.mark.parametrize(
    ("typed", "read"),
    [("010226", "01-02-26"), ("01022026", "01-02-2026"), ("1-2-2026", "1-2-2026"), ("vandaag", "vandaag")],
)
def test_dates_typed_in_haste(typed: str, read: str) -> None:
    assert typed_date(typed) == read


def test_arrows_step_days_and_months(qtbot) -> None:
    made = DateInput(Field("project", "start_date", FieldType.DATE, "Startdatum", "Start"))
    qtbot.addWidget(made)
    made.show_value("2026-01-31")
    qtbot.keyClick(made.edit, Qt.Key.Key_Up)
    assert made.edit.text() == "01-02-2026"
    qtbot.keyClick(made.edit, Qt.Key.Key_Down)
    qtbot.keyClick(made.edit, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert made.edit.text() == "28-02-2026"
    assert made.value() == "2026-02-28"


def test_months_keep_within_the_month() -> None:
    assert add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert add_months(date(2026, 12, 31), 2) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("heights", "columns", "places"),
    [([10, 10, 10], 3, [0, 1, 2]), ([30, 10, 10, 10], 2, [0, 1, 1, 1]), ([5], 4, [0]), ([], 2, [])],
)
def test_cards_fill_columns_evenly_in_order(heights: list[int], columns: int, places: list[int]) -> None:
    assert _split(heights, columns, 0) == places
