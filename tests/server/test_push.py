"""What becomes of pushed changes."""

from __future__ import annotations

from tests.server.harness import Register
from tests.server.making import project


def test_a_change_that_fits_is_applied(register: Register) -> None:
    laptop = register.laptop()
    made = project(laptop)
    reply = laptop.push(*made.changes)
    assert reply.acts[0].others == []
    assert reply.acts[0].seqs == [reply.first, reply.first + 1]
    got = register.laptop().pull()
    assert [c.kind for act in got.acts for c in act.changes] == ["person", "person", "project", "writer", "person"]
