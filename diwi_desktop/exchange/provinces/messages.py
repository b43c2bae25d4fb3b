"""What the engine says: one Dutch and one English sentence per code. Error: the province would refuse it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.plan import Plan


@dataclass(frozen=True, slots=True)
class Message:
    """A kind of finding. `source`: where the rule comes from."""

    severity: Severity
    nl: str
    en: str
    source: str


_ERROR, _WARNING = Severity.ERROR, Severity.WARNING
_REFERENCE = "format of the province (functional reference 4.1)"

MESSAGES: dict[str, Message] = {
    # -- the mapping ---------------------------------------------------------------------------------------------
    "missing_custom_prop": Message(
        _ERROR,
        "De provincie vraagt '{label}' ({target}); kies het veld waaruit die waarde komt, of een vaste waarde.",
        "The province asks for '{label_en}' ({target}); choose the field that holds the value, or a fixed value.",
        _REFERENCE,
    ),
    "missing_dataexchange_mapping": Message(
        _ERROR,
        "Het veld dat aan '{label}' ({target}) gekoppeld is, bestaat niet meer; kies een ander of verwijder dit.",
        "The field mapped to '{label_en}' ({target}) no longer exists; choose another field or remove the mapping.",
        _REFERENCE,
    ),
    "mapping_wrong_type": Message(
        _ERROR,
        "Het veld '{name}' past niet bij '{label}' ({target}): de provincie vraagt {asked}.",
        "The field '{name_en}' does not fit '{label_en}' ({target}): the province asks for {asked_en}.",
        _REFERENCE,
    ),
    "mapping_unknown_label": Message(
        _ERROR,
        "'{value}' staat niet in de lijst van de provincie voor '{label}' ({target}); kies een waarde uit de lijst.",
        "'{value}' is not in the province's list for '{label_en}' ({target}); choose a value from the list.",
        _REFERENCE,
    ),
    "option_not_mapped": Message(
        _WARNING,
        "De keuze '{option}' van '{name}' is niet gekoppeld aan een waarde van de provincie voor '{label}' ({target}).",
        "The option '{option_en}' of '{name_en}' is not mapped to a value of the province for '{label_en}' ({target}).",
        _REFERENCE,
    ),
    "option_mapped_multiple_times": Message(
        _ERROR,
        "De keuze '{option}' van '{name}' is aan meer waarden van '{label}' ({target}) gekoppeld; kies er één.",
        "The option '{option_en}' of '{name_en}' is mapped to several values of '{label_en}' ({target}); choose one.",
        _REFERENCE,
    ),
    # -- one project ---------------------------------------------------------------------------------------------
    "missing_mandatory_value": Message(
        _ERROR,
        "Vul '{name}' in: de provincie neemt geen project aan zonder '{label}'.",
        "Fill in '{name_en}': the province accepts no project without '{label_en}'.",
        _REFERENCE,
    ),
    "multiple_single_select_values": Message(
        _ERROR,
        "Kies één waarde bij '{name}' (nu: {value}): de provincie neemt voor '{label}' precies één waarde aan.",
        "Choose one value for '{name_en}' (now: {value_en}): the province accepts exactly one value for '{label_en}'.",
        _REFERENCE,
    ),
    "value_larger_than_construction_houseblocks": Message(
        _ERROR,
        "'{label}' is {value}, meer dan de {most} nieuwe woningen in de woningblokken.",
        "'{label_en}' is {value}, more than the {most} new homes in the house blocks.",
        _REFERENCE,
    ),
    "numeric_range_value": Message(
        _ERROR,
        "Vul bij '{name}' één getal in: de provincie neemt voor '{label}' geen bereik aan.",
        "Enter one number for '{name_en}': the province accepts no range for '{label_en}'.",
        _REFERENCE,
    ),
    "negative_value": Message(
        _ERROR,
        "Bij '{name}' staat {value}: een getal voor '{label}' is niet negatief.",
        "'{name_en}' is {value}: a number for '{label_en}' is not negative.",
        "own rule: what the province asks for are counts and measures",
    ),
    "ownership_range_mapping_error": Message(
        _ERROR,
        "Blok '{block}': {price} {value} valt in meer dan één prijsklasse van de provincie: {classes}. "
        "Kies een bereik binnen één klasse.",
        "Block '{block}': {price_en} {value_en} covers more than one price class of the province: {classes_en}. "
        "Choose a range within one class.",
        _REFERENCE,
    ),
    "price_class_without_bounds": Message(
        _WARNING,
        "De prijscategorie '{option}' heeft geen grenzen; de woningen tellen bij de provincie als prijs onbekend.",
        "The price class '{option}' has no bounds; the province gets its homes as price unknown.",
        "format of the province (functional reference 4.2)",
    ),
    "min_confidentiality_error": Message(
        _ERROR,
        "De vertrouwelijkheid is '{value}'; alleen projecten vanaf '{most}' mogen naar de provincie.",
        "The confidentiality is '{value_en}'; only projects from '{most_en}' may go to the province.",
        _REFERENCE,
    ),
    "project_does_not_have_geometry": Message(
        _WARNING,
        "Het project heeft geen contour op de kaart; de provincie krijgt het zonder ligging.",
        "The project has no contour on the map; the province gets it without location.",
        _REFERENCE,
    ),
    "houseblock_division_exceeds_number": Message(
        _ERROR,
        "Blok '{block}': de verdeling over woningtype of eigendom telt meer woningen dan de {value} van het blok.",
        "Block '{block}': the division by house type or ownership has more homes than the {value} of the block.",
        "format of the province (functional reference 4.2)",
    ),
    "houseblock_without_delivery": Message(
        _WARNING,
        "Blok '{block}' heeft geen opleverdatum; de woningen staan in {value}, het jaar waarin het project eindigt.",
        "Block '{block}' has no delivery date; its homes are counted in {value}, the year the project ends.",
        "format of the province (functional reference 3.2)",
    ),
    "houseblock_deliveries_aborted": Message(
        _WARNING,
        "Blok '{block}' telt niet mee: alle opleveringen zijn afgebroken.",
        "Block '{block}' does not count: all its deliveries were aborted.",
        "own rule: what is aborted is not delivered",
    ),
    "missing_expected_value": Message(
        _WARNING,
        "'{name}' is leeg; de provincie krijgt geen '{label}'.",
        "'{name_en}' is empty; the province gets no '{label_en}'.",
        "format of the province (functional reference 4.3)",
    ),
    "municipal_plan_status": Message(
        _WARNING,
        "Het project gaat niet mee: planstatus {value} is gemeentelijke voorbereiding en gaat nooit naar de provincie.",
        "The project is left out: plan status {value_en} is municipal preparation and never goes to the province.",
        "help texts of planning status 5A and 5B (functional reference 1.12)",
    ),
    "project_lapsed": Message(
        _WARNING,
        "Het project gaat niet mee: het is vervallen.",
        "The project is left out: it was given up.",
        "Basisset 2.0: vervallen (lapsed)",
    ),
}


def finding(
    code: str,
    plan: Plan | None = None,
    *,
    kind: str = "",
    entity: str = "",
    field: str = "",
    value: Any = None,
    severity: Severity | None = None,
    words: Mapping[str, Any] | None = None,
    fix: dict[str, Any] | None = None,
) -> Finding:
    """A finding in words. `words` fill the sentence; `severity` overrules the one of the code; `fix` says what would
    mend it.
    """
    message = MESSAGES[code]
    filled = {"value": value, **(words or {})}
    return Finding(
        code=code,
        severity=severity or message.severity,
        nl=message.nl.format(**filled),
        en=message.en.format(**filled),
        kind=kind,
        entity=entity,
        field=field,
        value=value,
        project=plan.id if plan else "",
        project_name=plan.name if plan else "",
        source=message.source,
        fix=fix or {},
    )
