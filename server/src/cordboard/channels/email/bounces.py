"""A non-delivery report that came in is linked to the mail that it is about (RFC 3464)."""

from datetime import datetime

from cordboard.channels.email import repository, tables
from cordboard.channels.email.repository import ReportRow
from cordboard.channels.email.understanding import Bounce
from cordboard.db.database import Connection


async def link_bounce(connection: Connection, tenant_id: str, bounce: Bounce, now: datetime) -> bool:
    """The mail is bounced from now on and the core will be told. False: it is not ours, or it only tells of a delay."""
    if not bounce.permanent or not bounce.original_message_id:
        return False
    row = await connection.fetchrow(tables.FIND_OUTGOING, bounce.original_message_id)
    if row is None or row["state"] == "bounced":
        return False
    detail = " ".join(part for part in (bounce.status, bounce.diagnostic) if part)[:500]
    await repository.set_state(connection, row["id"], "bounced", detail)
    (report_id,) = await repository.next_ids(connection, tenant_id)
    report = ReportRow(report_id, row["id"], row["contact_id"], "bounced", detail, now)
    await repository.add_report(connection, tenant_id, report)
    return True
