"""Where the synchronisation of a store stands, and the digest of what the server confirmed.

The table `sync` holds words by key. A store that is connected has `register`; one that is not has none of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from diwi_desktop.changes import digest as digests
from diwi_desktop.model.codes import PersonState, UserRole
from diwi_desktop.model.rights import LOCAL_KINDS, Viewer, scope_of
from diwi_desktop.store.driver import Connection

if TYPE_CHECKING:
    from diwi_desktop.changes.messages import Person

_DIGEST = "digest/"
_BEYOND = "digest0"  # the key after all that begin with "digest/"
# What waits: own changes that the server has not answered. The index change_waiting holds them.
WAITING = (
    "server_seq IS NULL AND result IS NULL AND kind NOT IN ("
    + ", ".join(f"'{kind}'" for kind in sorted(LOCAL_KINDS))
    + ")"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a connected store knows of its server. Times are ISO texts in UTC, empty when there is none yet.

    `cursor` is where pulling goes on. `have`: sequences of own pushes since the last pull. `lease_until`: until when
    the store may show what it has. `seen_at`: the latest time this store ever saw, so that a clock that is set back
    does not lengthen the lease. `incidents`: how often digests did not agree. `skew`: seconds this laptop's clock is
    ahead of the server's. `afresh`: the next pull brings everything, which then replaces what is here.
    """

    url: str
    register: str
    cursor: str = ""
    person: str = ""
    name: str = ""
    email: str = ""
    lease_until: str = ""
    seen_at: str = ""
    epoch: int = 0
    last_full_at: str = ""
    incidents: int = 0
    skew: int = 0
    have: tuple[tuple[int, int], ...] = ()
    afresh: bool = False


def get(connection: Connection, key: str, default: str = "") -> str:
    """One word."""
    row = connection.execute("SELECT value FROM sync WHERE key = ?", (key,)).fetchone()
    return default if row is None else str(row[0])


def put(connection: Connection, values: Mapping[str, str]) -> None:
    """Set words."""
    connection.executemany("INSERT OR REPLACE INTO sync (key, value) VALUES (?, ?)", values.items())


def standing(connection: Connection) -> Standing | None:
    """None for a store that is not connected."""
    rows = connection.execute("SELECT key, value FROM sync WHERE key < ? OR key >= ?", (_DIGEST, _BEYOND))
    words: dict[str, str] = dict(rows.fetchall())
    if not words.get("register"):
        return None
    who = json.loads(words.get("viewer", "{}"))
    return Standing(
        url=words.get("url", ""),
        register=words["register"],
        cursor=words.get("cursor", ""),
        person=who.get("person", ""),
        name=who.get("name", ""),
        email=who.get("email", ""),
        lease_until=words.get("lease_until", ""),
        seen_at=words.get("seen_at", ""),
        epoch=int(words.get("epoch", "0")),
        last_full_at=words.get("last_full_at", ""),
        incidents=int(words.get("incidents", "0")),
        skew=int(words.get("skew", "0")),
        afresh=words.get("afresh") == "1",
        have=tuple((first, last) for first, last in json.loads(words.get("have", "[]"))),
    )


def put_viewer(connection: Connection, person: Person) -> None:
    """Keep for whom the server takes this laptop's user."""
    words = {
        "person": person.person,
        "name": person.name,
        "email": person.email,
        "role": person.role,
        "state": person.state,
        "groups": person.groups,
    }
    put(connection, {"viewer": json.dumps(words)})


def viewer(connection: Connection) -> Viewer | None:
    """For whom the server takes this laptop's user; None when no server ever said so."""
    text = get(connection, "viewer")
    if not text:
        return None
    who = json.loads(text)
    roles, states = {role.value: role for role in UserRole}, {state.value: state for state in PersonState}
    if who["role"] not in roles:  # a role that this version does not know has no rights here
        return Viewer(who["person"], state=PersonState.LOCKED)
    state = states.get(who["state"], PersonState.LOCKED)
    return Viewer(who["person"], roles[who["role"]], frozenset(who["groups"]), state)


def was_invited(connection: Connection, person: str) -> bool:
    """Whether an invitation was given to a person from this store."""
    return person in json.loads(get(connection, "invited", "[]"))


def put_invited(connection: Connection, person: str) -> None:
    """Remember that a person was given an invitation."""
    invited = {*json.loads(get(connection, "invited", "[]")), person}
    put(connection, {"invited": json.dumps(sorted(invited))})


def add_have(connection: Connection, first: int, last: int) -> None:
    """Remember the sequences that a push took, until the next pull is complete. Neighbours become one."""
    if not first:
        return
    spans: list[list[int]] = sorted([*json.loads(get(connection, "have", "[]")), [first, last]])
    joined: list[list[int]] = []
    for span in spans:
        if joined and span[0] <= joined[-1][1] + 1:
            joined[-1][1] = max(joined[-1][1], span[1])
        else:
            joined.append(span)
    put(connection, {"have": json.dumps(joined)})


