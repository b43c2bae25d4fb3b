"""Twenty-four projects of a made-up town as a civil servant fills them in, and what the province has to get of them.

Today is 15 June 2026. Everything under "by hand" was worked out with pencil and paper from the rules of the province's
table (functional reference 4.2, 4.3): a cell is type x price / homes of the year, rounded down, and the homes left
over go to the largest remainders. Bounds: koop2 from 280.000, koop3 from 390.000, koop4 from 600.000; huur2 from 694,
huur3 from 880, huur4 from 1.123 euro.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.plan import Municipality
from diwi_desktop.store import Store
from tests.exchange.excel.workbook import FIRST_ROW, SUB_HEADER_ROW, Homes, Template

TODAY = date(2026, 6, 15)
CLOCK = FixedClock.on(TODAY)
TOWN = Municipality("0999", "Duinwijk", "Zuid-Holland", "Rijnmond", "DNW")
HARD, LIKELY = "1a harde plannen, in voorbereiding of in uitvoering", "1b kansrijke plannen"
_K, _P, _W, _U = "Koopwoning", "Particuliere verhuurder", "Huur woningcorporatie", "Eigendom type onbekend"
_EEN, _MEER = "Eengezins woning", "Meergezins woning"
_CLIENT, _LIST, _KEY = "Opdrachtgever", "Categorie planlijst", "Sleutelproject"


class OwnTemplate(Template):
    """A template that the program wrote: its columns carry the municipality's own names already."""

    def put_sub(self, row: int, section: str, header: str, sub: Any, value: Any) -> int:
        """As the user does who needs a column: one headed so, else an empty one, else one not used yet is renamed."""
        if header == "Rol type":
            header = "Maatwerk project eigenschap"
        try:
            return super().put_sub(row, section, header, sub, value)
        except AssertionError:
            column = next(c for s, h, c in self.columns if (s, h) == (section, header) and self._unused(c))
            self.sheet.cell(SUB_HEADER_ROW, column).value = None
            return super().put_sub(row, section, header, sub, value)

    def _unused(self, column: int) -> bool:
        head = self.sheet.cell(SUB_HEADER_ROW, column).value
        return head != "Onbekend" and all(
            self.sheet.cell(row, column).value is None for row in range(FIRST_ROW, self.next_row + 1)
        )


def furnish(store: Store, *, key_field: bool) -> None:
    """What the administrator made before: two choices that the province asks for, and price classes."""
    with store.act("Inrichten", kind="system") as act:
        for name, options in (
            (_CLIENT, ("Gemeente", "Woningcorporatie", "Projectontwikkelaar")),
            (_LIST, (HARD, LIKELY)),
        ):
            made = act.create("own_field", {"object": "project", "name": name, "type": "CATEGORY"})
            for option in options:
                act.create("option", {"list": made, "name": option})
        act.create("option", {"list": "priceRangeBuy", "name": "Starter", "bounds": [0, 28_000_000]})
        if key_field:
            act.create("own_field", {"object": "project", "name": _KEY, "type": "BOOLEAN"})


def d(text: str) -> date:
    return date.fromisoformat(text)


def project(number: int, name: str, **changes: Any) -> dict[str, Any]:
    """The cells of a project in preparation; `changes` by header with _ for spaces, None to leave out."""
    cells: dict[str, Any] = {
        "Identificatie nr": number,
        "Naam": name,
        "Eigenaar": "anna@voorbeeld.nl",
        "Vertrouwelijkheid": "Openbaar",
        "Plan soort": "Verdichting",
        "Project status": "Actief",
        "Start project": d("2024-01-01"),
        "Eind project": d("2031-12-31"),
        "2 Initiatief": d("2024-02-01"),
        "4 Ontwerp": d("2025-09-01"),
        "3 In voorbereiding": d("2025-03-01"),
        "Gemeente": "Duinwijk",
        "roles": {_CLIENT: "Gemeente", _LIST: LIKELY},
    }
    cells |= {key.replace("_", " "): value for key, value in changes.items()}
    return {key: value for key, value in cells.items() if value is not None}


