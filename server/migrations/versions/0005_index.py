"""The list of contacts and the search: projections from the facts, with the cursor that says how far they have come.

`contact_words` is searched by one function that runs as the owner: text search operators are not leakproof, so under
row-level security no index would be used for them. It takes the tenant from the setting, like every policy does, and each
vector holds a word that only its own tenant's searches ask for (`=w:<tenant>:<week>`), so that not even the index is read
for rows of somebody else.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE projection (
    tenant_id text NOT NULL,
    name text NOT NULL,
    version integer NOT NULL,
    projected_seq bigint NOT NULL DEFAULT 0,
    projected_ordinal integer NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, name)
);
COMMENT ON TABLE projection IS
  'How far a projection of the facts has come; moved in the transaction that changes its rows. An older version is made anew.';

CREATE TABLE contact_index (
    tenant_id text NOT NULL,
    contact_id bigint NOT NULL,
    seq bigint NOT NULL,
    channel text NOT NULL,
    direction text NOT NULL,
    state text NOT NULL CHECK (state IN ('script', 'waiting', 'offered', 'in_contact', 'parked', 'validating',
        'sending', 'wrap_up', 'closed')),
    space_id text NOT NULL,
    queue_id text NOT NULL,
    agent_id text NOT NULL,
    answered_by text NOT NULL,
    entry_point_id text NOT NULL,
    remote text NOT NULL,
    remote_name text NOT NULL,
    address text NOT NULL,
    reference text NOT NULL,
    subject text NOT NULL,
    arrived_at timestamptz NOT NULL,
    waiting_since timestamptz,
    priority integer NOT NULL,
    needs text[] NOT NULL,
    tags text[] NOT NULL,
    language text NOT NULL,
    thread_id bigint NOT NULL,
    due_at timestamptz,
    parked_until timestamptz,
    first_answer_at timestamptz,
    ended_at timestamptz,
    mails integer NOT NULL,
    last_mail_at timestamptz,
    closing_reason_id text NOT NULL,
    note text NOT NULL,
    agent_ids text[] NOT NULL,
    hands text[] NOT NULL,
    answered boolean NOT NULL,
    transferred boolean NOT NULL,
    waited double precision,
    talked double precision,
    held double precision,
    lasted double precision,
    reached text NOT NULL,
    cause text NOT NULL,
    PRIMARY KEY (tenant_id, contact_id)
) WITH (fillfactor = 80);
COMMENT ON TABLE contact_index IS
  'One row per contact of every channel, folded from its facts (cordboard.index.fold). needs: skill:level, sorted.';
CREATE INDEX contact_index_open ON contact_index (tenant_id, contact_id) WHERE state <> 'closed';
CREATE INDEX contact_index_due ON contact_index (tenant_id, (coalesce(due_at, 'infinity')), contact_id)
    WHERE state <> 'closed';
CREATE INDEX contact_index_queue ON contact_index (tenant_id, queue_id, contact_id) WHERE state <> 'closed';
CREATE INDEX contact_index_holder ON contact_index (tenant_id, agent_id, contact_id) WHERE state <> 'closed';
CREATE INDEX contact_index_thread ON contact_index (tenant_id, thread_id) WHERE thread_id <> 0;
CREATE INDEX contact_index_remote ON contact_index (tenant_id, remote, contact_id);
CREATE INDEX contact_index_ended_queue ON contact_index (tenant_id, queue_id, contact_id);
CREATE INDEX contact_index_reason ON contact_index (tenant_id, closing_reason_id, contact_id)
    WHERE closing_reason_id <> '';

CREATE TABLE contact_of_agent (
    tenant_id text NOT NULL,
    agent_id text NOT NULL,
    contact_id bigint NOT NULL,
    PRIMARY KEY (tenant_id, agent_id, contact_id)
);
COMMENT ON TABLE contact_of_agent IS 'Contacts that were an agent''s or were offered to him: agent_ids of contact_index, to be found by.';

CREATE TABLE contact_text (
    tenant_id text NOT NULL,
    contact_id bigint NOT NULL,
    source text NOT NULL CHECK (source IN ('subject', 'mail', 'attachment', 'chat', 'note')),
    key text NOT NULL,
    at timestamptz NOT NULL,
    language text NOT NULL,
    text text NOT NULL,
    terms text[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, contact_id, source, key)
);
COMMENT ON TABLE contact_text IS
  'What was said and written in a contact, to be searched. key: the mail, message or fact that it comes from. terms: exact words.';
CREATE INDEX contact_text_at ON contact_text (tenant_id, at);

CREATE TABLE contact_words (
    tenant_id text NOT NULL,
    contact_id bigint NOT NULL,
    arrived_at timestamptz NOT NULL,
    words tsvector NOT NULL,
    PRIMARY KEY (tenant_id, contact_id)
);
CREATE INDEX contact_words_gin ON contact_words USING gin (words) WITH (gin_pending_list_limit = 1024);
"""

