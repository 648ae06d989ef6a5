"""The library of predefined answers, what has been used of it, vectors of its texts; the company's own words.

Full text is not leakproof, so that its index is of no use under row-level security: `search_answers` looks in with its
owner's rights, within the tenant of the transaction alone.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE answer_theme (
    tenant_id text NOT NULL,
    id text NOT NULL,
    parent_id text,
    names jsonb NOT NULL,
    position integer NOT NULL DEFAULT 0,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, parent_id) REFERENCES answer_theme (tenant_id, id),
    CHECK (parent_id <> id)
);
CREATE INDEX answer_theme_parent ON answer_theme (tenant_id, parent_id);
CREATE TABLE answer (
    tenant_id text NOT NULL,
    id text NOT NULL,
    theme_id text NOT NULL,
    short_name text NOT NULL DEFAULT '' CHECK (short_name = lower(short_name)),
    space_id text NOT NULL DEFAULT '',
    channels text[] NOT NULL,
    valid_from date,
    valid_until date,
    position integer NOT NULL DEFAULT 0,
    attachments jsonb NOT NULL DEFAULT '[]',
    version integer NOT NULL DEFAULT 1,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, theme_id) REFERENCES answer_theme (tenant_id, id),
    CHECK (valid_from IS NULL OR valid_until IS NULL OR valid_from <= valid_until)
);
CREATE INDEX answer_of_theme ON answer (tenant_id, theme_id, position);
CREATE UNIQUE INDEX answer_short_name ON answer (tenant_id, short_name) WHERE short_name <> '';
CREATE TABLE answer_text (
    tenant_id text NOT NULL,
    answer_id text NOT NULL,
    language text NOT NULL,
    title text NOT NULL,
    html text NOT NULL,
    text text NOT NULL,
    words tsvector NOT NULL,
    PRIMARY KEY (tenant_id, answer_id, language),
    FOREIGN KEY (tenant_id, answer_id) REFERENCES answer (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX answer_text_words ON answer_text USING gin (words);
CREATE TABLE answer_use (
    tenant_id text NOT NULL,
    answer_id text NOT NULL,
    contact_id bigint NOT NULL,
    person_id text NOT NULL,
    language text NOT NULL,
    sent boolean NOT NULL,
    edited_ratio real NOT NULL CHECK (edited_ratio BETWEEN 0 AND 1),
    question bytea,
    used_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, answer_id, contact_id, person_id),
    FOREIGN KEY (tenant_id, answer_id) REFERENCES answer (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX answer_use_newest ON answer_use (tenant_id, used_at);
CREATE TABLE answer_vector (
    tenant_id text NOT NULL,
    hash bytea NOT NULL,
    vector bytea NOT NULL,
    PRIMARY KEY (tenant_id, hash)
);
CREATE TABLE spelling_word (
    tenant_id text NOT NULL,
    language text NOT NULL,
    word text NOT NULL,
    PRIMARY KEY (tenant_id, language, word)
);
"""

_OF_A_TENANT = ("answer_theme", "answer", "answer_text", "answer_use", "answer_vector", "spelling_word")

_SEARCH = """
CREATE FUNCTION search_answers(languages text[], dictionaries text[], wanted text[])
RETURNS TABLE (answer_id text, language text, rank real)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT t.answer_id, t.language, ts_rank(t.words, q.query, 1)
    FROM unnest(languages, dictionaries, wanted) AS w (language, dictionary, wanted)
    CROSS JOIN LATERAL (SELECT to_tsquery(w.dictionary::regconfig, w.wanted) AS query) AS q
    JOIN public.answer_text t ON t.language = w.language AND t.words @@ q.query
    WHERE t.tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), ''))
$$;
REVOKE ALL ON FUNCTION search_answers(text[], text[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_answers(text[], text[], text[]) TO cordboard_app;
"""


def upgrade() -> None:
    op.execute(_TABLES)
    for table in _OF_A_TENANT:
        op.execute(f"SELECT protect_tenant_table('{table}', 'SELECT, INSERT, UPDATE, DELETE')")
    op.execute("CREATE POLICY look_up ON answer_text FOR SELECT TO CURRENT_USER USING (true)")
    op.execute(_SEARCH)
