"""What must hold whatever happened: said once, for the state machine, the kills and the soak alike.

A `Diary` keeps what every author did and what he saw at that moment; the server's log and the laptops are held against
it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from diwi_desktop.changes.change import CREATED, DELETED
from diwi_desktop.changes.merge import merge_texts
from diwi_desktop.model.catalogue import Merge, catalogue
from tests.proof.world import Applied, Entity, Ground

Held = Mapping[str, tuple[str, Mapping[str, Any]]]  # kind and values, by id
REFUSED = frozenset({"conflict", "denied", "invalid"})
ENDS = REFUSED | {"applied", "same", "merged"}


class Laptop(Protocol):
    """One device of one person, whatever its client is made of. `person` is a short name."""

    name: str
    device: str
    person: str

    def held(self) -> Held:
        """All entities that its user sees, deleted ones too, without empty values."""

    def fates(self) -> Mapping[str, str]:
        """What became of each change that the server answered, by name."""

    def waits(self) -> Collection[str]:
        """The names of the changes that wait."""

    def told(self) -> Collection[str]:
        """The names of the changes of which its user was told that they were not taken over."""


@dataclass
class Note:
    """A change as its author made it: on a field of which he saw `old`, or of a whole entity when he deleted it, with
    what was `below` it.
    """

    laptop: str
    device: str
    kind: str
    entity: str
    field: str
    old: Any
    new: Any
    whole: dict[str, Any] | None = None
    below: Collection[str] | None = None


@dataclass
class Diary:
    """`forgiven`: devices that were set back to an older copy, which may meet their own later work as a stranger's."""

    notes: dict[str, Note] = field(default_factory=dict)
    forgiven: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)  # made after the copy to which its laptop was set back; never sent
    unsure: set[str] = field(default_factory=set)  # made in an earlier life of the server: on heads that are no more

    _of_field: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    _order: dict[str, int] = field(default_factory=dict)

    def write(self, name: str, note: Note) -> None:
        self.notes[name] = note
        self._order[name] = len(self._order)
        self._of_field.setdefault((note.laptop, note.entity, note.field), []).append(name)

    def before(self, name: str, note: Note, key: str) -> list[str]:
        """The changes of its author to one field before he made this change, the last one first."""
        made = self._order[name]
        names = self._of_field.get((note.laptop, note.entity, key), [])
        return [one for one in reversed(names) if self._order[one] < made]


def _exempt(diary: Diary, name: str, note: Note) -> bool:
    return note.device in diary.forgiven or name in diary.unsure


