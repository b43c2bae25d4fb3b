"""Do two sides hold the same? A digest per scope, and one of them all, that follow each change without a recount.

The digest of a scope is the exclusive or of a 64-bit hash per entity of (id, sequence of its last confirmed change);
the digest of the whole is the same over (scope, digest of the scope).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any


@cache
def _blake2b() -> Callable[..., Any]:
    from hashlib import blake2b  # loads OpenSSL, which a register without a server has no need of

    return blake2b


def mark(name: str, number: int) -> int:
    """64 bits for one entity at one sequence, or one scope with one digest."""
    return int.from_bytes(_blake2b()(f"{name}/{number}".encode(), digest_size=8).digest(), "big")


def marks(many: Iterable[tuple[str, int]]) -> int:
    """The exclusive or of the marks of many."""
    total = 0
    for name, number in many:
        total ^= mark(name, number)
    return total


def whole(scopes: Iterable[tuple[str, int]]) -> int:
    """The digest of all scopes; one that is empty (0) counts as absent."""
    return marks((scope, digest) for scope, digest in scopes if digest)


def text(digest: int) -> str:
    """As it travels: 16 hexadecimal digits."""
    return f"{digest:016x}"
