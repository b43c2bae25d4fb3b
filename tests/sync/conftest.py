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

__all__ = [
    "clock",
    "cluster",
    "database_url",
    "live_server",
    "make_register",
    "make_session",
    "register",
    "server",
    "settings",
]
