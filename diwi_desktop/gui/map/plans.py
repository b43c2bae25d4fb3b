"""The plans on the map: which changed, which is hit, where their labels stand."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import shapely

from diwi_desktop.geo.ragged import Floats, Ragged, pack
from diwi_desktop.geo.snap import SnapIndex
from diwi_desktop.gui.map.labels import PlacedLabels, place
from diwi_desktop.gui.map.paint import Layer, typical_size
from diwi_desktop.gui.map.scene import PlanShape
from diwi_desktop.gui.map.view import Bounds

# Beyond this many changed plans all tiles are drawn again rather than looking which.
_FEW = 60


class PlanSet:
    """An unchangeable set of plans, prepared for drawing, hitting and snapping."""

    def __init__(self, plans: Sequence[PlanShape] = (), old: "PlanSet | None" = None) -> None:
        """`old` lends what it knows of the plans that it has too."""
        self.by_id = {plan.id: plan for plan in plans}
        # In an order that does not hang on what was read when: it decides between plans of one size.
        with_area = sorted((plan for plan in plans if _has_area(plan)), key=lambda plan: plan.id)
        areas = shapely.area(np.array([plan.geometry for plan in with_area], dtype=object))
        # Large ones first, so that small ones are drawn on top.
        order = np.argsort(-areas, kind="stable")
        self.drawn = [with_area[index] for index in order]
        self._areas: Floats = areas[order]
        self.shapes: Ragged = pack([plan.geometry for plan in self.drawn])
        self.snapping = SnapIndex(self.shapes, [plan.id for plan in self.drawn])
        self.anchors = self._anchors(old)
        box = self.shapes.bounds
        self.extents: Floats = np.maximum(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1])

    def _anchors(self, old: "PlanSet | None") -> Floats:
        """Where labels stand, worked out for the plans that `old` does not have with the same area."""
        known = {} if old is None else {id(plan.geometry): at for at, plan in enumerate(old.drawn)}
        places = np.array([known.get(id(plan.geometry), -1) for plan in self.drawn], dtype=np.int64)
        out = np.zeros((len(self.drawn), 2))
        if old is not None:
            out[places >= 0] = old.anchors[places[places >= 0]]
        new = np.flatnonzero(places < 0)
        out[new] = _anchors(np.array([self.drawn[at].geometry for at in new.tolist()], dtype=object))
        return out

    def layer(self, by: str) -> Layer:
        """The plans for the tile painter, coloured by "phase" or "status"."""
        colour = [plan.status_index if by == "status" else plan.phase_index for plan in self.drawn]
        dash = [plan.status_index for plan in self.drawn]
        return Layer(self.shapes, np.array(colour, np.uint8), np.array(dash, np.uint8), typical_size(self.shapes))

    def labelled(self, size: Callable[[str], tuple[float, float]]) -> PlacedLabels:
        """The labels, worked out for the sizes that `size` gives."""
        return self.labelled_with([size(plan.label) for plan in self.drawn])

    def labelled_with(self, sizes: Sequence[tuple[float, float]]) -> PlacedLabels:
        """The labels, worked out for these sizes in window pixels, in the order of `drawn`."""
        texts = [plan.label for plan in self.drawn]
        owners = [plan.id for plan in self.drawn]
        return place(owners, texts, self.anchors, np.array(sizes, dtype=float).reshape(-1, 2), self.extents)

    def labelled_as(self, old: "PlanSet") -> bool:
        """Whether every label says the same in the same place as in `old`, and shows from the same zoom on."""
        return (
            np.array_equal(self.anchors, old.anchors)
            and np.array_equal(self.extents, old.extents)
            and all(
                one is other or (one.id, one.label) == (other.id, other.label)
                for one, other in zip(self.drawn, old.drawn, strict=True)
            )
        )

    def changed_since(self, old: "PlanSet") -> list[Bounds] | None:
        """Where the picture differs from that of `old`, as boxes; None when nearly everywhere."""
        both = [plan_id for plan_id in self.by_id if plan_id in old.by_id]
        pairs = [(self.by_id[plan_id], old.by_id[plan_id]) for plan_id in both]
        pairs = [pair for pair in pairs if pair[0] is not pair[1]]
        now, then = (np.array([pair[side].geometry for pair in pairs], dtype=object) for side in (0, 1))
        same = shapely.equals_identical(now, then) | (shapely.is_missing(now) & shapely.is_missing(then))
        changed = [
            plan
            for pair, unmoved in zip(pairs, same.tolist(), strict=True)
            if not (unmoved and _look(pair[0]) == _look(pair[1]))
            for plan in pair
        ]
        changed += [self.by_id[plan_id] for plan_id in self.by_id.keys() - old.by_id.keys()]
        changed += [old.by_id[plan_id] for plan_id in old.by_id.keys() - self.by_id.keys()]
        if len(changed) > _FEW:
            return None
        return [plan.geometry.bounds for plan in changed if plan.geometry is not None and _has_area(plan)]

    def at(self, x: float, y: float, reach: float) -> PlanShape | None:
        """The smallest plan at an RD point, else the nearest whose middle lies within `reach` metres."""
        hits = [index for index in self.shapes.touching(x, y, x, y).tolist() if self.shapes.contains(index, x, y)]
        if hits:
            return self.drawn[min(hits, key=lambda index: float(self._areas[index]))]
        if not len(self.anchors):
            return None
        away = np.hypot(self.anchors[:, 0] - x, self.anchors[:, 1] - y)
        # Only where the plan is no more than a dot: beside a visible plan is beside it.
        away[self.extents > 2 * reach] = np.inf
        nearest = int(np.argmin(away))
        return self.drawn[nearest] if away[nearest] <= reach else None

    def touching(self, bounds: Bounds) -> list[PlanShape]:
        """The plans whose boxes meet `bounds`."""
        return [self.drawn[index] for index in self.shapes.touching(*bounds).tolist()]

    def extent(self, ids: Iterable[str]) -> Bounds | None:
        """The box around these plans."""
        boxes = [
            plan.geometry.bounds
            for plan_id in ids
            if (plan := self.by_id.get(plan_id)) is not None and plan.geometry is not None
        ]
        if not boxes:
            return None
        array = np.array(boxes)
        low, high = array.min(axis=0), array.max(axis=0)
        return float(low[0]), float(low[1]), float(high[2]), float(high[3])


class Change:
    """Another set of plans with what the map needs to show it instead of the old one. Made beside the window."""

    def __init__(self, plans: Sequence[PlanShape], old: PlanSet, by: str) -> None:
        self.plans = PlanSet(plans, old)
        self.by = by
        self.layer = self.plans.layer(by)
        self.where = self.plans.changed_since(old)
        self.labels_stay = self.plans.labelled_as(old)


def _anchors(geometries: "np.ndarray") -> Floats:
    """Where labels stand: the centroid of the largest part where that lies inside, else a point that does."""
    if not len(geometries):
        return np.zeros((0, 2))
    centre = shapely.centroid(geometries)
    inside = shapely.contains(geometries, centre)
    points = np.where(inside, centre, shapely.point_on_surface(geometries))
    return shapely.get_coordinates(points)


def _has_area(plan: PlanShape) -> bool:
    return plan.geometry is not None and not plan.geometry.is_empty


def _look(plan: PlanShape) -> tuple[int, int]:
    return plan.phase_index, plan.status_index
