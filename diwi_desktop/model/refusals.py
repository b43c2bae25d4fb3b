"""Everything that is refused: the rules as a table, and the sentences of those that need no plan to be judged.

The numbers P1, P2, H1, H4, H6, H8 and H11 are those of the functional reference (2.1 and 2.4); its gaps are closed
here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from diwi_desktop.model.catalogue import Field
from diwi_desktop.model.finding import Finding, Severity


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusing rule, for the table of codes in docs/rules.md."""

    code: str
    kind: str
    field: str
    nl: str
    en: str
    source: str


REFUSALS = (
    Refusal(
        "project_dates",
        "project",
        "end_date",
        "De einddatum ligt na de startdatum.",
        "The end date lies after the start date.",
        "functional reference 2.1, P1",
    ),
    Refusal(
        "project_name_blank",
        "project",
        "name",
        "De projectnaam is niet leeg.",
        "The project name is not blank.",
        "functional reference 2.1, P2",
    ),
    Refusal(
        "houseblock_name_blank",
        "houseblock",
        "name",
        "De naam van een woningblok is niet leeg.",
        "The name of a house block is not blank.",
        "functional reference 2.4, H1",
    ),
    Refusal(
        "houseblock_negative_number",
        "houseblock",
        "number",
        "Een aantal is niet negatief.",
        "A number is not negative.",
        "functional reference 2.4, H4",
    ),
    Refusal(
        "houseblock_ownership_total",
        "ownership",
        "number",
        "De aantallen bij eigendom en waarde zijn samen niet meer dan het aantal van het blok.",
        "The numbers by ownership together do not exceed the number of the block.",
        "functional reference 2.4, H6",
    ),
    Refusal(
        "houseblock_target_group_total",
        "share",
        "number",
        "De aantallen per doelgroep zijn samen niet meer dan het aantal van het blok.",
        "The numbers by target group together do not exceed the number of the block.",
        "functional reference 2.4, H11",
    ),
    Refusal(
        "houseblock_appearance_total",
        "share",
        "number",
        "De aantallen per verschijningsvorm zijn samen niet meer dan het aantal van het blok.",
        "The numbers by appearance together do not exceed the number of the block.",
        "functional reference 2.4, H11",
    ),
    Refusal(
        "houseblock_house_type_total",
        "houseblock",
        "single_family",
        "Eengezins- en meergezinswoningen zijn samen niet meer dan het aantal van het blok.",
        "Single-family and multi-family homes together do not exceed the number of the block.",
        "functional reference 2.4, H11",
    ),
    Refusal(
        "houseblock_ground_position_total",
        "houseblock",
        "ground_formal",
        "De aantallen per grondpositie zijn samen niet meer dan het aantal van het blok.",
        "The numbers by land position together do not exceed the number of the block.",
        "functional reference 2.4, H11",
    ),
    Refusal(
        "houseblock_special_total",
        "houseblock",
        "temporary",
        "Elk aantal bijzondere woningen is niet meer dan het aantal van het blok.",
        "Each number of special homes does not exceed the number of the block.",
        "as H11",
    ),
    Refusal(
        "houseblock_delivery_total",
        "delivery",
        "number",
        "De opleveringen zijn samen niet meer dan het aantal van het blok.",
        "The deliveries together do not exceed the number of the block.",
        "as H11",
    ),
    Refusal(
        "ownership_two_prices",
        "ownership",
        "price",
        "Een regel eigendom heeft hoogstens één koopprijs, huurbedrag of prijscategorie.",
        "A row of ownership has one purchase price, rent or price class at most.",
        "functional reference 2.4, H8",
    ),
    Refusal(
        "ownership_price_of_other_type",
        "ownership",
        "price",
        "Een koopwoning heeft geen huur en een huurwoning geen koopprijs.",
        "An owner-occupied home has no rent and a rented home no purchase price.",
        "functional reference 2.4, H8",
    ),
    Refusal(
        "project_parent_loop",
        "project",
        "parent",
        "Een project valt niet onder zichzelf.",
        "A project does not fall under itself.",
        "own rule: sub-plans form a tree",
    ),
    Refusal(
        "project_has_sub_plans",
        "project",
        "parent",
        "Een moederplan wordt niet verwijderd zolang er deelplannen onder vallen.",
        "A mother plan is not deleted while sub-plans fall under it.",
        "own rule: a sub-plan falls under a plan that exists",
    ),
    Refusal(
        "duplicate_name",
        "option",
        "name",
        "Een naam komt in een lijst of bij de eigen velden één keer voor, een e-mailadres ook.",
        "A name occurs once in a list or among the own fields, and so does an e-mail address.",
        "functional reference 2.6 and 2.8",
    ),
    Refusal(
        "option_without_level",
        "option",
        "level",
        "Een keuze van een gerangschikte lijst heeft een rang.",
        "An option of a ranked list has a level.",
        "functional reference 2.6",
    ),
    Refusal(
        "switched_off",
        "own_field",
        "disabled",
        "Een uitgezet veld krijgt geen nieuwe waarde en een uitgezette keuze wordt niet opnieuw gekozen.",
        "A field that is switched off gets no new value and an option that is switched off is not chosen anew.",
        "functional reference 2.3",
    ),
    Refusal(
        "own_field_limits",
        "own_field",
        "minimum",
        "De laagste waarde van een eigen veld is niet hoger dan de hoogste.",
        "The lowest value of an own field does not exceed the highest.",
        "functional reference 2.6",
    ),
    Refusal(
        "own_field_pattern",
        "own_field",
        "pattern",
        "Het patroon van een eigen veld is een geldige reguliere expressie.",
        "The pattern of an own field is a valid regular expression.",
        "own rule: a pattern that cannot be read would make the field unusable",
    ),
)

