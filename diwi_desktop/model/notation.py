"""How values are written and typed: Dutch notation, the same in every form, table, message and command.

31-12-2026, 1.234,5, ja; money and ranges as the input of the original had them (functional reference 2.5):
cents show as `1,00`, thousands get points, a range is `100.000,00-200.000,00`, `10-` means 10 and more, `-10`
means just 10 and the third decimal of an amount is dropped. Notation does not change with the language of the
screen; words (ja, labels) do. What `format_value` writes, `parse_value` reads back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from diwi_desktop.model.catalogue import Field, FieldType
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.options import Option
from diwi_desktop.model.values import BadValue, to_log

MINUS = "\N{MINUS SIGN}"
SEPARATOR = "; "  # between the choices of one field
_NAME_PARTS = 8  # a choice has at most seven commas and semicolons in its own name

Options = Mapping[str, Option]

_NUMBER = re.compile(rf"({MINUS}?)(\d+|\d{{1,3}}(?:\.\d{{3}})+|)(?:,(\d*))?")
_DUTCH_DATE = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_YES = frozenset({"ja", "j", "yes", "y", "waar", "true", "1"})
_NO = frozenset({"nee", "n", "no", "onwaar", "false", "0"})


# --- Writing --------------------------------------------------------------------------------------


def format_date(day: date | str | None) -> str:
    """31-12-2026; a date or its log shape (yyyy-mm-dd); an empty text for None."""
    if day is None:
        return ""
    if isinstance(day, str):
        day = date.fromisoformat(day)
    return f"{day.day:02}-{day.month:02}-{day.year:04}"


def format_number(value: float | Decimal, decimals: int | None = None) -> str:
    """1.234,5 with a real minus sign. `decimals` fixes how many; without it as many as the value has."""
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    text = f"{exact:,.{decimals}f}" if decimals is not None else f"{exact:,f}"
    whole, point, rest = text.partition(".")
    if decimals is None:
        rest = rest.rstrip("0")
        point = point if rest else ""
    negative = whole.startswith("-") and any(digit not in "0,." for digit in whole[1:] + rest)
    return (MINUS if negative else "") + whole.lstrip("-").replace(",", ".") + point.replace(".", ",") + rest


def format_money(cents: int) -> str:
    """Euro cents as 1.000,00; no currency sign, as the input field has it."""
    return format_number(Decimal(cents) / 100, 2)


def format_range(bounds: Sequence[float | None], write: Callable[[Any], str] = format_number) -> str:
    """`10`, `10-20` or `10-` for (low, high); `write` writes one bound."""
    low, high = bounds
    if high is None:
        return f"{write(low)}-"
    return write(low) if low == high else f"{write(low)}-{write(high)}"


def format_euros(cents: int) -> str:
    """Euro cents as they read best: 390.000, and 808,06 when there are cents."""
    return format_number(Decimal(cents) / 100, 2 if cents % 100 else 0)


def money_words(bounds: Sequence[int | None], language: str = "nl") -> str:
    """(low, high) in euro cents for reading: `€ 390.000`, `€ 250.000 – 450.000` or `€ 250.000 en meer`."""
    return f"€ {euro_range(bounds, language)}"


def euro_range(bounds: Sequence[int | None], language: str = "nl") -> str:
    """`money_words` without the sign, where a heading has it."""
    low, high = bounds
    first = format_euros(low or 0)
    if high is None:
        return f"{first} {'and more' if language == 'en' else 'en meer'}"
    return first if low == high else f"{first} – {format_euros(high)}"


def format_homes(number: int, language: str = "nl") -> str:
    """1 woning, 48 woningen."""
    if language == "en":
        return f"{format_number(number)} {'home' if abs(number) == 1 else 'homes'}"
    return f"{format_number(number)} {'woning' if abs(number) == 1 else 'woningen'}"


def format_boolean(value: bool, language: str = "nl") -> str:
    """Ja and nee."""
    if language == "en":
        return "yes" if value else "no"
    return "ja" if value else "nee"


def _option_label(key: str, options: Options, language: str) -> str:
    if key in options:
        return options[key].ordinal_label
    return "unknown option" if language == "en" else "onbekende keuze"


def format_value(field: Field, value: Any, options: Options | None = None, language: str = "nl") -> str:
    """A value (log shape, or as in a Plan) as it is typed in a form; an empty text for None."""
    if value is None:
        return ""
    known = options or {}
    kind = field.type
    if kind in (FieldType.INTEGER, FieldType.NUMBER):
        return format_number(value)
    if kind in _SIMPLE:
        return _SIMPLE[kind](field, value, language)
    if kind is FieldType.OPTION:
        return _option_label(value, known, language)
    if kind is FieldType.OPTIONS:
        return SEPARATOR.join(sorted((_option_label(key, known, language) for key in value), key=str.casefold))
    if kind is FieldType.ORDINAL:
        names = [_option_label(key, known, language) for key in dict.fromkeys(value)]
        return " - ".join(names)
    return str(value)


def value_words(field: Field, value: Any, options: Options | None = None, language: str = "nl") -> str:
    """A value for reading rather than typing: as `format_value`, but amounts in words."""
    if value is not None and field.type is FieldType.RANGE_MONEY:
        return money_words(value, language)
    return format_value(field, value, options, language)


def _labels(field: Field, value: Any, language: str) -> str:
    codes = code_list(field.codelist)
    return SEPARATOR.join(codes.label(key, language) for key in value)


_SIMPLE: dict[FieldType, Callable[[Field, Any, str], str]] = {
    FieldType.BOOLEAN: lambda field, value, language: format_boolean(value, language),
    FieldType.DATE: lambda field, value, language: format_date(value),
    FieldType.CODE: lambda field, value, language: code_list(field.codelist).label(value, language),
    FieldType.CODES: _labels,
    FieldType.RANGE_MONEY: lambda field, value, language: format_range(value, format_money),
    FieldType.RANGE_NUMBER: lambda field, value, language: format_range(value),
    FieldType.GEOMETRY: lambda field, value, language: "area on the map" if language == "en" else "vlak op de kaart",
    FieldType.JSON: lambda field, value, language: json.dumps(value, ensure_ascii=False),
}


# --- Reading --------------------------------------------------------------------------------------


def parse_date(text: str) -> date:
    """A day typed as 31-12-2026, 31/12/2026, 31.12.2026, 31-12-26 or 2026-12-31. Raises BadValue."""
    text = text.strip()
    if found := _ISO_DATE.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := _DUTCH_DATE.fullmatch(text):
        day, month, year = map(int, found.groups())
        year += 2000 if year < 100 else 0
    else:
        raise _bad_date(text)
    try:
        return date(year, month, day)
    except ValueError:
        raise _bad_date(text) from None


def _bad_date(text: str) -> BadValue:
    return BadValue(
        "not_date",
        f"'{text}' is geen datum; typ bijvoorbeeld 31-12-2026.",
        f"'{text}' is not a date; type for instance 31-12-2026.",
    )


def _decimal(text: str, decimals: int | None = None) -> Decimal:
    """One number: digits, points only between thousands, one comma. Drops decimals beyond `decimals`."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None or not (found[2] or found[3]):
        raise BadValue(
            "not_number",
            f"'{text}' is geen getal; gebruik een komma voor de decimalen.",
            f"'{text}' is not a number; use a comma for the decimals.",
        )
    whole, rest = found[2].replace(".", "") or "0", (found[3] or "")[:decimals]
    return Decimal(f"{'-' if found[1] else ''}{whole}.{rest or '0'}")


