"""Project codes stay readable and unique when laptops work apart."""

from __future__ import annotations

from pathlib import Path

from diwi_desktop.store import Device, Store
from diwi_desktop.store.plans import plans
from diwi_desktop.store.project_code import prefix_of
from tests.stores import add, de_hoek, new_store


def _codes(store: Store) -> list[str]:
    return sorted(p.code for p in plans(store))


def test_codes_count_up_and_are_never_given_twice(tmp_path: Path) -> None:
    with new_store(tmp_path / "a.diwi") as store:
        add(store, de_hoek())
        second = add(store, de_hoek())
        with store.act("Verwijderen") as act:
            act.delete("project", second)
        add(store, de_hoek())
        assert _codes(store) == ["DNW-2026-KTB-001", "DNW-2026-KTB-003"]


def test_two_laptops_never_give_the_same_code(tmp_path: Path) -> None:
    codes = []
    for tag in ("KTB", "WXZ"):
        with new_store(tmp_path / f"{tag}.diwi", device=Device(tag, tag)) as store:
            for _ in range(3):
                add(store, de_hoek())
            codes += _codes(store)
    assert len(set(codes)) == 6


def test_sub_plans_get_the_code_of_their_mother(tmp_path: Path) -> None:
    path = tmp_path / "a.diwi"
    with new_store(path) as store:
        mother = add(store, de_hoek())
        for _ in range(2):
            daughter = de_hoek()
            daughter.parent = mother
            add(store, daughter)
        assert _codes(store) == ["DNW-2026-KTB-001", "DNW-2026-KTB-001.1", "DNW-2026-KTB-001.2"]
    with Store.open(path, author="ander", device=Device("x", "WXZ")) as store:
        daughter = de_hoek()
        daughter.parent = mother
        add(store, daughter)
        assert "DNW-2026-KTB-001.WXZ1" in _codes(store)


def test_the_letters_of_a_municipality() -> None:
    assert prefix_of("Duinwijk") == "DNW"
    assert prefix_of("'s-Hertogenbosch") == "SHR"
    assert prefix_of("Ee") == "EXX"


def test_a_device_is_remembered_and_its_tag_has_three_letters(tmp_path: Path) -> None:
    first = Device.of_this_machine(tmp_path)
    assert Device.of_this_machine(tmp_path) == first
    assert len(first.tag) == 3
    assert Device.of_this_machine(_other(tmp_path)).id != first.id


def _other(folder: Path) -> Path:
    other = folder / "other"
    other.mkdir()
    return other
