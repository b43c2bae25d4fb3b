"""QGIS itself as a reader, where it is installed (`apt-get install python3-qgis`): it needs a Python of its own."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

_PATIENCE = 120.0

# The providers of QGIS may print, so what is found goes to a file of its own.
_SCRIPT = """
import json, sys
from qgis.core import QgsApplication, QgsVectorLayer
application = QgsApplication([b"qgis"], True)
application.initQgis()
found = []
for source, provider in json.loads(sys.argv[1]):
    layer = QgsVectorLayer(source, "layer", provider)
    features = list(layer.getFeatures()) if layer.isValid() else []
    box = layer.extent()
    found.append({
        "valid": layer.isValid(), "crs": layer.crs().authid(), "fields": layer.fields().names(),
        "features": [[f.geometry().asWkb().data().hex() if f.hasGeometry() else None,
                      [v if isinstance(v, (str, int, float)) else None for v in f.attributes()]] for f in features],
        "box": [box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()] if features else None,
        "editable": layer.isValid() and layer.startEditing(),
    })
with open(sys.argv[2], "w") as target:
    json.dump(found, target)
"""


@functools.cache
def _python() -> str | None:
    for name in (os.environ.get("DIWI_QGIS_PYTHON"), "/usr/bin/python3", shutil.which("python3")):
        if name and Path(name).exists():
            tried = subprocess.run([name, "-c", "import qgis.core"], capture_output=True, check=False)
            if tried.returncode == 0:
                return name
    return None


def opened(folder: Path, *sources: tuple[str, str]) -> list[dict[str, Any]]:
    """What QGIS finds in layers, each given as (source, name of the provider).

    Per layer `valid`, `crs`, `fields`, `features` (hexadecimal WKB and attributes), `box` (of all features, in the
    layer's coordinates) and `editable`. Skips the calling test, saying so, where QGIS is not installed.
    """
    python = _python()
    if python is None:
        pytest.skip("QGIS (package python3-qgis) is not here")
    target = folder / "qgis.json"
    outside = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "QT_", "VIRTUAL_ENV"))}
    outside |= {"QT_QPA_PLATFORM": "offscreen", "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    subprocess.run(
        [python, "-c", _SCRIPT, json.dumps(sources), str(target)],
        env=outside, check=True, capture_output=True, timeout=_PATIENCE,
    )  # fmt: skip
    return list(json.loads(target.read_text(encoding="utf-8")))
