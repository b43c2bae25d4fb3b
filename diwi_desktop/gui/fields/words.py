"""Words on the screen that come from the core: the language in use, field labels, findings, names of acts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diwi_desktop.gui.language import QT_TRANSLATE_NOOP, language, translate
from diwi_desktop.model.catalogue import Field
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.finding import Finding, Severity, UserError
from diwi_desktop.model.notation import format_homes, format_number, value_words
from diwi_desktop.model.options import Option
from diwi_desktop.model.sources import source_words
from diwi_desktop.model.values import BadValue

# The units of the catalogue that are words; others, such as m², are the same in every language.
UNITS = (QT_TRANSLATE_NOOP("Units", "woningen"),)


def label(field: Field) -> str:
    return field.label(language())


def with_label(text: str, label: str) -> str:
    """Fill %1 with a label, which starts small when it does not start the text: "Add house block"."""
    return text.replace("%1", label if text.startswith("%1") else label[:1].lower() + label[1:])


def help_text(field: Field) -> str:
    return field.help(language())


def unit(field: Field) -> str:
    """What the number of a field counts or measures; empty when it has no unit."""
    return translate("Units", field.unit) if field.unit in UNITS else field.unit


def code_label(name: str, key: str | None) -> str:
    """The label of a key of a code list in the language of the window; empty for None."""
    return code_list(name).label(key, language())


def sentence(what: Finding | UserError | BadValue) -> str:
    """The sentence of a finding or an error in the language of the window."""
    text = what.en if language() == "en" else what.nl
    # What does not fit a value is written to follow the name of its field, so it starts small.
    return text[:1].upper() + text[1:] if isinstance(what, BadValue) else text


def source_of(finding: Finding) -> str:
    """Where the rule of a finding comes from, in the language of the window."""
    return source_words(finding.source, language())


def rule_words(finding: Finding) -> str:
    """What should be so by the rule of a finding; empty for what has no rule in words."""
    from diwi_desktop.model.refusals import REFUSALS
    from diwi_desktop.quality.rule import PLAN_RULES, REGISTER_RULES

    place = 1 if language() == "en" else 0
    rules = {rule.code: (rule.nl, rule.en) for rule in (*PLAN_RULES, *REGISTER_RULES)}
    refusals = {rule.code: (rule.nl, rule.en) for rule in REFUSALS}
    # A name that occurs twice is doubtful for a project and refused in a list of choices: one code, two rules.
    words = rules | refusals if finding.severity is Severity.REFUSAL else refusals | rules
    return words[finding.code][place] if finding.code in words else ""


def change_name(field: Field) -> str:
    """The name of the act that changes one field: "Projectnaam wijzigen". Kept in the log, so always Dutch."""
    return f"{field.nl} wijzigen"


def homes(number: int) -> str:
    """A number of homes in words: 48 woningen."""
    return format_homes(number, language())


def signed(number: int) -> str:
    """A whole number with its sign: +48, −12, 0."""
    return f"+{format_number(number)}" if number > 0 else format_number(number)


def shown(field: Field, value: Any, options: Mapping[str, Option]) -> str:
    """A value in log shape as a table or form shows it, in the language of the window."""
    return value_words(field, value, options, language())
