"""Web chat: visitors' sessions, by the hash of their token, and the files of chats."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE chat_session (
    tenant_id text NOT NULL,
    token_hash bytea NOT NULL,
    reference text NOT NULL,
    button_id text NOT NULL,
    contact_id bigint NOT NULL,
    language text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    surveyed_at timestamptz,
    PRIMARY KEY (tenant_id, token_hash)
);
COMMENT ON COLUMN chat_session.token_hash IS 'SHA-256 of the token that the visitor has; the token itself is not kept.';
CREATE INDEX chat_session_reference ON chat_session (tenant_id, reference);
CREATE INDEX chat_session_expires ON chat_session (tenant_id, expires_at);
CREATE TABLE chat_file (
    tenant_id text NOT NULL,
    id text NOT NULL,
    contact_id bigint NOT NULL,
    hash text NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    by_agent text NOT NULL DEFAULT '',
    added_at timestamptz NOT NULL,
    expires_at timestamptz,
    downloads_left integer,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX chat_file_contact ON chat_file (tenant_id, contact_id);
"""


def upgrade() -> None:
    op.execute(_TABLES)
    for table in ("chat_session", "chat_file"):
        op.execute(f"SELECT protect_tenant_table('{table}', 'SELECT, INSERT, UPDATE, DELETE')")
