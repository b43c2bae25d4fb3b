"""Registers strictly apart, and a log that nothing changes: by the database itself, whatever the code does."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import errors, sql
from psycopg.types.json import Jsonb

from diwi_desktop.changes.messages import SCHEMA, PullRequest
from diwi_desktop.server.push.write import part_of
from tests.server.harness import Laptop, Register
from tests.server.making import changed, made, project


@pytest.fixture
def two(make_register: Any) -> tuple[Laptop, Laptop]:
    """A laptop in each of two registers, with a project each."""
    laptops = make_register("0001", "Een").laptop(), make_register("0002", "Twee").laptop()
    for laptop in laptops:
        laptop.push(*project(laptop, confidentiality="PUBLIC").changes)
    return laptops


def test_no_table_shows_another_register_to_the_runtime_role(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    server = one.register.server
    one.pull()
    other.pull()
    tables = [
        row[0]
        for row in server.sql(
            "SELECT table_name FROM information_schema.role_table_grants WHERE grantee = 'diwi_app'"
            " AND table_schema = 'diwi' AND privilege_type = 'SELECT'"
        )
    ]
    assert {"register", "change_log", "act", "entity", "scope", "verdict", "device_view"} <= set(tables)
    with server.app.state.database.transaction(one.register.id) as connection:
        for table in tables:
            column = "id" if table == "register" else "register"
            query = sql.SQL("SELECT DISTINCT {}::text FROM diwi.{}").format(
                sql.Identifier(column), sql.Identifier(table)
            )
            assert connection.execute(query).fetchall() in ([], [(one.register.id,)]), table


def test_every_table_with_a_register_has_its_fence(register: Register) -> None:
    """A table that a later step adds must not be forgotten."""
    rows = register.server.sql(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'register'"
        " WHERE c.relnamespace = 'diwi'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relrowsecurity"
        " AND has_table_privilege('diwi_app', c.oid, 'SELECT')"
    )
    assert rows == []


def test_the_part_of_the_log_can_only_be_added_to_and_by_its_own_register_only(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    database, sql_of = one.register.server.app.state.database, one.register.server.sql
    part = part_of(other.register.id)
    assert sql_of(f"SELECT count(*) FROM {part}") == sql_of(
        "SELECT count(*) FROM diwi.change_log WHERE register = %s", other.register.id
    )
    row = f"SELECT * FROM diwi.change_log WHERE register = '{other.register.id}' LIMIT 1"
    copied = sql_of(row.replace("*", "seq + 1000, part, act, n + 1000, kind, entity, scope, field, new, base"))[0]
    columns = "(seq, part, act, n, kind, entity, scope, field, new, base)"

    def copy(register: str) -> None:
        with (
            database.transaction(register) as connection,
            connection.cursor() as cursor,
            cursor.copy(f"COPY {part} {columns} FROM STDIN") as into,
        ):
            into.write_row((*copied[:8], Jsonb(copied[8]), copied[9]))

    copy(other.register.id)
    refused = [
        f"INSERT INTO {part} SELECT * FROM change_log",
        f"SELECT * FROM {part}",
        f"UPDATE {part} SET field = 'x'",
        f"DELETE FROM {part}",
        f"TRUNCATE {part}",
        f"ALTER TABLE {part} DISABLE TRIGGER own_register",
    ]
    for register in (one.register.id, other.register.id):
        for statement in refused[1:] if register == other.register.id else refused:  # its own it may add to
            with pytest.raises(errors.InsufficientPrivilege), database.transaction(register) as connection:
                connection.execute(statement.encode())
    with pytest.raises(errors.InsufficientPrivilege):
        copy(one.register.id)


def test_a_transaction_cannot_write_into_another_register(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    database = one.register.server.app.state.database
    with pytest.raises(errors.InsufficientPrivilege), database.transaction(one.register.id) as connection:
        connection.execute(
            "INSERT INTO scope (register, scope, kind) VALUES (%s, 'register', 'fixed')", (other.register.id,)
        )
    with database.transaction(one.register.id) as connection:
        done = connection.execute("UPDATE entity SET deleted = true WHERE register = %s", (other.register.id,))
        assert done.rowcount == 0


def test_without_a_register_nothing_is_there(two: tuple[Laptop, Laptop]) -> None:
    with two[0].register.server.app.state.database.anywhere() as connection:
        connection.execute("SET LOCAL ROLE diwi_app")
        assert connection.execute("SELECT count(*) FROM diwi.entity").fetchone() == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE change_log SET field = 'x'",
        "DELETE FROM change_log",
        "TRUNCATE change_log",
        "UPDATE act SET name = 'x'",
        "DELETE FROM act",
        "UPDATE register SET incarnation = gen_random_uuid()",
        "INSERT INTO register (id, code, name) VALUES (gen_random_uuid(), '9', 'x')",
    ],
)
def test_the_log_is_append_only_for_the_runtime_role(register: Register, statement: str) -> None:
    database = register.server.app.state.database
    with pytest.raises(errors.InsufficientPrivilege), database.transaction(register.id) as connection:
        connection.execute(statement)


def test_ids_of_another_register_are_unknown_here(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    theirs = other.register.server.sql(
        "SELECT id::text FROM diwi.entity WHERE register = %s AND kind = 'project'", other.register.id
    )[0][0]
    reply = one.push(
        changed("project", theirs, theirs, "name", "De Hoek", "Gekaapt", base=1),
        made("houseblock", one.new_id(), theirs, {"project_id": theirs, "name": "x", "number": 1}, n=1),
    )
    assert [answer.code for answer in reply.acts[0].others] == ["no_right", "no_right"]
    assert one.ask("GET", f"/projects/{theirs}").status_code == 404
    other.pull()
    assert one.send("/pulls", PullRequest(SCHEMA, other.cursor)).status_code == 410


def test_the_same_id_can_be_in_two_registers(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    twin = project(one)
    assert one.push(*twin.changes).acts[0].others == []
    row = twin.changes[0]
    assert other.push(row).acts[0].others == []
