"""Tenants, their leases, journals, facts, snapshots and configuration versions.

Every table with a `tenant_id` is under row-level security, ENABLE and FORCE, so that it holds for the owner too.
`protect_tenant_table` is what later steps call for theirs.
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PROTECT = """
CREATE FUNCTION protect_tenant_table(p_table regclass, p_rights text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', p_table);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', p_table);
  EXECUTE format(
    'CREATE POLICY of_tenant ON %s'
    ' USING (tenant_id = (SELECT nullif(current_setting(''app.tenant_id'', true), '''')))'
    ' WITH CHECK (tenant_id = (SELECT nullif(current_setting(''app.tenant_id'', true), '''')))', p_table);
  EXECUTE format('GRANT %s ON %s TO cordboard_app', p_rights, p_table);
END $$;
COMMENT ON FUNCTION protect_tenant_table IS
  'Puts a table with a tenant_id under row-level security and gives the application role these rights on it.';
REVOKE ALL ON FUNCTION protect_tenant_table FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO cordboard_app;
"""

TENANT = """
CREATE TABLE tenant (
  id          text PRIMARY KEY CHECK (id ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  name        text NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, UPDATE ON tenant TO cordboard_app;
"""

ENTRY_POINT_NUMBER = """
CREATE TABLE entry_point_number (
  number          text PRIMARY KEY,
  tenant_id       text NOT NULL REFERENCES tenant (id),
  entry_point_id  text NOT NULL
);
COMMENT ON TABLE entry_point_number IS
  'Which tenant a called number belongs to. Read across tenants, because the caller does not say; written by its own alone.';
SELECT protect_tenant_table('entry_point_number', 'SELECT, INSERT, UPDATE, DELETE');
CREATE POLICY read_by_all ON entry_point_number FOR SELECT USING (true);
"""

LEASE = """
CREATE TABLE lease (
  tenant_id      text PRIMARY KEY REFERENCES tenant (id),
  epoch          bigint NOT NULL,
  holder         text NOT NULL,
  expires_at     timestamptz NOT NULL,
  last_seq       bigint NOT NULL DEFAULT 0,
  performed_seq  bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
COMMENT ON TABLE lease IS
  'Who decides for a tenant. A write with an older epoch fails; last_seq makes the journal gap-free and a repeated write visible.';
SELECT protect_tenant_table('lease', 'SELECT, INSERT, UPDATE');
"""

JOURNAL = """
CREATE TABLE journal (
  tenant_id  text NOT NULL,
  seq        bigint NOT NULL,
  at         timestamptz NOT NULL,
  kind       text NOT NULL,
  version    smallint NOT NULL,
  poisoned   boolean NOT NULL DEFAULT false,
  body       json NOT NULL,
  PRIMARY KEY (tenant_id, seq, at)
) PARTITION BY RANGE (at);
COMMENT ON COLUMN journal.poisoned IS 'Deciding on this event failed; it changed nothing and is never replayed.';
SELECT protect_tenant_table('journal', 'SELECT, INSERT');
CREATE TABLE journal_default PARTITION OF journal DEFAULT;
ALTER TABLE journal_default ENABLE ROW LEVEL SECURITY;
ALTER TABLE journal_default FORCE ROW LEVEL SECURITY;

CREATE FUNCTION ensure_journal_partitions(p_months int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  v_first date := date_trunc('month', now() AT TIME ZONE 'UTC')::date;
  v_month date;
  v_name text;
BEGIN
  FOR i IN 0..p_months LOOP
    v_month := (v_first + make_interval(months => i))::date;
    v_name := 'journal_' || to_char(v_month, 'YYYY_MM');
    CONTINUE WHEN to_regclass('public.' || v_name) IS NOT NULL;
    EXECUTE format(
      'CREATE TABLE public.%I PARTITION OF public.journal FOR VALUES FROM (%L) TO (%L)', v_name,
      v_month::timestamp AT TIME ZONE 'UTC', (v_month + interval '1 month') AT TIME ZONE 'UTC');
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', v_name);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', v_name);
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION ensure_journal_partitions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ensure_journal_partitions TO cordboard_app;
SELECT ensure_journal_partitions(2);
"""

FACT = """
CREATE TABLE fact (
  tenant_id   text NOT NULL,
  seq         bigint NOT NULL,
  ordinal     smallint NOT NULL,
  at          timestamptz NOT NULL,
  kind        text NOT NULL,
  contact_id  bigint,
  agent_id    text,
  queue_id    text,
  body        jsonb NOT NULL,
  PRIMARY KEY (tenant_id, seq, ordinal)
);
CREATE INDEX fact_contact ON fact (tenant_id, contact_id, seq) WHERE contact_id IS NOT NULL;
CREATE INDEX fact_at ON fact (tenant_id, at);
SELECT protect_tenant_table('fact', 'SELECT, INSERT');
"""

APPEND = """
CREATE FUNCTION journal_append(
  p_tenant text, p_epoch bigint, p_after bigint, p_performed bigint, p_lasts interval,
  p_seqs bigint[], p_ats timestamptz[], p_kinds text[], p_versions smallint[], p_poisoned boolean[], p_bodies text[],
  f_seqs bigint[], f_ordinals smallint[], f_ats timestamptz[], f_kinds text[],
  f_contacts bigint[], f_agents text[], f_queues text[], f_bodies text[]
) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  v_last bigint := p_seqs[cardinality(p_seqs)];
  v_epoch bigint;
  v_found bigint;
BEGIN
  PERFORM set_config('app.tenant_id', p_tenant, true);
  UPDATE lease SET last_seq = v_last, performed_seq = p_performed, expires_at = now() + p_lasts
    WHERE tenant_id = p_tenant AND epoch = p_epoch AND last_seq = p_after;
  IF NOT FOUND THEN
    SELECT epoch, last_seq INTO v_epoch, v_found FROM lease WHERE tenant_id = p_tenant;
    RETURN CASE WHEN v_epoch IS DISTINCT FROM p_epoch THEN 'stale' WHEN v_found = v_last THEN 'there' ELSE 'gap' END;
  END IF;
  INSERT INTO journal (tenant_id, seq, at, kind, version, poisoned, body)
    SELECT p_tenant, j.seq, j.at, j.kind, j.version, j.poisoned, j.body::json
    FROM unnest(p_seqs, p_ats, p_kinds, p_versions, p_poisoned, p_bodies) AS j (seq, at, kind, version, poisoned, body);
  IF cardinality(f_seqs) > 0 THEN
    INSERT INTO fact (tenant_id, seq, ordinal, at, kind, contact_id, agent_id, queue_id, body)
      SELECT p_tenant, f.seq, f.ordinal, f.at, f.kind, f.contact_id, f.agent_id, f.queue_id, f.body::jsonb
      FROM unnest(f_seqs, f_ordinals, f_ats, f_kinds, f_contacts, f_agents, f_queues, f_bodies)
        AS f (seq, ordinal, at, kind, contact_id, agent_id, queue_id, body);
  END IF;
  RETURN 'written';
END $$;
COMMENT ON FUNCTION journal_append IS
  'One batch in one trip and one transaction, guarded by the lease: written | there (an earlier try got through) | stale | gap.';
REVOKE ALL ON FUNCTION journal_append FROM PUBLIC;
GRANT EXECUTE ON FUNCTION journal_append TO cordboard_app;
"""

SNAPSHOT = """
CREATE TABLE snapshot (
  tenant_id       text NOT NULL,
  seq             bigint NOT NULL,
  at              timestamptz NOT NULL,
  schema_version  integer NOT NULL,
  build           text NOT NULL,
  body            bytea NOT NULL,
  PRIMARY KEY (tenant_id, seq)
);
SELECT protect_tenant_table('snapshot', 'SELECT, INSERT, DELETE');
"""

CONFIG_VERSION = """
CREATE TABLE config_version (
  tenant_id   text NOT NULL,
  version     integer NOT NULL CHECK (version > 0),
  document    text NOT NULL,
  applied_at  timestamptz NOT NULL,
  applied_by  text NOT NULL,
  note        text NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, version)
);
SELECT protect_tenant_table('config_version', 'SELECT, INSERT');
"""


def upgrade() -> None:
    for step in (PROTECT, TENANT, ENTRY_POINT_NUMBER, LEASE, JOURNAL, FACT, APPEND, SNAPSHOT, CONFIG_VERSION):
        op.execute(step)