def fill(template: Template) -> None:
    """The projects, one to eight being those of WORKED_OUT."""
    add, b = template.add, Homes
    # The first eight: every cell worked out by hand below.
    add(
        project(
            1, "De Haven", Plan_soort="Herstructurering", In_programmering=True, Wijk="Noord", Buurt="Havenbuurt",
            **{"6 Realisatie": d("2027-01-01"), "7 Nazorg": d("2029-01-01"), "2a Vastgesteld": d("2026-11-01")},
            roles={_CLIENT: "Woningcorporatie", _LIST: HARD}, own={_KEY: True},
        ),
        (b(60, {d("2027-07-01"): 20, d("2028-07-01"): 40}, owners={_K: 45, _W: 15},
           buy_prices={275000: 15, "280000 - 389999": 30}, corporation_prices={650: 15}, types={_EEN: 36, _MEER: 24},
           targets={"Ouderen": 24, "Regulier": 36}, ground={"Formele toestemming eigenaar": 60}), None),
    )  # fmt: skip
    add(
        project(2, "Bosrand", Plan_soort="Uitbreiding uitleg"),
        (b(10, {d("2029-05-01"): 10}, owners={_K: 7, _U: 3}, buy_prices={275000: 4, "280000 - 389999": 3},
           types={_EEN: 5, _MEER: 3, "Woning type onbekend": 2}),
         None),
    )  # fmt: skip
    add(
        project(3, "Centrumplan"),
        (b(24, {d("2028-07-01"): 24}, owners={_P: 24}, landlord_prices={950: 24}, types={_EEN: 10, _MEER: 14}), None),
        (b(16, {d("2028-07-01"): 16}, owners={_W: 16}, corporation_prices={694.5: 16}, types={_MEER: 16}), None),
    )
    add(
        project(4, "Flats Noord", Plan_soort="Herstructurering", Wijk="Noord"),
        (b(80, {d("2027-07-01"): 40, d("2029-05-01"): 40}, owners={_K: 40, _W: 40},
           buy_prices={"280000 - 389999": 40}, corporation_prices={650: 40}, types={_EEN: 30, _MEER: 50}),
         b(48, {d("2025-03-01"): 48}, owners={_W: 48}, types={_MEER: 48})),
    )  # fmt: skip
    add(
        project(5, "Villapark"),
        (b(7, {d("2027-07-01"): 3, d("2028-07-01"): 4}, owners={_K: 7}, buy_prices={"600000 - Inf": 7},
           types={_EEN: 4, _MEER: 3}), None),
    )  # fmt: skip
    add(
        project(6, "Menging"),
        (b(20, {d("2030-04-01"): 20}, owners={_K: 5, _P: 5, _W: 10}, buy_prices={"280000 - 389999": 5},
           landlord_prices={1200: 5}, corporation_prices={650: 10}), b(4, {d("2030-04-01"): 4})),
    )  # fmt: skip
    add(
        project(7, "Oude School", Plan_soort="Pand Transformatie", Project_status="Afgerond",
                Start_project=d("2019-01-01"), Eind_project=d("2024-12-31"),
                **{"2 Initiatief": None, "4 Ontwerp": None, "3 In voorbereiding": None, "1 Concept": d("2019-01-01"),
                   "6 Realisatie": d("2022-01-01"), "7 Nazorg": d("2024-06-01"), "1a Onherroepelijk": d("2021-05-01")}),
        (b(14, {d("2023-06-30"): 14}, owners={_K: 14}, buy_prices={275000: 14}, types={_MEER: 14}), None),
    )  # fmt: skip
    add(
        project(8, "Spoorzone", Vertrouwelijkheid="Extern woonregio"),
        (b(50, {d("2029-05-01"): 50}, owners={_K: 20, _U: 30}, types={_EEN: 10, "Woning type onbekend": 40}), None),
    )
    # Three that the province refuses: no town, no kind of plan, a price range across two classes.
    add(project(9, "Molenhof", Gemeente=None), (b(8, {d("2028-07-01"): 8}), None))
    add(project(10, "Kade", Plan_soort=None), (b(12, {d("2028-07-01"): 12}), None))
    add(
        project(11, "Polder", Plan_soort="Uitbreiding overig"),
        (b(30, {d("2030-04-01"): 30}, owners={_K: 30}, buy_prices={"250000 - 350000": 30}), None),
    )
    # Two that never go: too confidential, broken off.
    add(project(12, "Geheim Erf", Vertrouwelijkheid="Intern bestuurlijk"), (b(5, {d("2029-05-01"): 5}), None))
    add(project(13, "Luchtkasteel", Project_status="Afgebroken", Eind_project=d("2025-02-01"),
                **{"4 Ontwerp": None, "3 In voorbereiding": None}), (b(9), None))  # fmt: skip
    # All kinds of others.
    add(project(14, "Sloop Dijk"), (None, b(12, {d("2028-07-01"): 12}, types={_EEN: 12})))
    add(project(15, "Visie West"))  # no homes yet
    add(
        project(16, "Tuinstad", Project_status="Nieuw", Start_project=d("2027-01-01"), Eind_project=d("2035-12-31"),
                **{"2 Initiatief": None, "4 Ontwerp": None, "3 In voorbereiding": None, "1 Concept": d("2027-01-01"),
                   "4a Opgenomen in de visie": d("2027-01-01")}),
        (b(300, {d("2030-04-01"): 150, d("2033-04-01"): 150}), None),
    )  # fmt: skip
    add(project(17, "Kavels"), (b(4, {d("2027-07-01"): 4}, owners={_K: 4}, buy_classes={"Starter": 4}), None))
    add(project(18, "Studentenhof"), (b(100, {d("2028-07-01"): 100}, sizes={"20-35": 100}), None))
    add(project(19, "Oost"), (b(6, {d("2028-07-01"): 6}), b(6, {d("2027-07-01"): 6})))
    add(
        project(20, "Zeven Fasen", Start_project=d("2018-01-01"),
                **{"1 Concept": d("2018-01-01"), "2 Initiatief": d("2019-01-01"), "3 Definitie": d("2020-01-01"),
                   "4 Ontwerp": d("2021-01-01"), "5 Voorbereiding": d("2022-01-01"), "6 Realisatie": d("2023-01-01"),
                   "7 Nazorg": d("2030-01-01")}),
        (b(21, {d("2024-07-01"): 7, d("2025-03-01"): 7, d("2028-07-01"): 7}), None),
    )  # fmt: skip
    add(
        project(21, "Stationsplein", Eigenaar="anna@voorbeeld.nl, Carla@Voorbeeld.nl"),
        (b(40, {d("2029-05-01"): 40}, ground={"Geen toestemming eigenaar": 10, "Intentie medewerking eigenaar": 30}),
         None),
    )  # fmt: skip
    add(project(22, "Hofje", Eigenaar="bert@voorbeeld.nl"), (b(3, {d("2027-07-01"): 3}, types={_EEN: 3}), None))
    add(project(23, "Laan 10"), (b(25), None))  # without a delivery date
    add(project(24, "Laan 2", Wijk="Noord", Buurt="Havenbuurt"), (b(1250, {d("2031-05-01"): 1250}), None))


