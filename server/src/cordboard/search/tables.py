"""SQL of the search beside the search function itself (migration 0005)."""

from cordboard.index.tables import COLUMNS

ROWS = f"SELECT {', '.join(COLUMNS)} FROM contact_index"  # noqa: S608  # constants
TEXTS = """
SELECT t.contact_id, t.source, t.at, t.text FROM unnest($1::bigint[]) AS wanted (id) CROSS JOIN LATERAL (
    SELECT contact_id, source, at, left(text, 20000) AS text FROM contact_text
    WHERE contact_text.contact_id = wanted.id AND text <> '' ORDER BY at DESC LIMIT 40
) AS t
"""
CONDITIONS = {
    "channel": "channel = {0}",
    "queue": "queue_id = {0}",
    "reason": "closing_reason_id = {0}",
    "agent": "contact_id IN (SELECT contact_id FROM contact_of_agent WHERE contact_of_agent.agent_id = {0})",
    "since": "arrived_at >= {0}",
    "until": "arrived_at < {0}",
    "before": "contact_id < {0}",
    "ids": "contact_id = ANY({0}::bigint[])",
}
OPEN, CLOSED = "state <> 'closed'", "state = 'closed'"
WITHIN = """((channel <> 'voice' AND space_id = ANY({0}::text[]))
    OR contact_id IN (SELECT contact_id FROM contact_of_agent WHERE contact_of_agent.agent_id = {1}))"""
