"""Persons, logins, sessions, the softphone accounts, layouts and the internal chat; indexes of the history.

The owner may read logins and sessions of all tenants, for the two look-up functions alone: who logs in has no tenant yet.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE person (
    tenant_id text NOT NULL,
    id text NOT NULL,
    name text NOT NULL,
    email text NOT NULL DEFAULT '',
    language text NOT NULL DEFAULT 'en',
    agent_id text,
    roles text[] NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE TABLE login (
    tenant_id text NOT NULL,
    login text NOT NULL CHECK (login = lower(login)),
    person_id text NOT NULL,
    password_hash text NOT NULL,
    password_changed_at timestamptz NOT NULL,
    disabled_at timestamptz,
    PRIMARY KEY (login),
    FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX login_of_person ON login (tenant_id, person_id);
CREATE TABLE session (
    tenant_id text NOT NULL,
    id text NOT NULL,
    token_hash bytea NOT NULL UNIQUE,
    person_id text NOT NULL,
    login text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    address text NOT NULL,
    browser text NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX session_of_person ON session (tenant_id, person_id);
CREATE TABLE phone_account (
    tenant_id text NOT NULL,
    agent_id text NOT NULL,
    username text NOT NULL,
    secret bytea NOT NULL,
    browser boolean NOT NULL,
    session_id text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, agent_id, browser)
);
CREATE TABLE layout (
    tenant_id text NOT NULL,
    person_id text NOT NULL,
    version integer NOT NULL,
    document jsonb NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, person_id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id) ON DELETE CASCADE
);
CREATE TABLE chat_message (
    tenant_id text NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    key text NOT NULL,
    from_id text NOT NULL,
    from_name text NOT NULL,
    to_id text NOT NULL,
    text text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, from_id, key)
);
CREATE INDEX chat_message_to ON chat_message (tenant_id, to_id, id);
CREATE TABLE login_throttle (
    key bytea PRIMARY KEY,
    failures integer NOT NULL,
    first_at timestamptz NOT NULL,
    locked_until timestamptz
);
"""

_OF_A_TENANT = ("person", "login", "session", "phone_account", "layout", "chat_message")

# Who logs in is not known to belong to a tenant yet: these two look across tenants, by an exact secret or name only.
_LOOK_UPS = """
CREATE FUNCTION find_login(wanted text)
RETURNS TABLE (tenant_id text, login text, person_id text, password_hash text, disabled boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT l.tenant_id, l.login, l.person_id, l.password_hash, l.disabled_at IS NOT NULL
    FROM public.login l WHERE l.login = lower(wanted)
$$;
CREATE FUNCTION find_session(wanted bytea)
RETURNS TABLE (id text, tenant_id text, person_id text, name text, login text, agent_id text, roles text[],
    language text, created_at timestamptz, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT s.id, s.tenant_id, s.person_id, p.name, s.login, p.agent_id, p.roles, p.language, s.created_at, s.expires_at
    FROM public.session s JOIN public.person p ON p.tenant_id = s.tenant_id AND p.id = s.person_id
    WHERE s.token_hash = wanted AND s.ended_at IS NULL
$$;
REVOKE ALL ON FUNCTION find_login(text), find_session(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_login(text), find_session(bytea) TO cordboard_app;
"""


# The list of contacts pages over arrivals; an agent's history and state are found by his facts.
_FACT_INDEXES = """
CREATE INDEX fact_arrival ON fact (tenant_id, seq) WHERE kind = 'contact_arrived';
CREATE INDEX fact_agent ON fact (tenant_id, agent_id, seq) WHERE agent_id IS NOT NULL;
"""


def upgrade() -> None:
    op.execute(_TABLES)
    for table in _OF_A_TENANT:
        op.execute(f"SELECT protect_tenant_table('{table}', 'SELECT, INSERT, UPDATE, DELETE')")
    for table in ("login", "session", "person"):
        op.execute(f"CREATE POLICY look_up ON {table} FOR SELECT TO CURRENT_USER USING (true)")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON login_throttle TO cordboard_app")
    op.execute(_LOOK_UPS)
    op.execute(_FACT_INDEXES)
