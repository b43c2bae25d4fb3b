"""Where rules come from, in Dutch. Rules name their source in English, as the papers do."""

from __future__ import annotations

# Longer phrases first: what they hold is not looked at again.
_DUTCH = (
    ("help texts of planning status 5A and 5B", "uitleg bij planstatus 5A en 5B"),
    ("help texts of the original", "uitleg in de oorspronkelijke DIWI"),
    ("format of the province", "exportformaat van de provincie"),
    ("functional reference", "functionele beschrijving"),
    ("gap: the original did not check", "de oorspronkelijke DIWI controleerde dit niet"),
    ("the province takes homes of a class without bounds as price unknown",
     "woningen van een klasse zonder grenzen tellen bij de provincie als prijs onbekend"),
    ("the province takes features with a geometry", "de provincie neemt objecten met een ligging"),
    ("provinces require exactly one", "provincies vragen er precies één"),
    ("the province requires it", "de provincie vraagt dit"),
    ("a project without blocks is not delivered", "een project zonder blokken gaat niet mee"),
    ("modified z-score over 3.5 (Iglewicz and Hoaglin 1993), on logarithms",
     "aangepaste z-score boven 3,5 (Iglewicz en Hoaglin 1993), op logaritmen"),
    ("a pattern that cannot be read would make the field unusable",
     "met een patroon dat niet te lezen is, is het veld niet te gebruiken"),
    ("what the province asks for are counts and measures", "de provincie vraagt aantallen en afmetingen"),
    ("a sub-plan falls under a plan that exists", "een deelplan valt onder een plan dat er is"),
    ("every price belongs to exactly one class", "elke prijs hoort bij precies één klasse"),
    ("what is aborted is not delivered", "wat is afgebroken, wordt niet opgeleverd"),
    ("sub-plans form a tree", "deelplannen vormen een boom"),
    ("standards, IMRO identification", "standaarden, IMRO-identificatie"),
    ("vervallen (lapsed)", "vervallen"),
    ("planning status", "planologische planstatus"),
    ("project phase", "projectfase"),
    ("plan type", "plantype"),
    ("delivery date", "opleverdatum"),
    ("appendix", "bijlage"),
    ("own rule", "eigen regel"),
    ("assumption", "aanname"),
    ("as H11", "als H11"),
    (" and ", " en "),
)  # fmt: skip


def source_words(source: str, language: str = "nl") -> str:
    """The source of a rule, a message or a finding in a language; what is no English (a name) stays as it is."""
    if language == "en":
        return source
    done, rest = "", source
    while rest:
        found = next(((nl, en) for en, nl in _DUTCH if rest.startswith(en)), None)
        done += rest[0] if found is None else found[0]
        rest = rest[1 if found is None else len(found[1]) :]
    return done
