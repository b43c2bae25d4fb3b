"""Post of the server: an invitation, or the link to choose a new password, goes to the person himself.

A message has fixed words, a link and the name of the municipality, which who runs the server gave it: nothing that a
user wrote gets into other people's post.
"""

from __future__ import annotations

import contextlib
import logging
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Any

from diwi_desktop.model.clock import local_day
from diwi_desktop.server.accounts.purpose import Purpose
from diwi_desktop.server.problems import Problem
from diwi_desktop.server.settings import MAIL_ADDRESS, Security, Settings

logger = logging.getLogger(__name__)

_ADDRESS = re.compile(MAIL_ADDRESS)
_LONGEST = 254
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class MailFailed(Problem):
    """502: the message could not be handed to the mail server; nothing was given."""

    status, code, title = 502, "mail-failed", "The message could not be sent"

    def __init__(self) -> None:
        super().__init__(
            nl="Het bericht is niet verstuurd; probeer het later opnieuw of meld het de beheerder van de server.",
            en="The message could not be sent; try again later or tell who runs the server.",
        )


class NoMailAddress(Problem):
    """400: to this address the server sends nothing."""

    status, code, title = 400, "invalid", "To this address nothing can be sent"

    def __init__(self) -> None:
        super().__init__(
            nl="Naar dit e-mailadres kan de server niets sturen; verbeter het adres.",
            en="The server cannot send anything to this e-mail address; mend the address.",
        )


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent to whom, in Dutch and in English."""

    to: str
    subject: str
    text: str


_WORDS = {
    Purpose.INVITATION: (
        "Uitnodiging voor {place} / Invitation to {place}",
        "U bent uitgenodigd om in DIWI Desktop mee te werken aan de woningbouwplannen van {place}.",
        "You are invited to work on the housing plans of {place} in DIWI Desktop.",
    ),
    Purpose.FIRST_FACTOR: (
        "Nieuw wachtwoord voor {place} / New password for {place}",
        (
            "Een beheerder van {place} laat u een nieuw wachtwoord kiezen voor DIWI Desktop. Uw tweede stap (de app op"
            " uw telefoon of een herstelcode) blijft en is er bij nodig. U bent overal afgemeld."
        ),
        (
            "An administrator of {place} has you choose a new password for DIWI Desktop. Your second factor (the app on"
            " your phone or a recovery code) stays and is needed for it. You were signed out everywhere."
        ),
    ),
    Purpose.SECOND_FACTOR: (
        "Opnieuw aanmelden bij {place} / Signing in anew at {place}",
        (
            "Een beheerder van {place} laat u een nieuw wachtwoord en een nieuwe tweede stap kiezen voor DIWI Desktop."
            " U bent overal afgemeld."
        ),
        (
            "An administrator of {place} has you choose a new password and a new second factor for DIWI Desktop. You"
            " were signed out everywhere."
        ),
    ),
}
_TEXT = """\
{nl}

Open deze link in DIWI Desktop (of gebruik: diwi activate LINK). Hij werkt één keer, tot {until}:

    {link}

Verwachtte u dit niet? Gebruik de link niet en vertel het aan de beheerder van {place}.

--

{en}

Open this link in DIWI Desktop (or use: diwi activate LINK). It works once, until {until}:

    {link}

Did you not expect this? Do not use the link, and tell the administrator of {place}.
"""


def letter(to: str, place: str, link: str, purpose: Purpose, until: datetime) -> Letter:
    """The message that goes with a link; `place` is the name of the register."""
    subject, nl, en = _WORDS[purpose]
    name = _CONTROL.sub(" ", place).strip()
    day = local_day(until).strftime("%d-%m-%Y")
    text = _TEXT.format(nl=nl.format(place=name), en=en.format(place=name), link=link, until=day, place=name)
    return Letter(to, subject.format(place=name), text)


def sendable(address: str) -> bool:
    """Whether this is one plain address, in ASCII, with nothing in it that a mail server could take for more."""
    return len(address) <= _LONGEST and _ADDRESS.fullmatch(address) is not None


def send(settings: Settings, post: Letter, now: datetime) -> None:
    """Hands a message to the mail server, within `smtp_seconds`. Blocking.

    Raises NoMailAddress and MailFailed; why it failed is in the log, without address or link.
    """
    if not sendable(post.to):
        raise NoMailAddress
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = settings.mail_from
        message["To"] = post.to
        message["Subject"] = post.subject
        message["Date"] = format_datetime(now)
        message["Message-ID"] = make_msgid(domain=settings.mail_from.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday message answers it
        message.set_content(post.text, cte="quoted-printable")
        with _connected(settings) as server:
            server.send_message(message, settings.mail_from, [post.to])
    except (smtplib.SMTPException, OSError, ValueError) as error:
        # Of what a mail server answers only the number: its words often repeat the address.
        code = getattr(error, "smtp_code", "")
        logger.warning("mail could not be sent: %s %s", type(error).__name__, code)
        raise MailFailed from error


class _Watched(smtplib.SMTP):
    """Cut off when all of it takes too long: the time-out of a socket is for each answer, and so begins anew with
    every sign that a slow server sends."""

    def __init__(self, host: str, port: int, *, timeout: float, **more: Any) -> None:
        self._watch = threading.Timer(timeout, self._cut)
        self._watch.daemon = True
        self._watch.start()
        super().__init__(host, port, timeout=timeout, **more)

    def _cut(self) -> None:
        if self.sock is not None:
            with contextlib.suppress(OSError):  # closed meanwhile
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def close(self) -> None:
        self._watch.cancel()
        super().close()


class _WatchedTls(_Watched, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte on."""


@contextmanager
def _connected(settings: Settings) -> Iterator[smtplib.SMTP]:
    """A connection that is encrypted before anything is said."""
    context = ssl.create_default_context(cafile=settings.smtp_ca_file)
    host, port, seconds = settings.smtp_host, settings.smtp_port, settings.smtp_seconds
    if settings.smtp_security is Security.TLS:
        server: smtplib.SMTP = _WatchedTls(host, port, timeout=seconds, context=context)
    else:
        server = _Watched(host, port, timeout=seconds)
    try:
        if settings.smtp_security is Security.STARTTLS:
            server.starttls(context=context)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.mail_password())
        yield server
        server.quit()
    finally:
        server.close()
