"""The language of the window: which one it is, and the words of texts that no QObject of their own speaks.

`settings.language()` is what the user chose; that holds from the next start, so that a window never speaks two
languages. Everything that draws asks here. The words themselves are in resources/translations, see `./dev words`.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QCoreApplication

from diwi_desktop.gui import settings

# lupdate collects translate("Context", "text"), so both must be written out where it is called.
translate = QCoreApplication.translate


@cache
def language() -> str:
    """ "nl" or "en": as chosen when the first word was needed. `language.cache_clear()` lets the choice hold at once."""
    return settings.language()
