"""The lock files pin everything by hash and say nothing about where it comes from."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / "installer" / "requirements"
NAMES = ("runtime", "server", "dev", "driver")


def read_lock(name: str) -> dict[str, set[str]]:
    """The requirements of a lock file (version and marker included), each with its hashes."""
    text = (LOCKS / f"{name}.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        requirement, *hashes = re.split(r"\s+--hash=", line)
        found[requirement.strip()] = {value.strip() for value in hashes}
    return found


def plain_name(requirement: str) -> str:
    """The package's name as lock files spell it."""
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match is not None
    return re.sub(r"[-_.]+", "-", match[0]).lower()


def project() -> dict[str, dict[str, list[str]]]:
    table: dict[str, dict[str, list[str]]] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return table


@pytest.mark.parametrize("name", NAMES)
def test_every_requirement_is_pinned_by_hash(name: str) -> None:
    lock = read_lock(name)
    assert lock
    for requirement, hashes in lock.items():
        assert re.match(r"[a-z0-9.-]+==[^\s;]+( ; .+)?$", requirement), requirement
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes), requirement


@pytest.mark.parametrize("name", NAMES)
def test_no_host_is_named(name: str) -> None:
    text = (LOCKS / f"{name}.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(#|--?(i|f|index-url|extra-index-url|find-links|trusted-host)\b)", text, re.MULTILINE)


def test_what_the_project_asks_for_is_locked() -> None:
    asked = {plain_name(text) for text in project()["project"]["dependencies"]}
    locked = {plain_name(text) for text in read_lock("runtime")}
    assert asked <= locked
    groups = project()["dependency-groups"]
    assert {plain_name(text) for text in groups["dev"]} <= {plain_name(text) for text in read_lock("dev")}
    assert {plain_name(text) for text in groups["driver"]} == {plain_name(text) for text in read_lock("driver")}


def test_developers_run_what_users_run() -> None:
    # Markers may differ: what the server needs everywhere, the desktop needs on some systems only.
    developers = {text.partition(" ;")[0]: hashes for text, hashes in read_lock("dev").items()}
    for requirement, hashes in read_lock("runtime").items():
        assert developers.get(requirement.partition(" ;")[0]) == hashes, requirement


def test_pyside_stays_below_the_version_that_corrupts_none() -> None:
    pins = [text for text in read_lock("runtime") if text.startswith("pyside6-essentials==")]
    assert pins
    assert all(re.search(r"==6\.([0-9]|1[01])\.", pin) for pin in pins)


def test_the_driver_covers_every_platform_once() -> None:
    markers = {plain_name(text): text.partition(";")[2] for text in read_lock("driver")}
    assert "==" in markers["pysqlite3-binary"]
    assert "!=" in markers["sqlean-py"]


@pytest.mark.parametrize("name", NAMES)
def test_markers_hold_for_a_release_candidate_too(name: str) -> None:
    """Ubuntu 22.04 ships Python 3.11.0rc1; `python_full_version < '3.12'` is false there with its pip."""
    assert not [text for text in read_lock(name) if re.search(r"python_full_version [<>]=? '\d+\.\d+'", text)]
