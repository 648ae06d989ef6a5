"""SQL of the layouts."""

FIND_LAYOUT = "SELECT version, document FROM layout WHERE person_id = $1"
SAVE_LAYOUT = """
INSERT INTO layout AS kept (tenant_id, person_id, version, document, changed_at) VALUES ($1, $2, 1, $3, $5)
ON CONFLICT (tenant_id, person_id) DO UPDATE SET
    version = kept.version + 1, document = excluded.document, changed_at = excluded.changed_at
WHERE $4::integer IS NULL OR kept.version = $4
RETURNING version
"""
