"""Values by the catalogue: from Python to the shape in the log (JSON), with the checks that a field itself asks for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from functools import cache, partial
from typing import Any

from diwi_desktop.model.catalogue import Field, FieldType
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.ids import is_id

# The original's cap on amounts: 2^52 (functional reference 2.5); beyond it a float no longer holds every cent.
LARGEST = 2**52
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)
LONGEST = 32_767  # characters of a text: what a cell of Excel holds, so that every text can leave the register again
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")  # all of them become \n
# Signs without width, and those that turn the reading direction around, come along when text is pasted: left out.
_UNSEEN = re.compile("[\xad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
# What could steer a terminal or cannot be written as UTF-8 (half of a surrogate pair).
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class BadValue(ValueError):
    """A value that does not fit its field. Says why in Dutch and English."""

    def __init__(self, code: str, nl: str, en: str) -> None:
        super().__init__(nl)
        self.code, self.nl, self.en = code, nl, en


def to_log(field: Field, value: Any) -> Any:
    """The value in the shape of the log, checked against the field; empty text and empty lists become None.

    Raises BadValue. Existence of options and references is checked by the store.
    """
    if value is None:
        return None
    result = _CONVERT[field.type](field, value)
    return None if result == "" or result == [] else result


def converter(field: Field) -> Callable[[Any], Any]:
    """`to_log` for one field and values that are not None, for work in bulk."""
    return partial(to_log if field.type in _MAY_BE_EMPTY else _CONVERT[field.type], field)


def finding_of(field: Field, entity: str, value: Any, error: BadValue) -> Finding:
    """The refusing finding for a value that does not fit."""
    return Finding(
        code=error.code,
        severity=Severity.REFUSAL,
        nl=f"{field.nl}: {error.nl}",
        en=f"{field.en}: {error.en}",
        kind=field.kind,
        entity=entity,
        field=field.key,
        value=value,
    )


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def _text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise BadValue("not_text", "dit moet tekst zijn.", "this must be text.")
    text = _UNSEEN.sub("", _LINE_ENDS.sub("\n", value)).strip()
    if len(text) > LONGEST:
        raise BadValue(
            "too_long",
            f"de tekst is langer dan {LONGEST} tekens.",
            f"the text is longer than {LONGEST} characters.",
        )
    if field.type is FieldType.TEXT and "\n" in text:
        raise BadValue("one_line", "de tekst mag maar één regel zijn.", "the text may be one line only.")
    if _CONTROL.search(text):
        raise BadValue("control_character", "er staat een onzichtbaar teken in.", "it holds an invisible character.")
    if text and field.pattern and not _pattern(field.pattern).fullmatch(text):
        raise BadValue("pattern", f"'{text}' heeft niet de juiste vorm.", f"'{text}' does not have the right form.")
    return text


def _color(field: Field, value: Any) -> str:
    text = _text(field, value)
    if text and not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise BadValue("color", "een kleur ziet eruit als #FF5733.", "a colour looks like #FF5733.")
    return text


def _within(field: Field, value: float) -> None:
    if not abs(value) <= LARGEST:  # not a number fails every comparison
        raise BadValue("too_large", "dit getal is te groot.", "this number is too large.")
    if field.minimum is not None and value < field.minimum:
        low = f"{field.minimum:g}"
        raise BadValue("below_minimum", f"dit mag niet lager zijn dan {low}.", f"this must not be below {low}.")
    if field.maximum is not None and value > field.maximum:
        high = f"{field.maximum:g}"
        raise BadValue("above_maximum", f"dit mag niet hoger zijn dan {high}.", f"this must not be above {high}.")


def _integer(field: Field, value: Any) -> int:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if number:
        _within(field, value)
    if not number or value != int(value):
        raise BadValue("not_integer", "dit moet een heel getal zijn.", "this must be a whole number.")
    return int(value)


def _number(field: Field, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadValue("not_number", "dit moet een getal zijn.", "this must be a number.")
    _within(field, value)
    return value


def _boolean(field: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadValue("not_boolean", "kies ja of nee.", "choose yes or no.")
    return value


def _date(field: Field, value: Any) -> str:
    try:
        day = value if type(value) is date else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadValue("not_date", "dit is geen datum.", "this is not a date.") from None
    if not EARLIEST <= day <= LATEST:
        raise BadValue(
            "date_range",
            "het jaar moet tussen 1900 en 2200 liggen.",
            "the year must lie between 1900 and 2200.",
        )
    return day.isoformat()


def _code(field: Field, value: Any) -> str:
    found = code_list(field.codelist).by_key.get(value) if isinstance(value, str) else None
    if found is None:
        raise BadValue("unknown_code", f"'{value}' staat niet in de lijst.", f"'{value}' is not in the list.")
    return found.key


def _codes(field: Field, value: Any) -> list[str]:
    if not isinstance(value, (list, tuple, set, frozenset)):
        raise BadValue("not_list", "dit moet een lijst van keuzes zijn.", "this must be a list of choices.")
    order = code_list(field.codelist).by_key
    return sorted({_code(field, item) for item in value}, key=lambda key: order[key].order)


def _id(field: Field, value: Any) -> str:
    if not isinstance(value, str) or not (value == "" or is_id(value)):
        raise BadValue("unknown_option", "deze keuze bestaat niet.", "this choice does not exist.")
    return value


def _options(field: Field, value: Any) -> list[str]:
    if not isinstance(value, (list, tuple, set, frozenset)):
        raise BadValue("not_list", "dit moet een lijst van keuzes zijn.", "this must be a list of choices.")
    found = sorted({_id(field, item) for item in value if item})
    if field.own and field.single and len(found) > 1:
        raise BadValue("single_choice", "kies hoogstens één.", "choose one at most.")
    return found


def _ordinal(field: Field, value: Any) -> list[str]:
    if isinstance(value, str):
        value = [value, value] if value else []
    if not isinstance(value, (list, tuple)) or len(value) not in (0, 2):
        raise BadValue("not_ordinal", "kies één rang of een bereik.", "choose one rank or a range.")
    return [_id(field, item) for item in value]


def _range(field: Field, value: Any) -> list[float | None]:
    whole = field.type is FieldType.RANGE_MONEY
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = [value, value]
    if not isinstance(value, (list, tuple)) or len(value) != 2 or value[0] is None:
        raise BadValue("not_range", "dit moet een getal of een bereik zijn.", "this must be a number or a range.")
    check = _integer if whole else _number
    low = check(field, value[0])
    high = None if value[1] is None else check(field, value[1])
    if whole and low < 0:
        raise BadValue("negative_amount", "een bedrag is niet negatief.", "an amount is not negative.")
    if high is not None and high < low:
        raise BadValue(
            "range_order", "de bovengrens ligt onder de ondergrens.", "the upper bound lies below the lower."
        )
    return [low, high]


def _geometry(field: Field, value: Any) -> str:
    if isinstance(value, (bytes, bytearray, memoryview)):
        value = bytes(value).hex()
    # MultiPolygon with SRID 28992, little endian; validity is made sure by geo.shape before it comes here.
    if not isinstance(value, str) or not value.lower().startswith("010600002040710000"):
        raise BadValue("not_geometry", "dit is geen vlak in RD.", "this is not an area in RD.")
    return value.lower()


def _json(field: Field, value: Any) -> Any:
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        text.encode()  # half of a surrogate pair cannot be stored
        return json.loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise BadValue("not_json", "dit is geen JSON.", "this is not JSON.") from error


_CONVERT: dict[FieldType, Callable[[Field, Any], Any]] = {
    FieldType.TEXT: _text,
    FieldType.LONGTEXT: _text,
    FieldType.COLOR: _color,
    FieldType.INTEGER: _integer,
    FieldType.NUMBER: _number,
    FieldType.BOOLEAN: _boolean,
    FieldType.DATE: _date,
    FieldType.CODE: _code,
    FieldType.CODES: _codes,
    FieldType.OPTION: _id,
    FieldType.OPTIONS: _options,
    FieldType.ORDINAL: _ordinal,
    FieldType.RANGE_MONEY: _range,
    FieldType.RANGE_NUMBER: _range,
    FieldType.REFERENCE: _id,
    FieldType.GEOMETRY: _geometry,
    FieldType.JSON: _json,
}
# Types of which a value can turn out to be an empty text or list.
_MAY_BE_EMPTY = frozenset(_CONVERT) - {
    FieldType.INTEGER,
    FieldType.NUMBER,
    FieldType.BOOLEAN,
    FieldType.DATE,
    FieldType.CODE,
    FieldType.RANGE_MONEY,
    FieldType.RANGE_NUMBER,
    FieldType.GEOMETRY,
}