REFUSAL_CODES = {rule.code: rule for rule in REFUSALS}

_NAMED = 5  # sub-plans that a sentence names


def refusal(code: str, nl: str, en: str, *, entity: str, value: Any, kind: str = "", field: str = "") -> Finding:
    """The finding for a rule that refuses; without `kind` and `field` it is about the rule's own kind and field."""
    rule = REFUSAL_CODES[code]
    return Finding(
        code=code,
        severity=Severity.REFUSAL,
        nl=nl,
        en=en,
        kind=kind or rule.kind,
        entity=entity,
        field=field or rule.field,
        value=value,
        source=rule.source,
    )


def loop_refusal(entity: str, name: str) -> Finding:
    """A project that would fall under itself, straight or by way of its sub-plans."""
    return refusal(
        "project_parent_loop",
        f"'{name}' kan niet onder zichzelf of een van zijn deelplannen vallen.",
        f"'{name}' cannot fall under itself or one of its sub-plans.",
        entity=entity,
        value=name,
    )


def mother_refusal(entity: str, name: str, sub_plans: Sequence[str], unseen: int = 0) -> Finding:
    """A mother plan that would be gone while its sub-plans (their codes and names) are there.

    `unseen`: how many more there are that who asks may not see.
    """
    if not sub_plans:
        nl = f"'{name}' heeft deelplannen die u niet ziet; vraag een hoofdgebruiker ze los te maken."
        en = f"'{name}' has sub-plans that you do not see; ask a main user to release them."
    else:
        shown = ", ".join(sub_plans[:_NAMED])
        more = len(sub_plans) - _NAMED + unseen
        nl = f"'{name}' heeft deelplannen: {shown}{f' en nog {more}' if more > 0 else ''}."
        en = f"'{name}' has sub-plans: {shown}{f' and {more} more' if more > 0 else ''}."
        nl, en = f"{nl} Maak ze los of verwijder ze mee.", f"{en} Release them or delete them too."
    return refusal("project_has_sub_plans", nl, en, entity=entity, value=len(sub_plans) + unseen)


def orphan_refusal(entity: str, name: str, mother: str) -> Finding:
    """A sub-plan that would come back while its mother plan is deleted."""
    return refusal(
        "project_has_sub_plans",
        f"'{name}' valt onder '{mother}', en dat plan is verwijderd.",
        f"'{name}' falls under '{mother}', and that plan has been deleted.",
        entity=entity,
        value=mother,
    )


def level_refusal(entity: str, name: str) -> Finding:
    """An option of a ranked list without a place in it."""
    return refusal(
        "option_without_level",
        f"Geef de keuze '{name}' een rang: de lijst is gerangschikt.",
        f"Give the option '{name}' a level: its list is ranked.",
        entity=entity,
        value=name,
    )


def field_off_refusal(field: Field, entity: str, value: Any) -> Finding:
    """A new value for an own field that is switched off."""
    return _switched_off(
        field,
        entity,
        value,
        f"Het veld '{field.nl}' is uitgezet en krijgt geen nieuwe waarden.",
        f"The field '{field.en}' is switched off and gets no new values.",
    )


def option_off_refusal(field: Field, entity: str, option: str, name: str) -> Finding:
    """A choice of an option (id and name) that is switched off."""
    return _switched_off(
        field,
        entity,
        option,
        f"{field.nl}: de keuze '{name}' is uitgezet.",
        f"{field.en}: the option '{name}' is switched off.",
    )


def _switched_off(field: Field, entity: str, value: Any, nl: str, en: str) -> Finding:
    return refusal("switched_off", nl, en, entity=entity, value=value, kind=field.kind, field=field.key)


def duplicate_refusal(kind: str, field: str, entity: str, value: str) -> Finding:
    """A name or address that another entity has already."""
    return refusal(
        "duplicate_name",
        f"'{value}' bestaat al; kies een andere naam.",
        f"'{value}' exists already; choose another name.",
        entity=entity,
        value=value,
        kind=kind,
        field=field,
    )
