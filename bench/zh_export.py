"""The Zuid-Holland export of 5,000 projects x 10 blocks: linear against 500, and within 10 s.

The original needed more than 240 s at 500 projects (functional reference 11.4).
"""

from __future__ import annotations

import shutil
from pathlib import Path

import shapely

from bench.register import open_register, register
from bench.result import Result, paired
from diwi_desktop.exchange.provinces import FieldMapping, export, profile, save_mapping
from diwi_desktop.geo.shape import to_ewkb
from diwi_desktop.store import Store, queries

_CLIENT, _CATEGORY = "Gemeente", "1b kansrijke plannen"


def measure() -> list[Result]:
    with _deliverable(500) as small, _deliverable(5_000) as large:
        out = large.path.with_suffix(".geojson")
        value, base = paired(lambda: _export(large, out), lambda: _export(small, small.path.with_suffix(".geojson")), 3)
    size = out.stat().st_size / 1e6
    return [
        Result(f"Zuid-Holland export, 5,000 projects ({size:.0f} MB), against 500", value, base, 12),
        Result("Zuid-Holland export, 5,000 projects x 10 blocks", value, 0, 10),
    ]


def _deliverable(projects: int) -> Store:
    """A copy of the register that can be delivered as it is."""
    path = register(projects)
    own = path.with_name(f"export-{path.name}")
    shutil.copyfile(path, own)
    store = open_register(own, read_only=False)
    _make_deliverable(store)
    return store


def _make_deliverable(store: Store) -> None:
    """A town and a contour of sixty corners for every project, and a mapping."""
    town = queries.option_list(store, "municipality")[0].id
    with store.act("Gereedmaken") as act:
        for place, row in enumerate(queries.entities(store, "project")):
            centre = shapely.Point(80_000 + place % 100 * 300, 430_000 + place // 100 * 300)
            shape = shapely.MultiPolygon([shapely.set_precision(centre.buffer(100, quad_segs=15), 0.001)])
            act.set("project", row["id"], "municipality", town)
            act.create("plan_area", {"project_id": row["id"], "geometry": to_ewkb(shape)})
    fixed = {"opdrachtgever_type": _CLIENT, "ph_text1": _CATEGORY, "ph_short2": "0"}
    save_mapping(store, profile("zuid_holland"), {key: FieldMapping(key, constant=text) for key, text in fixed.items()})


def _export(store: Store, out: Path) -> None:
    export(store, profile("zuid_holland"), out)