_RIGHTS = """
SELECT protect_tenant_table('projection', 'SELECT, INSERT, UPDATE');
SELECT protect_tenant_table('contact_index', 'SELECT, INSERT, UPDATE, DELETE');
SELECT protect_tenant_table('contact_of_agent', 'SELECT, INSERT, DELETE');
SELECT protect_tenant_table('contact_text', 'SELECT, INSERT, UPDATE, DELETE');
SELECT protect_tenant_table('contact_words', 'SELECT, INSERT, UPDATE, DELETE');
CREATE POLICY search ON contact_words FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY search ON contact_index FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY search ON contact_of_agent FOR SELECT TO CURRENT_USER USING (true);
"""

# Accents, ligatures and capitals are folded, and what joins words in addresses and references parts them: the same for
# what is stored and for what is asked, so that "Événement", "evenement" and "ÉVÉNEMENT" are one word. No extension, no ICU.
_LETTERS = "øØłŁđĐı"
_PLAIN = "oOlLdDi"
_PARTING = "@._-/:+#'’&=~\\<>"

_FOLDING = f"""
CREATE FUNCTION search_folded(wanted text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
    SELECT lower(translate(
        regexp_replace(replace(replace(replace(normalize(wanted, NFKD), 'œ', 'oe'), 'Œ', 'oe'), 'ß', 'ss'),
            '[\\u0300-\\u036f]+', '', 'g'),
        '{_LETTERS}{_PARTING.replace("'", "''")}', '{_PLAIN}' || repeat(' ', {len(_PARTING)})))
$$;
CREATE FUNCTION search_language(code text) RETURNS regconfig
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
    SELECT CASE code WHEN 'en' THEN 'english' WHEN 'fr' THEN 'french' WHEN 'de' THEN 'german' WHEN 'es' THEN 'spanish'
        WHEN 'it' THEN 'italian' WHEN 'pt' THEN 'portuguese' WHEN 'nl' THEN 'dutch' ELSE 'simple' END::regconfig
$$;
"""

