"""What an import says: one code, one weight, one Dutch and one English sentence each.

Codes are those of the original (functional reference 3.3 and 3.4) where it has one; those marked `own` are new, for
what the original let pass or left out in silence. Never raised here, because the cause no longer exists:
`unknown_houseblock_numeric_property` (a delivery column needs no own field any more) and `missing_fixed_property` (the
fixed lists are part of the program).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from diwi_desktop.model.finding import Finding, Severity, UserError
from diwi_desktop.model.notation import format_number

LONGEST_VALUE = 80
# A file of rubbish would give a finding for every cell; beyond this the table no longer helps anyone.
MOST_FINDINGS = 20_000
_MANY = 3  # warnings that say the same are told as one from so many on
_STRETCHES = 8  # of rows that are named then


@dataclass(frozen=True, slots=True)
class Message:
    """Sentences may use {value}, {column} and the named arguments of `Report.add`; `many` says the same of {count}."""

    nl: str
    en: str
    severity: Severity = Severity.ERROR
    many_nl: str = "{count} keer: {sentence}"
    many_en: str = "{count} times: {sentence}"


def _warning(nl: str, en: str) -> Message:
    return Message(nl, en, Severity.WARNING)


MESSAGES: dict[str, Message] = {
    # --- file and format
    "io_error": Message("Het bestand kan niet worden gelezen.", "The file cannot be read."),
    "no_data_sheet": Message(
        "In dit bestand staat geen blad met de rij 'Projectgegevens'. Gebruik het DIWI-sjabloon.",
        "No sheet in this file has the row 'Projectgegevens'. Use the DIWI template.",
    ),
    "missing_headers": Message(
        "Deze kolommen ontbreken: {value}. Zet ze terug zoals in het DIWI-sjabloon.",
        "These columns are missing: {value}. Put them back as in the DIWI template.",
    ),
    "duplicate_header": Message(  # own
        "De kolom {column} komt twee keer voor. Laat er één staan.",
        "The column {column} occurs twice. Keep one of them.",
    ),
    "not_string": Message(
        "Hier hoort tekst te staan, niet '{value}'.",
        "This must be text, not '{value}'.",
    ),
    "text_too_long": Message(  # own
        "Deze tekst is langer dan 32.767 tekens. Kort hem in.",
        "This text is longer than 32,767 characters. Shorten it.",
    ),
    "not_numeric": Message(
        "Hier hoort een getal te staan, niet '{value}'.{hint_nl}",
        "This must be a number, not '{value}'.{hint_en}",
    ),
    "not_date": Message(
        "Hier hoort een datum te staan, niet '{value}'. Geef de cel een datumnotatie.",
        "This must be a date, not '{value}'. Format the cell as a date.",
    ),
    "not_boolean": Message(
        "Hier hoort WAAR, ONWAAR, 1 of 0 te staan, niet '{value}'.",
        "This must be TRUE, FALSE, 1 or 0, not '{value}'.",
    ),
    "negative_number": Message(  # own
        "Een aantal is niet negatief: '{value}'.",
        "A number is not negative: '{value}'.",
    ),
    "unknown_type": Message(
        "'{value}' is geen bekende soort. {hint_nl}",
        "'{value}' is not a known type. {hint_en}",
    ),
    "invalid_numeric_range": Message(
        "'{value}' is geen bedrag of bereik. Schrijf bijvoorbeeld 250000, 200000 - 250000 of 250000 - Inf.",
        "'{value}' is not an amount or range. Write for instance 250000, 200000 - 250000 or 250000 - Inf.",
    ),
    "feature_error": Message("Dit object is niet te lezen: {hint_nl}", "This feature cannot be read: {hint_en}"),
    "formula_without_value": Message(  # own
        "In deze cel staat een formule zonder uitkomst. Open het bestand in Excel, laat het rekenen en sla het op.",
        "This cell holds a formula without a result. Open the file in Excel, let it calculate and save it.",
    ),
    "merged_cells": Message(  # own
        "Samengevoegde cellen over meer rijen ({value}): onduidelijk bij welk woningblok dit hoort. Splits de cellen.",
        "Cells merged over several rows ({value}): unclear which house block this belongs to. Unmerge them.",
    ),
    # --- look-ups
    "unknown_project_category_property": Message(
        "Het eigen veld '{value}' (categorie, bij project) bestaat niet.",
        "The own field '{value}' (category, of a project) does not exist.",
    ),
    "unknown_project_property": Message(
        "Het eigen veld '{value}' bij project bestaat niet.",
        "The own field '{value}' of a project does not exist.",
    ),
    "unknown_houseblock_property": Message(
        "Het eigen veld '{value}' bij woningblok bestaat niet.",
        "The own field '{value}' of a house block does not exist.",
    ),
    "unknown_price_buy_range_category": Message(
        "De prijscategorie koop '{value}' bestaat niet.",
        "The purchase price class '{value}' does not exist.",
    ),
    "unknown_price_rent_range_category": Message(
        "De prijscategorie huur '{value}' bestaat niet.",
        "The rent price class '{value}' does not exist.",
    ),
    "unknown_property_value": Message(
        "'{value}' staat niet in de lijst {list_nl}.{hint_nl}",
        "'{value}' is not in the list {list_en}.{hint_en}",
    ),
    "invalid_own_value": Message(  # own
        "'{value}' past niet in het veld {name}: {hint_nl}",
        "'{value}' does not fit the field {name}: {hint_en}",
    ),
    "invalid_plan_type": Message(
        "'{value}' is geen bekend plantype.{hint_nl}",
        "'{value}' is not a known plan type.{hint_en}",
    ),
    # --- missing
    "no_project_name": Message("De projectnaam ontbreekt.", "The project name is missing."),
    "no_project_identificationNo": Message(
        "Het identificatienummer ontbreekt.",
        "The identification number is missing.",
    ),
    "no_project_status": Message(
        "De projectstatus ontbreekt. Kies Nieuw, Actief, Afgerond of Afgebroken.",
        "The project status is missing. Choose Nieuw, Actief, Afgerond or Afgebroken.",
    ),
    "no_project_start_date": Message(
        "De startdatum van het project ontbreekt.",
        "The start date of the project is missing.",
    ),
    "no_project_end_date": Message(
        "De einddatum van het project ontbreekt.",
        "The end date of the project is missing.",
    ),
    "no_project_confidentiality": Message(
        "De vertrouwelijkheid ontbreekt.{hint_nl}",
        "The confidentiality is missing.{hint_en}",
    ),
    "no_houseblock_mutation": Message(
        "Bij deze woningen ontbreekt het aantal {mutation_nl}.",
        "The number of homes to {mutation_en} is missing.",
    ),
    "no_houseblock_name": Message("De naam van het woningblok ontbreekt.", "The name of the house block is missing."),
    # --- business rules
    "project_dates_error": Message(
        "De einddatum {value} ligt niet na de startdatum {start}.",
        "The end date {value} does not lie after the start date {start}.",
    ),
    "project_dates_status_mismatch": Message(
        "De status {value} past niet bij de projectdatums {start} tot {end}: vandaag is het {today}.",
        "The status {value} does not fit the project dates {start} to {end}: today is {today}.",
    ),
    "wrong_project_phase_dates": Message(
        "De startdatum {value} van fase {step_nl} {problem_nl}.",
        "The start date {value} of phase {step_en} {problem_en}.",
    ),
    "wrong_project_plan_status_dates": Message(
        "De startdatum {value} van planstatus {step_nl} {problem_nl}.",
        "The start date {value} of plan status {step_en} {problem_en}.",
    ),
    "incomplete_project_location": Message(
        "Bij '{value}' hoort ook een {needed_nl}. Vul die in.",
        "'{value}' needs a {needed_en} too. Fill it in.",
    ),
    "project_owner_unknown": _warning(
        "{value} is nog niet bekend en wordt bewaard als uit te nodigen persoon.",
        "{value} is not known yet and is kept as a person to be invited.",
    ),
    "project_owner_invalid": Message(  # own
        "'{value}' is geen e-mailadres.",
        "'{value}' is not an e-mail address.",
    ),
    "project_owner_missing": Message(  # own
        "Er staat geen eigenaar bij dit project; die kunt u later bij het project kiezen.",
        "This project has no owner; you can choose one at the project later.",
        Severity.WARNING,
        "{count} projecten hebben geen eigenaar; die kunt u later bij het project kiezen.",
        "{count} projects have no owner; you can choose one at the project later.",
    ),
    "houseblock_delivery_date": Message(
        "De opleverdatum {value} ligt na het einde van het project ({end}).",
        "The delivery date {value} lies after the end of the project ({end}).",
    ),
    "houseblock_delivery_phase": Message(
        "De opleverdatum {value} ligt te vroeg: {reason_nl}.",
        "The delivery date {value} is too early: {reason_en}.",
    ),
    "houseblock_housing_number": Message(
        "Het aantal woningen moet groter zijn dan 0, niet {value}.",
        "The number of homes must be above 0, not {value}.",
    ),
    "project_level_data_invalid": Message(
        "De projectgegevens verschillen: in rij {first_row} staat '{first}', hier '{value}'.",
        "The project data differ: row {first_row} has '{first}', here it is '{value}'.",
    ),
    # --- notes about what was not taken over
    "column_ignored": _warning(  # own
        "De kolom {column} heeft geen naam in rij {header_row}; de waarden zijn niet ingelezen.",
        "The column {column} has no name in row {header_row}; its values were not imported.",
    ),
    "unknown_header": _warning(  # own
        "De kolom {column} hoort niet bij het sjabloon; de waarden zijn niet ingelezen.",
        "The column {column} is not part of the template; its values were not imported.",
    ),
    "rows_skipped": _warning(  # own
        "Rijen zonder identificatienummer zijn overgeslagen: {value}.",
        "Rows without an identification number were skipped: {value}.",
    ),
    "hidden_rows": _warning(  # own
        "Ook verborgen rijen zijn ingelezen: {value}.",
        "Hidden rows were imported too: {value}.",
    ),
    "size_classes": _warning(  # own
        "Aantallen per grootte worden niet bewaard; het woonoppervlak is nu {value}.",
        "Numbers by size are not kept; the floor area is now {value}.",
    ),
    "value_without_place": _warning(  # own
        "'{value}' bij {column} heeft geen plaats in het register en is niet ingelezen.",
        "'{value}' at {column} has no place in the register and was not imported.",
    ),
    "recognised_by_number": _warning(  # own
        "Herkend aan nummer {value}, maar in het register heet het project '{name}'.",
        "Recognised by number {value}, but in the register the project is called '{name}'.",
    ),
    "block_not_in_file": _warning(  # own
        "Het woningblok '{value}' staat wel in het register maar niet in het bestand; het is blijven staan.",
        "The house block '{value}' is in the register but not in the file; it was kept.",
    ),
    "more_findings": Message(  # own
        "Er zijn nog meer meldingen; los deze eerst op.",
        "There are more findings; solve these first.",
    ),
}  # fmt: skip

_TOTALS = {
    "houseblock_delivery_total": ("opleveringen", "deliveries"),
    "houseblock_ownership_total": ("eigendomssoorten", "ownership types"),
    "houseblock_house_type_total": ("woningtypen", "house types"),
    "houseblock_physical_appearance_total": ("verschijningsvormen", "appearances"),
    "houseblock_target_group_total": ("doelgroepen", "target groups"),
    "houseblock_ground_position_total": ("grondposities", "land positions"),
}
MESSAGES |= {
    code: Message(
        f"Het totaal van de {nl} is {{value}}, maar het blok telt {{number}} woningen.",
        f"The total of the {en} is {{value}}, but the block has {{number}} homes.",
    )
    for code, (nl, en) in _TOTALS.items()
}
_OWNERS = {
    "owner": ("koopwoningen", "owner-occupied homes"),
    "landlord": ("woningen van particuliere verhuurders", "homes of private landlords"),
    "housing_assoc": ("woningen van corporaties", "homes of housing corporations"),
}
MESSAGES |= {
    f"houseblock_ownership_{key}_total": Message(
        f"Het totaal van de prijzen is {{value}}, maar er zijn {{number}} {nl}.",
        f"The total of the prices is {{value}}, but there are {{number}} {en}.",
    )
    for key, (nl, en) in _OWNERS.items()
}
MESSAGES |= {
    f"houseblock_ownership_{key}_multiple_types": Message(
        f"Gebruik bij {nl} óf prijscategorieën óf bedragen, niet allebei.",
        f"For {en} use either price classes or amounts, not both.",
    )
    for key, (nl, en) in _OWNERS.items()
}
MESSAGES["houseblock_ownership_multiple_types"] = Message(
    "Deze regel heeft een prijscategorie én een bedrag; kies één van beide.",
    "This row has both a price class and an amount; choose one.",
)


def _sayable(text: str) -> str:
    """Text of a file that can be printed: what is no character, or steers a terminal, becomes a question mark."""
    return "".join(c if c.isprintable() or c in "\n\t" else "?" for c in text)


def shown(value: Any) -> str:
    """A value from a file as it stands in a sentence: Dutch dates and decimals, long texts cut."""
    if isinstance(value, bool):
        return "WAAR" if value else "ONWAAR"
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return f"{day.day:02}-{day.month:02}-{day.year}"
    if isinstance(value, float):
        text = str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value).replace(".", ",")
    elif isinstance(value, Decimal):
        text = str(value).replace(".", ",")
    else:
        text = " ".join(_sayable(str(value)).split())
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def plain(value: Any) -> Any:
    """A value from a file as it stands in the finding: whole floats as integers, dates as dates, else short text."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, datetime):
        return value.date() if value.time() == value.time().min else value.isoformat(" ")
    if value is None or isinstance(value, (bool, int, float, date)):
        return value
    text = _sayable(str(value))
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


