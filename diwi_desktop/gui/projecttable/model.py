"""The rows of the project table as Qt sees them: filtered, sorted by several columns, totalled."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont

from diwi_desktop.gui import theme
from diwi_desktop.gui.projecttable import symbols
from diwi_desktop.gui.projecttable.columns import Column
from diwi_desktop.gui.projecttable.content import by_name
from diwi_desktop.gui.projecttable.ordering import Order
from diwi_desktop.model.codes import ProjectStatus
from diwi_desktop.store.queries import ProjectRow

if TYPE_CHECKING:
    from diwi_desktop.gui.projecttable.filters import Filter

Index = QModelIndex | QPersistentModelIndex
Sort = tuple[str, bool]  # column key, descending

_FEW = 20  # projects; more at once are arranged anew, with all others
_TOP = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def given_up(row: ProjectRow) -> bool:
    """Whether the project lapsed on the day shown: a row like any other, in no total, as in no submission."""
    return row.status == ProjectStatus.TERMINATED


class ProjectTableModel(QAbstractTableModel):
    """Rows of `queries.project_rows`. Filtering and sorting are done here: a proxy in Python is too slow at
    5,000 rows.

    `arranging` comes before rows come, go or move, earlier than whoever holds on to a row hears of it; `arranged`
    follows any change of what is shown: rows, filters or order.
    """

    arranging = Signal()
    arranged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.columns: list[Column] = []
        self.filters: dict[str, Filter] = {}
        self.sorting: list[Sort] = [("name", False)]
        self._by_key: dict[str, Column] = {}
        self._all: dict[str, ProjectRow] = {}
        self._shown: list[ProjectRow] = []
        self._place: dict[str, int] = {}
        self._marks: dict[str, str] = {}

    # -- content
    # ------------------------------------------------------------------------------------------------

    @property
    def total_count(self) -> int:
        """How many projects there are, filters aside."""
        return len(self._all)

    @property
    def shown(self) -> Sequence[ProjectRow]:
        """The rows that pass the filters, in order."""
        return self._shown

    def row_of(self, project: str) -> ProjectRow | None:
        """The row of a project, shown or not."""
        return self._all.get(project)

    def column(self, key: str) -> Column:
        """Raises KeyError for an unknown column."""
        return self._by_key[key]

    def place_of(self, project: str) -> int | None:
        """The row in which a project stands, or None when it is filtered out."""
        return self._place.get(project)

    def id_at(self, row: int) -> str:
        return self._shown[row].id

    def set_columns(self, columns: Iterable[Column]) -> None:
        """Other columns; filters and sorting of columns that are gone go with them."""
        self.arranging.emit()
        self.beginResetModel()
        self.columns = list(columns)
        self._by_key = {column.key: column for column in self.columns}
        self.filters = {key: f for key, f in self.filters.items() if key in self._by_key}
        self.sorting = [sort for sort in self.sorting if sort[0] in self._by_key]
        self._arrange()
        self.endResetModel()
        self.arranged.emit()

    def set_rows(self, rows: Sequence[ProjectRow]) -> None:
        """Other rows.

        Where they show the same projects in the same order only the changed cells are repainted.
        """
        self._all = {row.id: row for row in rows}
        self._show_rows()

    def change_rows(self, ids: Collection[str], rows: Sequence[ProjectRow]) -> None:
        """Other rows for the projects `ids`; those of `ids` that have none are gone.

        A few go to their new place; to arrange thousands anew for one of them would keep the window waiting.
        """
        new = {row.id: row for row in rows}
        if len(ids) > _FEW or any(self._by_key[key].of_others for key, _ in self.sorting):
            self._all = {project: row for project, row in self._all.items() if project not in ids} | new
            self._show_rows()
            return
        for project in ids:
            self._change_row(project, new.get(project))
        self.arranged.emit()

    def _change_row(self, project: str, new: ProjectRow | None) -> None:
        old, place = self._all.pop(project, None), self._place.get(project)
        if new is not None:
            self._all[project] = new
        if old is not None and new is not None and self._stands(old) == self._stands(new):
            if place is not None:
                self._shown[place] = new
        elif place is not None or (new is not None and self._passes(new)):
            place = self._move(place, new if new is not None and self._passes(new) else None)
        if place is not None:
            self.dataChanged.emit(self.index(place, 0), self.index(place, len(self.columns) - 1))

    def _move(self, place: int | None, row: ProjectRow | None) -> int | None:
        """Take away what stands in a place and put a row where it belongs; where that is."""
        shown = self._shown if place is None else [*self._shown[:place], *self._shown[place + 1 :]]
        to = None if row is None else self._order().place(shown, row)
        if to is not None and row is not None:
            shown = [*shown[:to], row, *shown[to:]]
        if place != to:
            self.arranging.emit()
        if to is None and place is not None:
            self.beginRemoveRows(_TOP, place, place)
            self._put(shown)
            self.endRemoveRows()
        elif place is None and to is not None:
            self.beginInsertRows(_TOP, to, to)
            self._put(shown)
            self.endInsertRows()
        elif place is not None and to is not None and place != to:
            self.beginMoveRows(_TOP, place, place, _TOP, to + 1 if to > place else to)
            self._put(shown)
            self.endMoveRows()
        else:
            self._put(shown)
        return to

    def mark(self, projects: Mapping[str, str]) -> None:
        """Have the rows of these projects stand out; to each the name of who changed it."""
        changed = sorted(self._place[one] for one in {*self._marks, *projects} if one in self._place)
        self._marks = dict(projects)
        for place in changed:
            self.dataChanged.emit(self.index(place, 0), self.index(place, len(self.columns) - 1))

    def _stands(self, row: ProjectRow) -> Any:
        """What filters and order look at."""
        keys = {*self.filters, *(key for key, _ in self.sorting)}
        return row.name, [(self._by_key[key].value(row), self._by_key[key].sort(row)) for key in sorted(keys)]

    def _show_rows(self) -> None:
        before, old = [row.id for row in self._shown], self._shown
        shown = self._arranged_rows()
        if [row.id for row in shown] == before:
            self._shown = shown
            changed = [n for n, (one, other) in enumerate(zip(old, shown, strict=True)) if one != other]
            if changed:
                self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], len(self.columns) - 1))
        else:
            self.arranging.emit()
            self.beginResetModel()
            self._put(shown)
            self.endResetModel()
        self.arranged.emit()

    def set_filter(self, key: str, new: Filter | None) -> None:
        """Set or take away the filter of a column. Raises KeyError for an unknown column."""
        if key not in self._by_key:
            raise KeyError(key)
        if self.filters.get(key) == new:
            return
        self.filters = {name: f for name, f in self.filters.items() if name != key}
        if new is not None:
            self.filters[key] = new
        self._rearrange()

    def clear_filters(self) -> None:
        if self.filters:
            self.filters = {}
            self._rearrange()

    def set_sorting(self, sorting: Sequence[Sort]) -> None:
        """Order by these columns, the first counting most."""
        self.sorting = [sort for sort in sorting if sort[0] in self._by_key]
        self._rearrange()

    def sort_by(self, key: str, *, add: bool) -> None:
        """A click on a header.

        By this column, or turned round when it already was; `add` keeps the others.
        """
        directions = dict(self.sorting)
        if add:
            if key in directions:
                self.set_sorting([(k, not d if k == key else d) for k, d in self.sorting])
            else:
                self.set_sorting([*self.sorting, (key, False)])
            return
        first = self.sorting[0][0] if self.sorting else None
        self.set_sorting([(key, not directions[key] if first == key and len(self.sorting) == 1 else False)])

    def totals(self) -> Mapping[str, float]:
        """The sums over the rows shown, by column key; what was given up adds nothing."""
        going = [row for row in self._shown if row.status != ProjectStatus.TERMINATED]
        return {column.key: sum(filter(None, map(column.value, going))) for column in self.columns if column.total}

    def given_up(self) -> list[ProjectRow]:
        """The rows shown that no total counts."""
        return [row for row in self._shown if row.status == ProjectStatus.TERMINATED]

    def choice_counts(self, key: str) -> dict[str, int]:
        """How many projects have each choice of a column, the other columns' filters applied.

        "" is "empty".
        """
        column = self._by_key[key]
        counts: dict[str, int] = {}
        for row in self._passing(skip=key):
            for choice in column.value(row) or ("",):
                counts[choice] = counts.get(choice, 0) + 1
        return counts

    # -- Qt
    # -----------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column, row = self.columns[index.column()], self._shown[index.row()]
        no_phase = column.key == "phase" and not row.phase
        if role == Qt.ItemDataRole.DisplayRole:
            return self.tr("geen fase") if no_phase else column.text(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(column, row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.numeric else _LEFT
        if role == Qt.ItemDataRole.DecorationRole:
            return symbols.of_cell(column.key, row)
        if role == Qt.ItemDataRole.FontRole:
            return self._font(row)
        if role == Qt.ItemDataRole.BackgroundRole:
            return theme.colour("warn_soft") if row.id in self._marks else None
        if role == Qt.ItemDataRole.ForegroundRole:
            return theme.colour("muted") if column.key == "code" or no_phase or given_up(row) else None
        if role == Qt.ItemDataRole.AccessibleTextRole and column.key == "name" and given_up(row):
            return self.tr("{0}, afgebroken").format(row.name)
        return None

    def _tip(self, column: Column, row: ProjectRow) -> str:
        who = self._marks.get(row.id)
        if who is not None:
            return self.tr("Zojuist gewijzigd door {0}").format(who)
        if given_up(row):
            return self.tr("{0} (afgebroken: telt niet mee in het totaal)").format(column.text(row) or row.name)
        return column.text(row)

    def _font(self, row: ProjectRow) -> QFont | None:
        """Bold for what was just changed, struck through for what was given up."""
        marked, lapsed = row.id in self._marks, given_up(row)
        if not (marked or lapsed):
            return None
        font = theme.font(bold=marked)
        font.setStrikeOut(lapsed)
        return font

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.help or column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.numeric else _LEFT
        return None

    # -- order
    # --------------------------------------------------------------------------------------------------

    def _passing(self, skip: str | None = None) -> list[ProjectRow]:
        tests = [(self._by_key[key].value, f.matches) for key, f in self.filters.items() if key != skip]
        if not tests:
            return list(self._all.values())
        return [row for row in self._all.values() if all(matches(value(row)) for value, matches in tests)]

    def _passes(self, row: ProjectRow) -> bool:
        return all(f.matches(self._by_key[key].value(row)) for key, f in self.filters.items())

    def _order(self) -> Order[ProjectRow]:
        keys = [(self._by_key[key].sort, descending) for key, descending in self.sorting]
        return Order(keys, tie=by_name)

    def _arranged_rows(self) -> list[ProjectRow]:
        return self._order().arranged(self._passing())

    def _arrange(self) -> None:
        self._put(self._arranged_rows() if self.columns else [])

    def _put(self, shown: list[ProjectRow]) -> None:
        self._shown = shown
        self._place = {row.id: place for place, row in enumerate(self._shown)}

    def _rearrange(self) -> None:
        self.arranging.emit()
        self.beginResetModel()
        self._arrange()
        self.endResetModel()
        self.arranged.emit()
