"""`dev`: which Python, which packages, which command; nothing here installs anything."""

import ast
import importlib.machinery
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load_dev() -> ModuleType:
    """A fresh copy of the `dev` script as a module."""
    loader = importlib.machinery.SourceFileLoader("dev_script", str(ROOT / "dev"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def dev(tmp_path: Path) -> ModuleType:
    """`dev` working in a folder of its own, with lock files but without `.venv`."""
    module = load_dev()
    module.ROOT = tmp_path
    module.VENV = tmp_path / ".venv"
    module.VENV_PYTHON = module.VENV / "bin" / "python"
    module.STAMP = module.VENV / ".dev-installed"
    module.BUSY = module.VENV / ".dev-busy"
    module.LOCKS = tmp_path / "locks"
    module.LOCKS.mkdir()
    (module.LOCKS / "dev.lock").write_text("one==1 \\\n    --hash=sha256:aa\n", encoding="utf-8")
    (module.LOCKS / "driver.lock").write_text("driver==1 \\\n    --hash=sha256:bb\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").touch()
    return module


# --- the file itself ------------------------------------------------------------------------------


def test_parses_on_older_pythons_and_uses_the_standard_library_only() -> None:
    tree = ast.parse((ROOT / "dev").read_text(encoding="utf-8"), feature_version=(3, 8))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names


def test_a_far_too_old_python_gets_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 7, 16))
    with pytest.raises(SystemExit, match=r"^dev: Python 3\.11, 3\.12 or 3\.13 is needed"):
        load_dev()


