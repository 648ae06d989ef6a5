"""SQL of the history's list. A contact's id is the journal sequence of its arrival, so pages go by id."""

RECENT = """
SELECT contact_id FROM fact
WHERE kind = 'contact_arrived' AND seq < $1 AND ($2 = '' OR contact_id::text = $2
    OR position(lower($2) IN lower(body ->> 'remote')) > 0 OR position(lower($2) IN lower(body ->> 'remote_name')) > 0
    OR position(lower($2) IN lower(body ->> 'address')) > 0)
ORDER BY seq DESC LIMIT $3
"""
RECENT_OF_AGENT = """
SELECT contact_id FROM (
    SELECT DISTINCT mine.contact_id FROM fact AS mine
    WHERE mine.agent_id = $4 AND mine.contact_id < $1
      AND mine.kind IN ('contact_answered', 'offer_ended', 'wrapped_up', 'leg_started')
) AS mine
WHERE $2 = '' OR mine.contact_id::text = $2 OR EXISTS (
    SELECT FROM fact WHERE fact.seq = mine.contact_id AND fact.kind = 'contact_arrived'
      AND (position(lower($2) IN lower(fact.body ->> 'remote')) > 0
        OR position(lower($2) IN lower(fact.body ->> 'remote_name')) > 0
        OR position(lower($2) IN lower(fact.body ->> 'address')) > 0))
ORDER BY contact_id DESC LIMIT $3
"""
