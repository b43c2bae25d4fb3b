"""Killed at any point - a laptop, the server, its database connections - nothing is lost and all come to the same."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from diwi_desktop.model.codes import UserRole
from tests.proof.machine import DEVICES, shared
from tests.proof.world import Stage

ROUNDS = {
    "laptop": int(os.environ.get("DIWI_PROOF_KILLS", "25")),
    "server": int(os.environ.get("DIWI_PROOF_SERVER_KILLS", "3")),
    "database": int(os.environ.get("DIWI_PROOF_SERVER_KILLS", "3")),
}


@pytest.mark.skipif(os.name == "nt", reason="needs fork and SIGKILL")
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("kind", ROUNDS)
def test_nothing_is_lost_when_something_is_killed(kind: str, proof_stage: Stage, tmp_path: Path) -> None:
    world = proof_stage.world()
    world.add_people({"anna": UserRole.USER_PLUS, "bram": UserRole.USER_PLUS})
    world.seed(shared())
    laptops = [
        {"person": person, "device": device, "token": world.token(person, device)}
        for person, device in (("anna", DEVICES[0]), ("bram", DEVICES[1]))
    ]
    sessions = {one["token"]: dataclasses.asdict(world.state.sessions[one["token"]]) for one in laptops}
    given: dict[str, Any] = {
        "url": world.url, "register": world.register, "people": world.people, "laptops": laptops,
        "sessions": sessions, "folder": str(tmp_path),
    }  # fmt: skip
    world.close()
    said = subprocess.run(
        [sys.executable, "-m", "tests.proof.kill_farm", kind, str(ROUNDS[kind]), "7"],
        input=json.dumps(given) + "\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr[-3000:]
    result = json.loads(said.stdout.splitlines()[-1])
    assert result["wrong"] == []
    assert result["rounds"] == ROUNDS[kind]
    if kind == "laptop":
        # Some kills before anything was stored, some after; some with work that waited: else this proves little.
        assert result["with_acts"] > 0
        assert result["in_the_middle"] > 0
