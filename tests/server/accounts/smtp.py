"""A mail server to try against: on 127.0.0.1, as much of SMTP (RFC 5321) as it takes, each connection on a thread."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class MailServer:
    """`refuse`: a command that is answered with 550; `silent`: nothing is said; `drip`: an answer a sign at a time."""

    port: int = 0
    tls: ssl.SSLContext | None = None  # offered as STARTTLS, or spoken at once with `at_once`
    at_once: bool = False
    refuse: str = ""
    drip: bool = False
    letters: list[tuple[str, list[str], EmailMessage]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    talks: list[threading.Thread] = field(default_factory=list)

    def serve(self, listener: socket.socket) -> None:
        while not self.stop.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            talk = threading.Thread(target=self._talk, args=(connection,), daemon=True)
            talk.start()
            self.talks.append(talk)

    def _talk(self, connection: socket.socket) -> None:
        with ExitStack() as stack, suppress(OSError, ValueError):
            stack.callback(connection.close)
            connection.settimeout(20)
            if self.at_once and self.tls:
                connection = stack.enter_context(self.tls.wrap_socket(connection, server_side=True))
            self._session(connection, stack)

    def _session(self, connection: socket.socket, stack: ExitStack) -> None:
        if self.drip:
            while not self.stop.wait(0.05):
                connection.sendall(b"2")
            return
        lines = stack.enter_context(connection.makefile("rb"))
        sender, to, encrypted = "", [], self.at_once
        connection.sendall(b"220 post\r\n")
        while line := lines.readline():
            text = line.decode().strip()
            word = text.split(":")[0].split(" ")[0].upper()
            self.said.append(text)
            if word == self.refuse:
                connection.sendall(b"550 <victim@example.nl> not here\r\n")
            elif word == "EHLO":
                more = ["STARTTLS"] if self.tls and not encrypted else []
                offers = ["post", *more, "AUTH PLAIN"]
                connection.sendall("".join(
                    f"250{'-' if n < len(offers) - 1 else ' '}{one}\r\n" for n, one in enumerate(offers)
                ).encode())  # fmt: skip
            elif word == "STARTTLS" and self.tls:
                connection.sendall(b"220 go\r\n")
                connection = stack.enter_context(self.tls.wrap_socket(connection, server_side=True))
                lines, encrypted = stack.enter_context(connection.makefile("rb")), True
            elif word == "AUTH":
                connection.sendall(b"235 in\r\n")
            elif word == "MAIL":
                sender = text.partition("<")[2].partition(">")[0]
                connection.sendall(b"250 ok\r\n")
            elif word == "RCPT":
                to.append(text.partition("<")[2].partition(">")[0])
                connection.sendall(b"250 ok\r\n")
            elif word == "DATA":
                connection.sendall(b"354 go\r\n")
                body = b""
                while not body.endswith(b"\r\n.\r\n"):
                    body += lines.readline()
                found = message_from_bytes(body[:-3], policy=policy.default)
                assert isinstance(found, EmailMessage)
                self.letters.append((sender, to, found))
                sender, to = "", []
                connection.sendall(b"250 taken\r\n")
            elif word == "QUIT":
                connection.sendall(b"221 bye\r\n")
                return
            else:
                connection.sendall(b"502 what\r\n")


@contextmanager
def mail_server(server: MailServer) -> Iterator[MailServer]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server.port = listener.getsockname()[1]
        thread = threading.Thread(target=server.serve, args=(listener,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.stop.set()
            listener.shutdown(socket.SHUT_RDWR)
    for one in [thread, *server.talks]:
        one.join(5)
