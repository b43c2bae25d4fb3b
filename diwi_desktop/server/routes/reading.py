"""Plans for other programs: within the rights of who asks. Contours are GeoJSON in RD New (EPSG:28992)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from diwi_desktop.server import reading, viewer
from diwi_desktop.server.reading import Grouping
from diwi_desktop.server.session import Signed

router = APIRouter(prefix="/v1/registers/{register}", tags=["reading"])

_CRS = "EPSG:28992"
Limit = Annotated[int, Query(ge=1, le=1000)]
Word = Annotated[str, Query(min_length=2, max_length=100, pattern="^[^\x00]*$")]


class _Answer(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Project(_Answer):
    """A plan: its fields by their keys in the catalogue."""

    id: UUID
    values: dict[str, Any]
    seq: int
    changed_at: datetime | None


class Projects(_Answer):
    """A page; `next` is what to ask for as `after` to go on, absent at the end."""

    items: list[Project]
    next: UUID | None = None


class Part(_Answer):
    id: UUID
    values: dict[str, Any]


class Change(_Answer):
    """One change, or the making of something (`field` is empty, `new` has its first values)."""

    seq: int
    act: UUID
    name: str
    author: str
    made_at: str
    received_at: datetime
    kind: str
    entity: UUID
    field: str
    old: Any = None
    new: Any = None


class History(_Answer):
    items: list[Change]
    next: int | None = None


class Total(_Answer):
    """Homes to be built; null where that would tell too much of single plans."""

    group: str | None
    plans: int | None
    homes: int | None


class Found(_Answer):
    id: UUID
    code: str | None
    name: str | None


@router.get("/projects")
def list_projects(request: Request, session: Signed, after: UUID | None = None, limit: Limit = 100) -> Projects:
    """The plans that you see, in the order of their ids."""
    with request.app.state.database.transaction(session.register) as connection:
        who = viewer.viewer_of(connection, session)
        rows = reading.projects(connection, session.register, who, str(after) if after else None, limit)
    items = [Project(id=id, values=values, seq=seq, changed_at=at) for id, values, seq, at in rows]
    return Projects(items=items, next=items[-1].id if len(items) == limit else None)


@router.get("/projects/{id}")
def show_project(request: Request, response: Response, session: Signed, id: UUID) -> dict[str, list[Part]]:
    """A plan with everything under it, by kind."""
    response.headers["Content-Crs"] = _CRS
    with request.app.state.database.transaction(session.register) as connection:
        who = viewer.viewer_of(connection, session)
        found = reading.project(connection, session.register, who, str(id))
    return {kind: [Part(**one) for one in parts] for kind, parts in found.items()}


@router.get("/projects/{id}/history")
def show_history(
    request: Request,
    session: Signed,
    id: UUID,
    after: Annotated[int, Query(ge=0, lt=2**53)] = 0,
    limit: Limit = 100,
) -> History:
    """What has happened to a plan, oldest first."""
    with request.app.state.database.transaction(session.register) as connection:
        who = viewer.viewer_of(connection, session)
        rows = reading.history(connection, session.register, who, str(id), after, limit)
    items = [Change(**dict(zip(Change.model_fields, row, strict=True))) for row in rows]
    return History(items=items, next=items[-1].seq if len(items) == limit else None)


@router.get("/totals")
def list_totals(
    request: Request, session: Signed, group_by: Annotated[Grouping, Query(alias="groupBy")] = Grouping.YEAR
) -> list[Total]:
    """Homes to be built, by a group of your choice, over the plans that you see and that were not given up."""
    with request.app.state.database.transaction(session.register) as connection:
        who = viewer.viewer_of(connection, session)
        found = reading.totals(connection, session.register, who, group_by, request.app.state.clock.today())
    return [Total(group=one.group, plans=one.plans, homes=one.homes) for one in found]


@router.get("/search")
def find_projects(request: Request, session: Signed, q: Word, limit: Limit = 50) -> list[Found]:
    """Plans with these words in their name, code, description or leader."""
    with request.app.state.database.transaction(session.register) as connection:
        who = viewer.viewer_of(connection, session)
        rows = reading.search(connection, session.register, who, q, limit)
    return [Found(id=id, code=code, name=name) for id, code, name in rows]