class BadInput(ValueError):
    """A value of a file that does not fit its place; `code` is one of MESSAGES, `arguments` fill in its sentence.

    `fix` says what option or own field would make it fit.
    """

    def __init__(self, code: str, value: Any, *, fix: dict[str, Any] | None = None, **arguments: str) -> None:
        super().__init__(code)
        self.code, self.value, self.fix, self.arguments = code, value, fix, arguments


@dataclass(slots=True)
class Report:
    """Collects the findings of one import."""

    findings: list[Finding] = field(default_factory=list)

    def add(
        self,
        code: str,
        *,
        row: int | None = None,
        column: str = "",
        value: Any = None,
        project: str = "",
        severity: Severity | None = None,
        fix: dict[str, Any] | None = None,
        whole: bool = False,
        **arguments: Any,
    ) -> None:
        """Add a finding by its code. `project` is the name of the project; `arguments` fill in the sentence.

        Long values are cut, unless `whole`.
        """
        if len(self.findings) >= MOST_FINDINGS:
            if len(self.findings) > MOST_FINDINGS:
                return
            code, arguments = "more_findings", {}
        message = MESSAGES[code]
        words = {"hint_nl": "", "hint_en": "", **arguments}
        texts = {key: item if isinstance(item, str) else shown(item) for key, item in words.items()}
        column = _sayable(column)
        texts["value"], texts["column"] = value if whole else shown(value), column
        self.findings.append(
            Finding(
                code=code,
                severity=severity or message.severity,
                nl=message.nl.format(**texts),
                en=message.en.format(**texts),
                row=row,
                column=column,
                value=value if whole else plain(value),
                project_name=project,
                fix=fix or {},
            )
        )

    def say(
        self,
        code: str,
        severity: Severity,
        nl: str,
        en: str,
        *,
        row: int | None = None,
        column: str = "",
        project: str = "",
    ) -> None:
        """Add a finding whose sentences come from elsewhere (geometry, coordinates)."""
        if len(self.findings) <= MOST_FINDINGS:
            self.findings.append(Finding(code, severity, nl, en, row=row, column=column, project_name=project))

    def add_bad(self, bad: BadInput, *, row: int | None, column: str, project: str = "") -> None:
        """Add the finding of a value that does not fit."""
        arguments: dict[str, Any] = dict(bad.arguments)
        self.add(bad.code, row=row, column=column, value=bad.value, project=project, fix=bad.fix, **arguments)

    @property
    def failed(self) -> bool:
        """Whether anything stands in the way of storing."""
        return any(f.severity is not Severity.WARNING for f in self.findings)

    def in_order(self) -> list[Finding]:
        """By place in the file, what is about the whole file first."""
        return sorted(self.findings, key=lambda f: -1 if f.row is None else f.row)


