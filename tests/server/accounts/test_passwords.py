"""Passwords: kept slowly, refused when everybody has them."""

import hashlib
import time
import unicodedata
from pathlib import Path

import pytest

from diwi_desktop.server.accounts import breached
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
            start = time.thread_time()
            assert not passwords.fits(hash_or_none, "nobody has this passwor")
            best = min(best, time.thread_time() - start)
        return best

    assert not passwords.fits(None, "nobody has this password")
    assert not passwords.fits("no hash at all", GOOD[0])
    known, unknown = took(stored), took(None)
    assert 0.5 < known / unknown < 2


def leaked(path: Path, passwords: list[str], end: bytes = b"\n") -> Path:
    """A list as the downloader of Have I Been Pwned writes it."""
    hashes = sorted(hashlib.sha1(one.encode()).hexdigest().upper() for one in passwords)
    path.write_bytes(b"".join(f"{one}:{n * 37 % 100_000}".encode() + end for n, one in enumerate(hashes)))
    return path


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("count", [1, 2, 3, 1000])
def test_a_password_that_leaked_is_found_wherever_it_stands_in_the_list(tmp_path: Path, count: int, end: bytes) -> None:
    there = [f"gelekt zinnetje nummer {n}" for n in range(count)]
    path = leaked(tmp_path / "list", there, end)
    assert all(breached.known(path, one) for one in there)
    assert not any(breached.known(path, f"veilig zinnetje nummer {n}") for n in range(200))
    assert [one.code for one in refusals(there[-1], leaked=path)] == ["password_leaked"]
    assert refusals("veilig zinnetje nummer zeven", leaked=path) == []


def test_a_list_that_is_none_refuses_nothing_and_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    wrong = tmp_path / "wrong"
    for content in (b"x" * 500, b"no hash\n" * 100, b"\n" * 80):
        wrong.write_bytes(content)
        with pytest.raises(ValueError, match="wrong"):
            breached.known(wrong, "x")
        assert refusals("veilig zinnetje nummer zeven", leaked=wrong) == []
    assert refusals("veilig zinnetje nummer zeven", leaked=tmp_path / "none") == []
    assert caplog.text.count("cannot be read") == 4
    wrong.write_bytes(b"")
    assert not breached.known(wrong, "x")


def test_a_hash_of_other_costs_is_old(passwords: Passwords) -> None:
    cheap = Passwords(memory_kib=64, rounds=1).hashed(GOOD[0])
    assert passwords.is_old(cheap)
    assert not passwords.is_old(passwords.hashed(GOOD[0]))
