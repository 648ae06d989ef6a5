"""A library ranked for a question: by meaning with the engine, by words with full text, and made ready for the engine.

**How well one fits.** A score alone says little: a clear question to a library with two like answers scores both high. So an
answer is judged by its score plus its lead over the best of the others (negative behind it). The two limits below are measured
(`cordboard bench suggestions`: 376 questions in English and French, 1,128 suggestions) so that each word keeps what it says:

    good   0.5 and more   right 83 times in 100 (never under 80 for a pair of languages); every fourth question has one
    fair   0.3 to 0.5     right 46 times in 100
    weak   below          right 13 times in 100

What full text finds is right less than every fifth time, whatever its rank: it is weak.
"""

import hashlib
from collections.abc import Mapping, Sequence
from enum import StrEnum

import structlog

from cordboard.answers import repository
from cordboard.answers.repository import CandidateRow
from cordboard.answers.vectors import MODEL, name_of
from cordboard.db.database import Database
from cordboard.errors import Unavailable
from cordboard.knowledge.suggestions import port
from cordboard.knowledge.suggestions.port import Scored, SuggestionEngine
from cordboard.runtime.background import Background

log = structlog.get_logger()

AT_ONCE = 8
"""Texts that the worker embeds in one go, about 0.2 s: a question need not wait longer than that."""

GOOD = 0.5
FAIR = 0.3
"""Least score plus lead; see above. To be measured again when the model or the arithmetic of scores changes."""


class Fit(StrEnum):
    GOOD = "good"
    FAIR = "fair"
    WEAK = "weak"


def fits(found: Sequence[Scored], *, by_meaning: bool) -> list[Fit]:
    """How well each fits, in the order of `found`, which is best first."""
    return [_fit(found, place) if by_meaning else Fit.WEAK for place in range(len(found))]


def _fit(found: Sequence[Scored], place: int) -> Fit:
    others = [each.score for each in (*found[:place], *found[place + 1 :])]
    score = found[place].score
    lead = score - max(others) if others else 0.0
    return Fit.GOOD if score + lead >= GOOD else Fit.FAIR if score + lead >= FAIR else Fit.WEAK


class Ranker:
    def __init__(self, db: Database, engine: SuggestionEngine, background: Background) -> None:
        self._db = db
        self.engine = engine
        self._background = background
        self._preparing: set[str] = set()

    async def by_meaning(
        self, tenant_id: str, rows: Sequence[CandidateRow], question: port.Question
    ) -> list[Scored] | None:
        """None when there is nothing to be had in time."""
        if not self.engine.installed:
            return None
        key = _key(tenant_id, rows)
        try:
            found = await self.engine.rank(key, question)
        except Unavailable:
            return None
        if found is None and key not in self._preparing:
            self._preparing.add(key)
            self._background.spawn(self._prepare(tenant_id, key, rows), f"library of {tenant_id}")
        return found

    async def by_words(self, tenant_id: str, rows: Mapping[str, CandidateRow], question: str) -> list[Scored]:
        languages = sorted({row.language for row in rows.values()})
        async with self._db.tenant(tenant_id) as connection:
            found = await repository.ranked_texts(connection, languages, question)
        hits = [
            Scored(each.answer_id, each.rank, 0.0)
            for each in found
            if each.answer_id in rows and rows[each.answer_id].language == each.language
        ]
        return sorted(hits, key=lambda each: (-each.score, each.answer_id))

    async def prepare(self, tenant_id: str, rows: Sequence[CandidateRow]) -> None:
        """Returns when the engine has the library at hand, or is away."""
        await self._prepare(tenant_id, _key(tenant_id, rows), rows)

    async def _prepare(self, tenant_id: str, key: str, rows: Sequence[CandidateRow]) -> None:
        """Gives the worker the library's vectors; those that are not stored yet are made, a few at a time."""
        texts = [row.title for row in rows] + [row.text for row in rows]
        hashes = [name_of(text) for text in texts]
        try:
            async with self._db.tenant(tenant_id) as connection:
                known = await repository.vectors(connection, hashes)
            missing = {hash_: text for hash_, text in zip(hashes, texts, strict=True) if hash_ not in known}
            todo = list(missing.items())
            for begin in range(0, len(todo), AT_ONCE):
                part = todo[begin : begin + AT_ONCE]
                made = await self.engine.embed([text for _, text in part], questions=False)
                fresh = {hash_: vector for (hash_, _), vector in zip(part, made, strict=True)}
                async with self._db.tenant(tenant_id) as connection:
                    await repository.save_vectors(connection, tenant_id, fresh)
                known |= fresh
            half = len(rows)
            titles = b"".join(known[hash_] for hash_ in hashes[:half])
            bodies = b"".join(known[hash_] for hash_ in hashes[half:])
            await self.engine.load(port.Library(key, tuple(row.answer_id for row in rows), titles, bodies))
        except Unavailable:
            log.info("library_prepared_later", tenant_id=tenant_id)
        finally:
            self._preparing.discard(key)


def _key(tenant_id: str, rows: Sequence[CandidateRow]) -> str:
    """Another one as soon as any title or text is another."""
    digest = hashlib.sha256(f"{MODEL}\0{tenant_id}".encode())
    for row in rows:
        digest.update(f"\0{row.answer_id}\0{row.title}\0{row.text}".encode())
    return digest.hexdigest()
