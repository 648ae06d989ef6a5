"""The search finds the newest first whatever is typed, and stops: a word that half of all contacts have costs no more than a rare one.

First the newest few thousand contacts are looked at one by one (of the agent, the queue or the reason, if one is asked for).
Only when that does not give enough is the index of words asked, for as many weeks as the density so far makes likely, then for
the rest. The beginning of a word, which would make the index read all words that begin so, is tried when the word itself,
as it is typed, is not known and finds less than a page.
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Beside its week a vector names its tenant: what is asked of all weeks needs one word instead of a hundred.
_REFRESH = """
CREATE INDEX contact_index_arrival ON contact_index (tenant_id, arrived_at, contact_id);
CREATE OR REPLACE FUNCTION search_refresh(p_contacts bigint[]) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, public AS $$
    DELETE FROM contact_words AS gone WHERE gone.contact_id = ANY(p_contacts)
        AND NOT EXISTS (SELECT FROM contact_text AS t WHERE t.contact_id = gone.contact_id);
    INSERT INTO contact_words (tenant_id, contact_id, arrived_at, words)
    SELECT i.tenant_id, i.contact_id, i.arrived_at,
        array_to_tsvector(ARRAY['=t:' || i.tenant_id, search_slice(i.tenant_id, search_week(i.arrived_at))])
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
"""

# Several words in one piece (an address, a reference) are a phrase as it stands; only a single word may be a beginning.
_TERM = """
CREATE OR REPLACE FUNCTION search_term(p_term jsonb, p_languages text[]) RETURNS tsquery
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public SET client_min_messages = warning AS $$
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
    v_found := ARRAY[phraseto_tsquery('simple', v_folded)::text];
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
"""

_HITS = """
    SELECT array_agg(h.contact_id), array_agg(h.score) FROM (
      SELECT w.contact_id,
        (ts_rank('{0.1, 0.3, 0.6, 1.0}', w.words, $2, 1)
          * (0.5 + 0.5 * exp(-greatest(0, extract(epoch FROM $3 - w.arrived_at)) / 7776000.0)))::real AS score
      FROM (
        SELECT w.contact_id, w.arrived_at, w.words FROM contact_words AS w
        JOIN contact_index AS i ON i.tenant_id = w.tenant_id AND i.contact_id = w.contact_id
        WHERE %s AND w.contact_id < $4 AND w.contact_id >= $5
          AND ($7 = '' OR i.channel = $7) AND ($8 = '' OR $8 = ANY(i.agent_ids)) AND ($9 = '' OR i.queue_id = $9)
          AND ($10 = '' OR i.closing_reason_id = $10) AND ($11 = '' OR ($11 = 'open') = (i.state <> 'closed'))
          AND ($12 IS NULL OR (i.channel <> 'voice' AND i.space_id = ANY($12)) OR $13 = ANY(i.agent_ids))
        ORDER BY w.contact_id DESC LIMIT $14) AS w) AS h
"""
_USING = """p_tenant, p_query, p_now, p_below, p_from, p_walked, p_filter ->> 'channel', p_filter ->> 'agent',
    p_filter ->> 'queue', p_filter ->> 'reason', p_filter ->> 'state', p_spaces, p_filter ->> 'own', p_most"""

_PARTS = f"""
CREATE TYPE search_hits AS (ids bigint[], scores real[]);

CREATE FUNCTION search_hits_of(
  p_where text, p_tenant text, p_query tsquery, p_now timestamptz, p_below bigint, p_from bigint, p_walked bigint[],
  p_filter jsonb, p_spaces text[], p_most integer
) RETURNS search_hits
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public AS $$
DECLARE
  v_found search_hits;
BEGIN
  EXECUTE format($sql${_HITS}$sql$, p_where) INTO v_found.ids, v_found.scores USING {_USING};
  v_found.ids := coalesce(v_found.ids, '{{}}');
  v_found.scores := coalesce(v_found.scores, '{{}}');
  RETURN v_found;
END $$;

CREATE FUNCTION search_first_since(p_tenant text, p_at timestamptz) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT contact_id FROM contact_index WHERE tenant_id = p_tenant AND arrived_at >= p_at ORDER BY arrived_at, contact_id LIMIT 1
$$;

