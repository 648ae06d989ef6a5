"""How often the right answer is among those suggested: the engine beside plain full text, on the demo library.

    python tools/bench/suggestions.py [--json]

The questions are those of `questions.yaml`: two in English and two in French for each answer of the demo library. Each is
asked of the engine (the real worker process) and of PostgreSQL full text (any of the words, in the language's dictionary,
titles above texts). "Learned" asks the second question of each answer after the first has been answered with the right one.

The last table is what the words beside a suggestion are worth (`answers/ranking.py`): of the three that are shown for each
question, how many are called so, and how often such a one is the right answer.
"""

import argparse
import asyncio
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import uvloop
import yaml

from cordboard.answers import repository
from cordboard.answers.ranking import Fit, Ranker, fits
from cordboard.answers.repository import CandidateRow, Listing
from cordboard.db.database import Database
from cordboard.db.embedded import EmbeddedPostgres
from cordboard.db.migrate import upgrade
from cordboard.demo import library
from cordboard.knowledge.suggestions.port import PastUse, Question, Scored
from cordboard.knowledge.suggestions.process import WorkerEngine, can_run
from cordboard.runtime.background import Background
from cordboard.runtime.clock import SystemClock
from cordboard.settings import APP_ROLE, OWNER_ROLE
from cordboard.testing.postgres import free_port

TENANT = "bench"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
QUESTIONS = Path(__file__).with_name("questions.yaml")
PAIRS = (("en", "en"), ("fr", "fr"), ("fr", "en"), ("en", "fr"))
"""Language of the question, of the library."""

Ask = Callable[[str], Awaitable[list[Scored] | None]]


@dataclass(slots=True)
class Row:
    """Percentages, and milliseconds a question."""

    what: str
    questions: str
    answers: str
    first: list[bool] = field(default_factory=list)
    three: list[bool] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)
    fits: list[tuple[Fit, bool]] = field(
        default_factory=list
    )  # of each that is shown: what it is called, and is it right

    async def ask(self, answer_id: str, text: str, ask: Ask) -> None:
        begin = time.perf_counter()
        found = await ask(text) or []
        self.spent.append((time.perf_counter() - begin) * 1000)
        ids = [each.answer_id for each in found[:3]]
        self.first.append(ids[:1] == [answer_id])
        self.three.append(answer_id in ids)
        called = fits(found, by_meaning=self.what != "full text")
        self.fits += [(fit, each == answer_id) for each, fit in zip(ids, called, strict=False)]

    def figures(self) -> dict[str, object]:
        count = len(self.first)
        return {
            "what": self.what,
            "questions": self.questions,
            "answers": self.answers,
            "count": count,
            "top_1": round(100 * sum(self.first) / count),
            "top_3": round(100 * sum(self.three) / count),
            "p50_ms": round(statistics.median(self.spent), 1),
            "p95_ms": round(statistics.quantiles(self.spent, n=20)[-1], 1),
        }


@dataclass(frozen=True, slots=True)
class Stage:
    database: Database
    ranker: Ranker
    questions: Mapping[str, Mapping[str, Sequence[str]]]

    async def candidates(self, language: str) -> list[CandidateRow]:
        async with self.database.tenant(TENANT) as connection:
            wanted = Listing(language, language, valid_on=NOW.date())
            return await repository.candidates(connection, wanted, "")

    def by_meaning(self, rows: list[CandidateRow], language: str, past: Sequence[PastUse] = ()) -> Ask:
        return lambda text: self.ranker.by_meaning(TENANT, rows, Question(text, language, past))

    def by_words(self, rows: list[CandidateRow]) -> Ask:
        by_id = {row.answer_id: row for row in rows}
        return lambda text: self.ranker.by_words(TENANT, by_id, text)


