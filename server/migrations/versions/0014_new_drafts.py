"""Drafts of mails that answer none, by who writes them."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_DRAFTS = """
CREATE TABLE new_mail_draft (
    tenant_id text NOT NULL,
    person_id text NOT NULL,
    draft_id text NOT NULL,
    version integer NOT NULL,
    body jsonb NOT NULL,
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, person_id, draft_id)
);
COMMENT ON TABLE new_mail_draft IS
  'The mails without one before that a person is writing. The id is chosen by the window and becomes the key of the mail.';
"""


def upgrade() -> None:
    op.execute(_DRAFTS)
    op.execute("SELECT protect_tenant_table('new_mail_draft', 'SELECT, INSERT, UPDATE, DELETE')")
