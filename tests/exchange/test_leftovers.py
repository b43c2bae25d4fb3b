"""What a killed export leaves beside its file goes at the next one; what is not ours, or still in use, stays."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from diwi_desktop.exchange.leftovers import part_of, sweep

OLD, NEW = b"oud", b"nieuw"


@pytest.fixture
def dead() -> int:
    """The number of a process that was killed."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.pid


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "uit"
    made.mkdir()
    return made


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_part_of_a_dead_process_goes(folder: Path, dead: int) -> None:
    (folder / f".pzh.geojson.{dead}.part").write_bytes(NEW)
    (folder / "pzh.geojson").write_bytes(OLD)
    sweep(folder, ())
    assert names(folder) == {"pzh.geojson"}
    assert (folder / "pzh.geojson").read_bytes() == OLD


def test_what_is_of_a_living_process_or_not_ours_stays(folder: Path, dead: int) -> None:
    kept = {
        f".pzh.geojson.{os.getpid()}.part", f".pzh.geojson.{os.getppid()}.part", f"pzh.geojson.{dead}.part",
        f".pzh.geojson.{dead}.partial", ".pzh.geojson.part", f".pzh.geojson.0{dead}.part", ".a.9999999999999.part",
    }  # fmt: skip
    for name in kept:
        (folder / name).write_bytes(NEW)
    (folder / f".pzh.geojson.{dead}.before").mkdir()
    sweep(folder, ())
    assert names(folder) == kept | {f".pzh.geojson.{dead}.before"}


def test_a_file_comes_back_when_the_export_in_its_place_was_never_recorded(folder: Path, dead: int) -> None:
    (folder / "pzh.geojson").write_bytes(NEW)
    before = folder / f".pzh.geojson.{dead}.before"
    before.write_bytes(OLD)
    sweep(folder, {hashlib.sha256(OLD).hexdigest()})
    assert names(folder) == {"pzh.geojson"}
    assert (folder / "pzh.geojson").read_bytes() == OLD


def test_a_recorded_export_stays(folder: Path, dead: int) -> None:
    (folder / "pzh.geojson").write_bytes(NEW)
    (folder / f".pzh.geojson.{dead}.before").write_bytes(OLD)
    sweep(folder, {hashlib.sha256(NEW).hexdigest()})
    assert names(folder) == {"pzh.geojson"}
    assert (folder / "pzh.geojson").read_bytes() == NEW


def test_a_second_name_of_the_same_file_goes(folder: Path, dead: int) -> None:
    (folder / "pzh.geojson").write_bytes(OLD)
    (folder / f".pzh.geojson.{dead}.before").hardlink_to(folder / "pzh.geojson")
    sweep(folder, ())
    assert names(folder) == {"pzh.geojson"}


def test_a_folder_that_cannot_be_read_is_left_alone(folder: Path) -> None:
    sweep(folder / "weg", ())


def test_the_name_of_a_part_is_one_that_is_swept_later(folder: Path) -> None:
    assert part_of(folder / "a b.geojson").name == f".a b.geojson.{os.getpid()}.part"
