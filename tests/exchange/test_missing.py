"""What a file misses is made in any way that is offered, and the file then goes in; what is not offered would fail."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diwi_desktop.exchange.imports import ImportFailed, import_file
from diwi_desktop.exchange.lookup import missing_field, own_value
from diwi_desktop.exchange.messages import BadInput
from diwi_desktop.exchange.missing import create_missing, guess_of, types_of, wanted
from diwi_desktop.exchange.register import Register
from diwi_desktop.model.catalogue import OwnField
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.codes import OwnFieldType
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.store import Store, queries
from tests.exchange.excel.workbook import Homes, Template, project
from tests.exchange.geojson.features import feature, save
from tests.exchange.geojson.features import project as geo_project
from tests.stores import new_store

B, N, R, C, T = (OwnFieldType[name] for name in ("BOOLEAN", "NUMERIC", "ORDINAL", "CATEGORY", "TEXT"))


@pytest.fixture
def store(tmp_path: Path) -> Any:
    made = new_store(tmp_path / "s.diwi", FixedClock.on(date(2025, 6, 1)))
    yield made
    made.close()


def book(folder: Path, values: list[Any], header: str = "own") -> Path:
    """A template with one own field, one project for each of these values."""
    template = Template.scratch()
    for number, value in enumerate(values, start=1):
        template.add(project(number, **{header: {"Veld": value}}), (Homes(5), None))
    return template.save(folder / "plannen.xlsx")


def missed(store: Store, path: Path) -> list[Finding]:
    with pytest.raises(ImportFailed) as failed:
        import_file(store, path)
    return [f for f in failed.value.findings if f.fix]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([True, False], {B, R, C, T}),
        ([1, 0], {B, N, R, C, T}),
        ([3, 4.5], {N, R, C, T}),
        ([3, "10 - 20"], {N, R, C, T}),
        (["3", "4"], {R, C, T}),  # numbers stored as text
        (["1 Hoog", "2 Laag"], {R, C, T}),
        (["1 Hoog", "2 Hoog"], {C, T}),  # one name at two levels
        ([3, "veel"], {R, C, T}),
        (["ja", "nee"], {R, C, T}),
        ([date(2026, 1, 1)], {R, C, T}),
    ],
)
def test_only_what_the_values_allow_is_offered(
    store: Store, tmp_path: Path, values: list[Any], expected: set[OwnFieldType]
) -> None:
    path = book(tmp_path, values)
    (fix,) = wanted(missed(store, path)).values()
    assert set(types_of(fix)) == expected
    assert guess_of(fix) in expected


@pytest.mark.parametrize("chosen", [N, R, C, T])
def test_each_type_that_is_offered_goes_in_at_once(store: Store, tmp_path: Path, chosen: OwnFieldType) -> None:
    path = book(tmp_path, [3, 4.5, "10 - 20", 3])
    (found,) = missed(store, path)
    found.fix["type"] = chosen.value
    create_missing(store, [found])
    assert len(import_file(store, path).created) == 4
    (own,) = queries.own_fields(store)
    assert own.type is chosen


def test_a_place_for_categories_offers_no_other(store: Store, tmp_path: Path) -> None:
    (fix,) = wanted(missed(store, book(tmp_path, [3, 4], "roles"))).values()
    assert types_of(fix) == [C]


def test_what_the_values_refuse_is_named_with_an_example(store: Store, tmp_path: Path) -> None:
    (fix,) = wanted(missed(store, book(tmp_path, [3, "veel"]))).values()
    assert fix["unfit"] == {"BOOLEAN": "3", "NUMERIC": "veel"}


def test_one_field_of_many_features(store: Store, tmp_path: Path) -> None:
    """Each feature tells its own value; together they decide on the type and the choices."""
    features = [
        feature(geo_project(n, f"Plan {n}", projectgegevens__maatwerk_projecteigenschappen={"Veld": value}))
        for n, value in enumerate((3, "veel", ["A", "B"]), start=1)
    ]
    path = save(tmp_path, *features)
    found = missed(store, path)
    (fix,) = (fix for key, fix in wanted(found).items() if key[2] == "veld")
    assert set(types_of(fix)) == {C, T}
    assert guess_of(fix) is T
    fields = [f for f in found if f.fix["name"] == "Veld"]
    for finding in fields:
        finding.fix["type"] = C.value
    create_missing(store, found)
    assert len(import_file(store, path).created) == 3
    (own,) = (o for o in queries.own_fields(store) if o.name == "Veld")
    assert not own.single
    assert {o.name for o in queries.option_list(store, own.id)} == {"3", "veel", "A", "B"}


_CELLS = st.one_of(
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.floats(allow_nan=True, allow_infinity=True),
    st.dates(),
    st.sampled_from(["1 Hoog", "2 Hoog", "2 Laag", "ja", "WAAR", "0", "10 - 20", "1e5", "A, B", "a,  b", " ", "#N/A"]),
    st.text(max_size=12),
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(_CELLS, min_size=1, max_size=8))
def test_what_is_offered_reads_every_value(values: list[Any]) -> None:
    """The type of a field says of itself whether it takes a value; texts that no type takes count for none."""
    fix = missing_field("unknown_project_property", "project", "Veld", values).fix
    assert fix is not None
    offered = types_of(fix)
    assert T in offered
    assert guess_of(fix) in offered
    for kind in (B, N, T):
        own = OwnField("0190ae5e-1111-7000-8000-000000000001", "project", "Veld", kind)
        register = Register.of(date(2025, 6, 1), own_fields=[own])
        assert (kind in offered) == all(_takes(register, own, v) for v in values if _is_text(v))


def _is_text(value: Any) -> bool:
    own = OwnField("0190ae5e-1111-7000-8000-000000000001", "project", "Veld", T)
    return _takes(Register.of(date(2025, 6, 1), own_fields=[own]), own, value)


def _takes(register: Register, own: OwnField, value: Any) -> bool:
    try:
        own_value(register, own, value)
    except BadInput:
        return False
    return True


def test_a_finding_without_a_remedy_asks_for_nothing(store: Store) -> None:
    found = Finding("not_date", Severity.ERROR, "Fout.", "Wrong.")
    assert wanted([found]) == {}
    assert create_missing(store, [found]) == 0
