"""The tab about where the plan is: its contour, its size, its parcels."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.editing import Editing
from diwi_desktop.gui.fields.message import MessageLine
from diwi_desktop.gui.fields.table import EntityTable
from diwi_desktop.gui.fields.tablemodel import Column
from diwi_desktop.gui.projectpage.contour import ContourView
from diwi_desktop.gui.projectpage.data import PageData, row_of
from diwi_desktop.model.notation import format_number


class Place(QWidget):
    """A larger contour with the parcels beside it."""

    map_wanted = Signal()

    def __init__(self, editing: Editing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.contour = ContourView()
        self.contour.clicked.connect(self.map_wanted)
        self.area = QLabel()
        self.area.setProperty("role", "title")
        self.homes = QLabel()
        self.homes.setProperty("role", "muted")
        self.button = QPushButton(theme.icon("map-search-outline"), self.tr("Toon op de kaart"))
        self.button.clicked.connect(self.map_wanted)
        self.message = MessageLine()
        columns = (Column("designation", self.tr("Perceel")), Column("local_id", self.tr("Identificatie"), 150))
        self.parcels = EntityTable("parcel_link", columns, editing, fit=False)
        self.parcels.add_button.setText(self.tr("Perceel toevoegen"))
        side = QVBoxLayout()
        side.setSpacing(4)
        side.addWidget(self.area)
        side.addWidget(self.homes)
        side.addWidget(self.message)
        side.addWidget(self.parcels, 1)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(self.contour, 1)
        left.addLayout(row)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(12, 8, 12, 8)
        whole.setSpacing(12)
        whole.addLayout(left, 3)
        whole.addLayout(side, 2)

    def show_data(self, data: PageData) -> None:
        """Show a project."""
        plan = data.plan
        self.contour.show_areas([area.geometry for area in plan.areas], QColor(plan.color))
        metres = round(self.contour.area)
        self.area.setText(
            self.tr("%1 m²").replace("%1", format_number(metres)) if plan.areas else self.tr("Nog niet ingetekend")
        )
        each = round(plan.built * 10_000 / metres) if metres else 0
        self.homes.setText(self.tr("%1 woningen per hectare").replace("%1", format_number(each)) if each else "")
        self.homes.setVisible(bool(each))
        found = [f for (kind, _, _), listed in data.by_field.items() if kind == "plan_area" for f in listed]
        self.message.show_findings(found)
        rows = sorted((row_of(link) for link in plan.parcels), key=lambda row: row["designation"])
        self.parcels.load(plan.id, rows, data.in_rows("parcel_link"), data.read_only)
