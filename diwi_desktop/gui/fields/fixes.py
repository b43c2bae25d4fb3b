"""One-click remedies for findings whose remedy needs no choosing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from diwi_desktop.gui.language import QT_TRANSLATE_NOOP, translate
from diwi_desktop.model.codes import Confidentiality, MilestoneState, OptionList, PlanType
from diwi_desktop.model.finding import Finding
from diwi_desktop.model.plan import Option


@dataclass(frozen=True)
class Fix:
    """Sets one field of the finding's entity. `label` is what the link says, `name` the act (Dutch, for the log)."""

    label: str
    name: str
    field: str
    value: Any


_DONE = MilestoneState.REALIZED.value
_PLANNED = MilestoneState.PLANNED.value
_FIXES = {
    "hard_plan_confidential": Fix(
        QT_TRANSLATE_NOOP("fixes", "Zet op Extern mede-overheden"),
        "Vertrouwelijkheid wijzigen", "confidentiality", Confidentiality.EXTERNAL_GOVERNMENTAL.value,
    ),
    "expansion_too_small": Fix(
        QT_TRANSLATE_NOOP("fixes", "Zet op Uitbreiding overig"),
        "Plantype wijzigen", "plan_types", [PlanType.UITBREIDING_OVERIG.value],
    ),
    "expansion_too_large": Fix(
        QT_TRANSLATE_NOOP("fixes", "Zet op Uitbreiding uitleg"),
        "Plantype wijzigen", "plan_types", [PlanType.UITBREIDING_UITLEG.value],
    ),
    "milestone_overdue": Fix(
        QT_TRANSLATE_NOOP("fixes", "Is gerealiseerd"), "Mijlpaal op gerealiseerd zetten", "state", _DONE
    ),
    "delivery_overdue": Fix(
        QT_TRANSLATE_NOOP("fixes", "Is opgeleverd"), "Oplevering op gerealiseerd zetten", "state", _DONE
    ),
    "milestone_realised_in_future": Fix(
        QT_TRANSLATE_NOOP("fixes", "Zet op gepland"), "Mijlpaal op gepland zetten", "state", _PLANNED
    ),
    "delivery_realised_in_future": Fix(
        QT_TRANSLATE_NOOP("fixes", "Zet op gepland"), "Oplevering op gepland zetten", "state", _PLANNED
    ),
    "block_start_outside_project": Fix(
        QT_TRANSLATE_NOOP("fixes", "Maak leeg"), "Opvoerdatum leegmaken", "start_date", None
    ),
}  # fmt: skip


def fix_for(finding: Finding, options: Sequence[Option]) -> Fix | None:
    """The remedy for a finding; None when a person has to choose. `options`: all options of the municipality."""
    found = _FIXES.get(finding.code)
    if found is not None:
        return found
    if finding.code == "field_missing" and finding.field == "municipality":
        usable = [o for o in options if o.list == OptionList.MUNICIPALITY and not o.disabled]
        if len(usable) == 1:
            return Fix(f"'{usable[0].name}'", "Gemeente invullen", "municipality", usable[0].id)
    return None


def fix_label(fix: Fix) -> str:
    """What the link says, in the language of the window."""
    return translate("fixes", fix.label)