def gathered(findings: Sequence[Finding]) -> list[Finding]:
    """Warnings that say the very same of several places as one finding about all of them; errors stay apart, because
    each has to be mended. How many there are and in which rows stands in the sentence.
    """
    same: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.severity is Severity.WARNING and finding.row is not None:
            same.setdefault((finding.code, finding.nl), []).append(finding)
    result = []
    for finding in findings:
        alike = same.get((finding.code, finding.nl), []) if finding.row is not None else []
        if len(alike) < _MANY or finding.severity is not Severity.WARNING:
            result.append(finding)
        elif finding is alike[0]:
            result.append(_of_all(alike))
    return result


def _of_all(alike: Sequence[Finding]) -> Finding:
    first, rows = alike[0], _rows([finding.row or 0 for finding in alike])
    message, count = MESSAGES.get(first.code, Message("", "")), format_number(len(alike))
    return replace(
        first,
        nl=f"{message.many_nl.format(count=count, sentence=first.nl).removesuffix('.')} (rij {rows}).",
        en=f"{message.many_en.format(count=count, sentence=first.en).removesuffix('.')} (rows {rows}).",
        row=None,
        value=None,
        project="",
        project_name="",
    )


def _rows(numbers: Sequence[int]) -> str:
    """Row numbers in order, those that follow each other together; no more than anybody reads."""
    stretches: list[list[int]] = []
    for number in sorted(set(numbers)):
        if stretches and number == stretches[-1][-1] + 1:
            stretches[-1].append(number)
        else:
            stretches.append([number])
    shown = [f"{s[0]}-{s[-1]}" if len(s) > 1 else str(s[0]) for s in stretches[:_STRETCHES]]
    return ", ".join(shown) + (" …" if len(stretches) > _STRETCHES else "")


class Unreadable(UserError):
    """A file that cannot be read at all: one sentence, nothing imported."""

    code = "io_error"
