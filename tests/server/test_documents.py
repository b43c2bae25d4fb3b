"""The content of documents, and who is where."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from diwi_desktop.changes.messages import SCHEMA, PullRequest
from tests.server.harness import Laptop, Register
from tests.server.making import changed, made, project

CONTENT = bytes(range(256)) * 40
HASH = sha256(CONTENT).hexdigest()


def attach(laptop: Laptop, plan: str, content: bytes = CONTENT, **values: object) -> str:
    """A document under a project; its hash."""
    hash_ = sha256(content).hexdigest()
    row = {"project_id": plan, "name": "Brief", "kind": "OVERIG", "sha256": hash_, "size": len(content), **values}
    assert not laptop.push(made("document", laptop.new_id(), plan, row)).acts[0].others
    return hash_


def put(laptop: Laptop, content: bytes, start: int, stop: int, hash_: str = HASH, total: int = 0) -> tuple[int, str]:
    headers = {"Content-Range": f"bytes {start}-{stop - 1}/{total or len(content)}"}
    response = laptop.ask("PUT", f"/documents/{hash_}/content", content=content[start:stop], headers=headers)
    return response.status_code, response.headers.get("upload-offset", "")


@pytest.fixture
def jan(register: Register) -> Laptop:
    return register.laptop()


@pytest.fixture
def plan(jan: Laptop) -> str:
    one = project(jan)
    jan.push(*one.changes)
    attach(jan, one.id)
    return one.id


@pytest.mark.usefixtures("plan")
def test_a_document_goes_up_in_pieces_and_comes_down_in_pieces(register: Register, jan: Laptop) -> None:
    path = f"/documents/{HASH}/content"
    assert jan.ask("HEAD", path).headers["upload-offset"] == "0"
    assert jan.ask("GET", path).status_code == 404
    assert put(jan, CONTENT, 0, 4000) == (202, "4000")
    assert jan.ask("HEAD", path).headers["upload-offset"] == "4000"
    assert put(jan, CONTENT, 3000, 5000) == (202, "5000")  # what was there may come again
    assert put(jan, CONTENT, 6000, 7000) == (416, "5000")
    assert put(jan, CONTENT, 5000, len(CONTENT)) == (201, str(len(CONTENT)))
    assert put(jan, CONTENT, 0, 10) == (201, str(len(CONTENT)))
    an = register.laptop(name="An")
    whole = an.ask("GET", path)
    assert whole.content == CONTENT
    assert whole.headers["content-disposition"].startswith("attachment")
    assert an.ask("GET", path, headers={"Range": "bytes=10-19"}).content == CONTENT[10:20]
    files = [one for one in (register.server.app.state.settings.data_dir / "documents").rglob("*") if one.is_file()]
    assert [one.name for one in files] == [HASH]


def refused(laptop: Laptop, content: bytes, hash_: str) -> str:
    """The code of the problem with which a whole file is not taken."""
    answer = laptop.ask("PUT", f"/documents/{hash_}/content", content=content)
    assert answer.status_code == 403, answer.text
    assert answer.json()["nl"]
    return str(answer.json()["type"]).removeprefix("urn:diwi:problem:")


def test_a_file_is_what_its_name_says_and_no_program(register: Register, jan: Laptop, plan: str) -> None:
    """ASVS 5.2.2. What is not taken leaves nothing behind, and others go on."""
    for name, content in {
        "Brief.pdf": b"geen brief", "Foto.JPG": b"\x89PNG\r\n\x1a\n", "Plan.docx": b"<html>", "Nuttig.exe": b"tekst",
        "Notitie": b"\x7fELF programma",
    }.items():  # fmt: skip
        hash_ = attach(jan, plan, content, name=name)
        assert refused(jan, content, hash_) == "not-taken", name
        head = jan.ask("HEAD", f"/documents/{hash_}/content")
        assert head.headers["upload-offset"] == "0"
        assert jan.ask("GET", f"/documents/{hash_}/content").status_code == 404
    for name, content in {"Besluit.pdf": b"%PDF-1.7 besluit", "Schets.onbekend": b"schets", "Blad": b"blad"}.items():
        hash_ = attach(jan, plan, content, name=name)
        assert jan.ask("PUT", f"/documents/{hash_}/content", content=content).status_code == 201, name
    folder = register.server.app.state.settings.data_dir / "documents"
    assert len([one for one in folder.rglob("*") if one.is_file()]) == 3


def test_of_two_documents_with_one_file_only_the_one_it_fits_gets_it(jan: Laptop, plan: str) -> None:
    content = b"%PDF-1.7 besluit"
    hash_ = attach(jan, plan, content, name="Besluit.png")
    assert refused(jan, content, hash_) == "not-taken"
    attach(jan, plan, content, name="Besluit.pdf")
    assert jan.ask("PUT", f"/documents/{hash_}/content", content=content).status_code == 201
    has = jan.register.server.sql(
        "SELECT e.values->>'name' FROM diwi.possession p JOIN diwi.entity e ON e.id = p.document"
        " WHERE p.sha256 = %s", hash_,
    )  # fmt: skip
    assert has == [("Besluit.pdf",)]


def test_a_document_that_was_there_before_is_still_given(jan: Laptop, plan: str) -> None:
    """Renamed since, or of before the rule: what the server has stays."""
    content = b"%PDF-1.7 oud"
    hash_ = attach(jan, plan, content, name="Oud.pdf")
    assert jan.ask("PUT", f"/documents/{hash_}/content", content=content).status_code == 201
    jan.register.server.sql(
        "UPDATE diwi.entity SET values = jsonb_set(values, '{name}', '\"Oud.exe\"') WHERE sha256 = %s", hash_
    )
    assert jan.ask("GET", f"/documents/{hash_}/content").content == content


@pytest.mark.usefixtures("plan")
def test_content_with_another_hash_is_refused_and_forgotten(jan: Laptop) -> None:
    wrong = os.urandom(len(CONTENT))
    assert put(jan, wrong, 0, 5000) == (202, "5000")
    assert put(jan, wrong, 5000, len(wrong))[0] == 400
    assert jan.ask("HEAD", f"/documents/{HASH}/content").headers["upload-offset"] == "0"
    assert jan.ask("PUT", f"/documents/{HASH}/content", content=CONTENT).status_code == 201


@pytest.mark.usefixtures("plan")
def test_sizes_and_ranges_are_checked(jan: Laptop) -> None:
    assert put(jan, CONTENT, 0, 100, total=100)[0] == 400
    path = f"/documents/{HASH}/content"
    for bad, status in [("bytes 0-5", 400), ("bytes 0-5/10240", 416), ("items 0-99/100", 400)]:
        assert jan.ask("PUT", path, content=b"x" * 100, headers={"Content-Range": bad}).status_code == status
    settings = jan.register.server.app.state.settings
    object.__setattr__(settings, "document_piece", 50)
    assert put(jan, CONTENT, 0, 100)[0] == 413
    object.__setattr__(settings, "largest_document", 50)
    assert put(jan, CONTENT, 0, 50)[0] == 413
    assert jan.ask("GET", "/documents/..%2fetc/content").status_code in (400, 404)


def test_rights_are_those_of_the_document(register: Register, jan: Laptop, plan: str) -> None:
    jan.ask("PUT", f"/documents/{HASH}/content", content=CONTENT)
    council = register.laptop(role="Council", name="Raad")
    user = register.laptop(role="User", name="Lezer")
    path = f"/documents/{HASH}/content"
    assert council.ask("GET", path).status_code == 404
    assert council.ask("HEAD", path).status_code == 404
    assert user.ask("GET", path).status_code == 200
    assert user.ask("PUT", path, content=CONTENT).status_code == 403
    secret = attach(jan, plan, b"geheim", confidentiality="PRIVATE")
    assert user.ask("GET", f"/documents/{secret}/content").status_code == 404
    assert user.ask("PUT", f"/documents/{secret}/content", content=b"geheim").status_code == 404
    assert jan.ask("PUT", f"/documents/{secret}/content", content=b"geheim").status_code == 201
    unknown = sha256(b"x").hexdigest()
    assert jan.ask("GET", f"/documents/{unknown}/content").status_code == 404


def test_a_hash_alone_does_not_give_the_file(register: Register, jan: Laptop, plan: str) -> None:
    secret = attach(jan, plan, b"geheim", confidentiality="PRIVATE")
    path = f"/documents/{secret}/content"
    assert jan.ask("PUT", path, content=b"geheim").status_code == 201
    an = register.laptop(name="An")
    own = project(an)
    an.push(*own.changes)
    attach(an, own.id, b"geheim")
    assert an.ask("GET", path).status_code == 404
    assert an.ask("HEAD", path).headers["upload-offset"] == "0"
    assert an.ask("PUT", path, content=b"raadje").status_code == 400
    assert jan.ask("GET", path).content == b"geheim"
    # Who has the file itself sends it for his own document.
    assert an.ask("PUT", path, content=b"geheim").status_code == 201
    assert an.ask("GET", path).content == b"geheim"


def test_records_of_a_device_are_of_one_person(register: Register, jan: Laptop, plan: str) -> None:
    jan.pull()
    cursor = jan.cursor
    thief = register.laptop(name="An", role="Council")
    thief.session = replace(thief.session, device=jan.session.device)
    thief.token = register.server.sign_in(thief.session)
    thief.cursor = cursor
    answer = thief.ask("POST", "/pulls", content=msgspec.json.encode(PullRequest(SCHEMA, cursor)))
    assert answer.status_code == 410
    assert jan.pull().purge == []


def test_an_empty_document(jan: Laptop, plan: str) -> None:
    empty = attach(jan, plan, b"")
    assert jan.ask("PUT", f"/documents/{empty}/content", content=b"").status_code == 201
    assert jan.ask("GET", f"/documents/{empty}/content").content == b""


@pytest.mark.usefixtures("plan")
def test_another_device_that_sends_the_same_waits(jan: Laptop) -> None:
    import fcntl

    put(jan, CONTENT, 0, 100)
    (part,) = Path(jan.register.server.app.state.settings.data_dir).rglob("*.part")
    with part.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert put(jan, CONTENT, 100, 200)[0] == 503
    assert put(jan, CONTENT, 100, 200)[0] == 202


def test_a_file_that_is_complete_is_written_to_no_more(jan: Laptop, plan: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that had opened the unfinished file when another one finished it holds the file that people fetch."""
    import fcntl

    attach(jan, plan, size=len(CONTENT) + 10)  # another document, which has the size wrong
    assert put(jan, CONTENT, 0, 5000) == (202, "5000")
    lock, finished = fcntl.flock, []

    def late(file: int, how: int) -> None:
        if not finished:
            finished.append(True)
            assert put(jan, CONTENT, 5000, len(CONTENT)) == (201, str(len(CONTENT)))
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", late)
    more = CONTENT + b"0123456789"
    assert put(jan, more, len(CONTENT), len(more))[0] == 503
    assert jan.ask("GET", f"/documents/{HASH}/content").content == CONTENT


