"""The moment a view is about: what was known, and which day it looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Moment:
    """`seq`: the log position up to which things are known (None: everything).
    `on`: the day whose phases and statuses are shown. `today`: the day it was then; planned steps after it still count.
    """

    seq: int | None
    on: date
    today: date

    @property
    def past(self) -> bool:
        """Whether this is a look back, and so read-only."""
        return self.seq is not None
