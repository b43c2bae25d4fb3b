"""What was probably meant by a name that is not in a list."""

from __future__ import annotations

import pytest

from diwi_desktop.exchange import hints
from diwi_desktop.model.codelists import code_list


def test_a_slip_of_the_pen_names_what_was_meant_and_what_there_is() -> None:
    nl, en = hints.of_codes("Verdigting", code_list("plan_type"))
    assert nl.startswith(" Bedoelt u 'Verdichting'? Kies uit: ")
    assert en.startswith(" Do you mean '")
    for code in code_list("plan_type").codes:
        assert code.nl in nl
        assert code.en in en


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("Gementee", ["Gemeente", "Corporatie"], " Bedoelt u 'Gemeente'? Kies uit: Gemeente, Corporatie."),
        ("Anders", ["Gemeente", "Corporatie"], " Kies uit: Gemeente, Corporatie."),
        ("Wijk 03", [f"Wijk {n:02}a" for n in range(9)], " Bedoelt u 'Wijk 03a'?"),
        ("Noord", [f"Straat {n}" for n in range(9)], ""),
        ("Noord", [], ""),
    ],
)
def test_few_names_are_told_and_of_many_the_nearest(text: str, names: list[str], expected: str) -> None:
    assert hints.of_names(text, names)[0] == expected
