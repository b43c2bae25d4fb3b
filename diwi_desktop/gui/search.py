"""Search everything from the top bar (Ctrl+K): plans, parcels, addresses and commands, while typing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from diwi_desktop.gui import jobs, theme
from diwi_desktop.gui.language import language
from diwi_desktop.gui.projecttable.ordering import fold, natural
from diwi_desktop.gui.searchentry import Entry
from diwi_desktop.gui.state import AppState
from diwi_desktop.model.notation import format_number

if TYPE_CHECKING:
    from diwi_desktop.gui.searchresults import Results
    from diwi_desktop.store.search import Hit

DEBOUNCE_MS = 40
_MOST_HITS = 60
_MOST_SHOWN = {"project": 10, "parcel": 6, "address": 6}
_MOST_COMMANDS = 8
_ADDRESS_REACH_M = 75.0


class SearchField(QLineEdit):
    """The field in the top bar with its results."""

    def __init__(self, state: AppState, commands: Callable[[], Sequence[QAction]], window: QWidget) -> None:
        super().__init__()
        self._state = state
        self._commands = commands
        self._window = window
        self._made: Results | None = None
        self._job: jobs.Job | None = None
        self._asked = ""
        self._enter_waits = False
        self.setObjectName("SearchField")
        self.setPlaceholderText(self.tr("Zoek plan, perceel, adres, veld …"))
        self.setAccessibleName(self.tr("Zoeken"))
        self.setToolTip(self.tr("Zoek plannen, percelen, adressen en opdrachten (Ctrl+K)"))
        self.setMinimumWidth(theme.space(60))
        self.setMaximumWidth(theme.space(160))
        self.addAction(theme.icon("magnify", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self._key = QLabel("Ctrl+K", self)
        self._key.setObjectName("SearchKey")
        self._key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.textChanged.connect(self._place_key)
        theme.current().changed.connect(self._place_key)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._search)
        self.textEdited.connect(self._typed)

    @property
    def results(self) -> Results:
        """The list, made when first needed."""
        if self._made is None:
            from diwi_desktop.gui.searchresults import Results

            self._made = Results(self._window)
            self._made.view.clicked.connect(self._clicked)
        return self._made

    def activate(self) -> None:
        """Ctrl+K: go to the field and offer the commands."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        self._show(self._command_entries(self.text()) if not self.text() else self.results.model.entries)

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._timer.isActive() or self._job is not None

    def entries(self) -> list[Entry]:
        """What is offered now."""
        return self.results.model.entries if self.results.isVisible() else []

    # -- searching
    # ----------------------------------------------------------------------------------------------

    def _typed(self, text: str) -> None:
        self._enter_waits = False
        self._timer.start()
        if not text.strip():
            self._show(self._command_entries(""))

    def _search(self) -> None:
        from diwi_desktop.store import search

        text = self.text().strip()
        if self._job is not None:
            self._job.drop()
            self._job = None
        if not text:
            return
        self._asked = text
        store, moment = self._state.store, self._state.moment
        self._job = jobs.run_quietly(
            lambda p, c: search.search(store, text, moment, _MOST_HITS), self._found, self._failed, self._window
        )

    def _failed(self, error: Exception) -> None:
        self._job = None
        jobs.show_error(self._window, error)

    def _found(self, hits: list[Hit]) -> None:
        self._job = None
        groups: dict[str, list[Hit]] = {"project": [], "parcel": [], "address": []}
        starts = fold(self._asked)
        for hit in hits:
            groups[hit.kind].append(hit)
        # Parcels come in an order of their own: the number itself before longer ones.
        for kind in ("project", "address"):
            groups[kind].sort(
                key=lambda hit: (bool(hit.field), not fold(hit.title).startswith(starts), natural(hit.title))
            )
        # Enter goes to the first: whoever typed a whole address does not mean a plan in which its words occur.
        kinds = sorted(groups, key=lambda kind: not any(fold(hit.title) == starts for hit in groups[kind]))
        entries = [entry for kind in kinds for entry in self._entries(kind, groups[kind], len(hits))]
        self._show([*entries, *self._command_entries(self._asked)])
        if self._enter_waits:
            self._enter_waits = False
            self._go(0)

    def _entries(self, kind: str, hits: Sequence[Hit], all_hits: int) -> list[Entry]:
        """The first ones of a kind, under a heading that says how many more there are."""
        group = {"project": self.tr("Plannen"), "parcel": self.tr("Percelen"), "address": self.tr("Adressen")}[kind]
        shown = hits[: _MOST_SHOWN[kind]]
        if len(shown) < len(hits):
            count = f"{len(hits)}+" if all_hits >= _MOST_HITS else format_number(len(hits))
            group = self.tr("{0} ({1} van {2})").format(group, len(shown), count)
        return [self._entry(group, hit) for hit in shown]

    def _entry(self, group: str, hit: Hit) -> Entry:
        if hit.kind == "project":
            detail = self._why(hit) if hit.field else hit.detail
            return Entry(group, "home-group", hit.title, detail, lambda: self._state.request("open_project", hit.id))
        if hit.kind == "parcel":
            detail = "" if hit.area is None else self.tr("{0} m²").format(format_number(round(hit.area)))
            return Entry(
                group, "vector-square", hit.title, detail, lambda: self._state.request("zoom_to_parcel", hit.id)
            )
        return Entry(group, "map-marker-outline", hit.title, hit.detail, lambda: self._go_to_address(hit))

    def _why(self, hit: Hit) -> str:
        """By which field a plan was found, and what that says."""
        field = self._state.store.catalogue.kind("project").by_key.get(hit.field)
        text = " ".join(hit.found.split())
        return f"{field.label(language())}: {text}" if field is not None else text

    def _command_entries(self, text: str) -> list[Entry]:
        words = fold(text).split()
        found = []
        for action in self._commands():
            title = action.text().replace("&", "").rstrip("…")
            if action.isEnabled() and action.isVisible() and all(word in fold(title) for word in words):
                key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
                found.append((title, key, action))
        starts = fold(text)
        found.sort(key=lambda item: not fold(item[0]).startswith(starts))
        return [
            Entry(self.tr("Opdrachten"), "chevron-right", title, key, action.trigger)
            for title, key, action in found[:_MOST_COMMANDS]
        ]

    def _go_to_address(self, hit: Hit) -> None:
        if hit.x is not None and hit.y is not None:
            reach = _ADDRESS_REACH_M
            self._state.request("zoom_to", (hit.x - reach, hit.y - reach, hit.x + reach, hit.y + reach), hit.title)

    # -- showing and choosing
    # -----------------------------------------------------------------------------------

    def _show(self, entries: Sequence[Entry]) -> None:
        results = self.results
        if self._window.focusWidget() is not self:
            return
        if not entries and self.text().strip():
            nothing = Entry(
                self.tr("Niets gevonden"), "magnify-close", self.tr("Probeer een deel van de naam"), "", _nothing
            )
            entries = [nothing]
        results.model.show(entries)
        if not entries:
            results.hide()
            return
        results.view.setCurrentIndex(results.model.index(0))
        results.show()
        results.place(self)

    def _go(self, row: int) -> None:
        entries = self.results.model.entries
        if not 0 <= row < len(entries):
            return
        entry = entries[row]
        self.results.hide()
        self.clear()
        if self._window.focusWidget() is self:
            self.clearFocus()
        entry.go()

    def _clicked(self, index: QModelIndex) -> None:
        self._go(index.row())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_key()

    def _place_key(self, *_: object) -> None:
        """The key stands at the right while the field is empty and the words leave room for it."""
        size = self._key.sizeHint()
        words = self.fontMetrics().horizontalAdvance(self.placeholderText())
        self._key.setVisible(not self.text() and self.width() > words + size.width() + theme.space(14))
        self._key.setGeometry(
            self.width() - size.width() - theme.space(2),
            (self.height() - size.height()) // 2,
            size.width(),
            size.height(),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        view, model = self.results.view, self.results.model
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp) and model.entries:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8}.get(Qt.Key(key), -8)
            row = max(0, min(model.rowCount() - 1, view.currentIndex().row() + step))
            view.setCurrentIndex(model.index(row))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.busy:
                # Faster than the search: go to the best hit as soon as it is there.
                self._enter_waits = True
            elif self.results.isVisible():
                self._go(view.currentIndex().row())
        elif key == Qt.Key.Key_Escape:
            self.results.hide()
            self.clear()
            self.clearFocus()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self._made is not None:
            self._made.hide()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if not self.results.isVisible():
            self._show(self._command_entries(self.text()))

    def follow_window(self) -> None:
        """The window has another size: the results stay under the field."""
        if self._made is not None and self._made.isVisible():
            self._made.place(self)


def _nothing() -> None:
    """What Enter does on "nothing found"."""