PROJECTS = 24
REFUSED = ("Kade", "Molenhof", "Polder")  # in the order of the file
NEVER = ("Geheim Erf", "Luchtkasteel")
# Homes built and demolished per project: the sums of the rows above.
BUILT = {
    "De Haven": (60, 0), "Bosrand": (10, 0), "Centrumplan": (40, 0), "Flats Noord": (80, 48), "Villapark": (7, 0),
    "Menging": (20, 4), "Oude School": (14, 0), "Spoorzone": (50, 0), "Molenhof": (8, 0), "Kade": (12, 0),
    "Polder": (30, 0), "Geheim Erf": (5, 0), "Luchtkasteel": (9, 0), "Sloop Dijk": (0, 12), "Visie West": (0, 0),
    "Tuinstad": (300, 0), "Kavels": (4, 0), "Studentenhof": (100, 0), "Oost": (6, 6), "Zeven Fasen": (21, 0),
    "Stationsplein": (40, 0), "Hofje": (3, 0), "Laan 10": (25, 0), "Laan 2": (1250, 0),
}  # fmt: skip


@dataclass(frozen=True)
class Worked:
    """A project worked out by hand: other properties, and per year the cells that are not nought."""

    years: dict[int, dict[str, int | str]]
    properties: dict[str, Any] = field(default_factory=dict)


