"""What the project table needs of the store; knows no Qt, so that it can be read while Qt is still being loaded."""

from __future__ import annotations

from typing import NamedTuple

from diwi_desktop.model.moment import Moment
from diwi_desktop.model.plan import Option
from diwi_desktop.store import Store, queries


class Content(NamedTuple):
    """The rows at a moment, and the options by id."""

    rows: list[queries.ProjectRow]
    options: dict[str, Option]


def read(store: Store, moment: Moment) -> Content:
    """Read the content of the table as of a moment; may be called from any thread."""
    return Content(queries.project_rows(store, moment), queries.options(store, moment))
