"""Signing in: only with everything right, and without telling what was wrong."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.server.accounts.signing import PASSWORD, Someone, a_device, activated, invitation, problem
from tests.server.harness import Register, Server


def test_who_was_invited_chooses_a_password_and_signs_in(register: Register) -> None:
    person = register.person("Bram", "User", state="UITGENODIGD")
    bram = activated(register, person).sign_in()
    me = bram.tokens["me"]
    assert me["email"] == bram.email
    assert [(one["id"], one["person"], one["role"], one["state"], one["open"]) for one in me["registers"]] == [
        (register.id, person, "User", "ACTIEF", True)
    ]
    assert bram.ask("GET", "/v1/me").json() == me
    assert len(bram.recovery) == 10


def test_the_activation_of_a_person_is_in_the_log_for_all_laptops(register: Register) -> None:
    person = register.person("Bram", "User", state="UITGENODIGD")
    activated(register, person)
    acts = register.server.sql("SELECT name, kind, author FROM diwi.act ORDER BY first_seq DESC LIMIT 1")
    assert acts == [("Toegang geactiveerd", "system", "Bram")]


@pytest.mark.parametrize("wrong", [
    {"email": "niemand@example.nl"}, {"password": "heel iets anders dan"}, {"code": "000000"}, {"code": ""},
    {"password": PASSWORD.upper()}, {"code": "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA"},
])  # fmt: skip
def test_whatever_is_wrong_the_answer_is_the_same(anna: Someone, wrong: dict[str, str]) -> None:
    response = anna.try_sign_in(**wrong)
    assert response.status_code == 401
    assert problem(response) == "sign-in-failed"
    document = {key: value for key, value in response.json().items() if key != "instance"}
    nobody = anna.try_sign_in(email="nobody@example.nl").json()
    assert document == {key: value for key, value in nobody.items() if key != "instance"}


def test_an_address_counts_in_capitals_and_with_blanks_too(anna: Someone) -> None:
    anna.sign_in(email=f" {anna.email.upper()} ")


def test_a_code_of_the_app_counts_once(anna: Someone) -> None:
    code = anna.code()
    anna.sign_in(code=code)
    assert problem(anna.try_sign_in(code=code)) == "sign-in-failed"


def test_a_recovery_code_counts_once_in_place_of_the_app(anna: Someone) -> None:
    anna.sign_in(code=anna.recovery[0].lower())
    assert problem(anna.try_sign_in(code=anna.recovery[0])) == "sign-in-failed"
    anna.sign_in(code=anna.recovery[1])


def test_wrong_tries_have_to_wait_also_for_an_address_without_account(anna: Someone) -> None:
    for email in (anna.email, "niemand@example.nl"):
        for _ in range(6):
            assert problem(anna.try_sign_in(email=email, code="000000")) == "sign-in-failed"
        wait = anna.try_sign_in(email=email, code="000000")
        assert (wait.status_code, problem(wait)) == (429, "too-many-tries")
        assert wait.headers["retry-after"] == "1"


def test_who_waits_gets_in_and_starts_anew(anna: Someone) -> None:
    for _ in range(6):
        anna.try_sign_in(code="000000")
    assert anna.try_sign_in(code="000000").status_code == 429
    anna.sign_in()  # the code is of half a minute later
    for _ in range(5):
        assert anna.try_sign_in(code="000000").status_code == 401
    anna.sign_in()


def test_after_a_hundred_wrong_ones_only_a_reset_helps(anna: Someone, register: Register) -> None:
    for _ in range(101):
        anna.server.clock.moment += timedelta(minutes=16)
        assert anna.try_sign_in(code="000000").status_code == 401
    anna.server.clock.moment += timedelta(minutes=16)
    assert anna.try_sign_in().status_code == 401
    again = activated(register, anna.person, invitation(register, anna.person, purpose="second-factor"))
    anna.server.clock.moment += timedelta(minutes=16)  # the place on the network still waits
    again.sign_in()


def test_many_guesses_at_once_are_all_counted(anna: Someone) -> None:
    from concurrent.futures import ThreadPoolExecutor

    body = {"email": anna.email, "password": "fout wachtwoord hier", "code": "000000", "device": anna.device}
    with ThreadPoolExecutor(8) as pool:
        answers = [
            answer.status_code
            for answer in pool.map(lambda _: anna.server.client.post("/v1/sessions", json=body), range(24))
        ]
    assert answers.count(401) == 6
    assert answers.count(429) == 18


def test_what_is_sent_must_have_the_right_shape(anna: Someone) -> None:
    whole = {"email": anna.email, "password": PASSWORD, "code": "123456", "device": anna.device}
    for key in whole:
        response = anna.server.client.post("/v1/sessions", json={k: v for k, v in whole.items() if k != key})
        assert (response.status_code, problem(response)) == (400, "invalid")
        assert PASSWORD not in response.text
    response = anna.server.client.post("/v1/sessions", json={**whole, "admin": True, "device": a_device(tag="abc")})
    assert len(response.json()["errors"]) == 2


def test_without_a_token_or_with_another_nothing_is_answered(anna: Someone) -> None:
    anna.sign_in()
    for header in ("", "Bearer", "Bearer x", f"Basic {anna.tokens['access_token']}",
                   f"Bearer {anna.tokens['refresh_token']}"):  # fmt: skip
        response = anna.server.client.get("/v1/me", headers={"Authorization": header})
        assert (response.status_code, problem(response)) == (401, "signed-out")
        assert response.headers["www-authenticate"] == "Bearer"


def test_an_account_opens_its_own_register_only(anna: Someone, register: Register, make_register) -> None:
    other: Register = make_register("0998", "Elders")
    anna.sign_in()
    assert anna.ask("GET", f"/v1/registers/{register.id}/audit-entries").json()["status"] == 403  # UserPlus: no audit
    for id in (other.id, str(uuid4()), "no-uuid"):
        response = anna.ask("GET", f"/v1/registers/{id}/audit-entries")
        assert (response.status_code, problem(response)) == (403, "no-access")


def test_letters_of_another_laptop_are_refused_also_after_it_signed_out(anna: Someone, register: Register) -> None:
    other = activated(register, register.person("Kees", "User"))
    anna.device = a_device("KTB")
    anna.sign_in()
    other.device = a_device("KTB")
    response = other.try_sign_in()
    assert (response.status_code, problem(response)) == (409, "tag-taken")
    anna.ask("DELETE", "/v1/sessions/current")
    assert problem(other.try_sign_in()) == "tag-taken"
    other.device = {**other.device, "tag": "WXZ"}
    other.sign_in()
    anna.sign_in()


def test_the_same_letters_at_another_municipality_do_not_matter(anna: Someone, make_register) -> None:
    elsewhere: Register = make_register("0998", "Elders")
    other = activated(elsewhere, elsewhere.person("Kees", "User"))
    anna.device, other.device = a_device("KTB"), a_device("KTB")
    anna.sign_in()
    other.sign_in()


def test_two_people_share_a_laptop(anna: Someone, register: Register) -> None:
    kees = activated(register, register.person("Kees", "User"))
    kees.device = anna.device
    anna.sign_in()
    kees.sign_in()
    assert anna.ask("GET", "/v1/me").status_code == 200


def test_a_server_may_leave_passwords_to_single_sign_on(anna: Someone, server: Server) -> None:
    assert server.client.get("/v1/sign-in-methods").json() == {"password": True, "oidc": None}
    server.app.state.accounts.settings = server.app.state.settings = server.app.state.settings.model_copy(
        update={"password_sign_in": False}
    )
    assert anna.try_sign_in().status_code == 404
    assert server.client.get("/v1/sign-in-methods").json()["password"] is False


def test_an_old_hash_is_made_anew_at_the_next_sign_in(anna: Someone) -> None:
    from diwi_desktop.server.accounts.passwords import Passwords

    anna.server.app.state.accounts.passwords = Passwords(memory_kib=128, rounds=1)
    anna.sign_in()
    assert "m=128" in anna.server.sql("SELECT password FROM diwi.account WHERE email = %s", anna.email)[0][0]
    anna.sign_in()


def test_nothing_that_opens_the_door_is_kept_readable(anna: Someone, register: Register) -> None:
    anna.sign_in()
    token = invitation(register, register.admin)
    anna.server.client.post("/v1/activations", json={"token": token})
    kept = ""
    for (table,) in anna.server.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'diwi'"):
        kept += str(anna.server.sql(f"SELECT t::text FROM diwi.{table} t"))
    secrets = [PASSWORD, anna.secret, token, anna.tokens["access_token"], anna.tokens["refresh_token"], *anna.recovery]
    for secret in secrets:
        assert secret not in kept
        assert secret.replace("-", "") not in kept
