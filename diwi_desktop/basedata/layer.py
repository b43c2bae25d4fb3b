"""What a reader of one file format gives: the features of a layer in columns, geometry not yet placed or
checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from diwi_desktop.geo.crs import Crs
from diwi_desktop.model.finding import Cancelled, UserError
from diwi_desktop.model.work import CancelCheck, Progress

Geometries = NDArray[np.object_]
Points = NDArray[np.float64]

#: A file is read for this share of the work; checking its geometry is the rest.
STEPS = 1_000
READ_STEPS = 800


class ReadError(UserError):
    """A file that cannot be read as what it was offered as: one sentence that says what is wrong and what
    to do.

    `code` is one of file_missing, file_empty, file_damaged, file_unsafe, file_unknown, file_too_deep,
    crs_unknown, crs_mixed, no_features, nothing_usable.
    """

    code = "file_damaged"


@dataclass
class Layer:
    """Features in columns. `columns` goes by plain names (see `plain`); None where a feature lacks the
    attribute.

    `geometry` holds raw shapely geometries in `crs`, None where a feature has none; `unreadable` says of
    which features the geometry could not be read at all.
    """

    columns: dict[str, list[Any]]
    geometry: Geometries
    crs: Crs
    format: str
    register: str = ""
    unreadable: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return len(self.geometry)

    def column(self, *names: str) -> list[Any]:
        """Per feature the first value that is present under any of these plain names, in this order."""
        found = [self.columns[name] for name in names if name in self.columns]
        if not found:
            return [None] * len(self)
        if len(found) == 1:
            return found[0]
        return [next((value for value in values if _present(value)), None) for values in zip(*found, strict=True)]


def _present(value: Any) -> bool:
    return value is not None and value != ""


@lru_cache(maxsize=4096)  # a file has few names and uses each of them very often
def plain(name: str) -> str:
    """An attribute name without case and punctuation: both spellings of PDOK give the same, and so does
    GML.
    """
    return "".join(character for character in name if character.isalnum()).lower()


class Watch:
    """Progress and cancelling in one: `Watch(progress, cancelled).step(0.3)`; raises Cancelled."""

    def __init__(self, progress: Progress | None, cancelled: CancelCheck | None) -> None:
        self._progress = progress
        self._cancelled = cancelled

    def step(self, share: float, *, start: int = 0, end: int = STEPS) -> None:
        """`share` (0 to 1) of the stretch from `start` to `end` steps is done."""
        if self._cancelled is not None and self._cancelled():
            raise Cancelled
        if self._progress is not None:
            self._progress(round(start + (end - start) * min(max(share, 0.0), 1.0)), STEPS)


@dataclass
class ShapeBuilder:
    """Collects the rings of many multipolygons and makes the geometries all at once, which is far quicker."""

    _points: list[Points] = field(default_factory=list)
    _ring_sizes: list[int] = field(default_factory=list)
    _rings: list[int] = field(default_factory=list)  # per polygon
    _polygons: list[int] = field(default_factory=list)  # per feature
    _bad: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self._polygons)

    def add(self, polygons: Iterable[Sequence[Points]]) -> None:
        """One feature: polygons as lists of rings (outline first), points (n, 2 or 3). None at all is no
        geometry.
        """
        checked = [[_closed(ring) for ring in rings] for rings in polygons]
        if not all(rings and all(ring is not None for ring in rings) for rings in checked):
            self.add_unreadable()
            return
        for rings in checked:
            whole = [ring for ring in rings if ring is not None]
            self._points += whole
            self._ring_sizes += [len(ring) for ring in whole]
            self._rings.append(len(whole))
        self._polygons.append(len(checked))

    def add_unreadable(self) -> None:
        """One feature whose geometry makes no sense."""
        self._bad.add(len(self._polygons))
        self._polygons.append(0)

    def build(self) -> tuple[Geometries, frozenset[int]]:
        """The geometries (None where a feature has none) and which features were unreadable."""
        result: Geometries = np.full(len(self._polygons), None, dtype=object)
        filled = np.array(self._polygons, dtype=np.int64) > 0
        if filled.any():
            offsets = tuple(
                np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
                for sizes in (self._ring_sizes, self._rings, np.array(self._polygons)[filled])
            )
            result[filled] = shapely.from_ragged_array(
                shapely.GeometryType.MULTIPOLYGON, np.concatenate(self._points), offsets
            )
        return result, frozenset(self._bad)


def _closed(ring: Points) -> Points | None:
    """A ring in 2D whose last point is its first; None when it is no ring."""
    if ring.ndim != 2 or ring.shape[1] < 2 or not np.isfinite(ring).all():
        return None
    points = ring[:, :2]
    if len(points) and (points[0] != points[-1]).any():
        points = np.vstack([points, points[:1]])
    return points if len(points) >= 4 else None


def damaged(detail_nl: str = "", detail_en: str = "") -> ReadError:
    """The sentence for a file that stops halfway or is not what its name says."""
    return ReadError(
        f"Het bestand is beschadigd of onvolledig{detail_nl}; haal het opnieuw op bij de bron.",
        f"The file is damaged or incomplete{detail_en}; fetch it again from its source.",
    )


def no_features(what_nl: str, what_en: str) -> ReadError:
    """The sentence for a file in which the wanted features do not occur."""
    return ReadError(
        f"In het bestand staan geen {what_nl}; kies een bestand met {what_nl}.",
        f"There are no {what_en} in the file; choose a file with {what_en}.",
        code="no_features",
    )
