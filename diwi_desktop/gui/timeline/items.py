"""What stands on the timeline: every milestone and delivery of a plan as one item in its lane, in words too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from PySide6.QtCore import QDate, QLocale

from diwi_desktop.gui.fields.words import code_label, homes, signed
from diwi_desktop.gui.language import language, translate
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import MilestoneBasis, MilestoneState
from diwi_desktop.model.derive import lane
from diwi_desktop.model.notation import format_number
from diwi_desktop.model.plan import Block, Delivery, Milestone, Plan
from diwi_desktop.planning.lead_times import Span, add_months, span_of, table_on

Day: TypeAlias = date  # the type, where a field is called date


class Lane(StrEnum):
    """The lanes, top to bottom."""

    PHASE = "phase"
    STATUS = "status"
    MILESTONE = "milestone"
    DELIVERY = "delivery"


@dataclass(frozen=True, slots=True)
class Item:
    """A milestone or delivery. `title` is its full name, `label` what stands beside it, `short` what may replace it.

    `end` is where the bar of a phase or status ends, `value` the phase or status it starts; `number` homes, negative
    for demolition; `span` the lead time it comes from.
    """

    id: str
    kind: str
    lane: Lane
    date: Day
    state: MilestoneState
    title: str
    label: str
    short: str = ""
    end: Day | None = None
    value: str = ""
    number: int = 0
    overdue: bool = False
    span: Span | None = None
    note: str = ""

    @property
    def open(self) -> bool:
        return self.state in (MilestoneState.PLANNED, MilestoneState.FORECAST)

    @property
    def spread(self) -> tuple[Day, Day] | None:
        """The earliest and latest day by the spread of its lead time."""
        if self.span is None:
            return None
        return (
            add_months(self.date, self.span.low - self.span.months),
            add_months(self.date, self.span.high - self.span.months),
        )


def items_of(plan: Plan, today: date) -> list[Item]:
    """The items of a plan, by lane and date."""
    ends = {step.milestone.id: step.end for name in ("phase", "status") for step in lane(plan.milestones, name)}
    found = [_milestone(m, ends, plan.end_date, today) for m in plan.milestones]
    found += [_delivery(block, d, today) for block in plan.blocks for d in block.deliveries]
    lanes = list(Lane)
    return sorted(found, key=lambda i: (lanes.index(i.lane), i.date, i.title, i.id))


def _milestone(m: Milestone, ends: dict[str, date | None], plan_end: date, today: date) -> Item:
    code = code_list("milestone_type").by_key[m.type]
    where = Lane(code.extra["lane"])
    title = code.label(language())
    label, short, value = title, "", str(code.extra.get("value", ""))
    if where is Lane.PHASE:
        label = code_label("phase", value)
        short = label.split(" ", 1)[0]
    elif where is Lane.STATUS:
        label = code_label("plan_status", value)
        short = label.split(" ", 1)[0]
    elif language() == "nl":
        short = str(code.extra.get("short", ""))
    overdue = _overdue(m.state, m.date, today)
    end = None
    if where is not Lane.MILESTONE and m.state is not MilestoneState.ABORTED:
        end = ends.get(m.id) or (plan_end if plan_end > m.date else None)
    from_lead_time = m.basis is MilestoneBasis.LEAD_TIME and m.state is not MilestoneState.REALIZED
    return Item(
        id=m.id,
        kind="milestone",
        lane=where,
        date=m.date,
        state=m.state,
        title=title,
        label=f"! {label}" if overdue and where is Lane.PHASE else label,
        short=short,
        end=end,
        value=value,
        overdue=overdue,
        span=span_of(m.type, table_on(today)) if from_lead_time else None,
        note=m.note or "",
    )


def _delivery(block: Block, d: Delivery, today: date) -> Item:
    return Item(
        id=d.id,
        kind="delivery",
        lane=Lane.DELIVERY,
        date=d.date,
        state=d.state,
        title=f"{block.name}, {homes(d.number)}" if block.sign > 0 else _demolition(block.name, d.number),
        label=f"! {block.name}" if _overdue(d.state, d.date, today) else block.name,
        number=block.sign * d.number,
        overdue=_overdue(d.state, d.date, today),
    )


def _overdue(state: MilestoneState, day: date, today: date) -> bool:
    return day < today and state in (MilestoneState.PLANNED, MilestoneState.FORECAST)


def _demolition(name: str, number: int) -> str:
    return translate("Timeline", "{0}, sloop van {1}").format(name, homes(number))


def day_in_words(day: date) -> str:
    """1 maart 2027."""
    return QLocale(language()).toString(QDate(day.year, day.month, day.day), "d MMMM yyyy")


def month_name(day: date, pattern: str) -> str:
    """The name of a month: "MMMM" maart, "MMM" mrt."""
    return QLocale(language()).toString(QDate(day.year, day.month, 1), pattern).rstrip(".")


def words(item: Item) -> str:
    """Omgevingsvergunning verleend, gepland, 1 maart 2027."""
    state = code_label("milestone_state", item.state.value).lower()
    text = f"{item.title}, {state}, {day_in_words(item.date)}"
    if item.overdue:
        text += ", " + translate("Timeline", "datum voorbij")
    return text


def tooltip(item: Item) -> str:
    """The item in words, with its note and where its date comes from."""
    lines = [words(item)]
    if item.note:
        lines.append(item.note)
    spread = item.spread
    if item.span is not None and spread is not None:
        text = translate(
            "Timeline", "Verwacht uit doorlooptijd: {0} maanden (spreiding {1} tot {2}), dus van {3} tot {4}."
        )
        span = item.span
        lines.append(text.format(span.months, span.low, span.high, *(day_in_words(day) for day in spread)))
        lines.append(translate("Timeline", "Bron: {0}.").format(span.source))
    return "\n".join(lines)


def year_words(year: int, built: int, gone: int) -> str:
    """2028: 24 woningen gebouwd, 12 gesloopt, netto +12."""
    text = translate("Timeline", "{0}: {1} gebouwd, {2} gesloopt, netto {3}")
    return text.format(year, homes(built), format_number(gone), signed(built - gone))


def homes_words(before: tuple[int, int], after: tuple[int, int]) -> str:
    """What changes in one year: "24 → 48", with demolition as a negative number after it."""
    parts = []
    if before[0] != after[0]:
        parts.append(f"{before[0]} → {after[0]}")
    if before[1] != after[1]:
        parts.append(f"{signed(-before[1])} → {signed(-after[1])}")
    return ", ".join(parts)
