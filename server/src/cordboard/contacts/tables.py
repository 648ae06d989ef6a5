"""SQL of the history's list, over the index. A contact's id is the journal sequence of its arrival, so pages go by id."""

from cordboard.index.tables import COLUMNS

_MATCHES = """($2 = '' OR contact_id::text = $2 OR position(lower($2) IN lower(remote)) > 0
    OR position(lower($2) IN lower(remote_name)) > 0 OR position(lower($2) IN lower(address)) > 0)"""
RECENT = f"""
SELECT contact_id FROM contact_index WHERE contact_id < $1 AND {_MATCHES} ORDER BY contact_id DESC LIMIT $3
"""  # noqa: S608  # constants
RECENT_OF_AGENT = f"""
SELECT contact_id FROM contact_of_agent JOIN contact_index USING (tenant_id, contact_id)
WHERE contact_of_agent.agent_id = $4 AND contact_id < $1 AND {_MATCHES} ORDER BY contact_id DESC LIMIT $3
"""  # noqa: S608
ROWS = f"SELECT {', '.join(COLUMNS)} FROM contact_index WHERE contact_id = ANY($1::bigint[])"  # noqa: S608
