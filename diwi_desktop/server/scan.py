"""Asking a virus scanner (ClamAV's clamd) about a file that came in, before anybody can fetch it.

The file goes over the scanner's socket (INSTREAM), so that the scanner needs no right to read `data_dir`.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from contextlib import closing

from diwi_desktop.server.problems import Busy, Problem

logger = logging.getLogger(__name__)

_PIECE = 1 << 16
_CONNECT_SECONDS, _SECONDS = 5.0, 120.0
_LONGEST_ANSWER = 4_096


class NotTaken(Problem):
    """403: the scanner found something in the file or could not look at all of it, or it is of a kind that is refused.
    It was thrown away.
    """

    status, code, title = 403, "not-taken", "This file is not taken"


def check(address: str, file: int) -> None:
    """Whether the scanner lets a file through; `file` is open, and read from its beginning.

    `address` is the path of a socket, or host:port. Raises NotTaken, and Busy when the scanner does not answer: then
    nothing is let through, and the sender comes back.
    """
    deadline = time.monotonic() + _SECONDS
    try:
        with closing(_connected(address)) as connection:
            connection.sendall(b"zINSTREAM\0")
            os.lseek(file, 0, os.SEEK_SET)
            while data := os.read(file, _PIECE):
                connection.settimeout(max(0.1, deadline - time.monotonic()))
                connection.sendall(len(data).to_bytes(4, "big") + data)
            connection.sendall(bytes(4))
            said = _answer(connection, deadline)
    except (OSError, ValueError) as error:
        logger.warning("the virus scanner does not answer: %s", type(error).__name__)
        raise Busy("The virus scanner does not answer.") from error
    if said == b"stream: OK":
        return
    if (said.startswith(b"stream: ") and said.endswith(b" FOUND")) or b"size limit" in said:
        raise NotTaken
    logger.warning("the virus scanner cannot scan")
    raise Busy("The virus scanner cannot scan.")


def _connected(address: str) -> socket.socket:
    host, mark, port = address.rpartition(":")
    if mark and port.isdecimal():
        return socket.create_connection((host, int(port)), _CONNECT_SECONDS)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(_CONNECT_SECONDS)
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


def _answer(connection: socket.socket, deadline: float) -> bytes:
    said = b""
    while not said.endswith(b"\0") and len(said) < _LONGEST_ANSWER:
        connection.settimeout(max(0.1, deadline - time.monotonic()))
        piece = connection.recv(_LONGEST_ANSWER)
        if not piece:
            break
        said += piece
    return said.rstrip(b"\0\n")
