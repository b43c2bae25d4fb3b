"""The command `diwi-server` on a database of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from diwi_desktop.model.clock import FixedClock
from diwi_desktop.server import cli
from tests import postgres
from tests.server.harness import NOON

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def empty_url(cluster: postgres.Cluster) -> Iterator[str]:
    """A database with nothing in it."""
    name = f"e{uuid4().hex[:20]}"
    cluster.execute(f'CREATE DATABASE "{name}"')
    try:
        yield cluster.url(name)
    finally:
        cluster.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def settings_file(empty_url: str, tmp_path: Path) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text(
        f'database_url = "{empty_url}"\ndata_dir = "{tmp_path / "data"}"\npublic_url = "https://diwi.example"\n'
        'trusted_proxies = ["127.0.0.1"]\n',
        encoding="utf-8",
    )
    path.chmod(0o600)
    return path


@pytest.fixture
def run(settings_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """run("init", ...) -> (exit status, output, errors)"""
    monkeypatch.setenv("DIWI_SERVER_SETTINGS", str(settings_file))

    def command(*arguments: str, lang: str = "nl") -> tuple[int, str, str]:
        capsys.readouterr()
        status = cli.main(["--lang", lang, *arguments], clock=FixedClock(NOON))
        said = capsys.readouterr()
        return status, said.out, said.err

    return command


@pytest.fixture
def ready(run: Run) -> Run:
    """After `init` for Duinwijk."""
    status, _, error = run("init", "--code", "0999", "--name", "Duinwijk", "--email", "b@duinwijk.nl")
    assert (status, error) == (0, "")
    return run


@pytest.fixture
def sql(empty_url: str) -> Callable[..., list[tuple[object, ...]]]:
    """A statement as the owner of the database."""

    def execute(statement: str, *given: object) -> list[tuple[object, ...]]:
        with psycopg.connect(empty_url, autocommit=True) as connection:
            done = connection.execute(statement.encode(), given)
            return done.fetchall() if done.description else []

    return execute
