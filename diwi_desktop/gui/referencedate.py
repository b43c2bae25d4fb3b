"""The reference date: today, or another day as every panel then shows it, read-only and unmistakable."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QPushButton, QToolBar, QToolButton, QWidget

from diwi_desktop.gui import noticebar, theme
from diwi_desktop.gui.language import language
from diwi_desktop.gui.sign import Sign
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.tabbing import Part

if TYPE_CHECKING:
    from diwi_desktop.gui.datechooser import DateChooser

_MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "en": "January February March April May June July August September October November December",
}
_FRAME = 4


def date_in_words(day: date) -> str:
    """1 oktober 2026."""
    months = _MONTHS[language()].split()
    return f"{day.day} {months[day.month - 1]} {day.year}"


class ReferenceDateButton(QToolButton):
    """Peildatum: vandaag."""

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.setIcon(theme.icon("calendar-clock-outline"))
        theme.words_beside(self)
        self.setToolTip(self.tr("Alles bekijken zoals het was op een andere dag (Ctrl+D)"))
        self.clicked.connect(self.choose)
        state.moment_changed.connect(self._refresh)
        self._refresh()

    def choose(self) -> DateChooser:
        """Open the calendar."""
        from diwi_desktop.gui.datechooser import DateChooser

        chooser = DateChooser(self._state.store.clock.today(), self._state.moment.on, self)
        chooser.chosen.connect(self._state.set_moment)
        chooser.open_under(self)
        return chooser

    def _refresh(self, *_: object) -> None:
        day = date_in_words(self._state.moment.on) if self._state.past else self.tr("vandaag")
        self.setText(self.tr("Peildatum: {0}").format(day) + "  \u25be")


class PastBar(Part, QToolBar):
    """The bar that says which day is shown, with one click back to today; or that this file can be looked at only."""

    def __init__(self, state: AppState, parent: QWidget) -> None:
        super().__init__(parent)
        self.begin_stops()
        self._state = state
        self.setObjectName("PastBar")
        self.setWindowTitle(self.tr("Peildatum"))
        self.words = QLabel()
        self.back = QPushButton(self.tr("Terug naar vandaag"))
        self.back.setIcon(theme.icon("calendar-today"))
        self.back.setToolTip(self.tr("Terug naar vandaag (Ctrl+Shift+D)"))
        self.back.clicked.connect(lambda: state.set_moment(None))
        noticebar.lay_out(self, Sign("history", "past", 18), self.words, self.back)
        state.moment_changed.connect(self._refresh)
        self._refresh()

    def _refresh(self, *_: object) -> None:
        self.back.setVisible(self._state.past)
        if not self._state.past:
            self.words.setText(self.tr("Alleen lezen: in dit bestand mag u niet schrijven"))
            self.setVisible(self._state.store.read_only)
            return
        day = self._state.moment.on
        words = self.tr("Peildatum {0} – alleen lezen").format(date_in_words(day))
        if self._state.past and self._state.moment.seq is None:
            words = self.tr("Peildatum {0}, zoals nu verwacht – alleen lezen").format(date_in_words(day))
        self.words.setText(words)
        self.setVisible(True)


class PastFrame(QWidget):
    """The tinted frame around the whole window when it can only be looked at. Lets the mouse through."""

    def __init__(self, state: AppState, window: QWidget) -> None:
        super().__init__(window)
        self._state = state
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        state.moment_changed.connect(self._refresh)
        self._refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(theme.colour("past"), _FRAME))
        half = _FRAME // 2
        painter.drawRect(QRect(half, half, self.width() - _FRAME, self.height() - _FRAME))
        painter.end()

    def _refresh(self, *_: object) -> None:
        self.setVisible(self._state.read_only)
        self.fit()

    def fit(self) -> None:
        """Take the size of the window; it tells when that has changed."""
        window = self.parentWidget()
        if window is not None and self._state.read_only:
            self.setGeometry(window.rect())
            self.raise_()
