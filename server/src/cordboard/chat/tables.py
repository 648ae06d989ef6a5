"""SQL of the internal chat."""

ADD_MESSAGE = """
INSERT INTO chat_message (tenant_id, key, from_id, from_name, to_id, text, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (tenant_id, from_id, key) DO NOTHING RETURNING id, from_id, from_name, to_id, text, at
"""
FIND_BY_KEY = (
    "SELECT id, from_id, from_name, to_id, text, at FROM chat_message WHERE from_id = $1 AND key = $2"
)
TEAM_MESSAGES = """
SELECT id, from_id, from_name, to_id, text, at FROM chat_message
WHERE to_id = 'team' AND id < $1 ORDER BY id DESC LIMIT $2
"""
MESSAGES_BETWEEN = """
SELECT id, from_id, from_name, to_id, text, at FROM chat_message
WHERE ((from_id = $1 AND to_id = $2) OR (from_id = $2 AND to_id = $1)) AND id < $3 ORDER BY id DESC LIMIT $4
"""
NEWEST_FOR = """
SELECT id, from_id, from_name, to_id, text, at FROM chat_message
WHERE to_id = 'team' OR to_id = $1 OR from_id = $1 ORDER BY id DESC LIMIT $2
"""
