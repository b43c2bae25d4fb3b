"""The code lists under resources/codelists/: keys with Dutch and English labels."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from diwi_desktop import assets


@dataclass(frozen=True, slots=True)
class Code:
    """One value of a code list. `extra` holds what the list says more of it (lane, phase, hard, excel ...)."""

    key: str
    nl: str
    en: str
    order: int
    help_nl: str = ""
    help_en: str = ""
    extra: dict[str, Any] = field(default_factory=dict, hash=False)

    def label(self, language: str = "nl") -> str:
        return self.en if language == "en" else self.nl


@dataclass(frozen=True, slots=True)
class CodeList:
    """A code list in its own order."""

    name: str
    nl: str
    en: str
    codes: tuple[Code, ...]
    by_key: dict[str, Code] = field(hash=False, compare=False)

    def __contains__(self, key: object) -> bool:
        return key in self.by_key

    def label(self, key: str | None, language: str = "nl") -> str:
        """The label of a key; an empty text for None and the key itself for a key of a newer version."""
        if key is None:
            return ""
        code = self.by_key.get(key)
        return key if code is None else code.label(language)

    def find(self, text: str) -> Code | None:
        """The code whose key or label (any language, any case, or the Excel spelling) is this text."""
        wanted = text.strip().casefold()
        for code in self.codes:
            names = (code.key, code.nl, code.en, str(code.extra.get("excel", "")))
            if wanted and wanted in (name.casefold() for name in names):
                return code
        return None


_FIXED = {"key", "nl", "en", "help_nl", "help_en"}


@cache
def code_list(name: str) -> CodeList:
    """Read a code list. Raises KeyError when there is no such list."""
    path = assets.resource("codelists", f"{name}.toml")
    if not path.is_file():
        raise KeyError(name)
    data = assets.toml(path)
    codes = tuple(
        Code(
            key=row["key"],
            nl=row["nl"],
            en=row["en"],
            order=order,
            help_nl=row.get("help_nl", ""),
            help_en=row.get("help_en", ""),
            extra={key: value for key, value in row.items() if key not in _FIXED},
        )
        for order, row in enumerate(data["code"])
    )
    return CodeList(data["list"], data["nl"], data["en"], codes, {code.key: code for code in codes})
