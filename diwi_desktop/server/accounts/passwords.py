"""Passwords: how they are kept (argon2id) and which ones are refused.

Figures from the OWASP Password Storage Cheat Sheet (argon2id, 19 MiB, two rounds, one lane) and NIST SP 800-63B:
at least twelve characters, any characters, no rules of composition, no expiry, but not what everybody takes.
"""

from __future__ import annotations

import logging
import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from diwi_desktop import assets
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.server.accounts import breached

logger = logging.getLogger(__name__)

SHORTEST, LONGEST = 12, 256

# Each hash takes 19 MiB and a core; more at once would only make all of them slower.
_AT_ONCE = threading.BoundedSemaphore(4)
_LEET = str.maketrans("013457@$!|", "oleastasil")
_REPEATED = re.compile(r"(.{1,9}?)\1+.{0,3}", re.DOTALL)
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
)
_LEAST_LEFT = 4  # letters or digits that must remain besides what is common


class Passwords:
    """Makes and compares password hashes. The costs are parameters only so that tests need not be slow."""

    def __init__(self, *, memory_kib: int = 19_456, rounds: int = 2, lanes: int = 1) -> None:
        self._hasher = PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=lanes)
        self._nobody = self._hasher.hash("nobody has this password")

    def hashed(self, password: str) -> str:
        """The argon2id hash, with its own salt and parameters in it."""
        with _AT_ONCE:
            return self._hasher.hash(_normal(password))

    def fits(self, stored: str | None, password: str) -> bool:
        """Whether a password belongs to a hash. Without a hash (no such account) it takes as long and is False."""
        with _AT_ONCE:
            try:
                return self._hasher.verify(stored or self._nobody, _normal(password)) and stored is not None
            except (VerificationError, InvalidHashError):
                return False

    def is_old(self, stored: str) -> bool:
        """Whether a hash was made with other costs than those of today, and is to be made anew at the next sign-in."""
        return self._hasher.check_needs_rehash(stored)


def refusals(password: str, about: Iterable[str] = (), leaked: Path | None = None) -> list[Finding]:
    """Why a password is not accepted; empty when it is. `about`: what others know of its owner (name, e-mail).

    `leaked`: a list of passwords that leaked elsewhere; one that cannot be read refuses nothing, and the log says so.
    """
    text = _normal(password)
    if len(text) < SHORTEST:
        return [
            _finding(
                "password_short",
                f"Kies een wachtwoord van ten minste {SHORTEST} tekens, bijvoorbeeld een paar woorden.",
                f"Choose a password of at least {SHORTEST} characters, a few words for instance.",
            )
        ]
    if len(text) > LONGEST:
        return [
            _finding(
                "password_long",
                f"Kies een wachtwoord van ten hoogste {LONGEST} tekens.",
                f"Choose a password of at most {LONGEST} characters.",
            )
        ]
    if _common(text.casefold(), _words(about)):
        return [
            _finding(
                "password_common",
                "Dit wachtwoord is te makkelijk te raden; kies een paar woorden die niet bij elkaar horen.",
                "This password is too easy to guess; choose a few words that have nothing to do with each other.",
            )
        ]
    if leaked is not None and _is_leaked(leaked, password):
        return [
            _finding(
                "password_leaked",
                "Dit wachtwoord is elders uitgelekt en staat op lijsten van inbrekers; kies een ander.",
                "This password has leaked elsewhere and is on lists of burglars; choose another.",
            )
        ]
    return []


def _is_leaked(path: Path, password: str) -> bool:
    try:
        return breached.known(path, password)
    except (OSError, ValueError) as error:
        logger.warning("the list of leaked passwords cannot be read: %s", type(error).__name__)
        return False


def _common(text: str, words: frozenset[str]) -> bool:
    """Whether a text is a known password, a run or repetition, or a common word with something stuck on."""
    known = _known()
    if text in known or _REPEATED.fullmatch(text) or any(text in run or text[::-1] in run for run in _RUNS):
        return True
    bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
    for form in (text, text.translate(_LEET), bare.translate(_LEET)):
        core = re.sub(r"^[^a-z]+|[^a-z]+$", "", form)
        if core in known or core in words or _REPEATED.fullmatch(core):
            return True
        left = form
        for word in sorted(words, key=len, reverse=True):
            left = left.replace(word, "")
        if left != form and sum(sign.isalpha() for sign in left) < _LEAST_LEFT:
            return True
    return False


def _words(about: Iterable[str]) -> frozenset[str]:
    given = {word for text in about for word in re.split(r"[\W_]+", text.casefold())}
    return frozenset(word for word in given if len(word) >= _LEAST_LEFT) | {"diwi", "gemeente", "woningbouw"}


@cache
def _known() -> frozenset[str]:
    lines = assets.resource("server", "common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#:"))


def _normal(password: str) -> str:
    """The same letters always the same bytes, whichever keyboard made them (NIST SP 800-63B 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _finding(code: str, nl: str, en: str) -> Finding:
    return Finding(code, Severity.REFUSAL, nl, en, field="password")
