"""A PostgreSQL of our own in a folder, reached through a Unix socket in it: no port, no password, no system service.

PostgreSQL refuses to run as root. Then the user `postgres`, whom its packages make, owns the cluster, in his own home,
because he cannot look into the folders of root.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from diwi_desktop.model.finding import UserError

OLDEST = 14  # the oldest that the server's tests run on
_USER = "postgres"
_LONGEST_FOLDER = 80  # the path of a Unix socket holds about a hundred signs
_SECONDS = "60"


class NoPostgres(UserError):
    """PostgreSQL with PostGIS is not there, or does not start."""

    code = "no_postgres"


def programs() -> Path | None:
    """The folder with initdb and pg_ctl, of the newest PostgreSQL there is; None without."""
    found = []
    for initdb in Path("/usr/lib/postgresql").glob("*/bin/initdb"):
        version = initdb.parents[1].name
        if re.fullmatch(r"\d+", version) and int(version) >= OLDEST:
            found.append((int(version), initdb.parent))
    if found:
        return max(found)[1]
    other = shutil.which("initdb")
    return Path(other).resolve().parent if other else None


class Cluster:
    """The cluster that belongs to a folder of ours. `start` makes it the first time; what it holds stays."""

    def __init__(self, folder: Path) -> None:
        self.folder = _place(folder)

    def url(self, database: str) -> str:
        """The address of a database, as the owner of everything in it."""
        return f"postgresql://{_USER}@/{database}?host={self.folder}"

    @property
    def is_running(self) -> bool:
        """Whether it answers: a file that a power cut left behind says nothing."""
        found = programs()
        if found is None or not self._exists:
            return False
        return self._run(found / "pg_ctl", "-D", self._data, "status")[0] == 0

    def start(self) -> None:
        """Starts it, new or as it was left. Raises NoPostgres."""
        found = programs()
        if found is None:
            raise NoPostgres(
                "PostgreSQL met PostGIS ontbreekt; installeer de pakketten postgresql en postgresql-postgis.",
                "PostgreSQL with PostGIS is missing; install the packages postgresql and postgresql-postgis.",
            )
        if self.is_running:
            return
        self._own_folder()
        if not self._exists:
            self._must(found / "initdb", "-A", "trust", "-U", _USER, "-E", "UTF8", "--locale=C.UTF-8", "-D", self._data)
        options = f"-c listen_addresses='' -c unix_socket_permissions=0700 -k {self.folder}"
        self._must(
            found / "pg_ctl", "-D", self._data, "-w", "-t", _SECONDS, "-l", self.folder / "log", "-o", options, "start"
        )

    def stop(self) -> None:
        """Stops it, keeping what it holds; nothing when it does not run. Raises NoPostgres."""
        found = programs()
        if found is not None and self.is_running:
            self._must(found / "pg_ctl", "-D", self._data, "-m", "fast", "-w", "-t", _SECONDS, "stop")

    def remove(self) -> None:
        """Stops it and throws it away. Raises NoPostgres, OSError."""
        self.stop()
        if self.folder.exists():
            shutil.rmtree(self.folder)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _exists(self) -> bool:
        return (self._data / "PG_VERSION").exists()

    def _own_folder(self) -> None:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.geteuid() == 0:
                shutil.chown(self.folder, _USER, _USER)
            elif self.folder.stat().st_uid != os.geteuid():  # somebody else's, in the folder that all share
                raise PermissionError(self.folder)
        except (OSError, LookupError) as error:
            raise _failed(str(error)) from error

    def _must(self, *command: str | Path) -> None:
        status, said = self._run(*command)
        if status != 0:
            raise _failed(" ".join(said.split())[-500:])

    def _run(self, *command: str | Path) -> tuple[int, str]:
        prefix = ["runuser", "-u", _USER, "--"] if os.geteuid() == 0 else []
        # Files instead of pipes: the server that pg_ctl leaves behind would keep a pipe open.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
            done = subprocess.run(
                [*prefix, *map(str, command)], cwd="/", stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False
            )
            said.seek(0)
            return done.returncode, said.read()


def _place(folder: Path) -> Path:
    """Where the cluster of a folder is: in it, unless PostgreSQL cannot work there."""
    name = "diwi-" + hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:8]
    if os.geteuid() == 0:
        import pwd

        try:
            return Path(pwd.getpwnam(_USER).pw_dir) / name
        except KeyError:
            return folder  # without PostgreSQL's packages, which `start` will say
    inside = folder.resolve() / "postgres"
    return inside if len(str(inside)) <= _LONGEST_FOLDER else Path(tempfile.gettempdir(), f"{name}-{os.geteuid()}")


def _failed(why: str) -> NoPostgres:
    return NoPostgres(f"PostgreSQL start niet: {why}", f"PostgreSQL does not start: {why}")
