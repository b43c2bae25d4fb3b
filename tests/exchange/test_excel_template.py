"""The empty template that the program writes is one it reads, with the municipality's own lists and fields."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl

from diwi_desktop.exchange.excel.template import write_template
from diwi_desktop.exchange.imports import import_file
from diwi_desktop.store.plans import plans
from tests.stores import new_store


def test_a_written_template_is_filled_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "sjabloon.xlsx"
    with new_store(tmp_path / "a.diwi") as store:
        with store.act("Eigen veld") as act:
            own = act.create("own_field", {"object": "project", "name": "Energielabel", "type": "TEXT"})
            act.create("option", {"list": "priceRangeBuy", "name": "Starter", "bounds": [0, 30_000_000]})
        write_template(store, path)
        book = openpyxl.load_workbook(path)
        sheet = book["Data"]
        places = {
            (sheet.cell(4, c).value, sheet.cell(5, c).value): c for c in range(sheet.max_column, 1, -1)
        }  # the first of equal headers, the building part, wins
        filled = {
            ("Identificatie nr", None): 7,
            ("Naam", None): "De Hoek",
            ("Vertrouwelijkheid", None): "Openbaar",
            ("Project status", None): "Actief",
            ("Start project", None): date(2025, 1, 1),
            ("Eind project", None): date(2031, 1, 1),
            ("Maatwerk project eigenschap", "Energielabel"): "A++",
            ("Bouw", None): 12,
            ("Koopwoning", None): 12,
            ("Koopprijs categorie", "Starter"): 12,
        }
        for key, value in filled.items():
            sheet.cell(6, places[key], value)
        book.save(path)
        result = import_file(store, path)
        assert (len(result.created), [f.code for f in result.findings]) == (1, ["project_owner_missing"])
        (found,) = plans(store)
        assert (found.name, found.built, found.own) == ("De Hoek", 12, {own: "A++"})
        assert found.blocks[0].ownerships[0].price_option is not None


def test_the_template_has_drop_downs(tmp_path: Path) -> None:
    path = tmp_path / "sjabloon.xlsx"
    with new_store(tmp_path / "a.diwi") as store:
        write_template(store, path)
    rules = openpyxl.load_workbook(path)["Data"].data_validations.dataValidation
    assert len(rules) >= 6
    assert all(rule.formula1.startswith("Lijsten!") for rule in rules)
