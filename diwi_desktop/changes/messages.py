"""What client and server say to each other about changes. docs/protocol.md describes it for writers of other clients.

Everything is JSON; what comes in great numbers is an array instead of an object. Values are in log shape (see
`model.values`), geometry is EWKB in hexadecimal, times are UTC with a Z. Decoding checks the shape of a message;
whether a value fits its field is `values.check`, whether it is allowed is `rights.refusal`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Annotated, Any

from msgspec import Meta, Struct

# The version of the catalogue and of these messages. A server takes its own and the two before.
SCHEMA = 2

# A push holds no more than this; a client with more sends it in pieces, whole acts where that fits.
MOST_CHANGES = 5_000
MOST_BYTES = 8_000_000

# `$` alone lets a line end through after the last sign.
_UUID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$(?!\n)"
Uuid = Annotated[str, Meta(pattern=_UUID)]
is_uuid = re.compile(_UUID).search  # for who looks at the ids of a long message himself
# One look at many: a run of ids with a space after each, from which there is no way back to try another.
_are_uuids = re.compile(r"(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12} )*+").fullmatch
Word = Annotated[str, Meta(max_length=200)]
Text = Annotated[str, Meta(max_length=500)]
Natural = Annotated[int, Meta(ge=0, lt=2**53)]


def are_uuids(texts: Collection[str]) -> bool:
    """Whether each text is an id, for who looks at all those of a long message once."""
    together = " ".join(texts) + " " if texts else ""
    # Of that length only when none of them is two with a space between.
    return len(together) == 37 * len(texts) and _are_uuids(together) is not None


class WireChange(Struct, array_like=True, frozen=True):
    """One change: `n` is its number within the act, so `<act>/<n>` names it for ever.

    `field` is empty for a new entity; `new` then holds all its first values. `base` is the server's sequence of the
    value it was made on (0: none), `after` names the author's own earlier change to the same field that the server had
    not confirmed when this one was made. The server fills `seq`; a client leaves it 0.
    """

    n: Natural
    kind: Word
    entity: Uuid
    project: Uuid | None
    field: Word
    old: Any
    new: Any
    base: Natural = 0
    after: Word | None = None
    seq: Natural = 0


class WireAct(Struct, frozen=True):
    """What somebody did as one act, or the part of it that fits or may be seen.

    `author` is the name to show and `received` the server's own time; a client's values for them are not believed.
    """

    id: Uuid
    name: Text
    kind: Word
    device: Uuid
    made_at: Word
    changes: list[WireChange]
    undoes: Uuid | None = None
    author: Text = ""
    received: Word = ""


class Push(Struct, frozen=True):
    """Acts in the order in which they were made. Pushing the same once more does nothing and is answered the same.

    `seen` is of deletions of what other things hang under, by the name of the change: up to which sequence the author
    knew what others had put there. `cursor` is that of the last complete pull: sequences are those of one life of a
    register, so a push with bases of an earlier one is refused as a pull is.
    """

    schema: Natural
    acts: list[WireAct]
    seen: dict[Word, Natural] = {}
    cursor: Word = ""


class Answer(Struct, array_like=True, frozen=True):
    """What became of a change that was not simply applied.

    `result`: `same` (the value was that already), `merged` (applied together with another's edit: `value` is what came
    of it), `conflict`, `denied` or `invalid`. `seq` and `value` are the head it met, as far as the author may see it;
    `author` and `made_at` tell whose that is, or whose the deletion of the entity is. `code`, `nl`, `en` say why it was
    denied or is invalid.
    """

    n: Natural
    result: Word
    seq: Natural = 0
    value: Any = None
    author: Text = ""
    made_at: Word = ""
    code: Word = ""
    nl: Text = ""
    en: Text = ""


class ActAnswer(Struct, array_like=True, frozen=True):
    """Per act: the sequences of its changes in the order sent (0: not applied), and what was not simply applied."""

    act: Uuid
    seqs: list[Natural]
    others: list[Answer]


class PushReply(Struct, frozen=True):
    """`first` and `last` are the sequences that this push took (0 and 0: none); `seq` is the register's now."""

    acts: list[ActAnswer]
    first: Natural
    last: Natural
    seq: Natural


class PullRequest(Struct, frozen=True):
    """`cursor` as the last complete pull gave it, empty for the first; `page` from the answer before, empty to begin.

    `have`: the sequences ([first, last]) this device got from its own pushes since, which need not be sent again.
    """

    schema: Natural
    cursor: Word = ""
    page: Word = ""
    have: list[tuple[Natural, Natural]] = []
    limit: Annotated[int, Meta(ge=1, le=20_000)] = 5_000


class Person(Struct, frozen=True):
    """Who the server takes this device's user for; see `model.rights.Viewer`."""

    person: str
    name: str
    email: str
    role: str
    state: str
    groups: list[str]


class PullReply(Struct, frozen=True):
    """A page. All pages of a pull are one consistent cut: apply them together, when `more` is false.

    `purge`: scopes that this device must forget, log, search index and documents included. `whole`: scopes that come
    from their first change on, because they became visible (what the device still has of them is replaced).
    With `snapshot` true nothing else is filled: there is so much that it is better fetched as a snapshot.
    `digest` is the server's for what this device holds after the cut. `lease_until`: until when the laptop may show
    what it has without another pull. `epoch` grows when rights change.
    """

    seq: Natural
    cursor: Word
    more: bool
    page: Word = ""
    snapshot: bool = False
    acts: list[WireAct] = []
    purge: list[str] = []
    whole: list[str] = []
    digest: Word = ""
    lease_until: Word = ""
    server_time: Word = ""
    epoch: Natural = 0
    viewer: Person | None = None


class SnapshotReply(Struct, frozen=True):
    """A file to fetch in pieces (HTTP Range): gzipped lines, each a WireAct; then `cursor` is where pulling goes on."""

    id: Uuid
    size: Natural
    sha256: Word
    seq: Natural
    cursor: Word
    acts: Natural
    changes: Natural
    digest: Word
    lease_until: Word
    viewer: Person | None = None
    server_time: Word = ""


class DigestRequest(Struct, frozen=True):
    """The digests of all scopes a device holds, when the whole did not agree."""

    cursor: Word
    scopes: dict[str, Word]


class DigestReply(Struct, frozen=True):
    """`refetch`: what differs or is missing, to be fetched whole by a `ScopeRequest`; `purge`: what the device must
    not have.
    """

    refetch: list[str]
    purge: list[str]


class ScopeRequest(Struct, frozen=True):
    """The whole log of some scopes up to the sequence of a cursor."""

    cursor: Word
    scopes: Annotated[list[str], Meta(max_length=200)]


class ScopeReply(Struct, frozen=True):
    acts: list[WireAct]