def _plain(number: Decimal) -> float:
    """The number in log shape: int when whole, else float."""
    return int(number) if number == number.to_integral_value() else float(number)


def parse_number(text: str) -> float:
    """1.234,5 with a hyphen or a real minus sign in front when negative. Raises BadValue."""
    text = text.strip()
    return _plain(_decimal(MINUS + text[1:] if text.startswith("-") else text))


def parse_money(text: str) -> int:
    """Euros to whole cents; the third decimal is dropped. Raises BadValue."""
    return int(_decimal(text.strip().removeprefix("€"), 2) * 100)


def parse_range(text: str, read: Callable[[str], float]) -> list[float | None]:
    """[low, high] from `10`, `10-20`, `10-` (10 and more: high None) or `-10` (just 10). Raises BadValue."""
    parts = [part.strip() for part in re.split("[-–]", text)]
    if len(parts) > 2 or not any(parts):
        raise BadValue(
            "not_range",
            f"'{text}' is geen getal of bereik; typ bijvoorbeeld 70-95.",
            f"'{text}' is not a number or a range; type for instance 70-95.",
        )
    bounds = [read(part) if part else None for part in parts]
    if len(bounds) == 2 and bounds[0] is not None:
        return bounds
    return [bounds[-1], bounds[-1]]


def parse_boolean(text: str) -> bool:
    """Ja or nee, in Dutch or English, in any case. Raises BadValue."""
    word = text.strip().casefold()
    if word not in _YES | _NO:
        raise BadValue("not_boolean", f"'{text}' is geen ja of nee.", f"'{text}' is neither yes nor no.")
    return word in _YES


def _range_bound(text: str) -> float:
    return _plain(_decimal(text))


def _find_code(field: Field, text: str) -> str | None:
    found = code_list(field.codelist).find(text)
    return None if found is None else found.key