async def _compare(stage: Stage) -> list[Row]:
    found = []
    for asked, written in PAIRS:
        rows = await stage.candidates(written)
        words = Row("full text", asked, written)
        meaning = Row("engine", asked, written)
        await stage.ranker.prepare(TENANT, rows)
        for answer_id, texts in stage.questions.items():
            for text in texts[asked]:
                await words.ask(answer_id, text, stage.by_words(rows))
                await meaning.ask(answer_id, text, stage.by_meaning(rows, asked))
        found += [words, meaning]
    return found


async def _learn(stage: Stage) -> list[Row]:
    """The second question of each answer: before, and after the first one of all has been answered with the right answer."""
    found = []
    for language in ("en", "fr"):
        rows = await stage.candidates(language)
        await stage.ranker.prepare(TENANT, rows)
        past = []
        for answer_id, texts in stage.questions.items():
            vector = (await stage.ranker.engine.embed([texts[language][0]], questions=True))[0]
            past.append(PastUse(answer_id, vector, 1.0))
        before, after = (Row(what, language, language) for what in ("before uses", "learned"))
        for answer_id, texts in stage.questions.items():
            await before.ask(answer_id, texts[language][1], stage.by_meaning(rows, language))
            await after.ask(answer_id, texts[language][1], stage.by_meaning(rows, language, past))
        found += [before, after]
    return found


def _bands(rows: Sequence[Row]) -> list[dict[str, object]]:
    """By pair of languages, and over all."""
    engine = [row for row in rows if row.what == "engine"]
    pairs = [(f"{row.questions} on {row.answers}", row.fits) for row in engine]
    pairs.append(("all", [each for row in engine for each in row.fits]))
    return [
        {
            "what": name,
            "fit": fit.value,
            "shown": len(right),
            "share": round(100 * len(right) / len(called)),
            "right": round(100 * sum(right) / max(1, len(right))),
        }
        for name, called in pairs
        for fit in Fit
        for right in [[hit for each, hit in called if each is fit]]
    ]


async def _measure(dsn: str) -> list[Row]:
    database = await Database.connect(dsn, size=2)
    engine = WorkerEngine(SystemClock())
    background = Background()
    try:
        await library.seed(database, TENANT, NOW)
        questions = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
        stage = Stage(database, Ranker(database, engine, background), questions)
        return await _compare(stage) + await _learn(stage)
    finally:
        await background.stop()
        await engine.stop()
        await database.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    if not can_run():
        sys.exit("The model is not installed (the extra `language`), or this processor has no AVX2.")
    folder = Path(tempfile.mkdtemp(prefix="cordboard-bench-"))
    postgres = EmbeddedPostgres(
        folder, free_port(), owner_password="owner", app_password="app", ends_with_parent=True
    )
    postgres.start()
    try:
        upgrade(postgres.dsn(OWNER_ROLE))
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            measured = runner.run(_measure(postgres.dsn(APP_ROLE)))
            rows, bands = [row.figures() for row in measured], _bands(measured)
    finally:
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
    if chosen.json:
        print(json.dumps({"rows": rows, "bands": bands}))
        return
    _show(rows, bands)


def _show(rows: Sequence[Mapping[str, object]], bands: Sequence[Mapping[str, object]]) -> None:
    print(
        f"{'':<12} {'asked':>6} {'library':>8} {'questions':>10} {'top-1':>6} {'top-3':>6} {'p50 ms':>7} {'p95 ms':>7}"
    )
    for row in rows:
        print(
            f"{row['what']:<12} {row['questions']:>6} {row['answers']:>8} {row['count']:>10} {row['top_1']:>5} % {row['top_3']:>4} %"
            f" {row['p50_ms']:>7} {row['p95_ms']:>7}"
        )
    print(f"\n{'':<12} {'called':>8} {'shown':>8} {'share':>7} {'right':>7}")
    for band in bands:
        print(
            f"{band['what']:<12} {band['fit']:>8} {band['shown']:>8} {band['share']:>5} % {band['right']:>5} %"
        )


if __name__ == "__main__":
    main()
