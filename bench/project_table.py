"""The project table of 5,000 projects x 10 blocks against a plain fetch of the rows it is made of."""

from __future__ import annotations

from bench.register import open_register, register
from bench.result import Result, paired
from diwi_desktop.store import queries

# The very columns that the table reads, fetched without doing anything with them.
_PLAIN = (
    """SELECT id, code, name, confidentiality, start_date, end_date, plan_types, priority, municipality_roles,
    municipality, districts, neighbourhoods, project_leader, parent, color, source_id, plan_id, own
    FROM project WHERE deleted_at IS NULL""",
    "SELECT project_id, mutation, number FROM houseblock WHERE deleted_at IS NULL",
    "SELECT houseblock_id, date, state FROM delivery WHERE deleted_at IS NULL",
    "SELECT project_id, type, date, state FROM milestone WHERE deleted_at IS NULL",
    "SELECT project_id, geometry FROM plan_area WHERE deleted_at IS NULL",
)


def measure() -> list[Result]:
    with open_register(register()) as store:

        def plain() -> None:
            for query in _PLAIN:
                store.read().execute(query).fetchall()

        value, base = paired(lambda: queries.project_rows(store), plain, 7)
    return [Result("project table, 5,000 projects x 10 blocks", value, base, 3)]
