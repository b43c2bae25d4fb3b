"""The tour without a screen leaves what it promises: pictures, the file for the province, an account in words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pyogrio
from PySide6.QtGui import QImage

from diwi_desktop.model.clock import SystemClock
from diwi_desktop.store import Store, queries
from diwi_desktop.store.verify import verify

SHOTS = ("overzicht", "ingelezen", "percelen-kiezen", "plangebied", "planning", "meldingen", "aangeleverd")


def test_the_tour(tmp_path: Path) -> None:
    folder = tmp_path / "rondleiding"
    done = subprocess.run(
        [sys.executable, "-m", "diwi_desktop.tour", str(folder), "--projects", "30", "--parcels", "1500"],
        capture_output=True, encoding="utf-8", timeout=120, check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].endswith(str(folder))

    pictures = [QImage(str(folder / f"{n}-{name}.png")) for n, name in enumerate(SHOTS, start=1)]
    for picture in pictures:
        assert (picture.width(), picture.height()) == (1600, 1000)
    assert len({picture.cacheKey() for picture in pictures}) == len(SHOTS)
    assert pictures[2] != pictures[3]

    features = json.loads((folder / "zuid-holland.geojson").read_text(encoding="utf-8"))["features"]
    names = [feature["properties"]["plannaam"] for feature in features]
    assert "Tuinen van Duinwijk" in names
    drawn = next(feature for feature in features if feature["properties"]["plannaam"] == "Tuinen van Duinwijk")
    assert drawn["geometry"]["type"] == "MultiPolygon"
    assert pyogrio.read_info(folder / "zuid-holland.geojson")["features"] == len(features)

    account = (folder / "verslag.txt").read_text(encoding="utf-8").splitlines()
    assert len(account) >= 6
    assert any(f"{len(features)} projecten" in line for line in account)
    with Store.open(folder / "rondleiding.diwi", author="lezer", clock=SystemClock(), read_only=True) as store:
        assert verify(store) == []
        assert len(queries.submissions(store)) == 1
