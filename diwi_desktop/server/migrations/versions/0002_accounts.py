"""Accounts, sessions, devices, invitations, and the audit log.

Accounts stand above registers, so they have a role of their own, `diwi_accounts`, which reaches no plan. Who is in a
register it knows from `membership`, which a trigger keeps equal to the `person` entities.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ROLES = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'diwi_accounts') THEN
        CREATE ROLE diwi_accounts NOLOGIN;
    END IF;
    EXECUTE format('GRANT diwi_accounts TO %I', current_user);
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
"""

_TABLES = """
CREATE TABLE diwi.membership (
    register uuid NOT NULL REFERENCES diwi.register,
    person uuid NOT NULL,
    email text COLLATE "C" NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    state text NOT NULL,
    PRIMARY KEY (register, person)
);
CREATE INDEX membership_email ON diwi.membership (email);

-- `totp` is sealed (AES-GCM, keys outside the database); `totp_step` is the last half minute whose code was used.
CREATE TABLE diwi.account (
    id uuid PRIMARY KEY,
    email text COLLATE "C" NOT NULL UNIQUE,
    password text,
    totp text,
    totp_step bigint NOT NULL DEFAULT 0,
    totp_next text,
    active boolean NOT NULL DEFAULT false,
    made_at timestamptz NOT NULL,
    password_at timestamptz
);

-- Which registers an account opens, and by which way of signing in: a password chosen on the invitation of one
-- municipality opens no other.
CREATE TABLE diwi.account_access (
    account uuid NOT NULL REFERENCES diwi.account ON DELETE CASCADE,
    register uuid NOT NULL REFERENCES diwi.register,
    person uuid NOT NULL,
    method text NOT NULL CHECK (method IN ('password', 'oidc')),
    granted_at timestamptz NOT NULL,
    PRIMARY KEY (account, register, method)
);

-- Who somebody is at the provider of single sign-on; from then on its subject counts and not the e-mail address.
CREATE TABLE diwi.account_identity (
    issuer text NOT NULL,
    subject text NOT NULL,
    account uuid NOT NULL REFERENCES diwi.account ON DELETE CASCADE,
    bound_at timestamptz NOT NULL,
    PRIMARY KEY (issuer, subject),
    UNIQUE (account, issuer)
);

CREATE TABLE diwi.recovery_code (
    account uuid NOT NULL REFERENCES diwi.account ON DELETE CASCADE,
    hash bytea NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (account, hash)
);

CREATE TABLE diwi.invitation (
    hash bytea PRIMARY KEY,
    register uuid NOT NULL REFERENCES diwi.register,
    person uuid NOT NULL,
    email text NOT NULL,
    made_at timestamptz NOT NULL,
    made_by uuid,
    expires_at timestamptz NOT NULL,
    totp text,
    used_at timestamptz
);
CREATE INDEX invitation_person ON diwi.invitation (register, person);

-- Wrong tries in a row, of an account or from a place on the network; `key` is a hash.
CREATE TABLE diwi.throttle (
    key bytea PRIMARY KEY,
    failures int NOT NULL,
    last_at timestamptz NOT NULL,
    until timestamptz NOT NULL
);

CREATE TABLE diwi.device_tag (
    register uuid NOT NULL REFERENCES diwi.register,
    tag text NOT NULL CHECK (tag ~ '^[B-DF-HJ-NP-TV-XZ]{3}$'),
    device uuid NOT NULL,
    known_at timestamptz NOT NULL,
    PRIMARY KEY (register, tag)
);

CREATE TABLE diwi.session (
    id uuid PRIMARY KEY,
    account uuid NOT NULL REFERENCES diwi.account ON DELETE CASCADE,
    method text NOT NULL,
    device uuid NOT NULL,
    device_name text NOT NULL,
    tag text NOT NULL,
    made_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    origin text NOT NULL,
    generation int NOT NULL DEFAULT 1,
    ended_at timestamptz,
    ended_why text
);
CREATE INDEX session_account ON diwi.session (account) WHERE ended_at IS NULL;

CREATE TABLE diwi.access_token (
    hash bytea PRIMARY KEY,
    session uuid NOT NULL REFERENCES diwi.session ON DELETE CASCADE,
    refresh bytea NOT NULL,
    until timestamptz NOT NULL
);
CREATE INDEX access_token_session ON diwi.access_token (session);
CREATE INDEX access_token_until ON diwi.access_token (until);

-- `used_at`: when it, or the access token that came with it, was first used; that ends all others of its session.
CREATE TABLE diwi.refresh_token (
    hash bytea PRIMARY KEY,
    session uuid NOT NULL REFERENCES diwi.session ON DELETE CASCADE,
    generation int NOT NULL,
    until timestamptz NOT NULL,
    used_at timestamptz,
    dead_at timestamptz
);
CREATE INDEX refresh_token_session ON diwi.refresh_token (session);

-- Identity tokens that were used, until they expire by themselves.
CREATE TABLE diwi.used_token (
    hash bytea PRIMARY KEY,
    until timestamptz NOT NULL
);

-- BIO2 8.15: action, object, result, origin, actor and time. Nothing that helps to break in, no content of plans.
CREATE TABLE diwi.audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    register uuid,
    account uuid,
    person uuid,
    device uuid,
    actor text NOT NULL,
    origin text NOT NULL,
    action text NOT NULL,
    object text NOT NULL,
    result text NOT NULL,
    count bigint
);
CREATE INDEX audit_register ON diwi.audit (register, id);
CREATE INDEX audit_at ON diwi.audit (at);
"""

