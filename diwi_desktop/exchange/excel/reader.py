"""From the rows of the template to drafts: one project per identification number, one or two blocks per row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import compress
from operator import itemgetter
from pathlib import Path
from typing import Any

from diwi_desktop.exchange import cells, hints, lookup
from diwi_desktop.exchange.cells import Cell, is_empty
from diwi_desktop.exchange.drafts import BlockDraft, Draft
from diwi_desktop.exchange.excel.homes import PUT, Put
from diwi_desktop.exchange.excel.layout import Column, Layout, Role, read_layout, resolve
from diwi_desktop.exchange.excel.package import column_letters
from diwi_desktop.exchange.excel.sheet import Sheet, read_sheet
from diwi_desktop.exchange.intake import check
from diwi_desktop.exchange.messages import BadInput, Report
from diwi_desktop.exchange.register import Register
from diwi_desktop.model.codelists import Code, code_list
from diwi_desktop.model.codes import Confidentiality, Mutation, OptionList, PlanType, ProjectStatus
from diwi_desktop.model.finding import Cancelled
from diwi_desktop.model.plan import Block, Range
from diwi_desktop.model.values import LARGEST
from diwi_desktop.model.work import CancelCheck, Progress

BLOCK_NAMES = {Mutation.CONSTRUCTION: "Bouw", Mutation.DEMOLITION: "Sloop"}
_LISTED_ROWS = 10  # row numbers named in a note about rows


def read_excel(
    path: Path,
    register: Register,
    report: Report,
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> list[Draft]:
    """The projects of a filled template, in file order, checked by the rules of the import.

    Everything that is wrong with headings, cells and content goes into `report`, all at once; only a draft list without
    errors may be stored. Raises Unreadable for a file that cannot be read at all, Cancelled.
    """
    sheet = read_sheet(path, cancelled)
    layout = read_layout(sheet)
    if layout.missing:
        report.add("missing_headers", row=layout.first_row - 1, value=", ".join(layout.missing), whole=True)
    reader = _Reader(sheet, layout, register, report)
    reader.prepare()
    reader.read(progress, cancelled)
    for draft in reader.drafts:
        check(draft, register.today, report)
    return reader.drafts


def _rows_text(rows: list[int]) -> str:
    """Row numbers (from 1) as text: at most ten, then how many more."""
    text = ", ".join(str(row) for row in rows[:_LISTED_ROWS])
    more = len(rows) - _LISTED_ROWS
    return f"{text} (+{more})" if more > 0 else text


@dataclass(slots=True)
class _Reader:
    sheet: Sheet
    layout: Layout
    register: Register
    report: Report
    drafts: list[Draft] = field(default_factory=list)
    _by_id: dict[str, Draft] = field(default_factory=dict)
    _raw: dict[int, tuple[int, tuple[Cell, ...]]] = field(default_factory=dict)  # draft row -> its project cells
    _labels: dict[str, str] = field(default_factory=dict)
    _block_labels: dict[Mutation, dict[str, str]] = field(default_factory=dict)
    # Those in use, the number first, with what puts a plain number of homes in its place.
    _block_columns: dict[Mutation, list[tuple[int, Column, Put | None]]] = field(default_factory=dict)
    _programmed_at: int | None = None
    _width: int = 0

    # --- the sheet as a whole ---------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Make rows equally wide, spread merged project cells, and look up the sub-headers of the columns in use."""
        columns = self.layout.all_columns()
        self._width = 1 + max((c.index for c in columns), default=0)
        for row in self.sheet.rows:
            if len(row) < self._width:
                row.extend([""] * (self._width - len(row)))
        self._spread_merged()
        used = self._used(columns)
        resolve(self.layout, self.sheet, self.register, self.report, used)
        self._programmed_at = next((c.index for c in self.layout.project if c.role is Role.PROGRAMMING), None)
        self._labels = {_part(c): c.label for c in reversed(self.layout.project)}
        for mutation, part in self.layout.blocks.items():
            labels: dict[str, str] = {}
            numbers = [c for c in self.layout.numbers if c.key is mutation]
            self._block_columns[mutation] = [
                (c.index, c, PUT.get(c.role) if c.usable else None) for c in (*numbers, *part) if c.index in used
            ]
            for column in (*reversed(part), *numbers):
                for group in _groups(column):
                    labels[group] = column.label
            self._block_labels[mutation] = labels

    def _used(self, columns: list[Column]) -> set[int]:
        """The columns that hold a value in any row that counts."""
        id_column = self.layout.id_column
        rows = self.sheet.rows[self.layout.first_row :]
        whole = list(zip(*rows, strict=False))  # column by column, because nearly all are empty
        if not whole:
            return set()
        counts = None if id_column is None else [not is_empty(value) for value in whole[id_column.index]]
        return {
            c.index
            for c in columns
            if whole[c.index].count("") < len(rows)
            and not all(map(is_empty, whole[c.index] if counts is None else compress(whole[c.index], counts)))
        }

    def _spread_merged(self) -> None:
        """A project cell merged over several rows holds for each of them; merged cells of blocks are ambiguous."""
        project = {c.index for c in self.layout.project}
        rows, first = self.sheet.rows, self.layout.first_row
        budget = len(rows) * self._width  # ranges do not overlap, except in a file made to do harm
        for start, end in self.sheet.merged:
            budget -= end.row - start.row
            if budget < 0:
                break
            if start.row < first or end.row == start.row or start.row >= len(rows) or start.column >= self._width:
                continue
            value = rows[start.row][start.column]
            if is_empty(value):
                continue
            if start.column in project:
                for row in rows[start.row : end.row + 1]:
                    row[start.column] = value
            else:
                place = f"{column_letters(start.column)}{start.row + 1}:{column_letters(end.column)}{end.row + 1}"
                self.report.add("merged_cells", row=start.row + 1, column=column_letters(start.column), value=place)

    def read(self, progress: Progress | None, cancelled: CancelCheck | None) -> None:
        """Read all data rows into drafts."""
        id_column = self.layout.id_column
        rows, first = self.sheet.rows, self.layout.first_row
        known = [c.index for c in self.layout.all_columns()]
        picked = itemgetter(*(c.index for c in self.layout.project)) if len(self.layout.project) > 1 else None
        skipped: list[int] = []
        filled: set[int] = set()
        for number in range(first, len(rows)):
            row = rows[number]
            if cancelled is not None and number % 64 == 0 and cancelled():
                raise Cancelled
            if progress is not None and number % 256 == 0:
                progress(number - first, len(rows) - first)
            if id_column is not None and is_empty(row[id_column.index]):
                if any(row[index] != "" and not is_empty(row[index]) for index in known):
                    skipped.append(number + 1)
                continue
            if id_column is None and all(is_empty(row[index]) for index in known):
                continue
            filled.add(number)
            self._row(number + 1, row, id_column, picked(row) if picked else ())
        if skipped:
            self.report.add("rows_skipped", row=skipped[0], value=_rows_text(skipped))
        hidden = [number + 1 for number in self.sheet.hidden if number in filled]
        if hidden:
            self.report.add("hidden_rows", row=hidden[0], value=_rows_text(hidden))

    # --- one row ----------------------------------------------------------------------------------------------------

    def _row(self, number: int, row: list[Cell], id_column: Column | None, raw: tuple[Cell, ...]) -> None:
        key = f"?{number}"  # a row whose number cannot be read is a project of its own
        source_id = None
        if id_column is not None:
            try:
                source_id = key = cells.identification(row[id_column.index])
            except BadInput as bad:
                self._bad(bad, number, id_column, "")
        draft = self._by_id.get(key)
        if draft is None:
            draft = Draft(number, source_id, labels=self._labels)
            self._by_id[key] = draft
            self.drafts.append(draft)
            self._raw[number] = (number, raw)
            draft.bad.update(_part(c) for c in self.layout.project if not c.usable)
            draft.bad.update(self._absent())
            for column in self.layout.project:
                value = row[column.index]
                if value != "" and column.usable and column is not id_column and not is_empty(value):
                    self._project_cell(draft, column, value)
            if not draft.owners and "owner" not in draft.bad:
                self.report.add("project_owner_missing", row=number, column=draft.where("owner"), project=draft.name)
        elif raw != self._raw[draft.row][1]:
            self._compare(draft, number, raw)
        self._blocks(draft, number, row)

    def _absent(self) -> set[str]:
        """The parts whose column is missing: told once for the file, not again for every project."""
        return {"name", "owner", "start", "end", "status", "confidentiality"} - set(self._labels)

    def _compare(self, draft: Draft, number: int, raw: tuple[Cell, ...]) -> None:
        """All project cells of a project's rows agree, owner, confidentiality and end date too."""
        first_row, first = self._raw[draft.row]
        for column, one, other in zip(self.layout.project, first, raw, strict=True):
            if column.role is not Role.ID and _comparable(one) != _comparable(other):
                self.report.add(
                    "project_level_data_invalid",
                    row=number,
                    column=column.label,
                    value=other,
                    project=draft.name,
                    first_row=str(first_row),
                    first=one,
                )

    def _bad(self, bad: BadInput, row: int, column: Column, project: str) -> None:
        self.report.add_bad(bad, row=row, column=column.label, project=project)

    def _project_cell(self, draft: Draft, column: Column, value: Cell) -> None:
        try:
            _PROJECT[column.role](self, draft, column, value)
        except BadInput as bad:
            draft.bad.add(_part(column))
            self._bad(bad, draft.row, column, draft.name)

    # --- project cells ----------------------------------------------------------------------------------------------

    def _name(self, draft: Draft, column: Column, value: Cell) -> None:
        draft.name = cells.text(value)

    def _owner(self, draft: Draft, column: Column, value: Cell) -> None:
        draft.owners, wrong = lookup.emails(cells.text(value))
        for text in wrong:
            raise BadInput("project_owner_invalid", text)

    def _confidentiality(self, draft: Draft, column: Column, value: Cell) -> None:
        found = _coded("confidentiality", value)
        draft.confidentiality = Confidentiality(found)

    def _status(self, draft: Draft, column: Column, value: Cell) -> None:
        draft.status = ProjectStatus(_coded("project_status", value))

    def _plan_type(self, draft: Draft, column: Column, value: Cell) -> None:
        given = cells.text(value)
        codes = [_code_of("plan_type", part) for part in (given, *given.split(","))]
        found = codes[:1] if codes[0] else codes[1:]
        if not all(found):
            wrong = next((part for part, code in zip(given.split(","), codes[1:], strict=True) if not code), given)
            nl, en = hints.of_codes(wrong, code_list("plan_type"))
            raise BadInput("invalid_plan_type", given, hint_nl=nl, hint_en=en)
        draft.plan_types = [PlanType(code.key) for code in found if code]

    def _programming(self, draft: Draft, column: Column, value: Cell) -> None:
        cells.truth(value)  # told here; the blocks of each row take the value over

    def _priority(self, draft: Draft, column: Column, value: Cell) -> None:
        draft.priority = lookup.ordinal(self.register, OptionList.PRIORITY, cells.text(value))

    def _municipality_role(self, draft: Draft, column: Column, value: Cell) -> None:
        draft.municipality_roles = lookup.options(self.register, OptionList.MUNICIPALITY_ROLE, cells.text(value))

    def _municipality(self, draft: Draft, column: Column, value: Cell) -> None:
        text = draft.location["municipality"] = cells.text(value)
        draft.municipality = lookup.options(self.register, OptionList.MUNICIPALITY, text, single=True)[0]

    def _district(self, draft: Draft, column: Column, value: Cell) -> None:
        text = draft.location["district"] = cells.text(value)
        draft.districts = lookup.options(self.register, OptionList.DISTRICT, text)

    def _neighbourhood(self, draft: Draft, column: Column, value: Cell) -> None:
        text = draft.location["neighbourhood"] = cells.text(value)
        draft.neighbourhoods = lookup.options(self.register, OptionList.NEIGHBOURHOOD, text)

    def _start(self, draft: Draft, column: Column, value: Cell) -> None:
        draft.start = cells.day(value)

    def _end(self, draft: Draft, column: Column, value: Cell) -> None:
        draft.end = cells.day(value)

    def _phase(self, draft: Draft, column: Column, value: Cell) -> None:
        draft.phases[column.key] = cells.day(value)

    def _plan_status(self, draft: Draft, column: Column, value: Cell) -> None:
        draft.statuses[column.key] = cells.day(value)

    def _own_project(self, draft: Draft, column: Column, value: Cell) -> None:
        draft.own[column.target.id] = lookup.own_value(self.register, column.target, value)

    # --- blocks -----------------------------------------------------------------------------------------------------

    def _blocks(self, draft: Draft, number: int, row: list[Cell]) -> None:
        """The construction and the demolition block of a row, as far as there are homes or anything about them."""
        zero: list[BlockDraft] = []
        made = 0
        for mutation in BLOCK_NAMES:
            block = self._block(draft, mutation, number, row)
            if block is None:
                continue
            if block.has_number and block.block.number == 0 and "number" not in block.bad and not _said(block):
                zero.append(block)  # a typed 0 next to homes of the other kind says no more than an empty cell
                continue
            draft.blocks.append(block)
            made += 1
        if not made:
            draft.blocks.extend(zero[:1])

    def _block(self, draft: Draft, mutation: Mutation, number: int, row: list[Cell]) -> BlockDraft | None:
        labels = self._block_labels[mutation]
        block: BlockDraft | None = None
        touched = False
        for index, column, put in self._block_columns[mutation]:
            value = row[index]
            if value == "":
                continue
            if block is None:
                block = BlockDraft(Block(BLOCK_NAMES[mutation], mutation), number, has_number=False, labels=labels)
            if put is not None and value.__class__ is float and 0 < value <= LARGEST and value.is_integer():
                put(block, column, int(value))  # nearly every cell
                touched = True
            elif is_empty(value):
                continue
            elif not column.usable:
                block.bad.update(_groups(column))
                touched = touched or column.role is not Role.SIZE
            elif column.role is Role.OWN_BLOCK:
                self._own_block(draft, block, column, value)
                touched = True
            elif column.role is Role.NUMBER:
                touched = block.has_number = True
                self._amount(draft, block, column, value)
            elif self._amount(draft, block, column, value):
                touched = True
        if block is None or not touched:
            return None
        if "number" not in labels:
            block.bad.add("number")  # the column is missing, which has been told
        self._size(draft, block)
        if self._programmed_at is not None:
            block.block.programming = self._programmed(row[self._programmed_at])
        return block

    @staticmethod
    def _programmed(value: Cell) -> bool | None:
        try:
            return None if is_empty(value) else cells.truth(value)
        except BadInput:
            return None  # told with the project cells

    def _amount(self, draft: Draft, block: BlockDraft, column: Column, value: Cell) -> bool:
        """Put a number of homes in its place; False for a zero, which says nothing."""
        try:
            homes = cells.amount(value)
        except BadInput as bad:
            if column.role is Role.NUMBER and bad.code == "negative_number":
                block.block.number = int(bad.value)  # the rule on numbers of homes tells it
                return True
            block.bad.update(_groups(column))
            self._bad(bad, block.row, column, draft.name)
            return True
        if homes:
            PUT[column.role](block, column, homes)
        return bool(homes)

    def _own_block(self, draft: Draft, block: BlockDraft, column: Column, value: Cell) -> None:
        try:
            block.block.own[column.target.id] = lookup.own_value(self.register, column.target, value)
        except BadInput as bad:
            self._bad(bad, block.row, column, draft.name)

    def _size(self, draft: Draft, block: BlockDraft) -> None:
        """The floor area spans the sizes given; the numbers per size have no place in the register."""
        sizes = block.sizes
        if not sizes:
            return
        high = None if any(s.high is None for s in sizes) else max(s.high for s in sizes if s.high is not None)
        block.block.size = Range(min(s.low for s in sizes), high)
        if len(sizes) > 1:
            low, top = block.block.size
            span = f"{low:g} - {'Inf' if top is None else f'{top:g}'} m²"
            self.report.add("size_classes", row=block.row, column=block.where("size"), value=span, project=draft.name)


