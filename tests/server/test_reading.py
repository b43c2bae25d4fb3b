"""The read API and the views for QGIS and BI: never more than the reader may see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors, sql

from diwi_desktop.model.codes import Confidentiality
from diwi_desktop.server.migrations import revisions
from diwi_desktop.server.reading import Total, suppressed
from tests.server.harness import Laptop, Register
from tests.server.making import changed, made, project
from tests.server.test_push import BASE, contour


def plan(laptop: Laptop, homes: int = 10, year: int = 2028, **values: Any) -> str:
    """A project with one block, its delivery and a contour; its id."""
    one = project(laptop, **values)
    block = laptop.new_id()
    reply = laptop.push(
        *one.changes,
        made("houseblock", block, one.id,
             {"project_id": one.id, "name": "A", "mutation": "CONSTRUCTION", "number": homes}, n=2),
        made("delivery", laptop.new_id(), one.id,
             {"houseblock_id": block, "date": f"{year}-06-01", "number": homes, "state": "GEPLAND"}, n=3),
        made("plan_area", laptop.new_id(), one.id, {"project_id": one.id, "geometry": contour(BASE)}, n=4),
    )  # fmt: skip
    assert not reply.acts[0].others
    return one.id


@pytest.fixture
def jan(register: Register) -> Laptop:
    return register.laptop()


def test_projects_come_in_pages(register: Register, jan: Laptop) -> None:
    ids = sorted(plan(jan, name=f"Plan {n}") for n in range(3))
    secret = plan(register.laptop(name="An"), confidentiality="PRIVATE")
    first = jan.ask("GET", "/projects", params={"limit": 2}).json()
    assert [one["id"] for one in first["items"]] == ids[:2]
    rest = jan.ask("GET", "/projects", params={"limit": 2, "after": first["next"]}).json()
    assert [one["id"] for one in rest["items"]] == ids[2:]
    assert rest["next"] is None
    assert jan.ask("GET", f"/projects/{secret}").status_code == 404
    assert jan.ask("GET", f"/projects/{secret}/history").status_code == 404
    assert jan.ask("GET", "/projects", params={"limit": 0}).status_code == 400


def test_a_project_with_everything_under_it(jan: Laptop) -> None:
    id = plan(jan)
    paper = made("document", jan.new_id(), id, {"project_id": id, "name": "Brief", "kind": "OVERIG", "size": 1,
                                               "sha256": "ab" * 32})  # fmt: skip
    jan.push(paper)
    response = jan.ask("GET", f"/projects/{id}")
    parts = response.json()
    assert set(parts) == {"project", "writer", "houseblock", "delivery", "plan_area", "document"}
    assert parts["plan_area"][0]["values"]["geometry"]["type"] == "MultiPolygon"
    assert response.headers["content-crs"] == "EPSG:28992"
    changes = jan.ask("GET", f"/projects/{id}/history", params={"limit": 5}).json()
    assert [one["kind"] for one in changes["items"]] == ["project", "writer", "houseblock", "delivery", "plan_area"]
    assert changes["items"][0]["author"] == "Jan"
    rest = jan.ask("GET", f"/projects/{id}/history", params={"after": changes["next"]}).json()
    assert [one["kind"] for one in rest["items"]] == ["document"]


def test_a_stricter_document_is_in_no_answer(register: Register, jan: Laptop) -> None:
    id = plan(jan)
    paper = {"project_id": id, "name": "Geheim", "kind": "OVERIG", "size": 1, "sha256": "ab" * 32}
    jan.push(made("document", jan.new_id(), id, {**paper, "confidentiality": "PRIVATE"}))
    an = register.laptop(name="An")
    assert "document" not in an.ask("GET", f"/projects/{id}").json()
    assert "Geheim" not in an.ask("GET", f"/projects/{id}/history", params={"limit": 1000}).text
    assert "Geheim" in jan.ask("GET", f"/projects/{id}/history", params={"limit": 1000}).text


def test_search_takes_words_as_they_stand(register: Register, jan: Laptop) -> None:
    id = plan(jan, name="Kade 100% groen", code="DNW-2026-KTB-001")
    plan(jan, name="Kade 1000 groen")
    plan(register.laptop(name="An"), name="Kade 100% privé", confidentiality="PRIVATE")

    def found(words: str) -> list[str]:
        return [one["id"] for one in jan.ask("GET", "/search", params={"q": words}).json()]

    assert found("100%") == [id]
    assert found("ktb-001") == [id]
    assert found("_1") == []
    assert len(found("kade")) == 2


def test_only_some_roles_may_fetch_plans_and_all_readers_get_totals(register: Register, jan: Laptop) -> None:
    plan(jan)
    for role, plans, totals in [("Admin", 200, 403), ("User", 403, 200), ("Council", 403, 200), ("External", 403, 403)]:
        laptop = register.laptop(role=role, name=role)
        assert laptop.ask("GET", "/projects").status_code == plans, role
        assert laptop.ask("GET", "/search", params={"q": "hoek"}).status_code == plans, role
        assert laptop.ask("GET", "/totals").status_code == totals, role
    assert register.laptop(role="Admin", name="B").ask("GET", "/projects").json()["items"] == []


def test_totals_are_of_what_is_seen_and_hide_small_numbers(register: Register, jan: Laptop) -> None:
    for _ in range(4):
        plan(jan, 10, 2028, confidentiality="PUBLIC")
    plan(jan, 7, 2030, confidentiality="PUBLIC")
    plan(jan, 1000, 2028)
    council = register.laptop(role="Council", name="Raad")

    def told(laptop: Laptop) -> list[tuple[Any, ...]]:
        return [tuple(one.values()) for one in laptop.ask("GET", "/totals").json()]

    assert told(jan) == [("2028", 5, 1040), ("2030", 1, 7)]
    assert told(council) == [("2028", None, None), ("2030", None, None)]
    for _ in range(3):
        plan(jan, 1, 2029, confidentiality="PUBLIC")
    assert told(council) == [("2028", 4, 40), ("2029", None, None), ("2030", None, None)]


@pytest.mark.parametrize("grouping", ["year", "district", "municipality", "planType"])
def test_every_grouping_adds_up(jan: Laptop, grouping: str) -> None:
    district = jan.new_id()
    jan.push(made("option", district, None, {"list": "district", "name": "Noord"}))
    plan(jan, 10, districts=[district], plan_types=["PAND_TRANSFORMATIE"])
    plan(jan, 5)
    groups = jan.ask("GET", "/totals", params={"groupBy": grouping}).json()
    assert sum(one["homes"] for one in groups) == 15
    if grouping == "district":
        assert [one["group"] for one in groups] == ["Noord", None]


@pytest.mark.parametrize(
    ("kind", "state", "days", "counts"),
    [
        ("VERVALLEN", "GEREALISEERD", 0, False),
        ("VERVALLEN", "GEREALISEERD", 1, True),
        ("VERVALLEN", "GEPLAND", -1, True),
        ("VERVALLEN", "AFGEBROKEN", -1, True),
        ("PHASE_1_CONCEPT", "GEREALISEERD", -1, True),
    ],
)
@pytest.mark.parametrize("grouping", ["year", "district", "municipality", "planType"])
def test_what_was_given_up_counts_in_no_total(
    register: Register, jan: Laptop, grouping: str, kind: str, state: str, days: int, counts: bool
) -> None:
    plan(jan, 10)
    id = plan(jan, 80)
    day = register.server.clock.today() + timedelta(days)
    step = {"project_id": id, "type": kind, "date": day.isoformat(), "state": state}
    reply = jan.push(made("milestone", jan.new_id(), id, step))
    assert reply.acts[0].others == []
    (told,) = jan.ask("GET", "/totals", params={"groupBy": grouping}).json()
    assert (told["plans"], told["homes"]) == ((2, 90) if counts else (1, 10))


def test_a_step_that_is_taken_back_counts_again(register: Register, jan: Laptop) -> None:
    id, step = plan(jan, 80), jan.new_id()
    day = register.server.clock.today().isoformat()
    values = {"project_id": id, "type": "VERVALLEN", "date": day, "state": "GEREALISEERD"}
    seq = jan.push(made("milestone", step, id, values)).last
    assert jan.ask("GET", "/totals").json() == []
    gone = changed("milestone", step, id, "deleted_at", None, "2026-11-21T12:00:00.000000Z", base=seq)
    assert jan.push(gone).acts[0].others == []
    (told,) = jan.ask("GET", "/totals").json()
    assert told["homes"] == 80


def test_one_hidden_number_does_not_follow_from_the_rest() -> None:
    exact = [Total("a", 5, 50), Total("b", 9, 90), Total("c", 1, 3)]
    assert suppressed(exact) == [Total("a", None, None), Total("b", 9, 90), Total("c", None, None)]
    assert suppressed(exact[:2]) == exact[:2]
    assert suppressed([Total("a", 0, 0)]) == [Total("a", 0, 0)]


# -- views for QGIS and BI ---------------------------------------


@pytest.fixture
def login(register: Register) -> Any:
    """login(level) -> a connection as a login that may read that level of the register."""
    names: list[str] = []
    database = register.server.database_url.split("/")[-1].split("?")[0]

    def make(level: str) -> psycopg.Connection[Any]:
        name = f"qgis_{uuid4().hex[:12]}"
        names.append(name)
        register.server.sql(f"CREATE ROLE {name} LOGIN")
        register.server.sql("SELECT diwi.let_read(%s, '0999', %s)", name, level)
        url = register.server.database_url.replace("postgres@", f"{name}@")
        assert database in url
        return psycopg.connect(url, autocommit=True)

    yield make
    for name in names:
        register.server.sql(f"DELETE FROM diwi.reader WHERE login = '{name}'")
        register.server.sql(f"DROP OWNED BY {name}")
        register.server.sql(f"DROP ROLE {name}")


def test_views_show_a_level_and_what_is_more_open(register: Register, jan: Laptop, login: Any) -> None:
    ids = {level: plan(jan, confidentiality=level) for level in ("PRIVATE", "INTERNAL_COUNCIL", "PUBLIC")}
    with login("internal_council") as connection:
        rows = connection.execute("SELECT id::text, homes_built FROM diwi.projects_internal_council").fetchall()
        assert {row[0]: row[1] for row in rows} == {ids["INTERNAL_COUNCIL"]: 10, ids["PUBLIC"]: 10}
        shapes = connection.execute(
            "SELECT ST_SRID(geom), ST_GeometryType(geom) FROM diwi.plan_areas_internal_council"
        ).fetchall()
        assert shapes == [(28992, "ST_MultiPolygon")] * 2
        assert connection.execute("SELECT * FROM diwi.totals_internal_council").fetchall() == [(2028, 2, None)]
        for forbidden in ("entity", "change_log", "plan_now", "projects_internal_civil", "reader", "register"):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(sql.SQL("SELECT * FROM diwi.{}").format(sql.Identifier(forbidden)))
        with pytest.raises((errors.InsufficientPrivilege, errors.ObjectNotInPrerequisiteState)):
            connection.execute("UPDATE diwi.projects_internal_council SET name = 'x'")
    with login("public") as connection:
        assert connection.execute("SELECT id::text FROM diwi.projects_public").fetchall() == [(ids["PUBLIC"],)]


def test_views_say_what_was_given_up_and_leave_it_out_of_totals(jan: Laptop, login: Any) -> None:
    ids = [plan(jan, confidentiality="PUBLIC") for _ in range(4)]
    # By the day of the database, which has no clock of ours: what lapsed long ago, and what lapses long hence.
    for id, day in ((ids[0], "2024-02-01"), (ids[1], "2199-01-01")):
        step = {"project_id": id, "type": "VERVALLEN", "date": day, "state": "GEREALISEERD"}
        assert jan.push(made("milestone", jan.new_id(), id, step)).acts[0].others == []
    with login("public") as connection:
        assert connection.execute("SELECT * FROM diwi.totals_public").fetchall() == [(2028, 3, 30)]
        for view in ("projects", "plan_areas"):
            query = sql.SQL("SELECT id::text FROM diwi.{} WHERE given_up").format(sql.Identifier(f"{view}_public"))
            assert connection.execute(query).fetchall() == [(ids[0],)]
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM diwi.lapsed_now")


def test_a_login_reads_its_own_register_only(register: Register, jan: Laptop, make_register: Any, login: Any) -> None:
    other = make_register("0001", "Elders")
    plan(other.laptop(name="Elders"), confidentiality="PUBLIC")
    mine = plan(jan, confidentiality="PUBLIC")
    with login("public") as connection:
        connection.execute("SELECT set_config('diwi.register', %s, false)", (other.id,))
        assert connection.execute("SELECT id::text FROM diwi.projects_public").fetchall() == [(mine,)]


def test_the_views_know_every_level(register: Register) -> None:
    names = register.server.sql("SELECT viewname FROM pg_views WHERE schemaname = 'diwi'")
    for level in set(Confidentiality) - {Confidentiality.PRIVATE}:
        for view in ("projects", "plan_areas", "totals"):
            assert (f"{view}_{level.value.lower()}",) in names
    assert revisions()[0] == "0001"
