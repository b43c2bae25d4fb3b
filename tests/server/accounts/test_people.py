"""Invitations, locks, handovers and the audit log: by whom, at once, and strictly within one municipality."""

from __future__ import annotations

from datetime import timedelta

import pytest

from diwi_desktop.server.db import Database
from tests.server import making
from tests.server.accounts.signing import Someone, a_device, activated, invitation, problem
from tests.server.harness import Register


def path(register: Register, person: str, what: str) -> str:
    return f"/v1/registers/{register.id}/people/{person}/{what}"


# -- invitations --


def test_an_administrator_invites_and_the_link_works_once(admin: Someone, register: Register) -> None:
    person = register.person("Bram", "User", state="UITGENODIGD")
    response = admin.ask("POST", path(register, person, "invitations"))
    assert response.status_code == 201
    given = response.json()
    assert given["link"].endswith(f"#uitnodiging={given['token']}")
    bram = activated(register, person, given["token"])
    bram.sign_in()
    again = register.server.client.post("/v1/activations", json={"token": given["token"]})
    assert (again.status_code, problem(again)) == (410, "invitation-gone")


def test_an_invitation_ends_after_a_week_or_when_a_newer_one_is_given(admin: Someone, register: Register) -> None:
    person = register.person("Bram", "User", state="UITGENODIGD")
    first, second = invitation(register, person), invitation(register, person)
    client = register.server.client
    assert problem(client.post("/v1/activations", json={"token": first})) == "invitation-gone"
    register.server.clock.moment += timedelta(days=6, hours=23)
    assert client.post("/v1/activations", json={"token": second}).status_code == 200
    register.server.clock.moment += timedelta(hours=1)
    assert problem(client.post("/v1/activations", json={"token": second})) == "invitation-gone"
    assert problem(client.post("/v1/activations", json={"token": "guess"})) == "invitation-gone"


def test_an_activation_needs_a_good_password_and_a_code_of_the_shown_secret(register: Register) -> None:
    person = register.person("Bram", "User", state="UITGENODIGD")
    token = invitation(register, person)
    client = register.server.client
    shown = client.post("/v1/activations", json={"token": token}).json()
    assert client.post("/v1/activations", json={"token": token}).json() == shown  # the same when asked again
    bram = Someone(register.server, shown["email"], person, shown["totp_secret"])
    body = {"token": token, "password": "bram bram bram", "code": bram.code()}
    weak = client.post("/v1/activations/confirmations", json=body)
    assert [error["code"] for error in weak.json()["errors"]] == ["password_common"]
    body |= {"password": bram.password, "code": "000000"}
    assert problem(client.post("/v1/activations/confirmations", json=body)) == "sign-in-failed"
    body["code"] = bram.code()
    assert client.post("/v1/activations/confirmations", json=body).status_code == 201


@pytest.mark.parametrize(("role", "whom", "allowed"), [
    ("Admin", "User", True), ("UserPlus", "User", True), ("UserPlus", "Admin", False), ("User", "External", False),
    ("Management", "User", False), ("Council", "User", False), ("External", "User", False), ("Admin", "Admin", True),
])  # fmt: skip
def test_who_may_invite_and_lock_whom(register: Register, role: str, whom: str, allowed: bool) -> None:
    someone = activated(register, register.person("Wie", role)).sign_in()
    person = register.person("Ander", whom, state="UITGENODIGD")
    invited = someone.ask("POST", path(register, person, "invitations"))
    locked = someone.ask("POST", path(register, person, "locks"), json={"locked": True})
    assert (invited.status_code, locked.status_code) == ((201, 200) if allowed else (403, 403))
    denied = register.server.sql("SELECT action FROM diwi.audit WHERE result = 'denied' ORDER BY id")
    assert denied == ([] if allowed else [("invite",), ("lock",)])


def test_nobody_invites_or_locks_himself(admin: Someone, register: Register) -> None:
    assert admin.ask("POST", path(register, admin.person, "invitations")).status_code == 403
    assert admin.ask("POST", path(register, admin.person, "locks"), json={"locked": True}).status_code == 403
    nobody = "01900000-0000-7000-8000-000000000000"
    assert admin.ask("POST", path(register, nobody, "invitations")).status_code == 404


