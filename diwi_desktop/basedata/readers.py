"""Parcels and buildings from the registers' files: what a file is, and reading it whole or not at all.

Formats: GML (cadastral map v3 to v5, BAG), GeoPackage and GeoJSON, in the spellings of PDOK's WFS and OGC
API. Whatever is doubtful becomes a finding: repaired with a warning, or left out with a refusal. Nothing is
stored here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray

from diwi_desktop.basedata import geojson, geopackage, gml
from diwi_desktop.basedata.layer import (
    READ_STEPS,
    Geometries,
    Layer,
    ReadError,
    Watch,
    no_features,
)
from diwi_desktop.basedata.records import BuildingTable, ParcelTable, SourceFacts
from diwi_desktop.geo import crs, shape
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.work import CancelCheck, Progress

Kind = Literal["excel", "geojson-plans", "parcels", "buildings"]

Ints = NDArray[np.int64]

_BRK, _BAG = "BRK", "BAG"
_HEAD = 1 << 18
_BATCH = 20_000
_SHOWN = 3  # examples in a finding about many

# Attributes by plain name, best first. BRK: v5 and PDOK's flat formats, then v3; BAG: WFS, extract, BGT.
_LOCAL_ID = ("identificatielokaalid", "lokaalid", "identificatie")
_AKR = ("akrkadastralegemeentecodewaarde", "akrkadastralegemeentecode", "kadastralegemeentewaarde")
_PLACE = ("kadastralegemeentewaarde",)  # by name; in v3 this may be the code too
_SECTION = ("sectie",)
_NUMBER = ("perceelnummer",)
_AREA = ("kadastralegroottewaarde", "kadastralegrootte")
_VERSION = ("volgnummer",)
_PARCEL_ATTRIBUTES = frozenset((*_LOCAL_ID, *_AKR, *_SECTION, *_NUMBER, *_AREA, *_VERSION))
_PARCEL_ELEMENTS = frozenset(("perceel",))

_BUILDING_ID = ("identificatiebagpnd", "pandidentificatie", "identificatie", "identificatielokaalid", "lokaalid")
_YEAR = ("bouwjaar", "oorspronkelijkbouwjaar")
_STATUS = ("status", "pandstatus", "bgtstatus")
_PURPOSE = ("gebruiksdoel",)
# An occurrence that another one has followed: by correction, or (in extracts) because the building changed.
_ENDED = ("eindregistratie", "eindgeldigheid")
# Extracts hold these too; they are no buildings (any more) or not yet (standards 3.2).
_NOT_THERE = frozenset(("pand gesloopt", "niet gerealiseerd pand", "pand ten onrechte opgevoerd"))
_BUILDING_ATTRIBUTES = frozenset((*_BUILDING_ID, *_YEAR, *_STATUS, *_PURPOSE, *_ENDED))
_BUILDING_ELEMENTS = frozenset(("pand", "buildingpart", "bebouwing"))

_PLAN_WORDS = re.compile(rb'"(projectgegevens|woning_blokken)"\s*:')
_PARCEL_WORDS = re.compile(rb'"perceelnummer"\s*:', re.IGNORECASE)
_BUILDING_WORDS = re.compile(rb'"(bouwjaar|oorspronkelijk_?bouwjaar|identificatie_?bag_?pnd)"\s*:', re.IGNORECASE)


# --- what a file is
# ------------------------------------------------------------------------------------------


def sniff(path: Path) -> Kind | None:
    """What kind of import a file is, by its content whatever its name; None when it is none that we know.

    Raises ReadError when it cannot be opened, is empty, or is XML with a document type.
    """
    head = _head(path)
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"\xd0\xcf\x11\xe0") or (head.startswith(b"PK\x03\x04") and b"xl/" in _whole_zip_names(path)):
        return "excel"
    if head.startswith(geopackage.MAGIC):
        return _kind_of_columns(geopackage.tables(path).values())
    if text.startswith((b"<", b"\xff\xfe<", b"\xfe\xff\x00<")):
        names = gml.element_names(head)
        if names & _PARCEL_ELEMENTS:
            return "parcels"
        return "buildings" if names & _BUILDING_ELEMENTS else None
    if text.startswith(b"{"):
        for pattern, kind in _JSON_KINDS:
            if pattern.search(head):
                return kind
    return None


_JSON_KINDS: tuple[tuple[re.Pattern[bytes], Kind], ...] = (
    (_PLAN_WORDS, "geojson-plans"),
    (_PARCEL_WORDS, "parcels"),
    (_BUILDING_WORDS, "buildings"),
)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError as error:
        raise ReadError(
            f"Het bestand {path.name} kan niet worden geopend ({error.strerror}); controleer of het er nog staat.",
            f"The file {path.name} cannot be opened ({error.strerror}); check that it is still there.",
            code="file_missing",
        ) from error
    if not head.strip(b"\x00 \t\r\n"):
        raise ReadError(
            "Het bestand is leeg; haal het opnieuw op bij de bron.",
            "The file is empty; fetch it again from its source.",
            code="file_empty",
        )
    return head


def _whole_zip_names(path: Path) -> bytes:
    """The end of a zip file, where its list of names stands."""
    with path.open("rb") as stream:
        stream.seek(max(path.stat().st_size - _HEAD, 0))
        return stream.read()


def _is_parcels(columns: set[str]) -> bool:
    return "perceelnummer" in columns and "sectie" in columns


def _is_buildings(columns: set[str]) -> bool:
    return not _is_parcels(columns) and bool(columns & {"identificatiebagpnd", *_YEAR})


def _kind_of_columns(tables: Iterable[set[str]]) -> Kind | None:
    known = list(tables)
    if any(_is_parcels(columns) for columns in known):
        return "parcels"
    return "buildings" if any(_is_buildings(columns) for columns in known) else None


# --- reading
# -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Subject:
    """What to look for in a file, and how it is called in sentences."""

    elements: frozenset[str]
    attributes: frozenset[str]
    has_columns: Callable[[set[str]], bool]
    one: tuple[str, str]
    many: tuple[str, str]


_PARCELS = _Subject(_PARCEL_ELEMENTS, _PARCEL_ATTRIBUTES, _is_parcels, ("Perceel", "Parcel"), ("percelen", "parcels"))
_BUILDINGS = _Subject(
    _BUILDING_ELEMENTS, _BUILDING_ATTRIBUTES, _is_buildings, ("Pand", "Building"), ("panden", "buildings")
)


def read_parcels(
    path: Path, progress: Progress | None = None, cancelled: CancelCheck | None = None
) -> tuple[ParcelTable, list[Finding]]:
    """The parcels in a file, normalised and in RD, with findings: warnings about what was repaired (and
    kept), refusals about what was left out.

    `progress(done, total)` is called with steps of a fixed total. Raises ReadError when the file as a whole
    cannot be used, Cancelled when `cancelled()` says so.
    """
    watch = Watch(progress, cancelled)
    layer = _read_layer(path, _PARCELS, watch)
    findings: list[Finding] = []
    section = [_text(v).upper() for v in layer.column(*_SECTION)]
    number = [_whole(v) for v in layer.column(*_NUMBER)]
    code = [_text(v) for v in layer.column(*_AKR)]
    local_id = [_text(v) for v in layer.column(*_LOCAL_ID)]
    names = [f"{c}-{s}-{n}" if c and s and n is not None else "" for c, s, n in zip(code, section, number, strict=True)]
    complete = np.array([bool(name) for name in names], dtype=bool)
    _refuse_nameless(complete, findings)
    version = [_whole(v) or 0 for v in layer.column(*_VERSION)]
    keys = [known or name for known, name in zip(local_id, names, strict=True)]
    chosen = _without_doubles(layer, keys, names, complete, version, _PARCELS, findings)
    geometry, rows = _checked_geometry(layer, chosen, names, _PARCELS, findings, watch)
    area, place = layer.column(*_AREA), layer.column(*_PLACE)
    table = ParcelTable(
        designation=[names[i] for i in rows],
        municipality_code=[code[i] for i in rows],
        section=[section[i] for i in rows],
        number=[number[i] or 0 for i in rows],
        lokaal_id=[local_id[i] or names[i] for i in rows],
        registered_area=[_decimal(area[i]) for i in rows],
        geometry=geometry,
        source=SourceFacts(
            "Kadastrale kaart",
            path.name,
            layer.format,
            layer.crs.value,
            places=_places([(code[i], _text(place[i])) for i in rows]),
        ),
    )
    return _finished(table, findings, _PARCELS, watch), findings


def _places(found: list[tuple[str, str]]) -> tuple[str, ...]:
    """Code and name of each cadastral municipality in words, that with the most parcels first."""
    return tuple(
        f"{name} ({code})" if name and name.casefold() != code.casefold() else code
        for (code, name), _ in Counter(found).most_common()
    )


def read_buildings(
    path: Path, progress: Progress | None = None, cancelled: CancelCheck | None = None
) -> tuple[BuildingTable, list[Finding]]:
    """The buildings (BAG panden) in a file; as `read_parcels`. Parts of one building become one building.

    Of a BAG extract, which holds a building once for every occurrence, the occurrence in force counts, unless the
    building is gone by it.
    """
    watch = Watch(progress, cancelled)
    layer = _read_layer(path, _BUILDINGS, watch)
    findings: list[Finding] = []
    ids = [_building_id(v) for v in layer.column(*_BUILDING_ID)]
    complete = np.array([bool(i) for i in ids], dtype=bool)
    _refuse_idless(complete, findings)
    ended = np.zeros(len(layer), dtype=bool)
    for name in _ENDED:
        ended |= np.array([bool(_text(v)) for v in layer.column(name)], dtype=bool)
    year, status, purpose = layer.column(*_YEAR), layer.column(*_STATUS), layer.column(*_PURPOSE)
    ended |= np.array([_text(v).casefold() in _NOT_THERE for v in status], dtype=bool)
    chosen = _without_doubles(layer, ids, ids, complete & ~ended, [0] * len(layer), _BUILDINGS, findings, join=True)
    geometry, rows = _checked_geometry(layer, chosen, ids, _BUILDINGS, findings, watch)
    table = BuildingTable(
        identificatie=[ids[i] for i in rows],
        bouwjaar=[_year(year[i]) for i in rows],
        status=[_text(status[i]) for i in rows],
        gebruiksdoel=[_text(purpose[i]) for i in rows],
        geometry=geometry,
        source=SourceFacts("BAG", path.name, layer.format, layer.crs.value),
    )
    return _finished(table, findings, _BUILDINGS, watch), findings


def _read_layer(path: Path, subject: _Subject, watch: Watch) -> Layer:
    head = _head(path)
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    try:
        if head.startswith(geopackage.MAGIC):
            layers = [name for name, columns in geopackage.tables(path).items() if subject.has_columns(columns)]
            if not layers:
                raise no_features(*subject.many)
            layer = geopackage.read_geopackage(path, layers, subject.attributes, watch)
        elif text.startswith((b"<", b"\xff\xfe<", b"\xfe\xff\x00<")):
            layer = gml.read_gml(path, subject.elements, subject.attributes, watch)
        elif text.startswith((b"{", b"[")):
            layer = geojson.read_geojson(path, subject.attributes, watch)
            if not subject.has_columns(set(layer.columns)):
                raise no_features(*subject.many)
        else:
            raise ReadError(
                "Het bestand is geen GML, GeoPackage of GeoJSON; kies een bestand van PDOK of het Kadaster.",
                "The file is not GML, GeoPackage or GeoJSON; choose a file from PDOK or the Kadaster.",
                code="file_unknown",
            )
    except OSError as error:
        raise ReadError(
            f"Het bestand {path.name} kan niet worden gelezen ({error.strerror}).",
            f"The file {path.name} cannot be read ({error.strerror}).",
            code="file_missing",
        ) from error
    if not len(layer):
        raise no_features(*subject.many)
    watch.step(1.0, end=READ_STEPS)
    return layer


Table = TypeVar("Table", ParcelTable, BuildingTable)


def _finished(table: Table, findings: list[Finding], subject: _Subject, watch: Watch) -> Table:
    if not len(table):
        raise ReadError(
            f"Geen van de {subject.many[0]} in het bestand is bruikbaar; haal het opnieuw op bij de bron.",
            f"None of the {subject.many[1]} in the file can be used; fetch it again from its source.",
            code="nothing_usable",
            findings=findings,
        )
    watch.step(1.0)
    return table


# --- identity
# --------------------------------------------------------------------------------------------------


def _refuse_nameless(complete: NDArray[np.bool_], findings: list[Finding]) -> None:
    missing = np.flatnonzero(~complete)
    if len(missing):
        findings.append(
            Finding(
                "parcel_without_designation",
                Severity.REFUSAL,
                *_by_number(
                    len(missing),
                    "1 perceel heeft geen gemeentecode, sectie of nummer en is weggelaten.",
                    "%1 percelen hebben geen gemeentecode, sectie of nummer en zijn weggelaten.",
                    "1 parcel lacks municipality code, section or number and has been left out.",
                    "%1 parcels lack municipality code, section or number and have been left out.",
                ),
                row=int(missing[0]) + 1,
                source=_BRK,
            )
        )


def _refuse_idless(complete: NDArray[np.bool_], findings: list[Finding]) -> None:
    missing = np.flatnonzero(~complete)
    if len(missing):
        findings.append(
            Finding(
                "building_without_id",
                Severity.REFUSAL,
                *_by_number(
                    len(missing),
                    "1 pand heeft geen identificatie en is weggelaten.",
                    "%1 panden hebben geen identificatie en zijn weggelaten.",
                    "1 building lacks an identification and has been left out.",
                    "%1 buildings lack an identification and have been left out.",
                ),
                row=int(missing[0]) + 1,
                source=_BAG,
            )
        )


def _without_doubles(
    layer: Layer,
    keys: list[str],
    names: list[str],
    eligible: NDArray[np.bool_],
    version: list[int],
    subject: _Subject,
    findings: list[Finding],
    *,
    join: bool = False,
) -> Ints:
    """The features to keep, in the order of the file: of several with one key the newest version, the first
    of equals. With `join` the geometries of such features, where they differ, are put together instead.
    """
    groups: dict[str, list[int]] = {}
    for index in np.flatnonzero(eligible).tolist():
        groups.setdefault(keys[index], []).append(index)
    kept: list[int] = []
    same: list[str] = []
    different: list[str] = []
    for members in groups.values():
        if len(members) == 1:
            kept.append(members[0])
            continue
        newest = max(members, key=lambda i: (version[i], -i))
        distinct = {shapely.to_wkb(layer.geometry[i]): i for i in members if layer.geometry[i] is not None}
        (different if len(distinct) > 1 else same).append(names[newest])
        if join and len(distinct) > 1:
            parts = [part for i in distinct.values() for part in shapely.get_parts(layer.geometry[i])]
            layer.geometry[newest] = shapely.MultiPolygon(parts)
        kept.append(newest)
    _report_doubles(same, different, subject, findings, join=join)
    return np.array(sorted(kept), dtype=np.int64)


def _report_doubles(
    same: list[str], different: list[str], subject: _Subject, findings: list[Finding], *, join: bool
) -> None:
    (one_nl, one_en), (many_nl, many_en) = subject.one, subject.many
    if same:
        nl, en = _by_number(
            len(same),
            f"1 {one_nl.lower()} staat meer dan eens in het bestand en is één keer ingelezen",
            f"%1 {many_nl} staan meer dan eens in het bestand en zijn één keer ingelezen",
            f"1 {one_en.lower()} is in the file more than once and was read once",
            f"%1 {many_en} are in the file more than once and were read once",
        )
        shown = f"({_examples(same)})."
        findings.append(Finding("feature_double", Severity.WARNING, f"{nl} {shown}", f"{en} {shown}", value=same[0]))
    if different:
        done_nl = "de delen zijn samengevoegd" if join else "de nieuwste is gebruikt"
        done_en = "the parts were joined" if join else "the newest was used"
        nl, en = _by_number(
            len(different),
            f"1 {one_nl.lower()} staat met verschillende grenzen in het bestand",
            f"%1 {many_nl} staan met verschillende grenzen in het bestand",
            f"1 {one_en.lower()} is in the file with different outlines",
            f"%1 {many_en} are in the file with different outlines",
        )
        nl, en = f"{nl}; {done_nl} ({_examples(different)}).", f"{en}; {done_en} ({_examples(different)})."
        findings.append(Finding("feature_double_differs", Severity.WARNING, nl, en, value=different[0]))


# --- geometry
# --------------------------------------------------------------------------------------------------


def _checked_geometry(
    layer: Layer, chosen: Ints, names: list[str], subject: _Subject, findings: list[Finding], watch: Watch
) -> tuple[Geometries, list[int]]:
    """The normalised geometries in RD of the chosen features that have one, and which features these are."""
    _refuse_unreadable(layer, chosen, names, subject, findings)
    chosen = np.array([i for i in chosen.tolist() if i not in layer.unreadable], dtype=np.int64)
    doubts: dict[str, _Doubt] = {}
    shapes: list[Geometries] = []
    rows: list[int] = []
    for start in range(0, len(chosen), _BATCH):
        watch.step(start / len(chosen), start=READ_STEPS)
        batch = chosen[start : start + _BATCH]
        placed, verdicts = crs.place(layer.geometry[batch], layer.crs)
        lost = np.zeros(len(batch), dtype=bool)
        for position, code in enumerate(verdicts.code):
            if code:
                doubt = doubts.setdefault(code, _Doubt(verdicts.sentence(position), verdicts.crs[position]))
                doubt.rows.append(int(batch[position]))
                lost[position] = verdicts.crs[position] is None
        kept = batch[~lost]
        result, repairs, refusals = shape.normalise_many(placed[~lost])
        for position, repair in repairs:
            findings.append(_about(repair.code, Severity.WARNING, repair.nl, repair.en, kept[position], names, subject))
        for position, error in refusals:
            findings.append(_about(error.code, Severity.REFUSAL, error.nl, error.en, kept[position], names, subject))
        good = ~shapely.is_missing(result)
        shapes.append(result[good])
        rows += kept[good].tolist()
    findings += [doubt.finding(code, names, subject) for code, doubt in doubts.items()]
    return np.concatenate(shapes) if shapes else np.empty(0, dtype=object), rows


@dataclass
class _Doubt:
    """One thing that is odd about the coordinates of many features at once: said once, with examples."""

    sentence: tuple[str, str]
    real: crs.Crs | None
    rows: list[int] = field(default_factory=list)

    def finding(self, code: str, names: list[str], subject: _Subject) -> Finding:
        (one_nl, one_en), (many_nl, many_en) = subject.one, subject.many
        examples = _examples([names[row] for row in self.rows])
        if self.real is None:
            done = _by_number(
                len(self.rows),
                f"1 {one_nl.lower()} is weggelaten",
                f"%1 {many_nl} zijn weggelaten",
                f"1 {one_en.lower()} has been left out",
                f"%1 {many_en} have been left out",
            )
        else:
            done = _by_number(
                len(self.rows),
                f"1 {one_nl.lower()} is daarom anders gelezen dan het bestand zegt; controleer het op de kaart",
                f"%1 {many_nl} zijn daarom anders gelezen dan het bestand zegt; controleer ze op de kaart",
                f"1 {one_en.lower()} was therefore read differently from what the file says; check it on the map",
                f"%1 {many_en} were therefore read differently from what the file says; check them on the map",
            )
        return Finding(
            code,
            Severity.REFUSAL if self.real is None else Severity.WARNING,
            f"{self.sentence[0]} {done[0]} ({examples}).",
            f"{self.sentence[1]} {done[1]} ({examples}).",
            row=self.rows[0] + 1,
            column="geometry",
        )


def _refuse_unreadable(
    layer: Layer, chosen: Ints, names: list[str], subject: _Subject, findings: list[Finding]
) -> None:
    for index in chosen.tolist():
        if index in layer.unreadable:
            nl = "De geometrie is geen leesbaar vlak; het is weggelaten."
            en = "The geometry is no readable area; it has been left out."
            findings.append(_about("geometry_unreadable", Severity.REFUSAL, nl, en, index, names, subject))


def _about(code: str, severity: Severity, nl: str, en: str, index: int, names: list[str], subject: _Subject) -> Finding:
    one_nl, one_en = subject.one
    name = names[index]
    return Finding(
        code,
        severity,
        f"{one_nl} {name}: {nl[:1].lower()}{nl[1:]}",
        f"{one_en} {name}: {en[:1].lower()}{en[1:]}",
        value=name,
        row=int(index) + 1,
        column="geometry",
    )


def _count(number: int) -> str:
    return shape.decimal(number, 0)


def _by_number(number: int, one_nl: str, many_nl: str, one_en: str, many_en: str) -> tuple[str, str]:
    """What is said of one or of more, in Dutch and English; %1 is the number."""
    if number == 1:
        return one_nl, one_en
    return many_nl.replace("%1", _count(number)), many_en.replace("%1", f"{number:,}")


def _examples(names: list[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return f"{shown} …" if len(names) > _SHOWN else shown


# --- values
# ----------------------------------------------------------------------------------------------------


def _text(value: Any) -> str:
    """A value as text: whole numbers without a decimal point, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _decimal(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if np.isfinite(number) else None


def _whole(value: Any) -> int | None:
    number = _decimal(value)
    return int(number) if number is not None and number.is_integer() and 0 <= number < 1e15 else None


def _year(value: Any) -> int | None:
    """A year built; the register's stand-ins for unknown (0, 1005, 9999) are None."""
    year = _whole(value)
    return year if year is not None and 1100 <= year <= 2100 else None


def _building_id(value: Any) -> str:
    """A BAG identification as its 16 digits, also when it came as a number or behind a name space."""
    text = _text(value)
    digits = text.rsplit(".", 1)[-1]
    return digits.zfill(16) if digits.isdigit() and 10 <= len(digits) <= 16 else text
