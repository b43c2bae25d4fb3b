"""Reading a template without a store: the findings and drafts of a file made in the test."""

from __future__ import annotations

import uuid
from datetime import date
from functools import cache
from pathlib import Path

from diwi_desktop.exchange.drafts import Draft
from diwi_desktop.exchange.excel import read_excel
from diwi_desktop.exchange.messages import Report
from diwi_desktop.exchange.register import Register
from diwi_desktop.model.catalogue import OwnField
from diwi_desktop.model.codes import OwnFieldType
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.plan import Option, Range
from tests.exchange.excel.workbook import Template

TODAY = date(2025, 6, 1)


def uid(name: str) -> str:
    """The same id for the same name every time."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, name))


OPTIONS = [
    Option(uid("prio-1"), "priority", "Hoog", 1),
    Option(uid("role-1"), "municipalityRole", "Opdrachtgever"),
    Option(uid("role-2"), "municipalityRole", "Vergunningverlener"),
    Option(uid("town"), "municipality", "Ede"),
    Option(uid("north"), "district", "Noord"),
    Option(uid("port"), "neighbourhood", "Haven"),
    Option(uid("old"), "targetGroup", "Ouderen"),
    Option(uid("row"), "physicalAppearance", "Tussenwoning"),
    Option(uid("starter"), "priceRangeBuy", "Starter", None, Range(0, 28_000_000)),
    Option(uid("social"), "priceRangeRent", "Sociaal", None, Range(0, 90_007)),
    Option(uid("client-1"), uid("client"), "Gemeente"),
    Option(uid("many-1"), uid("many"), "Water"),
    Option(uid("many-2"), uid("many"), "Groen"),
    Option(uid("rank-1"), uid("rank"), "Klein", 1),
]
OWN = [
    OwnField(uid("client"), "project", "Opdrachtgever", OwnFieldType.CATEGORY),
    OwnField(uid("many"), "project", "Kenmerken", OwnFieldType.CATEGORY, single=False),
    OwnField(uid("rank"), "project", "Kans", OwnFieldType.ORDINAL),
    OwnField(uid("key"), "project", "Sleutel", OwnFieldType.BOOLEAN),
    OwnField(uid("sum"), "project", "Bedrag", OwnFieldType.NUMERIC, minimum=0),
    OwnField(uid("text"), "project", "Toelichting", OwnFieldType.TEXT),
    OwnField(uid("norm"), "houseblock", "Parkeernorm", OwnFieldType.NUMERIC),
]


@cache
def register() -> Register:
    return Register.of(TODAY, OPTIONS, OWN)


def read(template: Template, folder: Path) -> tuple[list[Draft], list[Finding]]:
    report = Report()
    drafts = read_excel(template.save(folder / "file.xlsx"), register(), report)
    return drafts, report.in_order()


def codes(template: Template, folder: Path) -> list[str]:
    """The codes of what stands in the way of the import, in file order."""
    return [f.code for f in read(template, folder)[1] if f.severity is not Severity.WARNING]


def warnings(template: Template, folder: Path) -> list[str]:
    return [f.code for f in read(template, folder)[1] if f.severity is Severity.WARNING]