def clean(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without empty values."""
    return {key: value for key, value in values.items() if value is not None}


def differences(laptop: Laptop, expected: Mapping[str, Entity], spared: Iterable[str] = ()) -> list[str]:
    """Where a laptop differs from what its user may see, field by field. `spared`: entities that only it knows."""
    found: list[str] = []
    held = dict(laptop.held())
    for id in spared:
        if id not in expected and id in held:
            if not held[id][1].get(DELETED):
                found.append(f"{laptop.name}: {held[id][0]} {id} was refused and is still there")
            del held[id]
    for id in held.keys() - expected.keys():
        found.append(f"{laptop.name}: has {held[id][0]} {id}, which its user may not have: {held[id][1]}")
    for id in expected.keys() - held.keys():
        found.append(f"{laptop.name}: lacks {expected[id].kind} {id}: {expected[id].values}")
    for id in held.keys() & expected.keys():
        mine, theirs = clean(held[id][1]), clean(expected[id].values)
        for key in mine.keys() | theirs.keys():
            if mine.get(key) != theirs.get(key):
                found.append(
                    f"{laptop.name}: {expected[id].kind} {id} {key}: {mine.get(key)!r}, server {theirs.get(key)!r}"
                )
    return found


def refused_creations(diary: Diary, laptop: Laptop) -> set[str]:
    """Entities that this laptop made and that the server did not take."""
    fates = laptop.fates()
    return {
        note.entity
        for name, note in diary.notes.items()
        if note.field == CREATED and note.laptop == laptop.name and fates.get(name) in REFUSED
    }


def lost(world: Ground, diary: Diary, laptops: Iterable[Laptop]) -> list[str]:
    """Changes that ended nowhere, or in two places."""
    log = {change.name: change for change in world.log()}
    verdicts = world.verdicts()
    found: list[str] = []
    entities = world.entities()
    for laptop in laptops:
        fates, waits = laptop.fates(), laptop.waits()
        locked_out = world.viewer(laptop.person, entities) is None
        for name, note in diary.notes.items():
            if note.laptop != laptop.name or name in diary.gone or name in waits:
                continue
            said = fates.get(name)
            on_server = "applied" if name in log else verdicts[name][0] if name in verdicts else None
            if on_server is None and name in laptop.told():
                continue
            if on_server is None and locked_out and name in diary.unsure:
                continue  # lost with the server's later life, of which who is locked out is never told
            refused = on_server in REFUSED and said == on_server
            if refused and name not in laptop.told() and (note.field != DELETED or note.new is None):
                found.append(f"{laptop.name}: {name} was answered {said} and its user never saw that")
            if on_server is None:
                found.append(
                    f"{laptop.name}: {name} is nowhere; said: {said} ({note.kind} {note.field} = {note.new!r})"
                )
            elif said is not None and said not in ENDS:
                found.append(f"{name} ended as {said!r}")
            elif said is not None and not _agree(said, on_server, applied=name in log):
                found.append(f"{name} is {on_server} on the server and {said} to its author")
    for name in log.keys() & verdicts.keys():
        if verdicts[name][0] != "merged":
            found.append(f"{name} was applied and also answered {verdicts[name][0]}")
    if len(log) != len(world.log()):
        found.append("a change was applied twice")
    return found


def _agree(said: str, on_server: str, *, applied: bool) -> bool:
    """Whether an author was told what became of a change."""
    if applied:
        return said in ("applied", "merged")
    # A merge that came to what was there already is answered `same`, and not taken for seen on either side.
    return said == on_server or (on_server == "merged" and said == "same")


def silent_overwrites(world: Ground, diary: Diary) -> list[str]:
    """Applied changes that were made on something else than what they replaced, and deletions of what was not seen."""
    verdicts = world.verdicts()
    state: dict[str, dict[str, Any]] = {}
    found: list[str] = []
    for change in world.log():
        note = diary.notes.get(change.name)
        merged = verdicts.get(change.name, ("",))[0] == "merged"
        before = state.setdefault(change.entity, {})
        if note is not None and not _exempt(diary, change.name, note) and change.field != CREATED:
            for key in before.keys() | note.whole.keys() if note.whole is not None else {change.field}:
                seen = note.whole.get(key) if note.whole is not None else note.old
                at_hand = before.get(key)
                known = merged or at_hand in _known(diary, verdicts, change.name, key, seen)
                if not known and not (key == change.field and _merged_to_what_was_sent(change, seen, at_hand)):
                    found.append(
                        f"{change.name} by {note.laptop} set {change.kind} {change.field} to {change.new!r} while {key}"
                        f" was {at_hand!r}, but saw {seen!r}"
                    )
        _fold(before, change)
    return found


def _merged_to_what_was_sent(change: Applied, seen: Any, at_hand: Any) -> bool:
    """Whether a text met another that its author had not seen, and merging the two gave just what he sent.

    Such a merge is answered as applied. It may replace lines that the other took away or changed, as every merge may;
    whatever the other typed must be in it.
    """
    if catalogue().kind(change.kind).by_key[change.field].merge is not Merge.FREE:
        return False
    saw, there, sent = (Counter((text or "").splitlines()) for text in (seen, at_hand, change.new))
    return there - saw <= sent and merge_texts(seen or "", change.new or "", at_hand or "") == (change.new or "")


def _known(
    diary: Diary, verdicts: Mapping[str, tuple[str, int, str | None]], change: str, key: str, seen: Any
) -> list[Any]:
    """What the author knew a field to be: what he saw, and what was under his own changes that were refused."""
    known = [seen]
    for name in diary.before(change, diary.notes[change], key):
        refused = verdicts.get(name, ("",))[0] in REFUSED
        if refused and diary.notes[name].new == known[-1]:
            known.append(diary.notes[name].old)
    return known


def unseen_places(world: Ground, diary: Diary) -> list[str]:
    """What disappeared with something under which its author did not know it, or came under what was deleted."""
    log = world.log()
    state: dict[str, dict[str, Any]] = {}
    under: dict[str, set[str]] = {}
    back: dict[str, set[str]] = {}  # by act: what it brings back
    for change in log:
        if change.field == DELETED and change.new is None:
            back.setdefault(change.act, set()).add(change.entity)
    # Who may delete a project need not see all its documents.
    levelled = {change.entity for change in log if change.field == "confidentiality"}
    levelled |= {note.entity for note in diary.notes.values() if note.field == "confidentiality"}
    found: list[str] = []
    for change in log:
        values = state.setdefault(change.entity, {})
        note = diary.notes.get(change.name)
        if note is not None and note.below is not None and not _exempt(diary, change.name, note):
            found += [
                f"{change.name} by {note.laptop} deleted {change.kind} {change.entity} with {id}, which it did not know"
                for id in _alive_below(state, under, change.entity) - levelled - set(note.below)
            ]
        _fold(values, change)
        kind = catalogue().kind(change.kind)
        above = values.get(kind.parent_key) if kind.parent else None
        if note is None or above is None:
            continue
        under.setdefault(above, set()).add(change.entity)
        lives = change.field == CREATED or (change.field == DELETED and change.new is None)
        if lives and state.get(above, {}).get(DELETED) and above not in back.get(change.act, ()):
            found.append(f"{change.name} by {note.laptop} put {change.kind} {change.entity} under what was deleted")
    return found


def _alive_below(state: Mapping[str, Mapping[str, Any]], under: Mapping[str, set[str]], entity: str) -> set[str]:
    alive = {id for id in under.get(entity, ()) if not state[id].get(DELETED)}
    return alive.union(*(_alive_below(state, under, id) for id in alive))


def _fold(values: dict[str, Any], change: Applied) -> None:
    if change.field == CREATED:
        values.update(change.new)
    elif change.new is None:
        values.pop(change.field, None)
    else:
        values[change.field] = change.new


def own_conflicts(world: Ground, diary: Diary) -> list[str]:
    """Conflicts in which the other side is the author himself, on the same laptop."""
    log = world.log()
    by_seq = {change.seq: change for change in log}
    verdicts = world.verdicts()
    above = _places(log)
    gone = {change.entity for change in log if change.field == DELETED and change.new is not None}
    found = []
    for name, (result, seq, _) in verdicts.items():
        note = diary.notes.get(name)
        if result != "conflict" or note is None or _exempt(diary, name, note):
            continue
        head = by_seq.get(seq)
        if head is not None and head.field == DELETED and note.new is None and note.field == DELETED:
            if gone.intersection(_upwards(above, note.entity)):
                continue  # it had lost its place
        elif head is not None and head.field == DELETED and _refused_to_come_back(diary, verdicts, name, note):
            continue
        # A deletion meets the entity as a whole; the head of `deleted_at` itself may well be one's own.
        if head is not None and head.device == note.device and note.whole is None:
            found.append(f"{name}: {note.laptop} has a conflict with its own {head.name} on {note.kind} {note.field}")
    return found


def _places(log: Iterable[Applied]) -> dict[str, str]:
    """What each entity was made under."""
    parents = {kind.kind: kind.parent_key for kind in catalogue().kinds if kind.parent}
    return {one.entity: one.new[parents[one.kind]] for one in log if one.field == CREATED and one.kind in parents}


def _upwards(above: Mapping[str, str], entity: str) -> Iterable[str]:
    """All that an entity hangs under."""
    while entity in above:
        entity = above[entity]
        yield entity


def _refused_to_come_back(
    diary: Diary, verdicts: Mapping[str, tuple[str, int, str | None]], name: str, note: Note
) -> bool:
    """Whether its author had deleted what he edits, and the last taking back of that before the edit was refused."""
    before = diary.before(name, note, DELETED)
    return bool(before) and diary.notes[before[0]].new is None and verdicts.get(before[0], ("",))[0] in REFUSED


def deletion_conflicts_with_oneself(world: Ground, diary: Diary) -> list[str]:
    """Deletions refused although nobody else had touched the entity since its author last saw it."""
    log = world.log()
    found = []
    above = _places(log)
    for name, (result, _, _) in world.verdicts().items():
        note = diary.notes.get(name)
        if result != "conflict" or note is None or note.whole is None or _exempt(diary, name, note):
            continue
        # What an act deletes together stays together when somebody else had changed a part of it.
        act = name.partition("/")[0]
        together = {one.entity for other, one in diary.notes.items() if other.startswith(act) and one.whole is not None}
        theirs = [change for change in log if change.entity in together or above.get(change.entity) in together]
        if all(change.device == note.device for change in theirs):
            past = [(change.seq, change.name, change.field, change.new) for change in theirs]
            sent = world.query("SELECT n, change FROM verdict WHERE register = %(r)s AND act = %(p0)s", name[:36])
            found.append(
                f"{name}: nobody but {note.laptop} ever touched {note.kind} {note.entity}: {past}; sent {sent}"
            )
    return found


def projection(world: Ground) -> list[str]:
    """The server's own tables against its log: gap-free, values as folded, last and created right."""
    log = world.log()
    found = []
    if [change.seq for change in log] != list(range(1, len(log) + 1)):
        found.append("the server's sequence has gaps")
    state: dict[str, dict[str, Any]] = {}
    last: dict[str, int] = {}
    for change in log:
        _fold(state.setdefault(change.entity, {}), change)
        last[change.entity] = change.seq
    for id, one in world.entities().items():
        if clean(one.values) != clean(state.get(id, {})):
            found.append(f"{one.kind} {id} is not what the log says: {one.values} / {state.get(id)}")
        if one.last != last.get(id):
            found.append(f"{one.kind} {id}: last is {one.last}, the log says {last.get(id)}")
    return found


def all_of(world: Ground, diary: Diary, laptops: Iterable[Laptop]) -> list[str]:
    """Everything, after all laptops have synchronised in fair weather."""
    laptops = list(laptops)
    entities = world.entities()
    found = projection(world) + lost(world, diary, laptops)
    found += silent_overwrites(world, diary) + own_conflicts(world, diary)
    found += deletion_conflicts_with_oneself(world, diary) + unseen_places(world, diary)
    for laptop in laptops:
        if world.viewer(laptop.person, entities) is None:
            continue  # locked out: it learns nothing any more
        if laptop.waits():
            found.append(f"{laptop.name}: {len(laptop.waits())} changes still wait")
        spared = refused_creations(diary, laptop)
        found += differences(laptop, world.visible(laptop.person, entities), spared)
    return found