_TRIGGER = """
CREATE FUNCTION diwi.keep_membership() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.deleted THEN
        DELETE FROM diwi.membership WHERE register = NEW.register AND person = NEW.id;
    ELSE
        INSERT INTO diwi.membership (register, person, email, name, role, state)
        VALUES (NEW.register, NEW.id, lower(coalesce(NEW.values->>'email', '')), coalesce(NEW.values->>'name', ''),
                coalesce(NEW.values->>'role', 'User'), coalesce(NEW.values->>'state', 'UITGENODIGD'))
        ON CONFLICT (register, person) DO UPDATE
        SET email = excluded.email, name = excluded.name, role = excluded.role, state = excluded.state;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_membership AFTER INSERT OR UPDATE ON diwi.entity
    FOR EACH ROW WHEN (NEW.kind = 'person') EXECUTE FUNCTION diwi.keep_membership();
INSERT INTO diwi.membership (register, person, email, name, role, state)
SELECT register, id, lower(coalesce(values->>'email', '')), coalesce(values->>'name', ''),
       coalesce(values->>'role', 'User'), coalesce(values->>'state', 'UITGENODIGD')
FROM diwi.entity WHERE kind = 'person' AND NOT deleted;
"""

_OF_ACCOUNTS = (
    "account", "account_access", "account_identity", "recovery_code", "invitation", "throttle", "device_tag", "session",
    "access_token", "refresh_token", "used_token",
)  # fmt: skip
_OF_REGISTER = "register = (SELECT nullif(current_setting('diwi.register', true), '')::uuid)"


def upgrade() -> None:
    op.execute(_ROLES)
    op.execute(_TABLES)
    op.execute(_TRIGGER)
    op.execute("GRANT USAGE ON SCHEMA diwi TO diwi_accounts")
    for table in _OF_ACCOUNTS:
        op.execute(f"ALTER TABLE diwi.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY of_accounts ON diwi.{table} TO diwi_accounts USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON diwi.{table} TO diwi_accounts")
    op.execute("ALTER TABLE diwi.membership ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY of_register ON diwi.membership TO diwi_app USING ({_OF_REGISTER})")
    op.execute("CREATE POLICY of_accounts ON diwi.membership FOR SELECT TO diwi_accounts USING (true)")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON diwi.membership TO diwi_app")
    op.execute("GRANT SELECT ON diwi.membership TO diwi_accounts")
    op.execute("CREATE POLICY of_accounts ON diwi.register FOR SELECT TO diwi_accounts USING (true)")
    op.execute("GRANT SELECT (id, code, name) ON diwi.register TO diwi_accounts")
    # Written by both, changed by nobody, read within its register; old entries go by the owner of the tables.
    op.execute("ALTER TABLE diwi.audit ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY read_register ON diwi.audit FOR SELECT TO diwi_app USING ({_OF_REGISTER})")
    op.execute(f"CREATE POLICY write_register ON diwi.audit FOR INSERT TO diwi_app WITH CHECK ({_OF_REGISTER})")
    op.execute("CREATE POLICY write_accounts ON diwi.audit FOR INSERT TO diwi_accounts WITH CHECK (true)")
    op.execute("GRANT SELECT, INSERT ON diwi.audit TO diwi_app")
    op.execute("GRANT INSERT ON diwi.audit TO diwi_accounts")