WORKED_OUT = {
    # 24 meergezins and 36 eengezins; 15 koop1, 30 koop2, 15 huur1. A third is delivered in 2027, so a third of each:
    # 8 + 12 and 5 + 10 + 5. Of the 20 homes: 8 x 5/20 = 2, 8 x 10/20 = 4, 2; 12 x 5/20 = 3, 6, 3. 2028 is the double.
    # Corporation homes up to huur2: 15.
    "De Haven": Worked(
        {
            2027: {"meergezins_koop1": 2, "meergezins_koop2": 4, "meergezins_huur1": 2,
                   "eengezins_koop1": 3, "eengezins_koop2": 6, "eengezins_huur1": 3},
            2028: {"meergezins_koop1": 4, "meergezins_koop2": 8, "meergezins_huur1": 4,
                   "eengezins_koop1": 6, "eengezins_koop2": 12, "eengezins_huur1": 6},
        },
        {"plantype": "Herstructurering", "opdrachtgever_type": "Woningcorporatie", "ph_text1": HARD, "ph_short1": 2024,
         "ph_short3": 15, "ph_short4": 0, "oplevering_eerste": 2027, "oplevering_laatste": 2028,
         "vertrouwelijkheid": "Openbaar", "projectfase": "3. Ontwerp", "status_planologisch": "3. In voorbereiding",
         "woonplaats": "Duinwijk", "ph_short2": 0, "ph_date2": None, "regio": "Rijnmond"},
    ),
    # 3 meergezins, 5 eengezins, 2 unknown; 4 koop1, 3 koop2, 3 without owner. In tenths:
    #   meergezins 1,2 0,9 0,9   eengezins 2,0 1,5 1,5   unknown 0,8 0,6 0,6
    # rounded down 1 0 0, 2 1 1, 0 0 0 = 5; the other five to 0,9 0,9 0,8 0,6 0,6.
    "Bosrand": Worked(
        {2029: {"meergezins_koop1": 1, "meergezins_koop2": 1, "meergezins_onbekend": 1,
                "eengezins_koop1": 2, "eengezins_koop2": 1, "eengezins_onbekend": 1,
                "onbekend_koop1": 1, "onbekend_koop2": 1, "onbekend_onbekend": 1}},
        {"plantype": "Uitbreiding uitleg", "ph_text1": LIKELY, "ph_short3": 0, "ph_date1": None},
    ),
    # Two blocks in one year are one heap: 30 meergezins, 10 eengezins; 24 huur3 (950 euro), 16 huur2 (694,50 euro).
    # 30 x 24/40 = 18, 30 x 16/40 = 12, 10 x 24/40 = 6, 4. Of a corporation: the 16 in huur2; those in huur3 are not.
    "Centrumplan": Worked(
        {2028: {"meergezins_huur2": 12, "meergezins_huur3": 18, "eengezins_huur2": 4, "eengezins_huur3": 6}},
        {"ph_short3": 16, "ph_short4": 0},
    ),
    # 48 flats went in March 2025, which is done. Half of the 80 in each year: 25 + 15 and 20 + 20. 25 x 20/40 = 12,5
    # twice and 7,5 twice: 38 and two to share out. The first tie goes to meergezins koop2; then meergezins and koop2
    # have theirs, and the other goes to eengezins huur1. Corporation: 40 in huur1; the rent of what went is unknown.
    "Flats Noord": Worked(
        {
            2025: {"sloop_meergezins_huur_onb": 48, "sloop_gerealiseerd": "Ja"},
            2027: {"meergezins_koop2": 13, "meergezins_huur1": 12, "eengezins_koop2": 7, "eengezins_huur1": 8},
            2029: {"meergezins_koop2": 13, "meergezins_huur1": 12, "eengezins_koop2": 7, "eengezins_huur1": 8},
        },
        {"ph_short3": 40, "oplevering_eerste": 2025, "oplevering_laatste": 2029},
    ),
    # 3 of the 7 homes in 2027: meergezins 3 x 3/7 = 1,29, eengezins 4 x 3/7 = 1,71; so 1 and 2, which leaves 2 and 2.
    "Villapark": Worked(
        {2027: {"meergezins_koop4": 1, "eengezins_koop4": 2}, 2028: {"meergezins_koop4": 2, "eengezins_koop4": 2}},
        {"ph_short3": 0, "oplevering_eerste": 2027, "oplevering_laatste": 2028},
    ),
    # Nothing is known of types; 1.200 euro is huur4. What goes in the same year stands behind sloop_.
    "Menging": Worked(
        {2030: {"onbekend_koop2": 5, "onbekend_huur1": 10, "onbekend_huur4": 5, "sloop_onbekend_onbekend": 4}},
        {"ph_short3": 10, "ph_short4": 0},
    ),
    # Finished, and delivered in 2023.
    "Oude School": Worked(
        {2023: {"meergezins_koop1": 14, "bouw_gerealiseerd": "Ja"}},
        {"projectfase": "7. Afgerond", "plantype": "Pand Transformatie", "status_planologisch": "1A. Onherroepelijk",
         "ph_date1": "2022-01-01", "ph_date2": "2021-05-01", "ph_short1": 2019},
    ),
    # 10 eengezins, 40 unknown; 20 bought at an unknown price, 30 unknown. 10 x 20/50 = 4, 6; 40 x 20/50 = 16, 24.
    "Spoorzone": Worked(
        {2029: {"eengezins_koop_onb": 4, "eengezins_onbekend": 6,
                "onbekend_koop_onb": 16, "onbekend_onbekend": 24}},
        {"vertrouwelijkheid": "Regio"},
    ),
}  # fmt: skip
# After the fault is mended: 30 homes bought for 300.000 euro, of unknown type.
POLDER_MENDED = {2030: {"onbekend_koop2": 30}}
# A price class of the municipality counts as its bounds: up to 280.000 is koop1. Without bounds it is unknown.
KAVELS = {2027: {"onbekend_koop1": 4}}
KAVELS_WITHOUT_BOUNDS = {2027: {"onbekend_koop_onb": 4}}


