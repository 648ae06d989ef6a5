"""The list knows of answers that are on their way: they decide whether a contact that its agent has let go of is being sent."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE contact_index ADD COLUMN leaving integer NOT NULL DEFAULT 0")
