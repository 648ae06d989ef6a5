"""Figures as a table that a person can read, and as JSON."""

import json
from collections.abc import Mapping, Sequence

Cell = str | float | int | None
Row = Mapping[str, Cell]


def show(title: str, rows: Sequence[Row]) -> None:
    """Prints the rows under the names of their columns; None is a dash."""
    if not rows:
        return
    columns = list(rows[0])
    texts = [[_text(row.get(column)) for column in columns] for row in rows]
    widths = [max(len(column), *(len(line[i]) for line in texts)) for i, column in enumerate(columns)]
    print(f"\n{title}")
    print("  ".join(column.rjust(width) for column, width in zip(columns, widths, strict=True)))
    for line in texts:
        print("  ".join(text.rjust(width) for text, width in zip(line, widths, strict=True)), flush=True)


def as_json(tables: Mapping[str, object]) -> str:
    return json.dumps(tables, indent=2)


def verdict(what: str, reached: float, wanted: str, good: bool) -> str:
    return f"{'reached' if good else 'MISSED '}  {what}: {_text(reached)} (wanted {wanted})"


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of them lie; nan when there are none."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _text(cell: Cell) -> str:
    if cell is None:
        return "-"
    return f"{cell:.2f}" if isinstance(cell, float) else str(cell)
