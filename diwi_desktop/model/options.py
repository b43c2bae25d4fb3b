"""What a register has once for all its plans: the municipality, and the choices in its lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

N = TypeVar("N", int, float)


class Range(NamedTuple, Generic[N]):
    """`low` to `high`; equal for a single value; `high` None means "and more"."""

    low: N
    high: N | None

    @property
    def single(self) -> bool:
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Option:
    """A choice in a list of the municipality. `bounds` in euro cents for price classes."""

    id: str
    list: str
    name: str
    level: int | None = None
    bounds: Range[int] | None = None
    disabled: bool = False

    @property
    def ordinal_label(self) -> str:
        """How ranked options are shown and imported: "<level> <name>"."""
        return self.name if self.level is None else f"{self.level} {self.name}"


@dataclass(frozen=True, slots=True)
class Municipality:
    """The municipality whose register this is. `code` four digits; `prefix` starts every project code."""

    code: str
    name: str
    province: str
    region: str = ""
    prefix: str = ""
    id: str = ""