def _comparable(value: Cell) -> Any:
    if isinstance(value, str):
        return cells.tidy(value)
    return int(value) if isinstance(value, bool) else value


def _coded(list_name: str, value: Cell) -> str:
    """The key of a code by its label. Raises BadInput unknown_property_value."""
    given = cells.text(value)
    found = _code_of(list_name, given)
    if found is None:
        listed = code_list(list_name)
        nl, en = hints.of_codes(given, listed)
        raise BadInput("unknown_property_value", given, hint_nl=nl, hint_en=en, list_nl=listed.nl, list_en=listed.en)
    return found.key


@lru_cache(1024)
def _code_of(list_name: str, text: str) -> Code | None:
    """The code with this label; every project has some, and they are the same few."""
    return code_list(list_name).find(text)


def _part(column: Column) -> str:
    """The name by which drafts know a project column."""
    if column.role in (Role.PHASE, Role.PLAN_STATUS):
        return str(column.key.value)
    if column.role in (Role.CATEGORY, Role.OWN_PROJECT):
        return f"own {column.label}"
    return column.role.value


def _groups(column: Column) -> tuple[str, ...]:
    """The groups of cells that a block column belongs to; the last one names it most exactly."""
    role = column.role
    if role is Role.DELIVERY:
        day = getattr(column.target, "isoformat", lambda: "")()
        return ("delivery", f"delivery {day}") if column.usable else ("delivery",)
    if role is Role.OWNER_TYPE:
        return "owner", f"owner {column.key.value}"
    if role in (Role.PRICE, Role.PRICE_CLASS):
        return (f"price {column.key.value}",)
    if role in (Role.SINGLE, Role.MULTI, Role.TYPE_UNKNOWN):
        return ("house_type",)
    if role is Role.SHARE:
        return (str(column.key.value),)
    return ({Role.OWNER_UNKNOWN: "owner"}.get(role, role.value),)


