"""The name of an act in the language of the window. The log keeps every name in Dutch, whatever the window speaks."""

from __future__ import annotations

import re
from functools import cache

from diwi_desktop.gui.fields.words import with_label
from diwi_desktop.gui.language import QT_TRANSLATE_NOOP, language, translate
from diwi_desktop.model.catalogue import catalogue
from diwi_desktop.model.codelists import code_list

# The names that acts get, the particular before the general; %1 is a field, a kind, or a name that somebody gave.
_NAMES = (
    QT_TRANSLATE_NOOP("Acts", "Nieuw project"),
    QT_TRANSLATE_NOOP("Acts", "Nieuw deelplan"),
    QT_TRANSLATE_NOOP("Acts", "Gemeente aanmaken"),
    QT_TRANSLATE_NOOP("Acts", "Gemeente inrichten"),
    QT_TRANSLATE_NOOP("Acts", "Excel ingelezen"),
    QT_TRANSLATE_NOOP("Acts", "GeoJSON ingelezen"),
    QT_TRANSLATE_NOOP("Acts", "Percelen inlezen"),
    QT_TRANSLATE_NOOP("Acts", "Panden inlezen"),
    QT_TRANSLATE_NOOP("Acts", "Adressen inlezen"),
    QT_TRANSLATE_NOOP("Acts", "Ontbrekende velden en keuzes toevoegen"),
    QT_TRANSLATE_NOOP("Acts", "Plangebied uit percelen"),
    QT_TRANSLATE_NOOP("Acts", "Percelen kiezen"),
    QT_TRANSLATE_NOOP("Acts", "Contour slepen"),
    QT_TRANSLATE_NOOP("Acts", "Contour aanpassen"),
    QT_TRANSLATE_NOOP("Acts", "Hoekpunt toevoegen"),
    QT_TRANSLATE_NOOP("Acts", "Hoekpunt verwijderen"),
    QT_TRANSLATE_NOOP("Acts", "Vlak tekenen"),
    QT_TRANSLATE_NOOP("Acts", "Knippen"),
    QT_TRANSLATE_NOOP("Acts", "Schrijfrechten wijzigen"),
    QT_TRANSLATE_NOOP("Acts", "Conflict afhandelen"),
    QT_TRANSLATE_NOOP("Acts", "Conflicten afhandelen"),
    QT_TRANSLATE_NOOP("Acts", "Opnieuw aanbieden"),
    QT_TRANSLATE_NOOP("Acts", "Weggooien"),
    QT_TRANSLATE_NOOP("Acts", "Eigendom wijzigen"),
    QT_TRANSLATE_NOOP("Acts", "Eigendom overgedragen"),
    QT_TRANSLATE_NOOP("Acts", "Persoon geblokkeerd"),
    QT_TRANSLATE_NOOP("Acts", "Persoon vrijgegeven"),
    QT_TRANSLATE_NOOP("Acts", "Toegang geactiveerd"),
    QT_TRANSLATE_NOOP("Acts", "Woningtype wijzigen"),
    QT_TRANSLATE_NOOP("Acts", "Doelgroep wijzigen"),
    QT_TRANSLATE_NOOP("Acts", "Verschijningsvorm wijzigen"),
    QT_TRANSLATE_NOOP("Acts", "Grondpositie wijzigen"),
    QT_TRANSLATE_NOOP("Acts", "Koppeling %1 wijzigen"),
    QT_TRANSLATE_NOOP("Acts", "Aanlevering %1"),
    QT_TRANSLATE_NOOP("Acts", "Voortgang bijwerken %1"),
    QT_TRANSLATE_NOOP("Acts", "Leden van %1 wijzigen"),
    QT_TRANSLATE_NOOP("Acts", "Groepen van %1 wijzigen"),
    QT_TRANSLATE_NOOP("Acts", "Rol van %1 wijzigen"),
    QT_TRANSLATE_NOOP("Acts", "Groep %1 maken"),
    QT_TRANSLATE_NOOP("Acts", "Groep %1 wijzigen"),
    QT_TRANSLATE_NOOP("Acts", "Groep %1 verwijderen"),
    QT_TRANSLATE_NOOP("Acts", "Projecten van %1 overdragen"),
    QT_TRANSLATE_NOOP("Acts", "Keuze '%1' toevoegen"),
    QT_TRANSLATE_NOOP("Acts", "Keuze '%1' uitzetten"),
    QT_TRANSLATE_NOOP("Acts", "Keuze '%1' aanzetten"),
    QT_TRANSLATE_NOOP("Acts", "Grenzen van '%1' wijzigen"),
    QT_TRANSLATE_NOOP("Acts", "Gerealiseerd op %1"),
    QT_TRANSLATE_NOOP("Acts", "Start realisatie vier maanden later"),
    QT_TRANSLATE_NOOP("Acts", "%1 op gerealiseerd zetten"),
    QT_TRANSLATE_NOOP("Acts", "%1 op gepland zetten"),
    QT_TRANSLATE_NOOP("Acts", "%1 leegmaken"),
    QT_TRANSLATE_NOOP("Acts", "%1 invullen"),
    QT_TRANSLATE_NOOP("Acts", "%1 blokkeren"),
    QT_TRANSLATE_NOOP("Acts", "%1 uitnodigen"),
    QT_TRANSLATE_NOOP("Acts", "%1 toegang geven"),
    QT_TRANSLATE_NOOP("Acts", "%1 kopiëren"),
    QT_TRANSLATE_NOOP("Acts", "%1 verplaatsen"),
    QT_TRANSLATE_NOOP("Acts", "%1 verwijderen"),
    QT_TRANSLATE_NOOP("Acts", "%1 toevoegen"),
    QT_TRANSLATE_NOOP("Acts", "%1 wijzigen"),
)


def act_name(stored: str) -> str:
    """A name from the log as the window says it; what nobody foresaw stays as it was recorded."""
    if language() == "nl":
        return stored
    what, colon, which = stored.partition(": ")
    return _said(what) + colon + _words().get(which, which)


def _said(name: str) -> str:
    for pattern in _NAMES:
        start, _, end = pattern.partition("%1")
        found = re.fullmatch(f"{re.escape(start)}(.+){re.escape(end)}", name) if "%1" in pattern else None
        if found is not None:
            return _filled(translate("Acts", pattern), found[1])
        if name == pattern:
            return translate("Acts", pattern)
    return name


def _filled(text: str, subject: str) -> str:
    number, _, noun = subject.rpartition(" ")
    if subject in _words():
        return with_label(text, _words()[subject])
    if number.isdecimal() and noun.capitalize() in _words():
        return text.replace("%1", f"{number} {_words()[noun.capitalize()].lower()}")
    return text.replace("%1", subject)


@cache
def _words() -> dict[str, str]:
    """Dutch -> English, of all that the catalogue names and of the milestones."""
    found = {code.nl: code.en for code in code_list("milestone_type").codes}
    for kind in catalogue().kinds:
        found |= {field.nl: field.en for field in kind.fields}
    for kind in catalogue().kinds:
        found |= {kind.plural_nl: kind.plural_en, kind.nl: kind.en}
    return found
