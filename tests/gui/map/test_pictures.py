"""Base maps, against a stand-in for the tile service on this machine."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage

from diwi_desktop.gui.map import basemaps, pictures
from diwi_desktop.gui.map.basemaps import base_map, base_maps
from tests.gui.map.conftest import SOUTH, WEST, Desk


def png(colour: str) -> bytes:
    image = QImage(256, 256, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


@dataclass
class Service:
    """Answers every tile with the same picture, or with what a test sets."""

    body: bytes = field(default_factory=lambda: png("#4477aa"))
    status: int = 200
    asked: list[str] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def service() -> Iterator[Service]:
    state = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            with contextlib.suppress(ConnectionError):  # the map may hang up
                self.send_response(state.status)
                self.send_header("Content-Type", "image/png")
                self.send_header("Content-Length", str(len(state.body)))
                self.end_headers()
                self.wfile.write(state.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_address[1]}/{{z}}/{{x}}/{{y}}.png"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def base(service: Service, monkeypatch: pytest.MonkeyPatch) -> str:
    """The grey base map, fetched from the stand-in."""
    here = replace(base_map("grijs"), url=service.url)
    monkeypatch.setattr(basemaps, "base_map", lambda key: here if key == "grijs" else base_map(key))
    return "grijs"


def picture(desk: Desk) -> pictures.PictureLayer:
    return desk.canvas.drawing.made._picture


def middle(desk: Desk) -> QColor:
    """The colour of the street, where nothing else is drawn."""
    desk.settle()
    return desk.canvas.grab().toImage().pixelColor(desk.at(WEST + 55, SOUTH + 45))


def test_tiles_come_from_the_right_cells(desk: Desk, base: str, service: Service, tmp_path: Path) -> None:
    desk.canvas.set_base_map(base, tmp_path)
    desk.qtbot.waitUntil(lambda: middle(desk) == QColor("#4477aa"))
    desk.qtbot.waitUntil(lambda: not picture(desk).busy)
    zooms = {path.split("/")[1] for path in service.asked}
    # The view is finer than the service goes, so its finest zoom is asked and enlarged.
    assert zooms == {"13"}
    # Column and row by hand: 256 px of 0.42 m are 107.52 m, counted from -285401.92, 903401.92.
    x, y = int((WEST + 55 + 285401.92) // 107.52), int((903401.92 - SOUTH - 45) // 107.52)
    assert f"/13/{x}/{y}.png" in service.asked
    assert len(service.asked) == len(set(service.asked))


def test_a_stored_tile_needs_no_network(desk: Desk, base: str, service: Service, tmp_path: Path) -> None:
    desk.canvas.set_base_map(base, tmp_path)
    desk.qtbot.waitUntil(lambda: bool(service.asked) and not picture(desk).busy)
    service.asked.clear()
    desk.canvas.set_base_map("")
    desk.canvas.set_base_map(base, tmp_path)
    desk.qtbot.waitUntil(lambda: middle(desk) == QColor("#4477aa"))
    assert service.asked == []


def test_a_failure_is_told_in_words_and_the_map_goes_on(
    desk: Desk, base: str, service: Service, tmp_path: Path
) -> None:
    service.status = 503
    desk.canvas.panel.fold.click()
    desk.canvas.set_base_map(base, tmp_path)
    trouble = desk.canvas.panel.trouble
    desk.qtbot.waitUntil(lambda: trouble.text() == "De kaartdienst gaf een foutmelding (503).")
    assert trouble.isVisible()
    desk.settle()
    desk.canvas.set_base_map("")
    assert not trouble.isVisible()


def test_no_network_at_all(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    nowhere = replace(base_map("grijs"), url="http://127.0.0.1:9/{z}/{x}/{y}.png")
    monkeypatch.setattr(basemaps, "base_map", lambda _: nowhere)
    desk.canvas.set_base_map("grijs", tmp_path)
    desk.qtbot.waitUntil(lambda: "niet bereikbaar" in desk.canvas.panel.trouble.text())
    desk.settle()


def test_what_is_no_picture_is_not_kept(desk: Desk, base: str, service: Service, tmp_path: Path) -> None:
    service.body = b"<html>inloggen op het wifi-netwerk</html>"
    desk.canvas.set_base_map(base, tmp_path)
    desk.qtbot.waitUntil(lambda: "geen kaartbeeld" in desk.canvas.panel.trouble.text())
    desk.qtbot.waitUntil(lambda: not picture(desk).busy)
    assert not list(tmp_path.rglob("*.tile"))


def test_a_damaged_stored_tile_is_fetched_again(desk: Desk, base: str, service: Service, tmp_path: Path) -> None:
    desk.canvas.set_base_map(base, tmp_path)
    desk.qtbot.waitUntil(lambda: bool(service.asked) and not picture(desk).busy)
    for path in tmp_path.rglob("*.tile"):
        path.write_bytes(b"half een plaatje")
    service.asked.clear()
    desk.canvas.set_base_map(base, tmp_path)
    desk.qtbot.waitUntil(lambda: bool(service.asked) and middle(desk) == QColor("#4477aa"))


def test_the_source_is_named_while_its_map_shows(desk: Desk, base: str, tmp_path: Path) -> None:
    desk.canvas.set_base_map(base, tmp_path)
    assert "Kaartgegevens © Kadaster" in desk.canvas.attribution
    desk.canvas.set_base_map("")
    assert desk.canvas.attribution == ""


def test_the_panel_chooses(desk: Desk, base: str) -> None:
    combo = desk.canvas.panel.base_map
    with desk.qtbot.waitSignal(desk.canvas.base_map_changed) as signal:
        combo.setCurrentIndex(combo.findData(base))
        combo.activated.emit(combo.currentIndex())
    assert signal.args == [base]


def test_no_base_map_unless_asked(desk: Desk, service: Service) -> None:
    assert desk.canvas.drawing.made._picture is None
    assert service.asked == []


@pytest.mark.parametrize("entry", base_maps(), ids=lambda entry: entry.key)
def test_the_catalogue_names_pdok_in_rd(entry: basemaps.BaseMap) -> None:
    assert entry.address(7, 63, 64).startswith("https://service.pdok.nl/")
    assert "/EPSG:28992/7/63/64." in entry.address(7, 63, 64)
    assert entry.attribution
    with pytest.raises(KeyError):
        base_map("onbekend")
