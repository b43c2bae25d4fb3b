"""How uvicorn speaks HTTP here."""

from __future__ import annotations

import asyncio
import socket

from uvicorn.protocols.http.auto import AutoHTTPProtocol


class Prompt(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # the class that uvicorn picks when it is imported
    """Answers leave at once.

    asyncio sees to that itself only for sockets that it made; those that workers share it leaves to wait for an
    acknowledgement, 40 ms per answer.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:
        connection = transport.get_extra_info("socket")
        if connection is not None and connection.family in (socket.AF_INET, socket.AF_INET6):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)
