"""From DIWI GeoJSON to drafts.

Two dialects exist, which the original could not read across: the import dialect (diwi.md 3.5; keys of enumerations,
one price per block) and the export dialect (4.5; Dutch labels, lists, ids of DIWI). One reader takes both, because where
they differ the shape of the value tells. What DIWI itself exported is held to softer rules: it was in a register before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from diwi_desktop.exchange import cells, lookup
from diwi_desktop.exchange.amounts import BadAmount, cents
from diwi_desktop.exchange.drafts import BlockDraft, Draft, Price
from diwi_desktop.exchange.geojson import source
from diwi_desktop.exchange.intake import check
from diwi_desktop.exchange.messages import BadInput, Report
from diwi_desktop.exchange.register import Register, key_of
from diwi_desktop.model.catalogue import OwnField
from diwi_desktop.model.codelists import Code, code_list
from diwi_desktop.model.codes import (
    Confidentiality,
    Mutation,
    OptionList,
    OwnershipType,
    OwnFieldType,
    Phase,
    PlanStatus,
    PlanType,
    ProjectStatus,
)
from diwi_desktop.model.finding import Cancelled, Severity
from diwi_desktop.model.ids import is_id
from diwi_desktop.model.plan import Block, Delivery, Range, Share

Progress = Callable[[int, int], None]
CancelCheck = Callable[[], bool]
Json = dict[str, Any]

BASE, GENERAL = "projectgegevens.basisgegevens", "projectgegevens.projectgegevens"
PHASES, STATUSES = "projectgegevens.projectfasen", "projectgegevens.planologische_planstatus"
DURATION, LOCATION = "projectgegevens.projectduur", "projectgegevens.locatie"
ROLES, OWN_PROJECT = "projectgegevens.rollen", "projectgegevens.maatwerk_projecteigenschappen"
_LABELS = {
    "name": f"{BASE}.naam",
    "start": f"{DURATION}.start_project",
    "end": f"{DURATION}.eind_project",
    "status": f"{GENERAL}.status",
    "confidentiality": f"{GENERAL}.vertrouwelijkheid",
    "owner": f"{GENERAL}.eigenaar",
    "municipality": f"{LOCATION}.gemeente",
    "district": f"{LOCATION}.wijk",
    "neighbourhood": f"{LOCATION}.buurt",
    **{phase.value: f"{PHASES}.{phase.value}" for phase in Phase},
    **{status.value: f"{STATUSES}.{status.value}" for status in PlanStatus},
}
_DEFAULT = Confidentiality.INTERNAL_CIVIL
_GROUND = {
    "GEEN_TOESTEMMING_GRONDEIGENAAR": "ground_none",
    "INTENTIE_MEDEWERKING_GRONDEIGENAAR": "ground_intention",
    "FORMELE_TOESTEMMING_GRONDEIGENAAR": "ground_formal",
}
_HOUSE_TYPES = {"eengezinswoning": "single_family", "meergezinswoning": "multi_family"}
# Names that conversion scripts of provincial files use (diwi.md 3.6).
_OWNER_NAMES = {
    "koop": OwnershipType.BUY,
    "particuliere_verhuurder": OwnershipType.RENT_LANDLORD,
    "huur_woningcorporatie": OwnershipType.RENT_CORPORATION,
}
_UNKNOWN = "onbekend"


def read_geojson(
    path: Path,
    register: Register,
    report: Report,
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> list[Draft]:
    """The projects of a DIWI GeoJSON file in either dialect, checked by the rules of the import.

    Findings go into `report`: `row` is the number of the feature from 1, `column` the path of the property. Raises
    Unreadable for a file that is no GeoJSON, Cancelled.
    """
    data = source.load(path)
    features: list[Any] = data["features"]
    drafts: list[Draft | None] = []
    for number, feature in enumerate(features, start=1):
        if cancelled is not None and number % 16 == 0 and cancelled():
            raise Cancelled
        if progress is not None and number % 64 == 0:
            progress(number, len(features))
        drafts.append(_feature(feature, number, register, report))
    names = ["" if draft is None else draft.name for draft in drafts]
    whole = [feature if isinstance(feature, dict) else {} for feature in features]
    for draft, area in zip(drafts, source.areas(whole, data, names, report), strict=True):
        if draft is not None:
            draft.area = area
    found = [draft for draft in drafts if draft is not None]
    _once(found, report)
    for draft in found:
        check(draft, register.today, report)
    return found


def _feature(feature: Any, number: int, register: Register, report: Report) -> Draft | None:
    try:
        properties = _dict(feature, "properties")
        if "projectgegevens" not in properties:
            raise _Shape("", "properties.projectgegevens ontbreekt.", "properties.projectgegevens is missing.")
        return _Reader(register, report, number, properties).read()
    except _Shape as wrong:
        report.add("feature_error", row=number, column=wrong.path, hint_nl=wrong.nl, hint_en=wrong.en)
        return None


def _once(drafts: Iterable[Draft], report: Report) -> None:
    """A file has each project once."""
    seen: dict[tuple[str, ...], int] = {}
    for draft in drafts:
        key = (draft.diwi_id,) if draft.diwi_id else (draft.source_id or f"?{draft.row}", key_of(draft.name))
        first = seen.setdefault(key, draft.row)
        if first != draft.row:
            report.add(
                "feature_error",
                row=draft.row,
                column=f"{BASE}.identificatie_nr",
                value=draft.source_id or draft.diwi_id,
                project=draft.name,
                hint_nl=f"hetzelfde project staat ook als object {first} in het bestand.",
                hint_en=f"the same project is feature {first} of the file too.",
            )


class _Shape(ValueError):
    """A part of a feature that is not an object or list where one must be."""

    def __init__(self, path: str, nl: str, en: str) -> None:
        super().__init__(path)
        self.path, self.nl, self.en = path, nl, en


def _dict(value: Any, key: str) -> Json:
    """The object under a key, {} when absent or null."""
    if not isinstance(value, dict):
        raise _Shape(key, "het is geen object.", "it is not an object.")
    found = value.get(key)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise _Shape(key, f"'{key}' is geen object.", f"'{key}' is not an object.")
    return found


def _list(value: Any, path: str) -> list[Any]:
    """A list; null is empty, anything else stands alone."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _iso(value: Any) -> date:
    """A date as text, yyyy-mm-dd. Raises BadInput not_date."""
    if isinstance(value, str):
        try:
            return cells.day(date.fromisoformat(value.strip()[:10]))
        except ValueError as error:
            raise BadInput("not_date", value) from error
    raise BadInput("not_date", value)


