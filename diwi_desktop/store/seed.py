"""What every new store starts with: its municipality and options (functional reference 1.6 and its help texts)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwi_desktop.model.codes import OptionList
from diwi_desktop.model.plan import Municipality
from diwi_desktop.store.act import Act
from diwi_desktop.store.project_code import prefix_of

if TYPE_CHECKING:
    from diwi_desktop.store.store import Store

_RANKED: dict[OptionList, tuple[str, ...]] = {OptionList.PRIORITY: ("Hoog", "Middel", "Laag")}
_PLAIN: dict[OptionList, tuple[str, ...]] = {
    OptionList.MUNICIPALITY_ROLE: (
        "Opdrachtgever",
        "Vergunningverlener",
        "Grondeigenaar",
        "Uitvoeren RO-proces",
    ),
    OptionList.TARGET_GROUP: ("Regulier", "Jongeren", "Student", "Ouderen", "GHZ", "Grote gezinnen"),
    OptionList.APPEARANCE: (
        "Tussenwoning",
        "Hoekwoning",
        "Twee onder een kap",
        "Vrijstaand",
        "Portiekflat",
        "Galerijflat",
    ),
}


def first_act(store: Store, municipality: Municipality) -> None:
    """Put the municipality and the options into a new store. Raises Refused for a municipality that does not fit."""
    with store.act("Gemeente aanmaken", kind="system") as act:
        act.create(
            "municipality",
            {
                "code": municipality.code,
                "name": municipality.name,
                "province": municipality.province,
                "region": municipality.region,
                "prefix": municipality.prefix or prefix_of(municipality.name),
            },
        )
        _first_options(act, municipality.name)


def _first_options(act: Act, municipality: str) -> None:
    """Add the options of a new store, and the municipality itself as the first option of its list."""
    for name, texts in _RANKED.items():
        for level, text in enumerate(texts, start=1):
            act.create("option", {"list": name.value, "name": text, "level": level})
    for name, texts in _PLAIN.items():
        for text in texts:
            act.create("option", {"list": name.value, "name": text})
    act.create("option", {"list": OptionList.MUNICIPALITY.value, "name": municipality})
