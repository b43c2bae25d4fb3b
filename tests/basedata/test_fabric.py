"""The made-up municipality: a true division of land, in the kept form, the same for the same seed, and
plausible.
"""

import numpy as np
import pytest
import shapely

from diwi_desktop.basedata.fabric import Fabric, make_fabric
from diwi_desktop.basedata.town import names as townnames
from diwi_desktop.geo import crs, shape


@pytest.fixture(scope="module")
def fabric() -> Fabric:
    return make_fabric(3_000, seed=1)


def test_about_as_many_parcels_as_asked(fabric: Fabric) -> None:
    assert 2_500 < len(fabric.parcels) < 3_500
    assert len(fabric.kinds) == len(fabric.neighbourhood_of) == len(fabric.parcels)
    assert set(fabric.kinds) == {"erf", "straat", "water", "akker", "park"}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_parcels_share_every_boundary_point(seed: int) -> None:
    geometry = make_fabric(2_000, seed).parcels.geometry
    polygons = shapely.get_parts(geometry)
    assert len(polygons) == len(geometry)
    assert shapely.coverage_is_valid(polygons)
    whole = shapely.coverage_union_all(polygons)
    assert whole.geom_type == "Polygon"
    assert not whole.interiors
    assert shapely.area(geometry).sum() == pytest.approx(whole.area)


def test_parcels_and_buildings_are_in_the_kept_form(fabric: Fabric) -> None:
    for geometry in (fabric.parcels.geometry, fabric.buildings.geometry):
        result, repairs, refusals = shape.normalise_many(geometry)
        assert (repairs, refusals) == ([], [])
        assert shapely.equals_exact(result, geometry, tolerance=0).all()


def test_it_lies_in_the_netherlands(fabric: Fabric) -> None:
    _, verdicts = crs.place(fabric.parcels.geometry, crs.Crs.RD)
    assert set(verdicts.code) == {""}
    x, y = shapely.get_coordinates(shapely.centroid(fabric.parcels.geometry)).mean(axis=0)
    assert (x, y) == pytest.approx((107_000, 499_000), abs=1_500)


def test_the_same_seed_gives_the_same_place_and_another_does_not(fabric: Fabric) -> None:
    again = make_fabric(3_000, seed=1)
    assert again.parcels.designation == fabric.parcels.designation
    assert shapely.equals_exact(again.parcels.geometry, fabric.parcels.geometry, tolerance=0).all()
    assert shapely.equals_exact(again.buildings.geometry, fabric.buildings.geometry, tolerance=0).all()
    assert again.addresses.text == fabric.addresses.text
    other = make_fabric(3_000, seed=2)
    assert len(other.parcels) != len(fabric.parcels) or other.addresses.text != fabric.addresses.text


def test_designations_are_unique_and_well_formed(fabric: Fabric) -> None:
    parcels = fabric.parcels
    assert len(set(parcels.designation)) == len(parcels)
    assert len(set(parcels.lokaal_id)) == len(parcels)
    assert all(len(i) == 14 and i.isdigit() for i in parcels.lokaal_id)
    for designation, code, section, number in zip(
        parcels.designation, parcels.municipality_code, parcels.section, parcels.number, strict=True
    ):
        assert designation == f"{code}-{section}-{number}"
    legal = np.array(parcels.registered_area)
    assert (np.abs(legal - shapely.area(parcels.geometry)) <= 2.5).all()


def test_buildings_stand_on_built_up_parcels_and_apart(fabric: Fabric) -> None:
    buildings = fabric.buildings
    assert len(set(buildings.identificatie)) == len(buildings)
    assert all(len(i) == 16 and i.startswith("099910") for i in buildings.identificatie)
    yards = fabric.parcels.geometry[fabric.kinds == "erf"]
    house, yard = shapely.STRtree(yards).query(buildings.geometry, predicate="intersects")
    shared = shapely.area(shapely.intersection(buildings.geometry[house], yards[yard]))
    inside = np.zeros(len(buildings))
    np.maximum.at(inside, house, shared)
    assert (inside > 0.93 * shapely.area(buildings.geometry)).all()
    first, second = shapely.STRtree(buildings.geometry).query(buildings.geometry, predicate="overlaps")
    both = shapely.area(shapely.intersection(buildings.geometry[first], buildings.geometry[second]))
    assert (both < 0.5).all()


def test_house_numbers_are_unique_with_odd_and_even_sides(fabric: Fabric) -> None:
    addresses = fabric.addresses
    assert len(set(addresses.text)) == len(addresses) > 1_000
    numbers = [int(text.rsplit(" ", 1)[1]) for text in addresses.text]
    assert {n % 2 for n in numbers} == {0, 1}
    one_street = {}
    for text, code in zip(addresses.text, addresses.postcode, strict=True):
        one_street.setdefault(text.rsplit(" ", 1)[0], set()).add(code)
    assert all(len(codes) == 1 for codes in one_street.values())
    assert all(len(c) == 7 and c[:4].isdigit() and c[4] == " " for c in addresses.postcode)


def test_neighbourhoods_and_districts_cover_the_municipality(fabric: Fabric) -> None:
    total = shapely.area(fabric.parcels.geometry).sum()
    for areas in (fabric.districts, fabric.neighbourhoods):
        assert len(set(areas.code)) == len(set(areas.name)) == len(areas)
        assert shapely.is_valid(areas.geometry).all()
        assert shapely.area(areas.geometry).sum() == pytest.approx(total)
    assert set(fabric.neighbourhoods.parent) <= set(fabric.districts.code)
    row = int(fabric.neighbourhood_of[0])
    assert fabric.neighbourhoods.geometry[row].covers(fabric.parcels.geometry[0])


def test_too_few_parcels_is_refused() -> None:
    with pytest.raises(ValueError, match="100"):
        make_fabric(20)


def test_the_smallest_place_is_whole_too() -> None:
    small = make_fabric(100)
    assert shapely.coverage_is_valid(shapely.get_parts(small.parcels.geometry))
    assert len(small.addresses) > 10


def test_street_names_never_repeat() -> None:
    names = townnames.StreetNames()
    given = [names.next(theme) for theme in ("main", "centre", "Bloemenbuurt", "Oranjebuurt") for _ in range(400)]
    assert len(set(given)) == len(given)
    assert given[0] == "Rijksstraatweg"
