"""The rows of customers' tables, in which scripts look things up."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE customer_row (
    tenant_id text NOT NULL,
    table_id text NOT NULL,
    key text NOT NULL,
    data jsonb NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, table_id, key)
);
COMMENT ON COLUMN customer_row.key IS 'The value of the column that names the row, in small letters.';
"""


def upgrade() -> None:
    op.execute(_TABLE)
    op.execute("SELECT protect_tenant_table('customer_row', 'SELECT, INSERT, UPDATE, DELETE')")
