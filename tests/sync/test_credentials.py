"""Secrets on the laptop: in the system's key store, or nowhere."""

import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null
from keyring.errors import KeyringLocked, PasswordDeleteError

from diwi_desktop.model.finding import Severity
from diwi_desktop.sync import credentials
from diwi_desktop.sync.credentials import Credentials, NoKeyStore


class InMemory(KeyringBackend):
    """A key store for the tests."""

    priority = 1  # type: ignore[assignment]  # keyring's own backends give a number too

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def _open(self) -> None:
        if self.locked:
            raise KeyringLocked("locked")

    def get_password(self, service: str, username: str) -> str | None:
        self._open()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._open()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._open()
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("none")


TRUSTED = frozenset({InMemory.__module__})


def chain(*backends: KeyringBackend) -> KeyringBackend:
    class Chain(chainer.ChainerBackend):
        pass

    Chain.__module__ = chainer.__name__
    Chain.backends = list(backends)  # type: ignore[assignment]  # a class property of keyring's, set for this test
    return Chain()


def test_a_secret_is_kept_read_and_forgotten() -> None:
    backend = InMemory()
    kept = Credentials(backend, trusted=TRUSTED)
    name = credentials.refresh_name("https://diwi.example/", "Anna@Heemstee.example")
    assert kept.usable
    assert kept.warning is None
    assert kept.keep(name, "refresh-token")
    assert kept.read(name) == "refresh-token"
    assert backend.kept == {("DIWI Desktop", "refresh anna@heemstee.example https://diwi.example"): "refresh-token"}
    kept.forget(name)
    kept.forget(name)
    assert kept.read(name) is None


@pytest.mark.parametrize("backend", [fail.Keyring(), null.Keyring(), InMemory(), chain(InMemory(), null.Keyring()),
                                     chain()])  # fmt: skip
def test_without_a_safe_key_store_nothing_is_kept_and_that_is_said(backend: KeyringBackend) -> None:
    trusted = TRUSTED if type(backend).__name__ == "Chain" else frozenset()
    kept = Credentials(backend, trusted=trusted)
    assert not kept.usable
    assert kept.warning is not None
    assert kept.warning.severity is Severity.WARNING
    assert not kept.keep("name", "secret")
    assert kept.read("name") is None
    kept.forget("name")
    if isinstance(backend, InMemory):
        assert backend.kept == {}


def test_a_chain_of_safe_key_stores_is_safe() -> None:
    assert Credentials(chain(InMemory()), trusted=TRUSTED).usable


def test_a_locked_key_store_is_said_in_a_sentence() -> None:
    backend = InMemory()
    kept = Credentials(backend, trusted=TRUSTED)
    backend.locked = True
    for work in (lambda: kept.keep("a", "b"), lambda: kept.read("a"), lambda: kept.forget("a")):
        with pytest.raises(NoKeyStore, match="vergrendeld"):
            work()


def test_a_secret_must_fit_in_the_smallest_key_store() -> None:
    backend = InMemory()
    kept = Credentials(backend, trusted=TRUSTED)
    assert kept.keep("a", "x" * 1280)
    with pytest.raises(ValueError, match="does not fit"):
        kept.keep("a", "x" * 1281)


def test_the_key_of_a_store_has_a_name_of_its_own() -> None:
    assert credentials.store_key_name("0198") != credentials.refresh_name("https://x", "0198")
