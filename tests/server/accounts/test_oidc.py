"""Single sign-on at the server: a real provider's token opens the door, and nothing that only looks like one."""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from diwi_desktop.server.accounts.oidc import BadToken, Provider
from diwi_desktop.server.problems import Busy
from tests.server.accounts.signing import Someone, a_device, activated, problem
from tests.server.accounts.single import add, enter, hand_in, identity
from tests.server.harness import NOON, Register, Server

PEOPLE = {
    "anna": {"email": "Anna@Duinwijk.example", "email_verified": True},
    "bram": {"email": "bram@duinwijk.example", "email_verified": False},
    "eve": {"email": "anna@duinwijk.example", "email_verified": True},
    "bert": {"email": "bert@duinwijk.example", "email_verified": True},
    "vreemd": {"email": "vreemd@elders.example", "email_verified": True},
}


@pytest.fixture(scope="module")
def people() -> dict[str, dict[str, Any]]:
    return PEOPLE


@pytest.mark.parametrize("client_id", ["diwi-rs", "diwi-ps", "diwi-es"])
def test_the_whole_way_from_browser_to_session(single: Server, register: Register, issuer: str, client_id: str) -> None:
    single.app.state.provider = Provider(issuer, client_id)
    person = add(register, "anna@duinwijk.example")
    me = enter(single, hand_in(single, identity(issuer, "anna", client_id))).json()
    assert (me["email"], me["method"]) == ("anna@duinwijk.example", "oidc")
    assert [(one["person"], one["state"], one["open"]) for one in me["registers"]] == [(person, "ACTIEF", True)]


def test_an_identity_token_counts_once(single: Server, register: Register, issuer: str) -> None:
    add(register, "anna@duinwijk.example")
    who = identity(issuer, "anna")
    enter(single, hand_in(single, who))
    assert problem(hand_in(single, who)) == "sign-in-failed"


