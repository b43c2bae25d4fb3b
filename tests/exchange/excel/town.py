"""Twenty-two projects of a made-up town in the Excel template, and what has to come of them, worked out by hand.

Today is 1 June 2025 in all of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from diwi_desktop.model.codes import OwnershipType
from diwi_desktop.store import Store
from tests.exchange.excel.workbook import Homes, Template, project

TODAY = date(2025, 6, 1)
BUY, LANDLORD, CORPORATION = (kind.value for kind in OwnershipType)
_K, _P, _W = "Koopwoning", "Particuliere verhuurder", "Huur woningcorporatie"
_EEN, _MEER = "Eengezins woning", "Meergezins woning"


def d(text: str) -> date:
    return date.fromisoformat(text)


def furnish(store: Store) -> None:
    """The own fields and options that the file uses beside those of every new register."""
    with store.act("Inrichten") as act:
        for name in ("Noord", "Zuid"):
            act.create("option", {"list": "district", "name": name})
        for name in ("Havenbuurt", "Bosrand"):
            act.create("option", {"list": "neighbourhood", "name": name})
        for name, bounds in (("Starter", [0, 28_000_000]), ("Midden", [28_000_001, 39_000_000])):
            act.create("option", {"list": "priceRangeBuy", "name": name, "bounds": bounds})
        for name, bounds in (("Sociaal", [0, 90_007]), ("Middenhuur", [90_008, 118_500])):
            act.create("option", {"list": "priceRangeRent", "name": name, "bounds": bounds})
        client = act.create("own_field", {"object": "project", "name": "Opdrachtgever", "type": "CATEGORY"})
        for name in ("Gemeente", "Corporatie"):
            act.create("option", {"list": client, "name": name})
        act.create("own_field", {"object": "project", "name": "Sleutelproject", "type": "BOOLEAN"})
        act.create("own_field", {"object": "project", "name": "Grondopbrengst", "type": "NUMERIC"})
        act.create("own_field", {"object": "project", "name": "Toelichting", "type": "TEXT"})
        chance = act.create("own_field", {"object": "project", "name": "Realisatiekans", "type": "ORDINAL"})
        for level, name in ((1, "Klein"), (2, "Groot")):
            act.create("option", {"list": chance, "name": name, "level": level})
        act.create("own_field", {"object": "houseblock", "name": "Aardgasvrij", "type": "BOOLEAN"})
        act.create("own_field", {"object": "houseblock", "name": "Parkeernorm", "type": "NUMERIC"})


def fill(template: Template) -> None:
    """The projects, in the order of EXPECTED."""
    add = template.add
    b = Homes
    # 1 all of it on one row: classes, deliveries over three years
    add(
        project(
            1, "De Haven", Plan_soort="Herstructurering", In_programmering=True, Priorisering="1 Hoog",
            Rol_gemeente="Opdrachtgever", Gemeente="Duinwijk", Wijk="Noord", Buurt="Havenbuurt",
            **{"1 Concept": d("2024-01-01"), "2 Initiatief": d("2024-06-01"), "6 Realisatie": d("2026-01-01"),
               "4a Opgenomen in de visie": d("2024-02-01"), "2a Vastgesteld": d("2025-09-01")},
            roles={"Opdrachtgever": "Gemeente"},
            own={"Sleutelproject": True, "Grondopbrengst": 12.5, "Toelichting": "Oude haven",
                 "Realisatiekans": "2 Groot"},
        ),
        (b(60, {d("2026-07-01"): 10, d("2027-07-01"): 20, d("2028-07-01"): 30}, owners={_K: 40, _W: 20},
           buy_classes={"Starter": 15, "Midden": 25}, corporation_classes={"Sociaal": 20}, types={_EEN: 35, _MEER: 25},
           appearances={"Hoekwoning": 60}, targets={"Ouderen": 24, "Regulier": 36},
           ground={"Formele toestemming eigenaar": 60}, own={"Aardgasvrij": True, "Parkeernorm": 1.4}), None),
    )  # fmt: skip
    # 2 prices as amounts, a range and an open end
    add(
        project(2, "Bosrand", Plan_soort="Uitbreiding uitleg", Gemeente="Duinwijk"),
        (b(30, owners={_K: 30}, buy_prices={275000: 10, "280000 - 389999,99": 15, "600000 - Inf": 5}), None),
    )
    # 3 two rows: one project with two blocks
    add(
        project(3, "Centrumplan", Plan_soort="Verdichting"),
        (b(24, {d("2026-07-01"): 24}, owners={_P: 24}, landlord_prices={"900,08 - 1123": 24}), None),
        (b(16, {d("2027-07-01"): 16}, owners={_W: 16}, corporation_prices={694.5: 16}), None),
    )
    # 4 demolition and construction on one row
    add(
        project(4, "Flats Noord", Plan_soort="Herstructurering"),
        (b(80, {d("2027-07-01"): 40, d("2028-07-01"): 40}), b(48, {d("2025-03-01"): 48}, owners={_W: 48})),
    )
    # 5 demolition only
    add(project(5, "Sloop Dijk"), (None, b(12, types={_EEN: 12})))
    # 6 finished: the homes are delivered
    add(
        project(6, "Oude School", Project_status="Afgerond", Plan_soort="Pand Transformatie",
                Start_project=d("2020-01-01"), Eind_project=d("2024-12-31"),
                **{"6 Realisatie": d("2022-01-01"), "7 Nazorg": d("2024-06-01"), "1a Onherroepelijk": d("2021-05-01")}),
        (b(14, {d("2023-06-30"): 14}), None),
    )  # fmt: skip
    # 7 broken off
    add(
        project(
            7, "Villapark", Project_status="Afgebroken", Start_project=d("2019-01-01"), Eind_project=d("2023-02-01")
        ),
        (b(9), None),
    )
    # 8 still to start
    add(
        project(8, "Tuinstad", Project_status="Nieuw", Start_project=d("2026-01-01"), Eind_project=d("2033-12-31"),
                **{"1 Concept": d("2026-01-01")}),
        (b(300, {d("2031-01-01"): 150, d("2032-01-01"): 150}), None),
    )  # fmt: skip
    # 9 a project without homes
    add(project(9, "Visie West", Vertrouwelijkheid="Intern bestuurlijk"))
    # 10 private, unknown numbers next to known ones
    add(
        project(10, "Spoorzone", Vertrouwelijkheid="Prive", Eigenaar="bert@voorbeeld.nl"),
        (b(50, owners={_K: 20, "Eigendom type onbekend": 30}, types={_EEN: 10, "Woning type onbekend": 40}), None),
    )
    # 11 the owner has homes of which the price is unknown
    add(project(11, "Kade"), (b(10, owners={_K: 10}, buy_classes={"Starter": 4, "Onbekend": 6}), None))
    # 12 two owners
    add(project(12, "Molenhof", Eigenaar="anna@voorbeeld.nl, Carla@Voorbeeld.nl"), (b(8), None))
    # 13 unhappy with its ground
    add(
        project(13, "Stationsplein"),
        (b(40, ground={"Geen toestemming eigenaar": 10, "Intentie medewerking eigenaar": 30}), None),
    )
    # 14 one size class becomes the floor area
    add(project(14, "Studentenhof"), (b(100, sizes={"20-35": 100}, targets={"Student": 100}), None))
    # 15 all seven phases
    add(
        project(15, "Zeven Fasen", Start_project=d("2018-01-01"),
                **{"1 Concept": d("2018-01-01"), "2 Initiatief": d("2019-01-01"), "3 Definitie": d("2020-01-01"),
                   "4 Ontwerp": d("2021-01-01"), "5 Voorbereiding": d("2022-01-01"), "6 Realisatie": d("2023-01-01"),
                   "7 Nazorg": d("2027-01-01")}),
        (b(21, {d("2024-02-01"): 7, d("2025-02-01"): 7, d("2026-07-01"): 7}), None),
    )  # fmt: skip
    # 16 the whole ladder of plan statuses
    add(
        project(16, "Statusladder", Start_project=d("2016-01-01"),
                **{"4a Opgenomen in de visie": d("2016-01-01"), "4b Niet opgenomen in de visie": d("2017-01-01"),
                   "3 In voorbereiding": d("2018-01-01"), "2a Vastgesteld": d("2019-01-01"),
                   "2b Vastgesteld uitwerking nodig": d("2020-01-01"), "2c Vastgesteld B&W nodig": d("2021-01-01"),
                   "1a Onherroepelijk": d("2022-01-01"), "1b Onherroepelijk uitwerking nodig": d("2023-01-01"),
                   "1c Onherroepelijk B&W nodig": d("2026-01-01")}),
        (b(5), None),
    )  # fmt: skip
    # 17 rents of landlords by class, on the second row of a project without homes on the first
    add(
        project(17, "Rijtjes", In_programmering=False),
        (None, None),
        (b(18, owners={_P: 18}, landlord_classes={"Middenhuur": 18}), None),
    )
    # 18 a range of sizes, an own field of the demolition block
    add(project(18, "Oost"), (b(6, sizes={"50 - 70": 2, "70 - 95": 4}), b(6, own={"Aardgasvrij": False})))
    # 19 one home
    add(project(19, "Kavel"), (b(1, {d("2028-12-31"): 1}), None))
    # 20 everything in the past but the end
    add(
        project(20, "Bijna Klaar", Start_project=d("2019-05-01"), Eind_project=d("2025-12-31"),
                **{"6 Realisatie": d("2021-05-01")}),
        (b(44, {d("2022-11-01"): 22, d("2023-06-30"): 22}), None),
    )  # fmt: skip
    # 21 and 22 large numbers
    add(project(21, "Polder", Plan_soort="Uitbreiding overig", Wijk="Zuid", Gemeente="Duinwijk"), (b(1250), None))
    add(
        project(22, "Menging"),
        (b(20, owners={_K: 5, _P: 5, _W: 10}, buy_prices={350000: 5}, landlord_prices={1000: 5},
           corporation_classes={"Sociaal": 10}), b(4, {d("2025-05-31"): 4})),
    )  # fmt: skip


@dataclass
class Expected:
    """What the register says of a project on 1 June 2025."""

    name: str
    built: int = 0
    demolished: int = 0
    years: dict[int, tuple[int, int]] = field(default_factory=dict)
    phase: str | None = None
    status: str | None = None
    prices: set[tuple[Any, ...]] = field(default_factory=set)  # type, number, low, high or the class
    state: str = "ACTIVE"
    blocks: int = 1


_STARTER, _MIDDEN, _SOCIAAL, _MIDDENHUUR = "Starter", "Midden", "Sociaal", "Middenhuur"
EXPECTED = {
    "1": Expected(
        "De Haven", 60, 0, {2026: (10, 0), 2027: (20, 0), 2028: (30, 0)}, "_2_INITIATIVE", "_4A_OPGENOMEN_IN_VISIE",
        {(BUY, 15, _STARTER), (BUY, 25, _MIDDEN), (CORPORATION, 20, _SOCIAAL)},
    ),
    "2": Expected(
        "Bosrand", 30, 0, {2028: (30, 0)},
        prices={(BUY, 10, 27_500_000, 27_500_000), (BUY, 15, 28_000_000, 38_999_999), (BUY, 5, 60_000_000, None)},
    ),
    "3": Expected(
        "Centrumplan", 40, 0, {2026: (24, 0), 2027: (16, 0)}, blocks=2,
        prices={(LANDLORD, 24, 90_008, 112_300), (CORPORATION, 16, 69_450, 69_450)},
    ),
    "4": Expected(
        "Flats Noord", 80, 48, {2025: (0, 48), 2027: (40, 0), 2028: (40, 0)}, blocks=2,
        prices={(CORPORATION, 48, None)},
    ),
    "5": Expected("Sloop Dijk", 0, 12, {2028: (0, 12)}),
    "6": Expected("Oude School", 14, 0, {2023: (14, 0)}, "_7_AFTERCARE", "_1A_ONHERROEPELIJK", state="REALIZED"),
    "7": Expected("Villapark", 9, 0, {}, state="TERMINATED"),
    "8": Expected("Tuinstad", 300, 0, {2031: (150, 0), 2032: (150, 0)}, state="NEW"),
    "9": Expected("Visie West", blocks=0),
    "10": Expected("Spoorzone", 50, 0, {2028: (50, 0)}, prices={(BUY, 20, None)}),
    "11": Expected("Kade", 10, 0, {2028: (10, 0)}, prices={(BUY, 4, _STARTER), (BUY, 6, None)}),
    "12": Expected("Molenhof", 8, 0, {2028: (8, 0)}),
    "13": Expected("Stationsplein", 40, 0, {2028: (40, 0)}),
    "14": Expected("Studentenhof", 100, 0, {2028: (100, 0)}),
    "15": Expected("Zeven Fasen", 21, 0, {2024: (7, 0), 2025: (7, 0), 2026: (7, 0)}, "_6_REALIZATION"),
    "16": Expected("Statusladder", 5, 0, {2028: (5, 0)}, status="_1B_ONHERROEPELIJK_MET_UITWERKING_NODIG"),
    "17": Expected("Rijtjes", 18, 0, {2028: (18, 0)}, prices={(LANDLORD, 18, _MIDDENHUUR)}),
    "18": Expected("Oost", 6, 6, {2028: (6, 6)}, blocks=2),
    "19": Expected("Kavel", 1, 0, {2028: (1, 0)}),
    "20": Expected("Bijna Klaar", 44, 0, {2022: (22, 0), 2023: (22, 0)}, "_6_REALIZATION"),
    "21": Expected("Polder", 1250, 0, {2028: (1250, 0)}),
    "22": Expected(
        "Menging", 20, 4, {2025: (0, 4), 2028: (20, 0)}, blocks=2,
        prices={(BUY, 5, 35_000_000, 35_000_000), (LANDLORD, 5, 100_000, 100_000), (CORPORATION, 10, _SOCIAAL)},
    ),
}  # fmt: skip
