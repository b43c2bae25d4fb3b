"""Is the server alive, can it take work, and its figures."""

from __future__ import annotations

import logging

import psycopg
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse

from diwi_desktop.server import migrations
from diwi_desktop.server.db import Database
from diwi_desktop.server.ops.around import Around
from diwi_desktop.server.ops.limits import Buckets
from diwi_desktop.server.ops.metrics import Metrics
from diwi_desktop.server.problems import Busy, NotFound

logger = logging.getLogger(__name__)

router = APIRouter(tags=["health"])


def attach(app: FastAPI) -> None:
    """Gives the application its figures, bounds and health; call it last, so that it comes around everything."""
    app.state.metrics = Metrics()
    app.include_router(router)
    app.add_middleware(
        Around, state=app.state, buckets=Buckets(app.state.settings.requests_per_minute), metrics=app.state.metrics
    )


@router.get("/health/live")
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/health/ready")
def ready(request: Request) -> JSONResponse:
    """The database answers and has the version that this server needs; 503 otherwise."""
    try:
        problem = _trouble(request.app.state.database)
    except (psycopg.Error, Busy) as error:
        logger.warning("not ready: %s", type(error).__name__)
        problem = "database"
    return JSONResponse({"status": problem or "ok"}, 503 if problem else 200)


def _trouble(database: Database) -> str:
    with database.anywhere() as connection:
        row = connection.execute("SELECT version_num FROM diwi.migration").fetchone()
    return "" if row is not None and row[0] == migrations.revisions()[-1] else "upgrade"


@router.get("/metrics", include_in_schema=False)
def metrics(request: Request) -> Response:
    """For Prometheus, and only from the places that the settings name."""
    state = request.app.state
    if request.client is None or request.client.host not in state.settings.metrics_from:
        raise NotFound
    return Response(state.metrics.text(state.database.figures()), media_type="text/plain; version=0.0.4")
