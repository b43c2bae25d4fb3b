"""A finding: one thing that is wrong or doubtful, said in Dutch and English, pointing at the field it is about."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a finding weighs."""

    REFUSAL = "refusal"  # may not be stored at all
    ERROR = "error"  # stored, but a receiver (province, council report) must not get it
    WARNING = "warning"  # doubtful: a person has to look


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of a rule, an import or an export.

    `code` is stable and documented; `nl` and `en` are whole sentences. `kind`/`entity`/`field` point at the
    value in the store (field is a catalogue key); `row`/`column` point at a place in a file (1-based row, column header
    or letter). `option_list` and `own_field` say what a missing option or own field would be, so that a screen can
    offer to create it. `source` names the standard or document the rule comes from.
    """

    code: str
    severity: Severity
    nl: str
    en: str
    kind: str = ""
    entity: str = ""
    field: str = ""
    value: Any = None
    project: str = ""
    project_name: str = ""
    row: int | None = None
    column: str = ""
    source: str = ""
    fix: dict[str, Any] = dataclasses.field(default_factory=dict, hash=False, compare=False)

    def as_json(self) -> dict[str, Any]:
        """The shape that the command line prints: code, row, column, value, message and where it is."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "row": self.row,
            "column": self.column,
            "value": None if self.value is None else str(self.value),
            "message": self.nl,
            "message_en": self.en,
            "project": self.project or None,
            "project_name": self.project_name or None,
            "kind": self.kind or None,
            "entity": self.entity or None,
            "field": self.field or None,
        }


class UserError(Exception):
    """Something the user can mend: one Dutch and one English sentence. Shown as it is, never with a traceback."""

    code = "error"

    def __init__(self, nl: str, en: str, *, code: str | None = None, findings: list[Finding] | None = None) -> None:
        super().__init__(nl)
        self.nl = nl
        self.en = en
        self.findings = findings or []
        if code is not None:
            self.code = code


class Refused(UserError):
    """An act that breaks a refusing rule: nothing of it was stored. `findings` says why."""

    code = "refused"

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(" ".join(f.nl for f in findings[:3]), " ".join(f.en for f in findings[:3]), findings=findings)


class Cancelled(Exception):
    """The user cancelled long work; nothing of it was stored."""
