"""How Dutch texts address their reader: the program and the paper for administrators as "u", the handbook as "je"."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from diwi_desktop.server.settings import Settings
from diwi_desktop.store.blobs import LARGEST

ROOT = Path(__file__).resolve().parents[2]
FAMILIAR = re.compile(r"\b(je|jij|jou|jouw|jezelf|jullie)\b", re.IGNORECASE)
POLITE = re.compile(r"\b(u|uw|uzelf)\b")
OTHER_FORMS = re.compile(r"\b(u hebt|hebt u)\b", re.IGNORECASE)


def shown(path: Path) -> Iterator[str]:
    """What a file can bring on the screen: the texts of a module, and whole files of other kinds."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield text
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def files() -> Iterator[Path]:
    yield from sorted((ROOT / "diwi_desktop").rglob("*.py"))
    for folder in ("resources", "ui", "maps"):
        yield from sorted(path for kind in ("*.toml", "*.ui") for path in (ROOT / folder).rglob(kind))


def test_the_program_says_u() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {found.group()!r} in {text[max(0, found.start() - 40) : found.end() + 20]!r}"
        for path in files()
        for text in shown(path)
        for found in (FAMILIAR.search(text), OTHER_FORMS.search(text))
        if found is not None
    ]
    assert not wrong


@pytest.mark.parametrize(("paper", "never"), [("handboek.md", POLITE), ("beheer-server.md", FAMILIAR)])
def test_each_paper_keeps_to_one(paper: str, never: re.Pattern[str]) -> None:
    text = re.sub(r"[“\"`*].*?[”\"`*]", "", (ROOT / "docs" / paper).read_text(encoding="utf-8"))  # not what it quotes
    assert not never.findall(text)


def test_what_it_looks_for_is_found() -> None:
    assert FAMILIAR.search("waar je mag schrijven")
    assert not FAMILIAR.search("Projectnaam; een jaar; object")


def test_the_papers_say_how_large_a_document_may_be() -> None:
    served = Settings().largest_document // 1_000_000
    assert f"hoogstens {LARGEST // 1_000_000} MB groot" in (ROOT / "docs" / "handboek.md").read_text(encoding="utf-8")
    administration = (ROOT / "docs" / "beheer-server.md").read_text(encoding="utf-8")
    assert f"biedt niets aan boven {LARGEST // 1_000_000} MB | {served} MB;" in administration
