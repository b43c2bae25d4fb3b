"""An encrypted store: nothing to read in the file, everything works, and without the key one clear sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend

from diwi_desktop.model.finding import Cancelled, UserError
from diwi_desktop.store import cipher, remains, schema
from diwi_desktop.store.plans import plans
from diwi_desktop.store.verify import verify
from diwi_desktop.sync import encryption
from diwi_desktop.sync.credentials import Credentials
from tests.stores import add, de_hoek, new_store, reopen

pytest.importorskip("sqlcipher3")


class Memory(KeyringBackend):  # type: ignore[misc]  # keyring's own classes have no annotations
    """A key store that lasts as long as the test."""

    priority = 1

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def key_store() -> Memory:
    return Memory()


@pytest.fixture
def safe(key_store: Memory) -> Credentials:
    return Credentials(key_store, trusted=frozenset({__name__}))


def elsewhere(path: Path, key: str) -> str:
    """What a process of its own says that works with the store."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.sync.encrypted_work", str(path), key], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or done.stderr


def test_a_store_is_encrypted_and_works_as_before(tmp_path: Path, safe: Credentials, key_store: Memory) -> None:
    path = tmp_path / "a.diwi"
    with new_store(path) as store:
        add(store, de_hoek())
    encryption.encrypt(path, safe)
    assert encryption.is_encrypted(path)
    assert sorted(file.name for file in tmp_path.glob("a.diwi*")) == ["a.diwi", "a.diwi.lock"]
    [key] = key_store.kept.values()
    assert elsewhere(path, key) == "done"
    left = b"".join(file.read_bytes() for file in tmp_path.glob("*.diwi*") if "open" not in file.name)
    assert b"De Hoek" not in left
    assert b"project" not in left


def test_plain_copies_go_with_the_plain_file(tmp_path: Path, safe: Credentials) -> None:
    path = tmp_path / "a.diwi"
    with new_store(path) as store:
        add(store, de_hoek())
        with store.inside() as connection:
            schema.backup(connection, tmp_path / "a.versie-1.diwi")
    encryption.encrypt(path, safe)
    assert sorted(file.name for file in tmp_path.glob("a*")) == ["a.diwi", "a.diwi.lock"]


