"""How long one has to wait after wrong passwords: per account and per place on the network.

A slow-down and not a lock, so that nobody can shut out a colleague by typing wrong passwords for him, and the same for
addresses without an account, so that it does not tell which exist. After a hundred wrong ones in a row (NIST SP 800-63B
5.2.2) the password no longer counts until an administrator gives a new invitation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Policy:
    """`free` wrong tries cost nothing; each next one doubles the wait, from a second up to `longest`."""

    free: int
    longest: timedelta = timedelta(minutes=15)

    def wait(self, failures: int) -> timedelta:
        """How long nothing is tried after so many wrong tries in a row."""
        over = failures - self.free
        if over <= 0:
            return timedelta(0)
        return min(timedelta(seconds=2 ** min(over - 1, 20)), self.longest)


PER_ACCOUNT = Policy(free=5)
# A town hall is one address on the network; fifty people there may all have Monday fingers.
PER_ORIGIN = Policy(free=50)
MOST_FAILURES = 100
# What is forgotten: wrong tries of longer ago, for the place on the network only.
ORIGIN_MEMORY = timedelta(hours=24)
