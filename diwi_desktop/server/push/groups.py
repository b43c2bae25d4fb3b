"""Groups through which somebody would come to see what is private: who adds people to those must see it himself."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from diwi_desktop.changes.merge import Head
from diwi_desktop.changes.messages import Push, WireChange
from diwi_desktop.model.codes import Confidentiality
from diwi_desktop.model.rights import Viewer
from diwi_desktop.server.push.state import Known, array

_KIND = "group_member"
_CLOSED = """
SELECT DISTINCT o.owner::text FROM scope s CROSS JOIN LATERAL unnest(s.owners) AS o(owner)
WHERE s.register = %(register)s AND s.kind = 'project' AND NOT s.deleted AND s.owners && %(groups)s::uuid[]
  AND NOT s.owners && %(mine)s::uuid[] AND o.owner = ANY(%(groups)s::uuid[])
  AND (least(s.level, s.hold) = %(private)s OR EXISTS (
    SELECT FROM scope d WHERE d.register = s.register AND d.kind = 'document' AND d.project = s.project
    AND NOT d.deleted AND least(d.level, d.hold) = %(private)s))
"""


def closed(connection: Connection[Any], register: str, who: Viewer, push: Push, known: Known) -> frozenset[str]:
    """Of the groups whose members a push changes, those that own something private that the viewer does not own."""
    changes = [change for act in push.acts for change in act.changes if change.kind == _KIND]
    groups = {group_of(change, known.heads.get(change.entity)) for change in changes}
    groups = {group for group in groups if known.kinds.get(group) == "user_group"}
    if who.sole or not groups:
        return frozenset()
    given = {
        "register": register,
        "groups": array(sorted(groups)),
        "mine": array(sorted(who.ids)),
        "private": Confidentiality.PRIVATE.rank,
    }
    return frozenset(group for (group,) in connection.execute(_CLOSED, given))


def group_of(change: WireChange, head: Head | None) -> str:
    """The group that a membership is of, or is made in; empty for what is none."""
    values = head.values if head is not None else change.new
    return str(values.get("user_group_id") or "") if isinstance(values, dict) else ""
