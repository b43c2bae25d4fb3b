"""A virus scanner looks at a document before anybody can fetch it: clamd's own words, from a stand-in on a socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from diwi_desktop.server import scan
from diwi_desktop.server.problems import Busy
from diwi_desktop.server.settings import Settings
from tests.server.harness import Laptop, Register
from tests.server.making import project
from tests.server.test_documents import CONTENT, HASH, attach, put

BAD = b"a file with EICAR in it"


@dataclass
class Clamd:
    """`says`: what it answers to all; without that it looks for the word EICAR."""

    path: str
    says: bytes = b""
    seen: list[bytes] = field(default_factory=list)

    def serve(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with closing(connection), connection.makefile("rb") as lines, suppress(OSError):
                    assert lines.read(10) == b"zINSTREAM\0"
                    data = b""
                    while length := int.from_bytes(lines.read(4), "big"):
                        data += lines.read(length)
                    self.seen.append(data)
                    found = b"stream: Eicar-Signature FOUND\0" if b"EICAR" in data else b"stream: OK\0"
                    connection.sendall(self.says or found)


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[Clamd]:
    made = Clamd(str(tmp_path / "clamd.ctl"))
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as listener:
        listener.bind(made.path)
        listener.listen()
        thread = threading.Thread(target=made.serve, args=(listener,), daemon=True)
        thread.start()
        yield made
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


@pytest.fixture
def settings(database_url: str, tmp_path: Path, clamd: Clamd) -> Settings:
    return Settings(database_url=database_url, data_dir=tmp_path / "server-data", connections=8, clamd=clamd.path)


@pytest.fixture
def jan(register: Register) -> Laptop:
    return register.laptop()


def files(laptop: Laptop) -> list[str]:
    folder = laptop.register.server.app.state.settings.data_dir / "documents"
    return [one.name for one in folder.rglob("*") if one.is_file()]


def test_a_clean_file_is_taken_and_a_bad_one_thrown_away(jan: Laptop, clamd: Clamd) -> None:
    one = project(jan)
    jan.push(*one.changes)
    attach(jan, one.id)
    bad = attach(jan, one.id, BAD, name="Offerte")
    assert put(jan, CONTENT, 0, 4000) == (202, "4000")
    assert clamd.seen == []  # only what is whole
    assert put(jan, CONTENT, 4000, len(CONTENT)) == (201, str(len(CONTENT)))
    assert clamd.seen == [CONTENT]
    assert put(jan, BAD, 0, len(BAD), bad)[0] == 403
    assert jan.ask("GET", f"/documents/{bad}/content").status_code == 404
    assert jan.ask("HEAD", f"/documents/{bad}/content").headers["upload-offset"] == "0"
    assert files(jan) == [HASH]


@pytest.mark.parametrize(("says", "status"), [
    (b"INSTREAM size limit exceeded. ERROR\0", 403), (b"stream: Can't allocate memory ERROR\0", 503),
    (b"x" * 9000, 503), (b"\0", 503),
])  # fmt: skip
def test_what_was_not_looked_at_is_not_taken(jan: Laptop, clamd: Clamd, says: bytes, status: int) -> None:
    one = project(jan)
    jan.push(*one.changes)
    attach(jan, one.id)
    clamd.says = says
    assert put(jan, CONTENT, 0, len(CONTENT))[0] == status
    assert jan.ask("GET", f"/documents/{HASH}/content").status_code == 404
    clamd.says = b""
    at = int(jan.ask("HEAD", f"/documents/{HASH}/content").headers["upload-offset"])
    assert put(jan, CONTENT, min(at, len(CONTENT) - 1), len(CONTENT))[0] == 201  # comes back and goes on


@pytest.mark.parametrize("address", ["/nergens/clamd.ctl", "127.0.0.1:1", "nergens.invalid:3310", ""])
def test_a_scanner_that_does_not_answer_is_no_clean_file(tmp_path: Path, address: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x")
    with file.open("rb") as handle, pytest.raises(Busy):
        scan.check(address, handle.fileno())
