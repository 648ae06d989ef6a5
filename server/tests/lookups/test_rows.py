"""Rows of customers' tables in a real PostgreSQL: found by any column, each customer's apart; files that are imported."""

import pytest

from cordboard.core.config import Table
from cordboard.db.database import Database
from cordboard.lookups import rows
from cordboard.lookups.importing import RowsWrong, read_rows
from cordboard.testing.runtime import BEGIN

CLIENTS = Table("clients", "Clients", ("phone", "code", "level"), key="code")


async def test_rows_are_found_and_replaced(web_database: Database) -> None:
    async with web_database.tenant("first") as connection:
        given = read_rows(CLIENTS, b"code;phone;level\nA1;+33199001234; vip \nB2;+33199005678;\n")
        await rows.put_rows(connection, "first", CLIENTS, given, BEGIN)
        by_key = await rows.find_row(connection, CLIENTS, {"code": " a1 "})
        assert by_key == {"phone": "+33199001234", "code": "A1", "level": "vip"}
        assert await rows.find_row(connection, CLIENTS, {"phone": "+33199005678"}) is not None
        assert await rows.find_row(connection, CLIENTS, {"phone": "+33199001234", "level": "VIP"}) == by_key
        assert await rows.find_row(connection, CLIENTS, {"phone": "+33199001234", "level": "x"}) is None
        assert await rows.find_row(connection, CLIENTS, {"code": "A1", "level": "x"}) is None
        again = read_rows(CLIENTS, b"code,level\na1,gold\n")
        await rows.put_rows(connection, "first", CLIENTS, again, BEGIN)
        assert await rows.find_row(connection, CLIENTS, {"code": "A1"}) == {
            "phone": "",
            "code": "a1",
            "level": "gold",
        }
        assert (await rows.counts(connection))["clients"] == (2, BEGIN)
        assert await rows.keep_rows(connection, CLIENTS, ["A1"]) == 1
        assert [row["code"] for row in await rows.all_rows(connection, CLIENTS)] == ["a1"]
    async with web_database.tenant("second") as connection:
        assert await rows.find_row(connection, CLIENTS, {"code": "A1"}) is None
        assert await rows.counts(connection) == {}


@pytest.mark.parametrize(
    "content, sentence",
    [
        (b"", "does not have code"),
        (b"phone\n1\n", "does not have code"),
        (b"code,colour\n1,2\n", "'colour'"),
        (b"code,code\n1,2\n", "twice"),
        (b"code,level\n1,2,3\n", "Line 2 has 3 values"),
        (b"code,level\n1,2\n,3\n", "Line 3 has no code"),
        (b"code,level\nA,2\nb,1\na,3\n", "Lines 2 and 4"),
        (b'code,level\n1,"2\n', "can not be read as CSV"),
        (b"code,level\n1," + b"x" * 3_000 + b"\n", "more than 2000"),
    ],
)
def test_a_wrong_file_changes_nothing(content: bytes, sentence: str) -> None:
    with pytest.raises(RowsWrong, match=sentence) as wrong:
        read_rows(CLIENTS, content)
    assert "Nothing was changed" in str(wrong.value)


def test_files_of_spreadsheets() -> None:
    expected = [{"phone": "", "code": "é1", "level": "x,y"}]
    assert read_rows(CLIENTS, "\ufeffcode\tlevel\r\né1\tx,y\r\n\r\n".encode()) == expected
    assert read_rows(CLIENTS, 'code;level\r\né1;"x,y"\r\n'.encode("cp1252")) == expected
