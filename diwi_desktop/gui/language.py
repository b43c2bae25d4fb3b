"""The language of the window: which one it is, and the words of texts that no QObject of their own speaks.

`settings.language()` is what the user chose; that holds from the next start, so that a window never speaks two
languages. Everything that draws asks here. The words themselves are in resources/translations, see `./dev words`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import cast

from PySide6 import QtCore

from diwi_desktop.gui import settings

# lupdate collects these calls by name, so context and text must be written out where they stand.
translate = QtCore.QCoreApplication.translate
# Marks a text of a table; it is looked up with translate() where it is shown.
QT_TRANSLATE_NOOP = cast("Callable[[str, str], str]", QtCore.QT_TRANSLATE_NOOP)


@cache
def language() -> str:
    """ "nl" or "en": as chosen when it was first asked; `language.cache_clear()` lets a new choice hold at once."""
    return settings.language()
