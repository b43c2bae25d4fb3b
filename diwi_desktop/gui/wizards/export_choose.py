"""Page 1 of the submission wizard: the province, the reference date, and which projects go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QDate, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDateEdit,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QWidget,
)

from diwi_desktop.exchange import provinces
from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.controls import Combo
from diwi_desktop.gui.fields.words import code_label, homes
from diwi_desktop.gui.language import language
from diwi_desktop.gui.projecttable.ordering import fold, natural
from diwi_desktop.gui.rowhover import RowHover
from diwi_desktop.gui.wizards.export_session import Session
from diwi_desktop.gui.wizards.forms import child, load
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import Confidentiality
from diwi_desktop.model.notation import format_number
from diwi_desktop.store.queries import ProjectRow

Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_NAME, _HOMES = 0, 5
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ChoiceModel(QAbstractTableModel):
    """The projects that may go, each with a tick. `ticked` says that ticks changed."""

    ticked = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._words = ""
        self._shown: list[ProjectRow] = []
        self._order = (_NAME, Qt.SortOrder.AscendingOrder)
        self._heads = [
            self.tr("Project"),
            self.tr("Code"),
            self.tr("Fase"),
            self.tr("Planstatus"),
            self.tr("Vertrouwelijkheid"),
            self.tr("Woningen"),
        ]
        self.refresh()

    @property
    def shown(self) -> Sequence[ProjectRow]:
        """The projects that pass the filter."""
        return self._shown

    def set_words(self, words: str) -> None:
        """Show the projects in which every word occurs."""
        self._words = words
        self.refresh()

    def refresh(self) -> None:
        """Take the rows of the session again."""
        words, known = fold(self._words).split(), self._session.words
        self.beginResetModel()
        found = [row for row in self._session.rows if all(word in known[row.id].searched for word in words)]
        column, order = self._order
        found.sort(key=lambda row: known[row.id].order)
        down = order is Qt.SortOrder.DescendingOrder
        if column == _HOMES:
            found.sort(key=lambda row: row.net, reverse=down)
        elif column == _NAME:
            found.sort(key=lambda row: known[row.id].order, reverse=down)
        else:
            found.sort(key=lambda row: natural(self._text(row, column)), reverse=down)
        self._shown = found
        self.endResetModel()

    def tick_shown(self, on: bool) -> None:
        """Tick or untick everything that is shown."""
        self._session.tick((row.id for row in self._shown), on)
        self._repaint()

    def tick_only(self, projects: Sequence[str]) -> None:
        """Tick these projects and no other."""
        self._session.tick({row.id for row in self._session.rows}, False)
        self._session.tick({row.id for row in self._session.rows} & set(projects))
        self._repaint()

    def _repaint(self) -> None:
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, _NAME))
        self.ticked.emit()

    def _text(self, row: ProjectRow, column: int) -> str:
        return self._session.words[row.id].columns[column]

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self._heads[section]
            if role == Qt.ItemDataRole.ToolTipRole and section == _HOMES:
                return self.tr("Nieuwbouw min sloop")
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if section == _HOMES else _LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._shown[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._text(row, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if index.column() == _HOMES else _LEFT
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == _NAME:
            return Qt.CheckState.Checked if row.id in self._session.ticked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == _NAME:
            goes = self.tr("gaat mee") if row.id in self._session.ticked else self.tr("gaat niet mee")
            return f"{row.name}, {goes}"
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != _NAME:
            return False
        self._session.tick([self._shown[index.row()].id], Qt.CheckState(value) is Qt.CheckState.Checked)
        self.dataChanged.emit(index, index)
        self.ticked.emit()
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        found = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return found | Qt.ItemFlag.ItemIsUserCheckable if index.column() == _NAME else found

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._order = (column, order)
        self.refresh()


class ChoosePage(QWidget):
    """What goes. `changed` says that the choice is another one."""

    changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        form = load("export_choose", self)
        self.profile = child(form, Combo, "profile")
        self.minimum = child(form, Combo, "minimum")
        self.day = child(form, QDateEdit, "day")
        self.known_then = child(form, QCheckBox, "knownThen")
        self.filter = child(form, QLineEdit, "filter")
        self.all = child(form, QPushButton, "all")
        self.none = child(form, QPushButton, "none")
        self.selection = child(form, QPushButton, "selection")
        self.table = child(form, QTableView, "projects")
        RowHover(self.table)
        self.count = child(form, QLabel, "count")
        self.left_out = child(form, QLabel, "leftOut")
        self.model = ChoiceModel(session)
        self._fill()
        self._connect()
        self._show()

    def _fill(self) -> None:
        session = self._session
        for profile in provinces.profiles():
            self.profile.addItem(profile.label(language()), profile.key)
        self.profile.setCurrentIndex(self.profile.findData(session.profile.key))
        self._fill_levels()
        self.day.setDate(QDate(session.day.year, session.day.month, session.day.day))
        table = self.table
        table.setModel(self.model)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(theme.size("normal") + theme.space(3))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setSortingEnabled(True)
        table.sortByColumn(_NAME, Qt.SortOrder.AscendingOrder)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        for column, steps in ((1, 39), (2, 30), (3, 34), (4, 34), (_HOMES, 22)):
            header.resizeSection(column, theme.space(steps))

    def _fill_levels(self) -> None:
        """The levels that the province takes."""
        self.minimum.blockSignals(True)
        self.minimum.clear()
        for code in code_list("confidentiality").codes:
            if Confidentiality(code.key).rank >= self._session.profile.min_confidentiality.rank:
                self.minimum.addItem(code.label(language()), code.key)
        self.minimum.setCurrentIndex(self.minimum.findData(self._session.minimum.value))
        self.minimum.blockSignals(False)

    def _connect(self) -> None:
        session = self._session
        self.profile.currentIndexChanged.connect(self._profile_chosen)
        self.minimum.currentIndexChanged.connect(
            lambda _: session.set_minimum(Confidentiality(self.minimum.currentData()))
        )
        self.day.dateChanged.connect(lambda day: session.set_day(day.toPython()))
        self.known_then.toggled.connect(session.set_known_then)
        self.filter.textChanged.connect(self._filter)
        self.all.clicked.connect(lambda: self.model.tick_shown(True))
        self.none.clicked.connect(lambda: self.model.tick_shown(False))
        self.selection.clicked.connect(lambda: self.model.tick_only(session.state.selection))
        self.model.ticked.connect(self._show)
        session.rows_changed.connect(self._rows_changed)
        session.reading_started.connect(self._show)
        # By a method, not a lambda: the window outlives this page, and Qt then lets go of it by itself.
        session.state.selection_changed.connect(self._show)

    def _profile_chosen(self) -> None:
        self._session.set_profile(provinces.profile(self.profile.currentData()))
        self._fill_levels()

    def _filter(self, words: str) -> None:
        self.model.set_words(words)
        self._show()

    def _rows_changed(self) -> None:
        self.model.refresh()
        self._show()

    def _show(self, *_: object) -> None:
        """The counts."""
        session = self._session
        chosen = session.chosen
        past = session.day < session.state.store.clock.today()
        self.known_then.setVisible(past)
        if self.known_then.isChecked() != session.known_then:
            self.known_then.setChecked(session.known_then)
        self.selection.setEnabled(bool(session.state.selection))
        words = self.tr("%1 van %2 projecten gaan mee, %3 netto")
        counts = (format_number(len(chosen)), format_number(len(session.rows)), homes(sum(row.net for row in chosen)))
        for place, count in enumerate(counts, start=1):
            words = words.replace(f"%{place}", count)
        self.count.setText(self.tr("De projecten worden gelezen…") if session.reading else words)
        self.left_out.setText(self._left_out())
        self.changed.emit()

    def _left_out(self) -> str:
        """Who never goes, in one sentence; empty when everybody does."""
        confidential, municipal, lapsed = self._session.left_behind
        parts = []
        if confidential:
            level = code_label("confidentiality", self._session.minimum)
            parts.append(self.tr("%1 strenger dan '%2'").replace("%1", str(confidential)).replace("%2", level))
        if municipal:
            parts.append(self.tr("%1 met planstatus 5A of 5B").replace("%1", str(municipal)))
        if lapsed:
            parts.append(self.tr("%1 vervallen").replace("%1", str(lapsed)))
        return self.tr("Gaat nooit mee: %1.").replace("%1", ", ".join(parts)) if parts else ""
