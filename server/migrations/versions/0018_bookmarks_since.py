"""Inboxes that begin with what arrives from now on remember since when."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE mail_bookmark ADD COLUMN since timestamptz")
    op.execute(
        "COMMENT ON COLUMN mail_bookmark.since IS 'What arrived before is not fetched, whatever UIDs it has. NULL: everything is.'"
    )
