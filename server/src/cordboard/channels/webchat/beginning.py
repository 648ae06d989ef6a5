"""How a conversation begins: limits, the signed identity, the contact, and only then the token."""

from collections.abc import Awaitable, Callable

from cordboard.channels.webchat.buttons import language_of
from cordboard.channels.webchat.identity import Identity, IdentityWrong, verified
from cordboard.channels.webchat.limits import Limits, Rate
from cordboard.channels.webchat.schemas import NewSession
from cordboard.channels.webchat.sessions import VisitorSessions, reference_of
from cordboard.core.config import ChatButton
from cordboard.core.conversation.events import ChatArrived
from cordboard.errors import Overloaded, Refused
from cordboard.runtime.asking import LiveTenants, Switchboard
from cordboard.runtime.clock import Clock

SecretOf = Callable[[str, str], Awaitable[str]]
"""(tenant, name of the secret) -> the secret, "" when there is none of that name."""


class TooManySessions(Refused):
    """Too many conversations were begun from here. Wait a minute."""

    code = "too_many_sessions"
    status = 429


class AnswerMissing(Refused):
    """Please fill in what is required."""

    code = "answer_missing"
    status = 422


class Beginning:
    def __init__(
        self,
        tenants: LiveTenants,
        sessions: VisitorSessions,
        clock: Clock,
        secret_of: SecretOf,
        sessions_rate: Rate,
    ) -> None:
        self._tenants = tenants
        self._switchboard = Switchboard(tenants)
        self._sessions = sessions
        self._clock = clock
        self._secret_of = secret_of
        self._limits = Limits(sessions_rate)

    async def begin(self, tenant_id: str, button: ChatButton, wanted: NewSession, address: str) -> str:
        """The token. The same request again begins nothing new."""
        reference = reference_of(tenant_id, button.id, wanted.visitor_id, wanted.key)
        now = self._clock.now()
        language = language_of(button, wanted.language)
        contact_id = await self._sessions.contact_of(tenant_id, reference, now)
        if not contact_id:
            contact_id = await self._arrive(tenant_id, button, wanted, reference, address)
        return await self._sessions.add(tenant_id, reference, button, contact_id, language, now)

    async def _arrive(
        self, tenant_id: str, button: ChatButton, wanted: NewSession, reference: str, address: str
    ) -> int:
        if not self._limits.take(f"{tenant_id} {address}", self._clock.monotonic()):
            raise TooManySessions
        missing = [each.name for each in button.form if each.required and not wanted.fields.get(each.name)]
        if missing and not wanted.invitation:
            raise AnswerMissing(fields=", ".join(missing))
        inbox = self._tenants.inbox_of(tenant_id)
        if inbox is not None and not inbox.accepts_new_contacts:
            raise Overloaded
        identity = await self._identity(tenant_id, button, wanted.identity)
        fields = {name: value.strip() for name, value in wanted.fields.items() if value.strip()}
        event = ChatArrived(
            button.id,
            reference,
            identity.email or identity.subject or fields.get("email", ""),
            identity.name or fields.get("name", ""),
            language_of(button, wanted.language),
            wanted.page.url,
            wanted.page.title,
            {**fields, **({"identity": identity.subject} if identity.subject else {})},
            bool(identity.subject),
            wanted.invitation,
            wanted.page.referrer,
        )
        outcome = await self._switchboard.ask(tenant_id, event)
        return outcome.contact_id

    async def _identity(self, tenant_id: str, button: ChatButton, token: str) -> Identity:
        if not token:
            return Identity("")
        secret = await self._secret_of(tenant_id, button.identity_secret) if button.identity_secret else ""
        if not secret:
            raise IdentityWrong
        return verified(token, secret, self._clock.now())
