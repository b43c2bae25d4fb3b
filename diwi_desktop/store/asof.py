"""Every query can look at any log position: a table name or the union of what is true now and what was true then."""

from __future__ import annotations

from functools import cache

from diwi_desktop.model.catalogue import catalogue
from diwi_desktop.store.schema import all_columns, quoted


@cache
def _past(kind: str) -> str:
    listed = ", ".join(quoted(name) for name in all_columns(catalogue().kind(kind)))
    return (
        f"(SELECT {listed} FROM {quoted(kind)} WHERE seq_from <= :seq"
        f" UNION ALL SELECT {listed} FROM {quoted(kind + '_past')} WHERE seq_from <= :seq AND seq_to > :seq)"
    )


def source(kind: str, seq: int | None) -> str:
    """What to put after FROM for a kind as known at a log position (None: now). Needs the parameter :seq."""
    return quoted(kind) if seq is None else _past(kind)