def test_another_device_is_ended_after_a_new_sign_in_at_the_provider(
    single: Server, register: Register, issuer: str
) -> None:
    """ASVS 7.5.2. A token without the time of the sign-in, another's, an old one or a used one does not count."""
    for name in ("anna", "bert"):
        add(register, f"{name}@duinwijk.example")
    first, second = (hand_in(single, identity(issuer, "anna")).json() for _ in range(2))
    ending = f"/v1/devices/{first['me']['session']}/endings"

    def end(who: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {second['access_token']}"}
        body = {"id_token": who.id_token, "nonce": who.nonce} if who else {}
        return single.client.post(ending, json=body, headers=headers)

    assert problem(end(None)) == "prove-again"
    enter(single, hand_in(single, identity(issuer, "bert")))
    used = identity(issuer, "anna", again=True)
    enter(single, hand_in(single, used))
    for who in (identity(issuer, "anna"), identity(issuer, "bert", again=True), used):
        assert problem(end(who)) == "sign-in-failed"
    assert end(identity(issuer, "anna", again=True)).status_code == 204


@pytest.mark.parametrize(("minutes", "counts"), [(9, True), (10, False), (None, False)])
def test_a_sign_in_at_the_provider_of_a_while_ago_is_no_new_proof(
    single: Server, register: Register, issuer: str, monkeypatch: pytest.MonkeyPatch, minutes: int | None, counts: bool
) -> None:
    """Five minutes, and five that clocks may be apart."""
    add(register, "anna@duinwijk.example")
    first, second = (hand_in(single, identity(issuer, "anna")).json() for _ in range(2))
    who, told, now = identity(issuer, "anna", again=True), Provider.identity, single.clock.moment
    at = None if minutes is None else now - timedelta(minutes=minutes)
    monkeypatch.setattr(Provider, "identity", lambda *given: replace(told(*given), signed_in_at=at))
    answer = single.client.post(
        f"/v1/devices/{first['me']['session']}/endings",
        json={"id_token": who.id_token, "nonce": who.nonce},
        headers={"Authorization": f"Bearer {second['access_token']}"},
    )
    assert answer.status_code == (204 if counts else 401)


def test_the_wrong_nonce_does_not_count(single: Server, register: Register, issuer: str) -> None:
    add(register, "anna@duinwijk.example")
    who = identity(issuer, "anna")
    assert problem(hand_in(single, who, nonce="another nonce")) == "sign-in-failed"
    enter(single, hand_in(single, who))


def test_an_address_that_the_provider_does_not_vouch_for_or_nobody_has(
    single: Server, register: Register, issuer: str
) -> None:
    add(register, "bram@duinwijk.example")
    add(register, "locked@duinwijk.example", state="GEBLOKKEERD")
    for login in ("bram", "vreemd"):
        assert problem(hand_in(single, identity(issuer, login))) == "sign-in-failed"
    assert single.sql("SELECT count(*) FROM diwi.account") == [(0,)]
    told = single.sql("SELECT object FROM diwi.audit WHERE result = 'failed' ORDER BY id")
    assert told == [("oidc e-mail address not verified",), ("oidc nobody has this e-mail address",)]


def test_from_the_first_time_on_the_subject_counts_and_not_the_address(
    single: Server, register: Register, issuer: str
) -> None:
    add(register, "anna@duinwijk.example")
    enter(single, hand_in(single, identity(issuer, "anna")))
    assert problem(hand_in(single, identity(issuer, "eve"))) == "sign-in-failed"
    enter(single, hand_in(single, identity(issuer, "anna")))


def test_a_locked_person_does_not_get_in(single: Server, register: Register, issuer: str) -> None:
    add(register, "bert@duinwijk.example", state="GEBLOKKEERD")
    assert problem(hand_in(single, identity(issuer, "bert"))) == "sign-in-failed"  # as if not known
    person = add(register, "anna@duinwijk.example")
    response = hand_in(single, identity(issuer, "anna"))
    enter(single, response)
    boss = activated(register, register.admin).sign_in()
    boss.ask("POST", f"/v1/registers/{register.id}/people/{person}/locks", json={"locked": True})
    headers = {"Authorization": f"Bearer {response.json()['access_token']}"}
    assert problem(single.client.get("/v1/me", headers=headers)) == "signed-out"
    assert problem(hand_in(single, identity(issuer, "anna"))) == "no-access"


def test_a_password_does_not_open_what_single_sign_on_opened(
    single: Server, register: Register, issuer: str, make_register: Any
) -> None:
    other: Register = make_register("0998", "Elders")
    add(register, "anna@duinwijk.example")
    enter(single, hand_in(single, identity(issuer, "anna")))
    there = add(other, "anna@duinwijk.example")
    anna: Someone = activated(other, there).sign_in()  # by a link that the other administrator might have kept
    assert [one["open"] for one in anna.ask("GET", "/v1/me").json()["registers"]] == [False, True]


def test_after_a_month_the_provider_decides_anew(single: Server, register: Register, issuer: str) -> None:
    """A session here does not outlive for long the one at the provider, however often it is renewed."""
    add(register, "anna@duinwijk.example")
    tokens = hand_in(single, identity(issuer, "anna")).json()
    device = tokens["me"]["device"]
    for day in (20, 9):
        single.clock.moment += timedelta(days=day)
        body = {"refresh_token": tokens["refresh_token"], "device": device}
        answer = single.client.post("/v1/sessions/refresh", json=body)
        assert answer.status_code == 200, day
        tokens = answer.json()
    single.clock.moment += timedelta(days=1, minutes=1)
    assert problem(
        single.client.post("/v1/sessions/refresh", json={**body, "refresh_token": tokens["refresh_token"]})
    ) == ("signed-out")


def test_without_single_sign_on_there_is_no_such_address(server: Server) -> None:
    body = {"id_token": "x", "nonce": "12345678", "device": a_device()}
    assert server.client.post("/v1/sessions/oidc", json=body).status_code == 404


# -- forgeries, against a provider whose keys the test has --------------------------------------------------------

ISSUER, CLIENT, NONCE = "https://login.example", "diwi", "a nonce of this sign-in"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
OTHER = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
CURVE = ECKey.generate_key("P-256", {"kid": "two", "use": "sig"})


class Keys:
    """Answers for the provider; `asked` counts how often its keys were fetched."""

    def __init__(self, *keys: Any) -> None:
        self.keys = list(keys)
        self.asked = 0
        self.down = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            return httpx.Response(500)
        if request.url.path.endswith("openid-configuration"):
            return httpx.Response(200, json={"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"})
        self.asked += 1
        return httpx.Response(200, json=KeySet(self.keys).as_dict(private=False))


def a_provider(keys: Keys) -> Provider:
    return Provider(ISSUER, CLIENT, transport=httpx.MockTransport(keys))


def claims(**other: Any) -> dict[str, Any]:
    now = int(NOON.timestamp())
    whole = {"iss": ISSUER, "aud": CLIENT, "sub": "anna", "nonce": NONCE, "iat": now, "exp": now + 300,
             "email": "anna@x.nl", "email_verified": True, **other}  # fmt: skip
    return {key: value for key, value in whole.items() if value is not None}


def token(key: Any = KEY, alg: str = "RS256", kid: str = "one", **other: Any) -> str:
    return jwt.encode({"alg": alg, "kid": kid}, claims(**other), key, algorithms=[alg])


def test_a_good_token_says_who_it_is() -> None:
    found = a_provider(Keys(KEY, CURVE)).identity(token(), NONCE, NOON)
    assert (found.issuer, found.subject, found.email) == (ISSUER, "anna", "anna@x.nl")
    assert a_provider(Keys(KEY, CURVE)).identity(token(CURVE, "ES256", "two"), NONCE, NOON).subject == "anna"
    assert a_provider(Keys(KEY)).identity(token(alg="PS256"), NONCE, NOON).subject == "anna"


NOW = int(NOON.timestamp())


@pytest.mark.parametrize("other", [
    {"iss": "https://evil.example"}, {"iss": None}, {"iss": ISSUER + "/"}, {"aud": "other"}, {"aud": None}, {"aud": []},
    {"aud": [CLIENT, "other"]}, {"aud": [CLIENT, "other"], "azp": "other"}, {"azp": "other"}, {"nonce": None},
    {"nonce": "another"}, {"nonce": 1}, {"sub": None}, {"sub": ""}, {"sub": 5}, {"exp": None}, {"exp": "soon"},
    {"exp": True}, {"exp": NOW - 300}, {"iat": None}, {"iat": NOW + 301}, {"nbf": NOW + 301}, {"nbf": "x"},
])  # fmt: skip
def test_a_token_with_something_wrong_is_not_believed(other: dict[str, Any]) -> None:
    with pytest.raises(BadToken):
        a_provider(Keys(KEY)).identity(token(**other), NONCE, NOON)


@pytest.mark.parametrize("other", [
    {"aud": [CLIENT]}, {"aud": [CLIENT, "other"], "azp": CLIENT}, {"azp": CLIENT}, {"exp": NOW - 299},
    {"iat": NOW + 300}, {"nbf": NOW + 300}, {"nbf": NOW - 1000},
])  # fmt: skip
def test_a_token_at_the_edge_is_believed(other: dict[str, Any]) -> None:
    assert a_provider(Keys(KEY)).identity(token(**other), NONCE, NOON).subject == "anna"


@pytest.mark.parametrize("verified", [False, None, "yes", "false", 0, []])
def test_an_address_counts_only_when_the_provider_vouches_for_it(verified: Any) -> None:
    assert a_provider(Keys(KEY)).identity(token(email_verified=verified), NONCE, NOON).email == ""


def test_other_names_of_the_claims() -> None:
    entra = a_provider(Keys(KEY))
    entra.email_claim, entra.verified_claim = "upn", "xms_edov"
    assert entra.identity(token(upn="Jan@X.nl", xms_edov=True), NONCE, NOON).email == "jan@x.nl"


def test_signatures_that_do_not_count() -> None:
    keys = Keys(KEY)
    plain = json.dumps(claims()).encode()

    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    none = ".".join([part(b'{"alg": "none"}'), part(plain), ""])
    signed = ".".join([part(b'{"alg": "HS256", "kid": "one"}'), part(plain)])  # by what everybody knows: the public key
    mac = hmac.digest(KEY.as_pem(private=False), signed.encode(), "sha256")
    shared = f"{signed}.{part(mac)}"
    good = token()
    head, body, signature = good.split(".")
    changed = ".".join([head, part(plain.replace(b"anna@", b"root@")), signature])
    weak = jwt.encode({"alg": "RS384", "kid": "one"}, claims(), KEY, algorithms=["RS384"])
    own = jwt.encode({"alg": "RS256", "jwk": OTHER.as_dict(private=False)}, claims(), OTHER, algorithms=["RS256"])
    hostile = [none, shared, token(OTHER), changed, weak, own, token(kid="unknown"), "", "a.b", "a.b.c", "....",
               "é.é.é", f"{head}.{body}.", "x" * 30_000]  # fmt: skip
    for each in hostile:
        with pytest.raises(BadToken):
            a_provider(keys).identity(each, NONCE, NOON)
    assert a_provider(keys).identity(good, NONCE, NOON).subject == "anna"


def test_keys_are_kept_and_fetched_anew_when_the_provider_has_others() -> None:
    keys = Keys(KEY)
    asked = a_provider(keys)
    for _ in range(3):
        asked.identity(token(), NONCE, NOON)
    assert keys.asked == 1
    keys.keys = [CURVE]
    for _ in range(3):  # a token that names an unknown key asks again, but not more than once a minute
        with pytest.raises(BadToken):
            asked.identity(token(CURVE, "ES256", "two"), NONCE, NOON)
    assert keys.asked == 1
    later = NOON + timedelta(minutes=1)
    assert asked.identity(token(CURVE, "ES256", "two"), NONCE, later).subject == "anna"
    assert keys.asked == 2
    with pytest.raises(BadToken):
        asked.identity(token(), NONCE, later)
    asked.identity(token(CURVE, "ES256", "two", exp=NOW + 9999), NONCE, later + timedelta(hours=1))
    assert keys.asked == 3


def test_a_provider_that_does_not_answer_is_no_wrong_password() -> None:
    keys = Keys(KEY)
    keys.down = True
    with pytest.raises(Busy):
        a_provider(keys).identity(token(), NONCE, NOON)
    for wrong in ({"issuer": "https://evil.example", "jwks_uri": f"{ISSUER}/keys"}, {"issuer": ISSUER}, [],
                  {"issuer": ISSUER, "jwks_uri": "http://plain.example/keys"}):  # fmt: skip
        said = httpx.MockTransport(lambda _, wrong=wrong: httpx.Response(200, json=wrong))
        with pytest.raises(Busy):
            Provider(ISSUER, CLIENT, transport=said).identity(token(), NONCE, NOON)
