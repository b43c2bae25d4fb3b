"""Having the map drawn: the engine behind it, what it is asked for, and whether all of that is there yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from diwi_desktop.gui import theme

if TYPE_CHECKING:
    from diwi_desktop.gui.map.canvas import MapCanvas
    from diwi_desktop.gui.map.engine import MapEngine


class Drawing(QObject):
    """The engine of a map. It is made, and numpy and shapely are imported, when it is first asked for.

    `made` is the engine as far as there is one; `complete` whether all in view was there at the last look.
    """

    base_ready = Signal()
    plans_ready = Signal()
    settled = Signal()

    def __init__(self, canvas: MapCanvas, workers: int | None) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._workers = workers
        self._closed = False
        self.made: MapEngine | None = None
        self.complete = True
        self._wishing = QTimer(self)
        self._wishing.setSingleShot(True)
        self._wishing.timeout.connect(self._wish)

    @property
    def engine(self) -> MapEngine:
        """The engine, made if need be."""
        if self.made is None:
            from diwi_desktop.gui.map.engine import MapEngine

            canvas = self._canvas
            engine = MapEngine(canvas.map_style, theme.font("small"), self._workers, canvas)
            engine.set_style(canvas.map_style, theme.font("small"), canvas.view.dpr)
            engine.changed.connect(self._changed)
            engine.base_ready.connect(self.base_ready)
            engine.plans_ready.connect(self.plans_ready)
            self.made = engine
            self.wish_soon(0)
        return self.made

    def dress(self, dpr: float) -> None:
        """Draw with the colours of the moment, for a screen of so many pixels to a point."""
        if self.made is not None:
            self.made.set_style(self._canvas.map_style, theme.font("small"), dpr)

    def wish_soon(self, rest: int) -> None:
        """Ask for what is in view, after so many milliseconds without another wish."""
        self.complete = False
        if rest or not self._wishing.isActive():
            self._wishing.start(rest)

    def is_settled(self) -> bool:
        """Whether everything that should be seen is drawn."""
        engine = self.made
        return engine is None or (engine.complete(self._canvas.view) and not self._wishing.isActive())

    def look(self) -> None:
        """See whether all is there now; tells it when it had not been."""
        done = self.is_settled()
        if done and not self.complete:
            self.settled.emit()
        self.complete = done

    def shutdown(self) -> None:
        """End the drawing processes. Safe to call twice."""
        self._closed = True
        self._wishing.stop()
        if self.made is not None:
            self.made.shutdown()

    def _wish(self) -> None:
        if self.made is not None and not self._closed:
            self.made.wish(self._canvas.view)
            self.look()

    def _changed(self) -> None:
        engine = self.made
        if engine is not None and not engine.busy and not engine.complete(self._canvas.view):
            self.wish_soon(0)
        self._canvas.update()
