"""A folder that may not be written, a full disk, a name that was taken meanwhile: said in words, nothing is lost."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from diwi_desktop.store import Store, StoreError, blobs, driver, schema
from diwi_desktop.store.device import Device
from diwi_desktop.store.plans import plans
from diwi_desktop.sync import connect, documents, known
from diwi_desktop.sync.account import Register
from diwi_desktop.sync.runner import Outcome
from tests.stores import DEVICE, add, de_hoek, new_store, reopen
from tests.sync.test_runner import ANNA, BRAM, Pair, pair

__all__ = ["pair"]

URL, REGISTER = "https://diwi.test", "00000000-0000-4000-8000-000000000001"


def test_the_account_of_a_server_is_remembered(tmp_path: Path) -> None:
    known.remember(URL, "anna@duinwijk.nl", tmp_path)
    known.remember("https://elders.test", "bram@duinwijk.nl", tmp_path)
    assert known.email_at(URL, tmp_path) == "anna@duinwijk.nl"
    assert [one.name for one in tmp_path.glob("accounts*")] == ["accounts.json"]


def test_where_it_cannot_be_remembered_signing_in_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recovery codes are shown once, and after this."""

    def full(self: Path, *_: object, **__: object) -> int:
        self.touch()
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", full)
        known.remember(URL, "anna@duinwijk.nl", tmp_path)
    assert list(tmp_path.glob("accounts*")) == []
    (tmp_path / "accounts.json").mkdir()  # what cannot be read is not remembered either
    known.remember(URL, "anna@duinwijk.nl", tmp_path)
    assert known.email_at(URL, tmp_path) == ""


def test_letters_that_cannot_be_kept_are_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(Path, "write_text", full)
    for ask in (Device.of_this_machine, DEVICE.retagged):
        with pytest.raises(StoreError) as error:
            ask(tmp_path)
        assert error.value.code == "no_data_folder"


def test_a_copy_that_cannot_get_its_name_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(self: Path, target: Path) -> Path:
        raise PermissionError(target)

    with new_store(tmp_path / "a.diwi") as store, store.inside() as connection:
        monkeypatch.setattr(Path, "replace", held)
        with pytest.raises(StoreError) as error:
            schema.backup(connection, tmp_path / "a.versie-1.diwi")
    assert error.value.code == "store_read_only"
    assert not list(tmp_path.glob("*.part"))


def test_the_beginning_of_another_register_that_cannot_go_is_not_gone_on_with(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    partial = tmp_path / "nieuw.diwi.deel"
    new_store(partial).close()

    def held(self: Path, *, missing_ok: bool = False) -> None:
        raise PermissionError(self)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", held)
        with pytest.raises(StoreError) as error:
            connect.clone(tmp_path / "nieuw.diwi", URL, REGISTER, pair.links[BRAM], author="Bram", device=pair.b.device)
    assert error.value.code == "store_read_only"
    assert pair.links[BRAM].calls == []


def test_a_register_that_was_fetched_does_not_write_over_another(pair: Pair, tmp_path: Path) -> None:
    add(pair.a.store, de_hoek())
    pair.run(pair.a)
    path, link = tmp_path / "nieuw.diwi", pair.links[BRAM]

    def clone() -> Outcome:
        return connect.clone(path, URL, REGISTER, link, author="Bram", device=pair.b.device)

    def taken(_number: int, name: str) -> None:
        if name == "pull" and not path.exists():
            path.write_bytes(b"van een ander")

    link.before = taken
    with pytest.raises(StoreError) as error:
        clone()
    assert error.value.code == "store_exists"
    assert path.read_bytes() == b"van een ander"
    link.before = lambda number, name: None
    path.unlink()
    assert clone().problem is None
    with reopen(path) as store:
        assert [plan.name for plan in plans(store)] == ["De Hoek"]
    assert not list(tmp_path.glob("nieuw.diwi.deel*"))


@pytest.mark.parametrize("copy", [documents.open_copy, documents.save_copy])
def test_no_half_document_is_left_on_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, copy: Callable[[Store, str, Path], object]
) -> None:
    source, folder = tmp_path / "besluit.pdf", tmp_path / "uit"
    source.write_bytes(b"%PDF-1.7 " + bytes(2_000_000))
    folder.mkdir()
    real = blobs.parts

    def halfway(connection: driver.Connection, sha256: str) -> Iterator[bytes]:
        yield next(real(connection, sha256))
        raise OSError(errno.ENOSPC, "full")

    with new_store(tmp_path / "a.diwi") as store:
        document = documents.attach(store, add(store, de_hoek()), source)
        monkeypatch.setattr(blobs, "parts", halfway)
        with pytest.raises(blobs.FileTrouble) as error:
            copy(store, document, folder if copy is documents.open_copy else folder / "kopie.pdf")
    assert error.value.code == "file_unwritable"
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("wanted", ["GM0999", "gm0999", "duinwijk", "Duinwijk", REGISTER.upper()])
def test_a_register_is_chosen_by_id_code_or_name_in_capitals_or_not(wanted: str) -> None:
    mine = Register(REGISTER, "GM0999", "Duinwijk", ANNA, "Anna", "UserPlus", open=True)
    other = Register("00000000-0000-4000-8000-000000000002", "GM0998", "Elders", ANNA, "Anna", "User", open=True)
    assert connect.choose([other, mine], wanted) == mine
