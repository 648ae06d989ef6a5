"""An agent's state over HTTP."""

from fastapi import APIRouter

from cordboard.agents.schemas import StateWanted, WantsWithdrawn
from cordboard.core.events import Event, ReadyRequested, WithdrawRequested
from cordboard.identity.access import AtDesk
from cordboard.runtime.asking import Switchboard


class AgentEndpoints:
    def __init__(self, switchboard: Switchboard) -> None:
        self._switchboard = switchboard

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/desktop", tags=["desktop"])
        router.add_api_route("/state", self.set_state, methods=["POST"], status_code=204)
        return router

    async def set_state(self, body: StateWanted, at_desk: AtDesk) -> None:
        """Ready, or withdrawn with a reason; during a contact it is planned for after it."""
        event: Event = ReadyRequested(at_desk.agent_id)
        if isinstance(body, WantsWithdrawn):
            event = WithdrawRequested(at_desk.agent_id, body.reason_id)
        await self._switchboard.ask(at_desk.tenant_id, event)
