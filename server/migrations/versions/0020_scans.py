"""What a scan for harmful content has said of each blob."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_SCANS = """
ALTER TABLE blob
    ADD COLUMN scan text NOT NULL DEFAULT '',
    ADD COLUMN scan_detail text NOT NULL DEFAULT '',
    ADD COLUMN scanned_at timestamptz;
COMMENT ON COLUMN blob.scan IS 'clean, infected or failed; empty until it was looked at.';
CREATE INDEX blob_to_scan ON blob (tenant_id, stored_at) WHERE scan = '' AND media_type <> 'message/rfc822';
"""


def upgrade() -> None:
    op.execute(_SCANS)
