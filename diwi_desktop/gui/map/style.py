"""From the theme's colour tokens and `maps/style.toml` to what the painter needs, as plain values.

`PaintSpec` is the part that travels to the worker processes; `MapStyle` is what the window's own drawing
uses.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from PySide6.QtGui import QColor

from diwi_desktop import assets
from diwi_desktop.gui import theme
from diwi_desktop.gui.map.spec import FabricSpec, PaintSpec, Rgba

PHASES = 7
STATUSES = ("hard", "soft", "none", "lapsed")


@dataclass(frozen=True)
class MapStyle:
    """Colours by name for this theme, and the sizes of `maps/style.toml`."""

    name: str
    tokens: Mapping[str, str]
    sheet: Mapping[str, Any]

    def colour(self, token: str, alpha: float = 1.0) -> QColor:
        """The colour of a token, with an opacity of 0 to 1; KeyError for a token that nobody defines."""
        colour = QColor(self.tokens[token])
        colour.setAlphaF(alpha)
        return colour

    def status_token(self, status: str) -> str:
        """The token of a plan status class."""
        token: str = self.sheet["status"][status]["colour"]
        return token

    def face(self, token: str) -> QColor:
        """The fill of plans in a colour."""
        return self.colour(token, self.sheet["plan"]["fill_alpha"])

    def edge(self, token: str) -> QColor:
        """The outline of plans in a colour: a shade further from the ground than the fill, so that pale ones
        stay visible.
        """
        colour = self.colour(token)
        return colour.lighter(112) if self.dark else colour.darker(145)

    def dash(self, status: str) -> tuple[float, ...]:
        """The dash pattern of a plan status class in pen widths; empty for a solid line."""
        return tuple(self.sheet["status"][status]["dash"])

    def paint_spec(
        self,
        by: str,
        *,
        parcels: bool,
        buildings: bool,
        plans: bool,
        picture: bool,
        photo: bool,
        dpr: float,
    ) -> PaintSpec:
        """What the tile painter needs. `by` is "phase" or "status"; `picture` says a base map lies beneath,
        `photo` that it is a photo.
        """
        plan = self.sheet["plan"]
        if by == "status":
            tokens = [self.status_token(status) for status in STATUSES]
        else:
            tokens = [*(f"phase{phase}" for phase in range(PHASES + 1)), self.status_token("lapsed")]
        return PaintSpec(
            parcel=self._fabric("parcel", "map_land", "map_parcel", picture, photo) if parcels else None,
            building=self._fabric("building", "map_building", "map_building_line", picture, photo)
            if buildings
            else None,
            plans=plans,
            # What was given up comes last, and is an outline only.
            plan_fill=(*(_rgba(self.face(token)) for token in tokens[:-1]), _rgba(self.face(tokens[-1]), 0.0)),
            plan_line=tuple(_rgba(self.edge(token)) for token in tokens),
            dashes=tuple(self.dash(status) for status in STATUSES),
            line_width=plan["line_width"],
            dot_below_px=plan["dot_below_px"],
            dot_radius=plan["dot_radius"],
            ground=_rgba(self.colour("map_ground")),
            dpr=dpr,
            over_picture=picture,
        )

    @property
    def dark(self) -> bool:
        """Whether light text stands on a dark ground."""
        return QColor(self.tokens["surface"]).lightnessF() < 0.5

    def _fabric(self, kind: str, fill: str, line: str, picture: bool, photo: bool) -> FabricSpec:
        sheet, light = self.sheet[kind], self.sheet["photo"]
        # Over a base map the parcels are lines only, else they would hide it.
        return FabricSpec(
            fill=_rgba(self.colour(fill), 0.0 if picture else 1.0),
            line=_rgba(QColor(light["line"]), light["line_alpha"]) if photo else _rgba(self.colour(line)),
            splat_px=sheet["splat_px"],
            line_from_px=sheet["line_from_px"],
            line_to_px=sheet["line_to_px"],
            line_width=sheet["line_width"],
        )


def map_style(tokens: Mapping[str, str] | None = None) -> MapStyle:
    """The style for a theme's tokens (see gui/theme.py), None for the light theme."""
    given = theme.tokens("light") if tokens is None else tokens
    name = next((known for known in theme.NAMES if theme.tokens(known)["surface"] == given["surface"]), "light")
    if name == "light" and QColor(given["line"]).lightnessF() < 0.2:
        name = "high_contrast"  # white as well, but with lines as dark as the text
    sheet = _sheet()
    return MapStyle(name, {**sheet["tokens"][name], **given}, sheet)


@cache
def _sheet() -> dict[str, Any]:
    with assets.map_file("style.toml").open("rb") as file:
        return tomllib.load(file)


def _rgba(colour: QColor, alpha: float = 1.0) -> Rgba:
    return (colour.red(), colour.green(), colour.blue(), round(colour.alphaF() * alpha * 255))
