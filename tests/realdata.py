"""Files of the real world that are too large or not ours to ship.

They stand in a folder beside the checkout, when there at all. Every test that uses one skips by name without
it, and a small fixture of our own covers the same ground.
"""

from pathlib import Path

import pytest

_FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"


def real_data(name: str) -> Path:
    """The path of the real file `name`; skips the calling test, naming the file, when it is not there."""
    path = _FOLDER / name
    if not path.exists():
        pytest.skip(f"real data file not present: {name}")
    return path