def _said(block: BlockDraft) -> bool:
    """Whether a block says anything besides its number."""
    content = block.block
    return bool(
        content.deliveries or block.owners or block.owner_unknown or block.prices or block.type_unknown or block.shares
        or content.single_family or content.multi_family or content.ground_none or content.ground_intention
        or content.ground_formal or content.own or block.bad
    )  # fmt: skip


_PROJECT: dict[Role, Callable[[_Reader, Draft, Column, Cell], None]] = {
    Role.NAME: _Reader._name,
    Role.OWNER: _Reader._owner,
    Role.CONFIDENTIALITY: _Reader._confidentiality,
    Role.STATUS: _Reader._status,
    Role.PLAN_TYPE: _Reader._plan_type,
    Role.PROGRAMMING: _Reader._programming,
    Role.PRIORITY: _Reader._priority,
    Role.MUNICIPALITY_ROLE: _Reader._municipality_role,
    Role.MUNICIPALITY: _Reader._municipality,
    Role.DISTRICT: _Reader._district,
    Role.NEIGHBOURHOOD: _Reader._neighbourhood,
    Role.START: _Reader._start,
    Role.END: _Reader._end,
    Role.PHASE: _Reader._phase,
    Role.PLAN_STATUS: _Reader._plan_status,
    Role.CATEGORY: _Reader._own_project,
    Role.OWN_PROJECT: _Reader._own_project,
}
