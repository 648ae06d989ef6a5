"""Finds the mails whose words are too old."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX mail_to_forget ON mail (tenant_id, received_at) WHERE (raw_hash <> '' OR text <> '' OR html <> '')"
    )
    op.execute("CREATE INDEX blob_stored_at ON blob (tenant_id, stored_at)")
