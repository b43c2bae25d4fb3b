"""The server as one ASGI application."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from diwi_desktop import __version__
from diwi_desktop.model.clock import Clock, SystemClock
from diwi_desktop.server import openapi
from diwi_desktop.server.accounts import routes as accounts
from diwi_desktop.server.db import Database
from diwi_desktop.server.middleware import Surroundings
from diwi_desktop.server.ops import health
from diwi_desktop.server.problems import Busy, Invalid, NotFound, Problem
from diwi_desktop.server.push.state import Intakes
from diwi_desktop.server.routes import documents, presences, reading, sync
from diwi_desktop.server.settings import Settings

logger = logging.getLogger(__name__)

_MEDIA_TYPE = "application/problem+json"


class MethodUnknown(Problem):
    """405."""

    status, code, title = 405, "method", "This address does not know that method"


class Broken(Problem):
    """500: our own bug; the log has it under the name of the request."""

    status, code, title = 500, "bug", "Something went wrong in the server"


def create_app(settings: Settings, *, clock: Clock | None = None) -> FastAPI:
    """The application for these settings. Its database is opened when it starts and closed when it stops."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        app.state.database.open()
        yield
        app.state.database.close()

    app = FastAPI(
        title="DIWI server",
        version=__version__,
        description="One truth for many laptops: synchronisation, documents, people and a read API.",
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=life,
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    )
    app.state.settings = settings
    app.state.clock = clock or SystemClock()
    app.state.database = Database(settings)
    app.state.intakes = Intakes()
    accounts.attach(app)
    for part in (sync, documents, presences, reading):
        app.include_router(part.router)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(psycopg.OperationalError, _no_database)
    app.add_exception_handler(Exception, _bug)
    app.add_middleware(Surroundings)
    health.attach(app)
    openapi.attach(app)
    return app


def _answer(request: Request, problem: Problem) -> JSONResponse:
    name = getattr(request.state, "request_id", "")
    return JSONResponse(
        problem.document(name), problem.status, headers={"Cache-Control": "no-store"} | problem.headers,
        media_type=_MEDIA_TYPE,
    )  # fmt: skip


async def _problem(request: Request, error: Exception) -> JSONResponse:
    return _answer(request, error if isinstance(error, Problem) else Broken())


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    """All that is wrong with a request, each with its place; what was sent is not repeated."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    errors = [
        {"detail": str(one["msg"]), "in": str(one["loc"][0]), "name": "/".join(map(str, one["loc"][1:]))}
        for one in found
    ]
    return _answer(request, Invalid(errors=errors))


async def _http(request: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    problem: Problem = {404: NotFound(), 405: MethodUnknown()}.get(status) or Invalid()
    if isinstance(error, HTTPException) and error.headers:
        problem.headers |= dict(error.headers)
    return _answer(request, problem)


async def _no_database(request: Request, error: Exception) -> JSONResponse:
    logger.warning("the database does not answer: %s", type(error).__name__)
    return _answer(request, Busy())


async def _bug(request: Request, error: Exception) -> JSONResponse:
    logger.error("request %s failed", getattr(request.state, "request_id", ""), exc_info=error)
    return _answer(request, Broken())
