"""What the import dialog says of a file before it is imported, and of an import once it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwi_desktop.gui.language import translate
from diwi_desktop.gui.wizards import forms
from diwi_desktop.model.notation import format_number

if TYPE_CHECKING:
    from diwi_desktop.exchange.imports import ImportResult
    from diwi_desktop.exchange.preview import Fate, LayerLook, Preview

_MOST_PLACES = 4  # cadastral municipalities that are named
_KM = 1_000  # metres


def title(preview: Preview) -> str:
    """How much is in the file."""
    if preview.layer is not None:
        return _objects(preview.kind, preview.layer.count)
    one, many = translate("ImportWords", "1 project"), translate("ImportWords", "%1 projecten")
    return forms.counted(len(preview.projects), one, many)


def _objects(kind: str, number: int) -> str:
    if kind == "parcels":
        return forms.counted(number, translate("ImportWords", "1 perceel"), translate("ImportWords", "%1 percelen"))
    return forms.counted(number, translate("ImportWords", "1 pand"), translate("ImportWords", "%1 panden"))


def text(preview: Preview) -> str:
    """What importing would do with it."""
    return _layer(preview.layer) if preview.layer is not None else _projects(preview)


def _projects(preview: Preview) -> str:
    from diwi_desktop.exchange.preview import Fate

    if not preview.projects:
        return translate("ImportWords", "Er staan geen projecten in dit bestand; er is niets om in te lezen.")
    new, changed, equal = (preview.count(fate) for fate in (Fate.NEW, Fate.CHANGED, Fate.EQUAL))
    counts = [_number(translate("ImportWords", "%1 nieuw"), new)]
    if changed or equal:
        counts.append(_number(translate("ImportWords", "%1 anders dan in het register"), changed))
        counts.append(_number(translate("ImportWords", "%1 gelijk aan het register"), equal))
    blocks = sum(project.blocks for project in preview.projects)
    homes = [
        (sum(project.built for project in preview.projects), translate("ImportWords", "%1 woningen bouw")),
        (sum(project.demolished for project in preview.projects), translate("ImportWords", "%1 woningen sloop")),
    ]
    content = [
        forms.counted(blocks, translate("ImportWords", "1 woningblok"), translate("ImportWords", "%1 woningblokken")),
        *(_number(words, number) for number, words in homes if number),
    ]
    if preview.areas:
        one, many = translate("ImportWords", "1 plangebied"), translate("ImportWords", "%1 plangebieden")
        content.append(forms.counted(preview.areas, one, many))
    return f"{', '.join(counts)}.\n{', '.join(content)}."


def _layer(found: LayerLook) -> str:
    fate = [_number(translate("ImportWords", "%1 nieuw"), found.count - found.known)]
    if found.known:
        fate.append(_number(translate("ImportWords", "%1 vervangen wat er al is"), found.known))
    lines = [f"{', '.join(fate)}."]
    if found.places:
        names = ", ".join(found.places[:_MOST_PLACES])
        if len(found.places) > _MOST_PLACES:
            names += _number(translate("ImportWords", " en nog %1"), len(found.places) - _MOST_PLACES)
        lines.append(translate("ImportWords", "Kadastrale gemeente: %1.").replace("%1", names))
    lines.append(translate("ImportWords", "Coördinaten: %1.").replace("%1", _system(found.crs)))
    west, south, east, north = found.extent
    if max(east - west, north - south) < _KM:
        area = translate("ImportWords", "Gebied: %1 bij %2 m, rond RD %3, %4.")
        sizes = format_number(round(east - west)), format_number(round(north - south))
    else:
        area = translate("ImportWords", "Gebied: %1 bij %2 km, rond RD %3, %4.")
        sizes = format_number((east - west) / _KM, 1), format_number((north - south) / _KM, 1)
    middle = (format_number(round((west + east) / 2)), format_number(round((south + north) / 2)))
    for place, words in enumerate((*sizes, *middle), start=1):
        area = area.replace(f"%{place}", words)
    return "\n".join([*lines, area])


def _system(crs: str) -> str:
    """A coordinate system as it is called, and what happens to it."""
    if crs == "EPSG:28992":
        return translate("ImportWords", "RD New (EPSG:28992)")
    name, code = ("Web Mercator", "EPSG:3857") if crs == "EPSG:3857" else ("ETRS89", "EPSG:4258")
    words = translate("ImportWords", "%1 (%2), wordt omgerekend naar RD New")
    return words.replace("%1", name).replace("%2", code)


def fate(of: Fate) -> str:
    """What becomes of one project."""
    return {
        "new": translate("ImportWords", "nieuw"),
        "changed": translate("ImportWords", "bestaat al, anders"),
        "equal": translate("ImportWords", "bestaat al, gelijk"),
    }[of.value]


def done(result: ImportResult) -> tuple[str, str]:
    """Title and text of an import that is done."""
    if result.objects:
        words = translate("ImportWords", "%1 ingelezen").replace("%1", _objects(result.kind, result.objects))
        return words, ""
    parts = [
        (translate("ImportWords", "%1 nieuw"), len(result.created)),
        (translate("ImportWords", "%1 gewijzigd"), len(result.updated)),
        (translate("ImportWords", "%1 gelijk gebleven"), len(result.unchanged)),
        (translate("ImportWords", "%1 overgeslagen"), len(result.skipped)),
    ]
    words = ", ".join(_number(words, number) for words, number in parts if number)
    projects = translate("ImportWords", "Projecten: %1.").replace("%1", words or "0")
    return translate("ImportWords", "De import is klaar"), projects


def _number(words: str, number: int) -> str:
    return words.replace("%1", format_number(number))
