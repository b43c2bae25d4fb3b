"""pygeoapi's configuration for one register at one level, with texts in Dutch and English."""

from __future__ import annotations

from typing import Any

from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import Confidentiality
from diwi_desktop.server.ogc.provider import LONLAT, RD

# Levels that have views; there are none for private plans.
LEVELS = tuple(level.value.lower() for level in Confidentiality if level is not Confidentiality.PRIVATE)
API_VERSION = "1.0.0"  # of what is published here, by the Dutch API Design Rules; the address begins with /v1
LONGEST_PAGE = 1_000
_PROVIDER = "diwi_desktop.server.ogc.provider.ViewProvider"
_NETHERLANDS = [3.2, 50.7, 7.3, 53.7]


def configuration(level: str, *, name: str, url: str, host: str, port: int) -> dict[str, Any]:
    """For the views of a level. `name` is the municipality's, `url` where others reach this API.

    Raises ValueError for a level that has no views.
    """
    if level not in LEVELS:
        raise ValueError(level)
    label = code_list("confidentiality").by_key[level.upper()]
    return {
        "server": {
            "bind": {"host": host, "port": port},
            "url": url.rstrip("/"),
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "gzip": False,
            "languages": ["nl-NL", "en-GB"],
            "limits": {"default_items": 100, "max_items": LONGEST_PAGE},
            "map": {
                "url": "https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/standaard/EPSG:3857/{z}/{x}/{y}.png",
                "attribution": "Kadaster, BRT Achtergrondkaart",
            },
            "api_rules": {
                "api_version": API_VERSION,
                "strict_slashes": True,
                "url_prefix": "v{api_major}",
                "version_header": "API-Version",
            },
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": _both(f"Woningbouwplannen van {name}", f"Housing plans of {name}"),
                "description": _both(
                    f"Plannen die '{label.nl}' of opener zijn.", f"Plans that are '{label.en}' or more open."
                ),
                "keywords": {"nl": ["woningbouw", "plancapaciteit"], "en": ["housing", "plan capacity"]},
                "keywords_type": "theme",
                "terms_of_service": url,
                "url": url,
            },
            "license": {"name": "-", "url": url},
            "provider": {"name": name, "url": url},
            "contact": {"name": name, "url": url},
        },
        "resources": {
            "plan-areas": _collection(
                _both("Plangebieden", "Plan areas"),
                _both("De contouren van de plannen, met hun woningaantallen.", "Contours of the plans, with homes."),
                f"plan_areas_{level}",
                "plan_area_id",
            ),
            "projects": _collection(
                _both("Plannen", "Plans"),
                _both("Alle plannen, ook zonder contour.", "All plans, those without a contour too."),
                f"projects_{level}",
                "id",
            ),
        },
    }


def _both(nl: str, en: str) -> dict[str, str]:
    return {"nl": nl, "en": en}


def _collection(title: dict[str, str], description: dict[str, str], view: str, id_field: str) -> dict[str, Any]:
    return {
        "type": "collection",
        "title": title,
        "description": description,
        "keywords": {"nl": ["woningbouw"], "en": ["housing"]},
        "extents": {"spatial": {"bbox": _NETHERLANDS, "crs": LONLAT}},
        "links": [],
        "providers": [
            {
                "type": "feature",
                "name": _PROVIDER,
                "data": view,
                "id_field": id_field,
                "title_field": "name",
                "geom_field": "geom",
                "storage_crs": RD,
                "crs": [LONLAT, RD],
            }
        ],
    }
