"""Steps of the database, forward only."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

_SCHEMES = ("postgresql://", "postgres://")


def _config(database_url: str) -> Config:
    url = database_url
    for scheme in _SCHEMES:
        if url.startswith(scheme):
            url = "postgresql+psycopg://" + url.removeprefix(scheme)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = url
    return config


def upgrade(database_url: str, revision: str = "head") -> None:
    """Bring the database to this version of the server, or to a named step. Does nothing when it is there."""
    command.upgrade(_config(database_url), revision)


def revisions() -> list[str]:
    """The steps, oldest first."""
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(_config(""))
    return [step.revision for step in reversed(list(script.walk_revisions()))]
