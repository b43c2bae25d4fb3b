"""Steps of the database, forward, on a database with data in it; and that tests on PostgreSQL are never left out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from diwi_desktop.changes.messages import SCHEMA, PullRequest
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.ids import Ids
from diwi_desktop.server import migrations
from diwi_desktop.server.push.write import part_of
from diwi_desktop.server.session import Session
from diwi_desktop.server.settings import Settings
from tests import postgres
from tests.server.harness import NOON, Register, running
from tests.server.making import changed, project

REGISTER = "01900000-0000-4000-8000-000000000001"
PERSON = "01900000-0000-7000-8000-000000000002"
ACT = "01900000-0000-7000-8000-000000000003"
DEVICE = "01900000-0000-4000-8000-000000000004"
PLAN = "01900000-0000-7000-8000-000000000005"

# What a server of the first step had: a person and a project of his, by hand.
_DATA = f"""
INSERT INTO diwi.register (id, code, name, seq) VALUES ('{REGISTER}', '0999', 'Duinwijk', 2);
INSERT INTO diwi.act VALUES ('{REGISTER}', 1, '{ACT}', 'Begin', 'user', NULL, 'Jan', '{PERSON}', '{DEVICE}',
    '2026-01-01T00:00:00Z', '2026-01-01');
INSERT INTO diwi.change_log (register, seq, part, act, n, kind, entity, project, scope, field, new, base) VALUES
    ('{REGISTER}', 1, 1, '{ACT}', 0, 'person', '{PERSON}', NULL, '{PERSON}', '', '{{"name": "Jan"}}', 0),
    ('{REGISTER}', 2, 1, '{ACT}', 1, 'project', '{PLAN}', '{PLAN}', '{PLAN}', '', '{{"name": "De Hoek"}}', 0);
INSERT INTO diwi.entity VALUES
    ('{REGISTER}', '{PERSON}', 'person', NULL, '{PERSON}',
     '{{"name": "Jan", "email": "jan@duinwijk.nl", "role": "UserPlus", "state": "ACTIEF"}}', '{{}}', 1, 1, false),
    ('{REGISTER}', '{PLAN}', 'project', '{PLAN}', '{PLAN}',
     '{{"name": "De Hoek", "confidentiality": "PUBLIC"}}', '{{}}', 2, 2, false);
INSERT INTO diwi.scope (register, scope, kind, level) VALUES
    ('{REGISTER}', '{PERSON}', 'person', NULL), ('{REGISTER}', '{PLAN}', 'project', 7);
