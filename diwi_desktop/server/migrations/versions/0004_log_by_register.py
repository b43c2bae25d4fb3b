"""The log in a part for each register, and edits of entities that touch no index.

COPY cannot write to a table with row-level security, and a push without COPY costs twice as much. So each register has
a part of `change_log` of its own, without row-level security but with as narrow a fence: the runtime role may add to it
and do nothing else, and only in a transaction of that register; it reads through `change_log`. The part is made with
the register, by a trigger that has the rights of the owner of the tables, whoever adds the register.

`entity.sha256` is what documents are found by. An index on an expression over `values` would be written anew with
every edit of any entity, and so would all the others of its row.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_PARTED = """
ALTER TABLE diwi.change_log RENAME TO change_log_whole;
ALTER TABLE diwi.change_log_whole RENAME CONSTRAINT change_log_pkey TO change_log_whole_pkey;
ALTER TABLE diwi.change_log_whole RENAME CONSTRAINT change_log_register_act_n_key TO change_log_whole_act_n_key;
ALTER INDEX diwi.change_log_scope RENAME TO change_log_whole_scope;
CREATE TABLE diwi.change_log (LIKE diwi.change_log_whole) PARTITION BY LIST (register);
ALTER TABLE diwi.change_log ADD PRIMARY KEY (register, seq), ADD UNIQUE (register, act, n);
CREATE INDEX change_log_scope ON diwi.change_log (register, scope, seq);
ALTER TABLE diwi.change_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_register ON diwi.change_log TO diwi_app
    USING (register = (SELECT nullif(current_setting('diwi.register', true), '')::uuid))
    WITH CHECK (register = (SELECT nullif(current_setting('diwi.register', true), '')::uuid));
GRANT SELECT, INSERT ON diwi.change_log TO diwi_app;
"""

_FENCE = """
CREATE FUNCTION diwi.only_own_register() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF row_security_active('diwi.change_log')
            AND current_setting('diwi.register', true) IS DISTINCT FROM TG_ARGV[0] THEN
        RAISE insufficient_privilege USING MESSAGE = 'this part of the log is of another register';
    END IF;
    RETURN NULL;
END $$;
"""

# The part is made apart and then attached: that does not wait for whoever is writing to other parts.
_PART = """
CREATE FUNCTION diwi.part_of_log(register uuid) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT 'change_log_' || replace(register::text, '-', '') $$;

CREATE FUNCTION diwi.make_part_of_log(register uuid) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    part text := diwi.part_of_log(register);
BEGIN
    EXECUTE format('CREATE TABLE diwi.%I (LIKE diwi.change_log INCLUDING ALL)', part);
    EXECUTE format('ALTER TABLE diwi.%I ALTER register SET DEFAULT %L', part, register);
    EXECUTE format('ALTER TABLE diwi.change_log ATTACH PARTITION diwi.%I FOR VALUES IN (%L)', part, register);
    EXECUTE format('CREATE TRIGGER own_register BEFORE INSERT ON diwi.%I'
        ' EXECUTE FUNCTION diwi.only_own_register(%L)', part, register);
    EXECUTE format('GRANT INSERT ON diwi.%I TO diwi_app', part);
END $$;
REVOKE ALL ON FUNCTION diwi.make_part_of_log FROM PUBLIC;

CREATE FUNCTION diwi.new_register() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM diwi.make_part_of_log(NEW.id);
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION diwi.new_register FROM PUBLIC;
"""

_MOVE = """
SELECT diwi.make_part_of_log(id) FROM diwi.register;
INSERT INTO diwi.change_log SELECT * FROM diwi.change_log_whole;
DROP TABLE diwi.change_log_whole;
CREATE TRIGGER part_of_log AFTER INSERT ON diwi.register FOR EACH ROW EXECUTE FUNCTION diwi.new_register();
"""

_DOCUMENTS = """
DROP INDEX diwi.entity_documents;
ALTER TABLE diwi.entity
    ADD COLUMN sha256 text GENERATED ALWAYS AS (CASE WHEN kind = 'document' THEN values->>'sha256' END) STORED;
CREATE INDEX entity_documents ON diwi.entity (register, sha256) WHERE sha256 IS NOT NULL;
"""


def upgrade() -> None:
    for statements in (_PARTED, _FENCE, _PART, _MOVE, _DOCUMENTS):
        op.execute(statements)
