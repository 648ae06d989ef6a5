"""What a vector is called: by the model and the text that it was made of. Vectors of texts that are gone are gone too."""

import hashlib

from cordboard.db.database import Connection

MODEL = "multilingual-e5-small-q4"
_BEFORE = f"{MODEL}\0".encode()
_DROP_LOST = """
DELETE FROM answer_vector WHERE hash NOT IN (
    SELECT sha256($1::bytea || convert_to(part, 'UTF8')) FROM answer_text, unnest(ARRAY[title, text]) AS part)
"""


def name_of(text: str) -> bytes:
    return hashlib.sha256(_BEFORE + text.encode()).digest()


async def drop_lost_vectors(connection: Connection) -> None:
    """In the transaction that changes texts: none of them can be found out from what was made of them."""
    await connection.execute(_DROP_LOST, _BEFORE)