def _find_option(field: Field, text: str, options: Options) -> str | None:
    """The option in the field's list with this name, "<level> <name>" or id; None when there is none.

    Raises BadValue when it is switched off or when two have this name.
    """
    wanted = text.strip().casefold()
    lists = field.list.split("|")
    found = [
        option
        for option in options.values()
        if option.list in lists and wanted in (option.id, option.name.casefold(), option.ordinal_label.casefold())
    ]
    usable = [option for option in found if not option.disabled]
    if found and not usable:
        raise BadValue("option_disabled", f"'{text}' is uitgezet.", f"'{text}' has been switched off.")
    if len(usable) > 1:
        raise BadValue(
            "ambiguous_option",
            f"'{text}' staat meer dan eens in de lijst.",
            f"'{text}' is in the list more than once.",
        )
    return usable[0].id if usable else None


def _unknown(field: Field, text: str) -> BadValue:
    code = "unknown_code" if field.codelist else "unknown_option"
    return BadValue(code, f"'{text.strip()}' staat niet in de lijst.", f"'{text.strip()}' is not in the list.")


def _one(field: Field, text: str, find: Callable[[str], str | None]) -> str:
    key = find(text)
    if key is None:
        raise _unknown(field, text)
    return key


def _many(field: Field, text: str, find: Callable[[str], str | None]) -> list[str]:
    """Several choices between semicolons, or commas; a choice may hold such a sign in its own name."""
    whole = find(text)
    if whole is not None:
        return [whole]
    parts = re.split("([;,])", text)  # choices at even places, separators between
    keys: list[str] = []
    start = 0
    while start < len(parts):
        for end in range(min(len(parts), start + 2 * _NAME_PARTS - 1), start, -2):  # the longest name first
            piece = "".join(parts[start:end])
            key = find(piece) if piece.strip() else ""
            if key is not None:
                break
        else:
            raise _unknown(field, parts[start])
        keys += [key] if key else []
        start = end + 1
    return list(dict.fromkeys(keys))


def _ordinal(field: Field, text: str, options: Options) -> list[str]:
    """One rank, or two with a dash between, lowest first."""

    def find(piece: str) -> str | None:
        key = _find_option(field, piece, options)
        if key is None and re.fullmatch(r"\s*\d{1,9}\s*", piece):
            levels = [o.id for o in options.values() if o.list == field.list and o.level == int(piece)]
            key = levels[0] if len(levels) == 1 else None
        return key

    whole = find(text)
    if whole is not None:
        return [whole, whole]
    for dash in re.finditer("[-–]", text):
        low, high = find(text[: dash.start()]), find(text[dash.end() :])
        if low is not None and high is not None:
            if (options[low].level or 0) > (options[high].level or 0):
                raise BadValue("range_order", "de hoogste rang staat voorop.", "the highest rank comes first.")
            return [low, high]
    raise _unknown(field, text)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadValue("not_json", "dit is geen JSON.", "this is not JSON.") from None


_READ: dict[FieldType, Callable[[str], Any]] = {
    FieldType.INTEGER: parse_number,
    FieldType.NUMBER: parse_number,
    FieldType.BOOLEAN: parse_boolean,
    FieldType.DATE: parse_date,
    FieldType.RANGE_MONEY: lambda text: parse_range(text.replace("€", ""), parse_money),
    FieldType.RANGE_NUMBER: lambda text: parse_range(text, _range_bound),
    FieldType.JSON: _json,
}


def parse_value(field: Field, text: str, options: Options | None = None) -> Any:
    """The value in log shape for what was typed in a form; None for an empty text.

    Codes are recognised by key or label, options by name or "<level> <name>", lists by semicolons or commas;
    references only by id. Raises BadValue for what does not fit, and for a geometry, which is drawn.
    """
    known = options or {}
    if not text.strip():
        return None
    value: Any
    if field.type is FieldType.CODE:
        value = _one(field, text, lambda piece: _find_code(field, piece))
    elif field.type is FieldType.CODES:
        value = _many(field, text, lambda piece: _find_code(field, piece))
    elif field.type is FieldType.OPTION:
        value = _one(field, text, lambda piece: _find_option(field, piece, known))
    elif field.type is FieldType.OPTIONS:
        value = _many(field, text, lambda piece: _find_option(field, piece, known))
    elif field.type is FieldType.ORDINAL:
        value = _ordinal(field, text, known)
    elif field.type is FieldType.GEOMETRY:
        raise BadValue("not_typed", "een vlak wordt getekend, niet getypt.", "an area is drawn, not typed.")
    else:
        value = _READ.get(field.type, str)(text)
    return to_log(field, value)
