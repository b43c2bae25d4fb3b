"""A laptop that dies at the begin or the end of every transaction of a synchronisation, and is switched on again."""

from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
from pathlib import Path

from diwi_desktop.store import outbox
from diwi_desktop.store.verify import verify
from diwi_desktop.sync.runner import Runner
from tests.stores import add, de_hoek
from tests.sync.laptops import Laptop
from tests.sync.test_runner import Link, Pair, same
from tests.sync.test_two_laptops import content, server_content


def test_killed_at_every_transaction_it_goes_on(tmp_path: Path) -> None:
    start = tmp_path / "start"
    start.mkdir()
    pair = Pair(start)
    add(pair.a.store, de_hoek(), "a")
    same(pair)
    for laptop in (pair.a, pair.b):
        with laptop.store.inside() as connection:
            id = connection.execute("SELECT id FROM project").fetchone()[0]
        with laptop.store.act("Wijzigen") as act:
            act.set("project", id, "name", laptop.person[:4])
    add(pair.b.store, de_hoek(), "b")
    pair.run(pair.a)
    pair.close()
    (start / "server").write_bytes(pickle.dumps(pair.server))
    for last in range(1, 60):
        folder = tmp_path / str(last)
        shutil.copytree(start, folder)
        died = subprocess.run(
            [sys.executable, "-m", "tests.sync.killed", str(folder), str(last)],
            check=False,
            capture_output=True,
            text=True,
        )
        assert died.returncode in (0, 9), died.stderr
        server = pickle.loads((folder / "server").read_bytes())
        laptop = Laptop.again(folder / "b.diwi", server)
        assert verify(laptop.store) == []
        assert Runner(laptop.store, Link(laptop)).run().problem is None
        assert outbox.count(laptop.store) == 0
        assert content(laptop) == server_content(laptop)
        assert verify(laptop.store) == []
        laptop.store.close()
        shutil.rmtree(folder)
        if died.returncode == 0:
            break
    assert last > 4
