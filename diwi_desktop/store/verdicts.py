"""What the server answered to a push, into the log: sequences, results, the inbox, and the values that stay."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from diwi_desktop.changes.change import CREATED, DELETED, LOCAL
from diwi_desktop.changes.merge import MERGED, SAME
from diwi_desktop.changes.messages import Answer, PushReply, WireChange
from diwi_desktop.model.clock import stamp
from diwi_desktop.store import inbox, seen, syncstate
from diwi_desktop.store.driver import Connection
from diwi_desktop.store.landing import Corrections, bad_message, head_seq, info_of
from diwi_desktop.store.outbox import Piece, Place
from diwi_desktop.store.syncstate import WAITING, Confirmed

if TYPE_CHECKING:
    from diwi_desktop.store.store import Store


def apply(store: Store, piece: Piece, reply: PushReply) -> int:
    """Take over the answers to a piece, all or nothing. Returns how many changes left the queue.

    Doing it twice does no harm. Raises StoreError (bad_message) when the reply does not fit what was sent.
    """
    with store.transaction() as connection:
        verdicts = _Verdicts(store, connection)
        if len(reply.acts) != len(piece.push.acts):
            raise bad_message()
        for act, places, answer in zip(piece.push.acts, piece.places, reply.acts, strict=True):
            if act.id != answer.act or len(places) != len(answer.seqs):
                raise bad_message()
            others = {other.n: other for other in answer.others}
            for change, where, seq in zip(act.changes, places, answer.seqs, strict=True):
                verdicts.take(act.id, change, where, seq, others.get(change.n))
        place = verdicts.write()
        seen.forget(connection, piece.push.seen)
        syncstate.add_have(connection, reply.first, reply.last)
    if place is not None:
        store.arrived(info_of(store, place, verdicts.corrections.touched, verdicts.corrections.projects))
    return piece.size


class _Verdicts:
    def __init__(self, store: Store, connection: Connection) -> None:
        self._connection = connection
        self.corrections = Corrections(store, connection)
        self._confirmed = Confirmed(connection)
        self._now = stamp(store.clock.now())
        self._results: list[tuple[int | None, str | None, int, int]] = []
        self._inbox: list[tuple[Any, ...]] = []
        self._applied: list[tuple[Place, WireChange, int]] = []  # place, change, sequence: of a field
        self._mixed: list[tuple[WireChange, Answer, int]] = []
        self._refused: list[tuple[WireChange, Answer]] = []

    def take(self, act: str, change: WireChange, place: Place, seq: int, other: Answer | None) -> None:
        """The answer to one change; `other` is None when it was simply applied, at `seq`."""
        if other is not None and other.result not in (MERGED, SAME):
            self._refuse(act, change, place, other)
            return
        seq = seq or (other.seq if other else 0)
        if not seq:
            raise bad_message()
        if other is not None and other.result == MERGED and other.value == _load(change.new):
            other = None  # what came of it is what was sent
        self._confirmed.seen(change.kind, change.entity, change.project, seq)
        result = other.result if other else None
        otherwise = other is not None and _otherwise(change, other)
        if otherwise and change.field != DELETED:
            result = MERGED  # its author has not seen what is there, so nothing of his is made on that
        self._results.append((seq, result, *place))
        if other is not None and (otherwise or result == MERGED):
            self._mixed.append((change, other, seq))
        elif change.field != CREATED:
            self._applied.append((place, change, seq))

    def _refuse(self, act: str, change: WireChange, place: Place, other: Answer) -> None:
        self._results.append((None, other.result, *place))
        self._refused.append((change, other))
        if other.seq:
            self._confirmed.seen(change.kind, change.entity, change.project, other.seq)
        if change.field == DELETED and change.new is not None and other.value:
            return  # both wanted it gone
        what = (change.kind, change.entity, change.project, change.field, _text(change.old), _text(change.new))
        theirs = (_dump(other.value), other.author, other.made_at, other.seq)
        why = (other.code, other.nl, other.en)
        self._inbox.append((act, change.n, other.result, *what, *theirs, *why, self._now))

    def write(self) -> int | None:
        connection = self._connection
        connection.executemany(
            "UPDATE change SET server_seq = ?, result = ? WHERE act_seq = ? AND n = ?", self._results
        )
        self._confirmed.flush()
        inbox.add(connection, self._inbox)
        for change, other, seq in self._mixed:
            self._merged(change, other, seq)
        for place, change, seq in self._applied:
            self._overtaken(place, change, seq)
        for change, other in self._refused:
            self._take_back(change, other)
        return self.corrections.write()

    def _merged(self, change: WireChange, other: Answer, seq: int) -> None:
        if change.field != CREATED:
            if not self._waits(change):
                self._set(change, change.field, other.value, seq)
            return
        made = json.loads(bytes(change.new)) if change.new is not None else {}
        value = other.value if isinstance(other.value, dict) else {}
        for field in made.keys() | value.keys():
            if made.get(field) != value.get(field):
                self._set(change, field, value.get(field), seq)

    def _set(self, change: WireChange, field: str, value: Any, seq: int) -> None:
        """The server's value, unless it took a later change of ours to that field since."""
        if head_seq(self._connection, change.entity, field) <= seq:
            self.corrections.set(change.kind, change.entity, field, value, seq)

    def _overtaken(self, place: Place, change: WireChange, seq: int) -> None:
        """Another's older value may have been pulled after this change was made; the server has this one."""
        later = self._connection.execute(
            f"SELECT count(*), sum({WAITING}) FROM change WHERE entity = ? AND field = ? AND act_seq > ?",
            (change.entity, change.field, place[0]),
        ).fetchone()
        if later[0] and not later[1] and head_seq(self._connection, change.entity, change.field) == seq:
            self.corrections.set(change.kind, change.entity, change.field, _load(change.new), seq)

    def _take_back(self, change: WireChange, other: Answer) -> None:
        if change.field == CREATED:
            self.corrections.set(change.kind, change.entity, DELETED, self._now, None)
            return
        if self._waits(change):
            return  # a later change of this field will be answered too
        if other.seq:
            self._set(change, change.field, other.value, other.seq)
            return
        known, value = self._confirmed_value(change.entity, change.field)
        if known:
            self.corrections.set(change.kind, change.entity, change.field, value, None)

    def _waits(self, change: WireChange) -> bool:
        found = self._connection.execute(
            f"SELECT 1 FROM change WHERE entity = ? AND field = ? AND {WAITING} LIMIT 1", (change.entity, change.field)
        ).fetchone()
        return found is not None

    def _confirmed_value(self, entity: str, field: str) -> tuple[bool, Any]:
        """The last value of a field that the server has, as far as this store knows."""
        row = self._connection.execute(
            "SELECT field, new FROM change WHERE entity = ? AND field IN (?, '') AND (result IN (?, ?) AND"
            " coalesce(server_seq, base_seq) IS NOT NULL OR result IS NULL AND server_seq IS NOT NULL)"
            " ORDER BY coalesce(server_seq, base_seq) DESC, act_seq DESC LIMIT 1",
            (entity, field, SAME, LOCAL),
        ).fetchone()
        if row is None:
            return False, None
        value = None if row[1] is None else json.loads(row[1])
        return True, (value or {}).get(field) if row[0] == CREATED else value


def _otherwise(change: WireChange, other: Answer) -> bool:
    """Whether `same` is said of what is not what was sent: a merge that came to what was there, another's deletion."""
    return change.field != CREATED and _load(change.new) != other.value


def _text(raw: Any) -> str | None:
    """The JSON of a value of a piece, as it stands in the log."""
    return None if raw is None else bytes(raw).decode()


def _load(raw: Any) -> Any:
    return None if raw is None else json.loads(bytes(raw))


def _dump(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)
