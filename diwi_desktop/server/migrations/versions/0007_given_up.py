"""What was given up counts in no total: the views say of each plan whether it was, and leave it out of homes per year.

As `model.derive.project_status` has it: a milestone VERVALLEN that is realised, on or before today in the Netherlands.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Rank by level, as in step 0003.
LEVELS = {
    "internal_civil": 2,
    "internal_management": 3,
    "internal_council": 4,
    "external_regional": 5,
    "external_governmental": 6,
    "public": 7,
}
_SMALL = 3

_LAPSED = """
-- Plans that have lapsed by today: nobody but the owner reads this one.
CREATE VIEW diwi.lapsed_now AS
SELECT DISTINCT m.register, m.project FROM diwi.entity m
WHERE m.kind = 'milestone' AND NOT m.deleted AND m.values->>'type' = 'VERVALLEN'
  AND m.values->>'state' = 'GEREALISEERD'
  AND diwi.as_date(m.values->>'date') <= (now() AT TIME ZONE 'Europe/Amsterdam')::date;
"""

_COLUMNS = (
    "p.id, p.code, p.name, p.confidentiality, p.start_date, p.end_date, p.project_leader, p.plan_id, p.municipality,"
    " p.districts, p.plan_types, p.homes_built, p.homes_demolished"
)
_MINE = "p.register = (SELECT register FROM diwi.reader WHERE login = session_user)"
_GIVEN_UP = "EXISTS (SELECT FROM diwi.lapsed_now l WHERE l.register = p.register AND l.project = p.id)"


def _views(level: str, rank: int) -> str:
    return f"""
CREATE OR REPLACE VIEW diwi.projects_{level} WITH (security_barrier) AS
SELECT {_COLUMNS}, {_GIVEN_UP} AS given_up FROM diwi.plan_now p WHERE {_MINE} AND p.rank >= {rank};

CREATE OR REPLACE VIEW diwi.plan_areas_{level} WITH (security_barrier) AS
SELECT a.id AS plan_area_id, {_COLUMNS}, a.geom, {_GIVEN_UP} AS given_up
FROM diwi.plan_area_shape a JOIN diwi.plan_now p ON p.register = a.register AND p.id = a.project
WHERE {_MINE} AND p.rank >= {rank};

-- Of a year with fewer than {_SMALL} plans only the number of plans is told.
CREATE OR REPLACE VIEW diwi.totals_{level} WITH (security_barrier) AS
SELECT d.year, count(DISTINCT p.id) AS plans,
       CASE WHEN count(DISTINCT p.id) >= {_SMALL} THEN sum(d.homes) END AS homes
FROM diwi.plan_now p JOIN diwi.delivery_now d ON d.register = p.register AND d.project = p.id
WHERE {_MINE} AND p.rank >= {rank} AND NOT {_GIVEN_UP} GROUP BY d.year;
"""


def upgrade() -> None:
    op.execute(_LAPSED)
    for level, rank in LEVELS.items():
        op.execute(_views(level, rank))


def downgrade() -> None:
    raise NotImplementedError("only forward: restore a back-up instead")
