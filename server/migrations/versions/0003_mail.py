"""Mail: raw messages and attachments as blobs, the mails themselves, what was fetched, what is to be sent.

Mails and reports of a tenant take their ids from one counter *within the transaction that writes them*: the order of ids is
the order of commits, without gaps, so that who reads on from the last id that he has seen misses nothing.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BLOBS = """
CREATE TABLE blob (
    tenant_id text NOT NULL,
    hash text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
    size bigint NOT NULL,
    media_type text NOT NULL,
    stored_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, hash)
);
COMMENT ON TABLE blob IS 'What lies below blobs/ in the data folder; the name is the SHA-256 of the content.';
"""

_MAILS = """
CREATE TABLE mail_counter (
    tenant_id text PRIMARY KEY REFERENCES tenant (id),
    last_id bigint NOT NULL
) WITH (fillfactor = 50);
CREATE TABLE mail (
    tenant_id text NOT NULL,
    id bigint NOT NULL,
    direction text NOT NULL CHECK (direction IN ('in', 'out')),
    inbox_id text NOT NULL,
    state text NOT NULL CHECK (state IN ('stored', 'set_aside', 'retry', 'submitted', 'held', 'queued', 'sending', 'sent',
        'failed', 'bounced', 'recalled')),
    contact_id bigint,
    thread_id bigint,
    raw_hash text NOT NULL DEFAULT '',
    message_id text NOT NULL DEFAULT '',
    in_reply_to text NOT NULL DEFAULT '',
    refs text[] NOT NULL DEFAULT '{}',
    sender text NOT NULL DEFAULT '',
    sender_name text NOT NULL DEFAULT '',
    recipients jsonb NOT NULL DEFAULT '[]',
    subject text NOT NULL DEFAULT '',
    subject_key text NOT NULL DEFAULT '',
    sent_at timestamptz,
    received_at timestamptz NOT NULL,
    text text NOT NULL DEFAULT '',
    html text NOT NULL DEFAULT '',
    quoted_text text NOT NULL DEFAULT '',
    signature_text text NOT NULL DEFAULT '',
    language text NOT NULL DEFAULT '',
    kind text NOT NULL DEFAULT 'person',
    spam_score real,
    attachments jsonb NOT NULL DEFAULT '[]',
    headers jsonb NOT NULL DEFAULT '{}',
    reason text NOT NULL DEFAULT '',
    agent_id text,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON COLUMN mail.text IS 'The new text, without what is quoted and without the signature; html is sanitised.';
COMMENT ON COLUMN mail.subject_key IS 'The subject without Re:, Fwd: and the like, folded; "" when nothing is left.';
CREATE INDEX mail_message_id ON mail (tenant_id, message_id) WHERE message_id <> '';
CREATE INDEX mail_thread ON mail (tenant_id, thread_id, id);
CREATE INDEX mail_contact ON mail (tenant_id, contact_id, id) WHERE contact_id IS NOT NULL;
CREATE INDEX mail_subject ON mail (tenant_id, subject_key, sender, id) WHERE subject_key <> '';
CREATE INDEX mail_state ON mail (tenant_id, state, id) WHERE state IN ('set_aside', 'retry', 'held', 'submitted', 'sending');
CREATE TABLE mail_report (
    tenant_id text NOT NULL,
    id bigint NOT NULL,
    mail_id bigint NOT NULL,
    contact_id bigint,
    outcome text NOT NULL CHECK (outcome IN ('sent', 'failed', 'bounced')),
    detail text NOT NULL DEFAULT '',
    at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE mail_report IS 'What became of outgoing mail, for the core; ids are of the same counter as those of mails.';
"""

_FETCHING = """
CREATE TABLE mail_bookmark (
    tenant_id text NOT NULL,
    inbox_id text NOT NULL,
    folder text NOT NULL,
    uid_validity bigint NOT NULL,
    uid_next bigint NOT NULL,
    listed_until bigint NOT NULL DEFAULT 0,
    moved_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, inbox_id, folder)
);
COMMENT ON COLUMN mail_bookmark.listed_until IS
  'After a change of UIDVALIDITY: below this UID a message may be one that is known, and is recognised by Message-ID too.';
CREATE TABLE mail_seen (
    tenant_id text NOT NULL,
    inbox_id text NOT NULL,
    key text NOT NULL,
    mail_id bigint,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, inbox_id, key)
);
CREATE TABLE inbox_state (
    tenant_id text NOT NULL,
    inbox_id text NOT NULL,
    looked_at timestamptz,
    ok boolean NOT NULL,
    stage text NOT NULL DEFAULT '',
    sentence text NOT NULL DEFAULT '',
    hint text NOT NULL DEFAULT '',
    failing_since timestamptz,
    PRIMARY KEY (tenant_id, inbox_id)
);
"""

_SENDING = """
CREATE TABLE outbox (
    tenant_id text NOT NULL,
    mail_id bigint NOT NULL,
    inbox_id text NOT NULL,
    not_before timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    next_at timestamptz NOT NULL,
    claimed_until timestamptz,
    last_error text NOT NULL DEFAULT '',
    smtp_marker text NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, mail_id),
    FOREIGN KEY (tenant_id, mail_id) REFERENCES mail (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON COLUMN outbox.smtp_marker IS
  'When the message text began to be handed over: until then sending again is harmless, after it a server may have it.';
CREATE INDEX outbox_due ON outbox (tenant_id, next_at);
"""

_OF_A_TENANT = (
    "blob",
    "mail_counter",
    "mail",
    "mail_report",
    "mail_bookmark",
    "mail_seen",
    "inbox_state",
    "outbox",
)


def upgrade() -> None:
    for step in (_BLOBS, _MAILS, _FETCHING, _SENDING):
        op.execute(step)
    for table in _OF_A_TENANT:
        op.execute(f"SELECT protect_tenant_table('{table}', 'SELECT, INSERT, UPDATE, DELETE')")
