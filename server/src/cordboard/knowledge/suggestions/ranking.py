"""The arithmetic of suggestions. Needs numpy, so only the worker imports it.

    score = cos(q − m, text − mean(texts)) + ½ cos(q − m, title − mean(titles)) + learned

`m` is what all questions have in common: the mean of ordinary questions (`ordinary`) and of those in past uses. Taking the
means off is what makes the model's vectors, which all lie close together, tell answers apart. A title counts half: it says
what an answer is about, but in five words (measured by `just bench suggestions`).

`learned` goes from 0 to `MOST_LEARNED`, per answer: how near the nearest of its past questions is, times how well it served
for the near ones. Questions less alike than `ALIKE` count nothing, so that one lucky use does not pull everything to it.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cordboard.knowledge.suggestions.port import PastUse, Scored

Vector = NDArray[np.float32]

TITLE_WEIGHT = 0.5
ALIKE = 0.4
MOST_LEARNED = 0.6


def matrix(data: bytes) -> Vector:
    """Vectors as they travel → one a row."""
    return np.frombuffer(data, np.float16).astype(np.float32).reshape(-1, 384)


def packed(vector: Vector) -> bytes:
    return vector.astype(np.float16).tobytes()


def rank(
    answer_ids: Sequence[str],
    titles: Vector,
    texts: Vector,
    asked: Vector,
    ordinary: Vector,
    past: Sequence[PastUse],
) -> list[Scored]:
    """Best first. `titles` and `texts` are centred already; `asked` is the question, `ordinary` others in its language."""
    earlier = matrix(b"".join(use.question for use in past))
    common = np.concatenate((ordinary, earlier)).mean(0)
    question = _unit(asked - common)
    scores = texts @ question + TITLE_WEIGHT * (titles @ question)
    learned = _learned(_unit(earlier - common) @ question, past) if past else {}
    scored = [
        Scored(answer_id, float(score) + learned.get(answer_id, 0.0), learned.get(answer_id, 0.0))
        for answer_id, score in zip(answer_ids, scores, strict=True)
    ]
    return sorted(scored, key=lambda each: (-each.score, each.answer_id))


def centred(vectors: Vector) -> Vector:
    """Without what they have in common; a single one stays as it is."""
    return _unit(vectors - vectors.mean(0)) if len(vectors) > 1 else vectors


def _learned(alike: Vector, past: Sequence[PastUse]) -> dict[str, float]:
    near: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for closeness, use in zip((alike - ALIKE) / (1 - ALIKE), past, strict=True):
        if closeness > 0:
            near[use.answer_id].append((float(closeness), use.served))
    found = {}
    for answer_id, uses in near.items():
        nearest = max(closeness for closeness, _ in uses)
        served = sum(closeness * served for closeness, served in uses) / sum(
            closeness for closeness, _ in uses
        )
        found[answer_id] = MOST_LEARNED * min(nearest, 1.0) * served
    return found


def _unit(vectors: Vector) -> Vector:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: Vector = vectors / np.maximum(lengths, 1e-9)
    return unit
