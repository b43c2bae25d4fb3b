"""Which projects have to be read again: those that acts changed, or all."""

from __future__ import annotations

from diwi_desktop.changes.change import ActInfo

# Reading so many one by one takes as long as reading all.
MANY = 400


class Scope:
    """Gathers what changed while something else is being read; true when there is something to read."""

    def __init__(self) -> None:
        self._ids: set[str] | None = set()

    def __bool__(self) -> bool:
        return self._ids is None or bool(self._ids)

    @property
    def all(self) -> bool:
        """Whether everything has to be read."""
        return self._ids is None

    def add(self, info: ActInfo) -> None:
        """The projects of an act."""
        if self._ids is not None:
            self._ids |= info.projects
            if len(self._ids) > MANY:
                self._ids = None

    def add_all(self) -> None:
        """All projects."""
        self._ids = None

    def take(self) -> frozenset[str] | None:
        """The projects to read now, None for all; from here on nothing is waiting."""
        ids, self._ids = self._ids, set()
        return None if ids is None else frozenset(ids)
