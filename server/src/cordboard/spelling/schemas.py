"""What travels over HTTP about spelling."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

MOST_WORDS = 5_000
SpellingLanguage = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Word = Annotated[str, StringConstraints(pattern=r"^\S+$", min_length=1, max_length=60)]


class CompanyWords(BaseModel):
    """Right in any case, whatever their capitals."""

    language: SpellingLanguage
    words: list[Word] = Field(max_length=MOST_WORDS)


class CompanyWord(BaseModel):
    language: SpellingLanguage
    word: Word


class TextToCheck(BaseModel):
    language: str = Field(min_length=2, max_length=20)
    text: str = Field(max_length=50_000)


class UnknownWord(BaseModel):
    """`at`: where it first begins, in characters."""

    word: str
    at: int
    suggestions: list[str]


class Checked(BaseModel):
    unknown: list[UnknownWord]
