"""A round on two laptops, told line by line: an edit that travels, two that meet in one field, how that is settled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from diwi_desktop.model.finding import UserError
from diwi_desktop.store import Store, inbox, queries, syncstate
from diwi_desktop.sync.status import look
from diwi_desktop.trial.laptops import Session

Say = Callable[[str], None]

_MARK = " (nieuw)"


class RoundFailed(UserError):
    """The two laptops do not end with the same."""

    code = "round_failed"


@dataclass(frozen=True, slots=True)
class _Block:
    """A house block on which both work."""

    project: str
    block: str
    homes: int

    def read(self, store: Store) -> tuple[str, int]:
        """The project's name and the homes in the block, as a laptop has them."""
        project = queries.entity(store, "project", self.project) or {}
        block = queries.entity(store, "houseblock", self.block) or {}
        return str(project.get("name")), int(block.get("number", 0))


def play(one: Session, other: Session, say: Say) -> None:
    """Works on both laptops and leaves them equal. Raises RoundFailed and what a synchronisation raises."""
    first, second = one.laptop.someone.name.split()[0], other.laptop.someone.name.split()[0]
    with one.opened() as here, other.opened() as there:
        block = _find(here)
        name, homes = block.read(here)
        say(f"1. {first} hernoemt zonder netwerk '{name}'. Stand: {look(here).words()}.")
        with here.act("Naam wijzigen") as act:
            fresh = name.removesuffix(_MARK) if name.endswith(_MARK) else name + _MARK
            act.set("project", block.project, "name", fresh)
        say(f"   {first} wijzigt. Stand: {look(here).words()}.")
        one.sync(here)
        say(f"   {first} synchroniseert. Stand: {look(here).words()}.")
        other.sync(there)
        say(f"   {second} synchroniseert en leest: '{block.read(there)[0]}'.")

        say(f"2. Beiden wijzigen hetzelfde aantal, dat {homes} was: {first} in {homes + 10}, {second} in {homes + 25}.")
        for store, number in ((here, homes + 10), (there, homes + 25)):
            with store.act("Aantal wijzigen") as act:
                act.set("houseblock", block.block, "number", number)
        one.sync(here)
        other.sync(there)
        (item,) = inbox.conflicts(there)
        say(f"   {second} krijgt een conflict. Stand: {look(there).words()}.")
        say(f"   was {item.base}, van mij {item.mine}, van {item.theirs_author or first} {item.theirs}.")

        say(f"3. {second} kiest 'van mij'; dat is een gewone wijziging, die met Ctrl+Z terug te draaien is.")
        inbox.settle(there, [item.id], inbox.MINE)
        other.sync(there)
        one.sync(here)
        say(f"   {first} leest nu: {block.read(here)[1]} woningen.")
        _compare(here, there)
        say("   Wat beiden mogen zien, is op beide laptops hetzelfde: de controlegetallen zijn gelijk.")


def _find(store: Store) -> _Block:
    """The first block with homes of the first project that has one."""
    for row in queries.project_rows(store):
        for block in queries.entities(store, "houseblock", parent=row.id):
            if block["number"]:
                return _Block(row.id, block["id"], int(block["number"]))
    raise RoundFailed("Er is geen woningblok om mee te werken.", "There is no house block to work with.")


def _compare(here: Store, there: Store) -> None:
    """Each synchronisation compared its laptop with the server; here what both may see is compared, by digests."""
    with here.inside() as one, there.inside() as other:
        mine, theirs = syncstate.scope_digests(one), syncstate.scope_digests(other)
        left = syncstate.waiting(one) + syncstate.waiting(other)
    both = mine.keys() & theirs.keys()
    if left or not both or any(mine[scope] != theirs[scope] for scope in both):
        raise RoundFailed("De laptops zijn niet gelijk geworden.", "The laptops did not become equal.")
