"""The import contracts exist, and they bite."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = ROOT / "pyproject.toml"


def contracts() -> dict[str, dict[str, object]]:
    table = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["tool"]["importlinter"]
    return {contract["name"]: contract for contract in table["contracts"]}


def test_layers_stand_in_the_order_of_the_design() -> None:
    layers = contracts()["Imports run downwards only"]["layers"]
    assert isinstance(layers, list)
    order = [re.findall(r"\w+", layer) for layer in layers]
    rank = {name: place for place, names in enumerate(order) for name in names}
    for upper, lower in [
        ("cli", "gui"),
        ("gui", "exchange"),
        ("gui", "insight"),
        ("insight", "planning"),
        ("exchange", "quality"),
        ("exchange", "basedata"),
        ("sync", "store"),
        ("store", "changes"),
        ("store", "geo"),
        ("changes", "model"),
        ("geo", "model"),
    ]:
        assert rank[upper] < rank[lower], (upper, lower)


def test_the_core_is_forbidden_to_know_qt() -> None:
    contract = contracts()["Only the window knows Qt"]
    assert {"PySide6", "pyqtgraph"} <= set(contract["forbidden_modules"])
    packages = {path.parent.name for path in (ROOT / "diwi_desktop").glob("*/__init__.py")} - {"gui", "cli"}
    assert {f"diwi_desktop.{name}" for name in packages} <= set(contract["source_modules"])


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("store", "", None),
        ("store", "import diwi_desktop.exchange", "Imports run downwards only"),
        ("store", "def late():\n    from PySide6 import QtCore", "Only the window knows Qt"),
        ("cli", "import PySide6", "The command line meets Qt only through the window"),
        ("model", "import sqlite3", "Model and changes do no input or output"),
    ],
    ids=["clean", "upwards", "qt below", "qt in cli", "io in model"],
)
def test_a_contract_breaks_on_a_wrong_import(tmp_path: Path, module: str, line: str, broken: str | None) -> None:
    names = {path.parent.name for path in (ROOT / "diwi_desktop").glob("*/__init__.py")} | {"cli"}
    for name in names:
        target = tmp_path / "diwi_desktop" / name / "__init__.py"
        target.parent.mkdir(parents=True)
        target.touch()
    for name in ("__init__.py", "assets.py"):
        (tmp_path / "diwi_desktop" / name).touch()
    (tmp_path / "diwi_desktop" / module / "__init__.py").write_text(line, encoding="utf-8")
    shutil.copy(PYPROJECT, tmp_path)
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == (1 if broken else 0), done.stdout
    if broken:
        assert f"{broken} BROKEN" in done.stdout
