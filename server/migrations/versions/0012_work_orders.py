"""Orders of the list of work that a page can begin within, and a search in a part of the contacts that looks at fewer of them.

COALESCE counts as leaky under row-level security, CASE does not: only so is a cursor a condition of the index.
An agent's or a queue's contacts lie scattered: 600 of them are looked at, and 2,400 if the word is not rare; then the index is asked.
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ORDERS = """
DROP INDEX contact_index_due;
DROP INDEX contact_index_queue;
DROP INDEX contact_index_last_mail;
CREATE INDEX contact_index_due ON contact_index
    (tenant_id, (CASE WHEN due_at IS NULL THEN 'infinity' ELSE due_at END), contact_id) WHERE state <> 'closed';
CREATE INDEX contact_index_queue ON contact_index
    (tenant_id, queue_id, (CASE WHEN due_at IS NULL THEN 'infinity' ELSE due_at END), contact_id) WHERE state <> 'closed';
CREATE INDEX contact_index_last_mail ON contact_index
    (tenant_id, (CASE WHEN last_mail_at IS NULL THEN arrived_at ELSE last_mail_at END), contact_id) WHERE state <> 'closed';
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
      ORDER BY w.contact_id DESC LIMIT c_all) AS w WHERE w.words @@ p_last);
    v_query := p_beginning;
    v_low := CASE WHEN cardinality(v_walked) < v_walk THEN v_from ELSE v_walked[v_walk] END;
  END LOOP;
  RETURN QUERY SELECT h.id, h.score, CASE WHEN v_edge <= v_from THEN 0 ELSE v_edge END
    FROM unnest(v_hits.ids, v_hits.scores) AS h (id, score);
END $$;
"""


def upgrade() -> None:
    op.execute(_ORDERS)
    op.execute(_SEARCH)
