"""A process killed while it brings an older store up to date leaves it old or new, never broken, and the copy stays.

Run as `python -m tests.store.test_migration_kill FOLDER ROUNDS SEED` it does the killing and prints one line of JSON.
POSIX only (fork and SIGKILL).
"""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from diwi_desktop.store import driver, schema
from diwi_desktop.store.plans import plans
from diwi_desktop.store.verify import verify
from tests.stores import reopen

FROZEN = Path(__file__).parent / "frozen" / "version-1.diwi"
ROUNDS = int(os.environ.get("DIWI_MIGRATION_ROUNDS", "60"))


@pytest.mark.skipif(os.name == "nt", reason="needs fork and SIGKILL")
def test_a_store_survives_a_kill_while_it_is_brought_up_to_date(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "tests.store.test_migration_kill", str(tmp_path), str(ROUNDS), "7"],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    result = json.loads(said.stdout.splitlines()[-1])
    assert result["wrong"] == []
    assert result["old"] + result["new"] == ROUNDS
    # The kills must fall on both sides of the step, or this would prove nothing.
    assert result["old"] > 0
    assert result["new"] > 0


def version_of(path: Path) -> int:
    """The version of a store as SQLite itself recovers it. Raises the driver's errors."""
    connection = driver.module().connect(str(path))
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()


def log_of(path: Path) -> list[tuple[object, ...]]:
    """Acts and changes, in the form that all versions share."""
    connection = driver.connect(path, read_only=True)
    try:
        acts = connection.execute("SELECT seq, id, name, made_at FROM act ORDER BY seq").fetchall()
        columns = "act_seq, kind, entity, field, old, new"
        return acts + connection.execute(f"SELECT {columns} FROM change ORDER BY {columns}").fetchall()
    finally:
        connection.close()


def upgrade(path: Path, out: int) -> None:
    os.write(out, b"start")
    reopen(path).close()
    os.write(out, b"done")


def killed(path: Path, after: float) -> None:
    """Bring a store up to date in a child process that is killed so many seconds after it began."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            upgrade(path, write)
        finally:
            os._exit(0)
    os.close(write)
    os.read(read, 5)
    until = time.monotonic() + after
    while (left := until - time.monotonic()) > 0 and not select.select([read], [], [], left)[0]:
        pass
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(read)


def main(folder: Path, rounds: int, seed: int) -> dict[str, object]:
    """Kill `rounds` times; every time the store is of one version or the other, and opens with all that was in it."""
    rng = random.Random(seed)
    before = log_of(FROZEN)
    measured = folder / "meten.diwi"
    shutil.copy(FROZEN, measured)
    began = time.monotonic()
    reopen(measured).close()
    longest = 1.1 * (time.monotonic() - began)
    wrong: list[str] = []
    found = {1: 0}
    for number in range(rounds):
        room = folder / str(number)
        room.mkdir()
        path, copy = room / "oud.diwi", room / "oud.versie-1.diwi"
        shutil.copy(FROZEN, path)
        killed(path, rng.random() * longest)
        version = version_of(path)
        found[version] = found.get(version, 0) + 1
        longest *= 1.1 if version == 1 else 0.95  # what was measured holds for a machine as busy as it was then
        if version != 1 and not copy.exists():
            wrong.append(f"round {number}: no copy was kept")
        if copy.exists() and (version_of(copy) != 1 or log_of(copy) != before):
            wrong.append(f"round {number}: the copy is not what was there")
        with reopen(path) as store:
            wrong += [f"round {number}: {line}" for line in verify(store)]
            names = [plan.name for plan in plans(store)]
        if version_of(path) != schema.VERSION or names != ["De Hoek"] or log_of(path) != before:
            wrong.append(f"round {number}: {names} came out of version {version}")
        if not copy.exists() or version_of(copy) != 1 or log_of(copy) != before:
            wrong.append(f"round {number}: the copy is gone or changed after the second try")
        shutil.rmtree(room)
    return {"old": found.pop(1), "new": sum(found.values()), "wrong": wrong}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