# -- presences ---------------------------------------


def where(laptop: Laptop) -> list[tuple[str, str, bool]]:
    return [(one["project"], one["name"], one["editing"]) for one in laptop.ask("GET", "/presences").json()]


def test_others_see_who_is_at_a_project_they_see(register: Register, jan: Laptop, plan: str) -> None:
    an, council = register.laptop(name="An"), register.laptop(role="Council", name="Raad")
    assert jan.ask("PUT", "/presences", json={"project": plan, "editing": True}).status_code == 204
    assert where(an) == [(plan, "Jan", True)]
    assert where(jan) == []
    assert where(council) == []
    assert council.ask("PUT", "/presences", json={"project": plan}).status_code == 404
    register.server.clock.moment += timedelta(seconds=90)
    jan.ask("PUT", "/presences", json={"project": plan})
    register.server.clock.moment += timedelta(seconds=90)
    (one,) = an.ask("GET", "/presences").json()
    assert (one["since"], one["editing"]) == ("2026-11-21T12:00:00Z", False)
    register.server.clock.moment += timedelta(seconds=90)
    assert where(an) == []
    jan.ask("PUT", "/presences", json={"project": plan})
    jan.ask("PUT", "/presences", json={"project": None})
    assert where(an) == []


def test_losing_sight_ends_it(register: Register, jan: Laptop, plan: str) -> None:
    user = register.laptop(role="User", name="Lezer")
    jan.ask("PUT", "/presences", json={"project": plan})
    assert len(where(user)) == 1
    first = register.server.sql("SELECT created FROM diwi.entity WHERE id = %s", plan)[0][0]
    jan.push(changed("project", plan, plan, "confidentiality", "INTERNAL_CIVIL", "PRIVATE", base=first))
    assert where(user) == []
