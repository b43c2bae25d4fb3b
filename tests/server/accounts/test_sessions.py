"""Sessions: tokens that rotate, answers that get lost, copies that are noticed, and devices."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.server.accounts.signing import Someone, a_device, activated, problem
from tests.server.harness import Register


@pytest.fixture
def signed(anna: Someone) -> Someone:
    return anna.sign_in()


def pass_time(someone: Someone, **time: float) -> None:
    someone.server.clock.moment += timedelta(**time)


def take(someone: Someone, response) -> None:
    assert response.status_code == 200, response.text
    someone.tokens |= response.json()


def test_an_access_token_ends_after_ten_minutes(signed: Someone) -> None:
    pass_time(signed, minutes=9, seconds=59)
    assert signed.ask("GET", "/v1/me").status_code == 200
    pass_time(signed, seconds=1)
    assert problem(signed.ask("GET", "/v1/me")) == "signed-out"


def test_a_refresh_token_gives_a_new_pair_and_then_is_worth_nothing(signed: Someone) -> None:
    old = dict(signed.tokens)
    take(signed, signed.refresh())
    assert signed.tokens["access_token"] != old["access_token"]
    assert signed.ask("GET", "/v1/me").status_code == 200  # the first use of the new pair
    pass_time(signed, seconds=31)
    assert problem(signed.refresh(old["refresh_token"])) == "signed-out"


def test_a_lost_answer_signs_nobody_out_however_long_ago(signed: Someone) -> None:
    signed.refresh()  # the answer is lost
    signed.refresh()  # and once more
    pass_time(signed, days=20)
    take(signed, signed.refresh())
    assert signed.ask("GET", "/v1/me").status_code == 200
    take(signed, signed.refresh())


def test_of_pairs_given_beside_each_other_only_the_one_that_is_used_counts(signed: Someone) -> None:
    lost = signed.refresh().json()
    take(signed, signed.refresh())
    assert signed.ask("GET", "/v1/me").status_code == 200
    response = signed.server.client.get("/v1/me", headers={"Authorization": f"Bearer {lost['access_token']}"})
    assert problem(response) == "signed-out"
    pass_time(signed, minutes=5)
    assert problem(signed.refresh(lost["refresh_token"])) == "signed-out"  # a copy: the session ends
    assert problem(signed.ask("GET", "/v1/me")) == "signed-out"
    assert problem(signed.refresh()) == "signed-out"


def test_a_copied_token_ends_the_session_and_that_is_written_down(signed: Someone) -> None:
    old = signed.tokens["refresh_token"]
    take(signed, signed.refresh())
    take(signed, signed.refresh())
    pass_time(signed, minutes=2)
    assert problem(signed.refresh(old)) == "signed-out"
    assert problem(signed.refresh()) == "signed-out"
    lines = signed.server.sql("SELECT result, actor FROM diwi.audit WHERE action = 'refresh-reuse'")
    assert lines == [("denied", signed.email)]


def test_a_request_delivered_twice_does_not_end_the_session(signed: Someone) -> None:
    old = signed.tokens["refresh_token"]
    take(signed, signed.refresh())
    assert signed.ask("GET", "/v1/me").status_code == 200
    pass_time(signed, seconds=30)
    again = signed.refresh(old)
    assert (again.status_code, problem(again)) == (409, "token-replaced")
    assert signed.ask("GET", "/v1/me").status_code == 200
    take(signed, signed.refresh())


def test_a_refresh_token_is_of_one_device(signed: Someone) -> None:
    assert problem(signed.refresh(device=a_device()["id"])) == "signed-out"
    assert problem(signed.refresh()) == "signed-out"


def test_a_session_ends_unused_and_at_the_latest_after_half_a_year(signed: Someone) -> None:
    other = dict(signed.tokens)
    for _ in range(4):
        pass_time(signed, days=44)
        take(signed, signed.refresh())
    pass_time(signed, days=5)
    assert problem(signed.refresh()) == "signed-out"
    signed.sign_in()
    pass_time(signed, days=60)
    assert problem(signed.refresh()) == "signed-out"
    assert problem(signed.refresh(other["refresh_token"])) == "signed-out"


def test_signing_out_ends_the_session(signed: Someone) -> None:
    assert signed.ask("DELETE", "/v1/sessions/current").status_code == 204
    assert problem(signed.ask("GET", "/v1/me")) == "signed-out"
    assert problem(signed.refresh()) == "signed-out"


def test_devices_are_listed_and_one_is_ended_from_another(signed: Someone) -> None:
    laptop = dict(signed.tokens)
    signed.device = a_device(name="Werkplek   2")
    signed.sign_in()
    listed = signed.ask("GET", "/v1/devices").json()["devices"]
    assert [(one["name"], one["current"]) for one in listed] == [("Werkplek 2", True), ("Laptop", False)]
    ending, proof = f"/v1/devices/{listed[1]['id']}/endings", {"password": signed.password}
    assert signed.ask("POST", ending, json=proof).status_code == 204
    assert signed.ask("POST", ending, json=proof).status_code == 404
    response = signed.server.client.get("/v1/me", headers={"Authorization": f"Bearer {laptop['access_token']}"})
    assert problem(response) == "signed-out"
    assert signed.ask("GET", "/v1/me").status_code == 200


def test_another_device_is_ended_only_by_who_proves_again_who_he_is(signed: Someone) -> None:
    """ASVS 7.5.2: who finds a laptop that is signed in does not sign its owner out elsewhere."""
    laptop = dict(signed.tokens)
    signed.device = a_device(name="Gevonden")
    signed.sign_in()
    mine, elsewhere = (f"/v1/devices/{one['id']}/endings" for one in signed.ask("GET", "/v1/devices").json()["devices"])
    assert problem(signed.ask("POST", elsewhere, json={})) == "prove-again"
    token = {"id_token": "x", "nonce": "12345678"}
    assert problem(signed.ask("POST", elsewhere, json=token)) == "not-found"  # no single sign-on here
    for _ in range(3):
        assert problem(signed.ask("POST", elsewhere, json={"password": "verkeerd"})) == "sign-in-failed"
    pass_time(signed, minutes=2)
    headers = {"Authorization": f"Bearer {laptop['access_token']}"}
    assert signed.server.client.get("/v1/me", headers=headers).status_code == 200
    told = signed.server.sql("SELECT result FROM diwi.audit WHERE action = 'device-ended' ORDER BY id")
    assert told == [("failed",)] * 3
    assert signed.ask("POST", elsewhere, json={"password": signed.password}).status_code == 204
    assert problem(signed.server.client.get("/v1/me", headers=headers)) == "signed-out"
    assert signed.ask("POST", mine, json={}).status_code == 204  # here it needs nothing
    assert problem(signed.ask("GET", "/v1/me")) == "signed-out"


def test_wrong_passwords_for_a_device_are_counted_as_at_a_sign_in(signed: Someone) -> None:
    signed.device = a_device(name="Gevonden")
    signed.sign_in()
    elsewhere = f"/v1/devices/{signed.ask('GET', '/v1/devices').json()['devices'][1]['id']}/endings"
    found = [problem(signed.ask("POST", elsewhere, json={"password": f"gok {n}"})) for n in range(12)]
    assert found[0] == "sign-in-failed"
    assert found[-1] == "too-many-tries"
    assert problem(signed.ask("POST", elsewhere, json={"password": signed.password})) == "too-many-tries"


def test_nobody_sees_or_ends_the_devices_of_another(signed: Someone, register: Register) -> None:
    kees = activated(register, register.person("Kees", "User")).sign_in()
    mine = signed.ask("GET", "/v1/devices").json()["devices"][0]["id"]
    assert mine not in kees.ask("GET", "/v1/devices").text
    proof = {"password": kees.password}
    assert kees.ask("POST", f"/v1/devices/{mine}/endings", json=proof).status_code == 404
    assert signed.ask("GET", "/v1/me").status_code == 200


def test_signing_in_again_on_a_device_takes_the_place_of_the_session_there(signed: Someone) -> None:
    old = signed.tokens["access_token"]
    signed.sign_in()
    assert len(signed.ask("GET", "/v1/devices").json()["devices"]) == 1
    response = signed.server.client.get("/v1/me", headers={"Authorization": f"Bearer {old}"})
    assert problem(response) == "signed-out"


def test_another_password_ends_all_other_sessions(signed: Someone) -> None:
    laptop = dict(signed.tokens)
    signed.device = a_device()
    signed.sign_in()
    body = {"current": signed.password, "code": signed.code(), "password": "kort"}
    assert problem(signed.ask("PUT", "/v1/me/password", json=body)) == "invalid"
    body |= {"password": "groene paraplu zwemt", "current": "verkeerd wachtwoord"}
    assert problem(signed.ask("PUT", "/v1/me/password", json=body)) == "sign-in-failed"
    body |= {"current": signed.password, "code": signed.code()}
    assert signed.ask("PUT", "/v1/me/password", json=body).status_code == 204
    assert signed.ask("GET", "/v1/me").status_code == 200
    assert problem(signed.refresh(laptop["refresh_token"], device=None)) == "signed-out"
    assert problem(signed.try_sign_in()) == "sign-in-failed"
    signed.password = "groene paraplu zwemt"
    signed.sign_in()


def test_a_new_phone(signed: Someone) -> None:
    proof = {"password": signed.password, "code": signed.recovery[0]}
    begun = signed.ask("POST", "/v1/me/second-factors", json=proof)
    assert begun.status_code == 201
    signed.sign_in()  # the old phone still counts
    old, signed.secret = signed.secret, begun.json()["totp_secret"]
    wrong = signed.ask("POST", "/v1/me/second-factors/confirmations", json={"code": "000000"})
    assert problem(wrong) == "sign-in-failed"
    done = signed.ask("POST", "/v1/me/second-factors/confirmations", json={"code": signed.code()})
    assert done.status_code == 201
    recovery, signed.recovery = signed.recovery, done.json()["recovery_codes"]
    signed.sign_in()
    assert problem(signed.try_sign_in(code=recovery[1])) == "sign-in-failed"
    signed.sign_in(code=signed.recovery[0])
    signed.secret = old
    assert problem(signed.try_sign_in()) == "sign-in-failed"


def test_the_code_of_a_new_phone_is_not_guessed(signed: Someone) -> None:
    """By who has a session and not the phone: its owner began, and did not finish."""
    proof = {"password": signed.password, "code": signed.recovery[0]}
    assert signed.ask("POST", "/v1/me/second-factors", json=proof).status_code == 201
    said = [
        problem(signed.ask("POST", "/v1/me/second-factors/confirmations", json={"code": f"{n:05}"})) for n in range(7)
    ]
    assert said == ["sign-in-failed"] * 6 + ["too-many-tries"]


def test_two_refreshes_at_the_same_moment_both_get_an_answer(signed: Someone) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: signed.refresh(), range(6)))
    assert [answer.status_code for answer in answers] == [200] * 6
    take(signed, answers[-1])
    assert signed.ask("GET", "/v1/me").status_code == 200
    for answer in answers[:-1]:
        assert problem(signed.refresh(answer.json()["refresh_token"])) == "token-replaced"
