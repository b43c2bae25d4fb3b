"""From DIWI GeoJSON to drafts.

Two dialects exist, which the original could not read across: the import dialect (functional reference 3.5; keys of
enumerations, one price per block) and the export dialect (4.5; Dutch labels, lists, ids of DIWI). One reader takes
both, because
where they differ the shape of the value tells. What DIWI itself exported is held to softer rules: it was in a register
before.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from diwi_desktop.exchange.drafts import Draft
from diwi_desktop.exchange.geojson import source
from diwi_desktop.exchange.geojson.parts import WrongShape, object_in
from diwi_desktop.exchange.geojson.project import BASE, read_project
from diwi_desktop.exchange.intake import check
from diwi_desktop.exchange.messages import Report
from diwi_desktop.exchange.register import Register, key_of
from diwi_desktop.model.finding import Cancelled
from diwi_desktop.model.work import CancelCheck, Progress


def read_geojson(
    path: Path,
    register: Register,
    report: Report,
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> list[Draft]:
    """The projects of a DIWI GeoJSON file in either dialect, checked by the rules of the import.

    Findings go into `report`: `row` is the number of the feature from 1, `column` the path of the property. Raises
    Unreadable for a file that is no GeoJSON, Cancelled.
    """
    data = source.load(path)
    features: list[Any] = data["features"]
    drafts: list[Draft | None] = []
    for number, feature in enumerate(features, start=1):
        if cancelled is not None and number % 16 == 0 and cancelled():
            raise Cancelled
        if progress is not None and number % 64 == 0:
            progress(number, len(features))
        drafts.append(_feature(feature, number, register, report))
    names = ["" if draft is None else draft.name for draft in drafts]
    whole = [feature if isinstance(feature, dict) else {} for feature in features]
    for draft, area in zip(drafts, source.areas(whole, data, names, report), strict=True):
        if draft is not None:
            draft.area = area
    found = [draft for draft in drafts if draft is not None]
    _once(found, report)
    for draft in found:
        check(draft, register.today, report)
    return found


def _feature(feature: Any, number: int, register: Register, report: Report) -> Draft | None:
    try:
        return read_project(object_in(feature, "properties"), number, register, report)
    except WrongShape as wrong:
        report.add("feature_error", row=number, column=wrong.path, hint_nl=wrong.nl, hint_en=wrong.en)
        return None


def _once(drafts: Iterable[Draft], report: Report) -> None:
    """A file has each project once."""
    seen: dict[tuple[str, ...], int] = {}
    for draft in drafts:
        key = (draft.diwi_id,) if draft.diwi_id else (draft.source_id or f"?{draft.row}", key_of(draft.name))
        first = seen.setdefault(key, draft.row)
        if first != draft.row:
            report.add(
                "feature_error",
                row=draft.row,
                column=f"{BASE}.identificatie_nr",
                value=draft.source_id or draft.diwi_id,
                project=draft.name,
                hint_nl=f"hetzelfde project staat ook als object {first} in het bestand.",
                hint_en=f"the same project is feature {first} of the file too.",
            )
