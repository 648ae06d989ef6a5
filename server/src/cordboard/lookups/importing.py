"""Reads a file of rows for a table: CSV with the columns' names in its first line, as spreadsheets write it. Pure."""

import csv
import io
from collections.abc import Iterator

from cordboard.core.config import Table
from cordboard.errors import Refused
from cordboard.lookups.rows import MOST_ROWS

LONGEST_CELL = 2_000


class RowsWrong(Refused):
    """The file can not be imported; nothing was changed."""

    code = "rows_wrong"
    status = 422


def read_rows(table: Table, content: bytes) -> list[dict[str, str]]:
    """The rows of the file; raises RowsWrong with the line at fault. Columns that the file leaves out are empty."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")  # what spreadsheets on Windows write
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        return list(_rows(table, lines))
    except csv.Error as error:
        raise RowsWrong(f"The file can not be read as CSV: {error}. Nothing was changed.") from error


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max((",", ";", "\t"), key=first.count)


def _rows(table: Table, lines: Iterator[list[str]]) -> Iterator[dict[str, str]]:
    names = [name.strip() for name in next(lines, [])]
    _check_names(table, names)
    seen: dict[str, int] = {}
    for number, cells in enumerate(lines, 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(names):
            raise RowsWrong(
                f"Line {number} has {len(cells)} values for {len(names)} columns. Nothing was changed."
            )
        row = dict.fromkeys(table.columns, "") | {
            name: cell.strip() for name, cell in zip(names, cells, strict=False)
        }
        key = row[table.key_column].lower()
        if not key:
            raise RowsWrong(
                f"Line {number} has no {table.key_column}, which names the row. Nothing was changed."
            )
        if key in seen:
            raise RowsWrong(
                f"Lines {seen[key]} and {number} both have the {table.key_column} {key!r}. Nothing was changed."
            )
        if any(len(value) > LONGEST_CELL for value in row.values()):
            raise RowsWrong(
                f"Line {number} has a value of more than {LONGEST_CELL} characters. Nothing was changed."
            )
        seen[key] = number
        if len(seen) > MOST_ROWS:
            raise RowsWrong(f"A table has at most {MOST_ROWS} rows. Nothing was changed.")
        yield row


def _check_names(table: Table, names: list[str]) -> None:
    there = f"Table {table.id} has the columns {', '.join(table.columns)}."
    for name in names:
        if name not in table.columns:
            raise RowsWrong(f"The file's first line has {name!r}. {there} Nothing was changed.")
    if table.key_column not in names:
        raise RowsWrong(
            f"The file's first line does not have {table.key_column}. {there} Nothing was changed."
        )
    if len(set(names)) < len(names):
        raise RowsWrong("The file's first line has a column twice. Nothing was changed.")
