"""`cordboard stats` as a person types it, on a real database: the numbers are those of the facts, whole and in parts."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
import structlog

from cordboard.cli import main
from cordboard.core.facts import Recorded
from cordboard.core.statistics.period import fold_period
from cordboard.core.statistics.totals import Scope
from cordboard.runtime.codec import Codec
from cordboard.testing.postgres import Database as Addresses
from cordboard.testing.postgres import PostgresForTests
from tests.configuration.documents import SMALL
from tests.statistics.lives import lived
from tests.statistics.test_figures import recorded_of

LIFE = [
    "mail",
    "answer",
    "chat",
    "write",
    "close",
    "mail",
    "again",
    "wait",
    "call",
    "hang_up",
    "machine",
    "night",
    "mail",
]
INSERT = """
INSERT INTO fact (tenant_id, seq, ordinal, at, kind, contact_id, agent_id, queue_id, body)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def facts_until(end: datetime) -> list[Recorded]:
    """A story that was over an hour before. Its configuration is not the tenant's: queues are named by their ids."""
    recorded = [each for each in recorded_of(lived(LIFE)) if type(each.fact).__name__ != "ConfigChanged"]
    shift = end - timedelta(hours=1) - recorded[-1].at
    return [Recorded(each.seq, each.ordinal, each.at + shift, each.fact) for each in recorded]


@pytest.fixture
def addresses(
    postgres: PostgresForTests, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Addresses]:
    made = postgres.fresh_database()
    monkeypatch.setenv("CORDBOARD_DATABASE_URL", made.app_dsn)
    monkeypatch.setenv("CORDBOARD_DATA_DIR", str(tmp_path / "data"))
    yield made
    structlog.reset_defaults()
    postgres.drop(made)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(words)
    said = capsys.readouterr()
    assert not ended.value.code, said.err
    return said.out


def test_the_command_says_what_the_facts_say(
    addresses: Addresses, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "centre.yaml").write_text(SMALL)
    run(capsys, "apply", str(tmp_path / "centre.yaml"))
    recorded, codec = facts_until(datetime.now(UTC)), Codec()
    with psycopg.connect(addresses.superuser_dsn) as connection:
        tenant_id = connection.execute("SELECT id FROM tenant").fetchall()[0][0]
        for each in recorded:
            kind, body = codec.write_fact(each.fact)
            ids = (getattr(each.fact, name, None) or None for name in ("contact_id", "agent_id", "queue_id"))
            connection.execute(INSERT, (tenant_id, each.seq, each.ordinal, each.at, kind, *ids, body))
    begin = recorded[0].at - timedelta(minutes=5)
    period = ("--from", begin.astimezone(ZoneInfo("Europe/Paris")).strftime("%Y-%m-%d %H:%M:%S"), "--json")
    for options, scope in (
        ((), Scope()),
        (("--channel", "email"), Scope(channel="email")),
        (("--queue", "mail", "--days", "30"), Scope(queue_id="mail", repeat_days=30)),
        (("--agent", "emma"), Scope(agent_id="emma")),
    ):
        told = json.loads(run(capsys, "stats", *period, *options))
        until = datetime.fromisoformat(told["until"])
        since = datetime.fromisoformat(told["since"])
        expected = {
            each.figure.id: each.value
            for each in fold_period(recorded, lambda version: None, since, until).values(scope)
        }
        assert {row["id"]: row["value"] for row in told["figures"]} == pytest.approx(expected, nan_ok=True)
        for by in ("day", "queue", "channel"):
            parts = json.loads(run(capsys, "stats", *period, *options, "--by", by))["parts"]
            for figure_id in ("answered", "mails_answered"):
                counted = [part["values"].get(figure_id) or 0 for part in parts]
                assert sum(counted) == (expected[figure_id] or 0), (by, figure_id)
    table = run(capsys, "stats", *period[:2], "--by", "queue", "--figure", "mails_received")
    assert re.search(r"mail\s*[│|]\s*5\b", table), table
    listed = run(capsys, "stats", *period[:2], "--by", "hour", "--at", "received", "--channel", "email")
    assert "Emails received" in listed


def test_what_there_is_not_is_said(addresses: Addresses, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(("stats", "--figure", "moon"))
    assert ended.value.code == 2
    assert "there is no figure 'moon'" in re.sub(r"[\s│]+", " ", capsys.readouterr().err)
