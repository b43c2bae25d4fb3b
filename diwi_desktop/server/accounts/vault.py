"""Secrets at rest: what the server must be able to read again (the secret of a second factor) is kept under a key.

AES-256-GCM. The keys stand in a file of their own outside the database, one `<name> <base64>` per line: the first one
encrypts, all of them decrypt, so that a key can be replaced without a moment in which anything cannot be read.
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


def read(path: Path) -> Vault:
    """The vault of a key file. Raises KeyTrouble, also when others than its owner can read the file."""
    try:
        if os.name != "nt" and path.stat().st_mode & 0o077:
            raise KeyTrouble(
                f"Het sleutelbestand {path} is voor anderen te lezen; geef het rechten 600.",
                f"Others can read the key file {path}; give it mode 600.",
            )
        lines = [line.split() for line in path.read_text(encoding="ascii").splitlines() if line.strip()]
        keys = tuple(Key(name, base64.b64decode(secret, validate=True)) for name, secret in lines)
    except FileNotFoundError:
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
    """Writes a key file that only its owner can read, whole or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{key.name} {base64.b64encode(key.secret).decode('ascii')}\n" for key in keys)
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)
    return Vault(keys)
