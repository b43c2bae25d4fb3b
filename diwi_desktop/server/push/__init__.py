"""Taking in what laptops have done: `run` for one push, in one transaction."""

from diwi_desktop.server.push.take import run

__all__ = ["run"]
