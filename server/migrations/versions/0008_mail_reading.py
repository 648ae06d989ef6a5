"""Attachments that are to be read: texts in PDFs and pictures (option D10)."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_READING = """
CREATE TABLE mail_reading (
    tenant_id text NOT NULL,
    mail_id bigint NOT NULL,
    position integer NOT NULL,
    hash text NOT NULL,
    media_type text NOT NULL,
    languages text[] NOT NULL,
    asked_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'read', 'nothing', 'unreadable', 'too_long', 'absent')),
    ended_at timestamptz,
    searched boolean NOT NULL DEFAULT false,
    PRIMARY KEY (tenant_id, mail_id, position),
    FOREIGN KEY (tenant_id, mail_id) REFERENCES mail (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE mail_reading IS
  'One row for each attachment in which a text may be found. A mail goes to the core when all are read, or after a few seconds.';
COMMENT ON COLUMN mail_reading.searched IS 'Its text is in the search too, however late it was found.';
CREATE INDEX mail_reading_waiting ON mail_reading (tenant_id, asked_at) WHERE state = 'waiting';
CREATE INDEX mail_reading_hash ON mail_reading (tenant_id, hash);
CREATE INDEX mail_reading_to_search ON mail_reading (tenant_id, mail_id) WHERE state = 'read' AND NOT searched;
"""


def upgrade() -> None:
    op.execute(_READING)
    op.execute("SELECT protect_tenant_table('mail_reading', 'SELECT, INSERT, UPDATE, DELETE')")
