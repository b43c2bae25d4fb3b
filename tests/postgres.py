"""PostgreSQL with PostGIS for tests: one cluster for a test session, shared by its workers, a database for each test.

The cluster has no durability at all and listens on a Unix socket only. Without PostgreSQL the tests that need it fail;
with DIWI_NO_POSTGRES=1 they skip, saying so.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from diwi_desktop.server import migrations

_FASTEST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "''",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "autovacuum_naptime": "10min",
    "log_min_messages": "panic",
}
_TEMPLATE = "diwi_template"
SKIP = "DIWI_NO_POSTGRES=1: no PostgreSQL on this machine"


def programs() -> Path | None:
    """The folder with initdb and the rest, the newest version of at least 14; None without PostgreSQL."""
    found = []
    for initdb in Path("/usr/lib/postgresql").glob("*/bin/initdb"):
        version = re.fullmatch(r"\d+", initdb.parents[1].name)
        if version and int(version[0]) >= 14:
            found.append((int(version[0]), initdb.parent))
    if found:
        return max(found)[1]
    other = shutil.which("initdb")
    return Path(other).resolve().parent if other else None


def version() -> int:
    """The version of PostgreSQL here; 0 without one, or when its folder does not tell."""
    found = programs()
    name = found.parent.name if found is not None else ""
    return int(name) if name.isdecimal() else 0


class Cluster:
    """A running cluster in a folder of its own under /tmp: the path of a Unix socket must be short."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def start(cls, owner: int) -> Cluster:
        """A new cluster, stopped and removed at the end or, if the session is killed, by a later one."""
        bin_folder = programs()
        assert bin_folder is not None
        _sweep()
        folder = Path(tempfile.mkdtemp(prefix="diwipg", dir="/tmp"))
        (folder / "owner").write_text(str(owner), encoding="ascii")
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        cluster = cls(folder)
        data = folder / "data"
        _as_postgres(str(bin_folder / "initdb"), "--no-sync", "-A", "trust", "-U", "postgres", "-E", "UTF8",
                     "--locale=C.UTF-8", "-D", str(data))  # fmt: skip
        options = " ".join(f"-c {key}={value}" for key, value in _FASTEST.items())
        _as_postgres(str(bin_folder / "pg_ctl"), "-D", str(data), "-w", "-t", "60", "-l", str(folder / "log"), "-o",
                     f"{options} -k {folder}", "start")  # fmt: skip
        try:
            cluster.execute(f"CREATE DATABASE {_TEMPLATE}")
            migrations.upgrade(cluster.url(_TEMPLATE))
        except Exception:
            cluster.stop()
            raise
        return cluster

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    @contextmanager
    def database(self, name: str, *, template: str = _TEMPLATE) -> Iterator[str]:
        """The address of a fresh copy of the template, dropped afterwards."""
        # Two workers cannot copy one template at the same moment.
        with (self.folder / "copying").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.execute(f'CREATE DATABASE "{name}" TEMPLATE {template}')
        try:
            yield self.url(name)
        finally:
            self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def stop(self) -> None:
        bin_folder = programs()
        assert bin_folder is not None
        _as_postgres(str(bin_folder / "pg_ctl"), "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


def _as_postgres(*command: str) -> None:
    """Run as any user but root, which PostgreSQL refuses."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run([*prefix, *command], cwd="/tmp", capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def _sweep() -> None:
    """Stop and remove the clusters of test sessions that were killed."""
    for mark in Path("/tmp").glob("diwipg*/owner"):
        owner = mark.read_text(encoding="ascii")
        if owner.isdigit() and not Path(f"/proc/{owner}").exists() and mark.stat().st_uid == os.geteuid():
            try:
                Cluster(mark.parent).stop()
            except RuntimeError:  # it had not started, or has stopped by itself
                shutil.rmtree(mark.parent, ignore_errors=True)


@contextmanager
def shared(folder: Path, owner: int) -> Iterator[Cluster]:
    """The cluster of this test session: the first worker starts it, the last one stops it."""
    if programs() is None and os.environ.get("DIWI_NO_POSTGRES") == "1":
        pytest.skip(SKIP)
    if programs() is None:
        pytest.fail("PostgreSQL with PostGIS is missing; DIWI_NO_POSTGRES=1 leaves these tests out", pytrace=False)
    state = folder / "postgres"
    with (folder / "postgres.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        users, place = state.read_text(encoding="utf-8").split("\n") if state.exists() else ("0", "")
        cluster = Cluster(Path(place)) if int(users) else Cluster.start(owner)
        state.write_text(f"{int(users) + 1}\n{cluster.folder}", encoding="utf-8")
    try:
        yield cluster
    finally:
        with (folder / "postgres.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            users, place = state.read_text(encoding="utf-8").split("\n")
            state.write_text(f"{int(users) - 1}\n{place}", encoding="utf-8")
            if int(users) == 1:
                cluster.stop()
