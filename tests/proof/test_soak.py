"""Ten clients at once for a while, with a bad network: they end equal."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from diwi_desktop.model.codes import UserRole
from tests.proof.machine import shared
from tests.proof.world import Stage

SECONDS = float(os.environ.get("DIWI_PROOF_SOAK", "120"))
CLIENTS = 10
ROLES = {
    "anna": UserRole.USER_PLUS,
    "bram": UserRole.USER,
    "carla": UserRole.USER_PLUS,
    "dirk": UserRole.COUNCIL,
    "els": UserRole.EXTERNAL,
}


@pytest.mark.timeout(7200)
def test_ten_clients_end_equal(proof_stage: Stage, tmp_path: Path) -> None:
    world = proof_stage.world()
    world.add_people(ROLES)
    world.seed(shared())
    people = [*ROLES] * 2
    laptops = []
    for number in range(CLIENTS):
        device = f"{number + 1:08x}-2222-4222-8222-222222222222"
        laptops.append({"person": people[number], "device": device, "token": world.token(people[number], device)})
    sessions = {one["token"]: dataclasses.asdict(world.state.sessions[one["token"]]) for one in laptops}
    given = {
        "url": world.url, "register": world.register, "people": world.people, "laptops": laptops,
        "sessions": sessions, "folder": str(tmp_path),
    }  # fmt: skip
    world.close()
    said = subprocess.run(
        [sys.executable, "-m", "tests.proof.soak", str(SECONDS), os.environ.get("DIWI_PROOF_SEED", "1")],
        input=json.dumps(given) + "\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr[-3000:]
    result = json.loads(said.stdout.splitlines()[-1])
    print(result)
    assert result["wrong"] == [], result
    assert result["clients"] == CLIENTS
    assert result["edits"] > CLIENTS
    assert result["faults"] > 0
