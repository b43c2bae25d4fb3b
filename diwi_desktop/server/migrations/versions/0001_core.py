"""Registers, their log and what follows from it.

The register comes first in every key, so that a table can be partitioned or distributed by it. Row-level security on
every table is the second fence: a transaction reaches the register that it names and no other.
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ROLES = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'diwi_app') THEN
        CREATE ROLE diwi_app NOLOGIN;
    END IF;
    EXECUTE format('GRANT diwi_app TO %I', current_user);
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
"""

_TABLES = """
CREATE TABLE diwi.register (
    id uuid PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    seq bigint NOT NULL DEFAULT 0,
    epoch bigint NOT NULL DEFAULT 0,
    fields_seq bigint NOT NULL DEFAULT 0,
    incarnation uuid NOT NULL DEFAULT gen_random_uuid(),
    -- Sequences above this are of an earlier life of the register, before a restore.
    restored_seq bigint,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE diwi.act (
    register uuid NOT NULL,
    first_seq bigint NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    undoes uuid,
    author text NOT NULL,
    person uuid NOT NULL,
    device uuid NOT NULL,
    made_at text NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (register, first_seq)
);
CREATE INDEX act_id ON diwi.act (register, id);
CREATE INDEX act_device ON diwi.act (register, device, first_seq);

-- The tables of many rows have no foreign key to the register: it would cost as much as writing the row.
-- `part` is the first sequence of the part of its act that came in one push.
CREATE TABLE diwi.change_log (
    register uuid NOT NULL,
    seq bigint NOT NULL,
    part bigint NOT NULL,
    act uuid NOT NULL,
    n int NOT NULL,
    kind text NOT NULL,
    entity uuid NOT NULL,
    project uuid,
    scope text COLLATE "C" NOT NULL,
    field text NOT NULL,
    old jsonb,
    new jsonb,
    base bigint NOT NULL,
    after text,
    PRIMARY KEY (register, seq),
    UNIQUE (register, act, n)
);
CREATE INDEX change_log_scope ON diwi.change_log (register, scope, seq);

-- What became of changes that were not simply applied, as text: what was sent need not fit any type.
CREATE TABLE diwi.verdict (
    register uuid NOT NULL,
    act uuid NOT NULL,
    n bigint NOT NULL,
    person uuid NOT NULL,
    result text NOT NULL,
    scope text,
    seq bigint NOT NULL,
    answer text NOT NULL,
    change text NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (register, act, n)
);

CREATE TABLE diwi.entity (
    register uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    project uuid,
    scope text COLLATE "C" NOT NULL,
    values jsonb NOT NULL,
    seqs jsonb NOT NULL,
    created bigint NOT NULL,
    last bigint NOT NULL,
    deleted boolean NOT NULL,
    PRIMARY KEY (register, id)
) WITH (fillfactor = 50);
CREATE INDEX entity_project ON diwi.entity (register, project, kind) WHERE project IS NOT NULL;
CREATE INDEX entity_outside ON diwi.entity (register, kind) WHERE project IS NULL;
CREATE INDEX entity_projects ON diwi.entity (register) WHERE kind = 'project';
CREATE INDEX entity_documents ON diwi.entity (register, (values->>'sha256')) WHERE kind = 'document';

CREATE TABLE diwi.plan_area_shape (
    register uuid NOT NULL,
    id uuid NOT NULL,
    project uuid NOT NULL,
    geom geometry(MultiPolygon, 28992) NOT NULL,
    PRIMARY KEY (register, id)
);
CREATE INDEX plan_area_shape_geom ON diwi.plan_area_shape USING gist (geom);
CREATE INDEX plan_area_shape_project ON diwi.plan_area_shape (register, project);

-- One row for whatever travels as one. `level` is a rank, 1 (private) to 7 (public); `hold` a stricter one that holds
-- while a conflict on the level is not settled; `mark` is the digest as it goes into the digest of the whole.
CREATE TABLE diwi.scope (
    register uuid NOT NULL,
    scope text COLLATE "C" NOT NULL,
    kind text NOT NULL CHECK (kind IN ('fixed', 'person', 'project', 'document')),
    project uuid,
    level smallint,
    owners uuid[] NOT NULL DEFAULT '{}',
    hold smallint,
    digest bigint NOT NULL DEFAULT 0,
    mark bigint NOT NULL DEFAULT 0,
    deleted boolean NOT NULL DEFAULT false,
    PRIMARY KEY (register, scope)
) WITH (fillfactor = 70);

-- What a device was last given: the last two, because an answer may get lost.
CREATE TABLE diwi.device_view (
    register uuid NOT NULL REFERENCES diwi.register,
    device uuid NOT NULL,
    view bigint NOT NULL,
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    old_seq bigint NOT NULL,
    whole text[] NOT NULL,
    digest text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (register, device, view)
);
CREATE INDEX device_view_hash ON diwi.device_view (register, hash);
CREATE TABLE diwi.view_set (
    register uuid NOT NULL REFERENCES diwi.register,
    hash bytea NOT NULL,
    scopes text[] NOT NULL,
    PRIMARY KEY (register, hash)
);

CREATE TABLE diwi.snapshot (
    register uuid NOT NULL REFERENCES diwi.register,
    id uuid NOT NULL,
    hash bytea NOT NULL,
    seq bigint NOT NULL,
    incarnation uuid NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    acts bigint NOT NULL,
    changes bigint NOT NULL,
    digest text NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (register, id)
);

CREATE TABLE diwi.blob (
    register uuid NOT NULL REFERENCES diwi.register,
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    size bigint NOT NULL,
    complete boolean NOT NULL DEFAULT false,
    person uuid NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (register, sha256)
);

CREATE TABLE diwi.presence (
    register uuid NOT NULL REFERENCES diwi.register,
    device uuid NOT NULL,
    project uuid NOT NULL,
    person uuid NOT NULL,
    name text NOT NULL,
    editing boolean NOT NULL,
    since timestamptz NOT NULL,
    seen timestamptz NOT NULL,
    PRIMARY KEY (register, device)
);
"""

_TABLES_OF_REGISTER = (
    "act", "change_log", "verdict", "entity", "plan_area_shape", "scope", "device_view", "view_set", "snapshot",
    "blob", "presence",
)  # fmt: skip
_APPEND_ONLY = ("act", "change_log")


def _fence(table: str, column: str) -> str:
    """Row-level security: the setting is read once per statement, not once per row."""
    condition = f"{column} = (SELECT nullif(current_setting('diwi.register', true), '')::uuid)"
    return (
        f"ALTER TABLE diwi.{table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY of_register ON diwi.{table} TO diwi_app USING ({condition}) WITH CHECK ({condition});"
    )


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public")
    op.execute(_ROLES)
    op.execute(_TABLES)
    op.execute("GRANT USAGE ON SCHEMA diwi TO diwi_app")
    op.execute(_fence("register", "id"))
    op.execute("GRANT SELECT, UPDATE (seq, epoch, fields_seq) ON diwi.register TO diwi_app")
    for table in _TABLES_OF_REGISTER:
        rights = "SELECT, INSERT" if table in _APPEND_ONLY else "SELECT, INSERT, UPDATE, DELETE"
        op.execute(_fence(table, "register"))
        op.execute(f"GRANT {rights} ON diwi.{table} TO diwi_app")
