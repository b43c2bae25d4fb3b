"""Loading what the window needs once it has been painted, without keeping it waiting.

Beside the window goes only what knows no Qt. Qt asks PySide for the class of an object without Python's lock, and
PySide keeps its classes, before Python 3.12, in a table of its own: a thread that adds one meanwhile, by loading a
module with a class of a widget in it, may end the program. So those are loaded in the window's thread, a few
at a time.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator

from diwi_desktop.gui import heavy

_PLAIN = (
    "numpy.typing", "diwi_desktop.quality.rule", "diwi_desktop.geo.edit", "diwi_desktop.geo.snap",
    "diwi_desktop.planning.lead_times", "diwi_desktop.planning.shift", "diwi_desktop.exchange.provinces.submission",
    "diwi_desktop.store.inbox", "diwi_desktop.sync.documents", "diwi_desktop.store.commit",
)  # fmt: skip
# What others need comes first, so that each is a short step; all of a panel before the panel itself.
PANELS = (
    "map.paint", "map.labels", "map.tools.contour", "map.canvas", "mappanel", "map.plans", "map.engine",
    "fields.choice", "fields.table", "fields.form", "documents.panel", "projectpage.matrix", "projectpage.overview",
    "projectpage.programme", "projectpage.page", "timeline.layout", "timeline.canvas", "timeline.widget", "timeline",
    "findings", "submissions", "history", "admin.people", "admin", "sync.conflicts", "sync.inbox",
)  # fmt: skip
DIALOGS = (
    "dialogs.forms", "wizards.export_session", "wizards.export_mapping", "wizards.export_preview", "wizards.export",
    "wizards.importing", "dialogs.new_project",
)  # fmt: skip


def beside() -> None:
    """Load what knows no Qt; in another thread."""
    heavy.load()
    for name in _PLAIN:
        importlib.import_module(name)


def steps(names: tuple[str, ...]) -> Iterator[None]:
    """Load these modules of the window, one for each turn; in the window's thread."""
    for name in names:
        whole = f"diwi_desktop.gui.{name}"
        if whole not in sys.modules:
            importlib.import_module(whole)
            yield
