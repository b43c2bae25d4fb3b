"""What the command line prints: aligned tables, JSON, findings, and progress for whoever watches."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from diwi_desktop.model.finding import Finding, Severity, UserError

SEVERITY_NL = {Severity.REFUSAL: "geweigerd", Severity.ERROR: "fout", Severity.WARNING: "waarschuwing"}


class WrongUse(UserError):
    """The command itself was wrong (a file that is not there, an unknown field): exit status 2."""

    code = "wrong_use"


def prepare() -> None:
    """Print UTF-8 wherever the output goes; what cannot be shown or is no text becomes a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure") and not stream.isatty():
            stream.reconfigure(encoding="utf-8", errors="replace")
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def say(text: str) -> None:
    """One line on standard output."""
    sys.stdout.write(text + "\n")


def complain(text: str) -> None:
    """One line on standard error."""
    sys.stderr.write(text + "\n")


def print_json(value: Any) -> None:
    """Indented JSON with the signs as they are."""
    say(json.dumps(value, ensure_ascii=False, indent=2))


def table(head: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> list[str]:
    """Lines with the columns aligned; the columns numbered in `right` to the right."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    ends = set(right)

    def line(cells: Sequence[str]) -> str:
        padded = (
            cell.rjust(width) if i in ends else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return "  ".join(padded).rstrip()

    return [line(lines[0]), line(["-" * width for width in widths]), *map(line, lines[1:])]


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """Those that are errors or refusals."""
    return [f for f in findings if f.severity is not Severity.WARNING]


def findings_json(findings: Sequence[Finding]) -> dict[str, Any]:
    """The errors and the warnings, apart."""
    return {
        "errors": [f.as_json() for f in blocking(findings)],
        "warnings": [f.as_json() for f in findings if f.severity is Severity.WARNING],
    }


def print_findings(findings: Sequence[Finding]) -> None:
    """One line per finding: weight, place, code and sentence; at the end how many."""
    rows = [[SEVERITY_NL[f.severity], _place(f), f.code, f.nl] for f in findings]
    if rows:
        for line in table(["soort", "waar", "code", "bevinding"], rows):
            say(line)
    errors = len(blocking(findings))
    say(f"{count(errors, 'fout', 'fouten')}, {count(len(findings) - errors, 'waarschuwing', 'waarschuwingen')}")


def count(number: int, one: str, more: str) -> str:
    """1 fout, 2 fouten."""
    return f"{number} {one if number == 1 else more}"


def _place(finding: Finding) -> str:
    """Row and column in a file, else the project."""
    if finding.row is not None:
        return f"rij {finding.row}" + (f", {finding.column}" if finding.column else "")
    return finding.project_name or finding.column


class Bar:
    """Progress on one line of standard error, only when somebody watches. Call it with (done, total)."""

    def __init__(self, name: str, stream: TextIO | None = None) -> None:
        self._name = name
        self._stream = stream or sys.stderr
        self._shown = -1
        self._watched = self._stream.isatty()

    def __call__(self, done: int, total: int) -> None:
        percent = 100 * done // total if total else 100
        if self._watched and percent != self._shown:
            self._shown = percent
            self._stream.write(f"\r{self._name} {percent:3d} %")
            self._stream.flush()

    def close(self) -> None:
        """Wipe the line."""
        if self._shown >= 0:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
