"""Long work: how it says how far it is, and how it hears that it must stop."""

from __future__ import annotations

from collections.abc import Callable

#: Called now and then with what is done and what there is to do.
Progress = Callable[[int, int], None]
#: Asked now and then; work that gets a yes raises `finding.Cancelled` and leaves nothing half done.
CancelCheck = Callable[[], bool]
