"""What an import found, as a table that can be narrowed."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.words import sentence
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.notation import format_date

PROJECT, SENTENCE = 1, 4  # columns
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class FindingsModel(QAbstractTableModel):
    """What is wrong with a file: where, what stands there, which rule, in words."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.findings: list[Finding] = []

    def show_findings(self, findings: list[Finding]) -> None:
        """Replace all lines."""
        self.beginResetModel()
        self.findings = findings
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.findings)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else 6

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                *(self.tr("Rij"), self.tr("Project"), self.tr("Kolom")),
                *(self.tr("Waarde"), self.tr("Wat is er mis"), self.tr("Code")),
            )[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        finding, column = self.findings[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.texts(finding)[column]
        if role == Qt.ItemDataRole.UserRole:  # for sorting
            return finding.row or 0 if column == 0 else self.texts(finding)[column].casefold()
        if role == Qt.ItemDataRole.TextAlignmentRole and column == 0:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole and column == 5:
            return theme.colour("muted")
        if role == Qt.ItemDataRole.DecorationRole and column == SENTENCE:
            warning = finding.severity is Severity.WARNING
            return theme.icon("alert-outline" if warning else "alert-circle-outline", "warn" if warning else "bad")
        return None

    @staticmethod
    def texts(finding: Finding) -> tuple[str, str, str, str, str, str]:
        """The six cells of a finding."""
        row = "" if finding.row is None else str(finding.row)
        value = "" if finding.value is None else str(finding.value)
        if isinstance(finding.value, date):
            value = format_date(finding.value)
        return row, finding.project_name, finding.column, value, sentence(finding), finding.code


class FindingsFilter(QSortFilterProxyModel):
    """Lines that hold a text, errors only where asked."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._errors = False
        self.setSortRole(Qt.ItemDataRole.UserRole)

    def narrow(self, text: str, errors_only: bool) -> None:
        """Show only lines with this text; without warnings where asked."""
        self._text, self._errors = text.strip().casefold(), errors_only
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        model = self.sourceModel()
        if not isinstance(model, FindingsModel):
            return True
        finding = model.findings[row]
        if self._errors and finding.severity is Severity.WARNING:
            return False
        return not self._text or any(self._text in cell.casefold() for cell in model.texts(finding))
