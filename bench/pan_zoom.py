"""Pan and zoom over 100,000 parcels: how long a frame takes, and how long the window stands still.

`python -m bench.pan_zoom [--parcels N]` prints the figures. A frame is one painting of the map; a gap is the
time between two turns of the window's event loop, measured with a timer that asks for a turn every 4 ms.
"""

from __future__ import annotations

import argparse
import math
import os
import time
from dataclasses import dataclass

import numpy as np
import shapely

FRAME_BAR_MS = 16.0
GAP_BAR_MS = 100.0

_SIZE = (1600, 1000)
_PER_BLOCK = 24
_BEAT_MS = 4


@dataclass(frozen=True)
class Figures:
    """What one run measured, in milliseconds."""

    parcels: int
    frames: int
    frame_p50: float
    frame_p95: float
    frame_max: float
    gap_p99: float
    gap_max: float
    first_full: float


def town(parcels: int) -> tuple[np.ndarray, list[str], np.ndarray]:
    """Parcels that share boundaries in blocks of 24 between streets, their designations, and houses; about
    eleven vertices each, as cadastral parcels have. The same for the same number.
    """
    blocks = -(-parcels // _PER_BLOCK)
    side = math.isqrt(blocks - 1) + 1
    block = np.repeat(np.arange(blocks), _PER_BLOCK)
    place = np.tile(np.arange(_PER_BLOCK), blocks)
    row, column = place // 12, place % 12
    bx, by = block % side, block // side
    ox, oy = 104_000 + bx * 150 + 20 * np.sin(by / 3), 502_000 + by * 96 + 14 * np.sin(bx / 4)
    skew = 0.15 * np.sin((bx + by) / 9)

    def ring(local: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
        return np.stack(
            [np.column_stack([ox + x - skew * y, oy + y + skew * x]) for x, y in [*local, local[0]]], axis=1
        )

    x0, x1, y0, y1 = column * 11.4, (column + 1) * 11.4, row * 40.0, (row + 1) * 40.0
    thirds = [(x0 + (x1 - x0) * share, y0 + (y1 - y0) * share) for share in (1 / 3, 2 / 3)]
    outline = [
        (x0, y0), (thirds[0][0], y0), (thirds[1][0], y0), (x1, y0), (x1, thirds[0][1]),
        (x1, y1), (thirds[1][0], y1), (thirds[0][0], y1), (x0, y1), (x0, thirds[0][1]),
    ]  # fmt: skip
    h0 = y0 + np.where(row == 0, 8.0, 22.0)
    house = [
        (x0 + 0.3, h0),
        (x1 - 0.3, h0),
        (x1 - 0.3, h0 + 10),
        (x0 + 5, h0 + 10),
        (x0 + 5, h0 + 13),
        (x0 + 0.3, h0 + 13),
    ]
    names = [f"HMK00-{'ABCDEFGH'[number % 8]}-{number + 1}" for number in range(len(block))]
    return shapely.polygons(ring(outline)), names, shapely.polygons(ring(house))


def run(parcels: int = 100_000, plans: int = 250) -> Figures:
    """Open a canvas without a screen, pan and zoom through the town as a hand does, and measure."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QEvent, QEventLoop, QPoint, QPointF, Qt, QTimer
    from PySide6.QtGui import QMouseEvent, QPaintEvent, QWheelEvent
    from PySide6.QtWidgets import QApplication

    from diwi_desktop.gui.map.canvas import MapCanvas
    from diwi_desktop.gui.map.scene import BaseLayer, PlanShape

    app = QApplication.instance() or QApplication([])
    shapes, names, houses = town(parcels)

    class Measured(MapCanvas):
        frames: list[float] = []  # noqa: RUF012

        def paintEvent(self, event: QPaintEvent) -> None:
            began = time.perf_counter()
            super().paintEvent(event)
            self.frames.append((time.perf_counter() - began) * 1e3)

    canvas = Measured()
    canvas.resize(*_SIZE)
    rng = np.random.default_rng(7)
    chosen = rng.choice(len(shapes) // _PER_BLOCK, plans, replace=False) * _PER_BLOCK
    canvas.set_plans(
        [
            PlanShape(
                str(n), shapely.MultiPolygon([shapely.union_all(shapes[at : at + 6])]), f"Plan {n}", str(n % 7 + 1)
            )
            for n, at in enumerate(chosen)
        ]
    )
    canvas.show()
    began = time.perf_counter()
    canvas.set_base(BaseLayer(shapes, names), BaseLayer(houses))

    def turn(milliseconds: float) -> None:
        until = time.perf_counter() + milliseconds / 1e3
        while (left := until - time.perf_counter()) > 0:
            app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, max(1, int(left * 1e3)))
            time.sleep(0.0005)

    while canvas._made_engine is None or canvas._made_engine.parcels.snapping is None or not canvas.is_settled():
        turn(5)
    first_full = (time.perf_counter() - began) * 1e3

    gaps: list[float] = []
    last = time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append((now - last) * 1e3)
        last = now

    heart = QTimer()
    heart.setTimerType(Qt.TimerType.PreciseTimer)
    heart.timeout.connect(beat)
    canvas.frames.clear()
    last = time.perf_counter()
    heart.start(_BEAT_MS)

    def mouse(kind: QEvent.Type, place: QPointF, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
        app.sendEvent(canvas, QMouseEvent(kind, place, place, button, held, Qt.KeyboardModifier.NoModifier))

    def pan(dx: int, dy: int, steps: int = 25) -> None:
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        start = QPointF(_SIZE[0] / 2, _SIZE[1] / 2)
        mouse(QEvent.Type.MouseButtonPress, start, left, left)
        for step in range(1, steps + 1):
            mouse(QEvent.Type.MouseMove, start + QPointF(dx, dy) * (step / steps), none, left)
            turn(12)
        mouse(QEvent.Type.MouseButtonRelease, start + QPointF(dx, dy), left, none)

    def zoom(notches: int, x: float, y: float) -> None:
        for _ in range(abs(notches)):
            sign = 1 if notches > 0 else -1
            app.sendEvent(
                canvas,
                QWheelEvent(
                    QPointF(x, y),
                    QPointF(x, y),
                    QPoint(),
                    QPoint(0, 120 * sign),
                    Qt.MouseButton.NoButton,
                    Qt.KeyboardModifier.NoModifier,
                    Qt.ScrollPhase.NoScrollPhase,
                    False,
                ),  # fmt: skip
            )
            turn(45)

    for _ in range(2):
        zoom(5, 900, 400)
        pan(-600, 200)
        zoom(4, 500, 600)
        pan(500, -400)
        pan(400, 300)
        zoom(3, 800, 500)
        pan(-700, 0)
        zoom(-6, 800, 500)
        pan(0, -500)
        zoom(-8, 700, 500)
        turn(400)
    heart.stop()
    canvas.close()
    canvas.deleteLater()
    app.processEvents()
    frames = np.array(canvas.frames)
    return Figures(
        parcels=len(shapes),
        frames=len(frames),
        frame_p50=float(np.percentile(frames, 50)),
        frame_p95=float(np.percentile(frames, 95)),
        frame_max=float(frames.max()),
        gap_p99=float(np.percentile(gaps, 99)),
        gap_max=float(max(gaps)),
        first_full=first_full,
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parcels", type=int, default=100_000)
    found = run(parser.parse_args().parcels)
    print(f"{found.parcels} parcels, {found.frames} frames, complete after {found.first_full:.0f} ms")
    print(f"frame  p50 {found.frame_p50:.1f}  p95 {found.frame_p95:.1f}  max {found.frame_max:.1f} ms")
    print(f"stall  p99 {found.gap_p99:.1f}  max {found.gap_max:.1f} ms")


if __name__ == "__main__":
    main()
