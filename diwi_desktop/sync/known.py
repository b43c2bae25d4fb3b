"""Which account this user has at which server: addresses and e-mail addresses, no secrets."""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from diwi_desktop import assets
from diwi_desktop.model.finding import UserError

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def server_url(text: str) -> str:
    """The address of a server as typed, made whole. Raises UserError (bad_url): no address, or one without https."""
    # A path in between, as the command line takes one, leaves one of the two slashes.
    text = re.sub(r"^(https?):/+", r"\1://", text.strip()).rstrip("/")
    if "//" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not parts.hostname or not safe or parts.username or parts.query or parts.fragment or port == 0:
        raise UserError(
            "Dit is geen adres van een server; het begint met https://.",
            "This is not the address of a server; it begins with https://.",
            code="bad_url",
        )
    return text


def email_at(url: str, folder: Path | None = None) -> str:
    """The account last used at a server; empty when there is none."""
    return _read(folder).get(url, "")


def remember(url: str, email: str, folder: Path | None = None) -> None:
    """Keep the account used at a server, which saves typing; where that cannot be kept, what is being done goes on."""
    with suppress(OSError):
        path = _path(folder)
        partial = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            partial.write_text(json.dumps({**_read(folder), url: email}, indent=1), encoding="utf-8")
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)


def _path(folder: Path | None) -> Path:
    return (folder or assets.user_data_dir()) / "accounts.json"


def _read(folder: Path | None) -> dict[str, str]:
    try:
        found = json.loads(_path(folder).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}
