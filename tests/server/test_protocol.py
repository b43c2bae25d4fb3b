"""docs/protocol.md says what the server really does."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from diwi_desktop.changes import messages
from diwi_desktop.server import pull
from diwi_desktop.server.accounts import sessions
from diwi_desktop.server.accounts.passwords import Passwords
from diwi_desktop.server.problems import Problem
from diwi_desktop.server.settings import Settings
from tests.server import protocol
from tests.server.harness import Server

PAGE = Path(__file__).resolve().parents[2] / "docs" / "protocol.md"
_EXAMPLE = re.compile(r"<!-- example: ([a-z-]+) -->\n(?:```http\n(.*?)\n```\n)?", re.DOTALL)


@pytest.fixture
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def test_the_examples_are_what_the_server_answers(server: Server, page: str) -> None:
    server.app.state.authenticate = sessions.authenticate
    server.app.state.accounts.passwords = Passwords(memory_kib=64, rounds=1)
    said = protocol.hold(server)
    if os.environ.get("DIWI_WRITE_PROTOCOL") == "1":
        page = _EXAMPLE.sub(
            lambda found: f"<!-- example: {found[1]} -->\n```http\n{said[found[1]].text()}\n```\n", page
        )
        PAGE.write_text(page, encoding="utf-8")
    shown = {found[1]: found[2] for found in _EXAMPLE.finditer(page)}
    assert shown == {name: said[name].text() for name in shown}
    assert len(shown) > 20


def test_every_address_is_on_the_page(server: Server, page: str) -> None:
    """By what comes after the register; addresses that the page joins with a comma count too."""
    for path in server.app.openapi()["paths"]:
        tail = path.removeprefix("/v1/registers/{register}")
        found = re.escape(tail).replace(r"\{", "{").replace(r"\}", "}")
        found = re.sub(r"{(register|sha256)}", r"(?:{\1}|[0-9a-f-]+)", found)
        assert re.search(found, page), path


def test_every_problem_is_on_the_page(page: str) -> None:
    kinds, codes = [Problem], set()
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        codes.add((kind.status, kind.code))
    for status, code in codes:
        assert re.search(rf"^\| {status} \|.*`{code}`", page, re.MULTILINE), code


def test_the_limits_are_those_of_the_code(page: str) -> None:
    settings = Settings()
    limits = (messages.MOST_CHANGES, messages.MOST_BYTES, settings.document_piece, settings.largest_document)
    for limit in (*limits, pull._MOST_RANGES, settings.requests_per_minute):
        assert f"{limit:,}" in page.partition("## Limits")[2].partition("## Versions")[0]
    assert f"now {messages.SCHEMA}." in page
