"""DIWI GeoJSON made in the tests, in the import dialect and in the export dialect."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

SQUARE = [[[107000, 499000], [107100, 499000], [107100, 499100], [107000, 499100], [107000, 499000]]]
POLYGON = {"type": "Polygon", "coordinates": SQUARE}
PROJECT_ID = "0190ae5e-1111-7000-8000-000000000001"
BLOCK_ID = "0190ae5e-1111-7000-8000-0000000000b1"


def collection(*features: Any, crs: str | None = "EPSG:28992") -> dict[str, Any]:
    data: dict[str, Any] = {"type": "FeatureCollection", "features": list(features)}
    if crs is not None:
        data["crs"] = {"type": "name", "properties": {"name": crs}}
    return data


def save(folder: Path, *features: Any, crs: str | None = "EPSG:28992", name: str = "plannen.geojson") -> Path:
    path = folder / name
    path.write_text(json.dumps(collection(*features, crs=crs)), encoding="utf-8")
    return path


def feature(properties: Any, geometry: Any = POLYGON) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def project(number: Any = 1, name: str = "Kade", **changes: Any) -> dict[str, Any]:
    """The properties of a project in the import dialect; `changes` by path with __ between the parts."""
    properties: dict[str, Any] = {
        "projectgegevens": {
            "basisgegevens": {"identificatie_nr": number, "naam": name},
            "projectgegevens": {
                "plan_soort": "VERDICHTING", "in_programmering": True, "prioritering": "1 Hoog",
                "rol_gemeente": "Opdrachtgever", "status": "ACTIVE", "eigenaar": "anna@voorbeeld.nl",
                "vertrouwelijkheid": "PUBLIC",
            },
            "rollen": {"Opdrachtgever": "Gemeente"},
            "projectduur": {"start_project": "2024-01-01", "eind_project": "2028-12-31"},
            "projectfasen": {"_1_CONCEPT": "2024-01-01", "_6_REALIZATION": "2026-01-01", "_7_AFTERCARE": None},
            "planologische_planstatus": {"_4A_OPGENOMEN_IN_VISIE": "2024-02-01", "_2A_VASTGESTELD": "2025-09-01"},
            "locatie": {"gemeente": "Ede", "wijk": "Noord", "buurt": None},
            "maatwerk_projecteigenschappen": {"Sleutel": True, "Bedrag": 12.5, "Toelichting": None},
        },
        "woning_blokken": [block()],
    }  # fmt: skip
    return put(properties, changes)


def block(name: str = "Blok A", **changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "name": name,
        "einddatum": "2027-06-01",
        "mutatiegegevens": {
            "mutatie_type": "CONSTRUCTION", "eigendom_type": "KOOPWONING", "woning_type": "EENGEZINSWONING",
            "contract_type": None, "status": None, "aantal": 12,
        },
        "grootte": [],
        "waarde": {"laag": 275000, "hoog": 389999.99, "categorie": None},
        "fysiek_voorkomen": [{"fysiek_voorkomen": "Tussenwoning", "aantal": 12}],
        "doelgroep": [{"doelgroep_categorie": "Ouderen", "aantal": 12}],
        "grondpositie": {"FORMELE_TOESTEMMING_GRONDEIGENAAR": 12, "GEEN_TOESTEMMING_GRONDEIGENAAR": None},
        "maatwerk_woningeigenschappen": {"Parkeernorm": 1.4},
    }  # fmt: skip
    return put(values, changes)


def exported(**changes: Any) -> dict[str, Any]:
    """The properties of a project as DIWI itself exports it (functional reference 4.5)."""
    properties: dict[str, Any] = {
        "projectgegevens": {
            "diwi_id": PROJECT_ID,
            "basisgegevens": {"identificatie_nr": None, "naam": "Kade"},
            "projectgegevens": {
                "plan_soort": "Pandtransformatie", "prioritering": [], "rol_gemeente": ["Opdrachtgever"],
                "status": "ACTIVE", "eigenaar": None, "vertrouwelijkheid": "Extern mede-overheden",
            },
            "projectduur": {"start_project": "2024-01-01", "eind_project": "2028-12-31"},
            "projectfasen": {"Concept": "2024-01-01", "Voorbereiding": "2025-03-01"},
            "planologische_planstatus": {"4A Opgenomen in visie": "2024-02-01", "Vastgesteld": "2025-04-01"},
            "locatie": {"gemeente": ["Ede"], "wijk": ["Noord"], "buurt": []},
            "maatwerk_projecteigenschappen": {"Sleutel": "true", "Bedrag": "12.5", "Toelichting": "Let op"},
        },
        "woning_blokken": [
            {
                "diwi_id": BLOCK_ID, "naam": "Blok A", "in_programmering": False,
                "mutatiegegevens": {"mutatie_type": "Bouw", "woning_type": None, "aantal": 20},
                "einddatum": "2027-06-01",
                "woning_type": {"meergezinswoning": 8, "eengezinswoning": 7, "onbekend": 5},
                "grootte": {"laag": 70.5, "hoog": 95, "waarde": None},
                "waarde": [
                    {"laag": None, "hoog": None, "waarde": 275000.55, "eigendom_type": "Koopwoning", "categorie": None,
                     "aantal": 6},
                    {"laag": 690, "hoog": None, "waarde": None, "eigendom_type": "HUURWONING_WONINGCORPORATIE",
                     "categorie": None, "aantal": 5},
                    {"laag": None, "hoog": None, "waarde": None, "eigendom_type": "Koopwoning",
                     "categorie": "Starter", "aantal": 4},
                ],
                "fysiek_voorkomen": [], "doelgroep": [],
                "grondpositie": {"GEEN_TOESTEMMING_GRONDEIGENAAR": 0, "INTENTIE_MEDEWERKING_GRONDEIGENAAR": 4,
                                 "FORMELE_TOESTEMMING_GRONDEIGENAAR": 10},
                "maatwerk_woningeigenschappen": {"Parkeernorm": "1.4"},
            }
        ],
    }  # fmt: skip
    return put(properties, changes)


def put(values: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The values with some set by path ("a__b__c"); the value ABSENT takes one out."""
    result = copy.deepcopy(values)
    for path, value in changes.items():
        *parts, last = path.split("__")
        target: Any = result
        for part in parts:
            target = target[int(part)] if part.isdigit() else target[part]
        key: Any = int(last) if last.isdigit() else last
        if value is ABSENT:
            del target[key]
        else:
            target[key] = value
    return result


ABSENT = object()


def polygon_at(x: float, y: float, side: float = 100.0) -> dict[str, Any]:
    """A square in RD New with its lower left corner at (x, y)."""
    ring = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}
