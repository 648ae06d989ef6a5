"""The demo centre's predefined answers, `answers.yaml`: put into an empty library, once. A library that has themes is left alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Any

import yaml

from cordboard.answers import repository
from cordboard.answers.repository import AnswerRow, TextRow, ThemeRow
from cordboard.answers.schemas import AnswerText
from cordboard.answers.service import texts_from
from cordboard.db.database import Database

BY = "Maison Lanterne"
LANGUAGES = ("en", "fr")


@dataclass(frozen=True, slots=True)
class Shipped:
    """An answer of the file, with greeting and farewell around its texts."""

    id: str
    theme_id: str
    short_name: str
    texts: tuple[TextRow, ...]


async def seed(database: Database, tenant_id: str, now: datetime) -> bool:
    """Fills the library; False if there was something in it."""
    document = _document()
    async with database.tenant(tenant_id) as connection:
        if await repository.themes(connection):
            return False
        for position, (theme_id, theme) in enumerate(document["themes"].items()):
            names = repository.names_json(theme["names"])
            row = ThemeRow(theme_id, theme.get("parent", ""), names, position, 1, 0)
            await repository.add_theme(connection, tenant_id, row)
        for position, answer in enumerate(shipped()):
            await repository.add_answer(connection, tenant_id, _row(answer, position, now))
            await repository.save_texts(connection, tenant_id, answer.id, answer.texts)
    return True


def shipped() -> Iterator[Shipped]:
    """All answers of the file."""
    document = _document()
    for answer in document["answers"]:
        texts = {
            language: AnswerText(
                title=answer[language]["title"],
                html="",
                text="\n\n".join(
                    (document["greeting"][language], answer[language]["text"], document["farewell"][language])
                ),
            )
            for language in LANGUAGES
        }
        yield Shipped(answer["id"], answer["theme"], answer["short"], tuple(texts_from(texts)))


def _row(answer: Shipped, position: int, now: datetime) -> AnswerRow:
    channels = ["email", "chat"]
    return AnswerRow(
        answer.id, answer.theme_id, answer.short_name, "", channels, None, None, position, "[]", 0, now, BY
    )


def _document() -> Mapping[str, Any]:
    text = resources.files(__package__).joinpath("answers.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found
