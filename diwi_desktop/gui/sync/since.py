"""'Gewijzigd sinds u keek': what others changed in a project since this user last had it before him."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QWidget

from diwi_desktop.changes.change import CREATED, DELETED
from diwi_desktop.gui import settings, theme
from diwi_desktop.gui.fields.words import label
from diwi_desktop.gui.language import language
from diwi_desktop.gui.projectpage.header import Elided
from diwi_desktop.gui.sign import Sign
from diwi_desktop.gui.state import AppState
from diwi_desktop.store.arrivals import Arrived, since

_MOST = 100  # changes that are looked at
_NAMED = 4  # of what changed


class SinceBanner(QFrame):
    """Out of sight while there is nothing to say. `history_wanted`: all of it, please."""

    history_wanted = Signal()

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("SinceBanner")
        self._state = state
        self._project = ""
        self._seen = settings.seen_projects(state.store.path)
        self.words = Elided()
        self.more = QPushButton(self.tr("Bekijk in de historie"))
        self.more.setProperty("role", "link")
        self.more.clicked.connect(self.history_wanted)
        self.done = QToolButton()
        self.done.setIcon(theme.icon("close", "muted"))
        self.done.setAutoRaise(True)
        self.done.setToolTip(self.tr("Gezien"))
        self.done.setAccessibleName(self.tr("Gezien: deze melding sluiten"))
        self.done.clicked.connect(self.look)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(3), 0, theme.space(2), 0)
        row.setSpacing(theme.space(2))
        row.addWidget(Sign("account-multiple-outline", "warn"))
        row.addWidget(self.words, 1)
        row.addWidget(self.more)
        row.addWidget(self.done)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def show_project(self, project: str) -> None:
        """What others changed in a project since it was last before the user, who has left the one shown before."""
        if project != self._project:
            self._leave()
            self._project = project
        last = self._seen.get(project)
        if last is None:
            self.look()
            return
        self._show(since(self._state.store, last, project=project, limit=_MOST))

    def look(self) -> None:
        """The user has seen it all."""
        self.hide()
        if self._project:
            self._seen.pop(self._project, None)
            self._seen[self._project] = self._state.store.seq

    def remember(self) -> None:
        """Keep what was seen, for the next time the window opens."""
        self._leave()
        settings.set_seen_projects(self._state.store.path, self._seen)

    def _leave(self) -> None:
        """A project that is left has been seen, unless the banner still stood there."""
        if self._project and self.isHidden():
            self._seen[self._project] = self._state.store.seq

    def _show(self, found: Sequence[Arrived]) -> None:
        if not found:
            self.hide()
            return
        people = list(dict.fromkeys(one.author for one in found))
        what = list(dict.fromkeys(self._what(one) for one in found))
        listed = ", ".join(what[:_NAMED]) + (self.tr(" en meer") if len(what) > _NAMED else "")
        self.words.show_text(self.tr("Gewijzigd sinds u keek, door {0}: {1}").format(", ".join(people), listed))
        self.show()

    def _what(self, one: Arrived) -> str:
        kind = self._state.store.catalogue.kind(one.kind)
        name = kind.nl if language() == "nl" else kind.en
        if one.field == CREATED:
            return self.tr("nieuw: {0}").format(name)
        if one.field == DELETED:
            return self.tr("verwijderd: {0}").format(name)
        field = kind.by_key.get(one.field)
        if field is None:
            return name
        return label(field) if one.kind == "project" else f"{name} ({label(field)})"
