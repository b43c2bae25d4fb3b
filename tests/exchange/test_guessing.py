"""What type a new own field probably has, by the values of its column."""

from __future__ import annotations

from typing import Any

import pytest

from diwi_desktop.exchange.lookup import guess_type
from diwi_desktop.model.codes import OwnFieldType

CLIENTS = ["Gemeente", "Corporatie", "gemeente", "Ontwikkelaar", "Corporatie", "Ontwikkelaar"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([True, False], OwnFieldType.BOOLEAN),
        ([3, 4.5], OwnFieldType.NUMERIC),
        (["1 Hoog", "2 Laag"], OwnFieldType.ORDINAL),
        (CLIENTS, OwnFieldType.CATEGORY),
        (CLIENTS[:4], OwnFieldType.TEXT),  # they do not return often enough to tell
        ([f"Keuze {n % 9}" for n in range(40)], OwnFieldType.TEXT),  # "2" and so on are no rank, and nine are many
        (["Zo lang dat niemand het als keuze zou willen zien, hoe vaak het ook terugkomt"] * 4, OwnFieldType.TEXT),
        (["Eenmalig"], OwnFieldType.TEXT),
        ([], OwnFieldType.TEXT),
    ],
)
def test_by_the_values(values: list[Any], expected: OwnFieldType) -> None:
    assert guess_type(values) is expected
