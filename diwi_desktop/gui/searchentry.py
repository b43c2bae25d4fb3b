"""One line of the search results."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Entry(NamedTuple):
    """`group` is what kind of thing it is ("Plannen"), `go` what Enter does."""

    group: str
    icon: str
    title: str
    detail: str
    go: Callable[[], object]
