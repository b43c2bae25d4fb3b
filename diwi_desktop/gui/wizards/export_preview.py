"""Page 4 of the submission wizard: what the province will see, as a table and as contours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QTableView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from diwi_desktop.exchange.provinces import OutputField, Record
from diwi_desktop.gui import theme
from diwi_desktop.gui.language import language
from diwi_desktop.gui.rowhover import RowHover
from diwi_desktop.gui.wizards.export_session import Session
from diwi_desktop.gui.wizards.forms import child, load
from diwi_desktop.model.notation import format_date, format_number

Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_YEARS = ("integer", "number")


class RecordModel(QAbstractTableModel):
    """The records of the file: a row per project, a column per field of the province."""

    def __init__(self) -> None:
        super().__init__()
        self._records: Sequence[Record] = ()
        self._fields: Sequence[OutputField] = ()

    def show_records(self, records: Sequence[Record], fields: Sequence[OutputField]) -> None:
        self.beginResetModel()
        self._records, self._fields = records, fields
        self.endResetModel()

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._records)

    def columnCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._fields)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        field = self._fields[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return field.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return field.label(language())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if field.type in _YEARS else _LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        field = self._fields[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._text(field, self._records[index.row()].properties.get(field.name))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if field.type in _YEARS else _LEFT
        return None

    def _text(self, field: OutputField, value: Any) -> str:
        if value is None:
            return ""
        if field.type == "table":
            return self.tr("%1 jaren").replace("%1", str(len(value))) if len(value) != 1 else self.tr("1 jaar")
        if field.type == "list":
            return "; ".join(value)
        if field.type == "date":
            return format_date(value)
        return str(value)


class OutlineView(QWidget):
    """The contours of all records, north up; the one in hand stands out and lies in the middle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paths: list[QPainterPath] = []
        self._bounds = QRectF()
        self._chosen: int | None = None
        self.setMinimumSize(theme.space(50), theme.space(30))
        self.setAccessibleName(self.tr("Kaart van de contouren in het bestand"))
        theme.current().changed.connect(self.update)

    def show_records(self, records: Sequence[Record]) -> None:
        """Other records."""
        self._paths = [_path(record.areas) for record in records]
        self._bounds = QRectF()
        for path in self._paths:
            self._bounds = self._bounds.united(path.boundingRect())
        self._chosen = None
        self.update()

    def choose(self, place: int | None) -> None:
        """The record in hand."""
        self._chosen = place
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, 180)

    def _nothing(self) -> str:
        """What to say when there is nothing to show; empty when there is."""
        if self._bounds.isEmpty():
            return self.tr("Geen contouren in het bestand")
        if self._chosen is not None and self._chosen < len(self._paths) and self._paths[self._chosen].isEmpty():
            return self.tr("Dit project heeft geen contour; de provincie krijgt het zonder ligging")
        return ""

    def _view(self) -> QRectF:
        """What to show: the contour in hand with its surroundings, else everything."""
        chosen = self._chosen
        if chosen is None or chosen >= len(self._paths):
            return self._bounds
        found = self._paths[chosen].boundingRect()
        side = max(found.width(), found.height(), 50.0)
        return QRectF(found).adjusted(-side, -side, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        view, nothing = self._view(), self._nothing()
        if nothing:
            painter.setPen(theme.colour("muted"))
            inside = self.rect().adjusted(*(theme.space(s) for s in (4, 4, -4, -4)))
            painter.drawText(inside, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, nothing)
            return
        painter.setClipRect(self.rect().adjusted(1, 1, -1, -1))
        room = QRectF(self.rect()).adjusted(8, 8, -8, -8)
        scale = min(room.width() / view.width(), room.height() / view.height())
        painter.translate(room.center())
        painter.scale(scale, -scale)
        painter.translate(-view.center())
        for place, path in enumerate(self._paths):
            if place != self._chosen:
                self._draw(painter, path, "muted", 0.25, 1.0)
        if self._chosen is not None and self._chosen < len(self._paths):
            self._draw(painter, self._paths[self._chosen], "accent", 0.45, 2.0)

    @staticmethod
    def _draw(painter: QPainter, path: QPainterPath, token: str, strength: float, width: float) -> None:
        pen = QPen(theme.colour(token), width)
        pen.setCosmetic(True)
        fill = QColor(theme.colour(token))
        fill.setAlphaF(strength)
        painter.setPen(pen)
        painter.setBrush(fill)
        painter.drawPath(path)


def _path(areas: Sequence[bytes]) -> QPainterPath:
    """The contours of one plan (EWKB) as a path in RD."""
    import shapely

    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for ring in shapely.get_rings(shapely.get_parts(shapely.from_wkb(list(areas)))):
        points = shapely.get_coordinates(ring).tolist()
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
        path.closeSubpath()
    return path


class PreviewPage(QWidget):
    """The fields of every project, its years and its place."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._records: list[Record] = []
        form = load("export_preview", self)
        self.table = child(form, QTableView, "records")
        self.years = child(form, QTableWidget, "years")
        self.count = child(form, QLabel, "count")
        self.rounding = child(form, QLabel, "rounding")
        self.rounding.hide()
        self.map = OutlineView()
        box = QVBoxLayout(child(form, QWidget, "map"))
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.map)
        self.model = RecordModel()
        self._build()
        session.checked.connect(self.refresh)

    def _build(self) -> None:
        for table in (self.table, self.years):
            table.verticalHeader().hide()
            table.verticalHeader().setDefaultSectionSize(theme.size("normal") + theme.space(3))
            table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
            table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
            table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
            table.setShowGrid(False)
            RowHover(table)
            table.setWordWrap(False)
            table.setTabKeyNavigation(False)
            table.horizontalHeader().setHighlightSections(False)
        self.table.setModel(self.model)
        self.table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.horizontalHeader().setDefaultSectionSize(theme.space(36))
        self.table.selectionModel().currentRowChanged.connect(lambda index, _: self._choose(index.row()))
        heads = [self.tr("Jaar"), self.tr("Bouw"), self.tr("Gereed"), self.tr("Sloop"), self.tr("Gereed")]
        self.years.setColumnCount(len(heads))
        self.years.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column, name in enumerate(heads):
            head = QTableWidgetItem(name)
            head.setTextAlignment(_RIGHT)
            self.years.setHorizontalHeaderItem(column, head)

    def refresh(self) -> None:
        """Show what the last check prepared; nothing is read when the page is out of sight."""
        prepared = self._session.prepared
        if prepared is None:
            return
        current = self.table.currentIndex().row()
        self._records = prepared.faultless
        self.model.show_records(self._records, prepared.profile.fields)
        header = self.table.horizontalHeader()
        for column in range(self.model.columnCount()):
            header.resizeSection(column, max(header.defaultSectionSize(), header.sectionSizeHint(column)))
        self.table.resizeColumnToContents(0)
        self.map.show_records(self._records)
        out = len(prepared.records) - len(self._records)
        words = self.tr("%1 projecten in het bestand, %2 niet.").replace("%1", format_number(len(self._records)))
        self.count.setText(words.replace("%2", format_number(out)))
        if self._records:
            self.table.selectRow(min(max(current, 0), len(self._records) - 1))

    def _choose(self, place: int) -> None:
        if not 0 <= place < len(self._records):
            return
        self.map.choose(place)
        self._show_years(self._records[place])
        self.rounding.setText(self._rounded(self._records[place]))
        self.rounding.setVisible(bool(self.rounding.text()))

    def _rounded(self, record: Record) -> str:
        """House types beside those of the blocks, where rounding per cell makes a difference; empty where not."""
        profile = self._session.profile
        field = next((item for item in profile.fields if item.type == "table"), None)
        if field is None:
            return ""
        table, rows = profile.tables[field.key], record.properties[field.name]
        filed = {
            name: sum(row[f"{name}_{price}"] for row in rows for price in table.classes) for name, _ in table.types
        }
        if filed == record.types:
            return ""
        parts = [
            self.tr("%1 %2 (in de blokken %3)")
            .replace("%1", name)
            .replace("%2", format_number(number))
            .replace("%3", format_number(record.types[name]))
            for name, number in filed.items()
            if number or record.types[name]
        ]
        return self.tr("Woningtypen, afgerond per cel van type en prijs: %1.").replace("%1", ", ".join(parts))

    def _show_years(self, record: Record) -> None:
        profile = self._session.profile
        field = next((item for item in profile.fields if item.type == "table"), None)
        rows = record.properties[field.name] if field else []
        self.years.setRowCount(len(rows))
        if field is None:
            return
        table = profile.tables[field.key]
        for line, row in enumerate(rows):
            built = sum(row[cell] for cell in table.cells)
            gone = sum(row[table.demolition_prefix + cell] for cell in table.cells)
            texts = (
                str(row[table.year]),
                format_number(built),
                row[table.realised] if built else "",
                format_number(gone),
                row[table.demolition_realised] if gone else "",
            )
            for column, text in enumerate(texts):
                cell = QTableWidgetItem(text)
                cell.setTextAlignment(_RIGHT)
                self.years.setItem(line, column, cell)
