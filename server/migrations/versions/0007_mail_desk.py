"""Mail at the desk: drafts, secrets of inboxes, keys by which an outgoing mail is made once, mails by sender."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_INDEXES = """
CREATE UNIQUE INDEX mail_key ON mail (tenant_id, (headers ->> 'key')) WHERE headers ? 'key';
COMMENT ON INDEX mail_key IS 'A request that is repeated, and a command that is performed again, find the mail that they have made.';
CREATE INDEX mail_sender ON mail (tenant_id, sender, id) WHERE direction = 'in';
"""

_DRAFTS = """
CREATE TABLE mail_draft (
    tenant_id text NOT NULL,
    contact_id bigint NOT NULL,
    version integer NOT NULL,
    body jsonb NOT NULL,
    person_id text NOT NULL,
    person_name text NOT NULL,
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, contact_id)
);
COMMENT ON TABLE mail_draft IS 'The answer that is being written to a contact: one, whoever writes it.';
"""

_SECRETS = """
CREATE TABLE secret (
    tenant_id text NOT NULL,
    name text NOT NULL,
    sealed bytea NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, name)
);
COMMENT ON TABLE secret IS 'Passwords and tokens that the configuration names; sealed with the session secret.';
"""


def upgrade() -> None:
    for step in (_INDEXES, _DRAFTS, _SECRETS):
        op.execute(step)
    for table in ("mail_draft", "secret"):
        op.execute(f"SELECT protect_tenant_table('{table}', 'SELECT, INSERT, UPDATE, DELETE')")
