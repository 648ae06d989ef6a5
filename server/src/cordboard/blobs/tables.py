"""SQL of blobs. `stored_at` is when the content last came: what is old and named by nothing may go."""

ADD_BLOB = """
INSERT INTO blob (tenant_id, hash, size, media_type, stored_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, hash) DO UPDATE SET stored_at = excluded.stored_at
"""
FIND_BLOB = "SELECT hash, size, media_type, stored_at FROM blob WHERE hash = $1"
USE_BLOB = "UPDATE blob SET stored_at = $2 WHERE hash = $1 RETURNING hash, size, media_type, stored_at"
DELETE_BLOB = "DELETE FROM blob WHERE hash = $1 RETURNING hash"
