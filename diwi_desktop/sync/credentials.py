"""Secrets on the laptop: the refresh token and the key of an encrypted store, in the key store of the system.

Windows has Credential Manager, macOS its Keychain, Linux the Secret Service (GNOME Keyring, KWallet). Anything else
that `keyring` may come up with - a text file, nothing at all - is refused: then nothing is kept, the user signs in each
time, and is told so. A secret is never put anywhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwi_desktop.model.finding import Finding, Severity, UserError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "DIWI Desktop"
# Windows keeps at most 2,560 bytes per secret and keyring hands it UTF-16.
LONGEST = 1_280

# Modules of keyring whose key store is the system's own and is protected by the user's sign-in.
_TRUSTED = frozenset(
    {
        "keyring.backends.Windows",
        "keyring.backends.macOS",
        "keyring.backends.SecretService",
        "keyring.backends.libsecret",
        "keyring.backends.kwallet",
    }
)


class NoKeyStore(UserError):
    """There is no key store that may hold a secret, or it refuses (locked, no rights)."""

    code = "no_key_store"


class Credentials:
    """The secrets of this user on this laptop.

    `backend`: the key store to use, by default the one the system offers. `trusted` names modules of key stores
    besides the system's own; it exists for tests.
    """

    def __init__(self, backend: KeyringBackend | None = None, *, trusted: frozenset[str] = frozenset()) -> None:
        if backend is None:
            import keyring

            backend = keyring.get_keyring()
        self._backend = backend
        self._usable = _is_safe(backend, _TRUSTED | trusted)

    @property
    def usable(self) -> bool:
        """Whether secrets can be kept here at all."""
        return self._usable

    @property
    def warning(self) -> Finding | None:
        """What to tell the user when nothing can be kept."""
        if self._usable:
            return None
        return Finding(
            "no_key_store",
            Severity.WARNING,
            "Deze computer heeft geen veilige sleutelbewaarplaats; u meldt u daarom bij elke start opnieuw aan.",
            "This computer has no safe key store, so you sign in again at every start.",
        )

    def keep(self, name: str, secret: str) -> bool:
        """Keeps a secret; False, and nothing kept, without a safe key store.

        Raises ValueError for a secret that is too long for some system, NoKeyStore when the key store refuses.
        """
        if len(secret) > LONGEST:
            raise ValueError(f"a secret of {len(secret)} signs does not fit in every key store")
        if not self._usable:
            return False
        from keyring.errors import KeyringError

        try:
            self._backend.set_password(SERVICE, name, secret)
        except KeyringError as error:
            raise _refused() from error
        return True

    def read(self, name: str) -> str | None:
        """A kept secret, None when there is none. Raises NoKeyStore when the key store refuses."""
        if not self._usable:
            return None
        from keyring.errors import KeyringError

        try:
            return self._backend.get_password(SERVICE, name)
        except KeyringError as error:
            raise _refused() from error

    def forget(self, name: str) -> None:
        """Removes a secret; not an error when there is none. Raises NoKeyStore when the key store refuses."""
        if not self._usable:
            return
        from keyring.errors import KeyringError, PasswordDeleteError

        try:
            self._backend.delete_password(SERVICE, name)
        except PasswordDeleteError:  # there was none
            return
        except KeyringError as error:
            raise _refused() from error


def refresh_name(url: str, email: str) -> str:
    """Under which name the refresh token of an account at a server is kept."""
    return f"refresh {email.casefold()} {url.rstrip('/')}"


def store_key_name(store: str) -> str:
    """Under which name the key of an encrypted store is kept; `store` is the store's own id, not its path."""
    return f"store {store}"


def _is_safe(backend: KeyringBackend, trusted: frozenset[str]) -> bool:
    """Whether a key store, and each one that it passes secrets on to, is the system's own."""
    if type(backend).__module__ == "keyring.backends.chainer":
        chained: list[KeyringBackend] = list(getattr(backend, "backends", ()))
        return bool(chained) and all(_is_safe(each, trusted) for each in chained)
    return type(backend).__module__ in trusted


def _refused() -> NoKeyStore:
    return NoKeyStore(
        "De sleutelbewaarplaats van deze computer is vergrendeld of weigert; ontgrendel haar en probeer het opnieuw.",
        "The key store of this computer is locked or refuses; unlock it and try again.",
    )
