"""Copies of sent mails that are still to be put into their mailbox's folder of sent mail."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_COPIES = """
CREATE TABLE sent_copy (
    tenant_id text NOT NULL,
    mail_id bigint NOT NULL,
    inbox_id text NOT NULL,
    next_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    last_error text NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, mail_id)
);
CREATE INDEX sent_copy_due ON sent_copy (tenant_id, next_at);
COMMENT ON TABLE sent_copy IS 'Written in the transaction that records a sending; gone when the copy is in the folder.';
"""


def upgrade() -> None:
    op.execute(_COPIES)
    op.execute("SELECT protect_tenant_table('sent_copy', 'SELECT, INSERT, UPDATE, DELETE')")
