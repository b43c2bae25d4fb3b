"""What a link is for that a person is given."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """`INVITATION`: the first way in. The others are given by an administrator to who has access already.

    `FIRST_FACTOR`: another password, proved with the second factor there is. `SECOND_FACTOR`: both anew.
    """

    INVITATION = "invitation"
    FIRST_FACTOR = "password"
    SECOND_FACTOR = "second-factor"
