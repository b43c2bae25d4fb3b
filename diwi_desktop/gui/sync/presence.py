"""Who else is at the project in hand, in words; and telling the others where this user is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from diwi_desktop.changes.change import ActInfo, ActKind
from diwi_desktop.gui.language import translate
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.sync.link import Link

if TYPE_CHECKING:
    from diwi_desktop.sync.presence import Other

_REST_MS = 600  # who walks through the list is not at every project
_EDIT_MS = 120_000  # so long after an act somebody is said to be editing


class Whereabouts(QObject):
    """Follows the project in hand and the user's acts on it."""

    def __init__(self, state: AppState, link: Link, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state, self._link = state, link
        self._editing = ""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.tell)
        self._edit = QTimer(self)
        self._edit.setSingleShot(True)
        self._edit.setInterval(_EDIT_MS)
        self._edit.timeout.connect(self._stopped)
        state.selection_changed.connect(lambda _: self._rest.start())
        state.store_changed.connect(self._stored)

    def tell(self) -> None:
        """Tell the server now."""
        project = self._state.project
        self._link.at(project, editing=project is not None and project == self._editing)

    def _stored(self, info: ActInfo) -> None:
        project = self._state.project
        if info.kind is not ActKind.SYNC and project in info.projects:
            self._editing = project or ""
            self._edit.start()
            self.tell()

    def _stopped(self) -> None:
        self._editing = ""
        self.tell()


def presence_words(here: Sequence[Other]) -> tuple[str, str, bool]:
    """The word for a chip, all of it for its tooltip, and whether somebody is editing; empty words for nobody."""
    if not here:
        return "", "", False
    ordered = sorted(here, key=lambda one: not one.editing)
    editing = ordered[0].editing
    first = ordered[0].name
    if len(here) > 1:
        words = translate("Presence", "{0} en nog {1}").format(first, len(here) - 1)
    elif editing:
        words = translate("Presence", "{0} wijzigt").format(first)
    else:
        words = translate("Presence", "{0} kijkt mee").format(first)
    edits = translate("Presence", "{0} wijzigt dit project, sinds {1}")
    looks = translate("Presence", "{0} bekijkt dit project, sinds {1}")
    from diwi_desktop.gui.sync.inbox_items import moment_words  # only where there are others

    lines = [(edits if one.editing else looks).format(one.name, moment_words(one.since)) for one in ordered]
    return words, "\n".join(lines), editing
