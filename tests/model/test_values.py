"""What fits a field and what does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwi_desktop.model.catalogue import Field, FieldType, catalogue
from diwi_desktop.model.values import BadValue, to_log

A, B = "0198f0a0-0000-7000-8000-000000000001", "0198f0a0-0000-7000-8000-000000000002"


def field(kind: str, key: str) -> Field:
    return catalogue().field(kind, key)


GOOD: list[tuple[Field, Any, Any]] = [
    (field("project", "name"), "  De Hoek ", "De Hoek"),
    (field("project", "name"), "", None),
    (field("project", "start_date"), date(2024, 2, 29), "2024-02-29"),
    (field("project", "start_date"), "2024-02-29", "2024-02-29"),
    (field("project", "color"), "#00a9F3", "#00a9F3"),
    (
        field("project", "plan_types"),
        ["VERDICHTING", "PAND_TRANSFORMATIE", "VERDICHTING"],
        ["PAND_TRANSFORMATIE", "VERDICHTING"],
    ),
    (field("project", "plan_types"), [], None),
    (field("project", "priority"), (A, B), [A, B]),
    (field("project", "priority"), A, [A, A]),
    (field("project", "districts"), {B, A}, [A, B]),
    (field("houseblock", "number"), 48.0, 48),
    (field("houseblock", "programming"), False, False),
    (field("houseblock", "size"), (70, 95.5), [70, 95.5]),
    (field("ownership", "price"), 35_000_000, [35_000_000, 35_000_000]),
    (field("ownership", "price"), (1000, None), [1000, None]),
    (field("municipality", "code"), "0396", "0396"),
]
BAD: list[tuple[Field, Any, str]] = [
    (field("project", "name"), "a\nb", "one_line"),
    (field("project", "name"), "a\x00b", "control_character"),
    (field("project", "name"), 5, "not_text"),
    (field("project", "start_date"), "2023-02-29", "not_date"),
    (field("project", "start_date"), "1066-10-14", "date_range"),
    (field("project", "color"), "rood", "color"),
    (field("project", "confidentiality"), "GEHEIM", "unknown_code"),
    (field("project", "plan_types"), "VERDICHTING", "not_list"),
    (field("project", "districts"), ["Oost"], "unknown_option"),
    (field("project", "priority"), [A], "not_ordinal"),
    (field("houseblock", "number"), 4.5, "not_integer"),
    (field("houseblock", "number"), True, "not_integer"),
    (field("houseblock", "number"), -1, "below_minimum"),
    (field("houseblock", "programming"), 1, "not_boolean"),
    (field("houseblock", "size"), (95, 70), "range_order"),
    (field("ownership", "price"), (-5, 10), "negative_amount"),
    (field("ownership", "price"), 2**53, "too_large"),
    (field("ownership", "price"), (None, 10), "not_range"),
    (field("plan_area", "geometry"), "00", "not_geometry"),
    (field("municipality", "code"), "396", "pattern"),
    (field("person", "email"), "geen adres", "pattern"),
]


@pytest.mark.parametrize(
    ("described", "value", "wanted"), GOOD, ids=[f"{i} {f.key}" for i, (f, _, _) in enumerate(GOOD)]
)
def test_good_values(described: Field, value: Any, wanted: Any) -> None:
    assert to_log(described, value) == wanted
    assert to_log(described, to_log(described, value)) == wanted


@pytest.mark.parametrize(("described", "value", "code"), BAD, ids=[f"{i} {f.key}" for i, (f, _, _) in enumerate(BAD)])
def test_bad_values(described: Field, value: Any, code: str) -> None:
    with pytest.raises(BadValue) as error:
        to_log(described, value)
    assert error.value.code == code
    assert error.value.nl.endswith(".")
    assert error.value.en.endswith(".")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=5,
)
fields = st.sampled_from([f for k in catalogue().kinds for f in k.fields if f.type is not FieldType.JSON])


@given(fields, anything)
def test_any_value_is_taken_or_refused_with_a_reason(described: Field, value: Any) -> None:
    try:
        kept = to_log(described, value)
    except BadValue:
        return
    assert to_log(described, kept) == kept


def test_a_single_choice_of_an_own_field() -> None:
    own = replace(field("project", "districts"), key="own:x", single=True)
    assert to_log(own, [A]) == [A]
    with pytest.raises(BadValue) as error:
        to_log(own, [A, B])
    assert error.value.code == "single_choice"
