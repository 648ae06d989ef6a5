"""What travels over HTTP about sessions and persons."""

from datetime import datetime

from pydantic import BaseModel, Field


class LogIn(BaseModel):
    login: str = Field(min_length=1, max_length=200)
    password: str = Field(min_length=1, max_length=500)


class ChangePassword(BaseModel):
    current: str = Field(min_length=1, max_length=500)
    new: str = Field(min_length=1, max_length=500)


class Person(BaseModel):
    id: str
    name: str
    agent_id: str | None
    roles: list[str]
    permissions: list[str]
    tenant_id: str
    language: str


class CurrentSession(BaseModel):
    """`needs_seat`: the person is an agent who holds no seat yet."""

    session_id: str
    person: Person
    needs_seat: bool
    expires_at: datetime


class OpenSession(BaseModel):
    id: str
    login: str
    created_at: datetime
    expires_at: datetime
    address: str
    browser: str
    current: bool


class OpenSessions(BaseModel):
    items: list[OpenSession]
