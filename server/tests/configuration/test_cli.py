"""`cordboard plan`, `apply`, `export` and `rollback` as a person types them, on a database without a running centre."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from cordboard.cli import main
from cordboard.testing.postgres import Database as Addresses
from tests.configuration.documents import SMALL, changed


@dataclass(frozen=True, slots=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def run(
    fresh_database: Callable[[], Addresses],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Run]:
    """The command's `main`, in this process: starting Python a dozen times would be most of the test."""
    monkeypatch.setenv("CORDBOARD_DATABASE_URL", fresh_database().app_dsn)
    monkeypatch.setenv("CORDBOARD_DATA_DIR", str(tmp_path / "data"))

    def command(*words: str, given: str = "") -> Done:
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
        with pytest.raises(SystemExit) as ended:
            main(words)
        said = capsys.readouterr()
        return Done(int(ended.value.code or 0), said.out, said.err)

    yield command
    structlog.reset_defaults()


def test_from_the_first_apply_to_the_rollback(run: Run, tmp_path: Path) -> None:
    file, exported = tmp_path / "centre.yaml", tmp_path / "exported.yaml"
    file.write_text(SMALL)

    first = run("apply", str(file))
    assert first.returncode == 0, first.stderr
    assert "Version 1 is published" in first.stdout
    assert "amelie" in first.stdout.split("first password")[1]

    assert run("export", str(exported)).returncode == 0
    assert exported.read_text() == SMALL
    nothing = run("plan", str(exported), "--detailed-exitcode")
    assert (nothing.returncode, nothing.stdout) == (0, "No changes: version 1 says the same.\n")

    file.write_text(changed(SMALL, ("ring: 20s", "ring: 15s")))
    planned = run("plan", str(file), "--detailed-exitcode")
    assert planned.returncode == 2
    assert "~ Queue sales: ring time 20 s → 15 s" in planned.stdout
    assert run("apply", str(file), "--base", "0").returncode == 1
    applied = run("apply", str(file), "--note", "faster")
    assert "Version 2 is published" in applied.stdout

    assert "ring: 20s" in run("export", "--version", "1").stdout
    assert "ring: 15s" in run("export").stdout
    back = run("rollback", "1")
    assert back.returncode == 0, back.stderr
    assert "ring time 15 s → 20 s" in back.stdout
    listed = run("rollback").stdout
    assert ("faster" in listed, "Back to version 1" in listed) == (True, True)


def test_a_wrong_file_shows_the_line_and_a_finger(run: Run) -> None:
    wrong = changed(SMALL, ("ring: 20s", "rign: 20s"))
    done = run("apply", "-", given=wrong)
    assert done.returncode == 1
    line = next(number for number, text in enumerate(wrong.splitlines(), 1) if "rign" in text)
    assert f"-:{line}:37 queues.sales.rign" in done.stderr
    assert "Did you mean 'ring'?" in done.stderr
    assert done.stderr.splitlines()[3].index("^") == done.stderr.splitlines()[2].index("rign")


def test_what_can_not_be_done_is_one_sentence(run: Run, tmp_path: Path) -> None:
    nothing = run("export")
    assert nothing.returncode == 1
    assert nothing.stderr == "cordboard export: There is no customer yet: apply a document first.\n"
    missing = run("plan", str(tmp_path / "missing.yaml"))
    assert "can not be read: No such file or directory." in missing.stderr
    assert "Traceback" not in nothing.stderr + missing.stderr


def test_rows_of_a_table(run: Run, tmp_path: Path) -> None:
    centre, file = tmp_path / "centre.yaml", tmp_path / "orders.csv"
    centre.write_text(SMALL + "tables:\n  orders: {name: Orders, columns: [number, state]}\n")
    assert run("apply", str(centre)).returncode == 0
    file.write_text("number,state\nA1,sent\nb2,paid\n")
    assert run("table", "import", "orders", str(file)).stdout == "orders: 2 rows loaded.\n"
    file.write_text("number;state\na1;here\n")
    assert (
        run("table", "import", "orders", str(file), "--replace").stdout
        == "orders: 1 rows loaded, 1 removed.\n"
    )
    assert run("table", "export", "orders").stdout == "number,state\na1,here\n"
    assert run("table", "list").stdout.split()[:2] == ["orders", "1"]
    wrong = run("table", "import", "order", str(file))
    assert wrong.returncode == 1 and "no table 'order' (there is orders)" in wrong.stderr
    file.write_text("number;colour\na1;here\n")
    wrong = run("table", "import", "orders", str(file))
    assert wrong.returncode == 1 and "Nothing was changed" in wrong.stderr
    assert run("table", "import", "orders", str(tmp_path / "none.csv")).returncode == 1
