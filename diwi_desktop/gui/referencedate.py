"""The reference date: today, or another day as every panel then shows it, read-only and unmistakable."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QDate, QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QCalendarWidget,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from diwi_desktop.gui import settings, theme
from diwi_desktop.gui.sign import Sign
from diwi_desktop.gui.state import AppState
from diwi_desktop.model.notation import format_date, parse_date
from diwi_desktop.model.values import BadValue

_MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "en": "January February March April May June July August September October November December",
}
_FRAME = 4


def date_in_words(day: date) -> str:
    """1 oktober 2026."""
    months = _MONTHS[settings.language()].split()
    return f"{day.day} {months[day.month - 1]} {day.year}"


class DateChooser(QFrame):
    """A small calendar with the days that are asked for most. `chosen` carries the day."""

    chosen = Signal(object)

    def __init__(self, today: date, now: date, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("Popover")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = QLabel(self.tr("Alles zien zoals het was op"))
        title.setProperty("role", "heading")
        self.field = QLineEdit(format_date(now))
        self.field.setPlaceholderText("31-12-2026")
        self.field.setAccessibleName(self.tr("Peildatum"))
        self.field.returnPressed.connect(self._typed)
        self.calendar = QCalendarWidget()
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.calendar.setSelectedDate(QDate(now.year, now.month, now.day))
        self.calendar.setGridVisible(False)
        self.calendar.clicked.connect(lambda day: self._choose(date(day.year(), day.month(), day.day())))
        quick = QGridLayout()
        quick.setSpacing(theme.space(1))
        first = today.replace(day=1)
        self.quick: dict[str, QPushButton] = {}
        for place, (name, words, day) in enumerate(
            (
                ("today", self.tr("Vandaag"), today),
                ("week", self.tr("Een week geleden"), today - timedelta(days=7)),
                ("month", self.tr("Begin van deze maand"), first),
                (
                    "quarter",
                    self.tr("Begin van dit kwartaal"),
                    first.replace(month=first.month - (first.month - 1) % 3),
                ),
                ("year", self.tr("Begin van dit jaar"), date(today.year, 1, 1)),
                ("last_year", self.tr("Begin van vorig jaar"), date(today.year - 1, 1, 1)),
            )
        ):
            button = QPushButton(words)
            button.clicked.connect(lambda _=False, at=day: self._choose(at))
            quick.addWidget(button, place // 2, place % 2)
            self.quick[name] = button
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.space(3)] * 4)
        layout.setSpacing(theme.space(2))
        layout.addWidget(title)
        layout.addWidget(self.field)
        layout.addWidget(self.calendar)
        layout.addLayout(quick)

    def open_under(self, widget: QWidget) -> None:
        """Show under a widget, its right edges in line."""
        self.adjustSize()
        corner = widget.mapToGlobal(QPoint(widget.width() - self.width(), widget.height() + theme.space(1)))
        self.move(max(0, corner.x()), corner.y())
        self.show()
        self.field.setFocus()
        self.field.selectAll()

    def _typed(self) -> None:
        try:
            day = parse_date(self.field.text())
        except BadValue:
            self.field.setProperty("wrong", True)
            self.field.style().polish(self.field)
            return
        self._choose(day)

    def _choose(self, day: date) -> None:
        self.close()
        self.chosen.emit(day)


class ReferenceDateButton(QToolButton):
    """Peildatum: vandaag."""

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.setIcon(theme.icon("calendar-clock-outline"))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setToolTip(self.tr("Alles bekijken zoals het was op een andere dag (Ctrl+D)"))
        self.clicked.connect(self.choose)
        state.moment_changed.connect(self._refresh)
        self._refresh()

    def choose(self) -> DateChooser:
        """Open the calendar."""
        chooser = DateChooser(self._state.store.clock.today(), self._state.moment.on, self)
        chooser.chosen.connect(self._state.set_moment)
        chooser.open_under(self)
        return chooser

    def _refresh(self, *_: object) -> None:
        day = date_in_words(self._state.moment.on) if self._state.past else self.tr("vandaag")
        self.setText(self.tr("Peildatum: {0}").format(day) + "  \u25be")


class PastBar(QToolBar):
    """The bar that says which day is shown, with one click back to today."""

    def __init__(self, state: AppState, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state
        self.setObjectName("PastBar")
        self.setWindowTitle(self.tr("Peildatum"))
        self.setMovable(False)
        self.setFloatable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.words = QLabel()
        self.back = QPushButton(self.tr("Terug naar vandaag"))
        self.back.setIcon(theme.icon("calendar-today"))
        self.back.setToolTip(self.tr("Terug naar vandaag (Ctrl+Shift+D)"))
        self.back.clicked.connect(lambda: state.set_moment(None))
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(theme.space(3), theme.space(1), theme.space(3), theme.space(1))
        row.setSpacing(theme.space(2))
        row.addStretch(1)
        for widget in (Sign("history", "past", 18), self.words, self.back):
            row.addWidget(widget)
        row.addStretch(1)
        self.addWidget(inside)
        state.moment_changed.connect(self._refresh)
        self._refresh()

    def _refresh(self, *_: object) -> None:
        day = self._state.moment.on
        words = self.tr("Peildatum {0} – alleen lezen").format(date_in_words(day))
        if self._state.past and self._state.moment.seq is None:
            words = self.tr("Peildatum {0}, zoals nu verwacht – alleen lezen").format(date_in_words(day))
        self.words.setText(words)
        self.setVisible(self._state.past)


class PastFrame(QWidget):
    """The tinted frame around the whole window on a past day. Lets the mouse through."""

    def __init__(self, state: AppState, window: QWidget) -> None:
        super().__init__(window)
        self._state = state
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        window.installEventFilter(self)
        state.moment_changed.connect(self._refresh)
        self._refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._fit()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(theme.colour("past"), _FRAME))
        half = _FRAME // 2
        painter.drawRect(QRect(half, half, self.width() - _FRAME, self.height() - _FRAME))
        painter.end()

    def _refresh(self, *_: object) -> None:
        self.setVisible(self._state.past)
        self._fit()

    def _fit(self) -> None:
        window = self.parentWidget()
        if window is not None and self._state.past:
            self.setGeometry(window.rect())
            self.raise_()