# A text's vector: its words' stems in its language, for finding by meaning, and the words as they are written, for finding
# while they are being typed. Weights: A what the contact is called by, B its subject and notes, D what was written.
_VECTOR = """
CREATE FUNCTION search_vector(p_language text, p_text text, p_weight "char") RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
    SELECT setweight(
        CASE WHEN public.search_language(p_language) = 'simple'::regconfig THEN to_tsvector('simple', folded)
        ELSE to_tsvector('simple', folded) || to_tsvector(public.search_language(p_language), folded) END, p_weight)
    FROM (SELECT public.search_folded(p_text) OFFSET 0) AS t (folded)
$$;
CREATE AGGREGATE search_joined (tsvector) (SFUNC = tsvector_concat, STYPE = tsvector, INITCOND = '');

CREATE FUNCTION search_slice(p_tenant text, p_week bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
    SELECT '=w:' || p_tenant || ':' || p_week
$$;
CREATE FUNCTION search_week(p_at timestamptz) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
    SELECT floor(extract(epoch FROM p_at) / 604800)::bigint
$$;

CREATE FUNCTION search_refresh(p_contacts bigint[]) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, public AS $$
    DELETE FROM contact_words AS gone WHERE gone.contact_id = ANY(p_contacts)
        AND NOT EXISTS (SELECT FROM contact_text AS t WHERE t.contact_id = gone.contact_id);
    INSERT INTO contact_words (tenant_id, contact_id, arrived_at, words)
    SELECT i.tenant_id, i.contact_id, i.arrived_at,
        array_to_tsvector(ARRAY[search_slice(i.tenant_id, search_week(i.arrived_at))])
        || search_joined(search_vector(t.language, t.text,
                CASE t.source WHEN 'subject' THEN 'A' WHEN 'note' THEN 'B' ELSE 'D' END::"char")
            || array_to_tsvector(t.terms) ORDER BY t.at, t.key)
    FROM contact_index AS i
    JOIN (SELECT t.*, sum(length(t.text)) OVER (PARTITION BY t.contact_id ORDER BY t.at, t.source, t.key) AS so_far
          FROM contact_text AS t WHERE t.contact_id = ANY(p_contacts)) AS t
      ON t.contact_id = i.contact_id AND (t.so_far - length(t.text) < 200000)
    WHERE i.contact_id = ANY(p_contacts)
    GROUP BY i.tenant_id, i.contact_id, i.arrived_at
    ON CONFLICT (tenant_id, contact_id) DO UPDATE SET words = excluded.words
$$;
COMMENT ON FUNCTION search_refresh IS
  'Makes the vectors of these contacts anew from their texts, as far as 200,000 characters go (a vector holds one megabyte).';
"""

# One term: a word in every language's stem and as it is written, a phrase word by word, exact terms; any of them will do.
_QUERY = """
CREATE FUNCTION search_term(p_term jsonb, p_languages text[]) RETURNS tsquery
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public AS $$
DECLARE
  v_found text[] := '{}';
  v_folded text := search_folded(coalesce(p_term ->> 'text', ''));
  v_tokens text[] := tsvector_to_array(to_tsvector('simple', v_folded));
  v_mark text := CASE WHEN coalesce((p_term ->> 'prefix')::boolean, false) THEN ':*' ELSE '' END;
  v_one tsquery;
  v_language text;
  v_exact jsonb;
BEGIN
  IF cardinality(v_tokens) > 1 THEN
    v_found := ARRAY[phraseto_tsquery('simple', v_folded)::text || CASE WHEN v_mark = '' THEN '' ELSE ':*' END];
  ELSIF cardinality(v_tokens) = 1 THEN
    v_found := ARRAY[quote_literal(v_tokens[1]) || v_mark];
    FOREACH v_language IN ARRAY p_languages LOOP
      v_one := to_tsquery(search_language(v_language), quote_literal(v_tokens[1]) || v_mark);
      IF numnode(v_one) = 0 AND v_mark = '' AND (p_term ->> 'droppable')::boolean THEN
        RETURN ''::tsquery;
      ELSIF numnode(v_one) > 0 AND NOT v_one::text = ANY(v_found) THEN
        v_found := v_found || v_one::text;
      END IF;
    END LOOP;
  END IF;
  FOR v_exact IN SELECT * FROM jsonb_array_elements(coalesce(p_term -> 'exact', '[]')) LOOP
    v_found := v_found || (quote_literal(v_exact ->> 0) || CASE WHEN (v_exact ->> 1)::boolean THEN ':*' ELSE '' END);
  END LOOP;
  RETURN CASE WHEN v_found = '{}' THEN '' ELSE '(' || array_to_string(v_found, ' | ') || ')' END::tsquery;
END $$;

CREATE FUNCTION search_query(p_terms jsonb, p_languages text[]) RETURNS tsquery
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public AS $$
DECLARE
  v_query tsquery := '';
  v_term jsonb;
BEGIN
  FOR v_term IN SELECT * FROM jsonb_array_elements(p_terms) LOOP
    v_query := v_query && search_term(v_term, p_languages);
  END LOOP;
  RETURN v_query;
END $$;
"""


