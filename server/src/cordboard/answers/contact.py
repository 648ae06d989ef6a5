"""The contact that an answer is for: what its variables stand for. From the live state, or from its facts once it is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from cordboard.answers.errors import ContactNotYours
from cordboard.core.config import TenantConfig
from cordboard.core.facts import ContactArrived, ContactQualified, Recorded
from cordboard.core.state import State
from cordboard.core.words import Channel
from cordboard.identity.rights import Permission, Session
from cordboard.runtime.asking import Switchboard
from cordboard.runtime.history import History


@dataclass(frozen=True, slots=True)
class ContactView:
    """`language` is "" when it is not known."""

    id: int
    channel: Channel
    space_id: str
    remote: str
    remote_name: str
    subject: str
    language: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


class ContactViews:
    """Contacts as who asks may see them: his own, or all with the right to read contacts."""

    def __init__(self, switchboard: Switchboard, history: History) -> None:
        self._switchboard = switchboard
        self._history = history

    async def get(self, session: Session, contact_id: int) -> ContactView:
        """Raises ContactNotYours, also for what does not exist."""
        live = _live(self._switchboard.find_state(session.tenant_id), session, contact_id)
        if live is not None:
            return live
        recorded = await self._history.of_contact(session.tenant_id, contact_id)
        mine = any(getattr(each.fact, "agent_id", "") == (session.agent_id or "-") for each in recorded)
        found = _recorded(recorded)
        if found is None or not (mine or session.may(Permission.CONTACTS_READ)):
            raise ContactNotYours
        return found


def _live(state: State | None, session: Session, contact_id: int) -> ContactView | None:
    contact = state.contacts.get(contact_id) if state is not None else None
    if contact is None:
        return None
    mine = session.agent_id in contact.agent_ids or (
        contact.offer is not None and contact.offer.agent_id == session.agent_id
    )
    if not (mine or session.may(Permission.CONTACTS_READ)):
        raise ContactNotYours
    return ContactView(
        contact.id,
        contact.channel,
        contact.space_id,
        contact.remote,
        contact.remote_name,
        contact.subject,
        contact.language,
        dict(contact.values),
    )


def _recorded(recorded: Sequence[Recorded]) -> ContactView | None:
    arrival = next((each.fact for each in recorded if isinstance(each.fact, ContactArrived)), None)
    if not isinstance(arrival, ContactArrived):
        return None
    values: dict[str, str] = {}
    for each in recorded:
        if isinstance(each.fact, ContactQualified):
            values.update(each.fact.values)
    return ContactView(
        arrival.contact_id,
        arrival.channel,
        arrival.space_id,
        arrival.remote,
        arrival.remote_name,
        arrival.subject,
        values=values,
    )


def variables_of(
    contact: ContactView | None, session: Session, config: TenantConfig, now: datetime, language: str
) -> dict[str, str]:
    """Name → value, for `knowledge.variables.render`. Without a contact only what is known of who writes."""
    agent = config.agents.get(session.agent_id or "")
    values = {
        "agent.name": agent.name if agent else session.name,
        "company.name": config.name,
        "date": _day(now.astimezone(ZoneInfo(config.time_zone)), language),
    }
    if contact is None:
        return values
    space = config.spaces.get(contact.space_id)
    values |= {
        "end_customer.name": contact.remote_name,
        "end_customer.address": contact.remote,
        "contact.id": str(contact.id),
        "contact.subject": contact.subject,
        "space.name": space.name if space else "",
    }
    return values | {f"values.{name}": value for name, value in contact.values.items()}


_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}


def _day(at: datetime, language: str) -> str:
    """`24 November 2026`; by numbers in a language whose months are not known here."""
    months = _MONTHS.get(language.partition("-")[0])
    if months is None:
        return f"{at:%Y-%m-%d}"
    month = months.split()[at.month - 1]
    return {
        "de": f"{at.day}. {month} {at.year}",
        "es": f"{at.day} de {month} de {at.year}",
        "fr": f"{'1er' if at.day == 1 else at.day} {month} {at.year}",
    }.get(language.partition("-")[0], f"{at.day} {month} {at.year}")
