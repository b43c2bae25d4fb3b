"""The engine that reads all profiles: a plan becomes the record a province takes, with all that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from diwi_desktop.exchange.provinces import years
from diwi_desktop.exchange.provinces.figures import FIGURES, Case, lapsed, plan_status
from diwi_desktop.exchange.provinces.mapping import (
    FieldMapping,
    Mappings,
    fits,
    number,
)
from diwi_desktop.exchange.provinces.messages import finding
from diwi_desktop.exchange.provinces.prices import Period
from diwi_desktop.exchange.provinces.profile import OutputField, Profile, YearTable
from diwi_desktop.exchange.provinces.reading import Reading, as_choices, read
from diwi_desktop.exchange.provinces.register import TEXT_TYPES, Register, label_en
from diwi_desktop.model.catalogue import Field
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import MUNICIPAL_STATUSES, Confidentiality, Mutation, OwnershipType
from diwi_desktop.model.derive import live_deliveries
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.notation import format_number, money_words
from diwi_desktop.model.plan import Block, Option, Ownership, Plan, Range


@dataclass(slots=True)
class Record:
    """What became of one plan. `left_out`: the code of the reason why the plan never goes to the province, or empty.

    `properties` in the order of the format; `areas` the contours as EWKB (RD New). `types` has the homes to be built
    per house type of the province as the blocks have them; the cells of a year table, rounded each, can differ from it.
    """

    project: str
    name: str
    properties: dict[str, Any] = field(default_factory=dict)
    areas: list[bytes] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    left_out: str = ""
    types: dict[str, int] = field(default_factory=dict)

    @property
    def faulty(self) -> bool:
        """Whether the province would refuse the project."""
        return any(found.severity is not Severity.WARNING for found in self.findings)


class Engine:
    """One profile on one register with one mapping. Holds no state between plans.

    `min_confidentiality` may be stricter than the profile's own minimum.
    """

    def __init__(
        self,
        profile: Profile,
        register: Register,
        mapping: Mappings,
        min_confidentiality: Confidentiality | None = None,
    ) -> None:
        self.profile = profile
        self.register = register
        self.minimum = min_confidentiality or profile.min_confidentiality
        self._mapping = mapping
        self._columns = [(item, self._column(item)) for item in profile.fields]
        self._table = next(iter(profile.tables.values()))
        self._day_period = profile.prices.on(register.date)

    def evaluate(self, plan: Plan) -> Record:
        """The record of one plan, with its findings in the order of the format."""
        record = Record(plan.id, plan.name, areas=[area.geometry for area in plan.areas])
        counted = years.count(plan, self._table, self.register.moment, self._period, self.register.options.get)
        case = Case(plan, self.register, counted)
        record.left_out = self._exclude(case, record.findings)
        if record.left_out:
            return record
        for _, column in self._columns:
            column(case, record)
        for place, (name, _) in enumerate(self._table.types):
            record.types[name] = sum(built.types[place] for built, _ in counted.years.values())
        self._check_blocks(case, record.findings)
        if not plan.areas:
            severity = Severity.ERROR if self.profile.geometry_mandatory else Severity.WARNING
            record.findings.append(
                finding("project_does_not_have_geometry", plan, kind="plan_area", field="geometry", severity=severity)
            )
        return record

    # -- who goes -------------------------------------------------------------------------------------------------

    def _exclude(self, case: Case, findings: list[Finding]) -> str:
        """The reason why a plan never goes to the province; empty when it does."""
        plan = case.plan
        status = plan_status(case, {})
        if lapsed(plan, case.day):
            found = finding("project_lapsed", plan, kind="milestone", field="type")
        elif status in MUNICIPAL_STATUSES:
            labels = code_list("plan_status")
            found = finding(
                "municipal_plan_status", plan, kind="milestone", field="type", value=labels.label(status),
                words={"value_en": labels.label(status, "en")},
            )  # fmt: skip
        elif plan.confidentiality.rank < self.minimum.rank:
            found = self._too_confidential(plan)
        else:
            return ""
        findings.append(found)
        return found.code

    def _too_confidential(self, plan: Plan) -> Finding:
        labels = code_list("confidentiality")
        words = {
            "value_en": labels.label(plan.confidentiality, "en"),
            "most": labels.label(self.minimum),
            "most_en": labels.label(self.minimum, "en"),
        }
        return finding(
            "min_confidentiality_error", plan, kind="project", entity=plan.id, field="confidentiality",
            value=labels.label(plan.confidentiality), words=words,
        )  # fmt: skip

    # -- the columns ----------------------------------------------------------------------------------------------

    def _column(self, item: OutputField) -> Callable[[Case, Record], None]:
        """What fills one field of the province."""
        if item.mapped:
            return self._mapped_column(item)
        if item.area == "table":
            table = self.profile.tables[item.key]
            return lambda case, record: self._put_rows(case, record, item, table)
        if item.area == "project":
            source = self.register.catalogue.field("project", item.key)
            return lambda case, record: self._put_field(case, record, item, source)
        value = self._value_of(item)
        return lambda case, record: self._put_value(case, record, item, value(case))

    def _value_of(self, item: OutputField) -> Callable[[Case], Any]:
        if item.area == "figure":
            figure = FIGURES[item.key]
            return lambda case: figure(case, item.params)
        if item.area == "register":
            value = getattr(self.register.municipality, item.key) or None
        elif item.area == "constant":
            value = item.constant
        else:
            raise ValueError(f"field {item.name} of the profile has an unknown source")
        return lambda case: value

    def _put_rows(self, case: Case, record: Record, item: OutputField, table: YearTable) -> None:
        record.properties[item.name] = years.rows(case.counted, table)

    def _put_value(self, case: Case, record: Record, item: OutputField, value: Any) -> None:
        if item.labels and value is not None:
            value = item.labels[value]
        if isinstance(value, date):
            value = value.isoformat()
        record.properties[item.name] = value
        if value is None and (item.mandatory or item.expected):
            kind, _, key = item.jump.partition(".")
            self._missing(case, record, item, item.nl, item.en, kind, "", key)

    def _put_field(self, case: Case, record: Record, item: OutputField, source: Field) -> None:
        reading = read(case.plan, source, self.register)
        if reading.choices:
            found = [item.labels[key] if item.labels else label for key, label in reading.choices]
            self._put_choices(case, record, item, source, found, reading.choices)
        elif reading.empty:
            self._empty(case, record, item, source)
        else:
            record.properties[item.name] = reading.text if reading.text is not None else _whole(reading.number)

    # -- mapped columns -------------------------------------------------------------------------------------------

    def _mapped_column(self, item: OutputField) -> Callable[[Case, Record], None]:
        mapping = self._mapping.get(item.name, FieldMapping(item.name))
        fallback: Any = mapping.constant or None
        if fallback is not None and "numeric" in item.accepts:
            fallback = number(mapping.constant)
        if fallback is not None and item.type == "list":
            fallback = [fallback]
        source = self.register.source(mapping.source) if mapping.source else None
        if source is None or not fits(item, source):
            # The mapping itself has a finding when this is wrong; the project can do nothing about it.
            return lambda case, record: record.properties.__setitem__(item.name, fallback)
        return lambda case, record: self._put_mapped(case, record, item, source, mapping, fallback)

    def _put_mapped(
        self, case: Case, record: Record, item: OutputField, source: Field, mapping: FieldMapping, fallback: Any
    ) -> None:
        reading = read(case.plan, source, self.register)
        if reading.empty:
            if fallback is None:
                self._empty(case, record, item, source)
            else:
                record.properties[item.name] = fallback
        elif reading.ranged:
            record.properties[item.name] = None
            self._say("numeric_range_value", case, record, item, source)
        elif "numeric" in item.accepts and reading.number is not None:
            self._put_number(case, record, item, source, reading.number)
        elif item.codes:
            self._put_options(case, record, item, source, mapping, reading)
        elif source.type in TEXT_TYPES:
            record.properties[item.name] = reading.text
        else:
            # A field that takes text and is mapped to a choice gets the own label of the first option.
            record.properties[item.name] = reading.choices[0][1]

    def _put_number(self, case: Case, record: Record, item: OutputField, source: Field, value: float) -> None:
        record.properties[item.name] = _whole(value)
        most = case.plan.built
        if value < 0:
            self._say("negative_value", case, record, item, source, format_number(value))
        if item.at_most == "built" and value > most:
            words = {"most": format_number(most)}
            code = "value_larger_than_construction_houseblocks"
            self._say(code, case, record, item, source, format_number(value), words)

    def _put_options(
        self, case: Case, record: Record, item: OutputField, source: Field, mapping: FieldMapping, reading: Reading
    ) -> None:
        pairs = [(choice, mapping.label(*choice, item.codes)) for choice in as_choices(reading)]
        unmapped = [choice for choice, given in pairs if given is None]
        record.findings += [self._unmapped(case, item, source, *choice) for choice in unmapped]
        known = [(choice, given) for choice, given in pairs if given]
        if unmapped and not known:
            record.properties[item.name] = None
        else:
            self._put_choices(case, record, item, source, [given for _, given in known], [own for own, _ in known])

    def _unmapped(self, case: Case, item: OutputField, source: Field, key: str, label: str) -> Finding:
        words = {
            "label": item.nl, "label_en": item.en, "target": item.name, "name": source.nl, "name_en": source.en,
            "option": label, "option_en": label_en(source, key, label),
        }  # fmt: skip
        return finding(
            "option_not_mapped", case.plan, kind="mapping", field=item.name, value=label, severity=Severity.ERROR,
            words=words,
        )  # fmt: skip

    def _put_choices(
        self,
        case: Case,
        record: Record,
        item: OutputField,
        source: Field,
        found: list[str],
        own: list[tuple[str, str]],
    ) -> None:
        """One label, or for a list all of them in the province's order.

        `own` are the keys and labels of the municipality.
        """
        labels = list(dict.fromkeys(found))
        if item.type == "list":
            order = {code: place for place, code in enumerate(item.codes)}
            labels.sort(key=lambda label: order.get(label, 0))
            record.properties[item.name] = labels or None
        elif len(labels) > 1:
            record.properties[item.name] = None
            names = ", ".join(label for _, label in own)
            words = {"value_en": ", ".join(label_en(source, *choice) for choice in own)}
            self._say("multiple_single_select_values", case, record, item, source, names, words)
            return
        else:
            record.properties[item.name] = labels[0] if labels else None
        if not labels:
            self._empty(case, record, item, source)

    # -- findings -------------------------------------------------------------------------------------------------

    def _empty(self, case: Case, record: Record, item: OutputField, source: Field) -> None:
        record.properties[item.name] = None
        if item.mandatory or item.expected:
            entity = self._entity(case.plan, source)
            self._missing(case, record, item, source.nl, source.en, source.kind, entity, source.key)

    @staticmethod
    def _missing(
        case: Case, record: Record, item: OutputField, nl: str, en: str, kind: str, entity: str, field: str
    ) -> None:
        code = "missing_mandatory_value" if item.mandatory else "missing_expected_value"
        words = {"label": item.nl, "label_en": item.en, "name": nl, "name_en": en}
        record.findings.append(finding(code, case.plan, kind=kind, entity=entity, field=field, words=words))

    def _say(
        self,
        code: str,
        case: Case,
        record: Record,
        item: OutputField,
        source: Field,
        value: Any = None,
        words: Mapping[str, Any] | None = None,
    ) -> None:
        filled = {
            "label": item.nl, "label_en": item.en, "name": source.nl, "name_en": source.en, **(words or {})
        }  # fmt: skip
        entity = self._entity(case.plan, source)
        record.findings.append(
            finding(code, case.plan, kind=source.kind, entity=entity, field=source.key, value=value, words=filled)
        )

    @staticmethod
    def _entity(plan: Plan, source: Field) -> str:
        """The project, or the first construction block, where a field of the blocks can be filled in."""
        if source.kind == "project":
            return plan.id
        return next((b.id for b in plan.blocks if b.mutation is Mutation.CONSTRUCTION), "")

    def _check_blocks(self, case: Case, findings: list[Finding]) -> None:
        plan, counted = case.plan, case.counted
        findings += [_spanning(plan, *found, self.register) for found in counted.spanning]
        findings += [_unbounded(plan, self.register.options[option]) for option in counted.unbounded]
        year = plan.end_date.year
        findings += [_of_block("houseblock_division_exceeds_number", plan, b, b.number) for b in counted.exceeding]
        findings += [_of_block("houseblock_without_delivery", plan, b, year) for b in counted.undated]
        findings += [_of_block("houseblock_deliveries_aborted", plan, b) for b in counted.aborted]

    def _period(self, block: Block) -> Period:
        prices = self.profile.prices
        live = live_deliveries(block) if prices.by_delivery else []
        return prices.on(live[-1].date) if live else self._day_period


def _of_block(code: str, plan: Plan, block: Block, value: Any = None) -> Finding:
    words = {"block": block.name}
    return finding(code, plan, kind="houseblock", entity=block.id, field="number", value=value, words=words)


def _spanning(
    plan: Plan, block: Block, row: Ownership, classes: Mapping[str, Range[int]], register: Register
) -> Finding:
    bought = row.type is OwnershipType.BUY
    amounts, chosen = (row.price, row.price_option) if bought else (row.rent, row.rent_option)
    key = "price" if bought else "rent"
    if amounts is None:
        key += "_option"
        option = register.options.get(chosen or "")
        value = value_en = option.name if option else ""
    else:
        value, value_en = money_words(amounts), money_words(amounts, "en")
    named = register.catalogue.field("ownership", key)
    words = {
        "block": block.name, "price": named.nl.lower(), "price_en": named.en.lower(), "value_en": value_en,
        "classes": _class_words(classes, "nl"), "classes_en": _class_words(classes, "en"),
    }  # fmt: skip
    # What a screen can offer: the range of each class, in euro cents.
    ranges = [
        {"nl": _class_words({name: range_}, "nl"), "en": _class_words({name: range_}, "en"),
         "bounds": [range_.low, range_.high]}
        for name, range_ in classes.items()
    ]  # fmt: skip
    return finding(
        "ownership_range_mapping_error", plan, kind="ownership", entity=row.id, field=key, value=value, words=words,
        fix={"amount": "price" if bought else "rent", "ranges": ranges},
    )  # fmt: skip


def _class_words(classes: Mapping[str, Range[int]], language: str) -> str:
    """Classes with their bounds: "koop1 tot € 280.000, koop2 € 280.000 – 390.000, koop4 € 600.000 en meer"."""
    below = "under" if language == "en" else "tot"
    return ", ".join(
        f"{name} {money_words(bounds, language)}" if bounds.low or bounds.high is None
        else f"{name} {below} {money_words((bounds.high, bounds.high), language)}"
        for name, bounds in classes.items()
    )  # fmt: skip


def _unbounded(plan: Plan, option: Option) -> Finding:
    words = {"option": option.name}
    return finding(
        "price_class_without_bounds", plan, kind="option", entity=option.id, field="bounds", value=option.name,
        words=words,
    )  # fmt: skip


def _whole(value: float | None) -> float | None:
    """A number without needless decimals."""
    return int(value) if value is not None and value == int(value) else value
