"""Which documents have their file by right: somebody who had it sent all of it for that document.

Files are kept by their hash, and hashes travel with the log. Without this, a document with another's hash would give
the file to who only knows the hash.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE diwi.possession (
    register uuid NOT NULL REFERENCES diwi.register,
    document uuid NOT NULL,
    sha256 text NOT NULL,
    person uuid NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (register, document)
);
ALTER TABLE diwi.possession ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_register ON diwi.possession TO diwi_app
    USING (register = (SELECT nullif(current_setting('diwi.register', true), '')::uuid))
    WITH CHECK (register = (SELECT nullif(current_setting('diwi.register', true), '')::uuid));
GRANT SELECT, INSERT ON diwi.possession TO diwi_app;
INSERT INTO diwi.possession (register, document, sha256, person)
    SELECT e.register, e.id, b.sha256, b.person FROM diwi.blob b
    JOIN diwi.entity e ON e.register = b.register AND e.sha256 = b.sha256 WHERE b.complete;
"""


def upgrade() -> None:
    op.execute(_TABLE)


def downgrade() -> None:
    raise NotImplementedError("only forward: restore a back-up instead")
