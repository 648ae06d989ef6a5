"""SQL of persons, logins, sessions and of the throttle. Rows come back as the dataclasses of `repository`."""

FIND_LOGIN = "SELECT tenant_id, login, person_id, password_hash, disabled FROM find_login($1)"
FIND_SESSION = """
SELECT id, tenant_id, person_id, name, login, agent_id, roles, language, created_at, expires_at
FROM find_session($1) WHERE expires_at > $2
"""

GET_PERSON = "SELECT id, name, email, language, agent_id, roles FROM person WHERE id = $1"
SAVE_PERSON = """
INSERT INTO person (tenant_id, id, name, email, language, agent_id, roles) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (tenant_id, id) DO UPDATE SET name = excluded.name, email = excluded.email, language = excluded.language,
    agent_id = excluded.agent_id, roles = excluded.roles
"""
LOGINS_OF = "SELECT login FROM login WHERE person_id = $1 ORDER BY login"
ADD_LOGIN = """
INSERT INTO login (tenant_id, login, person_id, password_hash, password_changed_at) VALUES ($1, $2, $3, $4, $5)
"""
MOVE_LOGIN = "UPDATE login SET person_id = $2, disabled_at = NULL WHERE login = $1"
SET_PASSWORD = "UPDATE login SET password_hash = $2, password_changed_at = $3 WHERE login = $1"  # noqa: S105  # SQL
DISABLE_LOGINS = """
UPDATE login SET disabled_at = $2 WHERE NOT (login = ANY($1::text[])) AND disabled_at IS NULL
"""
END_SESSIONS_OF_LOGIN = "UPDATE session SET ended_at = $2 WHERE login = $1 AND ended_at IS NULL"
END_SESSIONS_WITHOUT_LOGIN = """
UPDATE session SET ended_at = $1
WHERE ended_at IS NULL AND login IN (SELECT login FROM login WHERE disabled_at IS NOT NULL)
"""

ADD_SESSION = """
INSERT INTO session (tenant_id, id, token_hash, person_id, login, created_at, expires_at, address, browser)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
SESSIONS_OF = """
SELECT id, login, created_at, expires_at, address, browser FROM session
WHERE person_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY created_at DESC
"""
END_SESSION = (
    "UPDATE session SET ended_at = $3 WHERE id = $1 AND person_id = $2 AND ended_at IS NULL RETURNING id"
)
END_OTHER_SESSIONS = """
UPDATE session SET ended_at = $3 WHERE person_id = $1 AND id <> $2 AND login = $4 AND ended_at IS NULL RETURNING id
"""
DELETE_OLD_SESSIONS = "DELETE FROM session WHERE expires_at < $1"

FIND_THROTTLE = "SELECT max(locked_until) AS locked_until FROM login_throttle WHERE key = ANY($1::bytea[])"
COUNT_FAILURE = """
INSERT INTO login_throttle AS t (key, failures, first_at, locked_until) VALUES ($1, 1, $2, NULL)
ON CONFLICT (key) DO UPDATE SET
    failures = CASE WHEN t.first_at < $3 THEN 1 ELSE t.failures + 1 END,
    first_at = CASE WHEN t.first_at < $3 THEN $2 ELSE t.first_at END,
    locked_until = t.locked_until
RETURNING failures
"""
LOCK = "UPDATE login_throttle SET locked_until = $2 WHERE key = $1"
FORGET_FAILURES = "DELETE FROM login_throttle WHERE key = $1"
DELETE_OLD_FAILURES = (
    "DELETE FROM login_throttle WHERE first_at < $1 AND (locked_until IS NULL OR locked_until < $2)"
)
