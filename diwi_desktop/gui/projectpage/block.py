"""Everything about one house block: fields, ownership and prices, deliveries, divisions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QDate, QMargins, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from diwi_desktop.gui.fields.columns import Shelf
from diwi_desktop.gui.fields.editing import Editing
from diwi_desktop.gui.fields.form import START, Card, FieldForm, scroll_area
from diwi_desktop.gui.fields.table import EntityTable
from diwi_desktop.gui.fields.tablemodel import Column, Row
from diwi_desktop.gui.fields.words import code_label, homes
from diwi_desktop.gui.language import translate
from diwi_desktop.gui.projectpage.data import PageData, row_of, shares_of
from diwi_desktop.gui.projectpage.division import Division, Part
from diwi_desktop.gui.projectpage.matrix import LISTS, View, share_number
from diwi_desktop.gui.tabbing import put_behind
from diwi_desktop.model.catalogue import Field, FieldType
from diwi_desktop.model.codes import MilestoneState, OwnershipType
from diwi_desktop.model.derive import live_deliveries, per_year
from diwi_desktop.model.finding import Finding
from diwi_desktop.model.notation import format_number
from diwi_desktop.model.plan import Block, Delivery

PRICES = ("price", "price_option", "rent", "rent_option")


def _class_key(row: Row) -> str:
    return "price_option" if row.get("type") in (None, OwnershipType.BUY.value) else "rent_option"


def _amount_key(row: Row) -> str:
    return "price" if row.get("type") in (None, OwnershipType.BUY.value) else "rent"


def prices_along(row: Row, key: str, value: Any) -> Row:
    """A row of ownership has one way of pricing, of its own type: the others go."""
    gone: tuple[str, ...] = ()
    if key == "type":
        gone = PRICES[2:] if value == OwnershipType.BUY.value else PRICES[:2]
    elif key in PRICES and value is not None:
        gone = tuple(other for other in PRICES if other != key)
    return {other: None for other in gone if row.get(other) is not None}


def short_types() -> dict[str, str]:
    """Ownership types in one or two words, for narrow columns; the whole words are in the tooltip."""
    return {
        OwnershipType.BUY.value: translate("Block", "Koop"),
        OwnershipType.RENT_LANDLORD.value: translate("Block", "Huur particulier"),
        OwnershipType.RENT_CORPORATION.value: translate("Block", "Huur corporatie"),
    }


class BlockDetail(QWidget):
    """The block that is chosen in the matrix. It is there once `make_next` says so."""

    typed = Signal()

    def __init__(self, editing: Editing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editing = editing
        self._data: PageData | None = None
        self._block: Block | None = None
        self._stops: list[QWidget] = []
        self._making = self._make()

    def make_next(self) -> bool:
        """Make some of it: the whole would keep the window waiting. False when all is there."""
        return next(self._making, self) is None

    def _make(self) -> Iterator[None]:
        editing, none = self._editing, QMargins(0, 0, 0, 0)
        self.area = scroll_area(self)
        content = QWidget(self.area.viewport())
        first = QWidget(content)
        self.form = FieldForm("houseblock", editing, first, sections=("base",), margins=none)
        yield
        self.deliveries = self._delivery_card(first)
        self.ownership = self._ownership_card(first)
        yield
        self.more = FieldForm(
            "houseblock", editing, content, sections=("special", "own"), margins=none, column=300, label_width=164,
            later=True,
        )  # fmt: skip
        while self.more.make_next():
            yield
        self.divisions: dict[View, Division] = {
            view: Division(view.title(), editing, self.more)
            for view in (View.HOUSE_TYPE, View.TARGET, View.APPEARANCE, View.GROUND)
        }
        for card in self.divisions.values():
            self.more.add_card(card, after=START)
        self.form.editors["number"].changed.connect(self._number_typed)
        shelf = Shelf(first)
        shelf.add(self.form, 336, 0)
        shelf.add(self._delivery_box, 270, 0)
        shelf.add(self._ownership_box, 420)
        yield
        column = QVBoxLayout(content)
        column.setContentsMargins(12, 4, 12, 12)
        column.setSpacing(8)
        column.addWidget(first)
        column.addWidget(self.more)
        column.addStretch(1)
        self.area.setWidget(content)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.area)

    def _ownership_card(self, parent: QWidget) -> EntityTable:
        self._ownership_box = Card(self.tr("Eigendom en waarde"), parent)
        columns = (
            Column("type", texts=short_types()),
            Column("number", width=62),
            Column(_class_key, self.tr("Categorie"), 96),
            Column(_amount_key, self.tr("Prijs of huur (€)"), 132),
        )
        table = EntityTable("ownership", columns, self._editing, self._ownership_box, totals=True)
        table.add_button.setText(self.tr("Regel toevoegen"))
        table.model.along = prices_along
        table.model.locked = lambda row, key: key in PRICES and row.get("type") is None
        table.model.defaults = self._new_ownership
        table.model.edited.connect(self._ownership_typed)
        self._ownership_box.box.addWidget(table)
        self._ownership_box.box.addStretch(1)
        return table

    def _delivery_card(self, parent: QWidget) -> EntityTable:
        self._delivery_box = Card(self.tr("Opleveringen"), parent)
        columns = (Column("date", self.tr("Datum"), 92), Column("number", width=60), Column("state"))
        table = EntityTable("delivery", columns, self._editing, self._delivery_box, totals=True)
        table.add_button.setText(self.tr("Toevoegen"))
        table.model.defaults = self._new_delivery
        table.model.edited.connect(self._deliveries_typed)
        table.settled.connect(self._reload)
        self.years = QLabel(self._delivery_box)
        self.years.setProperty("role", "small")
        self.years.setWordWrap(True)
        self._delivery_box.box.addWidget(table)
        self._delivery_box.box.addWidget(self.years)
        self._delivery_box.box.addStretch(1)
        return table

    def _new_ownership(self) -> Row:
        rest = self._rest(self.ownership)
        return {"number": rest} if rest > 0 else {}

    def _new_delivery(self) -> Row:
        rest = self._rest(self.deliveries)
        return {"number": rest} if rest > 0 else {}

    # ------------------------------------------------------------------------------------------------------- showing

    def show_block(self, data: PageData, block: Block) -> None:
        """Show a block of the project."""
        self._data, self._block = data, block
        row = next(row for row in data.blocks if row["id"] == block.id)
        self.more.refresh_fields()
        for form in (self.form, self.more):
            form.load(block.id, row, data.at("houseblock", block.id), data.read_only)
        self.ownership.load(block.id, [row_of(o) for o in block.ownerships], data.in_rows("ownership"), data.read_only)
        deliveries = sorted(block.deliveries, key=lambda d: (d.date, d.id))
        self.deliveries.load(block.id, [row_of(d) for d in deliveries], data.in_rows("delivery"), data.read_only)
        for view, division in self.divisions.items():
            self._show_division(view, division, data, block, row)
        stops = [stop for division in self.divisions.values() for stop in division.stops()]
        if stops != self._stops:  # made later than the fields that stand behind them
            self._stops = stops
            put_behind(self.more, stops)

    def _reload(self) -> None:
        if self._data is not None and self._block is not None:
            self.show_block(self._data, self._block)

    def _show_division(self, view: View, division: Division, data: PageData, block: Block, row: Row) -> None:
        values: dict[str, int | None]
        if view in LISTS:
            shares = shares_of(block, LISTS[view], data.options)
            used = set(shares)
            found = [o for o in data.options.values() if o.list == LISTS[view] and (not o.disabled or o.id in used)]
            parts = [
                Part(_count(o.id, o.name), self._share_setter(view, o.id))
                for o in sorted(found, key=lambda o: (o.level or 0, o.id))
            ]
            values = {option: number for option, (_, number) in shares.items()}
            at = data.in_rows("share")
            findings = {option: at.get((share, "number"), []) for option, (share, _) in shares.items()}
        else:
            wanted = "house_type" if view is View.HOUSE_TYPE else "ground_position"
            fields = [f for f in self._editing.catalogue.kind("houseblock").fields if f.sum == wanted]
            parts = [Part(f) for f in fields]
            values = {f.key: row.get(f.key) for f in fields}
            findings = data.at("houseblock", block.id)
        division.show_parts(block.id, block.number, parts, values, findings, data.read_only)

    def _share_setter(self, view: View, option: str) -> Any:
        def store(block: str, value: Any) -> list[Finding]:
            known = self._block if self._block is not None and self._block.id == block else None
            options = self._data.options if self._data else {}
            share = shares_of(known, LISTS[view], options).get(option) if known else None
            edit = share_number(self._editing, block, share, option, value)
            return self._editing.apply(f"{'Doelgroep' if view is View.TARGET else 'Verschijningsvorm'} wijzigen", edit)

        return store

    # -------------------------------------------------------------------------------------------- following the typing

    @property
    def number(self) -> int:
        """The number of homes in the block, as it is being typed."""
        typed = self.form.editors["number"].current()
        return typed if isinstance(typed, int) else self._block.number if self._block else 0

    def _number_typed(self) -> None:
        for division in self.divisions.values():
            division.set_number(self.number)
        self._ownership_typed()
        self._deliveries_typed()
        self.typed.emit()

    def _rest(self, table: EntityTable) -> int:
        rows = [r for r in table.model.rows if r.get("state") != MilestoneState.ABORTED.value]
        return self.number - sum(table.model.value(row, "number") or 0 for row in rows)

    def _sum_line(self, table: EntityTable, missing: str) -> None:
        rest = self._rest(table)
        done = self.number - rest
        text, look = "", "muted"
        if rest < 0:
            text, look = self.tr("%1 te veel").replace("%1", format_number(-rest)), "bad"
        elif rest > 0:
            text = missing.replace("%1", format_number(rest))
        if table.totals is not None:
            number = (format_number(done), "bad" if rest < 0 else "text")
            table.totals.show_totals({0: (self.tr("Totaal"), "text"), 1: number, 2: (text, look)})

    def _ownership_typed(self) -> None:
        self._sum_line(self.ownership, self.tr("%1 onbekend"))

    def _deliveries_typed(self) -> None:
        self._sum_line(self.deliveries, self.tr("nog %1 te plannen"))
        block = Block("", number=self.number)
        model = self.deliveries.model
        for row in model.rows:
            day = QDate.fromString(str(model.value(row, "date") or ""), "yyyy-MM-dd")
            number = model.value(row, "number")
            if day.isValid() and number:
                state = MilestoneState(model.value(row, "state"))
                block.deliveries.append(Delivery(day.toPython(), number, state))  # type: ignore[arg-type]  # stub
        years = per_year(block) if live_deliveries(block) else {}
        self.years.setText("   ".join(f"{year}: {homes(number)}" for year, number in years.items()))
        self.years.setVisible(len(years) > 1)

    def focus(self, kind: str, entity: str, key: str) -> bool:
        """Go to a field of the block or of a row under it."""
        if kind == "ownership":
            return self._to(self.ownership, entity, key)
        if kind == "delivery":
            return self._to(self.deliveries, entity, key)
        for division in self.divisions.values():
            editor = division.editors.get(key) if kind == "houseblock" else None
            if editor is not None:
                editor.focus()
                self.area.ensureWidgetVisible(editor.input, 20, 40)
                return True
        return self.form.focus(key) or self.more.focus(key)

    def _to(self, table: EntityTable, entity: str, key: str) -> bool:
        self.area.ensureWidgetVisible(table, 20, 20)
        return table.focus(entity, key)


def _count(key: str, name: str) -> Field:
    return Field("share", key, FieldType.INTEGER, name, name, minimum=0, unit="woningen")


def summary(block: Block) -> str:
    """What a block is in a few words: Bouw, 48 woningen."""
    return f"{code_label('mutation', block.mutation)}, {homes(block.number)}"
