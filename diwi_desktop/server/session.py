"""Who asks: the session behind a request. How a session comes about is the business of `server.accounts`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from diwi_desktop.server.problems import NoAccess


@dataclass(frozen=True, slots=True)
class Session:
    """An account that is signed in on a device, for one register. All ids are UUIDs as text."""

    account: str
    person: str
    register: str
    device: str
    name: str = ""


Authenticate = Callable[[Request], Session]


def authenticated(request: Request) -> Session:
    """The session of a request, by what `app.state.authenticate` says. Raises SignedOut."""
    authenticate: Authenticate = request.app.state.authenticate
    session = request.state.session = authenticate(request)  # kept for the audit log
    return session


def of_register(request: Request, register: str) -> Session:
    """The session, for the register that the address names. Raises NoAccess for another register."""
    session = authenticated(request)
    if session.register != register.lower():
        raise NoAccess
    return session


Signed = Annotated[Session, Depends(of_register)]
