"""Seats and phones over HTTP."""

from fastapi import APIRouter, Request

from cordboard.identity.access import AtDesk
from cordboard.seats.schemas import PhoneWanted, SeatHeld, SeatWanted
from cordboard.seats.service import SeatService


class SeatEndpoints:
    def __init__(self, seats: SeatService) -> None:
        self._seats = seats

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/desktop", tags=["desktop"])
        router.add_api_route("/seat", self.take, methods=["POST"])
        router.add_api_route("/seat", self.leave, methods=["DELETE"], status_code=204)
        router.add_api_route("/phone", self.choose_phone, methods=["PUT"])
        return router

    async def take(self, body: SeatWanted, at_desk: AtDesk, request: Request) -> SeatHeld:
        """Takes a seat, or takes over the agent's own from another login."""
        return await self._seats.take(at_desk.session, at_desk.agent_id, body, request.url.hostname or "")

    async def leave(self, at_desk: AtDesk) -> None:
        """Frees the seat; during a contact, as soon as it is over."""
        await self._seats.leave(at_desk.session, at_desk.agent_id)

    async def choose_phone(self, body: PhoneWanted, at_desk: AtDesk, request: Request) -> SeatHeld:
        """Chooses where the agent's calls go from now on."""
        return await self._seats.choose_phone(
            at_desk.session, at_desk.agent_id, body, request.url.hostname or ""
        )
