"""Reading the municipality's own fields as the catalogue wants them."""

from __future__ import annotations

from diwi_desktop.model.catalogue import OwnField
from diwi_desktop.model.codes import OwnFieldType
from diwi_desktop.store.asof import source
from diwi_desktop.store.driver import Connection


def own_fields_of(connection: Connection, seq: int | None) -> list[OwnField]:
    """All own fields that are not deleted, by name."""
    rows = connection.execute(
        "SELECT id, object, name, type, mandatory, single, help, minimum, maximum, pattern, disabled"
        f" FROM {source('own_field', seq)} WHERE deleted_at IS NULL ORDER BY name COLLATE NOCASE, id",
        {"seq": seq},
    )
    return [
        OwnField(
            id=r[0],
            object=r[1],
            name=r[2],
            type=OwnFieldType(r[3]),
            mandatory=bool(r[4]),
            single=r[5] is None or bool(r[5]),
            help=r[6] or "",
            minimum=r[7],
            maximum=r[8],
            pattern=r[9] or "",
            disabled=bool(r[10]),
        )
        for r in rows
    ]
