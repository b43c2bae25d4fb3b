"""The choices in the lists of the municipality, which every screen and every check of values reads."""

from __future__ import annotations

import json
from typing import Any

from diwi_desktop.model.options import Option, Range
from diwi_desktop.store.asof import source
from diwi_desktop.store.driver import Connection


def read_options(connection: Connection, seq: int | None) -> dict[str, Option]:
    """All options of the municipality, switched-off ones too, by id."""
    rows = connection.execute(
        f"SELECT id, list, name, level, bounds, disabled FROM {source('option', seq)} WHERE deleted_at IS NULL",
        {"seq": seq},
    )
    return {r[0]: Option(r[0], r[1], r[2], r[3], range_of(r[4]), bool(r[5])) for r in rows}


def range_of(text: str | None) -> Any:
    """A range from its column; None without one."""
    return Range(*json.loads(text)) if text else None
