"""SpatiaLite read before a store is opened: it costs nothing when it is there, and says nothing when it is not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from diwi_desktop.model.finding import UserError
from diwi_desktop.store import driver


def test_the_library_is_in_memory_afterwards() -> None:
    maps = Path("/proc/self/maps")
    if not maps.exists():
        pytest.skip("/proc/self/maps: only Linux says which libraries a process has")
    program = (
        "from pathlib import Path; from diwi_desktop.store import driver;"
        "held = lambda: 'spatialite' in Path('/proc/self/maps').read_text();"
        "before = held(); driver.fetch_spatialite(); print(before, held())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["False", "True"]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The connections that are made."""
    lite, found = driver.module(), []

    class Watched:
        Error, ProgrammingError = lite.Error, lite.ProgrammingError

        @staticmethod
        def connect(*given: Any, **more: Any) -> Any:
            found.append(lite.connect(*given, **more))
            return found[-1]

    monkeypatch.setattr(driver, "module", lambda: Watched)
    return found


def is_closed(connection: Any) -> bool:
    with pytest.raises(driver.module().ProgrammingError) as error:
        connection.execute("SELECT 1")
    return "closed" in str(error.value)


def test_a_library_that_is_not_there_is_not_told_here(monkeypatch: pytest.MonkeyPatch, made: list[Any]) -> None:
    monkeypatch.setenv("DIWI_SPATIALITE", "/nowhere/mod_spatialite")
    driver.fetch_spatialite()
    assert len(made) == 1
    assert is_closed(made[0])


def test_a_database_in_memory_that_lacks_the_library_is_closed(
    monkeypatch: pytest.MonkeyPatch, made: list[Any]
) -> None:
    def missing(_: object) -> None:
        raise driver.StoreError("De uitbreiding ontbreekt.", "The extension is missing.", code="no_spatialite")

    monkeypatch.setattr(driver, "load_spatialite", missing)
    with pytest.raises(driver.StoreError):
        driver.in_memory()
    assert is_closed(made[0])


def test_nor_is_a_python_that_cannot_load_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise UserError("Dat kan niet.", "That cannot be.")

    monkeypatch.setattr(driver, "module", none)
    driver.fetch_spatialite()