CREATE FUNCTION search_walk(p_tenant text, p_filter jsonb, p_below bigint, p_from bigint, p_many integer) RETURNS bigint[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public AS $$
BEGIN
  IF p_filter ->> 'agent' <> '' THEN
    RETURN ARRAY(SELECT contact_id FROM contact_of_agent WHERE tenant_id = p_tenant AND agent_id = p_filter ->> 'agent'
      AND contact_id < p_below AND contact_id >= p_from ORDER BY contact_id DESC LIMIT p_many);
  ELSIF p_filter ->> 'reason' <> '' THEN
    RETURN ARRAY(SELECT contact_id FROM contact_index WHERE tenant_id = p_tenant AND closing_reason_id = p_filter ->> 'reason'
      AND closing_reason_id <> '' AND contact_id < p_below AND contact_id >= p_from ORDER BY contact_id DESC LIMIT p_many);
  ELSIF p_filter ->> 'queue' <> '' THEN
    RETURN ARRAY(SELECT contact_id FROM contact_index WHERE tenant_id = p_tenant AND queue_id = p_filter ->> 'queue'
      AND contact_id < p_below AND contact_id >= p_from ORDER BY contact_id DESC LIMIT p_many);
  END IF;
  RETURN ARRAY(SELECT contact_id FROM contact_words WHERE tenant_id = p_tenant
    AND contact_id < p_below AND contact_id >= p_from ORDER BY contact_id DESC LIMIT p_many);
END $$;
"""  # noqa: S608  # constants

# `p_walked` is given for a part of the contacts; all of them are a range of the key. `tenant_id || ''` keeps the key out of the
# question to the index of words, which names the tenant itself.
_SEARCH = """
DROP FUNCTION search_contacts;
CREATE FUNCTION search_contacts(
  p_exact tsquery, p_beginning tsquery, p_last tsquery, p_filter jsonb, p_spaces text[],
  p_since timestamptz, p_until timestamptz, p_now timestamptz, p_before bigint, p_enough integer
) RETURNS TABLE (contact_id bigint, score real, edge bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  c_walk CONSTANT integer := 6000;
  c_page CONSTANT integer := 20;
  v_tenant text := nullif(current_setting('app.tenant_id', true), '');
  v_part boolean := p_filter ->> 'agent' <> '' OR p_filter ->> 'reason' <> '' OR p_filter ->> 'queue' <> '';
  v_query tsquery := p_exact;
  v_below bigint;
  v_from bigint;
  v_walked bigint[];
  v_low bigint;
  v_hits search_hits;
  v_more search_hits;
  v_edge bigint;
  v_week bigint;
  v_span double precision;
BEGIN
  IF v_tenant IS NULL THEN RETURN; END IF;
  v_from := search_first_since(v_tenant, p_since);
  IF v_from IS NULL THEN RETURN; END IF;
  v_below := least(p_before, coalesce(search_first_since(v_tenant, p_until), p_before));
  v_walked := search_walk(v_tenant, p_filter, v_below, v_from, c_walk);
  v_low := CASE WHEN cardinality(v_walked) < c_walk THEN v_from ELSE v_walked[c_walk] END;
  IF cardinality(v_walked) = 0 THEN RETURN; END IF;
  FOR v_try IN 1..2 LOOP
    CONTINUE WHEN numnode(v_query) = 0;
    v_hits := search_hits_of(
      CASE WHEN v_part THEN 'w.tenant_id = $1 AND w.contact_id = ANY($6) AND w.words @@ $2'
        ELSE 'w.tenant_id = $1 AND w.words @@ $2' END,
      v_tenant, v_query, p_now, v_below, v_low, v_walked, p_filter, p_spaces, p_enough);
    v_edge := CASE WHEN cardinality(v_hits.ids) >= p_enough THEN v_hits.ids[p_enough] ELSE v_low END;
    IF cardinality(v_hits.ids) < p_enough AND v_edge > v_from THEN
      SELECT search_week(i.arrived_at), extract(epoch FROM
          (SELECT n.arrived_at FROM contact_index AS n WHERE n.tenant_id = v_tenant AND n.contact_id = v_walked[1]) - i.arrived_at)
        INTO v_week, v_span FROM contact_index AS i WHERE i.tenant_id = v_tenant AND i.contact_id = v_low;
      v_span := v_span * 1.5 * (p_enough - cardinality(v_hits.ids)) / nullif(cardinality(v_hits.ids), 0);
      FOR v_turn IN 1..2 LOOP
        v_edge := CASE WHEN v_turn = 2 OR v_span IS NULL OR v_span > 15 * 604800 THEN v_from ELSE greatest(v_from, coalesce(
          search_first_since(v_tenant, to_timestamp((v_week - ceil(v_span / 604800)) * 604800)), v_from)) END;
        v_more := search_hits_of(
          'w.tenant_id || '''' = $1 AND w.words @@ ($2 && '
            || CASE WHEN v_edge = v_from THEN quote_literal(quote_literal('=t:' || v_tenant)) || '::tsquery'
              ELSE format('search_slices($1, %s, %s)', v_week - ceil(v_span / 604800)::bigint, v_week) END || ')',
          v_tenant, v_query, p_now, v_low, v_edge, v_walked, p_filter, p_spaces, 20000);
        v_hits.ids := v_hits.ids || v_more.ids;
        v_hits.scores := v_hits.scores || v_more.scores;
        EXIT WHEN v_edge <= v_from OR cardinality(v_hits.ids) >= p_enough;
        v_low := v_edge;
      END LOOP;
    END IF;
    EXIT WHEN cardinality(v_hits.ids) >= c_page OR numnode(p_beginning) = 0 OR v_try = 2;
    EXIT WHEN numnode(p_last) > 0 AND EXISTS (SELECT FROM (SELECT w.words FROM contact_words AS w WHERE w.tenant_id = v_tenant
      ORDER BY w.contact_id DESC LIMIT c_walk) AS w WHERE w.words @@ p_last);
    v_query := p_beginning;
    v_low := CASE WHEN cardinality(v_walked) < c_walk THEN v_from ELSE v_walked[c_walk] END;
  END LOOP;
  RETURN QUERY SELECT h.id, h.score, CASE WHEN v_edge <= v_from THEN 0 ELSE v_edge END
    FROM unnest(v_hits.ids, v_hits.scores) AS h (id, score);
END $$;
COMMENT ON FUNCTION search_contacts IS
  'Contacts of the tenant of the setting that a query finds, newest first, until there are enough: all from edge to p_before.';
REVOKE ALL ON FUNCTION search_contacts, search_hits_of, search_walk, search_first_since FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_contacts TO cordboard_app;
"""


def upgrade() -> None:
    for step in (_REFRESH, _TERM, _PARTS, _SEARCH):
        op.execute(step)
