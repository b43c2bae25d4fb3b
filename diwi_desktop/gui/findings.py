"""The panel with findings.

What is wrong or doubtful, grouped, one key press away from the field it is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
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
from diwi_desktop.gui.fields.words import sentence
from diwi_desktop.gui.language import language
from diwi_desktop.gui.projecttable.empty import EmptyState
from diwi_desktop.gui.projecttable.ordering import fold
from diwi_desktop.gui.state import AppState
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.notation import format_number

REST_MS = 250  # a burst of edits is checked once
_FINDING = int(Qt.ItemDataRole.UserRole)
_GROUP = _FINDING + 1
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


class FindingsPanel(QWidget):
    """All findings of the register, or those of the selected projects.

    `counted` carries how many there are.
    """

    counted = Signal(int)

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._found: list[Finding] = []
        self._job: jobs.Job | None = None
        self._stale = False
        self._build()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self.check)
        state.store_changed.connect(self._stored)
        state.moment_changed.connect(self.check)
        state.selection_changed.connect(lambda _: self._show() if self.only_selected.isChecked() else None)
        self.check()

    def _build(self) -> None:
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Zoek in de meldingen…"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setMinimumWidth(theme.space(30))
        self.filter.setMaximumWidth(theme.space(80))
        self.filter.textChanged.connect(self._show)
        self.severity = QButtonGroup(self)
        row = QHBoxLayout()
        row.setContentsMargins(theme.space(2), theme.space(1), theme.space(2), theme.space(1))
        row.setSpacing(theme.space(1))
        row.addWidget(self.filter, 1)
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
            if sign:
                button.setIcon(theme.icon(sign, ink))
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            self.severity.addButton(button)
            self._buttons[name] = button
            row.addWidget(button)
        self.severity.buttonClicked.connect(self._show)
        self.only_selected = QToolButton()
        self.only_selected.setText(self.tr("Selectie"))
        self.only_selected.setCheckable(True)
        self.only_selected.setToolTip(self.tr("Alleen meldingen van de gekozen projecten"))
        self.only_selected.toggled.connect(self._show)
        row.addWidget(self.only_selected)
        row.addStretch(1)
        self.grouping = QComboBox()
        self.grouping.setAccessibleName(self.tr("Groeperen"))
        self.grouping.addItem(self.tr("Per soort"), "code")
        self.grouping.addItem(self.tr("Per project"), "project")
        self.grouping.currentIndexChanged.connect(self._show)
        row.addWidget(self.grouping)
        self.tree = _Tree()
        self.tree.setColumnCount(2)
        self.tree.setHeaderLabels([self.tr("Melding"), self.tr("Project")])
        self.tree.setAccessibleName(self.tr("Meldingen"))
        self.tree.setUniformRowHeights(True)
        self.tree.setIndentation(theme.space(4))
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        self.tree.header().resizeSection(1, theme.space(50))
        self.tree.itemDoubleClicked.connect(lambda item, _: self._open(item))
        self.tree.opened.connect(self._open)
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
        column.addLayout(row)
        column.addWidget(self._pages, 1)
        self.setFocusProxy(self.tree)

    # -- checking
    # -----------------------------------------------------------------------------------------------

    @property
    def findings(self) -> Sequence[Finding]:
        """All findings of the register at the moment shown."""
        return self._found

    def check(self, *_: object) -> None:
        """Check the register beside the window; what changes meanwhile is checked once afterwards."""
        self._timer.stop()
        if self._job is not None:
            self._stale = True
            return
        store, moment = self._state.store, self._state.moment

        def work(progress: jobs.Progress, cancelled: jobs.IsCancelled) -> list[Finding]:
            from diwi_desktop.quality.check import check

            return check(store, moment, progress=progress, cancelled=cancelled)

        self._job = jobs.run_quietly(work, self._checked, self._failed, self)

    def _checked(self, found: list[Finding]) -> None:
        self._job = None
        self._found = found
        self.counted.emit(len(found))
        self._show()
        self._again()

    def _failed(self, error: Exception) -> None:
        self._job = None
        jobs.show_error(self, error)
        self._again()

    def _again(self) -> None:
        if self._stale:
            self._stale = False
            self.check()

    def _stored(self, info: ActInfo) -> None:
        if not self._state.past:
            self._timer.start()

    # -- showing
    # ------------------------------------------------------------------------------------------------

    def _wanted(self) -> list[Finding]:
        words = fold(self.filter.text()).split()
        chosen = next(name for name, button in self._buttons.items() if button.isChecked())
        selection = set(self._state.selection) if self.only_selected.isChecked() else None
        found = []
        for f in self._found:
            kind = Severity.WARNING.value if f.severity is Severity.WARNING else Severity.ERROR.value
            if chosen not in ("all", kind) or (selection is not None and f.project not in selection):
                continue
            text = fold(f"{sentence(f)} {f.project_name} {f.code}")
            if all(word in text for word in words):
                found.append(f)
        return found

    def _show(self, *_: object) -> None:
        wanted = self._wanted()
        by_project = self.grouping.currentData() == "project"
        open_groups = self._open_groups()
        current = self._current()
        groups: dict[str, list[Finding]] = {}
        for f in wanted:
            groups.setdefault(f.project or f.project_name if by_project else f.code, []).append(f)
        self.tree.blockSignals(True)
        self.tree.clear()
        for key, found in groups.items():
            self._add_group(key, found, by_project=by_project, open_=key in open_groups or len(groups) == 1)
        self.tree.blockSignals(False)
        self.tree.setColumnHidden(1, by_project)
        self._pages.setCurrentIndex(0 if wanted else 1)
        if current is not None:
            self._select(current)

    def _add_group(self, key: str, found: Sequence[Finding], *, by_project: bool, open_: bool) -> None:
        title = found[0].project_name if by_project else _heading(found[0]).rstrip(".")
        group = QTreeWidgetItem([f"{title}  ({format_number(len(found))})", ""])
        worst = min(found, key=lambda f: list(Severity).index(f.severity)).severity
        group.setIcon(0, theme.icon(*_SIGNS[worst]))
        group.setData(0, _GROUP, key)
        face = group.font(0)
        face.setBold(True)
        group.setFont(0, face)
        self.tree.addTopLevelItem(group)
        group.setFirstColumnSpanned(True)
        for f in found:
            item = QTreeWidgetItem([sentence(f), f.project_name])
            item.setIcon(0, theme.icon(*_SIGNS[f.severity]))
            source = "\n" + self.tr("Bron: {0}").format(f.source) if f.source else ""
            item.setToolTip(0, sentence(f) + source)
            item.setData(0, _FINDING, f)
            group.addChild(item)
        group.setExpanded(open_)

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


def _heading(found: Finding) -> str:
    """What the findings of one rule are about: what should be so."""
    from diwi_desktop.quality.rule import PLAN_RULES, REGISTER_RULES

    for rule in (*PLAN_RULES, *REGISTER_RULES):
        if rule.code == found.code:
            return rule.en if language() == "en" else rule.nl
    return sentence(found)
