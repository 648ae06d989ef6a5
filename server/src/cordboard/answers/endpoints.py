"""The library over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Response

from cordboard.answers import schemas
from cordboard.answers.errors import VersionMissing
from cordboard.answers.service import MOST, Library, Wanted
from cordboard.answers.suggesting import Suggesting
from cordboard.answers.using import AnswersInUse
from cordboard.identity.access import MayReadAnswers, MayWriteAnswers

AnswerId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
ContactId = Annotated[int, Path(ge=1, lt=2**62)]
IfMatch = Annotated[str | None, Header(max_length=40)]


def _wanted(
    q: Annotated[str, Query(max_length=200)] = "",
    short: Annotated[str, Query(max_length=40)] = "",
    language: Annotated[str, Query(max_length=20)] = "",
    theme: Annotated[str, Query(max_length=64)] = "",
    channel: Annotated[str, Query(max_length=20)] = "",
    space: Annotated[str, Query(max_length=64)] = "",
) -> Wanted:
    return Wanted(q, short, language, theme, channel, space)


class AnswerEndpoints:
    def __init__(self, library: Library, in_use: AnswersInUse, suggesting: Suggesting) -> None:
        self._library = library
        self._in_use = in_use
        self._suggesting = suggesting

    def router(self) -> APIRouter:
        router = APIRouter(tags=["answers"])
        router.add_api_route("/contacts/{contact_id}/suggestions", self.suggestions, methods=["GET"])
        router.include_router(self._library_router(), prefix="/answers")
        return router

    def _library_router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("", self.page, methods=["GET"])
        router.add_api_route("", self.add, methods=["POST"], status_code=201)
        router.add_api_route("/themes", self.themes, methods=["GET"])
        router.add_api_route("/themes", self.add_theme, methods=["POST"], status_code=201)
        router.add_api_route("/themes/{theme_id}", self.save_theme, methods=["PUT"])
        router.add_api_route("/themes/{theme_id}", self.delete_theme, methods=["DELETE"], status_code=204)
        router.add_api_route("/{answer_id}", self.read, methods=["GET"])
        router.add_api_route("/{answer_id}", self.save, methods=["PUT"])
        router.add_api_route("/{answer_id}", self.delete, methods=["DELETE"], status_code=204)
        router.add_api_route("/{answer_id}/render", self.render, methods=["POST"])
        router.add_api_route("/{answer_id}/used", self.used, methods=["POST"], status_code=204)
        return router

    async def page(
        self,
        session: MayReadAnswers,
        wanted: Annotated[Wanted, Depends(_wanted)],
        everything: bool = False,
        limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
        cursor: Annotated[int, Query(ge=0, le=100_000)] = 0,
    ) -> schemas.Answers:
        """By words (`q`), by the beginning of a short name (`short`), or all; `everything`: also those not valid today."""
        question = Wanted(
            wanted.q,
            wanted.short,
            wanted.language,
            wanted.theme_id,
            wanted.channel,
            wanted.space_id,
            everything,
            limit,
            cursor,
        )
        return await self._library.listed(session, question)

    async def themes(self, session: MayReadAnswers) -> schemas.Themes:
        """All themes, in their order; `parent_id` makes the tree."""
        return await self._library.themes(session)

    async def add_theme(self, body: schemas.NewTheme, session: MayWriteAnswers) -> schemas.Theme:
        return await self._library.add_theme(session, body)

    async def save_theme(
        self,
        theme_id: AnswerId,
        body: schemas.ThemeContent,
        session: MayWriteAnswers,
        if_match: IfMatch = None,
    ) -> schemas.Theme:
        """Changes the version named by `If-Match`."""
        return await self._library.save_theme(session, theme_id, body, version_of(if_match))

    async def delete_theme(self, theme_id: AnswerId, session: MayWriteAnswers) -> None:
        """Only an empty one."""
        await self._library.delete_theme(session, theme_id)

    async def read(
        self, answer_id: AnswerId, session: MayReadAnswers, response: Response
    ) -> schemas.LibraryAnswer:
        """All languages, attachments and figures; the version is the ETag."""
        return tagged(await self._library.get(session, answer_id), response)

    async def add(
        self, body: schemas.NewAnswer, session: MayWriteAnswers, response: Response
    ) -> schemas.LibraryAnswer:
        return tagged(await self._library.add(session, body), response)

    async def save(
        self,
        answer_id: AnswerId,
        body: schemas.AnswerContent,
        session: MayWriteAnswers,
        response: Response,
        if_match: IfMatch = None,
    ) -> schemas.LibraryAnswer:
        """Changes the version named by `If-Match`; languages that are not in it are gone."""
        return tagged(await self._library.save(session, answer_id, body, version_of(if_match)), response)

    async def delete(self, answer_id: AnswerId, session: MayWriteAnswers, if_match: IfMatch = None) -> None:
        """With its figures. What was sent stays where it was sent."""
        await self._library.delete(session, answer_id, version_of(if_match))

    async def render(
        self, answer_id: AnswerId, body: schemas.RenderWanted, session: MayReadAnswers
    ) -> schemas.RenderedAnswer:
        """Ready to be put into a draft, with the names of the variables that have no value."""
        return await self._in_use.render(session, answer_id, body)

    async def used(self, answer_id: AnswerId, body: schemas.UseTold, session: MayReadAnswers) -> None:
        """Tells that it was put into a contact, and later whether and how it was sent: figures and suggestions learn from it."""
        self._suggesting.learn(session, await self._in_use.used(session, answer_id, body))

    async def suggestions(
        self,
        contact_id: ContactId,
        session: MayReadAnswers,
        language: Annotated[str, Query(max_length=20)] = "",
        q: Annotated[str, Query(max_length=2000)] = "",
    ) -> schemas.Suggestions:
        """The three answers that suit the contact's newest mail or chat messages best; `q`: a text instead of them."""
        return await self._suggesting.suggest(session, contact_id, language, q)


def version_of(if_match: str | None) -> int:
    """Raises VersionMissing."""
    version = (if_match or "").removeprefix("W/").strip('"')
    if not version.isdigit() or len(version) > 9:
        raise VersionMissing
    return int(version)


def tagged(answer: schemas.LibraryAnswer, response: Response) -> schemas.LibraryAnswer:
    response.headers["ETag"] = f'"{answer.version}"'
    return answer
