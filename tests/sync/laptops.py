"""A store and a server in memory: one whole synchronisation by hand, with what may go wrong in it."""

from __future__ import annotations

import uuid
from pathlib import Path

import msgspec

from diwi_desktop.changes import digest as digests
from diwi_desktop.changes.messages import SCHEMA, DigestRequest, PullRequest, ScopeRequest
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.store import Device, Store, outbox, receive, syncstate, verdicts
from tests.stores import TODAY, new_store
from tests.sync.fake import FakeServer

REGISTER = "99999999-9999-4999-8999-999999999999"


class Laptop:
    def __init__(self, path: Path, server: FakeServer, person: str, tag: str, *, empty: bool) -> None:
        self.server, self.person = server, person
        self.device = Device(str(uuid.uuid5(uuid.NAMESPACE_DNS, tag)), tag)
        self.path = path
        clock = FixedClock.on(TODAY)
        if empty:
            self.store = Store.empty(path, author=server.people[person], clock=clock, device=self.device)
        else:
            self.store = new_store(path, clock, self.device, server.people[person])
        with self.store.transaction() as connection:
            syncstate.put(connection, {"register": REGISTER, "url": "https://voorbeeld.nl"})

    @classmethod
    def again(cls, path: Path, server: FakeServer) -> Laptop:
        """Bram's laptop after it was switched off."""
        made = cls.__new__(cls)
        made.server, made.person, made.path = server, list(server.people)[1], path
        made.device = Device(str(uuid.uuid5(uuid.NAMESPACE_DNS, "BBB")), "BBB")
        made.store = Store.open(path, author="Bram", clock=FixedClock.on(TODAY), device=made.device)
        return made

    def push(self, *, ack_lost: bool = False, most: int = 5000) -> None:
        while piece := outbox.take(self.store, most=most):
            reply = self.server.push(self.person, msgspec.json.encode(piece.push))
            if ack_lost:
                return
            verdicts.apply(self.store, piece, reply)

    def pull(self, *, lost: bool = False, limit: int = 5000) -> receive.Landed | None:
        with self.store.inside() as connection:
            standing = syncstate.standing(connection)
        assert standing is not None
        page = ""
        have = [] if standing.afresh else list(standing.have)
        while True:
            request = PullRequest(SCHEMA, standing.cursor, page, have, limit)
            reply = self.server.pull(self.person, self.device.id, request)
            if lost:
                return None
            if reply.snapshot:
                return self.snapshot()
            if not reply.more:
                break
            receive.stage(self.store, reply)
            page = reply.page
        landed = receive.apply_cut(self.store, reply)
        if landed.missing or not landed.agrees:
            self.repair()
        return landed

    def snapshot(self, piece: int = 1000) -> receive.Landed:
        found = self.server.snapshot(self.person, self.device.id)
        body = self.server.files[found.id]
        for at in range(0, len(body), piece):
            receive.stage_piece(self.store, found, at, body[at : at + piece])
        return receive.apply_snapshot(self.store, found)

    def repair(self) -> None:
        with self.store.inside() as connection:
            scopes = {s: digests.text(v) for s, v in syncstate.scope_digests(connection).items()}
        reply = self.server.digests(self.person, DigestRequest("", scopes))
        acts = self.server.scope_logs(self.person, ScopeRequest("", reply.refetch)).acts
        receive.apply_scopes(self.store, reply.refetch, reply.purge, acts)

    def sync(self, *, ack_lost: bool = False, pull_lost: bool = False) -> None:
        self.push(ack_lost=ack_lost)
        if not ack_lost:
            self.pull(lost=pull_lost)