# -- one account, several municipalities --


@pytest.fixture
def twice(register: Register, make_register) -> tuple[Someone, Register, str]:
    """Anna works at two municipalities; only Duinwijk has invited her yet."""
    other: Register = make_register("0998", "Elders")
    anna = activated(register, register.person("Anna", "UserPlus")).sign_in()
    database: Database = register.server.app.state.database
    from diwi_desktop.server import registers

    there = registers.add_person(database, other.id, name="Anna", email=anna.email, role="UserPlus",
                                 state="UITGENODIGD", now=register.server.clock.now())  # fmt: skip
    return anna, other, there


def may_enter(someone: Someone, register: Register) -> bool:
    response = someone.ask("POST", f"/v1/registers/{register.id}/pulls", json={"schema": 2})
    assert response.status_code in (200, 403), response.text
    return bool(response.status_code == 200)


def test_being_in_the_list_of_another_municipality_opens_nothing_yet(twice, register: Register) -> None:
    anna, other, _ = twice
    assert may_enter(anna, register)
    assert not may_enter(anna, other)
    assert [one["open"] for one in anna.ask("GET", "/v1/me").json()["registers"]] == [True, False]


def test_who_has_an_account_keeps_it_and_joins(twice, register: Register) -> None:
    anna, other, there = twice
    token = invitation(other, there)
    assert register.server.client.post("/v1/activations", json={"token": token}).json()["known"] is True
    body = {"token": token, "password": anna.password, "code": "000000", "existing": True}
    wrong = register.server.client.post("/v1/activations/confirmations", json=body)
    assert problem(wrong) == "sign-in-failed"
    body["code"] = anna.code()
    assert register.server.client.post("/v1/activations/confirmations", json=body).status_code == 201
    assert may_enter(anna, register)
    assert may_enter(anna, other)


def test_an_administrator_elsewhere_cannot_take_an_account_over(twice, register: Register) -> None:
    anna, other, there = twice
    thief = activated(other, there, password="nieuw gekozen zinnetje")  # by the link that he should have passed on
    assert problem(anna.ask("GET", "/v1/me")) == "signed-out"
    thief.sign_in()
    assert may_enter(thief, other)
    assert not may_enter(thief, register)


# -- locking --


def test_a_locked_person_is_out_at_once(admin: Someone, anna: Someone, register: Register) -> None:
    anna.sign_in()
    assert may_enter(anna, register)
    response = admin.ask("POST", path(register, anna.person, "locks"), json={"locked": True})
    assert response.json() == {"locked": True}
    assert problem(anna.ask("GET", "/v1/me")) == "signed-out"
    assert [problem(anna.refresh()) for _ in range(2)] == ["no-access"] * 2
    assert problem(anna.try_sign_in()) == "no-access"
    admin.ask("POST", path(register, anna.person, "locks"), json={"locked": False})
    assert problem(anna.refresh()) == "signed-out"
    assert may_enter(anna.sign_in(), register)


def test_only_who_holds_a_good_token_learns_that_somebody_is_locked(
    admin: Someone, anna: Someone, register: Register
) -> None:
    anna.sign_in()
    old = anna.tokens["refresh_token"]
    anna.tokens |= anna.refresh().json()
    assert may_enter(anna, register)  # the first use of the new pair: the old token is dead
    register.server.clock.moment += timedelta(minutes=1)
    admin.sign_in().ask("POST", path(register, anna.person, "locks"), json={"locked": True})
    assert problem(anna.refresh("of-nobody")) == "signed-out"
    assert problem(anna.refresh(old)) == "signed-out"
    assert problem(anna.refresh(device=a_device()["id"])) == "signed-out"
    assert problem(anna.refresh()) == "no-access"
    register.server.clock.moment += timedelta(days=200)
    assert problem(anna.refresh()) == "signed-out"


def test_who_signed_out_and_is_locked_later_does_not_hear_that_by_the_old_token(
    admin: Someone, anna: Someone, register: Register
) -> None:
    anna.sign_in()
    anna.ask("DELETE", "/v1/sessions/current")
    admin.ask("POST", path(register, anna.person, "locks"), json={"locked": True})
    assert problem(anna.refresh()) == "signed-out"


