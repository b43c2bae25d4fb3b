"""When two people moved one contour: it merges by itself if both only added or took away parcels, and not the same."""

from __future__ import annotations

from typing import Any

import shapely
from shapely import MultiPolygon

from diwi_desktop.geo.edit import SLIVER_AREA
from diwi_desktop.geo.shape import ShapeError, from_ewkb, normalise, same_shape, to_ewkb_hex
from diwi_desktop.model.finding import UserError

PARCELS = "parcel_link"

# Borders that cross at every turn take the product of their points, in time and in memory; more of them is for people.
_MOST_POINTS = 5_000


def merge(base: Any, mine: Any, theirs: Any, *, parcels: bool) -> str | None:
    """The merged contour (EWKB in hexadecimal, RD), `theirs` itself when both are the same area, None to ask people.

    `parcels`: both sides changed the contour together with parcels. What each side added or took away must lie
    apart from what the other did, to less than `SLIVER_AREA` m2.
    """
    try:
        if not isinstance(base, str):  # nobody has checked what the author's laptop says it was
            return None
        was, here, there = (from_ewkb(text) for text in (base, mine, theirs))
        if same_shape(here, there):
            return str(theirs)
        if not parcels or sum(map(shapely.get_num_coordinates, (was, here, there))) > _MOST_POINTS:
            return None
        merged = _merged(was, here, there)
        return None if merged is None else to_ewkb_hex(merged)
    except (UserError, ShapeError, shapely.GEOSException):  # what cannot be computed is for people to see
        return None


def _merged(base: MultiPolygon, mine: MultiPolygon, theirs: MultiPolygon) -> MultiPolygon | None:
    added, gone = shapely.difference(mine, base), shapely.difference(base, mine)
    ours = shapely.symmetric_difference(mine, base)
    others = shapely.symmetric_difference(theirs, base)
    if shapely.area(shapely.intersection(ours, others)) >= SLIVER_AREA:
        return None
    return normalise(shapely.difference(shapely.union(theirs, added), gone))[0]
