"""Asset paths: in the checkout, in a built wheel, and never outside their folders."""

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import platformdirs
import pytest

from diwi_desktop import assets
from tests.realdata import real_data

ROOT = Path(__file__).resolve().parents[2]


def test_in_a_checkout_the_folders_stand_beside_the_package() -> None:
    assert assets.resource("catalogue") == ROOT / "resources" / "catalogue"
    assert assets.resource("catalogue").is_dir()
    assert assets.ui_file("light.qss") == ROOT / "ui" / "light.qss"
    assert assets.map_file("layers.toml") == ROOT / "maps" / "layers.toml"


@pytest.mark.parametrize("parts", [("..", "dev"), ("a", "..", "..", "dev"), (os.sep + "etc",)])
def test_a_path_cannot_leave_its_folder(parts: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"dev|etc"):
        assets.resource(*parts)


def test_data_folder_is_the_one_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIWI_DATA_DIR", str(tmp_path / "own" / "place"))
    assert assets.user_data_dir() == tmp_path / "own" / "place"
    assert assets.user_data_dir().is_dir()


def test_data_folder_is_else_the_platforms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DIWI_DATA_DIR")
    monkeypatch.setattr(platformdirs, "user_data_dir", lambda name, appauthor: str(tmp_path / name))
    assert assets.user_data_dir() == tmp_path / "DIWI Desktop"


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "not kept"])
def test_toml_is_what_the_file_says(kept: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", not kept)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))
    folders = (ROOT / "resources" / "catalogue", ROOT / "resources" / "codelists")
    files = [*(file for folder in folders for file in folder.glob("*.toml")), ROOT / "ui" / "tokens.toml"]
    assert len(files) > 20
    for _ in range(2):
        for file in files:
            assert assets.toml(file) == tomllib.loads(file.read_text(encoding="utf-8"))
    assert (tmp_path / "kept").exists() is kept


def test_a_changed_toml_file_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    file = tmp_path / "words.toml"
    file.write_text('a = "één"', encoding="utf-8")
    assert assets.toml(file) == {"a": "één"}
    file.write_text('a = "een \\" of {twee}"', encoding="utf-8")
    assert assets.toml(file) == {"a": 'een " of {twee}'}
    file.write_text("a = ", encoding="utf-8")
    with pytest.raises(tomllib.TOMLDecodeError):
        assets.toml(file)


@pytest.fixture(scope="module")
def unpacked_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel, built by the real build backend and unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    build = f"from hatchling.build import build_wheel; print(build_wheel({str(folder)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", build], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    with zipfile.ZipFile(folder / done.stdout.split()[-1]) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_a_wheel_carries_every_asset_and_finds_it(unpacked_wheel: Path) -> None:
    code = "from diwi_desktop import assets; print(assets.resource('catalogue')); print(assets.__file__)"
    env = {**os.environ, "PYTHONPATH": str(unpacked_wheel), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=unpacked_wheel, env=env, capture_output=True, text=True, check=True
    )
    catalogue, module = map(Path, done.stdout.splitlines())
    assert module.is_relative_to(unpacked_wheel)
    assert catalogue == unpacked_wheel / "diwi_desktop" / "_data" / "resources" / "catalogue"
    for folder in ("ui", "resources", "maps"):
        shipped = unpacked_wheel / "diwi_desktop" / "_data" / folder
        names = [path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*") if path.is_file()]
        own = [name for name in names if "__pycache__" not in name.parts]  # kept by `assets.toml` when the program runs
        assert [str(name) for name in own if not (shipped / name).exists()] == []


def test_a_wheel_carries_nothing_that_python_keeps_for_itself(unpacked_wheel: Path) -> None:
    assert [str(path) for path in unpacked_wheel.rglob("__pycache__")] == []


def test_a_wheel_carries_no_tests_and_the_console_script(unpacked_wheel: Path) -> None:
    assert sorted(path.name for path in unpacked_wheel.iterdir() if "dist-info" not in path.name) == ["diwi_desktop"]
    (entry_points,) = unpacked_wheel.glob("*.dist-info/entry_points.txt")
    assert "diwi = diwi_desktop.cli:main" in entry_points.read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux loads extensions into one namespace")
def test_the_package_keeps_native_libraries_apart() -> None:
    code = "import diwi_desktop, os, sys; print(sys.getdlopenflags() == os.RTLD_NOW | os.RTLD_DEEPBIND)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"


def test_absent_real_data_skips_by_name() -> None:
    with pytest.raises(pytest.skip.Exception, match=r"no_such_file\.gml"):
        real_data("no_such_file.gml")
