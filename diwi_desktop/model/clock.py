"""Time comes from outside, so that tests and the demo are the same every day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

# A Dutch register keeps Dutch days: "as known on 1 October" ends at midnight in Amsterdam.
DUTCH_TIME = ZoneInfo("Europe/Amsterdam")


class Clock(Protocol):
    """Gives the moment now, in UTC, and the day it is in the Netherlands."""

    def now(self) -> datetime: ...

    def today(self) -> date: ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return local_day(self.now())


@dataclass
class FixedClock:
    """A clock that stands still until it is set; `moment` is in UTC."""

    moment: datetime

    @classmethod
    def on(cls, day: date) -> FixedClock:
        """Noon (UTC) of the given day."""
        return cls(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))

    def now(self) -> datetime:
        return self.moment

    def today(self) -> date:
        return local_day(self.moment)


def local_day(moment: datetime) -> date:
    """The day in the Netherlands of a moment."""
    return moment.astimezone(DUTCH_TIME).date()


def end_of_day(day: date) -> datetime:
    """The last microsecond of a Dutch day, in UTC."""
    last = datetime(day.year, day.month, day.day, 23, 59, 59, 999999, tzinfo=DUTCH_TIME)
    return last.astimezone(UTC)


def stamp(moment: datetime) -> str:
    """A moment as a text that sorts as moments do: in UTC, to the microsecond."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
