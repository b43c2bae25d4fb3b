"""The calendar as it looks everywhere: weeks from Monday, weekends no redder than other days."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.language import language


class Calendar(QCalendarWidget):
    """Shows a day, today when there is none."""

    def __init__(self, day: date | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Qt's own language stays Dutch, for numbers; months and days are words.
        self.setLocale(QLocale(language()))
        self.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.setGridVisible(False)
        weekend = QTextCharFormat()
        weekend.setForeground(theme.colour("muted"))
        for weekday in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.setWeekdayTextFormat(weekday, weekend)
        if day is not None:
            self.setSelectedDate(QDate(day.year, day.month, day.day))
