"""Finding plans, parcels and addresses by a few words, as somebody types them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from diwi_desktop.model.catalogue import OWN_PREFIX
from diwi_desktop.model.moment import Moment
from diwi_desktop.store.asof import source
from diwi_desktop.store.driver import Connection
from diwi_desktop.store.options import read_options

if TYPE_CHECKING:
    from diwi_desktop.store.store import Store

# Characters; a pasted page is no search, and SQLite takes patterns and tests up to a bound.
LONGEST_SEARCH = 200
_FIELDS = ("source_id", "plan_id", "project_leader", "description")
# A cadastral municipality by its code or its name, a section and a number; not all of them need be there.
_CODE = re.compile(r"([A-Z]{3}\d{2})?([A-Z]{1,2})?(\d{1,5})?")
_NAME = re.compile(r"(\S.*?)\s+([A-Z]{1,2})[\s-]*(\d{1,5})")
_LEAST_DIGITS = 2  # of a number alone: fewer fit too much


@dataclass(frozen=True, slots=True)
class Hit:
    """A search result. `id` is a project id, a parcel designation or an address id; x, y in RD where known.

    `area` is that of a parcel in m2. Where a plan was found by neither name nor code, `field` is the catalogue key of
    the field that it was found by ("own:<id>" for an own field) and `found` what that field says.
    """

    kind: str
    id: str
    title: str
    detail: str
    x: float | None = None
    y: float | None = None
    area: float | None = None
    field: str = ""
    found: str = ""


def search(store: Store, text: str, moment: Moment | None = None, limit: int = 50) -> list[Hit]:
    """Plans by name, code or any text field, parcels by designation, addresses by street; best first.

    Every word has to occur. Plans whose name or code begins with the text come first. A parcel is found by
    "OTL02-B-2318", "otl02b2318", "Otterlo B 2318", "B 2318" and "2318".
    """
    text = text[:LONGEST_SEARCH].encode(errors="replace").decode()
    if not text.split():
        return []
    connection = store.read()
    hits = _plans(connection, text, moment.seq if moment else None, limit)
    hits += _parcels(connection, text, max(limit - len(hits), 5))
    hits += [
        Hit("address", str(r[0]), r[1], r[2] or "", r[3], r[4])
        for r in connection.execute(
            "SELECT id, text, postcode, x, y FROM address WHERE text LIKE ? ESCAPE '!' ORDER BY text LIMIT ?",
            (_like(text) + "%", max(limit - len(hits), 5)),
        )
    ]
    return hits


def _plans(connection: Connection, text: str, seq: int | None, limit: int) -> list[Hit]:
    words = text.split()
    texts = " || ' ' || ".join(f"coalesce({name}, '')" for name in ("name", "code", *_FIELDS, "own"))
    given: dict[str, Any] = {"seq": seq, "start": _like(text) + "%"}
    given.update({f"w{i}": f"%{_like(word)}%" for i, word in enumerate(words)})
    tests = " AND ".join(f"({texts}) LIKE :w{i} ESCAPE '!'" for i in range(len(words)))
    rows = connection.execute(
        f"SELECT id, name, code, own, {', '.join(_FIELDS)}"
        f" FROM {source('project', seq)} WHERE deleted_at IS NULL AND {tests}"
        " ORDER BY (name LIKE :start ESCAPE '!' OR code LIKE :start ESCAPE '!') DESC, name COLLATE NOCASE",
        given,
    )
    folded = [word.casefold() for word in words]
    options: dict[str, str] | None = None
    hits: list[Hit] = []
    for id, name, code, kept, *values in rows:
        if len(hits) == limit:
            break
        where = f"{name} {code}".casefold()
        missing = [word for word in folded if word not in where]
        field = found = ""
        if missing:
            if kept and options is None:
                options = {key: option.name for key, option in read_options(connection, seq).items()}
            filled = dict(zip(_FIELDS, values, strict=True))
            filled.update(_own_texts(json.loads(kept) if kept else {}, options or {}))
            field, found = _holding(missing, filled)
            if not field:
                continue  # an id or a mark of the notation, which nobody sees
        hits.append(Hit("project", id, name, code or "", field=field, found=found))
    return hits


def _own_texts(kept: dict[str, Any], options: dict[str, str]) -> dict[str, str]:
    """What own fields say in words, by catalogue key."""
    return {
        f"{OWN_PREFIX}{id}": ", ".join(options.get(str(part), str(part)) for part in _parts(value))
        for id, value in kept.items()
        if not isinstance(value, bool)
    }


def _parts(value: Any) -> Sequence[Any]:
    return [part for part in value if part is not None] if isinstance(value, list) else [value]


def _holding(words: Sequence[str], filled: dict[str, str | None]) -> tuple[str, str]:
    """The field that most of these words occur in, and what it says; nothing when one occurs in none."""
    texts = {key: value.casefold() for key, value in filled.items() if value}
    if not all(any(word in text for text in texts.values()) for word in words):
        return "", ""
    best = max(texts, key=lambda key: sum(word in texts[key] for word in words))
    return best, filled[best] or ""


def _parcels(connection: Connection, text: str, limit: int) -> list[Hit]:
    wanted = "-".join(text.split()).upper()
    given = (wanted, wanted + "\U0010ffff", limit)
    found = connection.execute(
        "SELECT designation FROM parcel WHERE designation >= ? AND designation < ? ORDER BY designation LIMIT ?", given
    ).fetchall()
    names = {row[0]: None for row in found}
    pattern, place = _pattern(text.strip().upper())
    if pattern and len(names) < limit:
        # The index has all designations, so that nobody reads past the contours to get at them.
        rows = connection.execute("SELECT designation FROM parcel WHERE designation GLOB ?", (pattern,))
        fitting = [name for (name,) in rows if _stands_for(name[:3], place)]
        fitting.sort(key=lambda name: (len(name), name))  # the number itself before longer ones
        names.update(dict.fromkeys(fitting[: limit - len(names)]))
    areas = dict(
        connection.execute(
            "SELECT designation, registered_area FROM parcel WHERE designation IN (SELECT value FROM json_each(?))",
            (json.dumps(list(names)),),
        ).fetchall()
    )
    return [Hit("parcel", name, name, "", area=areas.get(name)) for name in names]


def _pattern(text: str) -> tuple[str, str]:
    """What a designation has to look like for this to be part of it ("" for none), and the name of the place."""
    if found := _CODE.fullmatch(re.sub(r"[\s.-]+", "", text)):
        code, section, number = found.groups()
        if (section and (code or number)) or len(number or "") >= _LEAST_DIGITS:
            return f"{code or '*'}-{section or '*'}-{number or ''}*", ""
    elif found := _NAME.fullmatch(text):
        return f"*-{found[2]}-{found[3]}*", found[1]
    return "", ""


def _stands_for(code: str, place: str) -> bool:
    """Whether three letters are short for the name of a cadastral municipality: OTL of Otterlo, HMK of Heemskerk."""
    left = iter(place)
    return not place or (code[:1] == place[:1] and all(letter in left for letter in code))


def _like(text: str) -> str:
    """Text for LIKE with the escape character '!'."""
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
