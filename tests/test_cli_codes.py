"""The page of codes says what the program does."""

import re

from diwi_desktop.assets import resource
from diwi_desktop.cli.codes import markdown, rules_part
from diwi_desktop.quality.rule import PLAN_RULES, REGISTER_RULES


def page() -> str:
    return (resource().parent / "docs" / "rules.md").read_text(encoding="utf-8")


def sections(text: str) -> dict[str, list[str]]:
    """Title -> codes."""
    parts = re.split(r"^## (.*)$", text, flags=re.MULTILINE)
    return {
        title: re.findall(r"^\| `(\w+)`", body, re.MULTILINE)
        for title, body in zip(parts[1::2], parts[2::2], strict=True)
    }


def test_the_page_of_codes_is_up_to_date() -> None:
    assert rules_part() in page(), "run: python -m diwi_desktop.cli.codes > docs/rules.md"
    assert sections(page()) == sections(markdown()), "run: python -m diwi_desktop.cli.codes > docs/rules.md"


def test_a_code_has_one_meaning() -> None:
    codes = [rule.code for rule in (*PLAN_RULES, *REGISTER_RULES)]
    assert len(codes) == len(set(codes))
