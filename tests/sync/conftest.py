"""The server's own fixtures, for tests of a store against a real server."""

from tests.server.conftest import (
    clock,
    cluster,
    database_url,
    live_server,
    make_register,
    make_session,
    register,
    server,
    settings,
)
from tests.sync.real import desk

__all__ = [
    "clock",
    "cluster",
    "database_url",
    "desk",
    "live_server",
    "make_register",
    "make_session",
    "register",
    "server",
    "settings",
]
