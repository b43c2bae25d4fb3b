"""The tab with the housing programme: the matrix of blocks and the block that is chosen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.controls import Combo, Segments
from diwi_desktop.gui.fields.editing import Act, Editing
from diwi_desktop.gui.fields.grid import ROW_HEIGHT
from diwi_desktop.gui.fields.table import EntityTable
from diwi_desktop.gui.fields.words import code_label
from diwi_desktop.gui.projectpage.block import BlockDetail
from diwi_desktop.gui.projectpage.data import PageData, row_of
from diwi_desktop.gui.projectpage.matrix import REST, MatrixModel, View, describe_totals
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.finding import Finding
from diwi_desktop.model.plan import Block

NAME_WIDTH = 64  # pixels at the normal text size, at least
BOTH = 380  # pixels of height at the normal text size from which matrix and block fit under each other
NARROW = 760  # pixels of width at the normal text size under which the views are a list


class Programme(QWidget):
    """Blocks with totals per row and column; under it the details of one."""

    totals_changed = Signal(int, int)  # built, demolished, while typing

    def __init__(self, editing: Editing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editing = editing
        self._data: PageData | None = None
        self._block = ""
        self._fresh = ""
        self._view = View.YEARS
        self.model = MatrixModel(editing, self)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        views = self._views()
        views.setContentsMargins(12, 6, 12, 0)
        whole.addLayout(views)
        # Everything is made in its place: a tree of widgets that changes parent is dressed anew.
        self._split = QSplitter(Qt.Orientation.Vertical, self)
        self._top = QWidget(self._split)
        self._below = QStackedWidget(self._split)
        self.matrix = EntityTable(
            "houseblock", self.model.columns, editing, self._top, fit=False, totals=True, model=self.model
        )
        self.matrix.add_button.clicked.disconnect()
        self.matrix.grid.add_wanted.disconnect()
        self.matrix.add_button.clicked.connect(self.add_block)
        self.matrix.grid.add_wanted.connect(self.add_block)
        self.matrix.row_chosen.connect(self._chosen)
        self.matrix.grid.doubleClicked.connect(self._double_clicked)
        self.model.edited.connect(self._follow)
        header = self.matrix.grid.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        self.copy_button = QToolButton(self.matrix)
        self.copy_button.setIcon(theme.icon("content-copy"))
        self.copy_button.setText(self.tr("Kopiëren"))
        self.copy_button.setToolTip(self.tr("Maak een kopie van het gekozen blok, met alles wat erbij hoort"))
        theme.words_beside(self.copy_button)
        self.copy_button.clicked.connect(self.copy_block)
        self.matrix.buttons.insertWidget(2, self.copy_button)
        self.setTabOrder(self.copy_button, self.matrix.delete_button)
        self._detail = BlockDetail(editing, self._below)
        self._detail.typed.connect(self._follow)
        self._none = self._empty_state()
        self._below.addWidget(self._none)
        self._below.addWidget(self._detail)
        box = QVBoxLayout(self._top)
        box.setContentsMargins(12, 4, 12, 0)
        box.setSpacing(4)
        box.addWidget(self.matrix, 1)
        self._split.setChildrenCollapsible(False)
        self._split.setStretchFactor(0, 0)
        self._split.setStretchFactor(1, 1)
        self._sized_for = -1
        self._scale = 0.0
        whole.addWidget(self._split, 1)
        self._dressed()
        theme.current().changed.connect(self._dressed)

    @property
    def detail(self) -> BlockDetail:
        """The details of the block that is chosen."""
        while self._detail.make_next():
            pass
        return self._detail

    def prepare_next(self) -> bool:
        """Make some of the details before they are asked for. False when they are there."""
        return self._detail.make_next()

    def _views(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.choice = Segments([self.tr("Blokken"), self.tr("Gekozen blok")])
        self.choice.check(0)
        self.choice.group.idClicked.connect(lambda _place: self._arrange())
        self._views_title = QLabel(self.tr("Verdeel naar"))
        self._views_title.setProperty("role", "muted")
        titles = [view.title() for view in View]
        self.views = Segments(titles)
        self.views.check(0)
        self.views.group.idClicked.connect(lambda place: self.show_view(list(View)[place]))
        self.view_list = Combo()
        self.view_list.setAccessibleName(self.tr("Verdeel naar"))
        for view, title in zip(View, titles, strict=True):
            self.view_list.addItem(title, view.value)
        self.view_list.activated.connect(lambda place: self.show_view(list(View)[place]))
        for widget in (self.choice, self._views_title, self.views, self.view_list):
            row.addWidget(widget)
        row.addStretch(1)
        return row

    def _empty_state(self) -> QWidget:
        page = QWidget(self._below)
        box = QVBoxLayout(page)
        box.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text = QLabel(self.tr("Dit project heeft nog geen woningblokken."))
        text.setProperty("role", "muted")
        button = QPushButton(theme.icon("plus"), self.tr("Woningblok toevoegen"))
        button.clicked.connect(self.add_block)
        self._first = button
        box.addWidget(text, 0, Qt.AlignmentFlag.AlignCenter)
        box.addWidget(button, 0, Qt.AlignmentFlag.AlignCenter)
        return page

    # ------------------------------------------------------------------------------------------------------- showing

    def show_data(self, data: PageData) -> None:
        """Show a project; the same block stays chosen."""
        other = self._data is None or self._data.plan.id != data.plan.id
        self._data = data
        ids = [block.id for block in data.plan.blocks]
        if other or self._block not in ids:
            self._block = ids[0] if ids else ""
        if self._fresh in ids:
            self._block = self._fresh
        self._show_matrix(data)
        self._show_block()
        if self._fresh in ids:
            self._fresh = ""
            self._show_detail()
            self.detail.form.focus("name")

    def _show_matrix(self, data: PageData) -> None:
        before = [column.field for column in self.model.columns]
        self.model.show_data(data, self._view)
        if [column.field for column in self.model.columns] != before:
            self._fit_columns()
        self.matrix._buttons()
        if self._block:
            here = self.matrix.grid.currentIndex()
            if self.matrix.chosen() != self._block:
                self.matrix.choose(self._block, max(0, here.column()))
        self.matrix.add_button.setEnabled(not data.read_only)
        self.copy_button.setVisible(not data.read_only)
        self._fit_rows()
        self._first.setEnabled(not data.read_only)
        self._follow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        self._fit_rows(force=True)
        self._show_rest()

    def _dressed(self) -> None:
        """At another text size words ask for other widths."""
        if self._scale == theme.current().scale:
            return
        self._scale = theme.current().scale
        self.view_list.setFixedWidth(theme.scaled(160))
        self._fit_columns()
        self._arrange()
        self._fit_rows(force=True)
        self._show_rest()

    def _arrange(self) -> None:
        """Matrix and block under each other where there is room for both; else the one that is chosen."""
        low = self.height() < theme.scaled(BOTH)
        block = self.choice.checked() == 1
        self.choice.setVisible(low)
        self._top.setVisible(not low or not block)
        self._below.setVisible(not low or block)
        views = not low or not block
        narrow = self.width() < theme.scaled(NARROW) or low
        self._views_title.setVisible(views and not narrow)
        self.views.setVisible(views and not narrow)
        self.view_list.setVisible(views and narrow)

    def _show_detail(self) -> None:
        """Bring the details of the block in view, also where only one of the two fits."""
        self.choice.check(1)
        self._arrange()

    def _fit_rows(self, *, force: bool = False) -> None:
        """Give the matrix the height of its rows, up to about half of the tab."""
        rows = max(2, self.model.rowCount())
        if self.height() < 60 or (rows == self._sized_for and not force):
            return
        self._sized_for = rows
        around = 4 + self.matrix.sizeHint().height() - self.matrix.grid.sizeHint().height()
        wanted = around + self.matrix.grid.horizontalHeader().sizeHint().height() + rows * ROW_HEIGHT + 12
        room = self._split.height()
        top = min(wanted, max(150, room * 11 // 20))
        self._split.setSizes([top, max(60, room - top)])

    def _fit_columns(self) -> None:
        header = self.matrix.grid.horizontalHeader()
        header.setMinimumSectionSize(theme.scaled(NAME_WIDTH))
        metrics = self.matrix.grid.fontMetrics()
        kinds = max(metrics.horizontalAdvance(code_label("mutation", code.key)) for code in code_list("mutation").codes)
        for place, column in enumerate(self.model.columns):
            stretch = place == 0
            header.setSectionResizeMode(
                place, QHeaderView.ResizeMode.Stretch if stretch else QHeaderView.ResizeMode.Interactive
            )
            if not stretch:
                wanted = max(
                    metrics.horizontalAdvance(column.title) + theme.scaled(24),
                    kinds + 16 if column.field == "mutation" else 0,
                )
                self.matrix.grid.setColumnWidth(place, max(theme.scaled(column.width), min(wanted, theme.scaled(190))))

    def _show_rest(self) -> None:
        """In a narrow panel the column of what no category has takes no room from the names while it is empty."""
        place = next((p for p, column in enumerate(self.model.columns) if column.field == REST), None)
        if place is not None:
            empty = not any(self.model.rest(row) for row in self.model.rows)
            self.matrix.grid.setColumnHidden(place, empty and self.width() < theme.scaled(NARROW))

    def show_view(self, view: View) -> None:
        """Divide the columns in another way."""
        self._view = view
        self.views.check(list(View).index(view))
        self.view_list.setCurrentIndex(list(View).index(view))
        if self._data is not None:
            self._show_matrix(self._data)

    def _show_block(self) -> None:
        block = self._data.block(self._block) if self._data and self._block else None
        self._below.setCurrentWidget(self._none if block is None else self.detail)
        self.copy_button.setEnabled(block is not None)
        if block is not None and self._data is not None:
            self.detail.show_block(self._data, block)

    def _chosen(self, block: str) -> None:
        if block and block != self._block:
            self._block = block
            self._show_block()

    def _double_clicked(self, index: QModelIndex) -> None:
        """A year or a price cannot be typed in the matrix: go to where it can."""
        if self.model.flags(index) & Qt.ItemFlag.ItemIsEditable:
            return
        key = self.model.columns[index.column()].key(self.model.rows[index.row()])
        table = self.detail.ownership if key.startswith("type:") else self.detail.deliveries
        self._show_detail()
        self.detail.area.ensureWidgetVisible(table, 20, 20)
        table.grid.setFocus()

    def _follow(self) -> None:
        if self.detail.form.editors["number"].pending is not None and self._block:
            self.model.live[self._block, "number"] = self.detail.number
        self._show_rest()
        if self.matrix.totals is not None:
            self.matrix.totals.show_totals(describe_totals(self.model.totals(), self.model))
        self.totals_changed.emit(*self.model.homes())

    # ------------------------------------------------------------------------------------------------------- editing

    def add_block(self) -> None:
        """Make a block and go to its name."""
        if self._data is None or self._data.read_only:
            return
        name = next_name([block.name for block in self._data.plan.blocks])
        values = {"project_id": self._data.plan.id, "name": name, "number": 0}
        made: list[str] = []
        found = self._editing.apply("Woningblok toevoegen", lambda act: made.append(act.create("houseblock", values)))
        self._made_block(made, found)

    def copy_block(self) -> None:
        """Copy the chosen block with its deliveries, ownership and divisions, as one act."""
        block = self._data.block(self._block) if self._data else None
        if block is None or self._data is None:
            return
        row = next(row for row in self._data.blocks if row["id"] == block.id)
        name = copy_name(block.name, [b.name for b in self._data.plan.blocks])
        made: list[str] = []

        def edit(act: Act) -> None:
            new = act.create("houseblock", _given({**row, "name": name}))
            made.append(new)
            for kind, parts in (
                ("delivery", block.deliveries),
                ("ownership", block.ownerships),
                ("share", block.shares),
            ):
                for part in parts:
                    act.create(kind, _given({**row_of(part), "houseblock_id": new}))

        self._made_block(made, self._editing.apply("Woningblok kopiëren", edit))

    def _made_block(self, made: list[str], found: list[Finding]) -> None:
        """Go to the new block once it is shown, or say why it was not made."""
        if found:
            self.matrix.message.show_findings(found)
        else:
            self._fresh = made[0]

    # ---------------------------------------------------------------------------------------------------------- focus

    def focus(self, kind: str, entity: str, key: str) -> bool:
        """Go to a field of a block or of something under it."""
        if self._data is None:
            return False
        for block in self._data.plan.blocks:
            if entity in _ids(block):
                self._block = block.id
                self.matrix.choose(block.id)
                self._show_block()
                self._show_detail()
                return self.detail.focus(kind, entity, key)
        self.matrix.grid.setFocus()
        return True


def _ids(block: Block) -> set[str]:
    """The ids of a block and of everything under it."""
    found = {block.id}
    for parts in (block.deliveries, block.ownerships, block.shares):
        found.update(part.id for part in parts)
    return found


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None and key not in ("id", "deleted_at")}


def next_name(names: list[str]) -> str:
    """The name of a new block: Blok 1, or one more than the highest there is."""
    numbers = [int(found[1]) for name in names if (found := re.fullmatch(r"Blok (\d{1,9})", name))]
    return f"Blok {max(numbers, default=0) + 1}"


def copy_name(name: str, names: list[str]) -> str:
    """The name of a copy that no other block has."""
    plain = re.sub(r" \(kopie( \d+)?\)$", "", name)
    found = f"{plain} (kopie)"
    number = 2
    while found in names:
        found = f"{plain} (kopie {number})"
        number += 1
    return found
