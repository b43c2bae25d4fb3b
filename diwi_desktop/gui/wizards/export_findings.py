"""Page 3 of the submission wizard: everything the province would refuse or wonder about, mended where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.controls import Combo
from diwi_desktop.gui.fields.editing import Editing
from diwi_desktop.gui.fields.editor import FieldEditor
from diwi_desktop.gui.fields.words import sentence, source_of
from diwi_desktop.gui.wizards.export_classes import ClassChoices
from diwi_desktop.gui.wizards.export_session import Session
from diwi_desktop.gui.wizards.forms import child, counted, load
from diwi_desktop.model.catalogue import Field, FieldType
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.notation import format_number
from diwi_desktop.store import queries

_FINDING = int(Qt.ItemDataRole.UserRole)
_NOT_TYPED = frozenset({FieldType.GEOMETRY, FieldType.JSON, FieldType.REFERENCE})
_SIGNS = {True: ("alert-circle-outline", "bad"), False: ("alert-outline", "warn")}


def blocking(finding: Finding) -> bool:
    """Whether the province would refuse it."""
    return finding.severity is not Severity.WARNING


class FindingsPage(QWidget):
    """All findings, grouped; the one in hand can be mended below the list or jumped to.

    `mapping_asked` carries the field of the province that has to be mapped. `changed` says that going on may have
    become possible or impossible.
    """

    mapping_asked = Signal(str)
    jump_asked = Signal(object)
    changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._editing = Editing(session.state, self)
        self.editor: FieldEditor | None = None
        self._shown: Finding | None = None
        self._onward = False  # a fault was mended here, and the next one is on its way
        self._items: list[QTreeWidgetItem] = []
        form = load("export_findings", self)
        self.summary = child(form, QLabel, "summary")
        self.grouping = child(form, Combo, "grouping")
        self.tree = child(form, QTreeWidget, "findings")
        self.detail = child(form, QFrame, "detail")
        self.sentence = child(form, QLabel, "sentence")
        self.why = child(form, QLabel, "why")
        self.place = child(form, QWidget, "place")
        self.jump = child(form, QPushButton, "jump")
        self.to_mapping = child(form, QPushButton, "toMapping")
        self.leave_out = child(form, QCheckBox, "leaveOut")
        self._build()
        self.detail.hide()
        session.checked.connect(self.refresh)

    def _build(self) -> None:
        self.grouping.addItem(self.tr("Project"), "project")
        self.grouping.addItem(self.tr("Soort melding"), "code")
        self.grouping.setMinimumWidth(theme.space(36))
        self.grouping.currentIndexChanged.connect(lambda _: self.refresh())
        self.tree.setHeaderLabels([self.tr("Melding"), self.tr("Veld")])
        self.tree.setIndentation(theme.space(4))
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().resizeSection(1, theme.space(48))
        self.tree.currentItemChanged.connect(lambda *_: self._show_detail())
        self.tree.itemDoubleClicked.connect(lambda *_: self._jump())
        self.tree.installEventFilter(self)
        self.jump.setIcon(theme.icon("arrow-right"))
        self.jump.clicked.connect(self._jump)
        self.to_mapping.setIcon(theme.icon("swap-horizontal"))
        self.to_mapping.clicked.connect(self._ask_mapping)
        self.leave_out.toggled.connect(self._leave_out)
        self._box = QVBoxLayout(self.place)
        self._box.setContentsMargins(0, 4, 0, 4)
        self._box.setSpacing(4)
        self._heading = QHBoxLayout()
        self._heading.addStretch(1)
        self._box.addLayout(self._heading)
        self.classes = ClassChoices(self._editing, self.place)
        self.classes.stored.connect(self._stored)
        self.classes.refused.connect(self._refused)
        self._box.addWidget(self.classes)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.tree
            and isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            self._jump()
            return True
        return super().eventFilter(watched, event)

    # -- the list -------------------------------------------------------------------------------------------------

    @property
    def findings(self) -> Sequence[Finding]:
        """What the last check found."""
        return self._session.prepared.findings if self._session.prepared else []

    @property
    def current(self) -> Finding | None:
        """The finding in hand."""
        item = self.tree.currentItem()
        found = item.data(0, _FINDING) if item else None
        return found if isinstance(found, Finding) else None

    def refresh(self) -> None:
        """Show what the last check found; the finding in hand stays, or else the one after it comes."""
        before, place = self._shown, self._place_of(self._shown)
        found = list(self.findings)
        self.tree.blockSignals(True)
        self.tree.clear()
        self._items = []
        groups: dict[str, list[Finding]] = {}
        by_code = self.grouping.currentData() == "code"
        for finding in sorted(found, key=lambda f: not blocking(f)):
            name = finding.project_name or self.tr("Koppeling met de provincie")
            groups.setdefault(finding.code if by_code else name, []).append(finding)
        for name, items in groups.items():
            self._add_group(self._kind(items) if by_code else name, items, by_code)
        self.tree.expandAll()
        self.tree.blockSignals(False)
        self._summarise(found)
        self._select(before, place)
        onward, self._onward = self._onward, False
        if onward and self.editor is not None and self._keyboard_here():
            self.editor.focus()
        self.changed.emit()

    def _add_group(self, name: str, items: list[Finding], by_code: bool) -> None:
        head = QTreeWidgetItem([f"{name} ({format_number(len(items))})", ""])
        icon, ink = _SIGNS[any(blocking(f) for f in items)]
        head.setIcon(0, theme.icon(icon, ink))
        self.tree.addTopLevelItem(head)
        for finding in items:
            words = f"{finding.project_name}: {sentence(finding)}" if by_code and finding.project_name else ""
            row = QTreeWidgetItem([words or sentence(finding), self._field_name(finding)])
            row.setIcon(0, theme.icon(*_SIGNS[blocking(finding)]))
            row.setToolTip(0, sentence(finding))
            row.setData(0, _FINDING, finding)
            grade = self.tr("fout") if blocking(finding) else self.tr("waarschuwing")
            row.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{grade}: {sentence(finding)}")
            head.addChild(row)
            self._items.append(row)

    def _kind(self, items: list[Finding]) -> str:
        return self._field_name(items[0]) or items[0].code

    def _field_name(self, finding: Finding) -> str:
        field = self._field(finding)
        if field is not None:
            return field.label(self._language())
        if finding.kind == "mapping":
            return self._session.profile.field(finding.field).label(self._language())
        return ""

    @staticmethod
    def _language() -> str:
        from diwi_desktop.gui.language import language

        return language()

    def _field(self, finding: Finding) -> Field | None:
        """The field of the register that a finding is about."""
        catalogue = self._session.state.store.catalogue
        kind = catalogue.by_kind.get(finding.kind)
        return kind.by_key.get(finding.field) if kind and finding.kind != "mapping" else None

    def _summarise(self, found: list[Finding]) -> None:
        errors = [f for f in found if blocking(f)]
        warnings = len(found) - len(errors)
        projects = len({f.project for f in errors if f.project})
        doubts = counted(warnings, self.tr("%1 waarschuwing"), self.tr("%1 waarschuwingen"))
        if not found:
            words = self.tr("Geen meldingen: de provincie kan alles aannemen.")
        elif errors:
            faults = counted(len(errors), self.tr("%1 fout"), self.tr("%1 fouten"))
            words = self.tr("%1 in %2, %3; met fouten komt er geen bestand.").replace("%1", faults)
            words = words.replace("%2", counted(projects, self.tr("%1 project"), self.tr("%1 projecten")))
            words = words.replace("%3", doubts)
        else:
            words = self.tr("Geen fouten, %1.").replace("%1", doubts)
        self.summary.setText(words)
        prepared = self._session.prepared
        self.leave_out.setVisible(bool(prepared and prepared.faulty and not prepared.mapping_faulty))

    def _place_of(self, finding: Finding | None) -> int:
        rows = self._items
        return next((n for n, row in enumerate(rows) if _same(row.data(0, _FINDING), finding)), 0)

    def _select(self, wanted: Finding | None, place: int) -> None:
        rows = self._items
        row = next((row for row in rows if _same(row.data(0, _FINDING), wanted)), None)
        if row is None and rows:
            row = rows[min(place, len(rows) - 1)]
        if row is not None:
            self.tree.setCurrentItem(row)
        self._show_detail()

    # -- the finding in hand --------------------------------------------------------------------------------------

    def _show_detail(self) -> None:
        finding = self.current
        self.detail.setVisible(finding is not None)
        if finding is None:
            self._shown = None
            self._forget_editor()
            return
        same = _same(finding, self._shown)
        self._shown = finding
        self.sentence.setText(
            f"{finding.project_name}: {sentence(finding)}" if finding.project_name else sentence(finding)
        )
        self.why.setText(self.tr("Bron: %1").replace("%1", source_of(finding)))
        self.to_mapping.setVisible(finding.kind == "mapping")
        self.jump.setVisible(bool(finding.project))
        if not (same and self.editor is not None):
            self._make_editor(finding)

    def _make_editor(self, finding: Finding) -> None:
        """The field itself, where filling it in is all it takes."""
        self._forget_editor()
        field = self._field(finding)
        state = self._session.state
        if field is None or not finding.entity or field.type in _NOT_TYPED or self._session.known_then:
            self.place.hide()
            return
        row = queries.entity(state.store, finding.kind, finding.entity)
        if row is None or field.readonly or state.read_only:
            self.place.hide()
            return
        self.editor = FieldEditor(field, self._editing, self.place)
        self.editor.load(finding.entity, row.get(field.key), [], False)
        self.editor.stored.connect(self._stored)
        self._heading.insertWidget(0, self.editor.label)
        self._heading.insertWidget(1, self.editor.help)
        for place, widget in enumerate((self.editor.body, self.editor.message), start=1):
            self._box.insertWidget(place, widget)
        self.classes.show_finding(finding)
        self.editor.message.hide()
        self.place.show()

    def _forget_editor(self) -> None:
        self.classes.show_finding(None)
        if self.editor is None:
            return
        # Its signals may still be on their way; the widgets go when they have come to rest.
        for widget in (self.editor.label, self.editor.help, self.editor.body, self.editor.message):
            widget.hide()
            widget.deleteLater()
        self.editor.deleteLater()
        self.editor = None

    def _keyboard_here(self) -> bool:
        """Whether nobody went on elsewhere meanwhile; a list that has just closed leaves the keyboard nowhere."""
        focused = self.window().focusWidget()
        return focused is None or self.isAncestorOf(focused)

    def _refused(self, found: list[Finding]) -> None:
        """A class that cannot be taken says why where the sentence of the finding stands."""
        self.sentence.setText(" ".join(sentence(one) for one in found))

    def _stored(self) -> None:
        """The check that follows shows what is next; its field gets the keyboard then."""
        self._onward = True
        self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def _jump(self) -> None:
        finding = self.current
        if finding is None:
            return
        if finding.kind == "mapping" and not finding.project:
            self._ask_mapping()
        else:
            self.jump_asked.emit(finding)

    def _ask_mapping(self) -> None:
        if self.current is not None:
            self.mapping_asked.emit(self.current.field)

    def _leave_out(self, on: bool) -> None:
        self._session.leave_out = on
        self.changed.emit()


def _same(one: object, other: Finding | None) -> bool:
    """Whether two findings are about the same thing, whatever their words."""
    if not isinstance(one, Finding) or other is None:
        return False
    parts = ("code", "project", "kind", "entity", "field")
    return all(getattr(one, part) == getattr(other, part) for part in parts)
