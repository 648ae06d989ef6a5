"""The configuration's shapes on the wire."""

from datetime import datetime

from pydantic import BaseModel, Field

from cordboard.configuration.changes import ChangeKind
from cordboard.configuration.nodes import MAX_CHARACTERS


class CurrentConfiguration(BaseModel):
    version: int
    document: str


class PlanRequest(BaseModel):
    document: str = Field(max_length=MAX_CHARACTERS)


class ApplyRequest(PlanRequest):
    base_version: int = Field(
        ge=0, description="The version that was planned against; refused when it is not the newest."
    )
    note: str = Field("", max_length=500)


class RollbackRequest(BaseModel):
    version: int = Field(ge=1)
    note: str = Field("", max_length=500)


class ChangeRow(BaseModel):
    path: str
    kind: ChangeKind
    before: str
    after: str
    sentence: str


class ErrorRow(BaseModel):
    """`line` and `column` count from 1; 0 for what stands only in the published document."""

    line: int
    column: int
    path: str
    message: str


class AffectedRow(BaseModel):
    contact_id: int | None
    sentence: str


class PlanAnswer(BaseModel):
    """`summary` says the same as `affected` in few sentences."""

    base_version: int
    changes: list[ChangeRow]
    affected: list[AffectedRow]
    summary: list[str]
    errors: list[ErrorRow]


class ApplyAnswer(BaseModel):
    """`changed` is false when the document changes nothing. `new_logins`: login → first password, told only now."""

    version: int
    changed: bool
    in_force: bool
    changes: list[ChangeRow]
    summary: list[str]
    new_logins: dict[str, str]


class VersionRow(BaseModel):
    version: int
    applied_at: datetime
    applied_by: str
    note: str


class Versions(BaseModel):
    items: list[VersionRow]
