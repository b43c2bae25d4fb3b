"""What was probably meant by a name that is not in a list, and what the list has."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from diwi_desktop.model.codelists import CodeList

Hints = tuple[str, str]  # Dutch and English
_ALIKE = 0.7  # of 1, as difflib measures it
_MOST_NAMED = 8  # names of a list that are told; more make a sentence that nobody reads


def of_codes(text: str, listed: CodeList) -> Hints:
    """The hints for a name that is none of a list of codes."""
    nearest, nl = _nearest(text, [code.nl for code in listed.codes])
    en = [code.en for code in listed.codes]
    return _words(nl, en, nl[nearest] if nearest is not None else "", en[nearest] if nearest is not None else "")


def of_names(text: str, names: Sequence[str]) -> Hints:
    """The hints for a name that is none of these, which are the same in both languages."""
    nearest, names = _nearest(text, names)
    near = names[nearest] if nearest is not None else ""
    return _words(names, names, near, near)


def _nearest(text: str, names: Sequence[str]) -> tuple[int | None, Sequence[str]]:
    folded = [name.casefold() for name in names]
    found = difflib.get_close_matches(text.strip().casefold(), folded, 1, _ALIKE)
    return (folded.index(found[0]) if found else None), names


def _words(nl: Sequence[str], en: Sequence[str], near_nl: str, near_en: str) -> Hints:
    """Two sentences, or one, or none; each begins with a space, so that it can follow another."""
    few = 0 < len(nl) <= _MOST_NAMED
    return (
        (f" Bedoelt u '{near_nl}'?" if near_nl else "") + (f" Kies uit: {', '.join(nl)}." if few else ""),
        (f" Do you mean '{near_en}'?" if near_en else "") + (f" Choose from: {', '.join(en)}." if few else ""),
    )