@pytest.mark.parametrize("links", [True, False])
def test_a_computer_that_stops_half_way_leaves_a_store(
    tmp_path: Path, safe: Credentials, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    """Between any two steps; the next time finishes it, and nothing plain stays."""
    path = tmp_path / "a.diwi"
    with new_store(path) as store:
        add(store, de_hoek())
    replace, seen = Path.replace, []

    def stops(self: Path, target: Path) -> Path:
        seen.append(path.exists())
        raise OSError(5, "power")

    monkeypatch.setattr(Path, "replace", stops)
    if not links:
        monkeypatch.setattr(os, "link", stops)
    with pytest.raises(UserError):
        encryption.encrypt(path, safe)
    monkeypatch.setattr(Path, "replace", replace)
    assert all(seen)
    with reopen(path) as store:
        assert [plan.name for plan in plans(store)] == ["De Hoek"]
    encryption.encrypt(path, safe)
    assert encryption.is_encrypted(path)
    assert remains.of(path) == []


@pytest.mark.parametrize("stopped", [False, True], ids=["refused", "stopped"])
def test_without_links_the_store_gets_its_name_back(
    tmp_path: Path, safe: Credentials, monkeypatch: pytest.MonkeyPatch, stopped: bool
) -> None:
    """On a stick it stands aside for a moment; what keeps the encrypted one from its place must not lose it."""
    path = tmp_path / "a.diwi"
    with new_store(path) as store:
        add(store, de_hoek())
    replace = Path.replace

    def no_links(*_: object) -> None:
        raise OSError(1, "no links here")

    def some(self: Path, target: Path) -> Path:
        if self.suffix == ".versleuteld" or (stopped and target == path):
            raise PermissionError(target)
        return replace(self, target)

    monkeypatch.setattr(os, "link", no_links)
    with monkeypatch.context() as held:
        held.setattr(Path, "replace", some)
        with pytest.raises(UserError):
            encryption.encrypt(path, safe)
        assert path.exists() is not stopped
    with reopen(path) as store:
        assert [plan.name for plan in plans(store)] == ["De Hoek"]
    encryption.encrypt(path, safe)
    assert encryption.is_encrypted(path)
    assert remains.of(path) == []


def test_a_store_that_stands_aside_is_no_copy_of_one(tmp_path: Path, safe: Credentials) -> None:
    """The computer stopped between the two names, and the user tries again without having opened it."""
    path = tmp_path / "a.diwi"
    with new_store(path) as store:
        add(store, de_hoek())
    path.rename(tmp_path / "a.diwi.open")
    encryption.encrypt(path, safe)
    assert encryption.is_encrypted(path)
    assert path.stat().st_size > 100_000


def test_without_the_key_one_sentence(tmp_path: Path, safe: Credentials) -> None:
    path = tmp_path / "a.diwi"
    new_store(path).close()
    encryption.encrypt(path, safe)
    assert elsewhere(path, "") == "no_key"


def test_a_process_that_began_with_the_other_driver_asks_to_begin_again(
    tmp_path: Path, safe: Credentials, key_store: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.diwi"
    new_store(path).close()
    encryption.encrypt(path, safe)
    monkeypatch.setattr(cipher, "keys", lambda salt: next(iter(key_store.kept.values())))
    with pytest.raises(UserError) as error:
        reopen(path)
    assert error.value.code == "cipher_restart"


def test_without_a_key_store_nothing_is_encrypted(tmp_path: Path, key_store: Memory) -> None:
    path = tmp_path / "a.diwi"
    new_store(path).close()
    with pytest.raises(UserError) as error:
        encryption.encrypt(path, Credentials(key_store))
    assert error.value.code == "no_key_store"
    with reopen(path) as store:
        assert verify(store) == []


def test_a_copy_that_fails_leaves_the_plain_store(
    tmp_path: Path, safe: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.diwi"
    new_store(path).close()

    def fails(*_: object) -> str:
        raise cipher.module().OperationalError("database or disk is full")

    monkeypatch.setattr(cipher, "export", fails)
    with pytest.raises(UserError) as error:
        encryption.encrypt(path, safe)
    assert error.value.code == "disk_full"
    assert not encryption.is_encrypted(path)
    with reopen(path) as store:
        assert verify(store) == []


@pytest.mark.parametrize("how", ["cancelled", "full", "swap"])
def test_a_store_that_was_fetched_to_be_encrypted_is_not_left_in_the_open(
    tmp_path: Path, safe: Credentials, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    path = tmp_path / "a.diwi"
    with new_store(path) as store:
        add(store, de_hoek())

    def fails(*_: object) -> str:
        raise cipher.module().OperationalError("database or disk is full")

    def stops(self: Path, target: Path) -> Path:
        raise PermissionError(target)

    if how == "full":
        monkeypatch.setattr(cipher, "export", fails)
    if how == "swap":  # the plain file has a second name by then
        monkeypatch.setattr(Path, "replace", stops)
    with pytest.raises((UserError, Cancelled)):
        encryption.encrypt_new(path, safe, cancelled=lambda: how == "cancelled")
    assert {one.name for one in tmp_path.glob("a.diwi*")} <= {"a.diwi.lock"}


@pytest.mark.parametrize("after", [0, 3])
def test_cancelled_at_any_moment_the_plain_store_stays(
    tmp_path: Path, safe: Credentials, key_store: Memory, after: int
) -> None:
    path = tmp_path / "a.diwi"
    with new_store(path) as store:
        for n in range(40):
            add(store, de_hoek(), f"Plan {n}")
    asked, shares = iter(range(1_000_000)), list[float]()
    with pytest.raises(Cancelled):
        encryption.encrypt(path, safe, progress=shares.append, cancelled=lambda: next(asked) >= after)
    assert all(0 <= share <= 1 for share in shares)
    assert key_store.kept == {}
    assert sorted(one.name for one in tmp_path.glob("a.diwi*")) == ["a.diwi", "a.diwi.lock"]
    with reopen(path) as store:
        assert verify(store) == []
