"""argparse that speaks Dutch: its headings, its help and its complaints."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

from diwi_desktop.cli import output

WRONG_USE = 2

# What argparse complains of, in the words of Python 3.11 to 3.13. What is not here is told as argparse says it.
_COMPLAINTS = tuple(
    (re.compile(pattern, re.DOTALL), words)
    for pattern, words in (
        (r"the following arguments are required: (.+)", r"hier ontbreekt: \1"),
        (r"unrecognized arguments: (.+)", r"dit hoort er niet bij: \1"),
        (r"argument (.+): invalid choice: (.+) \(choose from (.+)\)", r"\1: \2 kan niet; kies uit \3"),
        (r"argument (.+): expected one argument", r"\1: hier hoort één waarde bij"),
        (r"argument (.+): expected at least one argument", r"\1: hier hoort ten minste één waarde bij"),
        (r"argument (.+): expected at most one argument", r"\1: hier hoort hoogstens één waarde bij"),
        (r"argument (.+): invalid .+ value: (.+)", r"\1: \2 is geen getal dat hier kan"),
        (r"argument (.+): not allowed with argument (.+)", r"\1 kan niet samen met \2"),
        (r"argument (.+): ignored explicit argument (.+)", r"\1: hier hoort geen waarde bij, ook niet \2"),
        (r"ambiguous option: (.+) could match (.+)", r"\1 kan van alles zijn: \2"),
    )
)


class _Help(argparse.HelpFormatter):
    def add_usage(
        self, usage: str | None, actions: Iterable[argparse.Action], groups: Iterable[Any], prefix: str | None = None
    ) -> None:
        super().add_usage(usage, actions, groups, "gebruik: " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser, or one of a command, with headings, help and complaints in Dutch."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"formatter_class": _Help, **settings, "add_help": False})
        self._positionals.title = "wat u opgeeft"
        self._optionals.title = "opties"
        self.add_argument("-h", "--help", action="help", help="toon deze uitleg")

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        output.complain(f"{self.prog}: verkeerd gebruik: {in_dutch(message)}")
        sys.exit(WRONG_USE)


def in_dutch(message: str) -> str:
    """A complaint of argparse in Dutch, where it is one that we know."""
    for pattern, words in _COMPLAINTS:
        found = pattern.fullmatch(message)
        if found is not None:
            return found.expand(words)
    return message
