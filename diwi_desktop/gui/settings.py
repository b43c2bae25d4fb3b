"""What the user chose for this machine: language, theme, text size, recent stores. Kept by QSettings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

LANGUAGES = ("nl", "en")
THEMES = ("system", "light", "dark", "high_contrast")
RECENT = 8
_MOST_SEEN = 300
ORGANISATION, APPLICATION = "DIWI Desktop", "DIWI Desktop"


def _settings() -> QSettings:
    return QSettings(QSettings.defaultFormat(), QSettings.Scope.UserScope, ORGANISATION, APPLICATION)


def value(key: str, default: Any = None) -> Any:
    """A remembered value, or the default."""
    return _settings().value(key, default)


def set_value(key: str, new: Any) -> None:
    """Remember a value."""
    _settings().setValue(key, new)


def _choice(key: str, allowed: tuple[str, ...]) -> str:
    found = str(value(key, allowed[0]))
    return found if found in allowed else allowed[0]


def language() -> str:
    """ "nl" or "en"."""
    return _choice("view/language", LANGUAGES)


def set_language(new: str) -> None:
    """Takes effect when the program starts again."""
    set_value("view/language", new)


def theme_name() -> str:
    """ "system", "light", "dark" or "high_contrast"."""
    return _choice("view/theme", THEMES)


def set_theme_name(new: str) -> None:
    set_value("view/theme", new)


def text_scale() -> float:
    """1.0 is the normal text size."""
    try:
        found = float(value("view/text_scale", 1.0))
    except (TypeError, ValueError):
        return 1.0
    return min(2.0, max(1.0, found))


def set_text_scale(new: float) -> None:
    set_value("view/text_scale", new)


def author() -> str:
    """The name under which edits are recorded: as chosen, else the login name of the computer."""
    chosen = str(value("user/name", "") or "")
    if chosen:
        return chosen
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no login name, as in a bare container
        return "onbekend"


def set_author(new: str) -> None:
    set_value("user/name", new.strip())


def recent_stores() -> list[Path]:
    """The stores opened last, newest first, those that are gone left out."""
    found = value("stores/recent", [])
    names = [found] if isinstance(found, str) else list(found or [])
    return [Path(name) for name in names if Path(name).exists()]


def remember_store(path: Path) -> None:
    """Put a store at the top of the recent ones."""
    path = path.resolve()
    others = [p for p in recent_stores() if p != path]
    set_value("stores/recent", [str(p) for p in [path, *others][:RECENT]])


def user_of(path: Path) -> str | None:
    """The id of the person in whose name a store was last worked in; None for the sole user."""
    chosen = _settings()
    chosen.beginGroup("stores/user")
    if not chosen.childKeys():  # nobody was chosen in any store
        return None
    found = value(_user_key(path))
    return str(found) if found else None


def remember_user(path: Path, person: str | None) -> None:
    set_value(_user_key(path), person or "")


def seen_projects(path: Path) -> dict[str, int]:
    """The log position up to which projects of a store were seen, by id; the latest seen last."""
    try:
        found = json.loads(str(value(_store_key("seen", path)) or "{}"))
    except ValueError:
        return {}
    return {str(k): int(v) for k, v in found.items() if isinstance(v, int)} if isinstance(found, dict) else {}


def set_seen_projects(path: Path, seen: Mapping[str, int]) -> None:
    set_value(_store_key("seen", path), json.dumps(dict(list(seen.items())[-_MOST_SEEN:])))


def _user_key(path: Path) -> str:
    return _store_key("user", path)


def _store_key(what: str, path: Path) -> str:
    """A path holds signs that a key cannot."""
    import hashlib  # loads OpenSSL

    return f"stores/{what}/" + hashlib.sha256(str(path.resolve()).encode(errors="surrogatepass")).hexdigest()[:24]


def layout(name: str) -> QByteArray | None:
    """A remembered arrangement of panels or columns."""
    found = value(f"layout/{name}")
    return found if isinstance(found, QByteArray) else None


def set_layout(name: str, state: QByteArray) -> None:
    set_value(f"layout/{name}", state)
