"""Passwords: kept slowly, refused when everybody has them."""

import time
import unicodedata

import pytest

from diwi_desktop.server.accounts.passwords import Passwords, refusals

GOOD = [
    "paars fietsen lantaarn",
    "zesentwintig!kaas",
    "Tr0ub4dor&ladder",
    "ēén-lange-zin-ünïcode",
    "   drie spaties  x",
]
COMMON = """
    wachtwoord123 Wachtwoord!!!! W4chtw00rd2026 welkomwelkom1 aaaaaaaaaaaaaa 123456789012 abcdefghijklmn mlkjihgfedcba
    qwertyuiopas 1qaz2wsx3edc Gemeente2026! gemeentediwi! Woningbouw-2026 q1w2e3r4t5y6
""".split()


@pytest.fixture(scope="module")
def passwords() -> Passwords:
    return Passwords()


@pytest.mark.parametrize("password", GOOD)
def test_a_long_and_uncommon_password_is_accepted(password: str) -> None:
    assert refusals(password) == []


@pytest.mark.parametrize("password", COMMON)
def test_a_common_password_is_refused_whatever_is_stuck_on(password: str) -> None:
    assert [finding.code for finding in refusals(password)] == ["password_common"]


@pytest.mark.parametrize(("password", "code"), [("kort en fijn", None), ("kort en fij", "password_short"),
                                                ("é" * 11, "password_short"),
                                                ("paars " * 43, "password_long")])  # fmt: skip
def test_the_length_counts_characters(password: str, code: str | None) -> None:
    assert [finding.code for finding in refusals(password)] == ([code] if code else [])


def test_what_others_know_of_somebody_is_no_password() -> None:
    about = ["Anna Vermeulen", "anna.vermeulen@heemstee.example"]
    assert [f.code for f in refusals("anna-vermeulen-1987", about)] == ["password_common"]
    assert [f.code for f in refusals("Vermeulen-1987!", about)] == ["password_common"]
    assert refusals("vermeulen leest lantaarns", about) == []


def test_a_hash_has_its_own_salt_and_the_costs_that_owasp_gives(passwords: Passwords) -> None:
    first, second = passwords.hashed(GOOD[0]), passwords.hashed(GOOD[0])
    assert first != second
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.fits(first, GOOD[0])
    assert passwords.fits(second, GOOD[0])
    assert not passwords.fits(first, GOOD[1])


def test_the_same_letters_from_another_keyboard_fit(passwords: Passwords) -> None:
    stored = passwords.hashed(unicodedata.normalize("NFC", "één blauwe kat"))
    assert passwords.fits(stored, unicodedata.normalize("NFD", "één blauwe kat"))


def test_without_an_account_nothing_fits_and_it_takes_as_long(passwords: Passwords) -> None:
    stored = passwords.hashed(GOOD[0])

    def took(hash_or_none: str | None) -> float:
        best = 9.0
        for _ in range(5):
            start = time.perf_counter()
            assert not passwords.fits(hash_or_none, "nobody has this passwor")
            best = min(best, time.perf_counter() - start)
        return best

    assert not passwords.fits(None, "nobody has this password")
    assert not passwords.fits("no hash at all", GOOD[0])
    known, unknown = took(stored), took(None)
    assert 0.5 < known / unknown < 2


def test_a_hash_of_other_costs_is_old(passwords: Passwords) -> None:
    cheap = Passwords(memory_kib=64, rounds=1).hashed(GOOD[0])
    assert passwords.is_old(cheap)
    assert not passwords.is_old(passwords.hashed(GOOD[0]))
