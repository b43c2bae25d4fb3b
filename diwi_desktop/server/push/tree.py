"""What hangs together is deleted together or not at all, and nothing comes under what is gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from diwi_desktop.changes.change import change_id
from diwi_desktop.changes.messages import WireAct, WireChange
from diwi_desktop.server.push.below import PARENT_KEYS, Below
from diwi_desktop.server.push.state import Known

Base = Callable[[WireChange], int]  # the sequence that a change was made on
Sees = Callable[[str, str, str | None], bool]  # whether the author sees something: kind, entity, project


class Tree:
    """Follows the acts of a push, of which `begin` is told. `kept`: what the present act deletes and that stays."""

    def __init__(self, known: Known, base: Base, sees: Sees) -> None:
        self._known, self._base, self._sees = known, base, sees
        self._back: frozenset[str] = frozenset()  # entities that the act brings back
        self.kept: frozenset[str] = frozenset()

    def begin(self, act: WireAct, deletions: list[WireChange]) -> None:
        """From now on it is about this act, of which these changes delete something or bring it back."""
        self.kept = self._kept_whole(act, deletions) if deletions else frozenset()
        self._back = frozenset(c.entity for c in deletions if not c.new)

    def unseen(self, change: WireChange, after: int) -> bool:
        """Whether an entity that is to be deleted has changes, from before this push, that its author never saw.

        `after` is the sequence of his own last change to it: what his device did up to there he knows.
        """
        since = self._known.since.get(change.entity, ())
        return any(one.seq > change.base and (not one.own or one.seq > after) for one in since)

    def _kept_whole(self, act: WireAct, deletions: list[WireChange]) -> frozenset[str]:
        """What an act deletes together with something that another has changed since: all of that stays.

        What is deleted together hangs together: under the project or the block that the act deletes.
        """
        heads = self._known.heads
        gone = {c.entity: c for c in deletions if c.new and c.entity in heads}
        if not gone:
            return frozenset()
        together: dict[str, list[str]] = {}
        for entity in gone:
            together.setdefault(self._top(entity, gone), []).append(entity)
        kept: set[str] = set()
        for entities in together.values():
            if any(
                heads[one].last > gone[one].base and self.unseen(gone[one], self._base(gone[one])) for one in entities
            ):
                kept.update(entities)
        for one in self._known.below:
            top = one.project if one.project in gone else one.above
            if top is not None and top in gone and one.entity not in gone and self._hidden_below(act, gone[top], one):
                kept.update(together[top])
        return frozenset(kept)

    def has_lost_its_place(self, kind: str, values: Mapping[str, Any], project: str | None) -> bool:
        """Whether what an entity hangs under was deleted, and does not come back in this act: nobody would see it."""
        if kind not in PARENT_KEYS:
            return False
        above = str(values.get(PARENT_KEYS[kind]))
        head = self._known.heads.get(above)
        deleted = head.deleted if head is not None else above in self._known.gone
        if deleted and above not in self._back:
            return True
        scope = self._known.scopes.get(project or "")
        return scope is not None and scope.deleted and scope.scope not in self._back

    def _top(self, entity: str, gone: Mapping[str, WireChange]) -> str:
        """The project, block or group that goes with an entity, itself if none does."""
        head = self._known.heads[entity]
        if head.project in gone:
            return head.project or entity
        above = str(head.values.get(PARENT_KEYS.get(head.kind, "")))
        return above if above in gone else entity

    def _hidden_below(self, act: WireAct, deletion: WireChange, one: Below) -> bool:
        """Whether something that lives came under what is deleted without its author having seen that.

        What he may not see says nothing: it would tell him that it is there.
        """
        seen = self._known.seen.get(change_id(act.id, deletion.n))
        head = self._known.heads.get(one.entity)
        if seen is None or one.seq <= seen or (head is not None and head.deleted):
            return False
        return self._sees(one.kind, one.entity, one.project)
