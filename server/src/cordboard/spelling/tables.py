"""SQL of the company's words."""

WORDS = "SELECT word FROM spelling_word WHERE language = $1 ORDER BY lower(word), word"
DROP_WORDS = "DELETE FROM spelling_word WHERE language = $1 AND word <> ALL($2::text[])"
DROP_WORD = "DELETE FROM spelling_word WHERE language = $1 AND word = $2"
ADD_WORDS = """
INSERT INTO spelling_word (tenant_id, language, word) SELECT $1, $2, unnest($3::text[]) ON CONFLICT DO NOTHING
"""
LIBRARY_TEXTS = (
    "SELECT title || ' ' || text AS text FROM answer_text WHERE language = $1 ORDER BY answer_id LIMIT 500"
)
