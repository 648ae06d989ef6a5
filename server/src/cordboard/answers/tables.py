"""SQL of the library."""

THEMES = """
SELECT t.id, coalesce(t.parent_id, '') AS parent_id, t.names::text AS names, t.position, t.version,
       (SELECT count(*) FROM answer a WHERE a.theme_id = t.id) AS answers
FROM answer_theme t ORDER BY t.position, t.id
"""
ADD_THEME = """
INSERT INTO answer_theme (tenant_id, id, parent_id, names, position) VALUES ($1, $2, nullif($3, ''), $4::jsonb, $5)
ON CONFLICT (tenant_id, id) DO NOTHING RETURNING version
"""
SAVE_THEME = """
UPDATE answer_theme SET parent_id = nullif($2, ''), names = $3::jsonb, position = $4, version = version + 1
WHERE id = $1 AND version = $5 RETURNING version
"""
DELETE_THEME = "DELETE FROM answer_theme WHERE id = $1 RETURNING id"
THEME_IN_USE = """
SELECT EXISTS (SELECT FROM answer WHERE theme_id = $1) OR EXISTS (SELECT FROM answer_theme WHERE parent_id = $1)
"""

# $1 language wanted first, $2 tenant's language, $3 themes (null: all), $4 channel, $5 Spaces (null: all), $6 the day on which it
# must be valid (null: whenever), $7 ids (null: all), $8 limit, $9 offset
LIST_ANSWERS = """
SELECT a.id, a.theme_id, a.short_name, a.space_id, a.channels, a.valid_from, a.valid_until, a.position,
       jsonb_array_length(a.attachments) AS attachments, a.version, a.changed_at, a.changed_by,
       coalesce(t.title, '') AS title, coalesce(t.language, '') AS language, coalesce(left(t.text, 200), '') AS beginning,
       coalesce(l.languages, '{}') AS languages,
       u.used, u.sent, u.kept, u.success, u.last_used_at
FROM answer a
LEFT JOIN LATERAL (
    SELECT title, language, text FROM answer_text WHERE answer_id = a.id
    ORDER BY language <> $1, language <> $2, language LIMIT 1
) AS t ON true
LEFT JOIN LATERAL (
    SELECT array_agg(language ORDER BY language) AS languages FROM answer_text WHERE answer_id = a.id
) AS l ON true
LEFT JOIN LATERAL (
    SELECT count(*) AS used, count(*) FILTER (WHERE sent) AS sent,
           count(*) FILTER (WHERE sent AND edited_ratio < 0.3) AS success,
           avg(1 - edited_ratio) FILTER (WHERE sent) AS kept, max(used_at) AS last_used_at
    FROM answer_use WHERE answer_id = a.id
) AS u ON true
WHERE ($3::text[] IS NULL OR a.theme_id = ANY($3)) AND ($4 = '' OR $4 = ANY(a.channels))
  AND ($5::text[] IS NULL OR a.space_id = '' OR a.space_id = ANY($5))
  AND ($6::date IS NULL OR ((a.valid_from IS NULL OR a.valid_from <= $6) AND (a.valid_until IS NULL OR a.valid_until >= $6)))
  AND ($7::text[] IS NULL OR a.id = ANY($7))
ORDER BY array_position($7::text[], a.id), a.theme_id, a.position, title, a.id LIMIT $8 OFFSET $9
"""
SEARCH = "SELECT answer_id, max(rank) AS rank FROM search_answers($1, $2, $3) GROUP BY answer_id ORDER BY rank DESC, answer_id LIMIT $4"
SEARCH_TEXTS = "SELECT answer_id, language, rank FROM search_answers($1, $2, $3)"
BY_SHORT_NAME = """
SELECT id FROM answer WHERE short_name <> '' AND starts_with(short_name, $1) ORDER BY short_name LIMIT $2
"""
ALL_ANSWERS = """
SELECT id, theme_id, short_name, space_id, channels, valid_from, valid_until, position, attachments::text AS attachments,
       version, changed_at, changed_by FROM answer ORDER BY theme_id, position, id
"""
ALL_TEXTS = "SELECT answer_id, language, title, html, text FROM answer_text ORDER BY answer_id, language"
CLEAR_SHORT_NAMES = "UPDATE answer SET short_name = '' WHERE id = ANY($1::text[])"
VERSION_OF = "SELECT version FROM answer WHERE id = $1"
GET_ANSWER = """
SELECT id, theme_id, short_name, space_id, channels, valid_from, valid_until, position, attachments::text AS attachments,
       version, changed_at, changed_by FROM answer WHERE id = $1
"""
TEXTS_OF = "SELECT language, title, html, text FROM answer_text WHERE answer_id = $1 ORDER BY language"
FIGURES_OF = """
SELECT count(*) AS used, count(*) FILTER (WHERE sent) AS sent,
       count(*) FILTER (WHERE sent AND edited_ratio < 0.3) AS success,
       avg(1 - edited_ratio) FILTER (WHERE sent) AS kept, max(used_at) AS last_used_at
FROM answer_use WHERE answer_id = $1
"""
ADD_ANSWER = """
INSERT INTO answer (tenant_id, id, theme_id, short_name, space_id, channels, valid_from, valid_until, position, changed_at,
                    changed_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (tenant_id, id) DO NOTHING RETURNING version
"""
SAVE_ANSWER = """
UPDATE answer SET theme_id = $2, short_name = $3, space_id = $4, channels = $5, valid_from = $6, valid_until = $7,
    position = $8, changed_at = $9, changed_by = $10, version = version + 1
WHERE id = $1 AND version = $11 RETURNING version
"""
SAVE_ATTACHMENTS = """
UPDATE answer SET attachments = $2::jsonb, changed_at = $3, changed_by = $4, version = version + 1
WHERE id = $1 AND version = $5 RETURNING version
"""
DELETE_ANSWER = "DELETE FROM answer WHERE id = $1 AND version = $2 RETURNING id"
SHORT_NAME_TAKEN = "SELECT id FROM answer WHERE short_name = $1 AND id <> $2"
THEME_THERE = "SELECT id FROM answer_theme WHERE id = $1"
SAVE_TEXT = """
INSERT INTO answer_text (tenant_id, answer_id, language, title, html, text, words)
VALUES ($1, $2, $3, $4, $5, $6,
    setweight(to_tsvector($7::text::regconfig, $4), 'A') || setweight(to_tsvector($7::text::regconfig, $6), 'D'))
ON CONFLICT (tenant_id, answer_id, language) DO UPDATE SET
    title = excluded.title, html = excluded.html, text = excluded.text, words = excluded.words
"""
DROP_TEXTS = "DELETE FROM answer_text WHERE answer_id = $1 AND language <> ALL($2::text[])"

