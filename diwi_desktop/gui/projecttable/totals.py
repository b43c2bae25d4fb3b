"""The totals row: always in sight under the table, its figures under their columns."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QSizePolicy, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.projecttable.columns import built_and_demolished
from diwi_desktop.gui.projecttable.model import ProjectTableModel
from diwi_desktop.model.notation import format_number


class TotalsRow(QWidget):
    """Adds up the rows shown, column by column, scrolled along with the table."""

    def __init__(self, model: ProjectTableModel, header: QHeaderView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("TotalsRow")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._model, self._header = model, header
        self._texts: dict[str, str] = {}
        self._label = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        model.arranged.connect(self._refresh)
        header.sectionResized.connect(self.update)
        header.sectionMoved.connect(self.update)
        self._refresh()

    def text(self, key: str) -> str:
        """The total under a column, as shown."""
        return self._texts.get(key, "")

    def tell(self, words: str) -> None:
        """Words in the place of the totals, until there are rows to add up."""
        self._texts, self._label = {}, words
        self.setAccessibleName(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(100, theme.space(7))

    def _refresh(self) -> None:
        totals = self._model.totals()
        self._texts = {key: format_number(round(value)) for key, value in totals.items()}
        if {"built", "demolished"} <= totals.keys():
            self._texts["homes"] = built_and_demolished(totals["built"], totals["demolished"])
        count = len(self._model.shown)
        number = format_number(count)
        self._label = self.tr("1 project") if count == 1 else self.tr("{0} projecten").format(number)
        lapsed = self._model.given_up()
        left_out = ""
        if lapsed:
            self._label = self.tr("{0}, {1} afgebroken").format(self._label, format_number(len(lapsed)))
            numbers = built_and_demolished(sum(row.built for row in lapsed), sum(row.demolished for row in lapsed))
            left_out = self.tr("Niet meegeteld, want afgebroken: {0} woningen").format(numbers)
        self.setToolTip(left_out)
        spoken = [self._label, left_out] if left_out else [self._label]
        spoken += [f"{c.title} {self._texts[c.key]}" for c in self._model.columns if c.key in self._texts]
        self.setAccessibleName(self.tr("Totaal: {0}").format(", ".join(spoken)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setFont(theme.font("normal", bold=True))
        painter.setPen(theme.colour("text"))
        centre = Qt.AlignmentFlag.AlignVCenter
        first_total = self.width()
        for logical, column in enumerate(self._model.columns):
            if column.key not in self._texts or self._header.isSectionHidden(logical):
                continue
            left = self._header.sectionViewportPosition(logical)
            cell = QRect(left, 0, self._header.sectionSize(logical) - theme.space(2), self.height())
            # A sum is longer than its parts; there is nothing at its left to cover.
            cell.setLeft(min(left, cell.right() - painter.fontMetrics().horizontalAdvance(self._texts[column.key])))
            if cell.right() > self.width():
                continue  # half a number is another number
            first_total = min(first_total, cell.left())
            painter.drawText(cell, centre | Qt.AlignmentFlag.AlignRight, self._texts[column.key])
        room = QRect(theme.space(2), 0, max(0, first_total - theme.space(2)), self.height())
        if room.width() > painter.fontMetrics().horizontalAdvance(self._label):
            painter.drawText(room, centre | Qt.AlignmentFlag.AlignLeft, self._label)
        painter.end()
