"""A vector names its contact's queue: a word that is usual elsewhere and that a large queue never has is not looked for row by row."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_REFRESH = """
CREATE OR REPLACE FUNCTION search_refresh(p_contacts bigint[]) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, public AS $$
    DELETE FROM contact_words AS gone WHERE gone.contact_id = ANY(p_contacts)
        AND NOT EXISTS (SELECT FROM contact_text AS t WHERE t.contact_id = gone.contact_id);
    INSERT INTO contact_words (tenant_id, contact_id, arrived_at, words)
    SELECT i.tenant_id, i.contact_id, i.arrived_at,
        array_to_tsvector(ARRAY['=t:' || i.tenant_id, search_slice(i.tenant_id, search_week(i.arrived_at)),
            '=q:' || i.queue_id])
        || search_joined(search_vector(t.language, t.text,
                CASE t.source WHEN 'subject' THEN 'A' WHEN 'note' THEN 'B' ELSE 'D' END::"char")
            || array_to_tsvector(t.terms) ORDER BY t.at, t.key)
    FROM contact_index AS i
    JOIN (SELECT t.*, sum(length(t.text)) OVER (PARTITION BY t.contact_id ORDER BY t.at, t.source, t.key) AS so_far
          FROM contact_text AS t WHERE t.contact_id = ANY(p_contacts)) AS t
      ON t.contact_id = i.contact_id AND (t.so_far - length(t.text) < 200000)
    WHERE i.contact_id = ANY(p_contacts)
    GROUP BY i.tenant_id, i.contact_id, i.arrived_at, i.queue_id
    ON CONFLICT (tenant_id, contact_id) DO UPDATE SET words = excluded.words
$$;
"""

_SEARCH = """
CREATE OR REPLACE FUNCTION search_contacts(
  p_exact tsquery, p_beginning tsquery, p_last tsquery, p_filter jsonb, p_spaces text[],
  p_since timestamptz, p_until timestamptz, p_now timestamptz, p_before bigint, p_enough integer
) RETURNS TABLE (contact_id bigint, score real, edge bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  c_all CONSTANT integer := 6000;
  c_part CONSTANT integer := 600;
  c_more CONSTANT integer := 2400;
  c_page CONSTANT integer := 20;
  v_tenant text := nullif(current_setting('app.tenant_id', true), '');
  v_part boolean := p_filter ->> 'agent' <> '' OR p_filter ->> 'reason' <> '' OR p_filter ->> 'queue' <> '';
  v_query tsquery := p_exact;
  v_queue text := CASE WHEN p_filter ->> 'queue' = '' THEN '' ELSE ' && ' || quote_literal(quote_literal(
    '=q:' || regexp_replace(p_filter ->> 'queue', '[^A-Za-z0-9_-]', '', 'g'))) || '::tsquery' END;
  v_below bigint;
  v_from bigint;
  v_walk integer := CASE WHEN p_filter ->> 'agent' <> '' OR p_filter ->> 'reason' <> '' OR p_filter ->> 'queue' <> ''
    THEN c_part ELSE c_all END;
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
  v_walked := search_walk(v_tenant, p_filter, v_below, v_from, v_walk);
  v_low := CASE WHEN cardinality(v_walked) < v_walk THEN v_from ELSE v_walked[v_walk] END;
  IF cardinality(v_walked) = 0 THEN RETURN; END IF;
  FOR v_try IN 1..2 LOOP
    CONTINUE WHEN numnode(v_query) = 0;
    v_hits := search_hits_of(
      CASE WHEN v_part THEN 'w.tenant_id = $1 AND w.contact_id = ANY($6) AND w.words @@ $2'
        ELSE 'w.tenant_id = $1 AND w.words @@ $2' END,
      v_tenant, v_query, p_now, v_below, v_low, v_walked, p_filter, p_spaces, p_enough);
    IF v_part AND v_walk = c_part AND v_low > v_from AND cardinality(v_hits.ids) BETWEEN 1 AND p_enough - 1 THEN
      v_walk := c_more;
      v_walked := search_walk(v_tenant, p_filter, v_below, v_from, v_walk);
      v_low := CASE WHEN cardinality(v_walked) < v_walk THEN v_from ELSE v_walked[v_walk] END;
      v_hits := search_hits_of(
        'w.tenant_id = $1 AND w.contact_id = ANY($6) AND w.words @@ $2',
        v_tenant, v_query, p_now, v_below, v_low, v_walked, p_filter, p_spaces, p_enough);
    END IF;
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
              ELSE format('search_slices($1, %s, %s)', v_week - ceil(v_span / 604800)::bigint, v_week) END || v_queue || ')',
          v_tenant, v_query, p_now, v_low, v_edge, v_walked, p_filter, p_spaces, 20000);
        v_hits.ids := v_hits.ids || v_more.ids;
        v_hits.scores := v_hits.scores || v_more.scores;
        EXIT WHEN v_edge <= v_from OR cardinality(v_hits.ids) >= p_enough;
        v_low := v_edge;
      END LOOP;
    END IF;
    EXIT WHEN cardinality(v_hits.ids) >= c_page OR numnode(p_beginning) = 0 OR v_try = 2;
    EXIT WHEN numnode(p_last) > 0 AND EXISTS (SELECT FROM (SELECT w.words FROM contact_words AS w WHERE w.tenant_id = v_tenant
      ORDER BY w.contact_id DESC LIMIT c_all) AS w WHERE w.words @@ p_last);
    v_query := p_beginning;
    v_low := CASE WHEN cardinality(v_walked) < v_walk THEN v_from ELSE v_walked[v_walk] END;
  END LOOP;
  RETURN QUERY SELECT h.id, h.score, CASE WHEN v_edge <= v_from THEN 0 ELSE v_edge END
    FROM unnest(v_hits.ids, v_hits.scores) AS h (id, score);
END $$;
"""


def upgrade() -> None:
    op.execute(_REFRESH)
    op.execute(_SEARCH)