def test_help_names_every_command(dev: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main([]) == 0
    shown = capsys.readouterr().out
    for name in ("run", "server", "test", "lint", "bench", "shots", "words", "lock", "audit", "help"):
        assert f"\n  {name}" in shown


def test_unknown_command_is_wrong_use(dev: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        dev.main(["fly"])
    assert stopped.value.code == 2
    assert "no command 'fly'" in capsys.readouterr().err


# --- which Python ---------------------------------------------------------------------------------


def found(dev: ModuleType, version: tuple[int, int], path: str, *, loads: bool, pip: tuple[int, ...] = ()) -> object:
    return dev.Interpreter(version, path, loads, bool(pip), pip)


def test_probe_tells_what_this_python_can_do(dev: ModuleType) -> None:
    python = dev.probe([sys.executable])
    assert python.version == sys.version_info[:2]
    assert isinstance(python.loads_extensions, bool)


@pytest.mark.parametrize("code", ["import sys; sys.exit(1)", "print('hello')", None])
def test_probe_of_something_else_is_none(dev: ModuleType, tmp_path: Path, code: str | None) -> None:
    script = tmp_path / "not_python.py"
    command = [str(tmp_path / "absent")]
    if code is not None:
        script.write_text(code, encoding="utf-8")
        command = [sys.executable, str(script)]
    assert dev.probe(command) is None


def test_a_python_that_loads_extensions_goes_before_one_that_does_not(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    pythons = {
        "old": found(dev, (3, 10), "old", loads=True),
        "pyenv": found(dev, (3, 11), "pyenv", loads=False),
        "too-new": found(dev, (3, 14), "too-new", loads=True),
        "debian": found(dev, (3, 13), "debian", loads=True),
        "absent": None,
    }
    monkeypatch.setattr(dev, "probe", lambda command: pythons[command[0]])
    assert dev.choose([["absent"], ["old"], ["pyenv"], ["too-new"], ["debian"]]).path == "debian"
    assert dev.choose([["old"], ["pyenv"], ["too-new"]]).path == "pyenv"
    assert dev.choose([["old"], ["too-new"], ["absent"]]) is None


def test_a_named_python_is_tried_first(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIWI_PYTHON", "/own/python")
    assert dev.candidates()[:2] == [["/own/python"], [sys.executable]]


def test_without_any_suitable_python_it_says_so(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "choose", lambda _commands: None)
    with pytest.raises(SystemExit) as stopped:
        dev.ensure_venv()
    assert stopped.value.code == 2
    assert "no Python 3.11, 3.12 or 3.13 was found" in capsys.readouterr().err
    assert not dev.VENV.exists()


# --- pip ------------------------------------------------------------------------------------------


def test_pip_of_the_venv_itself(dev: ModuleType) -> None:
    assert dev.pip_for(found(dev, (3, 11), "/v/python", loads=True, pip=(23, 0))) == ["/v/python", "-m", "pip"]


def test_pip_of_another_python_when_it_knows_the_option(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    others = {
        "a": found(dev, (3, 10), "a", loads=True, pip=(22, 0)),
        "b": found(dev, (3, 9), "b", loads=True, pip=(23, 2)),
    }
    monkeypatch.setattr(dev, "candidates", lambda: [["a"], ["b"]])
    monkeypatch.setattr(dev, "probe", lambda command: others[command[0]])
    venv = found(dev, (3, 11), "/v/python", loads=True)
    assert dev.pip_for(venv) == ["b", "-m", "pip", "--python", "/v/python"]


def test_pip_from_debian_when_there_is_none_at_all(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[list[str]] = []
    monkeypatch.setattr(dev, "candidates", list)
    monkeypatch.setattr(shutil, "which", lambda _name: "/usr/bin/apt-get")
    monkeypatch.setattr(dev, "apt_install", done.append)
    monkeypatch.setattr(dev, "quietly", lambda command, _what: done.append(command))
    venv = found(dev, (3, 12), "/v/python", loads=True)
    assert dev.pip_for(venv) == ["/v/python", "-m", "pip"]
    assert done == [["python3.12-venv"], ["/v/python", "-m", "ensurepip"]]


# --- system packages ------------------------------------------------------------------------------


def test_nothing_installed_means_all_are_missing(dev: ModuleType) -> None:
    assert dev.missing_packages("") == list(dev.DEBIAN)


def test_newer_names_and_other_fonts_serve_as_well(dev: ModuleType) -> None:
    names = set(dev.DEBIAN) - {"libglib2.0-0", "fonts-dejavu-core"} | {"libglib2.0-0t64", "fonts-liberation"}
    assert dev.missing_packages("".join(f"{name} installed\n" for name in names)) == []


def test_a_removed_package_is_missing(dev: ModuleType) -> None:
    lines = [f"{name} {'config-files' if name == 'libegl1' else 'installed'}" for name in dev.DEBIAN]
    assert dev.missing_packages("\n".join(lines)) == ["libegl1"]


def test_without_rights_it_prints_the_one_command(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "root_prefix", lambda: None)
    with pytest.raises(SystemExit) as stopped:
        dev.apt_install(["libegl1", "libgl1"])
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert said.endswith("sudo apt-get install -y --no-install-recommends libegl1 libgl1\n")
    assert said.count("\n") == 1


def test_with_rights_it_refreshes_the_lists_only_when_needed(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    refuse_first = [True]

    def captured(command: list[str], timeout: float | None = None) -> subprocess.CompletedProcess[str]:
        ran.append(command[command.index("apt-get") + 1])
        failed = ran == ["install"] and refuse_first[0]
        return subprocess.CompletedProcess(command, 100 if failed else 0, "", "")

    monkeypatch.setattr(dev, "root_prefix", lambda: ["sudo", "-n"])
    monkeypatch.setattr(dev, "captured", captured)
    dev.apt_install(["libegl1"])
    assert ran == ["install", "update", "install"]

    ran.clear()
    refuse_first[0] = False
    dev.apt_install(["libegl1"])
    assert ran == ["install"]


def pretend_postgres(usr: Path, version: str, *, postgis: bool) -> None:
    initdb = usr / "lib" / "postgresql" / version / "bin" / "initdb"
    initdb.parent.mkdir(parents=True)
    initdb.touch()
    control = usr / "share" / "postgresql" / version / "extension" / "postgis.control"
    control.parent.mkdir(parents=True)
    if postgis:
        control.touch()


@pytest.mark.parametrize(
    ("version", "postgis", "serves"),
    [("17", True, True), ("14", True, True), ("13", True, False), ("15", False, False)],
)
def test_postgresql_serves_from_14_on_and_with_postgis(
    dev: ModuleType, tmp_path: Path, version: str, postgis: bool, serves: bool
) -> None:
    assert not dev.has_postgres(tmp_path)
    pretend_postgres(tmp_path, version, postgis=postgis)
    assert dev.has_postgres(tmp_path) is serves


@pytest.mark.parametrize("there", [True, False])
def test_postgresql_is_installed_where_it_is_missing(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    installed: list[list[str]] = []
    monkeypatch.setattr(shutil, "which", lambda _name: "/usr/bin/dpkg-query")
    monkeypatch.setattr(dev, "has_postgres", lambda: there)
    monkeypatch.setattr(dev, "apt_install", installed.append)
    dev.ensure_postgres()
    assert installed == ([] if there else [["postgresql", "postgresql-postgis"]])


@pytest.mark.parametrize("there", [True, False])
def test_node_is_installed_where_it_is_missing(dev: ModuleType, monkeypatch: pytest.MonkeyPatch, there: bool) -> None:
    installed: list[list[str]] = []
    known = {"dpkg-query", "node", *(["npm"] if there else [])}
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}" if name in known else None)
    monkeypatch.setattr(dev, "apt_install", installed.append)
    dev.ensure_node()
    assert installed == ([] if there else [["nodejs", "npm"]])


def test_elsewhere_it_only_says_what_is_needed(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    dev.ensure_system()
    dev.ensure_postgres()
    hint = dev.system_hint()
    assert hint is not None
    assert "SpatiaLite" in hint or "mod_spatialite" in hint


# --- .venv ----------------------------------------------------------------------------------------


def pretend_venv(dev: ModuleType) -> None:
    dev.VENV_PYTHON.parent.mkdir(parents=True)
    dev.VENV_PYTHON.touch()


def watch(dev: ModuleType, monkeypatch: pytest.MonkeyPatch, old: object) -> list[str]:
    """Replaces making and installing by notes; `old` is what probing the existing `.venv` tells."""
    notes: list[str] = []

    def make() -> object:
        notes.append("make")
        pretend_venv(dev)
        return found(dev, (3, 11), "new", loads=True)

    monkeypatch.setattr(dev, "probe", lambda _command: old)
    monkeypatch.setattr(dev, "make_venv", make)
    monkeypatch.setattr(dev, "install", lambda venv: notes.append(f"install {venv.path}"))
    return notes


def test_ready_only_with_a_stamp_of_these_locks(dev: ModuleType) -> None:
    assert not dev.is_ready()
    pretend_venv(dev)
    assert not dev.is_ready()
    dev.STAMP.write_text(dev.fingerprint(), encoding="ascii")
    assert dev.is_ready()
    (dev.LOCKS / "dev.lock").write_text("one==2 \\\n    --hash=sha256:cc\n", encoding="utf-8")
    assert not dev.is_ready()


def test_a_ready_venv_is_left_alone(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_venv(dev)
    dev.STAMP.write_text(dev.fingerprint(), encoding="ascii")
    notes = watch(dev, monkeypatch, None)
    dev.ensure_venv()
    assert notes == []


def test_first_time_it_is_made(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = watch(dev, monkeypatch, None)
    dev.ensure_venv()
    assert notes == ["make", "install new"]


def test_changed_locks_install_into_the_same_venv(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_venv(dev)
    notes = watch(dev, monkeypatch, found(dev, (3, 11), "old", loads=True))
    dev.ensure_venv()
    assert notes == ["install old"]


def test_an_interrupted_install_starts_anew(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_venv(dev)
    dev.BUSY.touch()
    notes = watch(dev, monkeypatch, found(dev, (3, 11), "old", loads=True))
    dev.ensure_venv()
    assert notes == ["make", "install new"]
    assert not dev.BUSY.exists()


def test_a_venv_of_an_unsuitable_python_starts_anew(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_venv(dev)
    notes = watch(dev, monkeypatch, found(dev, (3, 14), "old", loads=True))
    dev.ensure_venv()
    assert notes == ["make", "install new"]


@pytest.mark.parametrize("loads", [True, False])
def test_install_checks_hashes_and_adds_the_driver_only_where_needed(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, loads: bool
) -> None:
    pretend_venv(dev)
    commands: list[list[str]] = []

    def quietly(command: list[str], _what: str, _total: int = 0) -> None:
        assert dev.BUSY.exists()
        assert not dev.STAMP.exists()
        commands.append(command)

    monkeypatch.setattr(dev, "quietly", quietly)
    monkeypatch.setattr(dev, "shown", quietly)
    dev.install(found(dev, (3, 11), "/v/python", loads=loads, pip=(23, 0)))
    packages, checkout, check = commands
    assert {"--require-hashes", "--no-deps", str(dev.LOCKS / "dev.lock")} <= set(packages)
    assert (str(dev.LOCKS / "driver.lock") in packages) is not loads
    assert {"--no-deps", "--no-build-isolation", "--editable"} <= set(checkout)
    assert check[-1] == "check"
    assert dev.is_ready()
    assert not dev.BUSY.exists()


def test_a_failed_install_leaves_no_stamp(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pretend_venv(dev)
    failing = "print('Collecting numpy'); print('no such package'); raise SystemExit(1)"
    monkeypatch.setattr(dev, "pip_for", lambda _venv: [sys.executable, "-c", failing])
    with pytest.raises(SystemExit):
        dev.install(found(dev, (3, 11), "/v/python", loads=True, pip=(23, 0)))
    assert not dev.is_ready()
    assert dev.BUSY.exists()
    assert "no such package" in capsys.readouterr().out


def test_a_long_installation_says_how_far_it_is(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "TELL_EVERY", 0.0)
    lines = [
        "Collecting numpy==2.1.0 (from -r dev.lock (line 3))",
        "  Downloading numpy-2.1.0-cp311-manylinux.whl (18.0 MB)",
        "Requirement already satisfied: shapely",
        "Collecting PySide6_Essentials>=6",
        "Installing collected packages: numpy",
    ]
    dev.shown([sys.executable, "-c", f"print({chr(10).join(lines)!r})"], "installing", 95)
    assert capsys.readouterr().out.splitlines() == [
        "dev: 1 of 95 packages: numpy",
        "dev: 1 of 95 packages: downloading numpy-2.1.0-cp311-manylinux.whl (18.0 MB)",
        "dev: 2 of 95 packages: PySide6_Essentials",
        "dev: unpacking them, which takes a minute or two",
    ]


# --- commands -------------------------------------------------------------------------------------


@pytest.fixture
def calls(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[tuple[tuple[str, ...], bool]]:
    """The Python commands that `dev` would have run, and whether with a screen."""
    ran: list[tuple[tuple[str, ...], bool]] = []

    def python(*arguments: str, cwd: Path | None = None, screen: bool = True) -> int:
        ran.append((arguments, screen))
        return 0

    monkeypatch.setattr(dev, "ensure_system", lambda: None)
    monkeypatch.setattr(dev, "ensure_postgres", lambda: ran.append((("postgres",), False)))
    monkeypatch.setattr(dev, "ensure_venv", lambda: None)
    monkeypatch.setattr(dev, "python", python)
    monkeypatch.delenv(dev.NO_POSTGRES, raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    return ran


def test_run_without_display_says_so_in_one_sentence_and_does_the_tour(
    dev: ModuleType,
    calls: list[tuple[tuple[str, ...], bool]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert dev.main(["run", "--out", "x"]) == 0
    assert calls == [(("-m", "diwi_desktop.tour", "--out", "x"), False)]
    said = capsys.readouterr().out
    assert said.startswith("No display")
    assert said.count("\n") == said.count(".") == 1


@pytest.mark.parametrize("variable", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_run_with_display_opens_the_window(
    dev: ModuleType,
    calls: list[tuple[tuple[str, ...], bool]],
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
) -> None:
    monkeypatch.setenv(variable, ":0")
    assert dev.main(["run", "my.store"]) == 0
    assert calls == [(("-m", "diwi_desktop", "my.store"), True)]


def test_test_runs_in_parallel_except_under_the_debugger(
    dev: ModuleType, calls: list[tuple[tuple[str, ...], bool]]
) -> None:
    dev.main(["test", "tests/x.py", "-k", "undo"])
    dev.main(["test", "--pdb"])
    assert calls[1][0] == ("-m", "pytest", "-n", "2", "--dist", "worksteal", "tests/x.py", "-k", "undo")
    assert calls[3][0] == ("-m", "pytest", "--pdb")


def test_tests_get_postgresql_unless_they_do_without(
    dev: ModuleType, calls: list[tuple[tuple[str, ...], bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    dev.main(["test", "tests/x.py"])
    assert calls[0][0] == ("postgres",)
    calls.clear()
    monkeypatch.setenv(dev.NO_POSTGRES, "1")
    dev.main(["test", "tests/x.py"])
    assert calls[0][0][:2] == ("-m", "pytest")


@pytest.mark.parametrize(("variable", "more"), [("", ["--headless"]), ("DISPLAY", [])])
def test_server_brings_up_the_trial_in_the_checkout(
    dev: ModuleType,
    calls: list[tuple[tuple[str, ...], bool]],
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    more: list[str],
) -> None:
    monkeypatch.setattr(dev, "WINDOWS", False)
    if variable:
        monkeypatch.setenv(variable, ":0")
    assert dev.main(["server", "--reset"]) == 0
    folder = str(dev.ROOT / ".run")
    trial = ("-m", "diwi_desktop.trial", "--folder", folder, *more, "--reset")
    assert calls == [(("postgres",), False), (trial, bool(variable))]


def test_on_windows_the_trial_names_the_other_way(
    dev: ModuleType,
    calls: list[tuple[tuple[str, ...], bool]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(dev, "WINDOWS", True)
    with pytest.raises(SystemExit) as stopped:
        dev.main(["server"])
    assert stopped.value.code == 2
    assert calls == []
    assert "installer/server" in capsys.readouterr().err


def test_shots_needs_a_folder(dev: ModuleType, calls: list[tuple[tuple[str, ...], bool]]) -> None:
    with pytest.raises(SystemExit) as stopped:
        dev.main(["shots"])
    assert stopped.value.code == 2
    assert dev.main(["shots", "out"]) == 0
    assert calls == [(("-m", "diwi_desktop.gui.shots", "out"), False)]


def test_lint_runs_every_tool_and_fails_when_one_does(
    dev: ModuleType,
    calls: list[tuple[tuple[str, ...], bool]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ran: list[str] = []
    failing = {"ruff"}

    def captured(command: list[str]) -> subprocess.CompletedProcess[str]:
        name = Path(command[0]).name
        ran.append(name)
        return subprocess.CompletedProcess(command, int(name in failing), f"complaint of {name}\n", "")

    monkeypatch.setattr(dev, "captured", captured)
    assert dev.main(["lint"]) == 1
    assert ran == ["ruff", "ruff", "mypy", "lint-imports"]
    said = capsys.readouterr().out
    assert "complaint of ruff" in said
    assert "complaint of mypy" not in said

    failing.clear()
    assert dev.main(["lint"]) == 0


@pytest.mark.parametrize("failing", [None, "pyside6-lupdate", "pyside6-lrelease"])
def test_words_collects_and_then_compiles(
    dev: ModuleType,
    calls: list[tuple[tuple[str, ...], bool]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    failing: str | None,
) -> None:
    for place in ("diwi_desktop/gui/map/view.py", "ui/forms/settings.ui", "diwi_desktop/model/plan.py"):
        (dev.ROOT / place).parent.mkdir(parents=True, exist_ok=True)
        (dev.ROOT / place).touch()
    ran: dict[str, list[str]] = {}

    def captured(command: list[str]) -> subprocess.CompletedProcess[str]:
        program = Path(command[0]).name
        ran[program] = [argument.replace("\\", "/") for argument in command[1:]]
        return subprocess.CompletedProcess(command, int(program == failing), f"{program} speaks\n", "")

    monkeypatch.setattr(dev, "captured", captured)
    assert dev.main(["words"]) == (1 if failing else 0)
    assert list(ran) == ["pyside6-lupdate", "pyside6-lrelease"][: 1 if failing == "pyside6-lupdate" else 2]
    assert ran["pyside6-lupdate"][:2] == ["diwi_desktop/gui/map/view.py", "ui/forms/settings.ui"]
    assert ran["pyside6-lupdate"][-1] == "resources/translations/diwi_en.ts"
    assert "pyside6-lupdate speaks" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="a bash script")
@pytest.mark.parametrize(("lint", "test", "expected"), [(0, 0, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)], ids=str)
def test_ci_runs_both_whatever_the_first_says(tmp_path: Path, lint: int, test: int, expected: int) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    fake = tmp_path / "dev"
    fake.write_text(f'#!/bin/sh\necho "$1"\n[ "$1" = lint ] && exit {lint}\nexit {test}\n', encoding="utf-8")
    fake.chmod(0o755)
    done = subprocess.run([tmp_path / ".ci" / "run"], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["lint", "test"]
    assert done.returncode == expected
