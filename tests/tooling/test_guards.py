"""The guards of conftest.py bite: shown by running small test files under it in a process of their own."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from diwi_desktop import assets

ROOT = Path(__file__).resolve().parents[2]


def run_inner(tmp_path: Path, source: str) -> subprocess.CompletedProcess[str]:
    """Runs `source` as a test file under a copy of the real conftest.py."""
    inner = tmp_path / "inner"
    inner.mkdir()
    shutil.copy(ROOT / "tests" / "conftest.py", inner)
    (inner / "test_inner.py").write_text(source, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT)]
    command += ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", str(inner)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_unexpected_error_record_fails(tmp_path: Path) -> None:
    result = run_inner(
        tmp_path,
        """
import logging

def test_a():
    logging.getLogger("x").error("broken %s", 1)
""",
    )
    assert result.returncode == 1
    assert "ERROR x: broken 1" in result.stdout


def test_expected_error_record_passes(tmp_path: Path) -> None:
    result = run_inner(
        tmp_path,
        """
import logging, pytest

@pytest.mark.allow_error_log
def test_a():
    logging.getLogger("x").error("broken")

def test_warning_is_fine():
    logging.getLogger("x").warning("careful")
""",
    )
    assert result.returncode == 0, result.stdout


def test_running_thread_fails(tmp_path: Path) -> None:
    result = run_inner(
        tmp_path,
        """
from PySide6.QtCore import QThread

kept = []

def test_leaves_one():
    kept.append(QThread())
    kept[0].setObjectName("tiles")
    kept[0].start()

def test_ends_it():
    thread = QThread()
    thread.start()
    thread.quit()
    assert thread.wait(5000)
""",
    )
    assert result.returncode == 1
    assert "threads still running: tiles" in result.stdout
    assert "test_ends_it" not in result.stdout.split("short test summary")[-1]


def test_qt_warning_fails(tmp_path: Path) -> None:
    result = run_inner(
        tmp_path,
        """
from PySide6.QtCore import qWarning

def test_a():
    qWarning("odd")
""",
    )
    assert result.returncode == 1
    assert "odd" in result.stdout


@pytest.mark.parametrize("kind", ["NativeFormat", "IniFormat"])
def test_settings_and_data_are_the_tests_own(tmp_path: Path, kind: str) -> None:
    settings = QSettings(getattr(QSettings.Format, kind), QSettings.Scope.UserScope, "DIWI", "Proef")
    assert Path(settings.fileName()).is_relative_to(tmp_path)
    assert assets.user_data_dir().is_relative_to(tmp_path)
