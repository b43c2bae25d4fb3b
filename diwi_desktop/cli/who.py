"""Who works here."""

from __future__ import annotations

import getpass


def author() -> str:
    """The name of the account, which stands with what is done."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "onbekend"