def _given(value: Any) -> bool:
    return value is not None and value != "" and value != [] and value != {}


def _joined(value: Any) -> str:
    """A text, or a list of texts with commas between them. Raises BadInput not_string."""
    return ", ".join(cells.text(item) for item in _list(value, "") if _given(item))


def _step(list_name: str, key: str) -> Code | None:
    """The phase or plan status of a key, of its label, or of its label without the number in front."""
    found = code_list(list_name).find(key)
    if found is None:
        wanted = key_of(key)
        for code in code_list(list_name).codes:
            if key_of(code.nl.partition(" ")[2]) == wanted:
                return code
    return found


def _coded(list_name: str, value: Any, code: str = "unknown_property_value") -> str:
    given = cells.text(value)
    listed = code_list(list_name)
    found = listed.find(given)
    if found is None:
        raise BadInput(code, given, list_nl=listed.nl, list_en=listed.en)
    return found.key


@dataclass(slots=True)
class _Reader:
    """Reads one feature."""

    register: Register
    report: Report
    row: int
    properties: Json
    draft: Draft = field(init=False)
    exported: bool = False  # the export dialect

    def read(self) -> Draft:
        """Raises _Shape when the feature is no project at all."""
        data = _dict(self.properties, "projectgegevens")
        base, general = _dict(data, "basisgegevens"), _dict(data, "projectgegevens")
        blocks = _list(self.properties.get("woning_blokken"), "woning_blokken")
        self.exported = "diwi_id" in data or any(
            isinstance(b, dict) and ("diwi_id" in b or "naam" in b) for b in blocks
        )
        self.draft = Draft(self.row, labels=_LABELS, lenient=self.exported, status_of_then=True)
        self._base(data, base)
        self._general(general)
        self._dates(data)
        self._location(_dict(data, "locatie"))
        for name, value in self._filled(_dict(data, "rollen")):
            self._cell(f"{ROLES}.{name}", lambda name=name, value=value: self._role(name, value))
        for name, value in self._filled(_dict(data, "maatwerk_projecteigenschappen")):
            self._cell(f"{OWN_PROJECT}.{name}", lambda name=name, value=value: self._own_project(name, value))
        programmed = self._programmed(f"{GENERAL}.in_programmering", general.get("in_programmering"))
        for index, item in enumerate(blocks):
            self._block(item, f"woning_blokken[{index}]", programmed)
        return self.draft

    @staticmethod
    def _filled(values: Json) -> Iterator[tuple[str, Any]]:
        return ((name, value) for name, value in values.items() if _given(value))

    def _cell(self, path: str, read: Callable[[], Any], part: str = "") -> Any:
        """What `read` gives; None, with a finding and the part marked as bad, when the value does not fit."""
        try:
            return read()
        except BadInput as bad:
            self.draft.bad.add(part or path)
            self.report.add_bad(bad, row=self.row, column=path, project=self.draft.name)
            return None

    # --- the project -------------------------------------------------------------------------------------------------

    def _base(self, data: Json, base: Json) -> None:
        draft = self.draft
        if _given(base.get("naam")):
            draft.name = self._cell(f"{BASE}.naam", lambda: cells.text(base["naam"]), "name") or ""
        diwi_id = data.get("diwi_id")
        if isinstance(diwi_id, str) and is_id(diwi_id.strip().lower()):
            draft.diwi_id = diwi_id.strip().lower()
        path = f"{BASE}.identificatie_nr"
        if _given(base.get("identificatie_nr")):
            draft.source_id = self._cell(path, lambda: cells.identification(base["identificatie_nr"]))
        elif not self.exported:
            self.report.add("no_project_identificationNo", row=self.row, column=path, project=draft.name)

    def _general(self, general: Json) -> None:
        draft, register = self.draft, self.register
        readers: dict[str, tuple[str, Callable[[Any], Any]]] = {
            "plan_soort": ("plan_types", self._plan_types),
            "prioritering": ("priority", lambda v: lookup.ordinal(register, OptionList.PRIORITY, _joined(v))),
            "rol_gemeente": (
                "municipality_roles",
                lambda v: lookup.options(register, OptionList.MUNICIPALITY_ROLE, _joined(v)),
            ),
            "status": ("status", lambda v: ProjectStatus(_coded("project_status", v))),
            "vertrouwelijkheid": ("confidentiality", lambda v: Confidentiality(_coded("confidentiality", v))),
            "eigenaar": ("owners", self._owners),
        }
        for key, (part, read) in readers.items():
            value = general.get(key)
            if _given(value):
                found = self._cell(f"{GENERAL}.{key}", lambda read=read, value=value: read(value), part)
                if found is not None:
                    setattr(draft, part, found)
        if "vertrouwelijkheid" not in general or (self.exported and not _given(general["vertrouwelijkheid"])):
            # Files of before there was confidentiality, among them the example of the original.
            draft.confidentiality = _DEFAULT
            label = code_list("confidentiality").by_key[_DEFAULT.value]
            self.report.add(
                "no_project_confidentiality",
                row=self.row,
                column=draft.where("confidentiality"),
                project=draft.name,
                severity=Severity.WARNING,
                hint_nl=f" Het project wordt '{label.nl}'.",
                hint_en=f" The project becomes '{label.en}'.",
            )
        if not draft.owners and "owners" not in draft.bad:
            self.report.add("project_owner_missing", row=self.row, column=draft.where("owner"), project=draft.name)

    def _plan_types(self, value: Any) -> list[PlanType]:
        return [PlanType(_coded("plan_type", item, "invalid_plan_type")) for item in _list(value, "")]

    def _owners(self, value: Any) -> list[str]:
        good, wrong = lookup.emails(_joined(value))
        if wrong:
            raise BadInput("project_owner_invalid", wrong[0])
        return good

    def _dates(self, data: Json) -> None:
        draft, duration = self.draft, _dict(data, "projectduur")
        if _given(duration.get("start_project")):
            draft.start = self._cell(f"{DURATION}.start_project", lambda: _iso(duration["start_project"]), "start")
        if _given(duration.get("eind_project")):
            draft.end = self._cell(f"{DURATION}.eind_project", lambda: _iso(duration["eind_project"]), "end")
        draft.phases = self._steps(_dict(data, "projectfasen"), PHASES, "phase", Phase)
        draft.statuses = self._steps(_dict(data, "planologische_planstatus"), STATUSES, "plan_status", PlanStatus)

    def _steps(self, values: Json, path: str, list_name: str, kind: type[Any]) -> dict[Any, date]:
        found: dict[Any, date] = {}
        for key, value in self._filled(values):
            code = _step(list_name, key)
            if code is None:
                names = ", ".join(c.nl for c in code_list(list_name).codes)
                self.report.add(
                    "unknown_type",
                    row=self.row,
                    column=f"{path}.{key}",
                    value=key,
                    project=self.draft.name,
                    hint_nl=f"Kies uit: {names}.",
                    hint_en=f"Choose from: {names}.",
                )
                continue
            day = self._cell(f"{path}.{key}", lambda value=value: _iso(value), code.key)
            if day is not None:
                found[kind(code.key)] = day
        return found

    def _location(self, location: Json) -> None:
        for key, part, name in (
            ("gemeente", "municipality", OptionList.MUNICIPALITY),
            ("wijk", "district", OptionList.DISTRICT),
            ("buurt", "neighbourhood", OptionList.NEIGHBOURHOOD),
        ):
            value = location.get(key)
            if not _given(value):
                continue
            text = self._cell(f"{LOCATION}.{key}", lambda value=value: _joined(value), part)
            if text is None:
                continue
            self.draft.location[part] = text
            found = self._cell(
                f"{LOCATION}.{key}", lambda name=name, text=text: lookup.options(self.register, name, text), part
            )
            if found and part == "municipality":
                self.draft.municipality = found[0]
            elif found:
                setattr(self.draft, f"{part}s", found)

    def _role(self, name: str, value: Any) -> None:
        own = self.register.own_field("project", name)
        if own is None or own.type is not OwnFieldType.CATEGORY:
            fix = _field_fix("project", name, [value], OwnFieldType.CATEGORY) if own is None else None
            raise BadInput("unknown_project_category_property", name, fix=fix)
        self.draft.own[own.id] = self._own_value(own, value)

    def _own_project(self, name: str, value: Any) -> None:
        own = self.register.own_field("project", name)
        if own is None:
            raise BadInput("unknown_project_property", name, fix=_field_fix("project", name, [value], None))
        self.draft.own[own.id] = self._own_value(own, value)

    def _own_value(self, own: OwnField, value: Any) -> Any:
        if isinstance(value, list):
            value = ", ".join(cells.loose_text(item) for item in value)
        if isinstance(value, dict):
            raise BadInput("not_string", str(value))
        if self.exported and own.type is OwnFieldType.NUMERIC and isinstance(value, str):
            value = _number_text(value)  # the export writes every value as text
        return lookup.own_value(self.register, own, value)

    def _programmed(self, path: str, value: Any) -> bool | None:
        found: bool | None = self._cell(path, lambda: cells.truth(value)) if _given(value) else None
        return found

    # --- blocks ------------------------------------------------------------------------------------------------------

    def _block(self, item: Any, path: str, programmed: bool | None) -> None:
        if not isinstance(item, dict):
            raise _Shape(path, f"'{path}' is geen object.", f"'{path}' is not an object.")
        facts = _dict(item, "mutatiegegevens")
        block = BlockDraft(Block("", programming=programmed), self.row, labels=_block_labels(path))
        diwi_id = item.get("diwi_id")
        if isinstance(diwi_id, str) and is_id(diwi_id.strip().lower()):
            block.diwi_id = diwi_id.strip().lower()
        given = item.get("naam") if _given(item.get("naam")) else item.get("name")
        if _given(given):
            block.block.name = self._cell(f"{path}.naam", lambda: cells.text(given)) or "?"
        else:
            self.report.add("no_houseblock_name", row=self.row, column=f"{path}.naam", project=self.draft.name)
        if _given(item.get("in_programmering")):
            block.block.programming = self._programmed(f"{path}.in_programmering", item["in_programmering"])
        self._mutation(block, facts, f"{path}.mutatiegegevens")
        self._deliver(block, item, path)
        self._house_type(block, facts, item, path)
        self._value(block, facts, item, path)
        self._shares(block, item, path)
        self._ground(block, _dict(item, "grondpositie"), f"{path}.grondpositie")
        self._size(block, item.get("grootte"), f"{path}.grootte")
        for name, value in self._filled(_dict(item, "maatwerk_woningeigenschappen")):
            self._cell(
                f"{path}.maatwerk_woningeigenschappen.{name}",
                lambda name=name, value=value: self._own_block(block, name, value),
            )
        self.draft.blocks.append(block)

    def _mutation(self, block: BlockDraft, facts: Json, path: str) -> None:
        kind, number = facts.get("mutatie_type"), facts.get("aantal")
        if _given(kind):
            key = self._cell(f"{path}.mutatie_type", lambda: _type("mutation", kind))
            if key is not None:
                block.block.mutation = Mutation(key)
        elif not self.exported:
            self._cell(f"{path}.mutatie_type", lambda: _type("mutation", "leeg"))
        if not _given(number):
            # An export of DIWI has blocks of which the number is not known yet.
            block.has_number = self.exported
            return
        try:
            block.block.number = cells.amount(number)
        except BadInput as bad:
            if bad.code == "negative_number":
                block.block.number = int(number)  # the rule on numbers of homes tells it
                return
            block.bad.add("number")
            self.report.add_bad(bad, row=self.row, column=f"{path}.aantal", project=self.draft.name)

    def _deliver(self, block: BlockDraft, item: Json, path: str) -> None:
        if not _given(item.get("einddatum")):
            return
        day = self._cell(f"{path}.einddatum", lambda: _iso(item["einddatum"]))
        if day is None:
            block.bad.add("delivery")
        elif block.block.number > 0:
            block.block.deliveries.append(Delivery(day, block.block.number))
            block.labels = {**block.labels, f"delivery {day.isoformat()}": f"{path}.einddatum"}

    def _homes(self, block: BlockDraft, value: Any, path: str, group: str) -> int:
        """A number of homes; 0, with a finding and the group marked as bad, when it cannot be read."""
        if not _given(value):
            return 0
        try:
            return cells.amount(value)
        except BadInput as bad:
            block.bad.add(group)
            self.report.add_bad(bad, row=self.row, column=path, project=self.draft.name)
            return 0

    def _house_type(self, block: BlockDraft, facts: Json, item: Json, path: str) -> None:
        """Numbers per house type (export dialect), or one type for the whole block (import dialect)."""
        numbers = item.get("woning_type")
        if isinstance(numbers, dict):
            for key, attribute in _HOUSE_TYPES.items():
                homes = self._homes(block, numbers.get(key), f"{path}.woning_type.{key}", "house_type")
                setattr(block.block, attribute, homes or None)
            block.type_unknown = self._homes(
                block, numbers.get(_UNKNOWN), f"{path}.woning_type.{_UNKNOWN}", "house_type"
            )
            return
        single = facts.get("woning_type") if _given(facts.get("woning_type")) else numbers
        if not _given(single):
            return
        where = f"{path}.mutatiegegevens.woning_type"
        name = self._cell(where, lambda: cells.text(single).lower())
        if name in _HOUSE_TYPES:
            setattr(block.block, _HOUSE_TYPES[name], block.block.number)
        elif name is not None and name != _UNKNOWN:
            self._unknown_type(where, single, "EENGEZINSWONING, MEERGEZINSWONING")

    def _unknown_type(self, path: str, value: Any, names: str) -> None:
        self.report.add(
            "unknown_type",
            row=self.row,
            column=path,
            value=value,
            project=self.draft.name,
            hint_nl=f"Kies uit: {names}.",
            hint_en=f"Choose from: {names}.",
        )

    def _value(self, block: BlockDraft, facts: Json, item: Json, path: str) -> None:
        """Ownership and prices: rows (export dialect), or one type and price for the whole block (import dialect)."""
        value = item.get("waarde")
        if isinstance(value, list):
            for index, row in enumerate(value):
                where = f"{path}.waarde[{index}]"
                if not isinstance(row, dict):
                    raise _Shape(where, f"'{where}' is geen object.", f"'{where}' is not an object.")
                homes = self._homes(block, row.get("aantal"), f"{where}.aantal", "owner")
                self._row(block, row, row.get("eigendom_type"), homes, where)
            return
        row = _dict(item, "waarde")
        self._row(block, row, facts.get("eigendom_type"), max(block.block.number, 0), f"{path}.waarde")

    def _row(self, block: BlockDraft, row: Json, kind: Any, homes: int, path: str) -> None:
        amount = self._cell(path, lambda: _amount_of(row))
        name = row.get("categorie")
        if not _given(kind):
            if amount is not None or _given(name):
                self._unknown_type(f"{path}.eigendom_type", "leeg", ", ".join(t.value for t in OwnershipType))
            block.owner_unknown += homes if isinstance(kind, str) or "aantal" in row else 0
            return
        owner = self._owner_type(kind, path)
        if owner is None:
            block.bad.add("owner")
            return
        if owner == _UNKNOWN:
            block.owner_unknown += homes
            return
        kind_of = OwnershipType(owner)
        if amount is not None and _given(name):
            self.report.add("houseblock_ownership_multiple_types", row=self.row, column=path, project=self.draft.name)
        option = self._cell(f"{path}.categorie", lambda: self._price_class(kind_of, name)) if _given(name) else None
        if homes <= 0:
            return
        block.owners[kind_of] = block.owners.get(kind_of, 0) + homes
        block.prices.setdefault(kind_of, []).append(Price(homes, option=option, amount=None if option else amount))

    def _owner_type(self, kind: Any, path: str) -> str | None:
        where = f"{path}.eigendom_type"
        text = self._cell(where, lambda: cells.text(kind))
        if text is None:
            return None
        known = _OWNER_NAMES.get(text.lower())
        if known is not None or text.lower() == _UNKNOWN:
            return _UNKNOWN if known is None else known.value
        found = code_list("ownership_type").find(text)
        if found is None:
            self._unknown_type(where, text, ", ".join(t.value for t in OwnershipType))
            return None
        return found.key

    def _price_class(self, kind: OwnershipType, name: Any) -> str:
        text = cells.loose_text(name)
        found = self.register.option(lookup.price_list_of(kind), text)
        if found is None:
            raise lookup.missing_price_class(kind, text)
        return found.id

    def _shares(self, block: BlockDraft, item: Json, path: str) -> None:
        for key, names, list_name in (
            ("fysiek_voorkomen", ("fysiek_voorkomen", "naam"), OptionList.APPEARANCE),
            ("doelgroep", ("doelgroep_categorie", "doelgroep", "naam"), OptionList.TARGET_GROUP),
        ):
            for index, row in enumerate(_list(item.get(key), key)):
                where = f"{path}.{key}[{index}]"
                if not isinstance(row, dict):
                    raise _Shape(where, f"'{where}' is geen object.", f"'{where}' is not an object.")
                self._share(block, row, names, list_name, where)

    def _share(self, block: BlockDraft, row: Json, names: tuple[str, ...], list_name: OptionList, path: str) -> None:
        homes = self._homes(block, row.get("aantal"), f"{path}.aantal", list_name.value)
        name = next((row[key] for key in names if _given(row.get(key))), None)
        if not homes or name is None:
            return
        where = f"{path}.{names[0]}"
        found = self._cell(where, lambda: lookup.options(self.register, list_name, cells.loose_text(name), single=True))
        if found is None:
            block.bad.add(list_name.value)
            return
        block.shares[list_name.value] = block.shares.get(list_name.value, 0) + homes
        for share in block.block.shares:
            if share.option == found[0]:
                share.number += homes
                return
        block.block.shares.append(Share(found[0], homes))

    def _ground(self, block: BlockDraft, ground: Json, path: str) -> None:
        for key, value in self._filled(ground):
            attribute = _GROUND.get(key.upper())
            if attribute is None:
                self._unknown_type(f"{path}.{key}", key, ", ".join(_GROUND))
                continue
            setattr(block.block, attribute, self._homes(block, value, f"{path}.{key}", "ground") or None)

    def _size(self, block: BlockDraft, value: Any, path: str) -> None:
        """The floor area of the export dialect; the import dialect has an unused list here."""
        if not isinstance(value, dict):
            return
        low, high, one = (value.get(key) for key in ("laag", "hoog", "waarde"))
        numbers = self._cell(path, lambda: [None if v is None else cells.number(v) for v in (low, high, one)])
        if numbers is None:
            return
        low, high, one = numbers
        if one is not None:
            block.block.size = Range(one, one)
        elif low is not None and (high is None or high >= low):
            block.block.size = Range(low, high)
        elif low is not None or high is not None:
            self.report.add("invalid_numeric_range", row=self.row, column=path, value=f"{low} - {high}")

    def _own_block(self, block: BlockDraft, name: str, value: Any) -> None:
        own = self.register.own_field("houseblock", name)
        if own is None:
            raise BadInput("unknown_houseblock_property", name, fix=_field_fix("houseblock", name, [value], None))
        block.block.own[own.id] = self._own_value(own, value)


