"""The OGC API Features as it really runs: pygeoapi in a process of its own on the views of PostgreSQL."""

from __future__ import annotations

import os
import shutil
import socket
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import shapely

from diwi_desktop.geo.crs import to_lonlat
from diwi_desktop.geo.shape import to_ewkb_hex
from diwi_desktop.server.ogc.__main__ import parser
from diwi_desktop.server.ogc.configuration import LEVELS, configuration
from diwi_desktop.server.ogc.provider import DATABASE_VARIABLE, LONLAT, RD
from tests.server.harness import Laptop, Register, Server
from tests.server.making import made, project
from tests.waiting import until

SQUARE = shapely.MultiPolygon([shapely.box(155_000, 463_000, 155_100, 463_100)])
_PATIENCE = 60.0


@pytest.fixture
def logins(server: Server) -> Iterator[Any]:
    """logins(code, level) -> the address of the database for a login that may read that level of that register."""
    names: list[str] = []

    def make(code: str, level: str = "") -> str:
        name = f"ogc_{uuid4().hex[:12]}"
        names.append(name)
        server.sql(f"CREATE ROLE {name} LOGIN")
        if level:
            server.sql("SELECT diwi.let_read(%s, %s, %s)", name, code, level)
        return server.database_url.replace("postgres@", f"{name}@")

    yield make
    for name in names:
        server.sql("DELETE FROM diwi.reader WHERE login = %s", name)
        server.sql(f"DROP OWNED BY {name}")
        server.sql(f"DROP ROLE {name}")


def plan(laptop: Laptop, name: str, level: str, *, contour: bool = True) -> str:
    found = project(laptop, name=name, confidentiality=level)
    changes = list(found.changes)
    if contour:
        values = {"project_id": found.id, "geometry": to_ewkb_hex(SQUARE)}
        changes.append(made("plan_area", laptop.new_id(), found.id, values, n=5))
    block = {"project_id": found.id, "name": "Blok", "mutation": "CONSTRUCTION", "number": 30}
    changes.append(made("houseblock", laptop.new_id(), found.id, block, n=6))
    reply = laptop.push(*changes)
    assert reply.acts[0].others == []
    return found.id


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Any]:
    """serve(database, level) -> httpx client of a running OGC API."""
    running: list[tuple[subprocess.Popen[bytes], httpx.Client]] = []

    def start(database: str, level: str) -> httpx.Client:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "diwi_desktop.server.ogc",
                "--level",
                level,
                "--name",
                "Duinwijk",
                "--port",
                str(port),
            ],
            env={
                **os.environ,
                DATABASE_VARIABLE: database,
                "DIWI_DATA_DIR": str(tmp_path / "data"),
                "TMPDIR": str(tmp_path),
            },
        )
        client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}/v1", headers={"Accept": "application/json"}, timeout=30
        )
        running.append((process, client))

        def answers() -> bool:
            assert process.poll() is None, "the API ended"
            try:
                return client.get("/collections").status_code == 200
            except httpx.TransportError:
                return False

        until(answers, _PATIENCE)
        return client

    yield start
    for process, client in running:
        client.close()
        process.terminate()
        assert process.wait(30) == 0
    assert list(tmp_path.glob("diwi-ogc-*")) == []