"""


@pytest.fixture
def empty(cluster: postgres.Cluster) -> Iterator[str]:
    """A database without anything."""
    with cluster.database(f"m{uuid4().hex[:20]}", template="template1") as url:
        yield url


def test_postgis_does_not_land_among_our_tables(empty: str) -> None:
    """A login that is called `diwi` looks in the schema of that name first."""
    migrations.upgrade(f"{empty}&options=-csearch_path%3Ddiwi,public")
    with psycopg.connect(empty) as connection:
        row = connection.execute("SELECT to_regclass('diwi.spatial_ref_sys'), to_regclass('public.spatial_ref_sys')")
        assert row.fetchone() == (None, "spatial_ref_sys")


def test_every_step_forward_keeps_what_is_there(empty: str, tmp_path: Path) -> None:
    first, *rest = migrations.revisions()
    migrations.upgrade(empty, first)
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute(_DATA.encode())
    for step in rest:
        migrations.upgrade(empty, step)
    migrations.upgrade(empty)
    with psycopg.connect(empty) as connection:
        assert connection.execute("SELECT version_num FROM diwi.migration").fetchall() == [(rest[-1],)]
        assert connection.execute("SELECT count(*) FROM diwi.change_log").fetchall() == [(2,)]
        parts = connection.execute("SELECT DISTINCT tableoid::regclass::text FROM diwi.change_log").fetchall()
        assert parts == [(part_of(REGISTER),)]
    with running(Settings(database_url=empty, data_dir=tmp_path / "d"), FixedClock(NOON)) as server:
        from tests.server.harness import Laptop

        session = Session("", PERSON, REGISTER, DEVICE, "Jan")
        laptop = Laptop(Register(server, REGISTER, Ids(server.clock), PERSON), session, server.sign_in(session))
        assert laptop.push(changed("project", PLAN, PLAN, "name", "De Hoek", "De Kade", base=2)).acts[0].others == []
        assert laptop.push(*project(laptop).changes).acts[0].others == []
        assert laptop.send("/pulls", PullRequest(SCHEMA)).status_code == 200


def test_what_was_given_up_leaves_the_totals_of_a_server_that_has_them(empty: str) -> None:
    """The views that a login reads already: it goes on reading, and its totals no longer count what lapsed."""
    login = f"bi_{uuid4().hex[:12]}"
    migrations.upgrade(empty, migrations.revisions()[0])
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute(_DATA.encode())
    migrations.upgrade(empty, "0006")
    ids = Ids(FixedClock(NOON))
    rows: list[tuple[str, str, str, dict[str, str]]] = []
    for states in (["GEREALISEERD"], ["GEPLAND"], ["AFGEBROKEN"], []):
        plan, block = str(ids.new()), str(ids.new())
        rows += [
            (plan, "project", plan, {"name": "Kade", "confidentiality": "PUBLIC"}),
            (block, "houseblock", plan, {"mutation": "CONSTRUCTION", "number": "10"}),
            (str(ids.new()), "delivery", plan, {"houseblock_id": block, "date": "2028-06-01", "number": "10"}),
        ]
        lapsed = {"type": "VERVALLEN", "date": "2026-01-01"}
        rows += [(str(ids.new()), "milestone", plan, {**lapsed, "state": state}) for state in states]
    with psycopg.connect(empty, autocommit=True) as connection:
        for id, kind, plan, values in rows:
            connection.execute(
                "INSERT INTO diwi.entity (register, id, kind, project, scope, values, seqs, created, last, deleted)"
                " VALUES (%s, %s, %s, %s, %s, %s, '{}', 3, 3, false)",
                (REGISTER, id, kind, plan, plan, Jsonb(values)),
            )
            if kind == "project":
                connection.execute(
                    "INSERT INTO diwi.scope (register, scope, kind, level) VALUES (%s, %s, 'project', 7)",
                    (REGISTER, plan),
                )
        connection.execute(f"CREATE ROLE {login}".encode())
        try:
            connection.execute("SELECT diwi.let_read(%s, '0999', 'public')", (login,))
            connection.execute(f"SET SESSION AUTHORIZATION {login}".encode())
            before = connection.execute("SELECT * FROM diwi.totals_public").fetchall()
            connection.execute("RESET SESSION AUTHORIZATION")
            migrations.upgrade(empty)
            connection.execute(f"SET SESSION AUTHORIZATION {login}".encode())
            after = connection.execute("SELECT * FROM diwi.totals_public").fetchall()
            told = connection.execute("SELECT given_up FROM diwi.projects_public ORDER BY name, id").fetchall()
        finally:
            connection.execute("RESET SESSION AUTHORIZATION")
            connection.execute(f"DROP OWNED BY {login}".encode())
            connection.execute(f"DROP ROLE {login}".encode())
    assert (before, after) == ([(2028, 4, 40)], [(2028, 3, 30)])
    assert sorted(told) == [(False,)] * 4 + [(True,)]


def test_access_that_had_died_does_not_revive(empty: str) -> None:
    """Single sign-on does not look at addresses any more; what an address had closed before that stays closed."""
    first = migrations.revisions()[0]
    migrations.upgrade(empty, first)
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute(_DATA.encode())
    migrations.upgrade(empty, "0005")
    with psycopg.connect(empty, autocommit=True) as connection:
        for account, email, method in ((ACT, "jan@duinwijk.nl", "oidc"), (DEVICE, "vroeger@duinwijk.nl", "oidc"),
                                       (PLAN, "ooit@duinwijk.nl", "password")):  # fmt: skip
            connection.execute(
                "INSERT INTO diwi.account (id, email, active, made_at) VALUES (%s, %s, true, now())", (account, email)
            )
            connection.execute(
                "INSERT INTO diwi.account_access VALUES (%s, %s, %s, %s, now())", (account, REGISTER, PERSON, method)
            )
    migrations.upgrade(empty)
    with psycopg.connect(empty) as connection:
        assert connection.execute("SELECT account::text FROM diwi.account_access").fetchall() == [(ACT,)]


def test_two_servers_that_start_at_once_upgrade_one_after_the_other(empty: str) -> None:
    code = "import sys; from diwi_desktop.server import migrations; migrations.upgrade(sys.argv[1])"
    both = [subprocess.Popen([sys.executable, "-c", code, empty]) for _ in range(2)]
    assert [one.wait(60) for one in both] == [0, 0]


def test_without_postgresql_tests_fail_unless_they_are_left_out_on_purpose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "programs", lambda: None)
    monkeypatch.delenv("DIWI_NO_POSTGRES", raising=False)
    with pytest.raises(pytest.fail.Exception), postgres.shared(tmp_path, os.getpid()):
        pass
    monkeypatch.setenv("DIWI_NO_POSTGRES", "1")
    with pytest.raises(pytest.skip.Exception, match="DIWI_NO_POSTGRES"), postgres.shared(tmp_path, os.getpid()):
        pass
