"""Values that nobody types but that files, pasting and programs bring along."""

from __future__ import annotations

from typing import Any

import pytest

from diwi_desktop.model.catalogue import catalogue
from diwi_desktop.model.values import LONGEST, BadValue, to_log

NAN, INF = float("nan"), float("inf")


def log(kind: str, field: str, value: Any) -> Any:
    return to_log(catalogue().field(kind, field), value)


def code(kind: str, field: str, value: Any) -> str:
    with pytest.raises(BadValue) as error:
        log(kind, field, value)
    return error.value.code


@pytest.mark.parametrize("value", [NAN, INF, -INF, 10**400, -(10**400), 1e308, 2**53])
def test_numbers_beyond_all_bounds(value: float) -> None:
    assert code("houseblock", "number", value) == "too_large"
    assert code("own_field", "minimum", value) == "too_large"
    assert code("houseblock", "size", [value, None]) == "too_large"


def test_a_floor_area_is_not_negative() -> None:
    assert code("houseblock", "size", -5) == "below_minimum"
    assert log("houseblock", "size", [0, 80.5]) == [0, 80.5]


@pytest.mark.parametrize("value", ["x\x1b[31m", "x\x9b31m", "x\x7f", "a\x00b", "\ud800", "a\udcffb"])
def test_signs_that_steer_or_are_no_text_are_refused(value: str) -> None:
    assert code("project", "name", value) == "control_character"
    assert code("project", "description", value) == "control_character"


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x85", "\u2028", "\u2029"])
def test_every_line_end_is_a_line_end(end: str) -> None:
    assert code("project", "name", f"a{end}b") == "one_line"
    assert log("project", "description", f"a{end}b") == "a\nb"


@pytest.mark.parametrize("sign", ["\xad", "\u200b", "\u200e", "\u202e", "\u2066", "\ufeff"])
def test_signs_without_width_are_left_out(sign: str) -> None:
    assert log("project", "name", f"De{sign} Hoek{sign}") == "De Hoek"
    assert log("project", "name", sign) is None


@pytest.mark.parametrize("text", ["=1+1", "'; DROP TABLE project;--", "=cmd|' /C calc'!A0", "👩\u200d👧 é ß 字", "%_!"])
def test_text_that_only_looks_dangerous_is_kept(text: str) -> None:
    assert log("project", "name", text) == text


def test_a_text_is_as_long_as_an_excel_cell_at_most() -> None:
    assert log("project", "name", "x" * LONGEST) == "x" * LONGEST
    assert code("project", "name", "x" * (LONGEST + 1)) == "too_long"


@pytest.mark.parametrize("value", [{"a": NAN}, {"a": {1, 2}}, {"a": "\ud800"}])
def test_what_is_no_json(value: Any) -> None:
    assert code("mapping", "options", value) == "not_json"


def test_json_without_end() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert code("mapping", "options", endless) == "not_json"
