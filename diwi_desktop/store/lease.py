"""Until when a laptop may show what it got from a server: a lease that every synchronisation renews.

It counts by this laptop's own clock, right or wrong, from the last synchronisation on. What counts is the latest time
that the store saw since, so a clock that is set back does not lengthen it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from diwi_desktop.model.clock import Clock, stamp
from diwi_desktop.store import handed, remains, syncstate
from diwi_desktop.store.driver import Connection, StoreError, store_error

if TYPE_CHECKING:
    from diwi_desktop.store.store import Store

_OFTEN = timedelta(hours=1)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # ended, whatever the clock is set to


def end(store: Store) -> None:
    """The server lets this person in no more: nothing is shown before a synchronisation that succeeds.

    What waits stays. Raises StoreError.
    """
    with store.transaction() as connection:
        syncstate.put(connection, {"lease_until": stamp(_LONG_AGO)})
    store.follow_server()
    remains.remove(store.path)
    handed.take_back(store.path)


class Lease:
    """Of one opened store. A store without a server has none that ends."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._clock = clock
        self._until: datetime | None = None
        self._seen = datetime.min.replace(tzinfo=UTC)
        self.renew(connection)

    def renew(self, connection: Connection) -> None:
        """Read anew until when, after a synchronisation."""
        standing = syncstate.standing(connection)
        self._until = datetime.fromisoformat(standing.lease_until) if standing and standing.lease_until else None
        if standing and standing.seen_at:
            self._seen = datetime.fromisoformat(standing.seen_at)

    @property
    def ended(self) -> bool:
        if self._until is None:
            return False
        self._seen = max(self._seen, self._clock.now())
        return self._seen >= self._until

    @property
    def error(self) -> StoreError:
        """Why nothing is shown once it has ended: shut_out, or lease_ended when he stayed away for too long."""
        return store_error("shut_out" if self._until == _LONG_AGO else "lease_ended")

    def check(self) -> None:
        """Raises StoreError (shut_out, lease_ended)."""
        if self._until is not None and self.ended:
            raise self.error

    def remember(self, connection: Connection) -> None:
        """Keep the latest time that was seen, for when the clock is set back before the store is opened again."""
        if self._until is None:
            return
        self._seen = max(self._seen, self._clock.now())
        kept = syncstate.get(connection, "seen_at")
        if not kept or self._seen - datetime.fromisoformat(kept) > _OFTEN:
            syncstate.put(connection, {"seen_at": stamp(self._seen)})
