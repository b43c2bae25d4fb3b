"""Search everything from the top bar (Ctrl+K): plans, parcels, addresses and commands, while typing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QAction, QFocusEvent, QIcon, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from diwi_desktop.gui import jobs, theme
from diwi_desktop.gui.projecttable.filters import fold
from diwi_desktop.gui.projecttable.ordering import natural
from diwi_desktop.gui.state import AppState
from diwi_desktop.store import queries
from diwi_desktop.store.queries import Hit

DEBOUNCE_MS = 40
_MOST_HITS = 60
_MOST_SHOWN = {"project": 10, "parcel": 6, "address": 6}
_MOST_COMMANDS = 8
_ADDRESS_REACH_M = 75.0

_TOP = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Entry:
    """One line of the results. `group` is what kind of thing it is; `go` is what Enter does."""

    group: str
    icon: str
    title: str
    detail: str
    go: Callable[[], object]


class _Entries(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []

    def show(self, entries: Sequence[Entry]) -> None:
        self.beginResetModel()
        self.entries = list(entries)
        self.endResetModel()

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.group}: {entry.title}, {entry.detail}"
        return None

    def starts_group(self, row: int) -> bool:
        return row == 0 or self.entries[row].group != self.entries[row - 1].group


class _EntryDelegate(QStyledItemDelegate):
    """Icon, title, detail at the right, and the name of the group above its first line."""

    def __init__(self, model: _Entries, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        heading = theme.space(6) if self._model.starts_group(index.row()) else 0
        return QSize(100, theme.size("normal") + theme.space(4) + heading)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = self._model.entries[index.row()]
        rect = QRect(option.rect)
        painter.save()
        edge = theme.space(3)
        if self._model.starts_group(index.row()):
            heading = QRect(rect.left() + edge, rect.top(), rect.width() - 2 * edge, theme.space(6))
            painter.setFont(theme.font("small", bold=True))
            painter.setPen(theme.colour("muted"))
            painter.drawText(heading, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, entry.group)
            rect.setTop(rect.top() + theme.space(6))
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.colour("chosen"))
        sign = QRect(rect.left() + edge, rect.center().y() - 7, 16, 16)
        theme.icon(entry.icon, "muted").paint(painter, sign, Qt.AlignmentFlag.AlignCenter, QIcon.Mode.Normal)
        left = sign.right() + theme.space(2)
        painter.setFont(theme.font("small"))
        detail_width = min(painter.fontMetrics().horizontalAdvance(entry.detail), rect.width() // 2)
        detail = QRect(rect.right() - edge - detail_width, rect.top(), detail_width, rect.height())
        painter.setPen(theme.colour("muted"))
        text = painter.fontMetrics().elidedText(entry.detail, Qt.TextElideMode.ElideMiddle, detail_width + 1)
        painter.drawText(detail, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.setFont(theme.font("normal"))
        painter.setPen(theme.colour("text"))
        room = QRect(left, rect.top(), detail.left() - theme.space(2) - left, rect.height())
        title = painter.fontMetrics().elidedText(entry.title, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        painter.restore()


class _Results(QFrame):
    """The list under the search field. It never takes the focus: typing goes on."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("Palette")
        self.model = _Entries()
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(_EntryDelegate(self.model, self.view))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setUniformItemSizes(False)
        self.view.setMouseTracking(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, theme.space(1), 1, theme.space(1))
        layout.addWidget(self.view)
        self.hide()

    def place(self, field: QWidget) -> None:
        """Stand under the field, as high as the results need."""
        window = self.parentWidget()
        if window is None:
            return
        corner = field.mapTo(window, QPoint(0, field.height() + theme.space(1)))
        width = max(field.width(), theme.space(120))
        left = min(corner.x() - (width - field.width()) // 2, window.width() - width - theme.space(2))
        rows = range(self.model.rowCount())
        height = sum(self.view.sizeHintForRow(row) for row in rows) + theme.space(2) + 4
        most = window.height() - corner.y() - theme.space(6)
        self.setGeometry(max(theme.space(2), left), corner.y(), width, min(height, most))
        self.raise_()


class SearchField(QLineEdit):
    """The field in the top bar with its results."""

    def __init__(self, state: AppState, commands: Callable[[], Sequence[QAction]], window: QWidget) -> None:
        super().__init__()
        self._state = state
        self._commands = commands
        self._window = window
        self._made: _Results | None = None
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
        self.textChanged.connect(lambda text: self._key.setVisible(not text))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._search)
        self.textEdited.connect(self._typed)

    @property
    def results(self) -> _Results:
        """The list, made when first needed."""
        if self._made is None:
            self._made = _Results(self._window)
            self._made.view.clicked.connect(self._clicked)
            self._window.installEventFilter(self)
        return self._made

    def activate(self) -> None:
        """Ctrl+K: go to the field and offer the commands."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        self._show(self._command_entries(self.text()) if not self.text() else self.results.model.entries)

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
        text = self.text().strip()
        if self._job is not None:
            self._job.drop()
            self._job = None
        if not text:
            return
        self._asked = text
        store, moment = self._state.store, self._state.moment
        self._job = jobs.run_quietly(
            lambda p, c: queries.search(store, text, moment, _MOST_HITS), self._found, self._failed, self._window
        )

    def _failed(self, error: Exception) -> None:
        self._job = None
        jobs.show_error(self._window, error)

    def _found(self, hits: list[Hit]) -> None:
        self._job = None
        groups: dict[str, list[Entry]] = {"project": [], "parcel": [], "address": []}
        starts = fold(self._asked)
        hits = sorted(hits, key=lambda hit: (not fold(hit.title).startswith(starts), natural(hit.title)))
        for hit in hits:
            if len(groups[hit.kind]) < _MOST_SHOWN[hit.kind]:
                groups[hit.kind].append(self._entry(hit))
        commands = self._command_entries(self._asked)
        self._show([*groups["project"], *groups["parcel"], *groups["address"], *commands])
        if self._enter_waits:
            self._enter_waits = False
            self._go(0)

    def _entry(self, hit: Hit) -> Entry:
        if hit.kind == "project":
            return Entry(self.tr("Plannen"), "home-group", hit.title, hit.detail, lambda: self._go_to_project(hit.id))
        if hit.kind == "parcel":
            return Entry(
                self.tr("Percelen"), "vector-square", hit.title, hit.detail,
                lambda: self._state.request("zoom_to_parcel", hit.id),
            )  # fmt: skip
        return Entry(self.tr("Adressen"), "map-marker-outline", hit.title, hit.detail, lambda: self._go_to_address(hit))

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

    def _go_to_project(self, project: str) -> None:
        self._state.select([project])
        self._state.request("zoom_to_project", project)
        self._state.request("show_panel", "page")

    def _go_to_address(self, hit: Hit) -> None:
        if hit.x is not None and hit.y is not None:
            reach = _ADDRESS_REACH_M
            self._state.request("zoom_to", (hit.x - reach, hit.y - reach, hit.x + reach, hit.y + reach))

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
        size = self._key.sizeHint()
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
            if self._timer.isActive() or self._job is not None:
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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self._made is not None and self._made.isVisible():
            self._made.place(self)
        return False


def _nothing() -> None:
    """What Enter does on "nothing found"."""
