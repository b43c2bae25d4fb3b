"""The business rules of the import (functional reference 3.3), on drafts, whatever file they came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from diwi_desktop.exchange.drafts import BlockDraft, Draft
from diwi_desktop.exchange.messages import Report
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import (
    MUNICIPAL_STATUSES,
    Mutation,
    OptionList,
    OwnershipType,
    Phase,
    PlanStatus,
    ProjectStatus,
)
from diwi_desktop.model.finding import Severity

Step = TypeVar("Step", Phase, PlanStatus)

OWNER_KEYS = {
    OwnershipType.BUY: "owner",
    OwnershipType.RENT_LANDLORD: "landlord",
    OwnershipType.RENT_CORPORATION: "housing_assoc",
}
_STATUS_LABELS = {
    ProjectStatus.NEW: "Nieuw",
    ProjectStatus.ACTIVE: "Actief",
    ProjectStatus.REALIZED: "Afgerond",
    ProjectStatus.TERMINATED: "Afgebroken",
}
_SHARE_CODES = {
    OptionList.APPEARANCE.value: "houseblock_physical_appearance_total",
    OptionList.TARGET_GROUP.value: "houseblock_target_group_total",
}
_PLAN_STATUSES = tuple(status for status in PlanStatus if status not in MUNICIPAL_STATUSES)


def check(draft: Draft, today: date, report: Report) -> None:
    """Report every rule that the draft breaks. Parts that could not be read (`bad`) are left alone."""
    _present(draft, report)
    _dates(draft, today, report)
    _steps(draft, report, draft.phases, tuple(Phase), "phase", "wrong_project_phase_dates")
    _steps(draft, report, draft.statuses, _PLAN_STATUSES, "plan_status", "wrong_project_plan_status_dates")
    _location(draft, report)
    for block in draft.blocks:
        _block(draft, block, report)


def _present(draft: Draft, report: Report) -> None:
    for part, value, code in (
        ("name", draft.name, "no_project_name"),
        ("start", draft.start, "no_project_start_date"),
        ("end", draft.end, "no_project_end_date"),
        ("status", draft.status, "no_project_status"),
        ("confidentiality", draft.confidentiality, "no_project_confidentiality"),
    ):
        if not value and part not in draft.bad:
            report.add(code, row=draft.row, column=draft.where(part), project=draft.name)


def _softer(draft: Draft) -> Severity | None:
    """Data that a DIWI already accepted may break these rules: a warning then, else the weight of the rule."""
    return Severity.WARNING if draft.lenient else None


def _dates(draft: Draft, today: date, report: Report) -> None:
    start, end = draft.start, draft.end
    if start is None or end is None:
        return
    if end <= start:
        report.add(
            "project_dates_error",
            row=draft.row,
            column=draft.where("end"),
            value=end,
            project=draft.name,
            start=start,
        )
        return
    fits = {
        ProjectStatus.NEW: today <= start,
        ProjectStatus.ACTIVE: start <= today <= end,
        ProjectStatus.REALIZED: today >= end,
        ProjectStatus.TERMINATED: today >= end,
    }
    if draft.status is not None and not fits[draft.status]:
        dated = draft.status_of_then and draft.status is ProjectStatus.ACTIVE
        report.add(
            "project_dates_status_mismatch",
            row=draft.row,
            column=draft.where("status"),
            value=_STATUS_LABELS[draft.status],
            project=draft.name,
            severity=Severity.WARNING if dated else _softer(draft),
            start=start,
            end=end,
            today=today,
        )


def _steps(
    draft: Draft, report: Report, given: Mapping[Step, date], order: Iterable[Step], list_name: str, code: str
) -> None:
    """Start dates of phases or plan statuses lie within the project and strictly increase in the order of the list."""
    previous: Step | None = None
    codes = code_list(list_name).by_key
    for step in order:
        day = given.get(step)
        if day is None:
            continue
        nl = en = ""
        if draft.start is not None and day < draft.start:
            nl, en = "ligt voor de start van het project", "lies before the start of the project"
        elif draft.end is not None and day > draft.end:
            nl, en = "ligt na het einde van het project", "lies after the end of the project"
        elif previous is not None and day <= given[previous]:
            label = codes[previous]
            nl, en = f"ligt niet na die van {label.nl}", f"does not lie after that of {label.en}"
        if nl:
            report.add(
                code,
                row=draft.row,
                column=draft.where(step.value),
                value=day,
                project=draft.name,
                severity=_softer(draft),
                step_nl=codes[step].nl,
                step_en=codes[step].en,
                problem_nl=nl,
                problem_en=en,
            )
        if previous is None or day > given[previous]:
            previous = step


def _location(draft: Draft, report: Report) -> None:
    """A neighbourhood needs a district and a municipality, a district needs a municipality."""
    given = draft.location
    for part, needed, nl, en in (
        ("neighbourhood", "district", "wijk", "district"),
        ("neighbourhood", "municipality", "gemeente", "municipality"),
        ("district", "municipality", "gemeente", "municipality"),
    ):
        if part in given and needed not in given and needed not in draft.bad:
            report.add(
                "incomplete_project_location",
                row=draft.row,
                column=draft.where(needed),
                value=given[part],
                project=draft.name,
                severity=_softer(draft),
                needed_nl=nl,
                needed_en=en,
            )
            return


def _block(draft: Draft, block: BlockDraft, report: Report) -> None:
    _deliveries(draft, block, report)
    if "number" in block.bad:
        return
    number = block.block.number
    if not block.has_number:
        built = block.block.mutation is Mutation.CONSTRUCTION
        report.add(
            "no_houseblock_mutation",
            row=block.row,
            column=block.where("number"),
            project=draft.name,
            mutation_nl="te bouwen woningen" if built else "te slopen woningen",
            mutation_en="build" if built else "demolish",
        )
        return
    if number == 0 and draft.lenient:
        return
    if number <= 0:
        report.add(
            "houseblock_housing_number",
            row=block.row,
            column=block.where("number"),
            value=number,
            project=draft.name,
        )
        return
    _totals(draft, block, number, report)
    _prices(draft, block, report)


def _deliveries(draft: Draft, block: BlockDraft, report: Report) -> None:
    building = draft.phases.get(Phase.REALIZATION)
    started = None if building is not None or Phase.REALIZATION.value in draft.bad else draft.start
    for delivery in block.block.deliveries:
        day = delivery.date
        if draft.end is not None and day > draft.end:
            report.add("houseblock_delivery_date", **_delivery(draft, block, day), end=draft.end)
        if building is not None and day < building:
            nl = f"de realisatie begint pas op {building:%d-%m-%Y}"
            en = f"realisation only starts on {building:%d-%m-%Y}"
            report.add("houseblock_delivery_phase", **_delivery(draft, block, day), reason_nl=nl, reason_en=en)
        elif started is not None and day <= started:
            nl = f"het project begint pas op {started:%d-%m-%Y}"
            en = f"the project only starts on {started:%d-%m-%Y}"
            report.add("houseblock_delivery_phase", **_delivery(draft, block, day), reason_nl=nl, reason_en=en)


def _delivery(draft: Draft, block: BlockDraft, day: date) -> dict[str, Any]:
    """What findings on a delivery say of its place."""
    return {
        "row": block.row,
        "column": block.where(f"delivery {day.isoformat()}"),
        "value": day,
        "project": draft.name,
        "severity": _softer(draft),
    }


def _totals(draft: Draft, block: BlockDraft, number: int, report: Report) -> None:
    """What is given of a division adds up to the number of homes."""
    content = block.block
    ground = [content.ground_formal, content.ground_intention, content.ground_none]
    totals = {
        "houseblock_delivery_total": ("delivery", sum(d.number for d in content.deliveries)),
        "houseblock_ownership_total": ("owner", sum(block.owners.values()) + block.owner_unknown),
        "houseblock_house_type_total": (
            "house_type",
            (content.single_family or 0) + (content.multi_family or 0) + block.type_unknown,
        ),
        "houseblock_ground_position_total": ("ground", sum(n or 0 for n in ground)),
    }
    for name, code in _SHARE_CODES.items():
        totals[code] = (name, block.shares.get(name, 0))
    for code, (group, total) in totals.items():
        if not total or total == number or group in block.bad or (draft.lenient and total < number):
            continue
        report.add(code, row=block.row, column=block.where(group), value=total, project=draft.name, number=number)


def _prices(draft: Draft, block: BlockDraft, report: Report) -> None:
    for kind, prices in block.prices.items():
        group = f"price {kind.value}"
        total, number = sum(p.number for p in prices), block.owners.get(kind, 0)
        if total != number and "owner" not in block.bad and group not in block.bad:
            report.add(
                f"houseblock_ownership_{OWNER_KEYS[kind]}_total",
                row=block.row,
                column=block.where(f"owner {kind.value}"),
                value=total,
                project=draft.name,
                number=number,
            )
        # The export of another DIWI has rows of either form side by side, which the register can keep.
        if len(prices) < 2 or draft.lenient:
            continue
        if any(p.option for p in prices) and any(p.amount for p in prices):
            report.add(
                f"houseblock_ownership_{OWNER_KEYS[kind]}_multiple_types",
                row=block.row,
                column=block.where(group),
                project=draft.name,
            )
