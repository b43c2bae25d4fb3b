"""What the project table needs of the store; knows no Qt, so that it can be read while Qt is still being loaded."""

from __future__ import annotations

from typing import NamedTuple

from diwi_desktop.gui.projecttable.ordering import natural
from diwi_desktop.model.moment import Moment
from diwi_desktop.model.options import Option
from diwi_desktop.store import Store, queries


class Content(NamedTuple):
    """The rows at a moment, those of the projects `ids` or (None) all, and the options by id."""

    rows: list[queries.ProjectRow]
    options: dict[str, Option]
    ids: frozenset[str] | None = None


def read(store: Store, moment: Moment, ids: frozenset[str] | None = None) -> Content:
    """Read the content of the table as of a moment; may be called from any thread."""
    rows = queries.project_rows(store, moment, ids)
    for row in rows:
        natural(row.name)  # remembered: what thousands of names are ordered by would keep the window waiting
    return Content(rows, queries.options(store, moment), ids)
