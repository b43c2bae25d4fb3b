"""The short cut gives what the converters give."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwi_desktop.model.catalogue import Field, FieldType, catalogue
from diwi_desktop.model.values import BadValue, converter
from diwi_desktop.server.push.intake import harmless
from diwi_desktop.server.push.quick import quick

FIELDS = [field for kind in catalogue().kinds for field in kind.fields if field.type is not FieldType.GEOMETRY]
VALUES = st.one_of(
    st.text(),
    st.text(st.sampled_from(" \t\n\r\u00a0\u200b\u2028\ufeffab\x00\x85\xad")),
    st.integers(),
    st.integers(-3, 60),
    st.floats(),
    st.booleans(),
    st.sampled_from(["CONSTRUCTION", "GEPLAND", "2026-11-21", "2026-13-01", "#FF5733", "PUBLIC", "0" * 32_768]),
    st.uuids().map(str),
    st.lists(st.text(max_size=3), max_size=3),
    st.none(),
)


def outcome(check: Any, value: Any) -> Any:
    try:
        result = check(value)
    except BadValue as error:
        return error.code, error.nl
    return type(result), result


@given(st.sampled_from(FIELDS), VALUES)
def test_the_same_for_every_field_and_value(field: Field, value: Any) -> None:
    expected = outcome(converter(field), value)
    check = quick(field)
    assert repr(outcome(check, value)) == repr(expected)
    assert repr(outcome(check, value)) == repr(expected), "the second time"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("[0-9]{4}", True),
        ("[a-z]+", True),
        (r"[^@\s]+@[a-z]{1,60}", True),
        ("(a+)+", False),
        ("(a|a)*b*", False),
        ("a*a*a*b", False),
        ("(a|a)*b", False),
        ("(?:(?:){60000}){60000}", False),
        ("(a{1,50}){1,50}b", False),
        ("(?>(a+)+b)", False),
        ("a?" * 30 + "a" * 30, False),
        (r"\d{4} ?[A-Z]{2}", True),
        (r"(NL|BE)-\d{2,6}(-[a-z]{1,3})?", True),
        (r"(?i:[a-z]{2,40}) \d{1,5}[a-z]?", True),
        (r"(a)\1", False),
        ("(?:x{1,1000}){1,1000}", False),
        ("(", False),
    ],
)
def test_patterns_that_may_take_for_ever(pattern: str, expected: bool) -> None:
    assert harmless(pattern) is expected