def waiting(connection: Connection) -> int:
    """How many own changes wait."""
    return int(connection.execute(f"SELECT count(*) FROM change WHERE {WAITING}").fetchone()[0])


class Confirmed:
    """Follows the last confirmed change of every entity and the digests that go with it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._seen: dict[str, tuple[str, str, int]] = {}

    def seen(self, kind: str, entity: str, project: str | None, seq: int) -> None:
        """A change of an entity was confirmed at a sequence. Raises ValueError when its id is another kind's."""
        found = self._seen.get(entity)
        if found is None:
            self._seen[entity] = kind, scope_of(kind, entity, project), seq
        elif kind != found[0]:
            raise ValueError(entity)
        elif seq > found[2]:
            self._seen[entity] = kind, found[1], seq

    def flush(self) -> None:
        """Bring the tables up to date. Raises ValueError as `seen`."""
        if not self._seen:
            return
        before: dict[str, int] = {}
        for entity, kind, seq in self._connection.execute(
            "SELECT entity, kind, seq FROM sync_entity WHERE entity IN (SELECT value FROM json_each(?))",
            (json.dumps(list(self._seen)),),
        ):
            before[entity] = seq
            if kind != self._seen[entity][0]:
                raise ValueError(entity)
        turned: dict[str, int] = {}
        rows = []
        mark = digests.mark
        for entity, (kind, scope, seq) in self._seen.items():
            old = before.get(entity, 0)
            if seq <= old:
                continue
            turn = mark(entity, seq) ^ mark(entity, old) if old else mark(entity, seq)
            turned[scope] = turned.get(scope, 0) ^ turn
            rows.append((entity, kind, scope, seq))
        self._connection.executemany(
            "INSERT INTO sync_entity (entity, kind, scope, seq) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (entity) DO UPDATE SET seq = excluded.seq",
            rows,
        )
        turn_digests(self._connection, turned)
        self._seen.clear()


def turn_digests(connection: Connection, turned: Mapping[str, int]) -> None:
    """Exclusive or these into the digests of their scopes."""
    keys = [_DIGEST + scope for scope in turned]
    rows = connection.execute(
        "SELECT key, value FROM sync WHERE key IN (SELECT value FROM json_each(?))", (json.dumps(keys),)
    )
    before: dict[str, str] = dict(rows.fetchall())
    after = {
        key: digests.text(int(before.get(key, "0"), 16) ^ turn) for key, turn in zip(keys, turned.values(), strict=True)
    }
    put(connection, {key: value for key, value in after.items() if int(value, 16)})
    connection.executemany("DELETE FROM sync WHERE key = ?", [(k,) for k, value in after.items() if not int(value, 16)])


def forget_entities(connection: Connection, entities: Iterable[str]) -> None:
    """They are no longer confirmed, and count in no digest."""
    listed = json.dumps(list(entities))
    turned: dict[str, int] = {}
    for entity, scope, seq in connection.execute(
        "SELECT entity, scope, seq FROM sync_entity WHERE entity IN (SELECT value FROM json_each(?))", (listed,)
    ):
        turned[scope] = turned.get(scope, 0) ^ digests.mark(entity, seq)
    connection.execute("DELETE FROM sync_entity WHERE entity IN (SELECT value FROM json_each(?))", (listed,))
    turn_digests(connection, turned)


def scope_digests(connection: Connection) -> dict[str, int]:
    """The digest of every scope that this store holds anything of."""
    rows = connection.execute("SELECT substr(key, 8), value FROM sync WHERE key >= ? AND key < ?", (_DIGEST, _BEYOND))
    return {scope: int(value, 16) for scope, value in rows}


def whole_digest(connection: Connection) -> str:
    """The digest of them all, as it travels."""
    return digests.text(digests.whole(scope_digests(connection).items()))


def recounted(connection: Connection) -> dict[str, int]:
    """The digests made anew from the entities; a sound store has these."""
    found: dict[str, int] = {}
    for entity, scope, seq in connection.execute("SELECT entity, scope, seq FROM sync_entity"):
        found[scope] = found.get(scope, 0) ^ digests.mark(entity, seq)
    return {scope: value for scope, value in found.items() if value}


def recount(connection: Connection) -> None:
    """Make the last confirmed changes and the digests anew from the log."""
    connection.execute("DELETE FROM sync_entity")
    connection.execute("DELETE FROM sync WHERE key >= ? AND key < ?", (_DIGEST, _BEYOND))
    confirmed = Confirmed(connection)
    for kind, entity, project, seq in connection.execute(
        "SELECT kind, entity, max(project), max(server_seq) FROM change WHERE server_seq IS NOT NULL GROUP BY entity"
    ).fetchall():
        confirmed.seen(kind, entity, project, seq)
    confirmed.flush()


def forget(connection: Connection, keys: Iterable[str]) -> None:
    """Remove words."""
    connection.executemany("DELETE FROM sync WHERE key = ?", [(key,) for key in keys])
