"""SQL of phone accounts."""

SAVE_ACCOUNT = """
INSERT INTO phone_account (tenant_id, agent_id, browser, username, secret, session_id, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (tenant_id, agent_id, browser) DO UPDATE SET
    username = excluded.username, secret = excluded.secret, session_id = excluded.session_id,
    created_at = excluded.created_at
"""
FIND_ACCOUNT = """
SELECT agent_id, browser, username, secret, session_id FROM phone_account WHERE agent_id = $1 AND browser = $2
"""
ALL_ACCOUNTS = (
    "SELECT agent_id, browser, username, secret, session_id FROM phone_account ORDER BY agent_id, browser"
)
DELETE_ACCOUNT = "DELETE FROM phone_account WHERE agent_id = $1 AND browser = $2 RETURNING username"
