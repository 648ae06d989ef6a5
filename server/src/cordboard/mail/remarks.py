"""What the validation said of the mails of a thread: why one was sent back, and what it has changed in another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cordboard.db.database import Connection
from cordboard.mail import schemas, tables
from cordboard.mail.repository import Mail


@dataclass(frozen=True, slots=True)
class Remark:
    """`corrects`: the author's mail that this one has left instead of."""

    words: str
    by: schemas.Named | None
    corrects: int | None = None


NO_REMARK = Remark("", None)


async def remarks_on(
    connection: Connection, mails: Sequence[Mail], contact_ids: Sequence[int]
) -> Mapping[int, Remark]:
    """By the number of the mail."""
    sent_back = await connection.fetch(tables.REMARKS, list(contact_ids))
    corrected = [mail for mail in mails if mail.direction == "out" and mail.headers.get("corrects")]
    ids = {row["person_id"] for row in sent_back} | {_person(mail) for mail in corrected}
    if not ids:
        return {}
    rows = await connection.fetch(tables.PEOPLE, sorted(ids))
    people = {row["id"]: schemas.Named(id=row["id"], name=row["name"]) for row in rows}
    said = {row["mail_id"]: Remark(row["remark"], people.get(row["person_id"])) for row in sent_back}
    for mail in corrected:
        words, corrects = str(mail.headers.get("remark") or ""), int(str(mail.headers["corrects"]))
        said[mail.id] = Remark(words, people.get(_person(mail)), corrects)
    return said


def _person(mail: Mail) -> str:
    return str(mail.headers.get("person") or "")
