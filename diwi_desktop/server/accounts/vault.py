"""Secrets at rest: what the server must be able to read again (the secret of a second factor) is kept under a key.

AES-256-GCM. The keys stand in a file of their own outside the database, one `<name> <base64>` per line: the first one
encrypts, all of them decrypt, so that a key can be replaced without a moment in which anything cannot be read.

That file may be kept by something better than a disk: systemd's credentials, or the secrets of a container. Those hand
it over to be read (`given`); then the server neither makes nor changes it.
"""

from __future__ import annotations

import base64
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from diwi_desktop.model.finding import UserError

_KEY_BYTES, _NONCE_BYTES = 32, 12
# Where systemd and containers lay what they hand over (systemd.exec(5), CREDENTIALS; compose, secrets).
HANDED_OVER = (Path("/run/credentials"), Path("/run/secrets"))


class KeyTrouble(UserError):
    """The key file is not there, cannot be read or lacks a key that is needed."""

    code = "server_keys"


@dataclass(frozen=True, slots=True)
class Key:
    """`name` travels with what the key encrypted."""

    name: str
    secret: bytes

    @classmethod
    def new(cls) -> Key:
        return cls(secrets.token_hex(4), secrets.token_bytes(_KEY_BYTES))

    @property
    def line(self) -> str:
        """As it stands in the key file."""
        return f"{self.name} {base64.b64encode(self.secret).decode('ascii')}\n"


@dataclass(frozen=True, slots=True)
class Vault:
    """Encrypts by the first of its keys and decrypts by all. `about` ties a secret to whom it belongs to."""

    keys: tuple[Key, ...]

    def seal(self, secret: str, about: str) -> str:
        """`<key name>.<base64>`: nonce and ciphertext."""
        key, nonce = self.keys[0], secrets.token_bytes(_NONCE_BYTES)
        sealed = AESGCM(key.secret).encrypt(nonce, secret.encode(), about.encode())
        return f"{key.name}.{base64.b64encode(nonce + sealed).decode('ascii')}"

    def open(self, sealed: str, about: str) -> str:
        """What was sealed. Raises KeyTrouble when the key is gone, or when it was changed or belongs to another."""
        name, _, body = sealed.partition(".")
        for key in self.keys:
            if key.name == name:
                raw = base64.b64decode(body)
                try:
                    return AESGCM(key.secret).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], about.encode()).decode()
                except InvalidTag:
                    break
        raise KeyTrouble(
            "Een geheim in de database kan niet worden gelezen: de sleutel ontbreekt of het is veranderd.",
            "A secret in the database cannot be read: its key is missing or it was changed.",
        )

    def is_current(self, sealed: str) -> bool:
        """Whether the first key made it."""
        return sealed.startswith(f"{self.keys[0].name}.")


def given(path: Path) -> bool:
    """Whether this key file is handed over, and not ours to make or change."""
    return any(path.is_relative_to(place) for place in HANDED_OVER)


def read(path: Path) -> Vault:
    """The vault of a key file. Raises KeyTrouble, also when others than its owner can read the file.

    Of a file that is handed over the rights of the group do not count: systemd lets the one user in by an access list,
    whose widest entry is what shows there.
    """
    closed_to = 0o037 if given(path) else 0o077
    try:
        if os.name != "nt" and path.stat().st_mode & closed_to:
            raise KeyTrouble(
                f"Het sleutelbestand {path} is voor anderen te lezen; geef het rechten 600.",
                f"Others can read the key file {path}; give it mode 600.",
            )
        lines = [line.split() for line in path.read_text(encoding="ascii").splitlines() if line.strip()]
        keys = tuple(Key(name, base64.b64decode(secret, validate=True)) for name, secret in lines)
    except FileNotFoundError:
        if given(path):
            raise KeyTrouble(
                f"De sleutels worden niet aangereikt: {path} is er niet. Draait de server, en kent systemd of de"
                " container dit geheim?",
                f"The keys are not handed over: {path} is not there. Does the server run, and does systemd or the"
                " container know this secret?",
            ) from None
        raise KeyTrouble(
            f"Er is geen sleutelbestand {path}; diwi-server init maakt het.",
            f"There is no key file {path}; diwi-server init makes it.",
        ) from None
    except (OSError, ValueError) as error:
        raise KeyTrouble(
            f"Het sleutelbestand {path} is niet te lezen: {error}.", f"Cannot read the key file {path}: {error}."
        ) from error
    if not keys or any(len(key.secret) != _KEY_BYTES for key in keys):
        raise KeyTrouble(
            f"In het sleutelbestand {path} staat geen geldige sleutel.", f"The key file {path} holds no valid key."
        )
    return Vault(keys)


def write(path: Path, keys: tuple[Key, ...]) -> Vault:
    """Writes a key file that only its owner can read, whole or not at all. Raises OSError, KeyTrouble when `given`."""
    if given(path):
        raise KeyTrouble(
            f"{path} wordt aangereikt en is hier niet te wijzigen; zet de nieuwe sleutel waar het geheim vandaan komt"
            " (diwi-server new-key) en gebruik daarna rotate-keys --given.",
            f"{path} is handed over and cannot be changed here; put the new key where the secret comes from"
            " (diwi-server new-key), and then use rotate-keys --given.",
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(key.line for key in keys)
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)
    return Vault(keys)