def _block_labels(path: str) -> dict[str, str]:
    return {
        "number": f"{path}.mutatiegegevens.aantal",
        "delivery": f"{path}.einddatum",
        "owner": f"{path}.waarde",
        "house_type": f"{path}.woning_type",
        "ground": f"{path}.grondpositie",
        OptionList.APPEARANCE.value: f"{path}.fysiek_voorkomen",
        OptionList.TARGET_GROUP.value: f"{path}.doelgroep",
        **{f"owner {kind.value}": f"{path}.waarde" for kind in OwnershipType},
        **{f"price {kind.value}": f"{path}.waarde" for kind in OwnershipType},
    }


def _type(list_name: str, value: Any) -> str:
    """The key of a code by key or label. Raises BadInput unknown_type."""
    given = cells.text(value)
    listed = code_list(list_name)
    found = listed.find(given)
    if found is None:
        names = ", ".join(code.key for code in listed.codes)
        raise BadInput("unknown_type", given, hint_nl=f"Kies uit: {names}.", hint_en=f"Choose from: {names}.")
    return found.key


def _amount_of(row: Json) -> Range[int] | None:
    """The price of a row in cents: `waarde`, or `laag` to `hoog`; a lacking upper bound is open. Raises BadInput."""
    low, high, one = (row.get(key) for key in ("laag", "hoog", "waarde"))
    given = [v for v in (low, high, one) if v is not None]
    if not given:
        return None
    if any(isinstance(v, bool) or not isinstance(v, (int, float, Decimal)) for v in given):
        raise BadInput("invalid_numeric_range", " - ".join(str(v) for v in given))
    try:
        if one is not None:
            return Range(cents(one), cents(one))
        found = Range(0 if low is None else cents(low), None if high is None else cents(high))
    except BadAmount as error:
        raise BadInput("invalid_numeric_range", str(error)) from error
    if found.high is not None and found.high < found.low:
        raise BadInput("invalid_numeric_range", f"{low} - {high}")
    return found


def _number_text(text: str) -> Any:
    try:
        return Decimal(text.strip())
    except ArithmeticError:
        return text


def _field_fix(kind: str, name: str, values: list[Any], guess: OwnFieldType | None) -> Json:
    """What would make an own field of this name."""
    flat = [item for value in values for item in _list(value, "")]
    plain = [float(v) if isinstance(v, Decimal) else v for v in flat]
    guessed = guess or lookup.guess_type(plain)
    options = sorted({v for v in plain if isinstance(v, str)}) if guessed in lookup.OPTION_TYPES else []
    return {"create": "own_field", "object": kind, "name": name, "type_guess": guessed.value, "options": options}
