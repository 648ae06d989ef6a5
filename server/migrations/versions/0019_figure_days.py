"""Days that are over, in numbers: what their facts make in figures, so that a month is not folded at each question."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE figure_day (
    tenant_id text NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    fold integer NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (tenant_id, since)
);
ALTER TABLE figure_day ALTER COLUMN body SET STORAGE EXTERNAL;
COMMENT ON TABLE figure_day IS
  'Made from the facts (cordboard.core.statistics.days), of no use beyond speed: what is deleted is made anew. fold: by which version.';
"""


def upgrade() -> None:
    op.execute(_TABLE)
    op.execute("SELECT protect_tenant_table('figure_day', 'SELECT, INSERT, UPDATE, DELETE')")
