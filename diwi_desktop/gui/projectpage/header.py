"""The top of the project page: name, code, phase, status, and what is wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.words import code_label, sentence
from diwi_desktop.gui.projectpage.chips import Chip
from diwi_desktop.gui.projectpage.data import PageData
from diwi_desktop.model.codes import HARD_STATUSES, Confidentiality, ProjectStatus
from diwi_desktop.model.finding import Severity
from diwi_desktop.model.notation import format_number

MENU_LENGTH = 25
NAME_ROOM = 200


class Elided(QLabel):
    """A label of one line that shortens its words to the room there is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._full = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(80)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def show_text(self, text: str) -> None:
        """Show a text, as much of it as fits."""
        self._full = text
        self.setToolTip(text)
        self.setAccessibleName(text)
        self._fit()

    def _fit(self) -> None:
        self.setText(self.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideRight, self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class Header(QWidget):
    """One line: name, code, chips, findings."""

    finding_chosen = Signal(object)  # Finding

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ProjectHeader")
        self.name = Elided()
        self.name.setProperty("role", "title")
        self.code = QLabel()
        self.code.setProperty("role", "muted")
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.phase, self.status, self.state, self.secrecy = Chip(), Chip(), Chip(), Chip()
        self.locked, self.others = Chip(), Chip()
        self.others.hide()
        self.signals = QToolButton()
        theme.words_beside(self.signals)
        self.signals.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.signals.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._menu = QMenu(self.signals)
        self._menu.setToolTipsVisible(True)
        self.signals.setMenu(self._menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(self.name, 1)
        row.addWidget(self.code)
        for chip in (self.phase, self.status, self.state, self.secrecy, self.locked, self.others):
            row.addWidget(chip)
        row.addWidget(self.signals)
        self.signals.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """The name needs room before the code and the confidentiality, which the overview has too."""
        shown = (self.phase, self.status, self.state, self.locked, self.others)
        used = sum(chip.sizeHint().width() + 8 for chip in shown if chip.text) + self.signals.sizeHint().width() + 36
        left = self.width() - used - NAME_ROOM
        for widget in (self.secrecy, self.code):
            left -= widget.sizeHint().width() + 8
            widget.setVisible(left >= 0)

    def show_data(self, data: PageData, locked: str = "") -> None:
        """Show a project. `locked`: why the user may not edit it."""
        self.locked.show_text(self.tr("Alleen bekijken") if locked else "", icon="pencil-off-outline", tip=locked)
        self.name.show_text(data.plan.name)
        self.code.setText(data.plan.code)
        phase = code_label("phase", data.phase)
        self.phase.show_text(
            phase or self.tr("Geen fase"),
            fill=(lambda: theme.phase_colour(data.phase)) if data.phase else None,
            tip=self.tr("Projectfase: %1").replace("%1", phase or self.tr("geen")),
        )
        status = code_label("plan_status", data.status)
        hard = data.status in HARD_STATUSES
        kind = self.tr("hard plan") if hard else self.tr("zacht plan")
        self.status.show_text(
            _short(status) if status else self.tr("Geen planstatus"),
            line=Qt.PenStyle.SolidLine if hard else Qt.PenStyle.DashLine,
            tip=self.tr("Planologische planstatus: %1").replace("%1", f"{status} ({kind})" if status else kind),
        )
        state = "" if data.state is ProjectStatus.ACTIVE else code_label("project_status", data.state)
        self.state.show_text(state, tip=self.tr("Projectstatus: %1").replace("%1", state))
        secrecy = code_label("confidentiality", data.plan.confidentiality)
        self.secrecy.show_text(
            secrecy,
            icon="lock" if data.plan.confidentiality is Confidentiality.PRIVATE else "lock-outline",
            line=Qt.PenStyle.SolidLine if data.plan.confidentiality is Confidentiality.PRIVATE else None,
            tip=self.tr("Vertrouwelijkheid: %1").replace("%1", secrecy),
        )
        self._show_findings(data)
        self._make_room()

    def show_others(self, words: str, tip: str, *, editing: bool = False) -> None:
        """Who else is at this project now; nobody when empty."""
        self.others.show_text(
            words,
            icon="pencil-outline" if editing else "eye-outline",
            line=Qt.PenStyle.SolidLine if editing else None,
            tip=tip,
        )
        self._make_room()

    def _show_findings(self, data: PageData) -> None:
        number = len(data.findings)
        words = self.tr("1 signaal") if number == 1 else self.tr("%1 signalen").replace("%1", format_number(number))
        self.signals.setText(words if number else self.tr("Geen signalen"))
        bad = any(f.severity is not Severity.WARNING for f in data.findings)
        token = "good" if not number else "bad" if bad else "warn"
        self.signals.setIcon(theme.icon("check-circle-outline" if not number else "alert-outline", token))
        self.signals.setEnabled(bool(number))
        self.signals.setToolTip(self.tr("Wat er mis of twijfelachtig is; kies er een om erheen te gaan"))
        self._menu.clear()
        for finding in data.findings[:MENU_LENGTH]:
            warning = finding.severity is Severity.WARNING
            action = QAction(sentence(finding), self._menu)
            action.setIcon(
                theme.icon("alert-outline" if warning else "alert-circle-outline", "warn" if warning else "bad")
            )
            action.triggered.connect(lambda _on=False, f=finding: self.finding_chosen.emit(f))
            self._menu.addAction(action)


def _short(status: str) -> str:
    """A plan status in few words; the whole text is in the tooltip."""
    return status if len(status) <= 24 else status[:22].rstrip() + "…"
