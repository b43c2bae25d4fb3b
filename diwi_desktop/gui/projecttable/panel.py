"""The panel with the project table: filters above, totals below, one selection with the rest of the window."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from diwi_desktop.changes.change import ActInfo
from diwi_desktop.gui import jobs, noprojects, theme
from diwi_desktop.gui.projecttable import layout as remembered
from diwi_desktop.gui.projecttable.chips import FilterChips
from diwi_desktop.gui.projecttable.columns import Column, ColumnKind, Names, all_columns
from diwi_desktop.gui.projecttable.content import Content, read
from diwi_desktop.gui.projecttable.model import ProjectTableModel, Sort
from diwi_desktop.gui.projecttable.totals import TotalsRow
from diwi_desktop.gui.projecttable.view import ProjectView
from diwi_desktop.gui.scope import Scope
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.tabbing import Entered
from diwi_desktop.model.notation import format_number
from diwi_desktop.store import queries

if TYPE_CHECKING:
    from diwi_desktop.gui.projecttable.chooser import ColumnChooser
    from diwi_desktop.gui.projecttable.empty import EmptyState
    from diwi_desktop.gui.projecttable.popover import FilterPopover

# What changes a row, and what changes the columns as well.
ROW_KINDS = frozenset({"project", "houseblock", "delivery", "milestone", "plan_area"})
COLUMN_KINDS = frozenset({"option", "own_field"})
_AT_ONCE = 500  # so many projects are read before the window is shown; more follow when it stands
_REMEMBER_MS = 400  # dragging a border is written down once

# The columns that share what the phase and the homes leave: least and most wide at the normal text size, and the share.
_ELASTIC = {"plan_status": (104, 176, 0.44), "name": (144, 320, 1.0)}


class ProjectTable(Entered, QWidget):
    """The list of projects. `count_changed` carries "38 / 250" for the title of the panel."""

    count_changed = Signal(str)

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._job: jobs.Job | None = None
        self._waiting = Scope()  # the projects to read once the job at hand is done
        self._names = Names()
        self._read = False
        self._quiet = False
        self._sorting: list[Sort] = []
        self._by_hand = False
        self._awaited: str | None = None  # selected, and not in the rows yet
        self._room = 0  # for the columns to stand in, beside the scroll bar
        self._remembering = QTimer(self)
        self._remembering.setSingleShot(True)
        self._remembering.setInterval(_REMEMBER_MS)
        self._remembering.timeout.connect(self._write_down)
        self.model = ProjectTableModel()
        self.view = ProjectView(self.model)
        self.totals = TotalsRow(self.model, self.view.header)
        self.chips = FilterChips(self.model)
        self._pages = QStackedWidget()
        self._build()
        self._connect()
        if queries.count_projects(state.store) <= _AT_ONCE:
            self._show(read(state.store, state.moment))
        else:
            self.totals.tell(self.tr("Wordt geladen …"))
            self.reload()

    def entrance(self) -> QWidget:
        return self.view

    # -- building
    # -----------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.columns_button = QToolButton()
        self.columns_button.setIcon(theme.icon("view-column-outline"))
        self.columns_button.setText(self.tr("Kolommen"))
        theme.words_beside(self.columns_button)
        self.columns_button.setToolTip(self.tr("Kies welke kolommen u ziet"))
        self.columns_button.clicked.connect(self.choose_columns)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, theme.space(2), 0)
        top.setSpacing(theme.space(1))
        top.addWidget(self.chips, 1)
        top.addWidget(self.columns_button, 0, Qt.AlignmentFlag.AlignTop)
        top.setAlignment(self.columns_button, Qt.AlignmentFlag.AlignVCenter)
        self._grid = QWidget()
        column = QVBoxLayout(self._grid)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addWidget(self.totals)
        self._pages.addWidget(self._grid)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(top)
        whole.addWidget(self._pages, 1)

    @cached_property
    def no_projects(self) -> EmptyState:
        """In the place of the table of an empty register, and for who may see none of its projects."""
        offers = [(words, icon, partial(self._ask, do)) for words, icon, do in noprojects.offers(self._state)]
        return self._empty_page(noprojects.sign(self._state), *noprojects.words(self._state), offers)

    @cached_property
    def no_match(self) -> EmptyState:
        """In the place of the table when the filters leave nothing."""
        return self._empty_page(
            "filter-off-outline",
            self.tr("Geen project past bij de filters"),
            self.tr("Maak een filter ruimer of wis ze allemaal."),
            ((self.tr("Wis alle filters"), "filter-remove-outline", self.model.clear_filters),),
        )

    @cached_property
    def not_yet(self) -> EmptyState:
        """In the place of the table on a day before the first project."""
        return self._empty_page(
            "calendar-blank-outline",
            self.tr("Op deze dag was er nog geen project"),
            self.tr("Kies een latere dag of ga terug naar vandaag."),
            ((self.tr("Terug naar vandaag"), "calendar-today", lambda: self._state.set_moment(None)),),
        )

    def _empty_page(self, *parts: Any) -> EmptyState:
        from diwi_desktop.gui.projecttable.empty import EmptyState

        page = EmptyState(*parts)
        self._pages.addWidget(page)
        return page

    def _connect(self) -> None:
        self.view.selectionModel().selectionChanged.connect(self._picked)
        self.view.opened.connect(self._open)
        self.view.copy_asked.connect(self.copy)
        self.view.header.filter_asked.connect(self._filter_asked)
        self.view.header.menu_asked.connect(self._header_menu)
        self.view.header.sectionResized.connect(self._remember)
        self.view.header.sectionMoved.connect(self._remember)
        self.view.horizontalScrollBar().valueChanged.connect(self.totals.update)
        self.chips.edit_asked.connect(self.edit_filter)
        self.chips.add_asked.connect(self._add_filter_menu)
        model = self.model
        model.arranging.connect(self._before_rows)
        for ended in (model.modelReset, model.rowsMoved, model.rowsInserted, model.rowsRemoved):
            ended.connect(self._after_rows)
        self.model.arranged.connect(self._arranged)
        self._state.selection_changed.connect(self._select)
        self._state.moment_changed.connect(self.reload)
        self._state.store_changed.connect(self._stored)
        theme.current().changed.connect(self._dressed)
        self.view.resized.connect(self._resized)

    # -- content
    # ------------------------------------------------------------------------------------------------

    @property
    def count_text(self) -> str:
        """How many projects are shown, of how many."""
        if not self._read:
            return ""
        return f"{format_number(len(self.model.shown))} / {format_number(self.model.total_count)}"

    def reload(self, *_: object) -> None:
        """Read all again, beside the window; what is asked meanwhile is done once afterwards."""
        self._waiting.add_all()
        self._read_waiting()

    def _read_waiting(self) -> None:
        if self._job is not None or not self._waiting:
            return
        store, moment, ids = self._state.store, self._state.moment, self._waiting.take()
        self._job = jobs.run_quietly(lambda p, c: read(store, moment, ids), self._loaded, self._failed, self)

    def _loaded(self, content: Content) -> None:
        self._job = None
        if content.ids is None and self._waiting.all:
            self._read_waiting()  # to be read again whole: this is old news
            return
        self._show(content)
        self._read_waiting()

    def _failed(self, error: Exception) -> None:
        self._job = None
        if not self._read:
            self.totals.tell("")
        jobs.show_error(self, error)

    def _show(self, content: Content) -> None:
        self._read = True
        catalogue = self._state.store.catalogue
        self._names.put(content.rows, content.ids)
        columns = all_columns(catalogue.kind("project").by_key, content.options, self._names)
        if [(c.key, c.title, c.labels) for c in columns] != [(c.key, c.title, c.labels) for c in self.model.columns]:
            same_keys = [c.key for c in columns] == [c.key for c in self.model.columns]
            self._quiet = True
            self.model.set_columns(columns)
            if not same_keys:
                self._by_hand = remembered.restore(self.model, self.view.header)
                self._sorting = self.model.sorting
            self._quiet = False
            self._fit_columns()
        if content.ids is None:
            self.model.set_rows(content.rows)
        else:
            self.model.change_rows(content.ids, content.rows)
            self.view.viewport().update()  # a name may stand in the rows of its sub-plans too

    def _stored(self, info: ActInfo) -> None:
        kinds = {kind for kind, _ in info.entities}
        if self._state.past:
            return
        if kinds & COLUMN_KINDS:
            self.reload()
        elif kinds & ROW_KINDS:
            self._waiting.add(info)
            self._read_waiting()

    def _arranged(self) -> None:
        if self._quiet or not self._read:  # the rows follow
            return
        if self.model.shown:
            self._pages.setCurrentWidget(self._grid)
        elif self.model.total_count:
            self._pages.setCurrentWidget(self.no_match)
        else:
            not_yet = self._state.past and not noprojects.by_role(self._state)
            self._pages.setCurrentWidget(self.not_yet if not_yet else self.no_projects)
        self.count_changed.emit(self.count_text)
        if self._sorting != self.model.sorting:
            self._sorting = self.model.sorting
            self._remembering.start()

    # -- selection
    # ----------------------------------------------------------------------------------------------

    def _picked(self, *_: object) -> None:
        if self._quiet:
            return
        selected = self.view.selectionModel()
        rows = sorted(_rows(selected.selection()))
        current = selected.currentIndex().row()
        # The row in hand comes first.
        rows.sort(key=lambda row: row != current)
        self._state.select(self.model.id_at(row) for row in rows)

    def _select(self, projects: Sequence[str]) -> None:
        """Show the selection of the window; a project that is filtered out stays selected elsewhere, and one that was
        just made comes into sight once its row is there.
        """
        self._awaited = projects[0] if projects and self.model.row_of(projects[0]) is None else None
        places = [place for p in projects if (place := self.model.place_of(p)) is not None]
        model = self.view.selectionModel()
        if _rows(model.selection()) == set(places):
            return
        selection = self._selection_of(places)
        was, self._quiet = self._quiet, True
        model.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if places:
            index = self.model.index(places[0], self.view.header.logicalIndex(0))
            model.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            if not self.view.visualRect(index).isValid() or not self._in_sight(places[0]):
                self.view.scrollTo(index, self.view.ScrollHint.PositionAtCenter)
        self._quiet = was

    def _selection_of(self, places: Iterable[int]) -> QItemSelection:
        """Whole rows; rows that follow each other as one range, for Qt looks at every pair of ranges."""
        ranges: list[list[int]] = []
        for place in sorted(places):
            if ranges and place == ranges[-1][1] + 1:
                ranges[-1][1] = place
            else:
                ranges.append([place, place])
        selection, last = QItemSelection(), len(self.model.columns) - 1
        for first, final in ranges:
            selection.select(self.model.index(first, 0), self.model.index(final, last))
        return selection

    def _in_sight(self, place: int) -> bool:
        top = self.view.rowViewportPosition(place)
        return 0 <= top <= self.view.viewport().height() - self.view.rowHeight(place)

    def _before_rows(self) -> None:
        """Rows come, go or move: what is selected in the window stays so, and the table does not scroll."""
        self._scrolled = self.view.verticalScrollBar().value()
        self._was_quiet, self._quiet = self._quiet, True

    def _after_rows(self, *_: object) -> None:
        bar = self.view.verticalScrollBar()
        self.view.updateGeometries()
        bar.setValue(self._scrolled)
        places = [p for p in (self.model.place_of(i) for i in self._state.selection) if p is not None]
        selection = self._selection_of(places)
        self.view.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if places:
            index = self.model.index(places[0], self.view.header.logicalIndex(0))
            self.view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        bar.setValue(self._scrolled)
        if self._awaited is not None and places:
            self._awaited = None
            if not self._in_sight(places[0]):
                self.view.scrollTo(self.model.index(places[0], 0), self.view.ScrollHint.PositionAtCenter)
        self._quiet = self._was_quiet

    def _open(self, row: int) -> None:
        project = self.model.id_at(row)
        self._state.select([project])
        self._ask("zoom_to_project", project)
        self._ask("show_panel", "page")

    def _ask(self, command: str, *args: Any) -> None:
        self._state.request(command, *args)

    # -- columns, filters, sorting
    # ------------------------------------------------------------------------------

    def edit_filter(self, key: str, point: QPoint | None = None) -> FilterPopover:
        """Open the filter of a column, under its chip or at a global point."""
        from diwi_desktop.gui.projecttable.popover import FilterPopover

        column = self.model.column(key)
        counts = self.model.choice_counts(key) if column.kind is ColumnKind.CHOICE else {}
        popover = FilterPopover(column, self.model.filters.get(key), counts, self)
        popover.changed.connect(lambda new: self.model.set_filter(key, new))
        popover.open_at(point or self.chips.chip_point(key))
        return popover

    def choose_columns(self) -> ColumnChooser:
        """Open the list of columns."""
        from diwi_desktop.gui.projecttable.chooser import ColumnChooser

        header = self.view.header
        ordered = [self.model.columns[header.logicalIndex(visual)] for visual in range(header.count())]
        chooser = ColumnChooser(ordered, {c.key for c in self.visible_columns()}, self)
        chooser.toggled.connect(self.show_column)
        chooser.reset_asked.connect(self.usual_columns)
        button = self.columns_button
        chooser.open_at(button.mapToGlobal(QPoint(button.width(), button.height() + theme.space(1))))
        return chooser

    def visible_columns(self) -> list[Column]:
        """The columns shown, from left to right."""
        header = self.view.header
        order = [header.logicalIndex(visual) for visual in range(header.count())]
        return [self.model.columns[n] for n in order if not header.isSectionHidden(n)]

    def show_column(self, key: str, shown: bool) -> None:
        """Show or hide a column. Raises KeyError for an unknown one."""
        column = self.model.column(key)
        logical = self.model.columns.index(column)
        self.view.header.setSectionHidden(logical, not shown)
        if shown and self.view.header.sectionSize(logical) < self.view.header.minimumSectionSize():
            self.view.header.resizeSection(logical, column.width)
        self._remember()
        self.totals.update()

    def usual_columns(self) -> None:
        """The columns as they were at first."""
        self._quiet = True
        remembered.restore(self.model, self.view.header, usual=True)
        self._quiet = self._by_hand = False
        self._fit_columns()
        remembered.save(self.model, self.view.header, by_hand=False)

    def copy(self) -> None:
        """The selected rows (or all that are shown) on the clipboard, ready for Excel."""
        from diwi_desktop.gui.projecttable.copying import as_tsv

        rows = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        chosen = [self.model.shown[row] for row in rows] or list(self.model.shown)
        QGuiApplication.clipboard().setText(as_tsv(self.visible_columns(), chosen))
        self._ask("say", self.tr("{0} rijen gekopieerd").format(format_number(len(chosen))))

    def _filter_asked(self, logical: int) -> None:
        header = self.view.header
        left = QPoint(header.sectionViewportPosition(logical), header.height())
        self.edit_filter(self.model.columns[logical].key, header.viewport().mapToGlobal(left))

    def _add_filter_menu(self, point: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in sorted(self.model.columns, key=lambda c: not self._is_shown(c)):
            action = menu.addAction(column.title)
            action.triggered.connect(lambda _=False, key=column.key: self.edit_filter(key))
        menu.popup(point)

    def add_filter(self) -> None:
        """Offer the columns to filter on."""
        self._add_filter_menu(self.chips.chip_point(""))

    def _is_shown(self, column: Column) -> bool:
        return not self.view.header.isSectionHidden(self.model.columns.index(column))

    def _header_menu(self, logical: int, point: QPoint) -> None:
        column = self.model.columns[logical]
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, sign, do in (
            (self.tr("Sorteer oplopend"), "sort-ascending", lambda: self.model.set_sorting([(column.key, False)])),
            (self.tr("Sorteer aflopend"), "sort-descending", lambda: self.model.set_sorting([(column.key, True)])),
            (self.tr("Filter…"), "filter-outline", lambda: self._filter_asked(logical)),
            (self.tr("Verberg deze kolom"), "eye-off-outline", lambda: self.show_column(column.key, False)),
            (self.tr("Kolommen kiezen…"), "view-column-outline", self.choose_columns),
        ):
            menu.addAction(theme.icon(sign), words).triggered.connect(lambda _=False, act=do: act())
        menu.popup(point)

    def _remember(self, *_: object) -> None:
        if not self._quiet:
            self._by_hand = True
            self._remembering.start()

    def remember_now(self) -> None:
        """Write down the arrangement of columns and rows, when it has changed."""
        if self._remembering.isActive():
            self._remembering.stop()
            self._write_down()

    def _write_down(self) -> None:
        remembered.save(self.model, self.view.header, by_hand=self._by_hand)

    def _resized(self, room: int) -> None:
        self._room = room
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Until someone arranges the columns, name and plan status take the room that phase and homes leave."""
        if self._by_hand or not self.model.columns or not self._room:
            return
        header, scale = self.view.header, theme.current().scale
        places = {c.key: n for n, c in enumerate(self.model.columns)}
        room = self._room - sum(header.sectionSize(places[key]) for key in ("phase", "homes"))
        was, self._quiet = self._quiet, True
        for key, (low, high, share) in _ELASTIC.items():
            width = round(max(low * scale, min(high * scale, room * share)))
            header.resizeSection(places[key], width)
            room -= width
        self._quiet = was

    def _dressed(self) -> None:
        """Another text size: columns that nobody arranged are as wide as their words again."""
        if not self._by_hand:
            was, self._quiet = self._quiet, True
            remembered.restore(self.model, self.view.header, usual=True)
            self._quiet = was
            self._fit_columns()
        self.view.viewport().update()


def _rows(selection: QItemSelection) -> set[int]:
    """The rows of a selection of whole rows, by its ranges: asking Qt for an index per row is slow at 5,000."""
    return {row for part in selection.toList() for row in range(part.top(), part.bottom() + 1)}
