"""Takes and frees seats by asking the core, and sees to the phone account that goes with them.

The seat is asked for first: only who holds one gets an account. A seat that is freed, however, loses its browser account.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from cordboard.core.events import AgentLoggedIn, AgentLoggedOut, Phone, PhoneChosen
from cordboard.core.facts import SeatFreed
from cordboard.core.words import PhoneKind, SeatKind
from cordboard.identity.rights import Session
from cordboard.runtime.asking import Switchboard
from cordboard.runtime.background import Background
from cordboard.runtime.ports import Batch
from cordboard.seats import schemas
from cordboard.seats.accounts import Account, PhoneAccounts, username_of
from cordboard.seats.ice import IceServer, told_to

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SipServer:
    """Where SIP telephones register."""

    host: str  # "" for the host that the browser asked for
    port: int


class SeatService:
    def __init__(
        self,
        switchboard: Switchboard,
        accounts: PhoneAccounts,
        background: Background,
        sip_server: SipServer,
        ice_servers: Sequence[IceServer] = (),
    ) -> None:
        self._switchboard = switchboard
        self._accounts = accounts
        self._background = background
        self._sip_server = sip_server
        self._ice_servers = ice_servers

    async def take(
        self, session: Session, agent_id: str, wanted: schemas.SeatWanted, host: str
    ) -> schemas.SeatHeld:
        """Idempotent; a second login of the same agent takes the seat over with what is in it."""
        phone = self._phone(session.tenant_id, agent_id, wanted.phone)
        event = AgentLoggedIn(agent_id, session.id, wanted.seat, phone)
        await self._switchboard.ask(session.tenant_id, event)
        return await self._held(session, agent_id, wanted.seat, phone, host)

    async def leave(self, session: Session, agent_id: str) -> None:
        await self._switchboard.ask(session.tenant_id, AgentLoggedOut(agent_id, session.id))

    async def choose_phone(
        self, session: Session, agent_id: str, wanted: schemas.PhoneWanted, host: str
    ) -> schemas.SeatHeld:
        phone = self._phone(session.tenant_id, agent_id, wanted)
        assert phone is not None
        await self._switchboard.ask(session.tenant_id, PhoneChosen(agent_id, phone))
        agent = self._switchboard.state(session.tenant_id).agents[agent_id]
        return await self._held(session, agent_id, agent.seat or SeatKind.VOICE, phone, host)

    async def present(self, session: Session, host: str) -> schemas.SeatHeld | None:
        """What the session's agent holds now, None without a seat or when another login holds it."""
        state = self._switchboard.state(session.tenant_id)
        agent = state.agents.get(session.agent_id or "")
        if agent is None or agent.seat is None or agent.login_id != session.id:
            return None
        return await self._held(session, agent.id, agent.seat, agent.phone, host)

    def holds_seat(self, session: Session) -> bool:
        state = self._switchboard.find_state(session.tenant_id)
        agent = state.agents.get(session.agent_id or "") if state else None
        return agent is not None and agent.seat is not None and agent.login_id == session.id

    def session_ended(self, session: Session, session_id: str) -> None:
        """The end of a session frees the seat, if it still holds it."""
        if session.agent_id:
            self._switchboard.post(session.tenant_id, AgentLoggedOut(session.agent_id, session_id))

    def on_batch(self, batch: Batch) -> None:
        for recorded in batch.recorded:
            if isinstance(recorded.fact, SeatFreed):
                agent_id = recorded.fact.agent_id
                self._background.spawn(self._revoke(batch.tenant_id, agent_id), f"revoke phone of {agent_id}")

    async def _revoke(self, tenant_id: str, agent_id: str) -> None:
        await asyncio.sleep(0)  # let a login of the same batch be seen
        agent = self._switchboard.state(tenant_id).agents.get(agent_id)
        if agent is None or agent.seat is None:
            await self._accounts.revoke_browser(tenant_id, agent_id)

    def _phone(self, tenant_id: str, agent_id: str, wanted: schemas.PhoneWanted | None) -> Phone | None:
        if wanted is None:
            return None
        if wanted.kind is PhoneKind.NUMBER:
            return Phone(wanted.kind, wanted.address.strip())
        return Phone(wanted.kind, username_of(tenant_id, agent_id, wanted.kind is PhoneKind.BROWSER))

    async def _held(
        self, session: Session, agent_id: str, seat: SeatKind, phone: Phone | None, host: str
    ) -> schemas.SeatHeld:
        sip, sip_account = None, None
        if phone is not None and phone.kind is PhoneKind.BROWSER:
            account = await self._accounts.ensure(session.tenant_id, agent_id, True, session.id)
            sip = self._sip_of(session, account)
        elif phone is not None and phone.kind is PhoneKind.SIP:
            account = await self._accounts.ensure(session.tenant_id, agent_id, False, session.id)
            sip_account = schemas.SipAccount(
                server=self._sip_server.host or host,
                port=self._sip_server.port,
                username=account.username,
                password=account.password,
            )
        chosen = schemas.PhoneChosen(kind=phone.kind, address=phone.address) if phone else None
        return schemas.SeatHeld(agent_id=agent_id, seat=seat, phone=chosen, sip=sip, sip_account=sip_account)

    def _sip_of(self, session: Session, account: Account) -> schemas.SipOfBrowser:
        return schemas.SipOfBrowser(
            uri=f"sip:{account.username}@cordboard",
            username=account.username,
            password=account.password,
            ice_servers=told_to(session, self._ice_servers),
        )
