"""How names in files are compared with those in the register."""

from __future__ import annotations

from diwi_desktop.exchange.register import key_of


def test_names_are_compared_without_case_and_spare_spaces() -> None:
    assert key_of("  Twee  onder een KAP ") == key_of("twee onder een kap")
    assert key_of("Hoekwoning") != key_of("Tussenwoning")


def test_the_spelling_of_the_original_is_recognised() -> None:
    assert key_of("Gallerijflat") == key_of("Galerijflat")
