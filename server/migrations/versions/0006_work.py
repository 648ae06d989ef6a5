"""Saved views of the list of work, and the indexes of its orders."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_VIEWS = """
CREATE TABLE work_view (
    tenant_id text NOT NULL,
    id text NOT NULL,
    person_id text NOT NULL,
    space_id text NOT NULL DEFAULT '',
    name text NOT NULL,
    filters jsonb NOT NULL,
    version integer NOT NULL DEFAULT 1,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON COLUMN work_view.space_id IS 'Shared with who works in this Space; "" keeps it for the person.';
CREATE INDEX work_view_person ON work_view (tenant_id, person_id);
"""

_ORDERS = """
CREATE INDEX contact_index_priority ON contact_index (tenant_id, priority DESC, contact_id) WHERE state <> 'closed';
CREATE INDEX contact_index_last_mail ON contact_index (tenant_id, (coalesce(last_mail_at, arrived_at)), contact_id)
    WHERE state <> 'closed';
"""


def upgrade() -> None:
    op.execute(_VIEWS)
    op.execute("SELECT protect_tenant_table('work_view', 'SELECT, INSERT, UPDATE, DELETE')")
    op.execute(_ORDERS)
