"""The panel with findings.

What is wrong or doubtful, grouped, one key press away from the field it is about.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QStackedWidget,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from diwi_desktop.changes.change import ActInfo
from diwi_desktop.gui import jobs, theme
from diwi_desktop.gui.fields.words import rule_words, sentence, source_of
from diwi_desktop.gui.language import translate
from diwi_desktop.gui.projecttable.empty import EmptyState
from diwi_desktop.gui.projecttable.ordering import fold
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.tabbing import Entered
from diwi_desktop.gui.toggle import Toggle
from diwi_desktop.gui.toolrow import ToolRow
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.notation import format_number

if TYPE_CHECKING:
    from diwi_desktop.model.moment import Moment
    from diwi_desktop.quality.check import Standing

REST_MS = 250  # a burst of edits is checked once
_FINDING = int(Qt.ItemDataRole.UserRole)
_GROUP = _FINDING + 1
_REST = _FINDING + 2
_AT_ONCE = 300  # lines added in one go: a register of 5,000 projects has tens of thousands of findings
_AT_HAND = 10_000  # findings that are searched in a few milliseconds
_SIGNS = {Severity.REFUSAL: ("close-octagon-outline", "bad"), Severity.ERROR: ("alert-circle-outline", "bad"),
          Severity.WARNING: ("alert-outline", "warn")}  # fmt: skip


class _Tree(QTreeWidget):
    """Enter goes where a double click goes."""

    opened = Signal(object)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self.opened.emit(self.currentItem())
        else:
            super().keyPressEvent(event)


class FindingsPanel(Entered, QWidget):
    """All findings of the register, or those of the selected projects.

    `counted` carries how many there are.
    """

    counted = Signal(int)

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._checked_last: _Checked | None = None
        self._job: jobs.Job | None = None
        self._stale = False
        self._touched: set[str] = set()  # projects of acts that no check has seen
        self._unshown = False  # findings of a check that ended while nobody looked
        self._sought = 0  # how many times was looked for what passes the filters
        self._build()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self.check)
        state.store_changed.connect(self._stored)
        state.moment_changed.connect(self.check)
        state.selection_changed.connect(lambda _: self._show() if self.only_selected.isChecked() else None)
        self.check()

    def entrance(self) -> QWidget:
        return self.tree

    def _build(self) -> None:
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Zoeken…"))
        self.filter.setAccessibleName(self.tr("Zoek in de meldingen"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setMinimumWidth(theme.space(30))
        self.filter.setMaximumWidth(theme.space(80))
        self.filter.textChanged.connect(self._show)
        self.severity = QButtonGroup(self)
        row = ToolRow()
        row.put(self.filter, stretch=1, least=self.filter.minimumWidth())
        self._buttons: dict[str, QToolButton] = {}
        for name, words, sign, ink in (
            ("all", self.tr("Alle"), "", ""),
            (Severity.ERROR.value, self.tr("Fouten"), "alert-circle-outline", "bad"),
            (Severity.WARNING.value, self.tr("Waarschuwingen"), "alert-outline", "warn"),
        ):
            button = QToolButton()
            button.setText(words)
            button.setCheckable(True)
            button.setChecked(name == "all")
            self.severity.addButton(button)
            self._buttons[name] = button
            if sign:
                button.setIcon(theme.icon(sign, ink))
                button.setToolTip(words)
                row.add(button)
            else:
                row.put(button)
        self.severity.buttonClicked.connect(self._show)
        self.only_selected = Toggle(self.tr("Selectie"))
        self.only_selected.setToolTip(self.tr("Alleen meldingen van de gekozen projecten"))
        self.only_selected.toggled.connect(self._show)
        row.put(self.only_selected)
        row.add_stretch()
        self.grouping = QComboBox()
        self.grouping.setAccessibleName(self.tr("Groeperen"))
        self.grouping.addItem(self.tr("Per soort"), "code")
        self.grouping.addItem(self.tr("Per project"), "project")
        self.grouping.currentIndexChanged.connect(self._show)
        row.put(self.grouping)
        self.tree = _Tree()
        self.tree.setColumnCount(2)
        self.tree.setHeaderLabels([self.tr("Melding"), self.tr("Project")])
        self.tree.setAccessibleName(self.tr("Meldingen"))
        self.tree.setUniformRowHeights(True)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # how many there are stands at the end
        self.tree.setIndentation(theme.space(4))
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        self.tree.header().resizeSection(1, theme.space(50))
        self.tree.itemDoubleClicked.connect(lambda item, _: self._open(item))
        self.tree.opened.connect(self._open)
        self.tree.itemExpanded.connect(self._fill)
        self.tree.currentItemChanged.connect(lambda item, _: self._point_at(item))
        self.none = EmptyState(
            "check-circle-outline", self.tr("Geen meldingen"), self.tr("Alle gegevens kloppen met de regels."), ()
        )
        self._pages = QStackedWidget()
        self._pages.addWidget(self.tree)
        self._pages.addWidget(self.none)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(row)
        column.addWidget(self._pages, 1)

    # -- checking
    # -----------------------------------------------------------------------------------------------

    @property
    def findings(self) -> Sequence[Finding]:
        """All findings of the register at the moment shown."""
        return [f for f, _ in self._checked_last.searched] if self._checked_last is not None else ()

    def check(self, *_: object) -> None:
        """Check the register beside the window; what changes meanwhile is checked once afterwards."""
        self._timer.stop()
        if self._job is not None:
            self._stale = True
            return
        store, moment, before = self._state.store, self._state.moment, self._checked_last
        touched, self._touched = frozenset(self._touched), set()

        def work(progress: jobs.Progress, cancelled: jobs.IsCancelled) -> _Checked | None:
            if before is not None and before.moment == moment:
                changed = before.standing.renew(touched)
                if changed is not None:
                    return _Checked(moment, before.standing, before, changed) if changed else None
            from diwi_desktop.quality.check import Standing

            return _Checked(moment, Standing(store, moment, progress=progress, cancelled=cancelled))

        self._job = jobs.run_quietly(work, self._checked, self._failed, self)

    def _checked(self, outcome: _Checked | None) -> None:
        """None when the findings are those that are shown already."""
        self._job = None
        if outcome is not None:
            old, self._checked_last = self._checked_last, outcome
            self.counted.emit(len(outcome.searched))
            if self.isVisible():
                self._show()
            else:
                self._unshown = True
            if old is not None:
                jobs.run_quietly(lambda p, c: old.let_go(outcome))
        self._again()

    def _failed(self, error: Exception) -> None:
        # A check that stopped halfway cannot be gone on with.
        self._job, self._checked_last = None, None
        jobs.show_error(self, error)
        self._again()

    def _again(self) -> None:
        if self._stale:
            self._stale = False
            self.check()

    def _stored(self, info: ActInfo) -> None:
        self._touched |= info.projects
        if not self._state.past:
            self._timer.start()

    # -- showing
    # ------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._unshown:
            self._show()

    def _show(self, *_: object) -> None:
        """Show the findings that pass the filters. Where there are many, they are looked for beside the window."""
        self._unshown = False
        self._sought += 1
        checked, sought = self._checked_last, self._sought
        by_project = self.grouping.currentData() == "project"
        words = fold(self.filter.text()).split()
        chosen = next(name for name, button in self._buttons.items() if button.isChecked())
        selection = set(self._state.selection) if self.only_selected.isChecked() else None
        if checked is None:
            self._show_groups({}, by_project=by_project)
        elif not words and chosen == "all" and selection is None:
            self._show_groups(checked.by_project if by_project else checked.by_code, by_project=by_project)
        elif len(checked.searched) <= _AT_HAND:
            self._show_groups(checked.passing(words, chosen, selection, by_project=by_project), by_project=by_project)
        else:

            def done(groups: dict[str, list[Finding]]) -> None:
                if sought == self._sought:  # nothing else was asked for meanwhile
                    self._show_groups(groups, by_project=by_project)

            jobs.run_quietly(
                lambda p, c: checked.passing(words, chosen, selection, by_project=by_project), done, parent=self
            )

    def _show_groups(self, groups: dict[str, list[Finding]], *, by_project: bool) -> None:
        open_groups = self._open_groups()
        current = self._current()
        self.tree.blockSignals(True)
        self.tree.clear()
        self._add_groups(list(groups.items()), open_groups if len(groups) > 1 else set(groups))
        self.tree.blockSignals(False)
        self.tree.setColumnHidden(1, by_project)
        self._pages.setCurrentIndex(0 if groups else 1)
        if current is not None:
            self._select(current)

    def _add_groups(self, groups: Sequence[tuple[str, Sequence[Finding]]], unfolded: Collection[str]) -> None:
        """The first groups, and a line for the others. Beyond some lines a group is filled when first unfolded."""
        by_project = self.grouping.currentData() == "project"
        made = [_group_item(key, found, by_project=by_project) for key, found in groups[:_AT_ONCE]]
        rest = groups[_AT_ONCE:]
        if rest:
            made.append(_rest_item(self.tr("… en nog {0} projecten").format(format_number(len(rest))), rest))
        self.tree.addTopLevelItems(made)
        room = _AT_ONCE
        for item in made:
            item.setFirstColumnSpanned(True)
            room -= len(item.data(0, _REST).found)
            if item.data(0, _GROUP) in unfolded:
                self._fill(item)
                item.setExpanded(True)
            elif room >= 0:
                self._fill(item)

    def _fill(self, group: QTreeWidgetItem) -> None:
        """Make the lines of a group that is unfolded."""
        rest = group.data(0, _REST)
        if rest is not None and group.data(0, _GROUP) is not None:
            group.setData(0, _REST, None)
            self._add_lines(group, rest.found)

    def _add_lines(self, group: QTreeWidgetItem, found: Sequence[Finding]) -> None:
        lines = [self._line(f) for f in found[:_AT_ONCE]]
        rest = found[_AT_ONCE:]
        if rest:
            lines.append(_rest_item(self.tr("… en nog {0} meldingen").format(format_number(len(rest))), rest))
        group.addChildren(lines)

    def _line(self, f: Finding) -> QTreeWidgetItem:
        item = QTreeWidgetItem([sentence(f), f.project_name])
        item.setIcon(0, theme.icon(*_SIGNS[f.severity]))
        source = "\n" + self.tr("Bron: {0}").format(source_of(f)) if f.source else ""
        item.setToolTip(0, sentence(f) + source)
        item.setData(0, _FINDING, f)
        return item

    def _show_rest(self, item: QTreeWidgetItem) -> None:
        """The next lines in the place of the line that stood for them; the cursor goes to the first."""
        rest, group = item.data(0, _REST).found, item.parent()
        self.tree.blockSignals(True)
        if group is None:
            place = self.tree.indexOfTopLevelItem(item)
            self.tree.takeTopLevelItem(place)
            self._add_groups(rest, ())
            following = self.tree.topLevelItem(place)
        else:
            place = group.indexOfChild(item)
            group.takeChild(place)
            self._add_lines(group, rest)
            following = group.child(place)
        self.tree.blockSignals(False)
        if following is not None:
            self.tree.setCurrentItem(following)

    def _open_groups(self) -> set[str]:
        tops = [self.tree.topLevelItem(n) for n in range(self.tree.topLevelItemCount())]
        return {item.data(0, _GROUP) for item in tops if item is not None and item.isExpanded()}

    def _current(self) -> Finding | None:
        item = self.tree.currentItem()
        found = item.data(0, _FINDING) if item is not None else None
        return found if isinstance(found, Finding) else None

    def _select(self, wanted: Finding) -> None:
        for top in range(self.tree.topLevelItemCount()):
            group = self.tree.topLevelItem(top)
            if group is None or not group.isExpanded():
                continue
            for item in (group.child(n) for n in range(group.childCount())):
                if item is not None and item.data(0, _FINDING) == wanted:
                    self.tree.blockSignals(True)
                    self.tree.setCurrentItem(item)
                    self.tree.blockSignals(False)
                    return

    def _point_at(self, item: QTreeWidgetItem | None) -> None:
        """The project of the finding under the cursor is selected everywhere."""
        found = item.data(0, _FINDING) if item is not None else None
        if isinstance(found, Finding) and found.project and not self.only_selected.isChecked():
            self._state.select([found.project])

    def _open(self, item: QTreeWidgetItem) -> None:
        found: Any = item.data(0, _FINDING)
        if isinstance(found, Finding):
            self._state.request("jump", found)
        elif item.data(0, _GROUP) is None:
            self._show_rest(item)
        else:
            item.setExpanded(not item.isExpanded())

    def focus_first(self) -> None:
        """Put the cursor on the first finding, for the keyboard."""
        first = self.tree.topLevelItem(0)
        if first is not None:
            first.setExpanded(True)
            child = first.child(0)
            self.tree.setCurrentItem(first if child is None else child)
        self.tree.setFocus()


class _Checked:
    """The findings of one check with what the panel needs to show them, worked out beside the window.

    With `before` and the projects that `changed`, it takes over from an earlier one what stayed the same.
    """

    def __init__(
        self,
        moment: Moment,
        standing: Standing,
        before: _Checked | None = None,
        changed: Collection[str] = (),
    ) -> None:
        self.moment, self.standing = moment, standing
        kept = {} if before is None else before._lines
        # The findings of each project, each with the text in which is searched.
        self._lines: dict[str, list[tuple[Finding, str]]] = {
            project: kept[project] if project in kept and project not in changed else _searched(standing.of(project))
            for project in standing.projects
        }
        by_severity: dict[Severity, list[tuple[Finding, str]]] = {severity: [] for severity in Severity}
        for lines in self._lines.values():
            for line in lines:
                by_severity[line[0].severity].append(line)
        self.searched = [line for lines in by_severity.values() for line in lines]
        found = [f for f, _ in self.searched]
        self.by_code = _grouped(found, by_project=False)
        self.by_project = _grouped(found, by_project=True)

    def passing(
        self, words: Sequence[str], chosen: str, selection: set[str] | None, *, by_project: bool
    ) -> dict[str, list[Finding]]:
        """The findings with these words, of the chosen severity ("all" for any) and projects, in their groups."""
        found: Sequence[tuple[Finding, str]] = self.searched
        # A pass for each test: one test of all words together takes ten times as long at 50,000 findings.
        for word in words:
            found = [pair for pair in found if word in pair[1]]
        if chosen != "all":
            warnings = chosen == Severity.WARNING.value
            found = [pair for pair in found if (pair[0].severity is Severity.WARNING) is warnings]
        if selection is not None:
            found = [pair for pair in found if pair[0].project in selection]
        return _grouped([f for f, _ in found], by_project=by_project)

    def let_go(self, heir: _Checked) -> None:
        """Empty the lists bit by bit, in a worker: 150,000 findings at once would keep the window waiting.

        What `heir` took over stays.
        """
        lists: list[list[Any]] = [self.searched, *self.by_code.values(), *self.by_project.values()]
        for some in lists:
            while some:
                del some[-_AT_ONCE:]
        while self._lines:
            self._lines.popitem()
        if heir.standing is not self.standing:
            self.standing.let_go()


def _searched(found: Sequence[Finding]) -> list[tuple[Finding, str]]:
    return [(f, fold(f"{sentence(f)} {f.project_name} {f.code}")) for f in found]


def _grouped(found: Sequence[Finding], *, by_project: bool) -> dict[str, list[Finding]]:
    groups: dict[str, list[Finding]] = {}
    for f in found:
        groups.setdefault(f.project or f.project_name if by_project else f.code, []).append(f)
    return groups


class _Rest:
    """Findings, or groups of them, that have no lines yet. In a class of its own: Qt copies a list that it keeps."""

    def __init__(self, found: Sequence[Any]) -> None:
        self.found = found


def _rest_item(words: str, rest: Sequence[Any]) -> QTreeWidgetItem:
    item = QTreeWidgetItem([words, ""])
    item.setData(0, _REST, _Rest(rest))
    return item


def _group_item(key: str, found: Sequence[Finding], *, by_project: bool) -> QTreeWidgetItem:
    title = found[0].project_name if by_project else _heading(found[0]).rstrip(".")
    group = _rest_item(f"{title}  ({format_number(len(found))})", found)
    group.setIcon(0, theme.icon(*_SIGNS[found[0].severity]))  # the heaviest comes first
    group.setData(0, _GROUP, key)
    group.setToolTip(0, group.text(0))
    face = group.font(0)
    face.setBold(True)
    group.setFont(0, face)
    group.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
    return group


def _heading(found: Finding) -> str:
    """What the findings of one rule are about: what should be so, and is not."""
    rule = rule_words(found)
    return translate("FindingsPanel", "Niet zo: %1").replace("%1", rule.rstrip(".")) if rule else sentence(found)
