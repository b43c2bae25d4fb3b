"""A base map under the parcels: tiles fetched in the background and kept on disk.

The map never waits for it. What was fetched once is shown without a network; what is not there leaves the
plain ground. Tiles on disk are found by service, zoom, column and row; those past their time are shown and
fetched anew.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections import OrderedDict, deque
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, QTimer, QUrl, Signal
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtNetwork import QNetworkAccessManager, QNetworkReply, QNetworkRequest

from diwi_desktop.gui.map.basemaps import BaseMap
from diwi_desktop.gui.map.style import MapStyle
from diwi_desktop.gui.map.view import STEPS, TILE, TileKey

_SIDE = 256
_AT_ONCE = 6
_TIMEOUT_MS = 10_000
_KEPT = 400  # decoded tiles of 256 kB
_COMPOSED = 96  # tiles of 1 MB
_PER_TURN = 4  # tiles decoded in one turn of the event loop
_RETRY_S = 30.0
_MOST_BYTES = 4_000_000  # a map tile is a few dozen kB; more is not a map tile
_DAY_S = 86_400.0

Cell = tuple[int, int, int]  # zoom, column, row of the service's grid


class PictureLayer(QObject):
    """One base map. `changed` asks for a repaint; `trouble_changed` tells that `trouble` (a sentence, or
    empty) is another.
    """

    changed = Signal()
    trouble_changed = Signal()

    def __init__(self, source: BaseMap, folder: Path, style: MapStyle, parent: QObject | None = None) -> None:
        """Tiles are kept in `folder`, which is made when absent."""
        super().__init__(parent)
        self.source = source
        self.trouble = ""
        self._folder = folder / source.key
        self._style = style
        self._network = QNetworkAccessManager(self)
        self._network.setTransferTimeout(_TIMEOUT_MS)
        self._tiles: OrderedDict[Cell, QImage] = OrderedDict()
        self._composed: OrderedDict[TileKey, QPixmap] = OrderedDict()
        self._wanted: deque[Cell] = deque()
        self._asked: set[Cell] = set()
        self._replies: dict[QNetworkReply, Cell] = {}
        self._failed: dict[Cell, float] = {}
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._work)

    @property
    def busy(self) -> bool:
        """Whether tiles are under way."""
        return bool(self._wanted or self._replies)

    def wish(self, keys: Sequence[TileKey]) -> None:
        """Get what lies under these tiles of the map, the first ones first."""
        cells = dict.fromkeys(cell for key in keys for cell in self._cells(key))
        now = time.monotonic()
        self._wanted = deque(
            cell
            for cell in cells
            if cell not in self._tiles
            and cell not in self._asked
            and now - self._failed.get(cell, -_RETRY_S) >= _RETRY_S
        )
        if self._wanted:
            self._turn.start()

    def draw(self, painter: QPainter, key: TileKey, left: int, top: int) -> None:
        """Draw what there is for a tile of the map, with the ground where there is nothing."""
        composed = self._composed.get(key)
        if composed is None:
            composed = self._compose(key)
            self._composed[key] = composed
            while len(self._composed) > _COMPOSED:
                self._composed.popitem(last=False)
        else:
            self._composed.move_to_end(key)
        painter.drawPixmap(QPoint(left, top), composed)

    def restyle(self, style: MapStyle) -> None:
        """Another theme: the ground has another colour."""
        self._style = style
        self._composed.clear()

    def shutdown(self) -> None:
        """Break off what is under way."""
        self._turn.stop()
        self._wanted.clear()
        for reply in list(self._replies):
            reply.abort()
        self._replies.clear()

    # Tiles of the service

    def _cells(self, key: TileKey) -> list[Cell]:
        """The tiles of the service under a tile of the map."""
        level, column, row = key
        zoom = min(self.source.deepest, -(-level // STEPS))
        side = TILE * 2 ** ((zoom * STEPS - level) / STEPS) / _SIDE  # in tiles of the service
        first_x, last_x = int(column * side // 1), int(-(-((column + 1) * side) // 1))
        first_y, last_y = int(row * side // 1), int(-(-((row + 1) * side) // 1))
        most = 2**zoom
        return [
            (zoom, x, y)
            for y in range(max(0, first_y), min(most, last_y))
            for x in range(max(0, first_x), min(most, last_x))
        ]

    def _compose(self, key: TileKey) -> QPixmap:
        picture = QPixmap(TILE, TILE)
        picture.fill(self._style.colour("map_ground"))
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for cell in self._cells(key):
            image, source = self._best(cell)
            if image is not None:
                painter.drawImage(self._place(key, cell), image, source)
        painter.end()
        return picture

    def _best(self, cell: Cell) -> tuple[QImage | None, QRectF]:
        """The tile, or the piece of a coarser one that shows the same."""
        zoom, x, y = cell
        for coarser in range(5):
            image = self._tiles.get((zoom - coarser, x >> coarser, y >> coarser))
            if image is not None:
                side = _SIDE / 2**coarser
                part = 2**coarser
                return image, QRectF((x % part) * side, (y % part) * side, side, side)
        return None, QRectF()

    @staticmethod
    def _place(key: TileKey, cell: Cell) -> QRectF:
        level, column, row = key
        zoom, x, y = cell
        side = _SIDE * 2 ** ((level - zoom * STEPS) / STEPS)
        return QRectF(x * side - column * TILE, y * side - row * TILE, side, side)

    # Getting them

    def _work(self) -> None:
        """Take some tiles from disk and ask the network for others."""
        for _ in range(_PER_TURN):
            if not self._wanted or len(self._replies) >= _AT_ONCE:
                break
            cell = self._wanted.popleft()
            path = self._path(cell)
            stored = self._read(path)
            if stored is not None:
                self._keep(cell, stored)
            if stored is None or self._outdated(path):
                self._ask(cell)
        if self._wanted and len(self._replies) < _AT_ONCE:
            self._turn.start()

    def _ask(self, cell: Cell) -> None:
        request = QNetworkRequest(QUrl(self.source.address(*cell)))
        request.setHeader(QNetworkRequest.KnownHeaders.UserAgentHeader, "DIWI Desktop")
        reply = self._network.get(request)
        self._asked.add(cell)
        self._replies[reply] = cell
        reply.downloadProgress.connect(lambda got, _: reply.abort() if got > _MOST_BYTES else None)
        reply.finished.connect(lambda: self._finish(reply))

    def _finish(self, reply: QNetworkReply) -> None:
        cell = self._replies.pop(reply, None)
        if cell is None:
            return
        self._asked.discard(cell)
        data = bytes(reply.readAll().data()) if reply.error() is QNetworkReply.NetworkError.NoError else b""
        image = QImage.fromData(data) if data else QImage()
        if image.isNull():
            self._failed[cell] = time.monotonic()
            self._tell(self._why(reply, answered=bool(data)))
        else:
            self._failed.pop(cell, None)
            self._store(self._path(cell), data)
            self._keep(cell, image)
            self._tell("")
        reply.deleteLater()
        if self._wanted:
            self._turn.start()

    def _why(self, reply: QNetworkReply, *, answered: bool) -> str:
        if answered:
            return self.tr("De kaartdienst gaf geen kaartbeeld terug.")
        status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
        if status:
            return self.tr("De kaartdienst gaf een foutmelding ({status}).").format(status=status)
        return self.tr("De kaartdienst is niet bereikbaar; wat eerder is opgehaald blijft zichtbaar.")

    def _tell(self, trouble: str) -> None:
        if trouble != self.trouble:
            self.trouble = trouble
            self.trouble_changed.emit()

    def _keep(self, cell: Cell, image: QImage) -> None:
        self._tiles[cell] = image.convertToFormat(QImage.Format.Format_RGB32)
        while len(self._tiles) > _KEPT:
            self._tiles.popitem(last=False)
        zoom, x, y = cell
        box = QRect(x * _SIDE, y * _SIDE, _SIDE, _SIDE)
        for key in [key for key in self._composed if self._shows(key, zoom, box)]:
            del self._composed[key]
        self.changed.emit()

    @staticmethod
    def _shows(key: TileKey, zoom: int, box: QRect) -> bool:
        side = TILE * 2 ** ((zoom * STEPS - key[0]) / STEPS)
        return QRectF(key[1] * side, key[2] * side, side, side).intersects(QRectF(box))

    # On disk

    def _path(self, cell: Cell) -> Path:
        zoom, x, y = cell
        return self._folder / str(zoom) / str(x) / f"{y}.tile"

    def _read(self, path: Path) -> QImage | None:
        try:
            data = path.read_bytes()
        except OSError:
            return None
        image = QImage.fromData(data)
        return None if image.isNull() else image

    def _outdated(self, path: Path) -> bool:
        try:
            return time.time() - path.stat().st_mtime > self.source.days * _DAY_S
        except OSError:
            return True

    def _store(self, path: Path, data: bytes) -> None:
        """Keep a tile; a full disk or a folder that may not be written costs the keeping, not the map."""
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(f".{os.getpid()}.part")
            part.write_bytes(data)
            part.replace(path)
