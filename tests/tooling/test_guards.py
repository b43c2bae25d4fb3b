"""The guards of conftest.py bite: shown by running small test files under it in a process of their own."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run_inner(tmp_path: Path, source: str) -> subprocess.CompletedProcess[str]:
    """Runs `source` as a test file under a copy of the real conftest.py."""
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "conftest.py").write_text(
        (ROOT / "tests" / "conftest.py").read_text(encoding="utf-8"), encoding="utf-8"
    )
    (inner / "test_inner.py").write_text(source, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-c",
        str(ROOT / "pyproject.toml"),
        "--rootdir",
        str(ROOT),
        "-q",
    ]
    return subprocess.run(
        [*command, "-p", "no:cacheprovider", str(inner)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_unexpected_error_record_fails(tmp_path: Path) -> None:
    result = run_inner(
        tmp_path, "import logging\ndef test_a():\n    logging.getLogger('x').error('broken %s', 1)\n"
    )
    assert result.returncode == 1
    assert "ERROR x: broken 1" in result.stdout


def test_expected_error_record_passes(tmp_path: Path) -> None:
    result = run_inner(
        tmp_path,
        "import logging, pytest\n@pytest.mark.allow_error_log\ndef test_a():\n    logging.getLogger('x').error('broken')\n"
        "def test_warning_is_fine():\n    logging.getLogger('x').warning('careful')\n",
    )
    assert result.returncode == 0, result.stdout


def test_running_thread_fails(tmp_path: Path) -> None:
    result = run_inner(
        tmp_path,
        "from PySide6.QtCore import QThread\nkept = []\n"
        "def test_leaves_one():\n    kept.append(QThread())\n    kept[0].setObjectName('tiles')\n    kept[0].start()\n"
        "def test_ends_it():\n    t = QThread()\n    t.start()\n    t.quit()\n    assert t.wait(5000)\n",
    )
    assert result.returncode == 1
    assert "threads still running: tiles" in result.stdout
    assert "test_ends_it" not in result.stdout.split("short test summary")[-1]


def test_qt_warning_fails(tmp_path: Path) -> None:
    result = run_inner(tmp_path, "from PySide6.QtCore import qWarning\ndef test_a():\n    qWarning('odd')\n")
    assert result.returncode == 1
    assert "odd" in result.stdout


@pytest.mark.parametrize("kind", ["NativeFormat", "IniFormat"])
def test_settings_and_data_are_the_tests_own(tmp_path: Path, kind: str) -> None:
    from PySide6.QtCore import QSettings

    from diwi_desktop import assets

    settings = QSettings(getattr(QSettings.Format, kind), QSettings.Scope.UserScope, "DIWI", "Proef")
    assert Path(settings.fileName()).is_relative_to(tmp_path)
    assert assets.user_data_dir().is_relative_to(tmp_path)