def _found(where: str) -> str:
    """The hits of a slice. `tenant_id || ''` keeps the primary key out of it: the index of words has the tenant's slices."""
    return f"""
      SELECT w.contact_id,
        (ts_rank('{{0.1, 0.3, 0.6, 1.0}}', w.words, p_query, 1)
          * (0.5 + 0.5 * exp(-greatest(0, extract(epoch FROM p_now - w.arrived_at)) / 7776000.0)))::real,
        v_from
      FROM contact_words AS w JOIN contact_index AS i ON i.tenant_id = v_tenant AND i.contact_id = w.contact_id
      WHERE {where}
        AND (p_channel = '' OR i.channel = p_channel) AND (p_queue = '' OR i.queue_id = p_queue)
        AND (p_reason = '' OR i.closing_reason_id = p_reason)
        AND (p_state = '' OR (p_state = 'open') = (i.state <> 'closed'))
        AND (p_agent = '' OR p_agent = ANY(i.agent_ids))
        AND (p_spaces IS NULL OR (i.channel <> 'voice' AND i.space_id = ANY(p_spaces)) OR p_own = ANY(i.agent_ids))
        AND i.arrived_at >= p_since AND i.arrived_at < p_until
      LIMIT 20000"""  # noqa: S608  # constants


_SEARCH = f"""
CREATE FUNCTION search_contacts(
  p_query tsquery, p_channel text, p_agent text, p_queue text, p_reason text, p_state text, p_spaces text[], p_own text,
  p_since timestamptz, p_until timestamptz, p_now timestamptz, p_week bigint, p_enough integer
) RETURNS TABLE (contact_id bigint, score real, week bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  v_tenant text := nullif(current_setting('app.tenant_id', true), '');
  v_last bigint := search_week(p_since);
  v_to bigint := least(p_week, search_week(p_until));
  v_from bigint;
  v_span bigint := 1;
  v_found integer := 0;
  v_rows integer;
  v_few bigint[];
BEGIN
  IF v_tenant IS NULL OR numnode(p_query) = 0 THEN RETURN; END IF;
  IF p_agent <> '' OR p_reason <> '' OR p_queue <> '' THEN
    v_few := ARRAY(
      SELECT i.contact_id FROM contact_index AS i
      WHERE i.tenant_id = v_tenant AND (p_reason = '' OR i.closing_reason_id = p_reason)
        AND (p_queue = '' OR i.queue_id = p_queue)
        AND (p_agent = '' OR EXISTS (SELECT FROM contact_of_agent AS a
             WHERE a.tenant_id = v_tenant AND a.agent_id = p_agent AND a.contact_id = i.contact_id))
        AND i.arrived_at >= p_since AND i.arrived_at < p_until
      LIMIT 3001);
    IF cardinality(v_few) > 3000 THEN v_few := NULL; END IF;
  END IF;
  WHILE v_to >= v_last AND v_found < p_enough LOOP
    IF v_few IS NOT NULL THEN
      v_from := v_last;
      RETURN QUERY{_found("w.tenant_id = v_tenant AND w.contact_id = ANY(v_few) AND w.words @@ p_query")};
    ELSE
      v_from := greatest(v_last, v_to - v_span + 1);
      RETURN QUERY{_found("w.tenant_id || '' = v_tenant AND w.words @@ (p_query && search_slices(v_tenant, v_from, v_to))")};
    END IF;
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    v_found := v_found + v_rows;
    v_to := v_from - 1;
    v_span := v_span * 4;
  END LOOP;
END $$;
COMMENT ON FUNCTION search_contacts IS
  'Contacts of the tenant of the setting that a query finds, from week p_week back, slice by slice until there are enough.';
REVOKE ALL ON FUNCTION search_contacts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_contacts TO cordboard_app;
"""  # noqa: S608  # constants

_SLICES = """
CREATE FUNCTION search_slices(p_tenant text, p_from bigint, p_to bigint) RETURNS tsquery
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$
    SELECT string_agg(quote_literal(search_slice(p_tenant, week)), ' | ')::tsquery
    FROM generate_series(p_from, p_to) AS week
$$;
"""


def upgrade() -> None:
    for step in (_TABLES, _RIGHTS, _FOLDING, _VECTOR, _QUERY, _SLICES, _SEARCH):
        op.execute(step)
