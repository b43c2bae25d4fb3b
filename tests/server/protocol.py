"""The conversation that docs/protocol.md shows: two laptops and the real server, with ids that stay the same.

What the server draws by chance (tokens, secrets, ids of its own) is replaced by something as long and as plain.
"""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import blake2b, sha256
from typing import Any

import httpx
import msgspec
import pyotp

from diwi_desktop.changes.messages import (
    SCHEMA,
    DigestRequest,
    PullReply,
    PullRequest,
    Push,
    ScopeRequest,
    SnapshotReply,
    WireAct,
    WireChange,
)
from diwi_desktop.server import registers
from diwi_desktop.server.accounts import invitations
from diwi_desktop.server.registers import SERVER
from tests.server.harness import Server

REGISTER = "99990000-0000-4000-8000-000000000999"
ANNA, JAN, WIM = (f"a0000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))
PROJECT = "c0000000-0000-4000-8000-000000000001"
OWNER = "c0000000-0000-4000-8000-000000000002"
BLOCK = "c0000000-0000-4000-8000-000000000003"
DOCUMENT = "c0000000-0000-4000-8000-000000000004"
PASSWORD = "paars fietsen lantaarn"
FILE = b"Verslag van het overleg.\n"
_UNKNOWN = "c0000000-0000-4000-8000-0000000000ff"  # a scope that only the laptop believes in
HASH = sha256(FILE).hexdigest()

_FIXED = re.compile(r"[a-d9]\d{7}-0000-4000-8000-[0-9a-f]{12}")  # the ids of this conversation
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_VIEW = re.compile(r"\.\d{13}\.")  # the number of a view record in a cursor
# Members whose values differ from run to run, and what stands in their place.
_CHANCE: dict[str, Any] = {
    "access_token": "4zJ0RkV1bmFjY2Vzcy10b2tlbi1vcGFxdWUtMzItYnl0ZXM",
    "refresh_token": "Qk9yZWZyZXNoLXRva2VuLW9wYXF1ZS0zMi1ieXRlcy1sb24",
    "token": "dWl0bm9kaWdpbmctdG9rZW4tMzItYnl0ZXMtdXJsLXNhZmU",
    "totp_secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    "totp_address": "otpauth://totp/DIWI%20Duinwijk:anna%40duinwijk.nl?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&...",
    "recovery_codes": ["ABCD-EFGH-JKLM-NPQR-STUV-WXYZ", "... (10)"],
    "code": "123456",
    "instance": "urn:request:6d1f0c2b9a8e7d45",
}
_OF_SNAPSHOT = {"size": 774, "sha256": "1d2b" * 16}


@dataclass
class Exchange:
    """A question and its answer, as they are shown."""

    method: str
    path: str
    sent: Any
    status: int
    reason: str
    received: Any
    headers: list[str] = field(default_factory=list)
    answer_headers: list[str] = field(default_factory=list)

    def text(self) -> str:
        parts = ["\n".join([f"{self.method} {self.path}", *self.headers])]
        if self.sent is not None:
            parts.append(pretty(self.sent))
        parts.append("\n".join([f"{self.status} {self.reason}", *self.answer_headers]))
        if self.received is not None:
            parts.append(pretty(self.received))
        return "\n\n".join(parts)


class Conversation:
    """Keeps what was said by the name under which the page shows it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.examples: dict[str, Exchange] = {}
        self._ids: dict[str, str] = {}
        self._acts = 0

    def ask(
        self,
        example: str,
        method: str,
        path: str,
        message: Any = None,
        *,
        token: str = "",
        headers: dict[str, str] | None = None,
        raw: bytes | None = None,
        shows: tuple[str, ...] = (),
    ) -> httpx.Response:
        """A request; kept when `example` names it. `raw` is a body that is no JSON."""
        body = raw if raw is not None else None if message is None else msgspec.json.encode(lean(message))
        given = dict(headers or {})
        sent = dict(given)
        if token:
            sent["Authorization"] = f"Bearer {token}"
        if message is not None:
            sent["Content-Type"] = "application/json"
        answer = self.server.client.request(method, path, content=body, headers=sent)
        if example:
            self._keep(example, method, path, body, given, answer, shows)
        return answer

    def _keep(
        self,
        example: str,
        method: str,
        path: str,
        body: bytes | None,
        given: dict[str, str],
        answer: httpx.Response,
        shows: tuple[str, ...],
    ) -> None:
        kind = answer.headers.get("content-type", "")
        sent = f"({len(body)} bytes)" if body and given.get("Content-Type") else json.loads(body) if body else None
        received: Any = None
        if "json" in kind and answer.content:
            received = answer.json()
        elif answer.content:
            received = f"({len(answer.content)} bytes)"
        self.examples[example] = Exchange(
            method,
            self._plain(path),
            self._plain(sent),
            answer.status_code,
            answer.reason_phrase,
            self._plain(received),
            [f"{name}: {value}" for name, value in given.items()],
            [f"{name}: {answer.headers[name]}" for name in shows],
        )

    def _plain(self, value: Any) -> Any:
        if isinstance(value, str):
            value = _VIEW.sub(".1795316524436.", value)
            return _UUID.sub(lambda found: self._id(found[0]), value)
        if isinstance(value, list):
            return [self._plain(one) for one in value]
        if not isinstance(value, dict):
            return value
        plain = {key: self._plain(one) for key, one in value.items()}
        plain |= {key: other for key, other in _CHANCE.items() if plain.get(key) and (key != "code" or "email" in plain
                  or "token" in plain)}  # fmt: skip
        return plain | _OF_SNAPSHOT if "changes" in plain and "size" in plain else plain

    def _id(self, id: str) -> str:
        if id == SERVER or _FIXED.fullmatch(id):
            return id
        return self._ids.setdefault(id, f"e0000000-0000-4000-8000-{len(self._ids) + 1:012d}")

    # -- the people and their laptops -------------------------------------------------------------------------------

    def people(self) -> None:
        """The register Duinwijk with a main user, a user and a council member, made by the server itself."""
        now = self.server.clock.now()
        database = self.server.app.state.database
        registers.create(database, code="9999", name="Duinwijk", id=REGISTER)
        who = {ANNA: ("Anna", "UserPlus"), JAN: ("Jan", "UserPlus"), WIM: ("Wim", "Council")}
        changes = [
            WireChange(
                n, "person", id, None, "", None,
                {"name": name, "email": f"{name.lower()}@duinwijk.nl", "role": role, "state": "UITGENODIGD"},
            )
            for n, (id, (name, role)) in enumerate(who.items())
        ]  # fmt: skip
        registers.change(database, REGISTER, changes, "Personen toevoegen", now)

    def laptop(self, person: str, number: int, *, example: bool = False) -> Laptop:
        """The person activates his account and signs in."""
        accounts = self.server.app.state.accounts
        with accounts.transaction() as connection:
            token = invitations.give(accounts, connection, REGISTER, person, None, accounts.clock.now()).token
        shown = "activation" if example else ""
        started = self.ask(shown, "POST", "/v1/activations", {"token": token}).json()
        totp = pyotp.TOTP(started["totp_secret"])
        body = {"token": token, "password": PASSWORD, "code": self._code(totp)}
        self.ask(shown and "activated", "POST", "/v1/activations/confirmations", body)
        device = {
            "id": f"d0000000-0000-4000-8000-00000000000{number}",
            "tag": "BCDFGHJKLMNP"[3 * number : 3 * number + 3],
            "name": f"laptop-{number}",
        }
        body = {"email": started["email"], "password": PASSWORD, "code": self._code(totp), "device": device}
        session = self.ask((example and "session") or "", "POST", "/v1/sessions", body)
        assert session.status_code == 201, session.text
        tokens = session.json()
        if example:
            renewal = {"refresh_token": tokens["refresh_token"], "device": device["id"]}
            tokens |= self.ask("refresh", "POST", "/v1/sessions/refresh", renewal).json()
        return Laptop(self, device["id"], tokens["access_token"])

    def _code(self, totp: pyotp.TOTP) -> str:
        self.server.clock.moment += timedelta(seconds=31)
        return str(totp.at(self.server.clock.moment))

    def act_id(self) -> str:
        self._acts += 1
        return f"b0000000-0000-4000-8000-{self._acts:012d}"


@dataclass
class Laptop:
    """A client that says what it is told to."""

    talk: Conversation
    device: str
    token: str
    cursor: str = ""

    def ask(self, example: str, method: str, path: str, message: Any = None, **more: Any) -> httpx.Response:
        return self.talk.ask(example, method, f"/v1/registers/{REGISTER}{path}", message, token=self.token, **more)

    def act(self, name: str, *changes: WireChange, kind: str = "user") -> WireAct:
        return WireAct(self.talk.act_id(), name, kind, self.device, "2026-11-21T11:58:03.120000Z", list(changes))

    def push(self, example: str, *acts: WireAct) -> Any:
        answer = self.ask(example, "POST", "/pushes", Push(SCHEMA, list(acts)))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def pull(self, example: str, have: list[tuple[int, int]] | None = None) -> PullReply:
        answer = self.ask(example, "POST", "/pulls", PullRequest(SCHEMA, self.cursor, "", have or []))
        assert answer.status_code == 200, answer.text
        reply = msgspec.json.decode(answer.content, type=PullReply)
        self.cursor = reply.cursor
        return reply


def hold(server: Server) -> dict[str, Exchange]:
    """The whole conversation."""
    talk = Conversation(server)
    talk.people()
    talk.ask("methods", "GET", "/v1/sign-in-methods")
    anna, jan = talk.laptop(ANNA, 0, example=True), talk.laptop(JAN, 1)
    talk.ask("me", "GET", "/v1/me", token=anna.token)
    talk.ask("devices", "GET", "/v1/devices", token=anna.token)
    _first_steps(anna, jan)
    _meeting(anna, jan)
    _leaving(anna, jan)
    _files(anna)
    _whole(jan)
    _problems(talk, jan)
    return talk.examples


def _change(n: int, kind: str, entity: str, key: str, old: Any, new: Any, base: int, after: str = "") -> WireChange:
    return WireChange(n, kind, entity, PROJECT, key, old, new, base, after or None)


def _first_steps(anna: Laptop, jan: Laptop) -> None:
    anna.pull("first-pull")
    first = {
        "code": "DNW-2026-BCD-001", "name": "De Hoek", "start_date": "2026-01-15", "end_date": "2030-12-31",
        "color": "#FF5733", "confidentiality": "INTERNAL_CIVIL",
    }  # fmt: skip
    block = {"project_id": PROJECT, "name": "Blok A", "mutation": "CONSTRUCTION", "number": 48}
    made = anna.act(
        "Nieuw project",
        WireChange(0, "project", PROJECT, PROJECT, "", None, first),
        WireChange(1, "writer", OWNER, PROJECT, "", None, {"project_id": PROJECT, "person": ANNA}),
        WireChange(2, "houseblock", BLOCK, PROJECT, "", None, block),
    )
    renamed = anna.act(
        "Naam wijzigen", _change(0, "project", PROJECT, "name", "De Hoek", "De Hoek-Zuid", 0, f"{made.id}/0")
    )
    reply = anna.push("push", made, renamed)
    assert anna.push("", made, renamed) == {**reply, "first": 0, "last": 0}
    anna.pull("next-pull", [(reply["first"], reply["last"])])
    jan.pull("")


def _meeting(anna: Laptop, jan: Laptop) -> None:
    """Both edit the same block, not knowing of each other."""
    made = _sequence(jan, BLOCK)
    jan.push("", jan.act("Aantal wijzigen", _change(0, "houseblock", BLOCK, "number", 48, 52, made)))
    jan.push(
        "", jan.act("Notitie", _change(0, "project", PROJECT, "description", None, "Bodemonderzoek loopt.", made - 2))
    )
    anna.push(
        "push-meets",
        anna.act(
            "Blok wijzigen",
            _change(0, "houseblock", BLOCK, "number", 48, 40, made),
            _change(1, "houseblock", BLOCK, "name", "Blok A", "Blok Noord", made),
            _change(2, "project", PROJECT, "description", None, "Bellen met de provincie.", made - 2),
            _change(3, "houseblock", BLOCK, "number", 40, "veel", made),
        ),
    )
    anna.pull("pull-page")


def _sequence(laptop: Laptop, entity: str) -> int:
    rows = laptop.talk.server.sql("SELECT created FROM diwi.entity WHERE id = %s", entity)
    return int(rows[0][0])


def _leaving(anna: Laptop, jan: Laptop) -> None:
    """What Jan may no longer see leaves his laptop."""
    jan.pull("")
    base = _sequence(anna, PROJECT)
    hidden = _change(0, "project", PROJECT, "confidentiality", "INTERNAL_CIVIL", "PRIVATE", base)
    anna.push("", anna.act("Vertrouwelijkheid", hidden))
    jan.pull("pull-purge")
    denied = _change(0, "houseblock", BLOCK, "number", 52, 60, base)
    jan.push("push-denied", jan.act("Aantal wijzigen", denied))
    seq = anna.talk.server.sql("SELECT seq FROM diwi.register WHERE id = %s", REGISTER)[0][0]
    shown = _change(0, "project", PROJECT, "confidentiality", "PRIVATE", "INTERNAL_CIVIL", seq)
    anna.push("", anna.act("Vertrouwelijkheid", shown))
    jan.pull("pull-whole")


def _files(anna: Laptop) -> None:
    values = {
        "project_id": PROJECT, "name": "verslag.txt", "kind": "ONDERZOEK", "sha256": HASH, "size": len(FILE),
        "media_type": "text/plain",
    }  # fmt: skip
    anna.push(
        "document", anna.act("Document toevoegen", WireChange(0, "document", DOCUMENT, PROJECT, "", None, values))
    )
    path = f"/documents/{HASH}/content"
    shows = ("upload-offset", "upload-length")

    def put(example: str, first: int, last: int) -> None:
        span = {"Content-Type": "application/octet-stream", "Content-Range": f"bytes {first}-{last}/{len(FILE)}"}
        anna.ask(example, "PUT", path, raw=FILE[first : last + 1], headers=span, shows=shows)

    put("upload", 0, 9)
    anna.ask("upload-state", "HEAD", path, shows=shows)
    put("upload-end", 10, len(FILE) - 1)
    part = anna.ask("download", "GET", path, headers={"Range": "bytes=10-"}, shows=("content-range",))
    assert part.content == FILE[10:]
    anna.ask("presence", "PUT", "/presences", {"project": PROJECT, "editing": True})


def _whole(jan: Laptop) -> None:
    jan.ask("presences", "GET", "/presences")
    answer = jan.ask("snapshot", "POST", "/snapshots")
    snapshot = msgspec.json.decode(answer.content, type=SnapshotReply)
    path = f"/snapshots/{snapshot.id}/content"
    whole = jan.ask("", "GET", path).content
    assert sha256(whole).hexdigest() == snapshot.sha256
    acts = [msgspec.json.decode(line, type=WireAct) for line in gzip.decompress(whole).splitlines()]
    assert len(acts) == snapshot.acts
    assert sum(len(act.changes) for act in acts) == snapshot.changes
    jan.cursor = snapshot.cursor
    scopes = scope_digests(acts)
    assert text_of(whole_digest(scopes)) == snapshot.digest
    agreeing = {scope: text_of(number) for scope, number in scopes.items()}
    request = DigestRequest(jan.cursor, {**agreeing, PROJECT: "00000000000000aa", _UNKNOWN: "00000000000000bb"})
    reply = jan.ask("digests", "POST", "/digests", request).json()
    assert reply == {"refetch": [PROJECT], "purge": [_UNKNOWN]}
    jan.ask("scope-logs", "POST", "/scope-logs", ScopeRequest(jan.cursor, [DOCUMENT]))


# -- digests, as the page describes them and no other way --------------------------------------------------------------


def scope_digests(acts: list[WireAct]) -> dict[str, int]:
    """Per scope: the exclusive or of a mark per entity and the sequence of its last change."""
    last: dict[str, tuple[str, int]] = {}
    for act in acts:
        for change in act.changes:
            own = change.kind in ("document", "person")
            scope = change.entity if own else change.project or "register"
            last[change.entity] = scope, max(change.seq, last.get(change.entity, ("", 0))[1])
    found: dict[str, int] = {}
    for entity, (scope, seq) in last.items():
        found[scope] = found.get(scope, 0) ^ _mark(entity, seq)
    return found


def whole_digest(scopes: dict[str, int]) -> int:
    total = 0
    for scope, number in scopes.items():
        total ^= _mark(scope, number) if number else 0
    return total


def _mark(name: str, number: int) -> int:
    return int.from_bytes(blake2b(f"{name}/{number}".encode(), digest_size=8).digest(), "big")


def text_of(number: int) -> str:
    return f"{number:016x}"


def _problems(talk: Conversation, jan: Laptop) -> None:
    body = PullRequest(SCHEMA)
    talk.ask("signed-out", "POST", f"/v1/registers/{REGISTER}/pulls", body)
    jan.ask("too-new", "POST", "/pulls", PullRequest(SCHEMA + 1))
    jan.ask("invalid", "POST", "/pushes", {"schema": SCHEMA, "acts": [{"id": "x"}]})
    jan.ask("cursor-unknown", "POST", "/pulls", PullRequest(SCHEMA, f"{jan.cursor.partition('.')[0]}.77.1"))
    talk.server.sql(
        "UPDATE diwi.register SET incarnation = gen_random_uuid(), restored_seq = 6 WHERE id = %s", REGISTER
    )
    jan.ask("restored", "POST", "/pulls", PullRequest(SCHEMA, jan.cursor))


def lean(message: Any) -> Any:
    """The message without members that say nothing: a client may leave those out."""
    plain = msgspec.to_builtins(message)
    if isinstance(message, PullRequest):
        return {key: value for key, value in plain.items() if value or key == "cursor"}
    if isinstance(message, Push):
        for key in ("seen", "cursor"):
            if not plain[key]:
                del plain[key]
        for act in plain["acts"]:
            for key in ("undoes", "author", "received"):
                del act[key]
            act["changes"] = [change[:9] for change in act["changes"]]
    return plain


# -- how it is shown --------------------------------------------------------------------------------------------------

_WIDE = 116


def pretty(value: Any, indent: str = "") -> str:
    """JSON that is broken only where a line would be too long; a change stands on one line up to its values."""
    line = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith("("):
        return value
    if len(indent) + len(line) <= _WIDE or not isinstance(value, (dict, list)):
        return line
    inner = indent + "  "
    if isinstance(value, dict):
        rows = [f"{inner}{json.dumps(key)}: {pretty(one, inner)}" for key, one in value.items()]
        return "{\n" + ",\n".join(rows) + f"\n{indent}}}"
    if any(not isinstance(one, (dict, list)) for one in value):
        return "[" + _filled([pretty(one, inner) for one in value], inner) + "]"
    rows = [inner + pretty(one, inner) for one in value]
    return "[\n" + ",\n".join(rows) + f"\n{indent}]"


def _filled(parts: list[str], indent: str) -> str:
    """The parts on as few lines as they need."""
    text, room = "", _WIDE - len(indent)
    for n, part in enumerate(parts):
        piece = part + ("," if n < len(parts) - 1 else "")
        first = piece.partition("\n")[0]
        if text and len(first) + 1 > room:
            text, room = f"{text}\n{indent}", _WIDE - len(indent)
        elif text:
            text, room = text + " ", room - 1
        text += piece
        last = piece.rpartition("\n")[2]
        room = _WIDE - len(last) if "\n" in piece else room - len(piece)
    return text
