"""Closed contacts as a list, the last closed first. What a list is narrowed to is in the index: a year of them is counted without
their rows.
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_CLOSED = """
CREATE INDEX contact_index_closed ON contact_index (tenant_id, ended_at, contact_id)
    INCLUDE (channel, space_id, queue_id, agent_id, language) WHERE state = 'closed';
CREATE INDEX contact_index_closed_by ON contact_index (tenant_id, agent_id, ended_at, contact_id) WHERE state = 'closed';
"""


def upgrade() -> None:
    op.execute(_CLOSED)
