"""Spelling over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from cordboard.identity.access import MayReadAnswers, MayWriteAnswers
from cordboard.spelling.schemas import Checked, CompanyWord, CompanyWords, TextToCheck, UnknownWord
from cordboard.spelling.service import Spelling


class SpellingEndpoints:
    def __init__(self, spelling: Spelling) -> None:
        self._spelling = spelling

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/spelling", tags=["spelling"])
        router.add_api_route("/words", self.words, methods=["GET"])
        router.add_api_route("/words", self.save_words, methods=["PUT"])
        router.add_api_route("/words", self.add_word, methods=["POST"])
        router.add_api_route("/words", self.remove_word, methods=["DELETE"])
        router.add_api_route("/check", self.check, methods=["POST"])
        return router

    async def words(
        self, session: MayReadAnswers, language: Annotated[str, Query(pattern=r"^[a-z]{2,3}$")]
    ) -> CompanyWords:
        """The company's own words in a language."""
        return CompanyWords(language=language, words=await self._spelling.words(session, language))

    async def save_words(self, body: CompanyWords, session: MayWriteAnswers) -> CompanyWords:
        """The list is exactly this from now on."""
        words = await self._spelling.save_words(session, body.language, body.words)
        return CompanyWords(language=body.language, words=words)

    async def add_word(self, body: CompanyWord, session: MayWriteAnswers) -> CompanyWords:
        """One word more, whatever others have added meanwhile. The list."""
        words = await self._spelling.add_word(session, body.language, body.word)
        return CompanyWords(language=body.language, words=words)

    async def remove_word(
        self,
        session: MayWriteAnswers,
        language: Annotated[str, Query(pattern=r"^[a-z]{2,3}$")],
        word: Annotated[str, Query(min_length=1, max_length=60)],
    ) -> CompanyWords:
        """One word less; removing what is not there is success. The list."""
        words = await self._spelling.remove_word(session, language, word)
        return CompanyWords(language=language, words=words)

    async def check(self, body: TextToCheck, session: MayReadAnswers) -> Checked:
        """Words that neither the dictionary nor the company knows, with what might be meant."""
        found = await self._spelling.check(session, body.language, body.text)
        return Checked(
            unknown=[
                UnknownWord(word=each.word, at=each.at, suggestions=list(each.suggestions)) for each in found
            ]
        )
