"""On a server stands what a server uses: no window, no example, none of their packages; all of it works without."""

from __future__ import annotations

import ast
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
LEFT_OUT = (ROOT / "installer" / "server" / "left-out.txt").read_text(encoding="utf-8").split()
LOCKED = set(
    re.findall(r"^([a-z0-9-]+)==", (ROOT / "installer/requirements/server.lock").read_text("utf-8"), re.MULTILINE)
)
# Names of packages that differ from what is imported.
PACKAGE = {"argon2": "argon2-cffi"}

# Every module of the server, its command, a database made by it, and an application that answers on it. What the lock
# does not name is refused, whoever asks for it.
WORK = """
import importlib, pkgutil, sys
from importlib.abc import MetaPathFinder

class Refuse(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in REFUSED:
            raise ImportError(f"{name} is not on a server")

REFUSED = set(sys.argv[1].split(","))
sys.meta_path.insert(0, Refuse())

import diwi_desktop.server as package
from diwi_desktop.server import cli
for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    if not found.name.endswith(("migrations.env", "__main__")):  # those run when they are loaded
        importlib.import_module(found.name)
assert cli.main(["--help"]) == 0
assert cli.main(["init", "--code", "0999", "--name", "Duinwijk", "--email", "b@duinwijk.nl"]) == 0

from diwi_desktop.server.app import create_app
from diwi_desktop.server.settings import Settings
from fastapi.testclient import TestClient
with TestClient(create_app(Settings())) as client:
    assert client.get("/health/ready").status_code == 200
    assert client.get("/v1/openapi.json").status_code == 200
print(package.__file__)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as a wheel lays it out, without what is left out of a server."""
    place = tmp_path_factory.mktemp("server")
    package = place / "diwi_desktop"
    shutil.copytree(ROOT / "diwi_desktop", package, ignore=shutil.ignore_patterns("__pycache__"))
    for source, target in sources().items():
        shutil.copytree(ROOT / source, place / target)
    for name in LEFT_OUT:
        gone = package / name
        if gone.is_dir():
            shutil.rmtree(gone)
        else:
            gone.unlink()
    return place


def sources() -> dict[str, str]:
    """What the wheel takes into the package."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return dict(tomllib.loads(text)["tool"]["hatch"]["build"]["targets"]["wheel"]["sources"])


def imported(path: Path) -> set[str]:
    """The modules that a file imports anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
    return found


def test_nothing_else_is_on_a_server(installed: Path) -> None:
    package = installed / "diwi_desktop"
    parts = {path.name for path in package.iterdir()}
    assert parts == {"__init__.py", "_data", "assets.py", "changes", "geo", "model", "server"}
    assert {path.name for path in (package / "_data").iterdir()} == {"resources"}
    assert {path.name for path in (package / "_data" / "resources").iterdir()} == {"catalogue", "codelists", "server"}


def test_what_is_on_a_server_imports_nothing_that_is_not(installed: Path) -> None:
    """Imports inside functions too, which a start does not meet."""
    gone = {f"diwi_desktop.{name.removesuffix('.py')}" for name in LEFT_OUT if not name.startswith("_data")}
    for path in installed.rglob("*.py"):
        for name in imported(path):
            top = name.partition(".")[0]
            if top == "diwi_desktop":
                assert ".".join(name.split(".")[:2]) not in gone, f"{path.name}: {name}"
            elif top not in sys.stdlib_module_names:
                assert PACKAGE.get(top, top.replace("_", "-")) in LOCKED, f"{path.name}: {name}"


def test_a_server_is_set_up_and_answers_without_the_rest(installed: Path, empty_url: str, tmp_path: Path) -> None:
    packages = importlib.metadata.packages_distributions()
    plain = {top: {re.sub(r"[-_.]+", "-", name).lower() for name in names} for top, names in packages.items()}
    refused = {top for top, names in plain.items() if not names & LOCKED} - {"_virtualenv", "diwi_desktop"}
    assert {"PySide6", "pyqtgraph", "fiona", "openpyxl", "keyring", "pytest"} <= refused
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("DIWI_", "PYTHON", "COVERAGE"))
    } | {
        "PYTHONPATH": str(installed),
        "PYTHONDONTWRITEBYTECODE": "1",
        "DIWI_SERVER_SETTINGS": str(tmp_path / "none.toml"),
        "DIWI_SERVER_DATABASE_URL": empty_url,
        "DIWI_SERVER_DATA_DIR": str(tmp_path / "data"),
    }
    command = [sys.executable, "-c", WORK, ",".join(sorted(refused))]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.splitlines()[-1]).is_relative_to(installed)


def test_the_container_and_the_handbook_leave_it_out() -> None:
    text = (ROOT / "installer" / "server" / "Containerfile").read_text(encoding="utf-8")
    assert "(cd /src/diwi_desktop && xargs rm -r < /tmp/left-out.txt)" in text
    assert "xargs rm -r) < installer/server/left-out.txt" in (ROOT / "docs" / "beheer-server.md").read_text("utf-8")
