"""Bodies of the synchronisation: msgspec JSON, gzipped when the other side takes that, bounded before they are read."""

from __future__ import annotations

import contextlib
import gzip
import zlib
from types import GenericAlias
from typing import Any, TypeVar

import msgspec
from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from diwi_desktop.changes.messages import MOST_BYTES, SCHEMA, Push, WireAct, WireChange, are_uuids
from diwi_desktop.server.problems import Invalid, SchemaTooNew, SchemaTooOld, TooLarge

T = TypeVar("T")

# A server takes its own version of the messages and the two before.
OLDEST_SCHEMA = SCHEMA - 2
_QUICK = 1  # compression level: what is saved beyond it costs more time than it takes to send
_WORTH_IT = 1_000  # bytes
_schema = msgspec.json.Decoder(msgspec.defstruct("Versioned", [("schema", int)]))


async def body(request: Request, most: int = MOST_BYTES) -> bytes:
    """The body, unpacked on a thread. Raises TooLarge as soon as it is, and Invalid when it is no gzip."""
    packed = request.headers.get("content-encoding", "identity").lower()
    if packed not in ("gzip", "identity"):
        raise Invalid(errors=[{"detail": f"Content-Encoding {packed} is not known", "header": "Content-Encoding"}])
    parts: list[bytes] = []
    size = 0
    async for piece in request.stream():
        parts.append(piece)
        size += len(piece)
        if size > most:
            raise _too_large(most)
    whole = b"".join(parts)
    return await run_in_threadpool(_unpacked, whole, most) if packed == "gzip" else whole


def _unpacked(data: bytes, most: int) -> bytes:
    unpack = zlib.decompressobj(wbits=31)
    try:
        whole = unpack.decompress(data, most + 1)
    except zlib.error as error:
        raise Invalid(errors=[{"detail": "the body is not gzip"}]) from error
    if len(whole) > most or unpack.unconsumed_tail:
        raise _too_large(most)
    if not unpack.eof:
        raise Invalid(errors=[{"detail": "the body ends in the middle"}])
    return whole


def _too_large(most: int) -> TooLarge:
    return TooLarge(f"A message holds at most {most} bytes.")


def _with_any_ids(kind: Any, **types: Any) -> Any:
    """The same message, but for these fields: there an id may be any text, which is read twice as fast."""
    fields = [
        (one.name, types.get(one.name, one.type), *([] if one.required else [one.default]))
        for one in msgspec.structs.fields(kind)
    ]
    return msgspec.defstruct(kind.__name__, fields, array_like=kind.__struct_config__.array_like, frozen=True)


_change = _with_any_ids(WireChange, entity=str, project=str | None)
_act = _with_any_ids(WireAct, id=str, device=str, undoes=str | None, changes=GenericAlias(list, (_change,)))
_quick_push = msgspec.json.Decoder(_with_any_ids(Push, acts=GenericAlias(list, (_act,))))


def push(data: bytes) -> Push:
    """A push as `decode` reads it. Raises as that does."""
    try:
        message: Push = _quick_push.decode(data)
    except (msgspec.DecodeError, RecursionError):
        return decode(data, Push)  # says what is wrong, and where
    ids = {change.entity for act in message.acts for change in act.changes}
    ids.update(change.project or change.entity for act in message.acts for change in act.changes)
    for act in message.acts:
        ids.update((act.id, act.device, act.undoes or act.id))
    if not are_uuids(ids):
        return decode(data, Push)
    _gate(message.schema)
    return message


def decode(data: bytes, kind: type[T]) -> T:
    """A message. Raises Invalid; for one of another version SchemaTooOld or SchemaTooNew, whatever else it holds."""
    try:
        message = msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, RecursionError) as error:  # ValidationError is one
        if "schema" in getattr(kind, "__struct_fields__", ()):
            _gate_unread(data)
        raise Invalid(errors=[_error(error)]) from error
    if hasattr(message, "schema"):
        _gate(message.schema)
    return message


def _gate_unread(data: bytes) -> None:
    """The version of a message that could not be read, if that can be."""
    with contextlib.suppress(msgspec.DecodeError, RecursionError):
        _gate(_schema.decode(data).schema)  # type: ignore[attr-defined]  # the type is made at run time


def _gate(version: int) -> None:
    if version > SCHEMA:
        raise SchemaTooNew(schema=SCHEMA)
    if version < OLDEST_SCHEMA:
        raise SchemaTooOld(schema=SCHEMA)


def _error(error: Exception) -> dict[str, Any]:
    """What msgspec says, its place as a JSON pointer; never the value itself."""
    detail, _, path = str(error).partition(" - at `")
    found = {"detail": detail}
    if path:
        place = path.rstrip("`").removeprefix("$")
        found["pointer"] = place.replace("[", "/").replace("]", "").replace(".", "/") or "/"
    return found


def reply(request: Request, message: Any) -> Response:
    """A message, or bytes that are one already, as the answer to a request."""
    data = message if isinstance(message, bytes) else msgspec.json.encode(message)
    headers = {"Vary": "Accept-Encoding"}
    if len(data) > _WORTH_IT and "gzip" in request.headers.get("accept-encoding", ""):
        data = gzip.compress(data, _QUICK, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(data, media_type="application/json", headers=headers)
