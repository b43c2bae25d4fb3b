"""The command line with odd words, dates and files."""

import json
from pathlib import Path

import pytest

from diwi_desktop.cli import commands, main
from diwi_desktop.store import Store
from tests.exchange.excel.workbook import Homes, Template, project
from tests.stores import DEVICE, add, de_hoek, new_store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.diwi"
    with new_store(path) as store:
        add(store, de_hoek())
    return path


@pytest.mark.parametrize("day", ["0001-01-01", "31-12-1899", "01-01-2201", "9999-12-31", "29-02-2027"])
def test_a_day_that_no_register_knows_is_wrong_use(day: str, path: Path, tmp_path: Path) -> None:
    out = tmp_path / "uit.geojson"
    assert main(["export", str(path), "--to", "zh", "--out", str(out), "--date", day]) == 2
    assert main(["projects", str(path), "--as-of", day]) == 2
    assert not out.exists()


@pytest.mark.parametrize("day", ["1900-01-01", "29-02-2028", "31-12-2200", "29-03-2026", "25-10-2026"])
def test_any_other_day_will_do(day: str, path: Path) -> None:
    assert main(["projects", str(path), "--as-of", day]) == 0
    assert main(["show", str(path), "De Hoek", "--as-of", day]) in (0, 2)


@pytest.mark.parametrize("word", ["\udcff", "a\udcffb", "x" * 60_000, "'; DROP TABLE project; --", "\x1b[31m"])
def test_words_that_are_no_words(word: str, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(path), word]) == 2
    assert main(["set", str(path), "De Hoek", word, "x"]) == 2
    assert main(["history", str(path), word]) == 2
    capsys.readouterr().err.encode()
    assert main(["verify", str(path)]) == 0


def test_a_number_of_thousands_of_digits(path: Path) -> None:
    digits = "9" * 5000
    for field in ("Blok A/aantal", "Blok A/size", "prioriteit", "end_date", "fase"):
        assert main(["set", str(path), "De Hoek", field, digits]) == 1
    assert main(["set", str(path), "De Hoek", "name", digits]) == 0
    assert main(["check", str(path), "--for", "zh", "--json"]) == 1


def test_a_new_store_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    place = ("--municipality-code", "0999", "--municipality", "Duinwijk", "--province", "Zuid-Holland")
    assert main(["init", str(tmp_path / "nergens" / "a.diwi"), *place]) == 2


def test_a_failed_init_leaves_no_store(tmp_path: Path) -> None:
    wrong = ("--municipality-code", "99", "--municipality", "Duinwijk", "--province", "Zuid-Holland")
    path = tmp_path / "a.diwi"
    assert main(["init", str(path), *wrong]) == 1
    assert not path.exists()


@pytest.mark.parametrize(
    "content",
    ["", "[]", "1", "null", '{"ph_text1": 1}', '{"ph_text1": {"options": [1]}}', "[" * 100_000, '{"a": NaN}', "\ud800",
     '{"ph_text1": {"field": {"a": 1}}}', '{"fields": {"ph_text1": {"source": 5, "options": {"x": {"y": 1}}}}}'],
)  # fmt: skip
def test_a_mapping_file_of_rubbish(content: str, path: Path, tmp_path: Path) -> None:
    file, out = tmp_path / "koppeling.json", tmp_path / "uit.geojson"
    file.write_bytes(content.encode(errors="surrogatepass"))
    status = main(["export", str(path), "--to", "zh", "--out", str(out), "--mapping", str(file), "--json"])
    assert status in (1, 2)
    assert not out.exists()


def test_json_is_json_whatever_the_names(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = 'a "b" \\ </script> =1+1 é 😀'
    assert main(["set", str(path), "De Hoek", "name", name]) == 0
    capsys.readouterr()
    assert main(["projects", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["name"] == name


def test_a_locked_store_can_be_read_but_not_changed(path: Path) -> None:
    with Store.open(path, author="x", device=DEVICE):
        assert main(["projects", str(path)]) == 0
        assert main(["verify", str(path)]) == 0
        assert main(["set", str(path), "De Hoek", "name", "x"]) == 1


def test_one_error_in_a_file_is_told_with_its_place(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = Template.scratch()
    template.add(project(1, Start_project="01-01-2024"), (Homes(10), None))
    file = template.save(tmp_path / "x.xlsx")
    assert main(["import", str(path), str(file)]) == 1
    assert "rij 6" in capsys.readouterr().out


@pytest.mark.parametrize(("command", "says"), [("verify", "er is niets gewijzigd"), ("sync", "wat al gedaan was")])
def test_who_cuts_it_off_hears_what_stays(
    command: str, says: str, path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Half a synchronisation is not taken back: the server may have taken changes over."""

    def cut_off(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setitem(commands.COMMANDS, command, cut_off)
    assert main([command, str(path)]) == 130
    assert says in capsys.readouterr().err
