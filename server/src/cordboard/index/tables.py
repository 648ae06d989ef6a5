"""SQL of the projections. Rows travel as one JSON array, in one statement, however many they are."""

from dataclasses import fields

from cordboard.index.fold import IndexRow

NAME = "contact_index"
COLUMNS = tuple(field.name for field in fields(IndexRow))

WHOLE = 32_767
"""The ordinal after which an event has no more facts."""

BEHIND = f"""
SELECT l.last_seq > 0 AND ((coalesce(p.projected_seq, 0), coalesce(p.projected_ordinal, 0)) < (l.last_seq, {WHOLE})
        OR coalesce(p.version, 0) <> $2) AS behind,
    l.last_seq, coalesce(p.projected_seq, 0) AS projected_seq
FROM lease AS l LEFT JOIN projection AS p ON p.tenant_id = l.tenant_id AND p.name = $1
"""  # noqa: S608
BEGIN_PROJECTION = """
INSERT INTO projection (tenant_id, name, version) VALUES (current_setting('app.tenant_id'), $1, $2)
ON CONFLICT (tenant_id, name) DO NOTHING
"""
CLAIM = "SELECT version, projected_seq, projected_ordinal FROM projection WHERE name = $1 FOR UPDATE"
LAST_SEQ = "SELECT coalesce(max(last_seq), 0) AS last_seq FROM lease"
ADVANCE = "UPDATE projection SET version = $2, projected_seq = $3, projected_ordinal = $4 WHERE name = $1"
FACTS = """
SELECT seq, ordinal, at, kind, body::text AS body FROM fact
WHERE (seq, ordinal) > ($1, $2) AND seq <= $3 AND kind = ANY($4::text[]) ORDER BY seq, ordinal LIMIT $5
"""
ROWS = f"SELECT {', '.join(COLUMNS)} FROM contact_index WHERE contact_id = ANY($1::bigint[])"  # noqa: S608  # constants
PUT_ROWS = f"""
INSERT INTO contact_index (tenant_id, {", ".join(COLUMNS)})
SELECT current_setting('app.tenant_id'), {", ".join(COLUMNS)} FROM jsonb_populate_recordset(NULL::contact_index, $1::jsonb)
ON CONFLICT (tenant_id, contact_id) DO UPDATE SET
    {", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name != "contact_id")}
"""  # noqa: S608
PUT_AGENTS = """
INSERT INTO contact_of_agent (tenant_id, agent_id, contact_id)
SELECT current_setting('app.tenant_id'), agent_id, contact_id FROM unnest($1::text[], $2::bigint[]) AS new (agent_id, contact_id)
ON CONFLICT DO NOTHING
"""
PUT_TEXTS = """
INSERT INTO contact_text (tenant_id, contact_id, source, key, at, language, text, terms)
SELECT current_setting('app.tenant_id'), contact_id, source, key, at, language, text, terms
FROM jsonb_populate_recordset(NULL::contact_text, $1::jsonb)
ON CONFLICT (tenant_id, contact_id, source, key) DO UPDATE SET at = excluded.at, language = excluded.language,
    text = excluded.text, terms = excluded.terms
"""
MAILS = """
SELECT id, received_at, language, sender, sender_name, recipients::text AS recipients, subject, message_id, text,
    attachments::text AS attachments
FROM mail WHERE id = ANY($1::bigint[])
"""
REFRESH = "SELECT search_refresh($1::bigint[])"

FORGET_INDEX = "DELETE FROM contact_index"
FORGET_AGENTS = "DELETE FROM contact_of_agent"
FORGET_TEXTS = "DELETE FROM contact_text"
FORGET_WORDS = "DELETE FROM contact_words"
FORGET_CURSOR = "UPDATE projection SET version = 0, projected_seq = 0, projected_ordinal = 0 WHERE name = $1"
ERASE_TEXTS = "DELETE FROM contact_text WHERE contact_id = ANY($1::bigint[])"
ERASE_WORDS = "DELETE FROM contact_words WHERE contact_id = ANY($1::bigint[])"
ERASE_ROWS = """
UPDATE contact_index SET remote = '', remote_name = '', subject = '', reference = '', note = ''
WHERE contact_id = ANY($1::bigint[])
"""
OLD_TEXTS = "SELECT DISTINCT contact_id FROM contact_text WHERE at < $1 LIMIT $2"
DROP_OLD = "DELETE FROM contact_text WHERE at < $1 AND contact_id = ANY($2::bigint[])"
