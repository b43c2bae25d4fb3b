"""The people of the trial, with the passwords and codes that a real user would have in his head and on his phone."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from diwi_desktop.sync import invitations

_STEP = 30  # seconds that a code of the second factor holds
_WORDS = """
anker berk ceder duin eend fiets gras haven iep jol klaver linde molen noord oever polder riet sloot toren uil veer
waal zand brug dijk eik gans heide kade lis meer
""".split()


@dataclass(slots=True)
class Someone:
    """A person with an account. `step` is the half minute of the last code used, because none works twice."""

    name: str
    email: str
    role: str
    password: str
    secret: str
    step: int

    def code(self) -> str:
        """A code that was not used yet; waits for the next one when there is none. Counts as used."""
        import pyotp

        while self.step > self.now():  # the server takes the code of the coming half minute too, no later one
            time.sleep(0.5)
        self.step = max(self.step, self.now() - 2) + 1
        return str(pyotp.TOTP(self.secret).generate_otp(self.step))

    def shown_code(self) -> str:
        """The code to type next: that of now, or of the coming half minute when it was used; "even wachten" else."""
        import pyotp

        step = max(self.step + 1, self.now())
        return str(pyotp.TOTP(self.secret).generate_otp(step)) if step <= self.now() + 1 else "even wachten"

    @property
    def address(self) -> str:
        """For an authenticator app."""
        import pyotp

        return str(pyotp.TOTP(self.secret).provisioning_uri(name=self.email, issuer_name="DIWI proef"))

    @staticmethod
    def now() -> int:
        return int(time.time()) // _STEP


class People:
    """Kept in a file that only its owner reads, because a trial is started more than once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._all: dict[str, Someone] = {}
        if path.exists():
            self._all = {one["email"]: Someone(**one) for one in json.loads(path.read_text(encoding="utf-8"))}

    def __iter__(self) -> Iterator[Someone]:
        return iter(self._all.values())

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, email: str) -> Someone:
        return self._all[email]

    def activate(self, link: str, role: str) -> Someone:
        """Uses an invitation: a new password, and the second factor. Raises UserError."""
        received = invitations.look(link)
        someone = Someone(received.name, received.email, role, new_password(), received.secret, Someone.now() - 2)
        invitations.use(received, someone.password, someone.code())
        self._all[someone.email] = someone
        return someone

    def keep(self) -> None:
        """Writes the file. Raises OSError."""
        text = json.dumps([asdict(one) for one in self], indent=1)
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)

    def table(self) -> list[str]:
        """Who there is, as lines: name, role, address, password and the code of this moment."""
        rows = [("naam", "rol", "e-mailadres", "wachtwoord", "code nu")]
        rows += [(one.name, one.role, one.email, one.password, one.shown_code()) for one in self]
        widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
        return ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def new_password() -> str:
    """Four words, easy to type and never the same."""
    return " ".join(secrets.choice(_WORDS) for _ in range(4))
