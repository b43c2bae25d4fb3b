"""A form made from the catalogue: sections as cards, in several columns where there is room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QMargins, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.columns import Columns
from diwi_desktop.gui.fields.editing import Editing
from diwi_desktop.gui.fields.editor import FieldEditor
from diwi_desktop.gui.language import language
from diwi_desktop.model.catalogue import Field, FieldType, Section
from diwi_desktop.model.finding import Finding

LABEL_WIDTH = 128  # pixels at the normal text size
HELP_WIDTH = 18
START = "start"
_AT_ONCE = 8  # fields made in one go, in some 15 ms
_UNTYPED = (FieldType.GEOMETRY, FieldType.JSON)


class Card(QFrame):
    """A titled group on the page."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.heading = QLabel(title, self)
        self.heading.setProperty("role", "heading")
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(10, 6, 10, 8)
        self.box.setSpacing(4)
        self.box.addWidget(self.heading)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)


class FieldRows(QWidget):
    """Fields under each other: labels in one column, inputs in the next, messages under the input they are about."""

    def __init__(self, parent: QWidget | None = None, label_width: int = LABEL_WIDTH) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(4)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnMinimumWidth(1, HELP_WIDTH)
        self._grid.setColumnStretch(2, 1)
        self._label_width = label_width
        self._labels: list[QLabel] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._fit()
        theme.current().changed.connect(self._fit)

    def _fit(self) -> None:
        """Labels as wide as their words ask at this text size."""
        self._grid.setColumnMinimumWidth(0, theme.scaled(self._label_width))
        for label in self._labels:
            label.setFixedWidth(theme.scaled(self._label_width))

    def add(self, editor: FieldEditor) -> None:
        """Put a field at the bottom."""
        row = self._grid.rowCount()
        self._labels.append(editor.label)
        editor.label.setFixedWidth(theme.scaled(self._label_width))
        height = editor.input.sizeHint().height()
        tall = editor.field.type is FieldType.LONGTEXT
        editor.label.setMinimumHeight(0 if tall else min(height, theme.scaled(30)))
        top = Qt.AlignmentFlag.AlignTop if tall else Qt.AlignmentFlag.AlignVCenter
        if tall:
            editor.label.setContentsMargins(0, 5, 0, 0)
        self._grid.addWidget(editor.label, row, 0, top)
        self._grid.addWidget(editor.help, row, 1, top)
        self._grid.addWidget(editor.body, row, 2)
        self._grid.addWidget(editor.message, row + 1, 2)


