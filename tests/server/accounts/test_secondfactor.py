"""Codes of the second factor: in time, once, and not another's."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from diwi_desktop.server.accounts import secondfactor

NOW = datetime(2026, 10, 1, 12, 0, 10, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(moment: datetime, secret: str = SECRET) -> str:
    return str(pyotp.TOTP(secret).at(moment))


@pytest.mark.parametrize(("away", "counts"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_code_counts_in_its_half_minute_and_those_beside_it(away: int, counts: bool) -> None:
    step = secondfactor.matching_step(SECRET, code(NOW + timedelta(seconds=away)), NOW, 0)
    assert (step is not None) is counts


def test_a_code_counts_once_and_an_older_one_not_any_more() -> None:
    step = secondfactor.matching_step(SECRET, code(NOW), NOW, 0)
    assert step is not None
    assert secondfactor.matching_step(SECRET, code(NOW), NOW, step) is None
    assert secondfactor.matching_step(SECRET, code(NOW - timedelta(seconds=30)), NOW, step) is None
    assert secondfactor.matching_step(SECRET, code(NOW + timedelta(seconds=30)), NOW, step) == step + 1


@pytest.mark.parametrize("wrong", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "000000 or 1=1"])
def test_what_is_no_code_does_not_count(wrong: str) -> None:
    assert secondfactor.matching_step(SECRET, wrong, NOW, 0) is None


def test_a_code_may_be_typed_with_a_space_and_is_of_one_secret() -> None:
    given = code(NOW)
    assert secondfactor.matching_step(SECRET, f"{given[:3]} {given[3:]}", NOW, 0) is not None
    assert secondfactor.matching_step(secondfactor.new_secret(), given, NOW, 0) is None


def test_the_address_names_issuer_and_person() -> None:
    text = secondfactor.address(SECRET, "anna@heemstee.example", "DIWI Heemstee")
    assert text.startswith("otpauth://totp/DIWI%20Heemstee:anna%40heemstee.example?")
    assert SECRET in text


def test_recovery_codes_are_long_different_and_kept_as_hashes() -> None:
    codes = secondfactor.new_recovery_codes()
    hashes = {secondfactor.recovery_hash(c) for c in codes}
    assert len(hashes) == len(codes) == 10
    assert None not in hashes
    assert len(codes[0].replace("-", "")) * 5 >= 112  # bits: a plain hash is enough
    assert secondfactor.recovery_hash(codes[0].lower().replace("-", " ")) == secondfactor.recovery_hash(codes[0])
    for wrong in ("", codes[0][:-1], codes[0] + "A", codes[0][:-1] + "0"):
        assert secondfactor.recovery_hash(wrong) is None
