"""Rules and signals over plans: `check` runs all of them on a store, `findings` those on one plan."""

from diwi_desktop.quality.check import Standing, check, check_plan, context_of
from diwi_desktop.quality.rule import Context
from diwi_desktop.quality.rules import findings

__all__ = ["Context", "Standing", "check", "check_plan", "context_of", "findings"]
