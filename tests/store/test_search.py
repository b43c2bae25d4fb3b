"""Finding by a few words: parcels as people write them, and plans by what stands in their fields."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import shapely

from diwi_desktop.basedata.layers import write_parcels
from diwi_desktop.basedata.records import ParcelTable, SourceFacts
from diwi_desktop.store import Store
from diwi_desktop.store.search import search
from tests.stores import add, de_hoek, new_store

DESIGNATIONS = [
    "OTL02-B-2298", "OTL02-B-2299", "OTL02-B-231", "OTL02-B-2318", "OTL02-C-2318", "EDE01-B-2318", "OTL02-AB-9",
]  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = new_store(tmp_path / "a.diwi")
    parts = [name.split("-") for name in DESIGNATIONS]
    shape = shapely.MultiPolygon([shapely.box(180_000, 457_000, 180_030, 457_040)])
    table = ParcelTable(
        DESIGNATIONS, [p[0] for p in parts], [p[1] for p in parts], [int(p[2]) for p in parts],
        [str(n) for n in range(len(parts))], [6345.0] * len(parts), np.array([shape] * len(parts), dtype=object),
        SourceFacts("Kadastrale kaart"),
    )  # fmt: skip
    write_parcels(made, table)
    yield made
    made.close()


def parcels(store: Store, text: str) -> list[str]:
    return [hit.id for hit in search(store, text) if hit.kind == "parcel"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("OTL02-B-2318", ["OTL02-B-2318"]),
        ("otl02 b 2318", ["OTL02-B-2318"]),
        ("otl02b2299", ["OTL02-B-2299"]),
        ("OTL02B", ["OTL02-B-231", "OTL02-B-2298", "OTL02-B-2299", "OTL02-B-2318"]),
        ("Otterlo B 2318", ["OTL02-B-2318"]),
        ("otterlo ab 9", ["OTL02-AB-9"]),
        ("Lunteren B 2318", []),
        ("B 2318", ["EDE01-B-2318", "OTL02-B-2318"]),
        ("b2318", ["EDE01-B-2318", "OTL02-B-2318"]),
        ("2318", ["EDE01-B-2318", "OTL02-B-2318", "OTL02-C-2318"]),
        ("231", ["OTL02-B-231", "EDE01-B-2318", "OTL02-B-2318", "OTL02-C-2318"]),
        ("9", []),
        ("B", []),
        ("*", []),
        ("Plan 2318 B", []),
    ],
)
def test_a_parcel_is_found_as_people_write_it(store: Store, text: str, found: list[str]) -> None:
    assert parcels(store, text) == found


def test_a_parcel_comes_with_its_registered_area(store: Store) -> None:
    assert [hit.area for hit in search(store, "OTL02-B-2298")] == [6345.0]


def test_a_plan_says_by_which_field_it_was_found(store: Store) -> None:
    plan = de_hoek()
    plan.description = "Naast de oude melkfabriek"
    project = add(store, plan)
    with store.act("Veld") as act:
        field = act.create("own_field", {"object": "project", "name": "Toelichting", "type": "TEXT"})
    with store.act("Waarde") as act:
        act.set("project", project, f"own:{field}", "Grond in erfpacht")
    (hit,) = search(store, "melkfabriek")
    assert (hit.id, hit.field, hit.found) == (project, "description", "Naast de oude melkfabriek")
    (hit,) = search(store, "erfpacht")
    assert (hit.field, hit.found) == (f"own:{field}", "Grond in erfpacht")
    (hit,) = search(store, plan.name)
    assert hit.field == ""


def test_ids_inside_a_value_are_nothing_to_find(store: Store) -> None:
    project = add(store, de_hoek())
    with store.act("Veld") as act:
        field = act.create("own_field", {"object": "project", "name": "Toelichting", "type": "TEXT"})
    with store.act("Waarde") as act:
        act.set("project", project, f"own:{field}", "Grond in erfpacht")
    assert search(store, field[-9:]) == []
