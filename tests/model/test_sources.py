"""Sources of rules are named in both languages."""

import re

import pytest

from diwi_desktop.exchange.provinces.messages import MESSAGES
from diwi_desktop.model.refusals import REFUSALS
from diwi_desktop.model.sources import source_words
from diwi_desktop.quality import rules, together
from diwi_desktop.quality.rule import PLAN_RULES, REGISTER_RULES

RULES = (*REFUSALS, *PLAN_RULES, *REGISTER_RULES, *MESSAGES.values())
SOURCES = sorted({rule.source for rule in RULES})
ENGLISH = re.compile(r"\b(the|of|and|reference|own|rule|gap|not|with|are|plans|province|help|status of|type)\b")
assert rules.findings
assert together.takes_part


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_is_named_in_dutch_too(source: str) -> None:
    dutch = source_words(source)
    assert not ENGLISH.search(dutch.replace("z-score", "")), dutch
    assert source_words(source, "en") == source
    assert re.findall(r"\d", dutch) == re.findall(r"\d", source)


def test_what_a_source_becomes() -> None:
    found = source_words("functional reference 2.1 (gap: the original did not check)")
    assert found == "functionele beschrijving 2.1 (de oorspronkelijke DIWI controleerde dit niet)"
    assert source_words("functional reference 1.12 and appendix D") == "functionele beschrijving 1.12 en bijlage D"
    assert source_words("own rule") == "eigen regel"
    assert source_words("own rule", "en") == "own rule"
    assert source_words("Kadaster") == "Kadaster"
    assert source_words("") == ""
