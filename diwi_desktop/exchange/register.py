"""What an import has to know of the register: its lists, own fields and people, for looking up by name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from diwi_desktop.model.catalogue import OWN_PREFIX, Catalogue, Field, OwnField, catalogue
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import OptionList
from diwi_desktop.model.plan import Option, Range

_LEVELLED = re.compile(r"(-?\d{1,9})\s+(\S.*)")


# Spellings of the original's own lists that are slips of the pen (functional reference 1.6): its files carry them.
_SLIPS = {"gallerijflat": "galerijflat"}


def key_of(text: str) -> str:
    """The form in which names are compared: one space between words, case ignored, the original's slips mended."""
    key = " ".join(text.split()).casefold()
    return _SLIPS.get(key, key)


def split_level(text: str) -> tuple[int | None, str]:
    """ "<level> <name>" in its two parts; None when there is no level in front."""
    found = _LEVELLED.fullmatch(text.strip())
    return (int(found[1]), found[2]) if found else (None, text.strip())


@dataclass(slots=True)
class Register:
    """Look-ups in the register as it is at the start of an import. Switched-off options are found too, after others."""

    today: date
    catalogue: Catalogue = field(default_factory=catalogue)
    _options: dict[str, dict[str, Option]] = field(default_factory=dict)
    _ordinals: dict[str, dict[str, Option]] = field(default_factory=dict)
    _bounds: dict[str, dict[Range[int], Option]] = field(default_factory=dict)
    _own: dict[tuple[str, str], OwnField] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        today: date,
        options: Iterable[Option] = (),
        own_fields: Iterable[OwnField] = (),
    ) -> Register:
        """The look-ups over these options and own fields; `today` decides what is realised."""
        own = list(own_fields)
        register = cls(today, catalogue().with_own_fields(own))
        for option in sorted(options, key=lambda o: (o.disabled, o.id)):
            register._options.setdefault(option.list, {}).setdefault(key_of(option.name), option)
            register._ordinals.setdefault(option.list, {}).setdefault(key_of(option.ordinal_label), option)
            if option.bounds is not None:
                register._bounds.setdefault(option.list, {}).setdefault(option.bounds, option)
        for item in sorted(own, key=lambda o: (o.disabled, o.id)):
            register._own.setdefault((item.object, key_of(item.name)), item)
            register._names[item.id] = item.name
        return register

    def option(self, name: str, text: str) -> Option | None:
        """The option of this list with this name."""
        return self._options.get(name, {}).get(key_of(text))

    def option_names(self, name: str) -> list[str]:
        """The names of the options of this list, as they are shown."""
        return [option.ordinal_label for option in self._options.get(name, {}).values()]

    def ordinal(self, name: str, text: str) -> Option | None:
        """The option of this ranked list shown as "<level> <name>".

        The name alone will do, also after another level: the original counted priorities the other way round, and a
        name says more than a number.
        """
        exact = self._ordinals.get(name, {}).get(key_of(text))
        return exact or self.option(name, text) or self.option(name, split_level(text)[1])

    def price_class(self, name: str, bounds: Range[int]) -> Option | None:
        """The price class with exactly these bounds in euro cents (exports of the original write bounds, not names)."""
        return self._bounds.get(name, {}).get(bounds)

    def own_field(self, kind: str, name: str) -> OwnField | None:
        """The own field of "project" or "houseblock" with this name."""
        return self._own.get((kind, key_of(name)))

    def field_of(self, own: OwnField) -> Field:
        """The catalogue field of an own field."""
        return self.catalogue.field(own.object, OWN_PREFIX + own.id)

    def list_labels(self, name: str) -> tuple[str, str]:
        """The Dutch and English name of an option list, or the name of the own field whose list it is."""
        if name in self._names:
            return self._names[name], self._names[name]
        found = code_list("option_list").by_key[OptionList(name).value]
        return found.nl, found.en