@pytest.mark.parametrize("change", [("state", "ACTIEF", "GEBLOKKEERD"), ("deleted_at", None, "2026-11-21T11:00:00Z")])
def test_a_lock_or_removal_that_comes_by_a_push_works_at_once_too(
    anna: Someone, register: Register, change: tuple[str, str | None, str]
) -> None:
    anna.sign_in()
    assert may_enter(anna, register)
    seq = register.server.sql("SELECT last FROM diwi.entity WHERE id = %s", anna.person)[0][0]
    from diwi_desktop.server import registers

    field, old, new = change
    registers.change(register.server.app.state.database, register.id,
                     [making.changed("person", anna.person, None, field, old, new, base=seq)], "Weg",
                     register.server.clock.now())  # fmt: skip
    assert not may_enter(anna, register)
    assert problem(anna.refresh()) == "no-access"
    token = register.server.client
    assert token.get("/v1/me", headers={"Authorization": f"Bearer {anna.tokens['access_token']}"}).status_code == 401


def test_who_works_elsewhere_too_stays_signed_in_there(twice, register: Register) -> None:
    anna, other, there = twice
    body = {"token": invitation(other, there), "password": anna.password, "code": anna.code(), "existing": True}
    anna.server.client.post("/v1/activations/confirmations", json=body)
    boss = activated(other, other.admin).sign_in()
    assert boss.ask("POST", path(other, there, "locks"), json={"locked": True}).status_code == 200
    assert may_enter(anna, register)
    assert not may_enter(anna, other)


def test_another_e_mail_address_closes_the_account_that_was_there(anna: Someone, register: Register) -> None:
    anna.sign_in()
    seq = register.server.sql("SELECT last FROM diwi.entity WHERE id = %s", anna.person)[0][0]
    from diwi_desktop.server import registers

    registers.change(register.server.app.state.database, register.id,
                     [making.changed("person", anna.person, None, "email", anna.email, "x@y.nl", base=seq)], "Adres",
                     register.server.clock.now())  # fmt: skip
    assert not may_enter(anna, register)


# -- leaving --


def test_everything_somebody_owns_goes_to_another_as_one_act(admin: Someone, register: Register) -> None:
    anna, bram = register.laptop(name="Anna"), register.laptop(name="Bram")
    private = making.project(anna, confidentiality="PRIVATE")
    shared = making.project(anna, start=10)
    anna.push(*private.changes)
    anna.push(*shared.changes, making.made("writer", anna.new_id(), shared.id,
                                           {"project_id": shared.id, "person": bram.session.person}, n=20))  # fmt: skip
    response = admin.ask("POST", path(register, anna.session.person, "handovers"), json={"to": bram.session.person})
    assert (response.status_code, response.json()) == (201, {"projects": 2})
    owners = register.server.sql(
        "SELECT project::text, array_agg(values->>'person') FROM diwi.entity WHERE kind = 'writer' AND NOT deleted"
        " GROUP BY project"
    )
    assert dict(owners) == {private.id: [bram.session.person], shared.id: [bram.session.person]}
    acts = register.server.sql("SELECT name, kind, author FROM diwi.act ORDER BY first_seq DESC LIMIT 1")
    assert acts == [("Eigendom overgedragen", "user", "Beheer")]
    assert {one.changes[0].entity for one in bram.pull().acts if one.changes[0].kind == "project"} >= {private.id}
    again = admin.ask("POST", path(register, anna.session.person, "handovers"), json={"to": bram.session.person})
    assert again.json() == {"projects": 0}


@pytest.mark.parametrize("role", ["UserPlus", "User", "Management", "Council", "External"])
def test_only_an_administrator_hands_over(register: Register, role: str) -> None:
    someone = activated(register, register.person("Wie", role)).sign_in()
    other = register.person("Ander", "User")
    response = someone.ask("POST", path(register, someone.person, "handovers"), json={"to": other})
    assert response.status_code == 403


