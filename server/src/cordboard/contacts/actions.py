"""What an agent does with a contact: each request is one event for the core."""

from typing import Annotated

from fastapi import APIRouter, Path

from cordboard.contacts.schemas import Dial, Dialled, Digits, Transfer, WrapUp
from cordboard.core import events
from cordboard.identity.access import AtDesk
from cordboard.runtime.asking import Switchboard

ContactId = Annotated[int, Path(ge=1, lt=2**62)]


class ContactActions:
    def __init__(self, switchboard: Switchboard) -> None:
        self._ask = switchboard.ask

    def router(self) -> APIRouter:
        router = APIRouter(tags=["contacts"])
        router.add_api_route("/desktop/calls", self.dial, methods=["POST"], status_code=201)
        for name, endpoint in (
            ("hold", self.hold),
            ("resume", self.resume),
            ("hang-up", self.hang_up),
            ("accept", self.accept),
            ("decline", self.decline),
            ("claim", self.claim),
            ("reconnect", self.reconnect),
            ("digits", self.send_digits),
            ("transfer", self.transfer),
            ("wrap-up", self.wrap_up),
        ):
            router.add_api_route(
                f"/contacts/{{contact_id}}/{name}", endpoint, methods=["POST"], status_code=204
            )
        return router

    async def dial(self, body: Dial, me: AtDesk) -> Dialled:
        """Calls a number: first the agent's own phone, then the number."""
        outcome = await self._ask(
            me.tenant_id, events.DialRequested(me.agent_id, body.number, body.presented)
        )
        return Dialled(contact_id=outcome.contact_id)

    async def hold(self, contact_id: ContactId, me: AtDesk) -> None:
        """The end-customer hears music."""
        await self._ask(me.tenant_id, events.HoldRequested(me.agent_id, contact_id))

    async def resume(self, contact_id: ContactId, me: AtDesk) -> None:
        """Ends a hold."""
        await self._ask(me.tenant_id, events.ResumeRequested(me.agent_id, contact_id))

    async def hang_up(self, contact_id: ContactId, me: AtDesk) -> None:
        """Ends the call, cancels an outgoing one, closes an email or a chat."""
        await self._ask(me.tenant_id, events.HangUpRequested(me.agent_id, contact_id))

    async def accept(self, contact_id: ContactId, me: AtDesk) -> None:
        """Takes an offered contact that has no legs; calls are accepted by answering the phone."""
        await self._ask(me.tenant_id, events.OfferAccepted(me.agent_id, contact_id))

    async def decline(self, contact_id: ContactId, me: AtDesk) -> None:
        """Gives an offer back."""
        await self._ask(me.tenant_id, events.OfferDeclined(me.agent_id, contact_id))

    async def claim(self, contact_id: ContactId, me: AtDesk) -> None:
        """Picks a waiting contact from the list; who comes second is told so."""
        await self._ask(me.tenant_id, events.ClaimRequested(me.agent_id, contact_id))

    async def reconnect(self, contact_id: ContactId, me: AtDesk) -> None:
        """Dials the agent's phone again for a call whose line was lost."""
        await self._ask(me.tenant_id, events.ReconnectRequested(me.agent_id, contact_id))

    async def send_digits(self, body: Digits, contact_id: ContactId, me: AtDesk) -> None:
        """Sends touch-tones to the other party."""
        await self._ask(me.tenant_id, events.DigitsRequested(me.agent_id, contact_id, body.digits))

    async def transfer(self, body: Transfer, contact_id: ContactId, me: AtDesk) -> None:
        """Blind transfer to an agent, a queue or a number."""
        await self._ask(me.tenant_id, events.TransferRequested(me.agent_id, contact_id, body.to))

    async def wrap_up(self, body: WrapUp, contact_id: ContactId, me: AtDesk) -> None:
        """Closes the contact with a reason; during the call it is kept for wrap-up."""
        event = events.WrapUpFinished(me.agent_id, contact_id, body.closing_reason_id, body.note)
        await self._ask(me.tenant_id, event)
