"""Nobody becomes another person: by an address, by an invitation, by a reset, or by the provider."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from diwi_desktop.server import acts, registers
from tests.server.accounts.signing import PASSWORD, Someone, activated, invitation, problem
from tests.server.accounts.single import add, enter, hand_in, identity
from tests.server.accounts.test_people import may_enter, path
from tests.server.harness import Register, Server

NEW = "groene ladder bij maanlicht"


@pytest.fixture
def boss(register: Register) -> Someone:
    """A main user who would like to be somebody else, signed in."""
    return activated(register, register.person("Chef", "UserPlus")).sign_in()


def change(register: Register, person: str, field: str, new: Any) -> None:
    """What an administrator did, past all rights."""
    state = register.server.app.state
    who = acts.server_session(register.id, registers.SERVER, "DIWI")
    made: acts.Change = ("person", person, None, field, new)
    acts.apply(state.database, state.intakes, who, "Wijzigen", lambda _: [made], register.server.clock.now())


def use(server: Server, token: str, password: str, code: str, **more: Any) -> httpx.Response:
    body = {"token": token, "password": password, "code": code, **more}
    return server.client.post("/v1/activations/confirmations", json=body)


def lines(register: Register, action: str) -> list[tuple[Any, ...]]:
    found = "SELECT object, result FROM diwi.audit WHERE register = %s AND action = %s ORDER BY id"
    return register.server.sql(found, register.id, action)


# -- invitations --


def test_a_main_user_gets_no_link_of_who_is_or_was_active(boss: Someone, anna: Someone, register: Register) -> None:
    locked = register.person("Oud", "User", state="GEBLOKKEERD")
    active = register.person("Vroeg", "User")  # made active in the list of people, and never signed in
    for person in (anna.person, active, locked):
        refused = boss.ask("POST", path(register, person, "invitations"))
        assert (refused.status_code, refused.json()["reason"]) == (403, "invited_again")
    assert register.server.sql("SELECT count(*) FROM diwi.invitation WHERE used_at IS NULL") == [(0,)]
    fresh = register.person("Nieuw", "User", state="UITGENODIGD")
    assert boss.ask("POST", path(register, fresh, "invitations")).status_code == 201


def test_nor_after_somebody_was_put_back_to_invited(boss: Someone, anna: Someone, register: Register) -> None:
    change(register, anna.person, "state", "UITGENODIGD")
    refused = boss.ask("POST", path(register, anna.person, "invitations"))
    assert (refused.status_code, refused.json()["reason"]) == (403, "invited_again")


def test_who_has_access_is_not_invited_by_anybody(admin: Someone, anna: Someone, register: Register) -> None:
    anna.sign_in()
    refused = admin.ask("POST", path(register, anna.person, "invitations"))
    assert (refused.status_code, problem(refused)) == (409, "has-access")
    assert "herstellen" in refused.json()["nl"]
    assert may_enter(anna, register)


def test_an_account_that_is_there_is_not_replaced_through_another_hand(
    anna: Someone, register: Register, make_register: Any
) -> None:
    """The main user of another municipality invites a colleague and uses the link himself."""
    other: Register = make_register("0998", "Elders")
    there = add(other, anna.email)
    anna.sign_in()
    hand = activated(other, other.person("Chef", "UserPlus")).sign_in()
    given = hand.ask("POST", path(other, there, "invitations")).json()
    started = register.server.client.post("/v1/activations", json={"token": given["token"]}).json()
    assert (started["purpose"], started["known"]) == ("invitation", True)
    thief = Someone(register.server, anna.email, there, started["totp_secret"])
    refused = use(register.server, given["token"], NEW, thief.code())
    assert (refused.status_code, problem(refused)) == (409, "account-known")
    assert may_enter(anna, register)
    assert use(register.server, given["token"], PASSWORD, anna.code(), existing=True).status_code == 201
    assert may_enter(anna, other)


# -- resets --


def test_another_password_asks_for_the_second_factor_there_is(
    admin: Someone, anna: Someone, register: Register
) -> None:
    anna.sign_in()
    answer = admin.ask("POST", path(register, anna.person, "resets"), json={"what": "password"})
    assert answer.status_code == 201
    token = answer.json()["invitation"]["token"]
    assert problem(anna.ask("GET", "/v1/me")) == "signed-out"  # at once
    assert lines(register, "sign-in-reset") == [(f"person {anna.person} password", "done")]

    started = register.server.client.post("/v1/activations", json={"token": token}).json()
    assert (started["purpose"], started["totp_secret"], started["totp_address"]) == ("password", "", "")
    assert problem(use(register.server, token, NEW, "000000")) == "sign-in-failed"
    assert problem(use(register.server, token, NEW, "000000", existing=True)) == "invitation-gone"
    anna.sign_in()  # the old password counts until another is chosen
    done = use(register.server, token, NEW, anna.code())
    assert (done.status_code, done.json()["recovery_codes"]) == (201, [])
    assert problem(anna.ask("GET", "/v1/me")) == "signed-out"
    assert anna.try_sign_in().status_code == 401
    anna.password = NEW
    assert may_enter(anna.sign_in(), register)
    assert problem(use(register.server, token, NEW, anna.code())) == "invitation-gone"


def test_a_recovery_code_does_in_place_of_the_phone(admin: Someone, anna: Someone, register: Register) -> None:
    answer = admin.ask("POST", path(register, anna.person, "resets"), json={"what": "password"})
    token = answer.json()["invitation"]["token"]
    assert use(register.server, token, NEW, anna.recovery[0]).status_code == 201
    anna.password = NEW
    assert anna.try_sign_in(code=anna.recovery[0]).status_code == 401
    anna.sign_in()


def test_who_has_the_link_does_not_guess_the_code(admin: Someone, anna: Someone, register: Register) -> None:
    answer = admin.ask("POST", path(register, anna.person, "resets"), json={"what": "password"})
    token = answer.json()["invitation"]["token"]
    said = [problem(use(register.server, token, NEW, f"{n:06}")) for n in range(12)]
    assert said[0] == "sign-in-failed"
    assert said[-1] == "too-many-tries"
    failed = register.server.sql("SELECT count(*) FROM diwi.audit WHERE action = 'credentials-change'"
                                 " AND result = 'failed' AND person = %s", anna.person)  # fmt: skip
    assert failed == [(said.count("sign-in-failed"),)]


def test_both_factors_anew_close_other_registers_and_those_are_told(
    admin: Someone, anna: Someone, register: Register, make_register: Any
) -> None:
    other: Register = make_register("0998", "Elders")
    there = add(other, anna.email)
    assert use(register.server, invitation(other, there), PASSWORD, anna.code(), existing=True).status_code == 201
    anna.sign_in()
    answer = admin.ask("POST", path(register, anna.person, "resets"), json={"what": "second-factor"})
    again = activated(register, anna.person, answer.json()["invitation"]["token"], NEW).sign_in()
    assert len(again.recovery) == 10
    assert may_enter(again, register)
    assert not may_enter(again, other)
    assert lines(other, "credentials-change") == [(f"person {there} closed", "done")]


@pytest.mark.parametrize("what", ["password", "second-factor", "identity"])
def test_only_an_administrator_resets_and_not_himself(
    boss: Someone, admin: Someone, anna: Someone, register: Register, what: str
) -> None:
    for someone, person in ((boss, anna.person), (anna.sign_in(), boss.person), (admin, admin.person)):
        refused = someone.ask("POST", path(register, person, "resets"), json={"what": what})
        assert refused.status_code == 403
    assert lines(register, "sign-in-reset") == [
        (f"person {person}", "denied") for person in (anna.person, boss.person, admin.person)
    ]
    assert may_enter(anna, register)


def test_nothing_to_reset(admin: Someone, anna: Someone, register: Register) -> None:
    fresh = register.person("Nieuw", "User", state="UITGENODIGD")
    for person, what in ((fresh, "password"), (fresh, "second-factor"), (anna.person, "identity")):
        refused = admin.ask("POST", path(register, person, "resets"), json={"what": what})
        assert (refused.status_code, problem(refused)) == (409, "no-access-yet")
    nobody = "01900000-0000-7000-8000-000000000000"
    assert admin.ask("POST", path(register, nobody, "resets"), json={"what": "password"}).status_code == 404
    assert admin.ask("POST", path(register, fresh, "resets"), json={"what": "all"}).status_code == 400


# -- addresses --


def test_another_address_closes_a_password_and_a_new_invitation_takes_its_place(
    admin: Someone, anna: Someone, register: Register
) -> None:
    anna.sign_in()
    change(register, anna.person, "email", "anders@duinwijk.nl")
    assert not may_enter(anna, register)
    given = admin.ask("POST", path(register, anna.person, "invitations"))
    assert given.json()["email"] == "anders@duinwijk.nl"
    fresh = activated(register, anna.person, given.json()["token"], NEW).sign_in()
    assert may_enter(fresh, register)
    change(register, anna.person, "email", anna.email)  # back: the old account does not revive
    assert anna.try_sign_in().status_code == 403
    assert not may_enter(fresh, register)


# -- single sign-on --

PEOPLE = {
    "anna": {"email": "anna@duinwijk.example", "email_verified": True},
    "eve": {"email": "eve@duinwijk.example", "email_verified": True},
    "nieuw": {"email": "anna@duinwijk.example", "email_verified": True},
}


@pytest.fixture(scope="module")
def people() -> dict[str, dict[str, Any]]:
    return PEOPLE


def person_of(response: httpx.Response, server: Server) -> list[str]:
    return [one["person"] for one in enter(server, response).json()["registers"] if one["open"]]


def test_an_address_that_is_changed_moves_nobodys_access(single: Server, register: Register, issuer: str) -> None:
    """An address of Anna's that becomes Eve's does not make Eve Anna, and Anna stays Anna."""
    anna = add(register, "anna@duinwijk.example")
    assert person_of(hand_in(single, identity(issuer, "anna")), single) == [anna]
    change(register, anna, "email", "eve@duinwijk.example")
    assert problem(hand_in(single, identity(issuer, "eve"))) == "no-access"
    assert person_of(hand_in(single, identity(issuer, "anna")), single) == [anna]


def test_an_address_that_a_colleague_gets_later_makes_him_nobody_else(
    single: Server, register: Register, issuer: str
) -> None:
    """Anna's old mailbox becomes that of a new colleague: each stays who he is, whoever signs in first."""
    anna = add(register, "anna@duinwijk.example")
    assert person_of(hand_in(single, identity(issuer, "anna")), single) == [anna]
    change(register, anna, "email", "anna.de.wit@duinwijk.example")
    fresh = add(register, "anna@duinwijk.example")
    assert person_of(hand_in(single, identity(issuer, "nieuw")), single) == [fresh]
    assert person_of(hand_in(single, identity(issuer, "anna")), single) == [anna]
    assert person_of(hand_in(single, identity(issuer, "nieuw")), single) == [fresh]
    assert single.sql("SELECT count(*) FROM diwi.account") == [(2,)]