@pytest.mark.slow
def test_a_level_as_others_read_it(register: Register, make_register: Any, logins: Any, serve: Any) -> None:
    jan = register.laptop()
    shown = plan(jan, "De Open Hoek", "PUBLIC")
    bare = plan(jan, "Zonder contour", "PUBLIC", contour=False)
    hidden = plan(jan, "Het Geheim", "INTERNAL_CIVIL")
    plan(jan, "Privé", "PRIVATE")
    other = make_register("0001", "Elders")
    plan(other.laptop(name="Els"), "Van elders", "PUBLIC")
    api = serve(logins("0999", "public"), "public")

    # What there is.
    found = api.get("/collections")
    assert found.headers["api-version"] == "1.0.0"
    assert found.headers["x-content-type-options"] == "nosniff"
    collections = {one["id"]: one for one in found.json()["collections"]}
    assert set(collections) == {"plan-areas", "projects"}
    assert collections["plan-areas"]["crs"] == [LONLAT, RD]
    assert collections["plan-areas"]["storageCrs"] == RD
    assert api.get("/conformance").status_code == 200

    # In longitude and latitude, by the official grid, and in RD.
    areas = api.get("/collections/plan-areas/items")
    assert areas.headers["content-crs"] == f"<{LONLAT}>"
    (area,) = areas.json()["features"]
    assert area["properties"]["name"] == "De Open Hoek"
    assert area["properties"]["homes_built"] == 30
    assert shapely.geometry.shape(area["geometry"]).equals_exact(to_lonlat(SQUARE), 1e-8, normalize=True)
    in_rd = api.get("/collections/plan-areas/items", params={"crs": RD})
    assert in_rd.headers["content-crs"] == f"<{RD}>"
    assert shapely.geometry.shape(in_rd.json()["features"][0]["geometry"]).equals(SQUARE)
    assert api.get(f"/collections/plan-areas/items/{area['id']}").json()["geometry"] == area["geometry"]

    # By box, property, order and page.
    def names(collection: str, **query: Any) -> list[str]:
        answer = api.get(f"/collections/{collection}/items", params=query)
        assert answer.status_code == 200, answer.text
        return [one["properties"]["name"] for one in answer.json()["features"]]

    assert names("plan-areas", bbox="5.38,52.15,5.39,52.16") == ["De Open Hoek"]
    assert names("plan-areas", bbox="4.0,52.0,4.1,52.1") == []
    assert names("plan-areas", bbox="154000,462000,156000,464000", **{"bbox-crs": RD}) == ["De Open Hoek"]
    assert names("projects", sortby="-name") == ["Zonder contour", "De Open Hoek"]
    assert names("projects", name="Zonder contour") == ["Zonder contour"]
    assert names("projects", name="' OR 1=1 --") == []
    page = api.get("/collections/projects/items", params={"limit": 1, "offset": 1}).json()
    assert (page["numberMatched"], page["numberReturned"]) == (2, 1)
    assert page["features"][0]["id"] == bare

    # And nothing above the level, nothing of others, nothing to change.
    everything = api.get("/collections/projects/items", params={"limit": 1000}).text
    assert shown in everything
    assert "Geheim" not in everything
    assert "elders" not in everything
    assert api.get(f"/collections/projects/items/{hidden}").status_code == 404
    assert api.get("/collections/projects/items/geen-id").status_code == 404
    assert api.get("/collections/projects/items", params={"filter": "name = 'x'"}).status_code == 400
    assert api.post("/collections/projects/items", json={}).status_code >= 400


@pytest.mark.parametrize(("level", "asked"), [("public", "internal_civil"), ("", "public")])
def test_it_does_not_start_for_a_login_without_the_level(
    register: Register, logins: Any, level: str, asked: str
) -> None:
    done = _start(logins("0999", level), asked)
    assert done.returncode == 1
    assert "may not read the level" in done.stderr


def test_it_does_not_start_for_a_login_that_reads_everything(server: Server) -> None:
    done = _start(server.database_url, "public")
    assert done.returncode == 1
    assert "more than the views" in done.stderr


def test_it_does_not_start_without_a_database(tmp_path: Path) -> None:
    done = _start(f"postgresql://nobody@/none?host={tmp_path}", "public")
    assert done.returncode == 1
    assert "does not answer" in done.stderr


def _start(database: str, level: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "diwi_desktop.server.ogc", "--level", level],
        env={**os.environ, DATABASE_VARIABLE: database},
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )


def test_private_plans_have_no_level() -> None:
    assert "private" not in LEVELS
    with pytest.raises(ValueError, match="private"):
        configuration("private", name="Duinwijk", url="https://voorbeeld.nl", host="127.0.0.1", port=1)


@pytest.mark.parametrize("level", LEVELS)
def test_the_configuration_is_one_that_pygeoapi_takes(level: str) -> None:
    from pygeoapi.config import validate_config

    config = configuration(level, name="Duinwijk", url="https://voorbeeld.nl/", host="127.0.0.1", port=1)
    assert validate_config(config)
    views = {one["providers"][0]["data"] for one in config["resources"].values()}
    assert views == {f"projects_{level}", f"plan_areas_{level}"}
    assert "postgresql" not in str(config)


def test_the_unit_starts_what_there_is(tmp_path: Path) -> None:
    folder = Path(__file__).resolve().parents[2] / "installer" / "server" / "ogc"
    unit = (folder / "diwi-ogc@.service").read_text(encoding="utf-8")
    example = (folder / "ogc.env.example").read_text(encoding="utf-8")
    given = dict(line.split("=", 1) for line in example.splitlines() if "=" in line and not line.startswith("#"))
    assert DATABASE_VARIABLE in given
    command = next(line for line in unit.splitlines() if line.startswith("ExecStart="))
    words = string.Template(command).substitute(given).split()
    assert words[:3] == ["ExecStart=/opt/diwi/bin/python", "-m", "diwi_desktop.server.ogc"]
    chosen = parser().parse_args(words[3:])
    assert (chosen.level, chosen.port, chosen.name) == ("public", 5000, "Duinwijk")
    assert {"NoNewPrivileges=yes", "ProtectSystem=strict", "DynamicUser=yes"} <= set(unit.splitlines())
    if shutil.which("systemd-analyze"):
        checked = tmp_path / "diwi-ogc@public.service"
        checked.write_text(unit.replace("/opt/diwi/bin/python", "/bin/true"), encoding="utf-8")
        done = subprocess.run(["systemd-analyze", "verify", str(checked)], capture_output=True, text=True, check=False)
        assert [line for line in done.stderr.splitlines() if "diwi-ogc" in line] == []
