"""A move in the making: what one drag or one series of keys would change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from diwi_desktop.gui.timeline.homes import Years, changed_years
from diwi_desktop.model.derive import homes_per_year
from diwi_desktop.model.plan import Plan
from diwi_desktop.planning.shift import Move, moved_plan, shift


@dataclass(frozen=True)
class Draft:
    """The item with id `item` going to the day `to`; with `follow` what comes after it moves along."""

    plan: Plan
    item: str
    to: date
    follow: bool

    @cached_property
    def moves(self) -> list[Move]:
        return shift(self.plan, self.item, self.to, follow=self.follow)

    @cached_property
    def after(self) -> Plan:
        """The plan as it would be."""
        return moved_plan(self.plan, self.moves)

    @cached_property
    def days(self) -> int:
        """By how many days the item itself moves."""
        return next(((m.new - m.old).days for m in self.moves if m.entity == self.item), 0)

    @property
    def followers(self) -> int:
        """How many other milestones and deliveries move along."""
        return sum(1 for m in self.moves if m.entity != self.item and m.kind != "project")

    @cached_property
    def years(self) -> Years:
        return homes_per_year(self.after.blocks)

    @property
    def changed(self) -> dict[int, tuple[tuple[int, int], tuple[int, int]]]:
        """The years in which the homes change, before and after."""
        return changed_years(homes_per_year(self.plan.blocks), self.years)
