"""SQL of visitors' sessions."""

ADD_SESSION = """
INSERT INTO chat_session (tenant_id, token_hash, reference, button_id, contact_id, language, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
FIND_SESSION = """
SELECT reference, button_id, contact_id, language, expires_at FROM chat_session
WHERE token_hash = $1 AND expires_at > $2
"""
CONTACT_OF_REFERENCE = """
SELECT contact_id FROM chat_session WHERE reference = $1 AND expires_at > $2 ORDER BY created_at LIMIT 1
"""
CLEAR_SESSIONS = "DELETE FROM chat_session WHERE expires_at < $1"
TAKE_SURVEY = """
UPDATE chat_session SET surveyed_at = $2 WHERE token_hash = $1
AND NOT EXISTS (SELECT FROM chat_session s WHERE s.reference = chat_session.reference AND s.surveyed_at IS NOT NULL)
RETURNING reference
"""
GO_ON = """
UPDATE chat_session SET contact_id = $2, surveyed_at = NULL, expires_at = greatest(expires_at, $3) WHERE reference = $1
"""
