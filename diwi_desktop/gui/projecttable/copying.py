"""Rows for the clipboard, as Excel takes them: tab-separated, decimal comma, dates as dates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from diwi_desktop.gui.projecttable.columns import Column, ColumnKind
from diwi_desktop.store.queries import ProjectRow

_FORMULA = ("=", "+", "-", "@")


def as_tsv(columns: Sequence[Column], rows: Iterable[ProjectRow]) -> str:
    """The rows with a line of headers.

    Numbers without thousand points, so that Excel reads them as numbers.
    """
    lines = [[_quoted(column.title) for column in columns]]
    lines += [[_cell(column, row) for column in columns] for row in rows]
    return "\n".join("\t".join(line) for line in lines)


def _cell(column: Column, row: ProjectRow) -> str:
    if column.kind is ColumnKind.NUMBER:
        value = column.value(row)
        return "" if value is None else f"{round(value)}"
    text = column.text(row)
    # A text that starts like a formula would be run by the spreadsheet.
    if column.kind is not ColumnKind.RANGE and text.startswith(_FORMULA):
        text = f"'{text}"
    return _quoted(text)


def _quoted(text: str) -> str:
    if any(c in text for c in '\t\n\r"'):
        return '"' + text.replace('"', '""') + '"'
    return text
