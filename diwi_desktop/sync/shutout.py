"""That the server itself says that somebody has no access any more, and what follows: nothing is shown from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwi_desktop.store import lease, syncstate

if TYPE_CHECKING:
    from diwi_desktop.store import Store
    from diwi_desktop.sync.problem import Problem

# What the server itself says to who is locked out; a proxy that says 403 means something else.
_SAID = "403 no-access"


def is_proven(problem: Problem) -> bool:
    """Whether it is the server's own word. Which question it answers is the caller's to know."""
    return problem.detail == _SAID


def at_sign_in(store: Store, email: str, problem: Problem) -> bool:
    """End the lease when the user of this store proved who he is and is let in nowhere; whether that is so.

    `email` is who signed in: about anybody else's access this store is not. What waits stays. Raises StoreError.
    """
    with store.inside() as connection:
        standing = syncstate.standing(connection)
    same = standing is not None and standing.email.casefold() == email.strip().casefold() != ""
    if not (same and is_proven(problem)):
        return False
    lease.end(store)
    return True
