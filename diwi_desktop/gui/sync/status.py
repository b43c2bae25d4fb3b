"""Where the synchronisation stands, always in words: the button in the status line and what opens from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.language import language
from diwi_desktop.gui.menulines import add_line
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.sync.link import Link
from diwi_desktop.model.rights import Right, may

if TYPE_CHECKING:
    from diwi_desktop.sync.status import Status

# A picture and an ink for every state; the words say the same.
_SIGNS = {
    "not_connected": ("laptop", "muted"),
    "lease_ended": ("lock-clock", "bad"),
    "problem": ("alert-circle-outline", "bad"),
    "sign_in": ("account-lock-outline", "warn"),
    "busy": ("sync", "muted"),
    "offline": ("cloud-off-outline", "warn"),
    "conflicts": ("alert-outline", "warn"),
    "not_accepted": ("close-circle-outline", "warn"),
    "waiting": ("cloud-upload-outline", "muted"),
    "up_to_date": ("cloud-check-outline", "muted"),
}


_LINE = 3  # pixels high, the line that shows how far it is


class SyncButton(QToolButton):
    """Says the state in words with counts; a click opens what can be done about it. While it is busy a line under the
    words shows how far it is.
    """

    def __init__(self, state: AppState, link: Link, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("SyncButton")
        self._state, self._link = state, link
        self._share = 0.0
        self._status: Status | None = None
        theme.words_beside(self)
        self.setAutoRaise(True)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        link.changed.connect(self.show_status)
        if link.connected:
            self.show_status(link.status)
        else:
            self.setText(self.tr("alleen op deze computer"))
            self.setIcon(theme.icon("laptop", "muted"))
            self._explain(self.tr("Er is geen server ingesteld. Alles staat op deze computer."))

    def show_status(self, status: Status) -> None:
        """Show how things stand."""
        self._status = status
        name, ink = _SIGNS[status.state.value]
        busy = status.state.value == "busy" and status.total > 0
        self._share = min(1.0, status.done / status.total) if busy else 0.0
        self.setIcon(theme.icon(name, ink))
        self.setText(status.words(language()))
        self._explain("\n".join(self._lines(status)))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._share > 0:
            painter = QPainter(self)
            painter.fillRect(
                QRectF(0, self.height() - _LINE, self.width() * self._share, _LINE), theme.colour("accent")
            )
            painter.end()

    def _explain(self, text: str) -> None:
        self.setToolTip(text)
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(text)

    def _lines(self, status: Status) -> list[str]:
        last = status.last_full(language())
        lines = [
            self.tr("Server: {0}").format(self._link.host),
            last[:1].upper() + last[1:] if last else self.tr("Nog nooit volledig gesynchroniseerd"),
        ]
        if status.lease_until:
            from diwi_desktop.sync.status import moment

            lines.append(self.tr("Zonder netwerk te gebruiken tot {0}").format(moment(status.lease_until)))
        if status.incidents:
            lines.append(self.tr("{0} keer vanzelf hersteld").format(status.incidents))
        warning = status.skew_warning(language())
        return [*lines, warning] if warning else lines

    def _fill(self) -> None:
        """What can be done now; the lines above are to read."""
        menu = self._menu
        menu.clear()
        if not self._link.connected:
            self._offer(self.tr("Verbinden met server…"), "connect")
            return
        status = self._status or self._link.status
        for line in self._lines(status):
            add_line(menu, line)
        menu.addSeparator()
        if status.state.value == "busy":
            self._offer(self.tr("Stop met synchroniseren"), "stop_sync")
        else:
            self._offer(self.tr("Nu synchroniseren"), "sync").setShortcut("F9")
        if status.state.value in ("sign_in", "lease_ended"):
            self._offer(self.tr("Aanmelden…"), "sign_in")
        menu.addSeparator()
        self._offer(self.tr("Conflicten ({0})").format(status.conflicts), "conflicts")
        self._offer(self.tr("Niet geaccepteerd ({0})").format(status.not_accepted), "not_accepted")
        menu.addSeparator()
        self._offer(self.tr("Apparaten…"), "devices")
        if may(self._state.store.viewer, Right.VIEW_AUDIT):
            self._offer(self.tr("Auditlog…"), "audit")
        self._offer(self.tr("Afmelden"), "sign_out")

    def _offer(self, text: str, command: str) -> QAction:
        action = self._menu.addAction(text)
        action.triggered.connect(lambda _=False: self._state.request(command))
        return action
