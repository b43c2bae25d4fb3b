"""The second factor: time-based codes (RFC 6238) and recovery codes.

A time-based code holds for its own half minute and the ones beside it, and once only: the step of the last one used is
kept, and nothing at or before it counts again. A recovery code is 120 random bits, kept as a SHA-256 and used once.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime
from hmac import compare_digest

import pyotp

STEP_SECONDS, DRIFT = 30, 1
RECOVERY_CODES = 10
_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without I, O, 0 and 1, which are read wrongly
_GROUPS, _GROUP = 6, 4


def new_secret() -> str:
    """160 random bits in base32, as an authenticator app takes them."""
    return pyotp.random_base32(32)


def address(secret: str, email: str, issuer: str) -> str:
    """The otpauth address behind the square code that a phone scans."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def matching_step(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """The step of which this is the code, at most one away from now and after the last one used; else None."""
    given = re.sub(r"\s", "", code)
    if not re.fullmatch(r"[0-9]{6}", given):
        return None
    totp = pyotp.TOTP(secret)
    today = int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in range(today - DRIFT, today + DRIFT + 1):  # always all of them, so that time tells nothing
        if compare_digest(totp.generate_otp(step), given) and step > last_step:
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Fresh codes as they are shown, once: ABCD-EFGH-JKLM-NPQR-STUV-WXYZ."""
    return ["-".join(_group() for _ in range(_GROUPS)) for _ in range(RECOVERY_CODES)]


def recovery_hash(code: str) -> bytes | None:
    """What is kept of a recovery code, however it was typed; None when it cannot be one."""
    bare = re.sub(r"[\s\-]", "", code).upper()
    if len(bare) != _GROUPS * _GROUP or not set(bare) <= set(_SIGNS):
        return None
    return hashlib.sha256(bare.encode("ascii")).digest()


def _group() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(_GROUP))
