"""The calendar for the reference date."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from diwi_desktop.gui import enter, theme
from diwi_desktop.gui.calendar import Calendar
from diwi_desktop.gui.fields.words import sentence
from diwi_desktop.model.notation import format_date, parse_date
from diwi_desktop.model.values import BadValue


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
        self.problem = QLabel()
        self.problem.setProperty("role", "bad")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.calendar = Calendar(now)
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
        layout.addWidget(self.problem)
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not enter.presses(event):
            super().keyPressEvent(event)

    def _typed(self) -> None:
        try:
            day = parse_date(self.field.text())
        except BadValue as error:
            self.field.setProperty("wrong", True)
            self.field.style().polish(self.field)
            self.problem.setText(sentence(error))
            self.problem.show()
            self.field.setAccessibleDescription(self.problem.text())
            self.adjustSize()
            return
        self._choose(day)

    def _choose(self, day: date) -> None:
        self.close()
        self.chosen.emit(day)
