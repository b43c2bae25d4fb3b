"""The blocks of a project as a matrix: a row per block, columns per year or per category, the rest as "onbekend"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from PySide6.QtCore import QObject, Qt

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.editing import Act, Editing
from diwi_desktop.gui.fields.tablemodel import Column, EntityModel, Index, Row
from diwi_desktop.gui.fields.words import code_label, label
from diwi_desktop.gui.language import QT_TRANSLATE_NOOP, translate
from diwi_desktop.gui.projectpage.data import PageData, shares_of
from diwi_desktop.model.catalogue import Field, FieldType
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import Mutation, OptionList
from diwi_desktop.model.derive import per_year
from diwi_desktop.model.finding import Finding
from diwi_desktop.model.notation import format_number
from diwi_desktop.model.plan import Block

NUMBER_WIDTH = 76
REST = "rest"


class View(Enum):
    """By what the homes are divided over the columns."""

    YEARS = "years"
    OWNERSHIP = "ownership"
    HOUSE_TYPE = "house_type"
    TARGET = "target"
    APPEARANCE = "appearance"
    GROUND = "ground"

    def title(self) -> str:
        return translate("Matrix", _TITLES[self])


_TITLES = {
    View.YEARS: QT_TRANSLATE_NOOP("Matrix", "Oplevering"),
    View.OWNERSHIP: QT_TRANSLATE_NOOP("Matrix", "Eigendom"),
    View.HOUSE_TYPE: QT_TRANSLATE_NOOP("Matrix", "Woningtype"),
    View.TARGET: QT_TRANSLATE_NOOP("Matrix", "Doelgroep"),
    View.APPEARANCE: QT_TRANSLATE_NOOP("Matrix", "Verschijningsvorm"),
    View.GROUND: QT_TRANSLATE_NOOP("Matrix", "Grondpositie"),
}
_SUMS = {View.HOUSE_TYPE: "house_type", View.GROUND: "ground_position"}
LISTS = {View.TARGET: OptionList.TARGET_GROUP, View.APPEARANCE: OptionList.APPEARANCE}


@dataclass(frozen=True)
class Category:
    """A column of the matrix: its key in the rows and what stands above it."""

    key: str
    title: str
    tip: str = ""


def share_number(
    editing: Editing, block: str, share: tuple[str, int] | None, option: str, value: Any
) -> Callable[[Act], None]:
    """The edit that makes a block have `value` homes for an option; none or zero takes the row away."""

    def edit(act: Act) -> None:
        if share is None:
            if value:
                act.create("share", {"houseblock_id": block, "option": option, "number": value})
        elif value:
            act.set("share", share[0], "number", value)
        else:
            act.delete("share", share[0])

    return edit


class MatrixModel(EntityModel):
    """Rows are blocks, with a key per category of the view: `year:2027`, `share:<option>`, `type:<ownership>`."""

    def __init__(self, editing: Editing, parent: QObject | None = None) -> None:
        super().__init__("houseblock", _columns([]), editing, parent)
        self.view = View.YEARS
        self.categories: list[Category] = []
        self._data: PageData | None = None
        self._extra: dict[str, Field] = {}
        self.locked = self._locked

    # ------------------------------------------------------------------------------------------------------- contents

    def show_data(self, data: PageData, view: View) -> None:
        """Show the blocks of a project, divided by a view."""
        self._data = data
        categories = self._categories(data, view)
        if view is not self.view or categories != self.categories:
            self.beginResetModel()
            self.view, self.categories = view, categories
            self._extra = {
                c.key: Field("houseblock", c.key, FieldType.INTEGER, c.title, c.title, minimum=0, unit="woningen")
                for c in (*categories, Category(REST, translate("Matrix", "Onbekend")))
            }
            self.columns = _columns(categories, rest=self._rest_title())
            self.endResetModel()
        rows = []
        for row in data.blocks:
            block = data.block(row["id"])
            if block is not None:
                rows.append({**row, **self._numbers(block, data)})
        self.load(data.plan.id, rows, data.in_rows("houseblock"), data.read_only)

    def _rest_title(self) -> str:
        return translate("Matrix", "Zonder datum") if self.view is View.YEARS else translate("Matrix", "Onbekend")

    def _categories(self, data: PageData, view: View) -> list[Category]:
        if view is View.YEARS:
            years = {year for block in data.plan.blocks for year in per_year(block)}
            return [Category(f"year:{year}", str(year)) for year in range(min(years), max(years) + 1)] if years else []
        if view is View.OWNERSHIP:
            return [
                Category(f"type:{c.key}", code_label("ownership_type", c.key))
                for c in code_list("ownership_type").codes
            ]
        if view in _SUMS:
            fields = self.editing.catalogue.kind("houseblock").fields
            return [Category(f.key, label(f), f.help_nl) for f in fields if f.sum == _SUMS[view]]
        used = {s.option for block in data.plan.blocks for s in block.shares}
        found = [o for o in data.options.values() if o.list == LISTS[view] and (not o.disabled or o.id in used)]
        return [Category(f"share:{o.id}", o.name) for o in sorted(found, key=lambda o: (o.level or 0, o.id))]

    def _numbers(self, block: Block, data: PageData) -> Row:
        if self.view is View.YEARS:
            return {f"year:{year}": number for year, number in per_year(block).items()}
        if self.view is View.OWNERSHIP:
            found: Row = {}
            for owned in block.ownerships:
                key = f"type:{owned.type.value}"
                found[key] = found.get(key, 0) + owned.number
            return found
        if self.view in LISTS:
            shares = shares_of(block, LISTS[self.view], data.options)
            return {f"share:{option}": number for option, (_, number) in shares.items()}
        return {}

    def described(self, key: str) -> Field:
        return self._extra.get(key) or super().described(key)

    def rest(self, row: Row) -> int:
        """Homes of a block that no category has; below zero when the categories have too many."""
        number = self.value(row, "number") or 0
        return number - sum(self.value(row, c.key) or 0 for c in self.categories)

    def sign(self, row: Row) -> int:
        return 1 if self.value(row, "mutation") == Mutation.CONSTRUCTION else -1

    def totals(self) -> dict[str, int]:
        """The net total of every column, with what is being typed now."""
        keys = ["number", *(c.key for c in self.categories)]
        found = {key: sum(self.sign(row) * (self.value(row, key) or 0) for row in self.rows) for key in keys}
        found[REST] = sum(self.sign(row) * self.rest(row) for row in self.rows)
        return found

    def homes(self) -> tuple[int, int]:
        """(built, demolished) with what is being typed now."""
        built = sum(self.value(row, "number") or 0 for row in self.rows if self.sign(row) > 0)
        return built, sum(self.value(row, "number") or 0 for row in self.rows if self.sign(row) < 0)

    # ------------------------------------------------------------------------------------------------------------- Qt

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, key = self.rows[index.row()], self.columns[index.column()].key(self.rows[index.row()])
        if key == REST and role in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ForegroundRole,
            Qt.ItemDataRole.ToolTipRole,
        ):
            return self._rest_data(row, role)
        if (
            role == Qt.ItemDataRole.DisplayRole
            and (row["id"], key) not in self.drafts
            and (key in self._extra or key == "number")
        ):
            number = self.value(row, key)
            return "" if number in (None, 0) and key != "number" else format_number(self.sign(row) * (number or 0))
        if role == Qt.ItemDataRole.ForegroundRole and key == "mutation" and self.sign(row) < 0:
            return theme.colour("bad")
        return super().data(index, role)

    def _rest_data(self, row: Row, role: int) -> Any:
        rest = self.rest(row)
        if role == Qt.ItemDataRole.ForegroundRole:
            return theme.colour("bad" if rest < 0 else "muted")
        if role == Qt.ItemDataRole.ToolTipRole and rest < 0:
            return translate("Matrix", "Er zijn %1 woningen te veel verdeeld").replace("%1", format_number(-rest))
        if rest < 0:
            return translate("Matrix", "%1 te veel").replace("%1", format_number(-rest))
        return format_number(self.sign(row) * rest) if rest else ""

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.ToolTipRole and orientation is Qt.Orientation.Horizontal:
            key = self.columns[section].field
            found = next((c for c in self.categories if c.key == key), None)
            if found is not None:
                return f"{found.title}. {found.tip}" if found.tip else found.title
        return super().headerData(section, orientation, role)

    # -------------------------------------------------------------------------------------------------------- editing

    def _locked(self, row: Row, key: str) -> bool:
        if key == REST or key.startswith("year:"):
            return True
        if key.startswith("type:"):
            return len(self._owned(row["id"], key)) > 1
        return False

    def _owned(self, block: str, key: str) -> list[Any]:
        found = self._data.block(block) if self._data else None
        return [o for o in found.ownerships if f"type:{o.type.value}" == key] if found else []

    def store_value(self, row: Row, field: Field, value: Any) -> list[Finding]:
        prefix, _, name = field.key.partition(":")
        if prefix == "share" and self._data is not None:
            block = self._data.block(row["id"])
            shares = shares_of(block, LISTS[self.view], self._data.options) if block else {}
            edit = share_number(self.editing, row["id"], shares.get(name), name, value)
            found = self.editing.apply(f"{_TITLES[self.view]} wijzigen", edit)
        elif prefix == "type":
            found = self.editing.apply("Eigendom en waarde wijzigen", self._own(row["id"], field.key, name, value))
        else:
            return super().store_value(row, field, value)
        if not found:
            row[field.key] = value
        return found

    def _own(self, block: str, key: str, name: str, value: Any) -> Callable[[Act], None]:
        owned = self._owned(block, key)

        def edit(act: Act) -> None:
            if not owned:
                if value:
                    act.create("ownership", {"houseblock_id": block, "type": name, "number": value})
            elif value:
                act.set("ownership", owned[0].id, "number", value)
            else:
                act.delete("ownership", owned[0].id)

        return edit


def _columns(categories: list[Category], rest: str = "") -> list[Column]:
    divided = [Column(c.key, c.title, NUMBER_WIDTH) for c in categories]
    return [
        Column("name", width=180),
        Column("mutation", translate("Matrix", "Soort"), 64),
        *divided,
        Column(REST, rest or translate("Matrix", "Onbekend"), 84, read_only=True)
        if categories or rest
        else Column("start_date", width=96),
        Column("number", translate("Matrix", "Totaal"), 72),
    ]


def describe_totals(totals: Mapping[str, int], model: MatrixModel) -> dict[int, tuple[str, str]]:
    """What stands in the totals row, by column."""
    found: dict[int, tuple[str, str]] = {0: (translate("Matrix", "Netto"), "text")}
    for place, column in enumerate(model.columns):
        key = column.field if isinstance(column.field, str) else ""
        number = totals.get(key)
        if number is not None and (number or key == "number"):
            found[place] = (format_number(number), "muted" if key == REST else "text")
    return found
