"""A process killed at any point of an edit or import leaves a store that opens, verifies and has all confirmed acts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROUNDS = int(os.environ.get("DIWI_CRASH_ROUNDS", "110"))


@pytest.mark.skipif(os.name == "nt", reason="needs fork and SIGKILL")
def test_a_store_survives_being_killed(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "tests.store.crash_farm", str(tmp_path / "a.diwi"), str(ROUNDS), "7"],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    result = json.loads(said.stdout.splitlines()[-1])
    assert result["rounds"] == ROUNDS
    assert result["wrong"] == []
    # The kills must fall both before and after acts were stored, or this would prove nothing.
    assert 0 < result["with_confirmed"] < ROUNDS