# The most that a library in use has; more would make a question slow.
CANDIDATES = """
SELECT a.id AS answer_id, t.language, t.title, t.html, t.text
FROM answer a JOIN LATERAL (
    SELECT language, title, html, text FROM answer_text WHERE answer_id = a.id
    ORDER BY language <> $1, language <> $2, language LIMIT 1
) AS t ON true
WHERE ($3 = '' OR $3 = ANY(a.channels)) AND (a.space_id = '' OR a.space_id = $4)
  AND (a.valid_from IS NULL OR a.valid_from <= $5) AND (a.valid_until IS NULL OR a.valid_until >= $5)
ORDER BY a.id LIMIT 5000
"""
SAVE_USE = """
INSERT INTO answer_use (tenant_id, answer_id, contact_id, person_id, language, sent, edited_ratio, question, used_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (tenant_id, answer_id, contact_id, person_id) DO UPDATE SET
    language = excluded.language, sent = excluded.sent, edited_ratio = excluded.edited_ratio,
    question = coalesce(excluded.question, answer_use.question), used_at = excluded.used_at
"""
NEWEST_USES = """
SELECT answer_id, question, sent, edited_ratio FROM answer_use WHERE question IS NOT NULL ORDER BY used_at DESC LIMIT $1
"""
VECTORS = "SELECT hash, vector FROM answer_vector WHERE hash = ANY($1::bytea[])"
SAVE_VECTOR = """
INSERT INTO answer_vector (tenant_id, hash, vector) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
"""
REMEMBER_QUESTION = """
UPDATE answer_use SET question = $4
WHERE answer_id = $1 AND contact_id = $2 AND person_id = $3 AND question IS NULL
"""
NEWEST_MAIL = """
SELECT subject, text, language FROM mail WHERE contact_id = $1 AND direction = 'in' ORDER BY id DESC LIMIT 1
"""
LAST_WRITTEN = """
SELECT body ->> 'text' AS text FROM fact
WHERE contact_id = $1 AND kind = 'message_written' AND body ->> 'author' = 'visitor' AND body ->> 'text' <> ''
ORDER BY seq DESC, ordinal DESC LIMIT 3
"""
LANGUAGES = "SELECT DISTINCT language FROM answer_text ORDER BY language"
