"""Checking a register: all rules on all its plans, at any moment."""

from __future__ import annotations

from collections.abc import Callable

from diwi_desktop.model.finding import Cancelled, Finding, Severity
from diwi_desktop.model.moment import Moment
from diwi_desktop.quality.rule import Context
from diwi_desktop.quality.rules import findings
from diwi_desktop.quality.together import register_findings
from diwi_desktop.store import Store, queries
from diwi_desktop.store import plans as store_plans

_STEP = 50  # plans between two reports of progress


def context_of(store: Store, moment: Moment | None = None) -> Context:
    """What the rules need to know of a store besides its plans."""
    return Context(
        options=queries.options(store, moment),
        catalogue=store.catalogue,
        moment=moment or store.moment(),
        municipality=queries.municipality(store),
    )


def check_plan(store: Store, project: str, moment: Moment | None = None) -> list[Finding]:
    """The findings on one plan by itself: what a project page shows after every edit. Raises UserError."""
    with store.snapshot():
        return findings(store_plans.plan(store, project, moment), context_of(store, moment))


def check(
    store: Store,
    moment: Moment | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[Finding]:
    """All findings on all plans, errors first, then by project name. Raises Cancelled."""
    with store.snapshot():
        context = context_of(store, moment)
        plans = store_plans.plans(store, moment)
    found: dict[Severity, list[Finding]] = {severity: [] for severity in Severity}
    for done, plan in enumerate(plans):
        if done % _STEP == 0:
            if cancelled is not None and cancelled():
                raise Cancelled
            if progress is not None:
                progress(done, len(plans))
        for finding in findings(plan, context):
            found[finding.severity].append(finding)
    for finding in register_findings(plans, context):
        found[finding.severity].append(finding)
    if progress is not None:
        progress(len(plans), len(plans))
    # Bit by bit: letting go of 5,000 plans, or sorting all findings, at once keeps Python's lock from every other
    # thread for a tenth of a second. Each severity is nearly in order already, as the plans were.
    while plans:
        del plans[-_STEP:]
    return [
        finding
        for some in found.values()
        for finding in sorted(some, key=lambda f: (f.project_name.casefold(), f.project))
    ]
