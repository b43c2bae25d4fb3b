"""Which columns stand where, how wide, and in what order the rows: remembered by column key, so that own
fields may come and go.
"""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtWidgets import QHeaderView

from diwi_desktop.gui import settings, theme
from diwi_desktop.gui.projecttable.model import ProjectTableModel

KEY = "table/projects"


def save(model: ProjectTableModel, header: QHeaderView, *, by_hand: bool = True) -> None:
    """Remember the arrangement; `by_hand` says whether the columns are as the user put them."""
    scale = theme.current().scale
    columns: list[dict[str, Any]] = []
    for visual in range(header.count()):
        logical = header.logicalIndex(visual)
        hidden = header.isSectionHidden(logical)
        # A hidden section has no width of its own; it keeps the usual one.
        width = model.columns[logical].width if hidden else round(header.sectionSize(logical) / scale)
        columns.append({"key": model.columns[logical].key, "width": width, "shown": not hidden})
    kept = columns if by_hand else []
    settings.set_value(KEY, json.dumps({"columns": kept, "sorting": model.sorting}))


def restore(model: ProjectTableModel, header: QHeaderView, *, usual: bool = False) -> bool:
    """Arrange as remembered (`usual`: as at first); columns not known then come last, hidden unless usually shown.

    Whether the columns are as the user put them. Widths are remembered at the normal text size.
    """
    remembered = {} if usual else _read()
    rows = {row["key"]: row for row in remembered.get("columns", [])}
    order = [key for key in rows if key in {c.key for c in model.columns}]
    order += [c.key for c in model.columns if c.key not in rows]
    places = {c.key: n for n, c in enumerate(model.columns)}
    for visual, key in enumerate(order):
        logical = places[key]
        column = model.columns[logical]
        row = rows.get(key, {"width": column.width, "shown": column.visible})
        header.moveSection(header.visualIndex(logical), visual)
        header.setSectionHidden(logical, not row["shown"])
        if row["shown"]:
            header.resizeSection(logical, round(row["width"] * theme.current().scale))
    sorting = remembered.get("sorting")
    if sorting:
        model.set_sorting([(str(key), bool(descending)) for key, descending in sorting])
    return bool(rows)


def _read() -> dict[str, Any]:
    try:
        found = json.loads(str(settings.value(KEY, "") or "{}"))
        rows = found.get("columns", [])
        if all({"key", "width", "shown"} <= row.keys() for row in rows):
            return dict(found)
    except (ValueError, AttributeError, TypeError):  # settings of another version: start afresh
        pass
    return {}