class FieldForm(QWidget):
    """The fields of one kind of entity as cards. Keeps drafts that could not be stored, per entity."""

    stored = Signal()

    def __init__(
        self,
        kind: str,
        editing: Editing,
        parent: QWidget | None = None,
        *,
        sections: Sequence[str] | None = None,
        skip: Iterable[str] = (),
        margins: QMargins | None = None,
        column: int = 312,
        label_width: int = LABEL_WIDTH,
        framed: bool = True,
        later: bool = False,
    ) -> None:
        """`sections` narrows the form to some; `column` is the least width of a column in pixels at
        the normal text size; `framed` sets every
        section in a card with its name above it; `later` leaves making them to `make_next` and `refresh_fields`.
        """
        super().__init__(parent)
        self._kind, self._editing, self._sections, self._skip = kind, editing, sections, frozenset(skip)
        self.editors: dict[str, FieldEditor] = {}
        self.cards: dict[str, Card] = {}
        self._entity = ""
        self._drafts: dict[tuple[str, str], tuple[Any, list[Finding]]] = {}
        self._made_of: list[Field] = []
        self._to_make: list[tuple[Section, list[Field]]] = []
        self._making: Iterator[None] = iter(())
        self._columns = Columns(self, minimum=column, margins=margins)
        self._label_width = label_width
        self._framed = framed
        self._extra: list[tuple[QWidget, str]] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if later:
            self._start_anew()
        else:
            self.refresh_fields()

    # --------------------------------------------------------------------------------------------------------- making

    def fields(self) -> list[Field]:
        """The fields that belong on the form now."""
        kind = self._editing.catalogue.kind(self._kind)
        return [
            f
            for f in kind.fields
            if f.type not in _UNTYPED
            and (f.section or not kind.sections)
            and not f.disabled
            and f.key not in self._skip
            and (self._sections is None or f.section in self._sections)
        ]

    def refresh_fields(self) -> bool:
        """Make the cards that are not there, or all anew when the fields have changed (an own field was added). True
        when there was something to do.
        """
        made = self._start_anew()
        while self.make_next():
            made = True
        return made

    @property
    def complete(self) -> bool:
        """Whether all cards are there."""
        return not self._to_make

    def make_next(self) -> bool:
        """Make some fields. False when all are there."""
        return next(self._making, self) is None

    def _make(self) -> Iterator[None]:
        while self._to_make:
            section, fields = self._to_make[0]
            card = self.cards[section.key] = Card(section.label(language()), self)
            if not self._framed:
                card.setProperty("role", "plain")
                card.heading.hide()
                card.box.setContentsMargins(0, 0, 0, 0)
            rows = FieldRows(card, self._label_width)
            for place, field in enumerate(fields):
                if place and place % _AT_ONCE == 0:
                    yield
                rows.add(self._editor(field, rows))
            card.box.addWidget(rows)
            card.box.addStretch(1)
            card.show()  # a form that is in sight shows what is added to it a turn later
            self._to_make.pop(0)
            if not self._to_make:
                self._place()
            yield

    def _start_anew(self) -> bool:
        """Have the cards made that the fields ask for now. False when they ask for those that are there."""
        fields = self.fields()
        if fields == self._made_of:
            return False
        self._made_of = fields
        for card in self.cards.values():
            self._columns.removeWidget(card)
            card.setParent(None)
            card.deleteLater()
        for extra, _ in self._extra:
            self._columns.removeWidget(extra)
        self._remember()
        self.cards, self.editors, self._entity = {}, {}, ""
        kind = self._editing.catalogue.kind(self._kind)
        sections = kind.sections or (Section("", kind.nl, kind.en),)
        inside = [(section, [f for f in fields if f.section == section.key]) for section in sections]
        self._to_make = [(section, found) for section, found in inside if found]
        self._making = self._make()
        self._place()
        return True

    def add_card(self, card: QWidget, after: str = "") -> None:
        """Put a card of another kind after that of a section; "start" puts it first, nothing last."""
        self._extra.append((card, after))
        card.setParent(self)
        self._place()

    def _place(self) -> None:
        while self._columns.count():
            self._columns.takeAt(0)
        for extra, after in self._extra:
            if after == START:
                self._columns.addWidget(extra)
        for key, card in self.cards.items():
            self._columns.addWidget(card)
            for extra, after in self._extra:
                if after == key:
                    self._columns.addWidget(extra)
        for extra, after in self._extra:
            if after != START and after not in self.cards:
                self._columns.addWidget(extra)

    def _editor(self, field: Field, rows: FieldRows) -> FieldEditor:
        editor = FieldEditor(field, self._editing, rows)
        editor.stored.connect(self.stored)
        editor.message.fix_wanted.connect(self._editing.fix)
        self.editors[field.key] = editor
        return editor

    # -------------------------------------------------------------------------------------------------------- showing

    def load(
        self, entity: str, values: Mapping[str, Any], findings: Mapping[str, Sequence[Finding]], read_only: bool
    ) -> None:
        """Show an entity. `values` in log shape by key, own fields by `own:<id>`; `findings` by field key."""
        if entity != self._entity:
            self._remember()
        for key, editor in self.editors.items():
            editor.load(entity, values.get(key), findings.get(key, ()), read_only)
            draft = self._drafts.pop((entity, key), None)
            if draft is not None and not read_only:
                editor.set_pending(draft)
        self._entity = entity

    def _remember(self) -> None:
        """Keep what could not be stored, for when this entity is shown again."""
        for key, editor in self.editors.items():
            if self._entity and editor.pending is not None:
                editor.store()
            if self._entity and (pending := editor.pending) is not None:
                self._drafts[self._entity, key] = pending

    def focus(self, key: str) -> bool:
        """Bring a field into view and give it the keyboard; False when the form does not have it."""
        editor = self.editors.get(key)
        if editor is None:
            return False
        editor.focus()
        area = self.parent()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parent()
        if isinstance(area, QScrollArea):
            area.ensureWidgetVisible(editor.body, 20, 40)
            # Once more when a form that has just come in sight has got its place.
            QTimer.singleShot(0, editor.body, lambda: area.ensureWidgetVisible(editor.body, 20, 40))
        return True

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)


def scroll_area(parent: QWidget) -> QScrollArea:
    """A scroll area without a frame, which scrolls only up and down.

    What goes into it is best made as a child of its viewport: a tree of widgets that changes parent is dressed anew.
    """
    area = QScrollArea(parent)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # a click beside the fields leaves them; Tab has nothing to do there
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
