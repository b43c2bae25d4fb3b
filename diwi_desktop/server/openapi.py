"""The description of the API: what FastAPI knows, with the messages of the synchronisation and the problems added."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from diwi_desktop.changes.messages import (
    DigestReply,
    DigestRequest,
    PullReply,
    PullRequest,
    Push,
    PushReply,
    ScopeReply,
    ScopeRequest,
    SnapshotReply,
)

_PREFIX = "/v1/registers/{register}"
# Per address of the synchronisation: the message that is asked with, and the one that is answered.
_MESSAGES: dict[str, tuple[type[Any] | None, type[Any]]] = {
    f"{_PREFIX}/pushes": (Push, PushReply),
    f"{_PREFIX}/pulls": (PullRequest, PullReply),
    f"{_PREFIX}/snapshots": (None, SnapshotReply),
    f"{_PREFIX}/digests": (DigestRequest, DigestReply),
    f"{_PREFIX}/scope-logs": (ScopeRequest, ScopeReply),
}
_REF = "#/components/schemas/{name}"
_METHODS = ("get", "put", "post", "delete", "head", "patch")

_PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "A problem document of RFC 9457; `errors` has all that is wrong at once.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "description": "urn:diwi:problem:<code>"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object", "required": ["detail"]}},
    },
}
_ANSWERS = {
    "default": {
        "description": "A problem",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
_BYTES = {"type": "string", "format": "binary"}


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of an application."""
    found = get_openapi(
        title=app.title,
        version=app.version,
        summary="Nederlandse gemeenten, hun woningbouwplannen en wie er samen aan werken",
        description=app.description,
        routes=app.routes,
        license_info=app.license_info,
        servers=[{"url": "/"}],
    )
    components = found.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    types = [one for pair in _MESSAGES.values() for one in pair if one is not None]
    _, messages = msgspec.json.schema_components(types, ref_template=_REF)
    schemas.update(messages)
    schemas["Problem"] = _PROBLEM
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components.setdefault("securitySchemes", {})["session"] = {"type": "http", "scheme": "bearer"}
    for path, operations in found["paths"].items():
        for method in _METHODS:
            if method in operations:
                _complete(path, method, operations[method])
    return found


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    responses.pop("422", None)
    responses.update(_ANSWERS)
    if path.startswith(_PREFIX):
        operation["security"] = [{"session": []}]
    if path in _MESSAGES:
        asked, answered = _MESSAGES[path]
        responses["200"]["content"] = {"application/json": {"schema": _ref(answered)}}
        if asked is not None:
            operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref(asked)}}}
    elif path.endswith("/documents/{sha256}/content"):
        _of_document(method, operation)


def _of_document(method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    if method == "put":
        content = {"application/octet-stream": {"schema": _BYTES}}
        operation["requestBody"] = {"required": True, "content": content}
        responses["202"] = {"description": "The piece is there; more is to come"}
    elif method == "get":
        responses["206"] = {"description": "The part asked for", "content": {"application/octet-stream": {}}}


def _ref(kind: type[Any]) -> dict[str, str]:
    return {"$ref": _REF.format(name=kind.__name__)}


def attach(app: FastAPI) -> None:
    """Make the application describe itself this way; once, when it is first asked."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI's own documentation has it
