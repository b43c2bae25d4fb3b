"""What the project table needs of the store; knows no Qt, so that it can be read while Qt is still being loaded."""

from __future__ import annotations

from typing import NamedTuple

from diwi_desktop.gui.projecttable.ordering import NaturalKey, natural
from diwi_desktop.model.moment import Moment
from diwi_desktop.model.options import Option
from diwi_desktop.store import Store, queries


class Content(NamedTuple):
    """The rows at a moment, those of the projects `ids` or (None) all, and the options by id."""

    rows: list[queries.ProjectRow]
    options: dict[str, Option]
    ids: frozenset[str] | None = None


def by_name(row: queries.ProjectRow) -> tuple[NaturalKey, str]:
    """The order in which projects are listed where nothing else is asked."""
    return natural(row.name), row.id


def read(store: Store, moment: Moment, ids: frozenset[str] | None = None) -> Content:
    """Read the content of the table as of a moment, by name; may be called from any thread.

    Rows that are in order already are soon put in another: thousands that are not would keep the window waiting.
    """
    rows = sorted(queries.project_rows(store, moment, ids), key=by_name)
    return Content(rows, queries.options(store, moment), ids)
