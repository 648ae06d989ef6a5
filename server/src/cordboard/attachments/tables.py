"""SQL of the files of chats."""

_FILE = "id, contact_id, hash, name, media_type, size, by_agent, expires_at, downloads_left"
ADD_FILE = f"""
INSERT INTO chat_file (tenant_id, id, contact_id, hash, name, media_type, size, by_agent, added_at, expires_at, downloads_left)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (tenant_id, id) DO UPDATE SET name = EXCLUDED.name
RETURNING {_FILE}
"""  # noqa: S608  # constants
FIND_FILE = f"SELECT {_FILE} FROM chat_file WHERE id = $1 AND contact_id = ANY($2::bigint[])"  # noqa: S608
TAKE_DOWNLOAD = f"""
UPDATE chat_file SET downloads_left = downloads_left - CASE WHEN downloads_left IS NULL THEN 0 ELSE 1 END
WHERE id = $1 AND contact_id = ANY($2::bigint[]) AND (expires_at IS NULL OR expires_at > $3)
AND (downloads_left IS NULL OR downloads_left > 0) RETURNING {_FILE}
"""  # noqa: S608
