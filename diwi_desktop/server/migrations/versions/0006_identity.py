"""A person of a register belongs to one account per way of signing in; what an invitation is for.

With single sign-on an account reaches its person whatever the e-mail address becomes. Access that had died, because
the address became another, must not come back to life by that, so it goes first.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_STEPS = """
DELETE FROM diwi.account_access x WHERE NOT EXISTS (
    SELECT FROM diwi.account a JOIN diwi.membership m ON m.email = a.email
    WHERE a.id = x.account AND m.register = x.register AND m.person = x.person);
CREATE UNIQUE INDEX account_access_person ON diwi.account_access (register, person, method);

-- `sure`: the link went to the person himself, by post of the server or from who runs it.
ALTER TABLE diwi.invitation
    ADD COLUMN purpose text NOT NULL DEFAULT 'invitation'
        CHECK (purpose IN ('invitation', 'password', 'second-factor')),
    ADD COLUMN sure boolean NOT NULL DEFAULT false;
"""


def upgrade() -> None:
    op.execute(_STEPS)


def downgrade() -> None:
    raise NotImplementedError("only forward: restore a back-up instead")
