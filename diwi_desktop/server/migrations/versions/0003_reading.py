"""Views for QGIS and BI, one set per level of confidentiality, and the roles that may read them.

A view of a level shows the plans of that level and of all more open ones; there is none for private plans. Which
register a login reads stands in `reader`, so one login never sees two municipalities. `diwi.let_read` gives a login
its level and its register.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Rank by level, as model.codes.Confidentiality has them; frozen here, because a step never changes.
LEVELS = {
    "internal_civil": 2,
    "internal_management": 3,
    "internal_council": 4,
    "external_regional": 5,
    "external_governmental": 6,
    "public": 7,
}
_SMALL = 3

_BASE = """
CREATE TABLE diwi.reader (
    login name PRIMARY KEY,
    register uuid NOT NULL REFERENCES diwi.register
);

CREATE FUNCTION diwi.let_read(login name, register_code text, level text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO diwi.reader SELECT login, r.id FROM diwi.register r WHERE r.code = register_code
    ON CONFLICT ON CONSTRAINT reader_pkey DO UPDATE SET register = excluded.register;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no register %', register_code;
    END IF;
    EXECUTE format('GRANT %I TO %I', 'diwi_read_' || level, login);
END $$;
REVOKE ALL ON FUNCTION diwi.let_read FROM PUBLIC;

-- What a jsonb text says, as a date or a number; nothing when it does not say one.
CREATE FUNCTION diwi.as_date(text) RETURNS date LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN $1 ~ '^\\d{4}-\\d{2}-\\d{2}$' THEN $1::date END $$;
CREATE FUNCTION diwi.as_int(text) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN $1 ~ '^-?\\d{1,15}$' THEN $1::bigint END $$;

-- All live plans with their numbers of homes, whoever may see them: nobody but the owner reads this one.
CREATE VIEW diwi.plan_now AS
SELECT e.register, e.id, s.rank,
       e.values->>'code' AS code, e.values->>'name' AS name, e.values->>'confidentiality' AS confidentiality,
       diwi.as_date(e.values->>'start_date') AS start_date, diwi.as_date(e.values->>'end_date') AS end_date,
       e.values->>'project_leader' AS project_leader, e.values->>'plan_id' AS plan_id,
       (SELECT o.values->>'name' FROM diwi.entity o WHERE o.register = e.register
           AND o.id::text = e.values->>'municipality') AS municipality,
       (SELECT string_agg(o.values->>'name', ', ' ORDER BY o.values->>'name') FROM diwi.entity o
           WHERE o.register = e.register AND o.project IS NULL AND o.kind = 'option'
             AND e.values->'districts' ? o.id::text) AS districts,
       (SELECT string_agg(t, ', ') FROM jsonb_array_elements_text(
           CASE jsonb_typeof(e.values->'plan_types') WHEN 'array' THEN e.values->'plan_types' ELSE '[]' END) t
       ) AS plan_types,
       coalesce(h.built, 0) AS homes_built, coalesce(h.demolished, 0) AS homes_demolished
FROM diwi.entity e
JOIN LATERAL (SELECT least(s.level, s.hold) AS rank FROM diwi.scope s
              WHERE s.register = e.register AND s.scope = e.scope) s ON true
LEFT JOIN LATERAL (
    SELECT sum(diwi.as_int(b.values->>'number')) FILTER (WHERE b.values->>'mutation' = 'CONSTRUCTION') AS built,
           sum(diwi.as_int(b.values->>'number')) FILTER (WHERE b.values->>'mutation' = 'DEMOLITION') AS demolished
    FROM diwi.entity b WHERE b.register = e.register AND b.project = e.id AND b.kind = 'houseblock' AND NOT b.deleted
) h ON true
WHERE e.kind = 'project' AND NOT e.deleted;

-- Per plan and year of delivery: the homes to be built.
CREATE VIEW diwi.delivery_now AS
SELECT d.register, d.project, extract(year FROM diwi.as_date(d.values->>'date'))::int AS year,
       sum(diwi.as_int(d.values->>'number')) AS homes
FROM diwi.entity d
JOIN diwi.entity b ON b.register = d.register AND b.id::text = d.values->>'houseblock_id'
WHERE d.kind = 'delivery' AND NOT d.deleted AND NOT b.deleted AND b.values->>'mutation' = 'CONSTRUCTION'
  AND d.values->>'state' IS DISTINCT FROM 'AFGEBROKEN' AND diwi.as_date(d.values->>'date') IS NOT NULL
GROUP BY d.register, d.project, year;
"""

_COLUMNS = (
    "p.id, p.code, p.name, p.confidentiality, p.start_date, p.end_date, p.project_leader, p.plan_id, p.municipality,"
    " p.districts, p.plan_types, p.homes_built, p.homes_demolished"
)
_MINE = "p.register = (SELECT register FROM diwi.reader WHERE login = session_user)"


def _views(level: str, rank: int) -> str:
    return f"""
CREATE VIEW diwi.projects_{level} WITH (security_barrier) AS
SELECT {_COLUMNS} FROM diwi.plan_now p WHERE {_MINE} AND p.rank >= {rank};

CREATE VIEW diwi.plan_areas_{level} WITH (security_barrier) AS
SELECT a.id AS plan_area_id, {_COLUMNS}, a.geom
FROM diwi.plan_area_shape a JOIN diwi.plan_now p ON p.register = a.register AND p.id = a.project
WHERE {_MINE} AND p.rank >= {rank};

-- Of a year with fewer than {_SMALL} plans only the number of plans is told.
CREATE VIEW diwi.totals_{level} WITH (security_barrier) AS
SELECT d.year, count(DISTINCT p.id) AS plans,
       CASE WHEN count(DISTINCT p.id) >= {_SMALL} THEN sum(d.homes) END AS homes
FROM diwi.plan_now p JOIN diwi.delivery_now d ON d.register = p.register AND d.project = p.id
WHERE {_MINE} AND p.rank >= {rank} GROUP BY d.year;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'diwi_read_{level}') THEN
        CREATE ROLE diwi_read_{level} NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT USAGE ON SCHEMA diwi TO diwi_read_{level};
GRANT SELECT ON diwi.projects_{level}, diwi.plan_areas_{level}, diwi.totals_{level} TO diwi_read_{level};
"""


def upgrade() -> None:
    op.execute(_BASE)
    for level, rank in LEVELS.items():
        op.execute(_views(level, rank))
