"""Small register files in every format and spelling, made by hand after the published formats, around RD
(104000, 503000).
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from diwi_desktop.geo import crs

X, Y = 104_000.0, 503_000.0
RD_URN = "urn:ogc:def:crs:EPSG::28992"


def box(x0: float, y0: float, x1: float, y1: float) -> BaseGeometry:
    return shapely.box(X + x0, Y + y0, X + x1, Y + y1)


#: Four parcels in a row that share their sides, and one with a hole.
PARCELS = [(f"1234567{n}0000", 100 + n, box(10 * n, 0, 10 * n + 10, 20)) for n in range(4)] + [
    ("12345690000", 200, box(0, 30, 40, 60).difference(box(10, 40, 20, 50)))
]
BUILDINGS = [
    ("0396100000000001", 1932, box(1, 2, 9, 12)),
    ("0396100000000002", 2004, box(11, 2, 19, 12)),
]


def ring(points: Any) -> str:
    return " ".join(f"{x:.3f} {y:.3f}" for x, y in shapely.get_coordinates(points).tolist())


def polygon(geometry: BaseGeometry, system: str | None = RD_URN) -> str:
    srs = f' srsName="{system}"' if system else ""
    holes = "".join(
        f"<gml:interior><gml:LinearRing><gml:posList>{ring(hole)}</gml:posList></gml:LinearRing></gml:interior>"
        for hole in geometry.interiors
    )
    return (
        f'<gml:Polygon{srs} gml:id="G1"><gml:exterior><gml:LinearRing><gml:posList>{ring(geometry.exterior)}'
        f"</gml:posList></gml:LinearRing></gml:exterior>{holes}</gml:Polygon>"
    )


def gml_v5(parcels: Sequence[tuple[str, int, BaseGeometry]] = PARCELS, geometry: Any = polygon) -> str:
    members = "".join(
        f"""<kk:perceelMember><oz:Perceel gml:id="NL.IMKAD.KadastraalObject.{local}">
        <ko:identificatie domein="NL.IMKAD.KadastraalObject">{local}</ko:identificatie>
        <oz:historie><h:volgnummer>0</h:volgnummer><h:statusHistorie><h:StatusHistorie><t:code>G</t:code>
        <t:waarde>Geldig</t:waarde></h:StatusHistorie></h:statusHistorie></oz:historie>
        <oz:kadastraleAanduiding><oz:TypeKadastraleAanduiding><oz:kadastraleGemeente><oz:KadastraleGemeente>
        <t:code>351</t:code><t:waarde>Heemskerk</t:waarde></oz:KadastraleGemeente></oz:kadastraleGemeente>
        <oz:sectie>B</oz:sectie><oz:perceelnummer>{number}</oz:perceelnummer>
        <oz:aKRKadastraleGemeenteCode><oz:AKRKadastraleGemeenteCode><t:code>416</t:code><t:waarde>HKK00</t:waarde>
        </oz:AKRKadastraleGemeenteCode></oz:aKRKadastraleGemeenteCode></oz:TypeKadastraleAanduiding></oz:kadastraleAanduiding>
        <oz:begrenzingPerceel>{geometry(shape)}</oz:begrenzingPerceel>
        <oz:kadastraleGrootte><oz:TypeOppervlak><oz:waarde>{number}</oz:waarde><oz:soortGrootte><oz:SoortGrootte>
        <t:code>1</t:code><t:waarde>Vastgesteld</t:waarde></oz:SoortGrootte></oz:soortGrootte></oz:TypeOppervlak>
        </oz:kadastraleGrootte><oz:plaatscoordinaten>
        <gml:Point srsName="{RD_URN}"><gml:pos>1.0 2.0</gml:pos></gml:Point>
        </oz:plaatscoordinaten></oz:Perceel></kk:perceelMember>"""
        for local, number, shape in parcels
    )
    base = "http://www.kadaster.nl/schemas/brkkadastralekaart/v5"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><kk:DKK xmlns:gml="http://www.opengis.net/gml/3.2" '
        f'xmlns:oz="{base}/imkad-onroerendezaak/v20220601" xmlns:h="{base}/imkad-historie/v20220601" '
        f'xmlns:t="{base}/imkad-typen/v20220601" xmlns:ko="{base}/imkad-kadastraalobject/v20220601" '
        f'xmlns:kk="{base}/stand/v20220601">{members}</kk:DKK>'
    )


def gml_v4(parcels: Sequence[tuple[str, int, BaseGeometry]] = PARCELS) -> str:
    """Version 4: other namespaces and collection, identification in two elements, the system as a bare
    number.
    """
    text = gml_v5(parcels, lambda shape: polygon(shape, "28992"))
    for local, _, _ in parcels:
        text = text.replace(
            f'<ko:identificatie domein="NL.IMKAD.KadastraalObject">{local}</ko:identificatie>',
            f"<ko:identificatie><t:namespace>NL.IMKAD.KadastraalObject</t:namespace>"
            f"<t:lokaalID>{local}</t:lokaalID></ko:identificatie>",
        )
    return (
        text.replace("/v5/", "/v4/")
        .replace("kk:perceelMember", "kk:brkkadastralekaartMember")
        .replace("kk:DKK", "kk:brkkadastralekaartCollection")
        .replace("v20220601", "v20190402")
    )


def gml_bgt_buildings(buildings: Sequence[tuple[str, int, BaseGeometry]] = BUILDINGS) -> str:
    """The buildings that come with the cadastral map: CityGML of the BGT, which names no coordinate system."""
    members = "".join(
        f"""<cityObjectMember><BuildingPart gml:id="b{n}"><creationDate>2016-12-08</creationDate>
        <imgeo:identificatie><imgeo:NEN3610ID><imgeo:namespace>NL.IMGeo</imgeo:namespace>
        <imgeo:lokaalID>G0396.{n:032x}</imgeo:lokaalID></imgeo:NEN3610ID></imgeo:identificatie>
        <imgeo:bgt-status>bestaand</imgeo:bgt-status><imgeo:identificatieBAGPND>{bag}</imgeo:identificatieBAGPND>
        <imgeo:geometrie2dGrondvlak><gml:MultiSurface><gml:surfaceMember>{polygon(shape, None)}</gml:surfaceMember>
        </gml:MultiSurface></imgeo:geometrie2dGrondvlak></BuildingPart></cityObjectMember>"""
        for n, (bag, _, shape) in enumerate(buildings)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><CityModel xmlns:gml="http://www.opengis.net/gml" '
        f'xmlns:imgeo="http://www.geostandaarden.nl/imgeo/2.1">{members}</CityModel>'
    )


def gml_wfs_buildings(buildings: Sequence[tuple[str, int, BaseGeometry]] = BUILDINGS) -> str:
    members = "".join(
        f"<wfs:member><bag:pand><bag:identificatie>{bag}</bag:identificatie><bag:bouwjaar>{year}</bag:bouwjaar>"
        f"<bag:status>Pand in gebruik</bag:status><bag:gebruiksdoel>woonfunctie</bag:gebruiksdoel>"
        f"<bag:geom>{polygon(shape)}</bag:geom></bag:pand></wfs:member>"
        for bag, year, shape in buildings
    )
    return (
        '<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:bag="http://bag.geonovum.nl" '
        f'xmlns:gml="http://www.opengis.net/gml/3.2">{members}</wfs:FeatureCollection>'
    )


def collection(
    features: Sequence[tuple[dict[str, Any], BaseGeometry | None]], system: str | None = "EPSG:28992"
) -> dict[str, Any]:
    result: dict[str, Any] = {"type": "FeatureCollection", "name": "Perceel"}
    if system:
        result["crs"] = {"type": "name", "properties": {"name": system}}
    result["features"] = [
        {
            "type": "Feature",
            "properties": properties,
            "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
        }
        for properties, shape in features
    ]
    return result


def wfs_properties(local: str, number: int) -> dict[str, Any]:
    return {
        "identificatieNamespace": "NL.IMKAD.KadastraalObject",
        "identificatieLokaalID": local,
        "volgnummer": 0,
        "statusHistorieWaarde": "Geldig",
        "kadastraleGemeenteCode": "351",
        "kadastraleGemeenteWaarde": "Heemskerk",
        "sectie": "B",
        "AKRKadastraleGemeenteCodeCode": "416",
        "AKRKadastraleGemeenteCodeWaarde": "HKK00",
        "kadastraleGrootteWaarde": number,
        "perceelnummer": number,
    }


def ogc_properties(local: str, number: int) -> dict[str, Any]:
    return {
        "identificatie_namespace": "NL.IMKAD.KadastraalObject",
        "identificatie_lokaal_id": local,
        "volgnummer": 0,
        "kadastrale_gemeente_code": "351",
        "kadastrale_gemeente_waarde": "Heemskerk",
        "sectie": "B",
        "akr_kadastrale_gemeente_code_code": "416",
        "akr_kadastrale_gemeente_code_waarde": "HKK00",
        "kadastrale_grootte_waarde": float(number),
        "perceelnummer": number,
    }


def parcels_wfs(parcels: Any = PARCELS, system: str | None = RD_URN) -> dict[str, Any]:
    return collection([(wfs_properties(local, number), shape) for local, number, shape in parcels], system)


def parcels_ogc(parcels: Any = PARCELS) -> dict[str, Any]:
    """As the OGC API answers: longitude and latitude, no crs member, multipolygons."""
    return collection(
        [
            (ogc_properties(local, number), shapely.MultiPolygon([crs.to_lonlat(shape)]))
            for local, number, shape in parcels
        ],
        None,
    )


def buildings_json(buildings: Any = BUILDINGS, system: str | None = RD_URN) -> dict[str, Any]:
    return collection(
        [
            (
                {
                    "identificatie": bag,
                    "rdf_seealso": "",
                    "bouwjaar": year,
                    "status": "Pand in gebruik",
                    "gebruiksdoel": "woonfunctie",
                    "oppervlakte_min": 80,
                    "aantal_verblijfsobjecten": 1,
                },
                shape,
            )
            for bag, year, shape in buildings
        ],
        system,
    )


def write_json(path: Path, data: Any) -> Path:
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def write_text(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def write_geopackage(
    path: Path,
    rows: Sequence[tuple[dict[str, Any], BaseGeometry]],
    layer: str = "perceel",
    system: str = "EPSG:28992",
) -> Path:
    from pyogrio.raw import write

    names = list(rows[0][0])
    write(
        path,
        geometry=shapely.to_wkb(np.array([shape for _, shape in rows], dtype=object)),
        field_data=[np.array([properties[name] for properties, _ in rows]) for name in names],
        fields=names,
        geometry_type=rows[0][1].geom_type,
        crs=system,
        layer=layer,
        driver="GPKG",
    )
    return path


def lvbag_pand(
    bag: str,
    area: BaseGeometry,
    *,
    year: int = 1932,
    status: str = "Pand in gebruik",
    occurrence: int = 1,
    until: str = "",
    corrected: str = "",
    coordinates: str = "",
) -> str:
    """One occurrence of a building as the BAG extract (IMBAGLV 2.1.0) has it: three coordinates, history inside."""
    points = coordinates or " ".join(f"{x} {y} 0.0" for x, y in shapely.get_coordinates(area.exterior).tolist())
    ended = f"<Historie:eindGeldigheid>{until}</Historie:eindGeldigheid>" if until else ""
    replaced = f"<Historie:eindRegistratie>{corrected}</Historie:eindRegistratie>" if corrected else ""
    return f"""<sl-bag-extract:bagObject><Objecten:Pand>
      <Objecten:identificatie domein="NL.IMBAG.Pand">{bag}</Objecten:identificatie>
      <Objecten:geometrie><gml:Polygon srsName="{RD_URN}" srsDimension="3"><gml:exterior><gml:LinearRing>
        <gml:posList count="{len(points.split()) // 3}">{points}</gml:posList></gml:LinearRing></gml:exterior>
      </gml:Polygon></Objecten:geometrie>
      <Objecten:oorspronkelijkBouwjaar>{year}</Objecten:oorspronkelijkBouwjaar>
      <Objecten:status>{status}</Objecten:status><Objecten:geconstateerd>N</Objecten:geconstateerd>
      <Objecten:documentdatum>2010-01-01</Objecten:documentdatum>
      <Objecten:documentnummer>{bag}</Objecten:documentnummer>
      <Objecten:voorkomen><Historie:Voorkomen>
        <Historie:voorkomenidentificatie>{occurrence}</Historie:voorkomenidentificatie>
        <Historie:beginGeldigheid>2010-01-01</Historie:beginGeldigheid>{ended}
        <Historie:tijdstipRegistratie>2010-01-01T08:00:00.000</Historie:tijdstipRegistratie>{replaced}
        <Historie:BeschikbaarLV><Historie:tijdstipRegistratieLV>2010-01-01T08:30:00.000</Historie:tijdstipRegistratieLV>
        </Historie:BeschikbaarLV></Historie:Voorkomen></Objecten:voorkomen>
    </Objecten:Pand></sl-bag-extract:bagObject>"""


def lvbag(*buildings: str, before: str = "") -> str:
    """A file of the BAG extract with these buildings."""
    space = "www.kadaster.nl/schemas/lvbag"
    return f"""<?xml version="1.0" encoding="UTF-8"?>{before}
