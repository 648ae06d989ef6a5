"""sipp with its counters: how many calls went as the scenario says, and how many did not."""

import csv
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cordboard.testing.sipp.parties import Party, SipServer, start_scenario
from cordboard.testing.sipp.scenarios import Step, caller_scenario, phone_scenario
from rig.telephones import HOST


@dataclass(frozen=True, slots=True)
class Counted:
    made: int
    good: int
    failed: int
    present: int


class Counting:
    """A running sipp whose counters are written every second."""

    def __init__(self, folder: Path, name: str, scenario: str, arguments: Sequence[str]) -> None:
        self._file = folder / f"{name}.csv"
        self._file.unlink(missing_ok=True)
        counters = ["-trace_stat", "-stf", str(self._file), "-fd", "1"]
        self.party: Party = start_scenario(folder, name, scenario, [*arguments, *counters])

    def counted(self) -> Counted:
        last = _last_row(self._file)

        def number(column: str) -> int:
            return int(float(last.get(column) or 0))

        return Counted(
            number("TotalCallCreated"),
            number("SuccessfulCall(C)"),
            number("FailedCall(C)"),
            number("CurrentCall"),
        )

    def answered(self) -> tuple[int, int]:
        """Of telephones: calls answered so far, and how many of them have ended. Requests outside of calls do not count."""
        found = sorted(self.party.folder.glob(f"{self.party.name}_*_counts.csv"))
        last = _last_row(found[-1]) if found else {}

        def received(method: str) -> int:
            return sum(
                int(count or 0) for column, count in last.items() if column.endswith(f"_{method}_Recv")
            )

        return received("ACK"), received("BYE")

    def wait(self, seconds: float) -> Counted:
        """Waits for the end (and ends it when it takes longer)."""
        deadline = time.monotonic() + seconds
        while self.party.running() and time.monotonic() < deadline:
            time.sleep(0.1)
        self.party.stop()
        return self.counted()

    def stop(self) -> Counted:
        time.sleep(1.2)  # for the counters of the last second
        counted = self.counted()
        self.party.stop()
        return counted


def _last_row(file: Path) -> dict[str, str]:
    """The newest line of counters, by column; empty while there is none."""
    if not file.exists():
        return {}
    with file.open(newline="", errors="replace") as lines:
        rows = [
            {column: value for column, value in row.items() if column and value is not None}
            for row in csv.DictReader(lines, delimiter=";")
        ]
    return rows[-1] if rows else {}


def missing() -> bool:
    return shutil.which("sipp") is None


def callers(
    folder: Path,
    name: str,
    server: SipServer,
    number: str,
    steps: Sequence[Step],
    *,
    calls: int,
    per_second: float,
    at_once: int,
    port: int,
) -> Counting:
    arguments = [
        f"{server.host}:{server.port}", "-key", "number", number, "-key", "caller", "+33639980000",
        "-key", "caller_name", "Bench", "-m", str(calls), "-r", str(per_second), "-l", str(at_once), "-p", str(port),
        "-mp", str(port + 2), "-recv_timeout", "60000", "-aa",
    ]  # fmt: skip
    return Counting(folder, name, caller_scenario(steps), arguments)


def phones(folder: Path, name: str, port: int) -> Counting:
    """All agents' telephones: whoever is called there answers at once and stays until the other side hangs up."""
    return Counting(
        folder,
        name,
        phone_scenario(),
        ["-p", str(port), "-mp", str(port + 2), "-aa", "-trace_counts", "-i", HOST, "-mi", HOST],
    )