def cells(feature: dict[str, Any]) -> dict[int, dict[str, int | str]]:
    """The year table of a feature without what is nought or "Nee"."""
    return {
        row["jaartal"]: {key: n for key, n in row.items() if key != "jaartal" and n not in (0, "Nee")}
        for row in feature["properties"]["year_properties"]
    }


def homes(feature: dict[str, Any]) -> tuple[int, int]:
    """All homes built and demolished in the cells of a feature."""
    built = gone = 0
    for row in feature["properties"]["year_properties"]:
        numbers = {key: n for key, n in row.items() if isinstance(n, int) and key != "jaartal"}
        assert len(numbers) == 66
        gone += sum(n for key, n in numbers.items() if key.startswith("sloop_"))
        built += sum(n for key, n in numbers.items() if not key.startswith("sloop_"))
    return built, gone


def compare(features: dict[str, dict[str, Any]], *, kavels: dict[int, dict[str, int]]) -> None:
    """The features of a file, by plan name, against the figures worked out by hand."""
    for name, worked in WORKED_OUT.items():
        feature = features[name]
        assert cells(feature) == worked.years, name
        found = {key: feature["properties"][key] for key in worked.properties}
        assert found == worked.properties, name
    assert cells(features["Kavels"]) == kavels
    for name, feature in features.items():
        assert homes(feature) == BUILT[name], name
        years = [row["jaartal"] for row in feature["properties"]["year_properties"]]
        assert years == sorted(years)
        assert feature["properties"]["ph_date3"] == TODAY.isoformat()
    assert [row["jaartal"] for row in features["Laan 10"]["properties"]["year_properties"]] == [2031]  # the last year
    assert features["Tuinstad"]["properties"]["projectfase"] == "0. Studie"
    assert features["Visie West"]["properties"]["year_properties"] == []
