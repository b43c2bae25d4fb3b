"""Who else is looking at a project."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from diwi_desktop.server import presences
from diwi_desktop.server.session import Signed

router = APIRouter(prefix="/v1/registers/{register}/presences", tags=["presences"])


class Here(BaseModel):
    """Where this device is; no project: nowhere."""

    model_config = ConfigDict(extra="forbid")

    project: UUID | None = None
    editing: bool = False


class Presence(BaseModel):
    """Somebody at a project."""

    project: UUID
    person: UUID
    name: str
    since: datetime
    editing: bool


@router.put("", status_code=204)
def tell_presence(request: Request, session: Signed, here: Here) -> None:
    """Say which project this device is at. Holds for two minutes."""
    state = request.app.state
    project = None if here.project is None else str(here.project)
    presences.tell(state.database, session, project, here.editing, state.clock.now())


@router.get("")
def list_presences(request: Request, session: Signed) -> list[Presence]:
    """Where the other devices are, of the projects that you see."""
    state = request.app.state
    found = presences.others(state.database, session, state.clock.now())
    return [
        Presence(
            project=UUID(one.project), person=UUID(one.person), name=one.name, since=one.since, editing=one.editing
        )
        for one in found
    ]