def test_who_comes_in_as_himself_does_not_become_another(single: Server, register: Register, issuer: str) -> None:
    eve, vera = add(register, "eve@duinwijk.example"), add(register, "vera@duinwijk.example")
    assert person_of(hand_in(single, identity(issuer, "eve")), single) == [eve]
    change(register, eve, "email", "eva@duinwijk.example")
    change(register, vera, "email", "eve@duinwijk.example")
    assert person_of(hand_in(single, identity(issuer, "eve")), single) == [eve]
    assert single.sql("SELECT state FROM diwi.membership WHERE person = %s", vera) == [("UITGENODIGD",)]


def test_who_signed_in_with_a_password_is_not_taken_by_an_address(
    single: Server, register: Register, issuer: str
) -> None:
    anna = activated(register, add(register, "anna@duinwijk.example")).sign_in()
    change(register, anna.person, "email", "eve@duinwijk.example")
    assert problem(hand_in(single, identity(issuer, "eve"))) == "no-access"


def test_another_identity_is_an_act_of_an_administrator(single: Server, register: Register, issuer: str) -> None:
    anna = add(register, "anna@duinwijk.example")
    first = hand_in(single, identity(issuer, "anna"))
    assert person_of(first, single) == [anna]
    assert problem(hand_in(single, identity(issuer, "nieuw"))) == "sign-in-failed"
    boss = activated(register, register.admin).sign_in()
    answer = boss.ask("POST", path(register, anna, "resets"), json={"what": "identity"})
    assert (answer.status_code, answer.json()) == (201, {"what": "identity", "invitation": None})
    headers = {"Authorization": f"Bearer {first.json()['access_token']}"}
    assert problem(single.client.get("/v1/me", headers=headers)) == "signed-out"
    body = {"refresh_token": first.json()["refresh_token"], "device": first.json()["me"]["device"]}
    assert problem(single.client.post("/v1/sessions/refresh", json=body)) == "signed-out"
    assert lines(register, "sign-in-reset") == [(f"person {anna} identity", "done")]
    assert person_of(hand_in(single, identity(issuer, "nieuw")), single) == [anna]
    assert problem(hand_in(single, identity(issuer, "anna"))) == "sign-in-failed"


def test_one_municipality_does_not_move_the_identity_at_another(
    single: Server, register: Register, issuer: str, make_register: Any
) -> None:
    other: Register = make_register("0998", "Elders")
    add(register, "anna@duinwijk.example")
    there = add(other, "anna@duinwijk.example")
    enter(single, hand_in(single, identity(issuer, "anna")))
    boss = activated(other, other.admin).sign_in()
    assert boss.ask("POST", path(other, there, "resets"), json={"what": "identity"}).status_code == 201
    assert problem(hand_in(single, identity(issuer, "nieuw"))) == "sign-in-failed"  # Duinwijk knows the other one
    assert len(person_of(hand_in(single, identity(issuer, "anna")), single)) == 2