<sl-bag-extract:bagStand xmlns:gml="http://www.opengis.net/gml/3.2"
  xmlns:Objecten="{space}/imbag/objecten/v20200601" xmlns:Historie="{space}/imbag/historie/v20200601"
  xmlns:selecties-extract="http://{space}/extract-selecties/v20200601"
  xmlns:sl-bag-extract="http://{space}/extract-deelbestand-lvc/v20200601"
  xmlns:sl="http://www.kadaster.nl/schemas/standlevering-generiek/1.0">
  <sl-bag-extract:bagInfo><selecties-extract:Gebied-Registratief><selecties-extract:Gebied-NLD>
    <selecties-extract:GebiedsNaam>Nederland</selecties-extract:GebiedsNaam></selecties-extract:Gebied-NLD>
    </selecties-extract:Gebied-Registratief><selecties-extract:LVC-Extract>
    <selecties-extract:StandTechnischeDatum>2026-11-08</selecties-extract:StandTechnischeDatum>
    </selecties-extract:LVC-Extract></sl-bag-extract:bagInfo>
  <sl:standBestand><sl:dataset>LVBAG</sl:dataset><sl:inhoud><sl:gebied>NLD</sl:gebied><sl:objectTypen>
    <sl:objectType>PND</sl:objectType></sl:objectTypen></sl:inhoud>
  <sl:stand>{"".join(buildings)}</sl:stand></sl:standBestand></sl-bag-extract:bagStand>"""
