"""Which columns stand where, how wide, and in what order the rows: remembered by column key, so that own
fields may come and go.
"""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtWidgets import QHeaderView

from diwi_desktop.gui import settings
from diwi_desktop.gui.projecttable.model import ProjectTableModel

KEY = "table/projects"


def save(model: ProjectTableModel, header: QHeaderView) -> None:
    """Remember the arrangement."""
    columns: list[dict[str, Any]] = []
    for visual in range(header.count()):
        logical = header.logicalIndex(visual)
        hidden = header.isSectionHidden(logical)
        # A hidden section has no width of its own; it keeps the usual one.
        width = model.columns[logical].width if hidden else header.sectionSize(logical)
        columns.append({"key": model.columns[logical].key, "width": width, "shown": not hidden})
    settings.set_value(KEY, json.dumps({"columns": columns, "sorting": model.sorting}))


def restore(model: ProjectTableModel, header: QHeaderView, *, usual: bool = False) -> None:
    """Arrange as remembered (`usual`.

    As at first); columns not known then come last, hidden unless usually shown.
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
            header.resizeSection(logical, int(row["width"]))
    sorting = remembered.get("sorting")
    if sorting:
        model.set_sorting([(str(key), bool(descending)) for key, descending in sorting])


def _read() -> dict[str, Any]:
    try:
        found = json.loads(str(settings.value(KEY, "") or "{}"))
        rows = found.get("columns", [])
        if all({"key", "width", "shown"} <= row.keys() for row in rows):
            return dict(found)
    except (ValueError, AttributeError, TypeError):  # settings of another version: start afresh
        pass
    return {}