@pytest.mark.parametrize(("role", "state"), [("Admin", "ACTIEF"), ("Council", "ACTIEF"), ("User", "GEBLOKKEERD")])
def test_only_who_can_own_inherits(admin: Someone, register: Register, role: str, state: str) -> None:
    anna, heir = register.person("Anna"), register.person("Erf", role, state=state)
    assert problem(admin.ask("POST", path(register, anna, "handovers"), json={"to": heir})) == "invalid"
    assert problem(admin.ask("POST", path(register, anna, "handovers"), json={"to": anna})) == "invalid"
    nobody = "01900000-0000-7000-8000-000000000000"
    assert admin.ask("POST", path(register, nobody, "handovers"), json={"to": anna}).status_code == 404


# -- the audit log --


def test_the_audit_log_tells_who_did_what_from_where(admin: Someone, anna: Someone, register: Register) -> None:
    anna.sign_in()
    anna.try_sign_in(code="000000")
    admin.ask("POST", path(register, anna.person, "resets"), json={"what": "password"})
    admin.ask("POST", path(register, anna.person, "locks"), json={"locked": True})
    entries = admin.ask("GET", f"/v1/registers/{register.id}/audit-entries").json()["entries"]
    told = [(one["actor"], one["action"], one["object"], one["result"]) for one in entries[:2]]
    assert told == [
        ("Beheer", "lock", f"person {anna.person}", "done"),
        ("Beheer", "sign-in-reset", f"person {anna.person} password", "done"),
    ]
    assert all(one["at"].endswith("Z") and one["person"] == admin.person for one in entries[:2])
    apart = register.server.sql("SELECT action, result, actor FROM diwi.audit WHERE register IS NULL ORDER BY id")
    assert ("sign-in", "failed", anna.email) in apart
    text = str(register.server.sql("SELECT * FROM diwi.audit"))
    for secret in (anna.password, anna.secret, *anna.recovery, *anna.tokens.values()):
        assert str(secret) not in text


def test_the_audit_log_comes_in_pages_and_only_for_administrators(
    admin: Someone, anna: Someone, register: Register
) -> None:
    address = f"/v1/registers/{register.id}/audit-entries"
    for _ in range(5):
        admin.ask("GET", address)
    first = admin.ask("GET", address, params={"limit": 3, "action": "audit-read"}).json()
    second = admin.ask("GET", address, params={"limit": 3, "action": "audit-read", "before": first["next"]}).json()
    ids = [one["id"] for one in first["entries"] + second["entries"]]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == 5
    assert second["next"] is None
    anna.sign_in()
    assert anna.ask("GET", address).status_code == 403
    denied = admin.ask("GET", address, params={"action": "audit-read", "limit": 1}).json()["entries"][0]
    assert (denied["person"], denied["result"]) == (anna.person, "denied")
    assert problem(admin.ask("GET", address, params={"limit": 0, "action": "x", "since": "2026"})) == "invalid"


def test_the_audit_log_of_another_municipality_is_not_seen(admin: Someone, make_register) -> None:
    other: Register = make_register("0998", "Elders")
    boss = activated(other, other.admin).sign_in()
    seen = boss.ask("GET", f"/v1/registers/{other.id}/audit-entries").json()["entries"]
    assert {one["person"] for one in seen} == {other.admin}


def test_nobody_changes_the_audit_log(register: Register) -> None:
    import psycopg

    database: Database = register.server.app.state.database
    for statement in ("UPDATE audit SET actor = 'x'", "DELETE FROM audit", "TRUNCATE audit"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), database.transaction(register.id) as connection:
            connection.execute(statement.encode())
        accounts = register.server.app.state.accounts
        with pytest.raises(psycopg.errors.InsufficientPrivilege), accounts.transaction() as connection:
            connection.execute(statement.encode())


def test_the_accounts_role_reaches_no_plan(register: Register) -> None:
    import psycopg

    for table in ("entity", "change_log", "act", "scope", "plan_area_shape"):
        accounts = register.server.app.state.accounts
        with pytest.raises(psycopg.errors.InsufficientPrivilege), accounts.transaction() as connection:
            connection.execute(f"SELECT * FROM {table}".encode())
    for table in ("account", "session", "refresh_token", "access_token", "invitation", "recovery_code"):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            register.server.app.state.database.transaction(register.id) as connection,
        ):
            connection.execute(f"SELECT * FROM {table}".encode())
