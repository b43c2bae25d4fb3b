"""docs/asvs.md: every requirement of level 2 is there, and the tests that it names exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+\.\d+\.\d+) \| ([a-z/ ]+) \| (.*?) \| (.*?) \|$", PAGE, re.MULTILINE)

# How many requirements of levels 1 and 2 each chapter of ASVS 5.0.0 has (its list, V1 to V17).
PER_CHAPTER = {1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7, 10: 29, 11: 14, 12: 9, 13: 13, 14: 9, 15: 13,
               16: 16, 17: 7}  # fmt: skip


def test_every_requirement_is_there_once() -> None:
    numbers = [number for number, *_ in ROWS]
    assert len(numbers) == len(set(numbers)) == 253 == sum(PER_CHAPTER.values())
    for chapter, count in PER_CHAPTER.items():
        assert sum(number.startswith(f"{chapter}.") for number in numbers) == count, chapter


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_what_is_shown_names_tests_that_exist_and_the_rest_a_reason(row: tuple[str, str, str, str]) -> None:
    _, status, why, tests = row
    assert status in ("shown", "set up", "n/a", "open")
    assert tests if status == "shown" else why
    for name in re.findall(r"`([^`]+)`", tests):
        path, _, function = name.partition("::")
        text = (ROOT / "tests" / path).read_text(encoding="utf-8")
        assert not function or re.search(rf"^(async )?def {function}\(", text, re.MULTILINE), name


def test_the_totals_at_the_top_are_right() -> None:
    counts = [sum(status == name for _, status, *_ in ROWS) for name in ("shown", "set up", "n/a", "open")]
    assert f"| requirements | {' | '.join(map(str, counts))} |" in PAGE
