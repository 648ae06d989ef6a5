"""What travels over HTTP about an agent's state."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field


class WantsReady(BaseModel):
    state: Literal["ready"]


class WantsWithdrawn(BaseModel):
    state: Literal["withdrawn"]
    reason_id: str = Field(min_length=1, max_length=100)


StateWanted = Annotated[WantsReady | WantsWithdrawn, Field(discriminator="state")]
