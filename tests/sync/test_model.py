"""The state machine of the design, driving real stores: three laptops of two people, edits, deletions, sight that comes
and goes, lost answers, pages that stay away, pieces of any size, snapshots and a server that is set back.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.finding import UserError
from diwi_desktop.store import inbox, outbox, receive, syncstate
from diwi_desktop.store.verify import verify
from tests.stores import TODAY, add, de_hoek
from tests.sync.fake import FakeServer
from tests.sync.laptops import Laptop
from tests.sync.test_two_laptops import content, server_content

ANNA, BRAM = "aaaaaaaa-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"
FIELDS = ("name", "color")
NAMES = ("Een", "Twee", "Drie")
COLORS = ("#111111", "#222222", "#333333")
laptops = st.integers(0, 2)


class Office(RuleBasedStateMachine):
    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="diwi-model-"))
        self.server = FakeServer(FixedClock.on(TODAY), {ANNA: "Anna", BRAM: "Bram"})
        self.laptops = [
            Laptop(self.folder / "0.diwi", self.server, ANNA, "AAA", empty=False),
            Laptop(self.folder / "1.diwi", self.server, BRAM, "BBB", empty=True),
            Laptop(self.folder / "2.diwi", self.server, ANNA, "CCC", empty=True),
        ]
        add(self.laptops[0].store, de_hoek())
        for laptop in self.laptops:
            laptop.sync()
        self.made: list[tuple[int, str]] = []  # laptop, change

    def _projects(self, laptop: Laptop) -> list[str]:
        with laptop.store.inside() as connection:
            return [r[0] for r in connection.execute("SELECT id FROM project WHERE deleted_at IS NULL ORDER BY id")]

    def _act(self, laptop: Laptop, work: Any) -> None:
        try:
            with laptop.store.act("Werk") as act:
                work(act)
        except UserError:  # what is gone, or may not be
            return

    @rule(i=laptops, which=st.integers(0, 5), field=st.sampled_from(FIELDS), value=st.integers(0, 2))
    def edit(self, i: int, which: int, field: str, value: int) -> None:
        laptop = self.laptops[i]
        if projects := self._projects(laptop):
            given = NAMES[value] if field == "name" else COLORS[value]
            self._act(laptop, lambda act: act.set("project", projects[which % len(projects)], field, given))

    @rule(i=laptops)
    def make(self, i: int) -> None:
        add(self.laptops[i].store, de_hoek())

    @rule(i=laptops, which=st.integers(0, 5), value=st.sampled_from(["a", "a\nb", "c\na"]))
    def note(self, i: int, which: int, value: str) -> None:
        laptop = self.laptops[i]
        with laptop.store.inside() as connection:
            blocks = [
                r[0] for r in connection.execute("SELECT id FROM houseblock WHERE deleted_at IS NULL ORDER BY id")
            ]
        if blocks:
            self._act(laptop, lambda act: act.set("houseblock", blocks[which % len(blocks)], "note", value))

    @rule(i=laptops, which=st.integers(0, 5))
    def delete(self, i: int, which: int) -> None:
        laptop = self.laptops[i]
        projects = self._projects(laptop)
        if len(projects) > 1:
            self._act(laptop, lambda act: act.delete("project", projects[which % len(projects)]))

    @rule(i=laptops)
    def undo(self, i: int) -> None:
        try:
            self.laptops[i].store.undo()
        except UserError:
            return

    @rule(i=laptops, mine=st.booleans())
    def settle(self, i: int, mine: bool) -> None:
        store = self.laptops[i].store
        items = inbox.conflicts(store)
        if items:
            try:
                inbox.settle(store, [items[0].id], inbox.MINE if mine else inbox.THEIRS)
            except UserError:  # the project is deleted meanwhile
                return

    @rule(which=st.integers(0, 5), on=st.booleans())
    def hide(self, which: int, on: bool) -> None:
        projects = sorted({row.scope for row in self.server.log if row.change.kind == "project"})
        scope = projects[which % len(projects)]
        hidden = self.server.hidden.setdefault(BRAM, set())
        hidden.add(scope) if on else hidden.discard(scope)

    @rule(i=laptops, ack=st.booleans(), pull=st.booleans(), most=st.sampled_from([1, 7, 5000]))
    def push_and_pull(self, i: int, ack: bool, pull: bool, most: int) -> None:
        laptop = self.laptops[i]
        laptop.push(ack_lost=ack, most=most)
        if not ack:
            laptop.pull(lost=pull)

    @rule(i=laptops, limit=st.sampled_from([1, 4, 5000]))
    def pull_only(self, i: int, limit: int) -> None:
        self.laptops[i].pull(limit=limit)

    @rule(i=laptops)
    def snapshot(self, i: int) -> None:
        receive.new_cursor(self.laptops[i].store)
        self.laptops[i].snapshot()

    @rule(i=laptops)
    def sound(self, i: int) -> None:
        laptop = self.laptops[i]
        assert verify(laptop.store) == []
        with laptop.store.inside() as connection:
            assert syncstate.recounted(connection) == syncstate.scope_digests(connection)

    def teardown(self) -> None:
        if not hasattr(self, "laptops"):
            return
        try:
            self._converged()
        finally:
            for laptop in self.laptops:
                laptop.store.close()
            shutil.rmtree(self.folder)

    def _converged(self) -> None:
        for _ in range(3):
            for laptop in self.laptops:
                laptop.sync()
        for laptop in self.laptops:
            assert outbox.count(laptop.store) == 0
            assert verify(laptop.store) == []
            assert content(laptop) == server_content(laptop)
            with laptop.store.inside() as connection:
                assert syncstate.whole_digest(connection) == self.server.digest(laptop.person)
                standing = syncstate.standing(connection)
                assert standing is not None
                assert standing.incidents == 0
                hidden = self.server.hidden.get(laptop.person, set())
                assert not [row for row in connection.execute("SELECT project FROM change") if row[0] in hidden], (
                    "what may not be seen is still here"
                )
        names = [(row.act.id, row.change.n) for row in self.server.log]
        assert len(names) == len(set(names)), "applied twice"
        self._no_silent_overwrite()

    def _no_silent_overwrite(self) -> None:
        """Every applied change of a fact was made on the head that its author saw."""
        last: dict[tuple[str, str], int] = {}
        for row in self.server.log:
            change = row.change
            if change.field in FIELDS:
                head = last.get((change.entity, change.field)) or last.get((change.entity, ""), 0)
                after = self._after(change.after)
                assert head in (change.base, after), f"silent overwrite by {change}"
            last[change.entity, change.field] = row.seq

    def _after(self, name: str | None) -> int | None:
        if not name:
            return None
        act, _, n = name.partition("/")
        return self.server.done.get((act, int(n))) or self.server.met.get((act, int(n)))


def test_the_office_converges() -> None:
    run_state_machine_as_test(
        Office,
        settings=settings(
            stateful_step_count=25, max_examples=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
