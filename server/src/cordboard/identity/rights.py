"""Roles and what they permit. A permission is a verb on a kind of object; the tenant is always the session's own."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """FEATURES A3. `provider` runs the installation; it is given by the command line only."""

    PROVIDER = "provider"
    ADMINISTRATOR = "administrator"
    COORDINATOR = "coordinator"
    SUPERVISOR = "supervisor"
    AGENT = "agent"
    OBSERVER = "observer"


class Permission(StrEnum):
    DESKTOP_USE = "desktop.use"  # take a seat, handle contacts
    CHAT_USE = "chat.use"
    COLLEAGUES_WATCH = "colleagues.watch"
    QUEUES_WATCH = "queues.watch"
    CONTACTS_READ_OWN = "contacts.read_own"  # contacts that the person's agent has handled
    CONTACTS_READ = "contacts.read"  # all contacts of the tenant
    FIGURES_READ_OWN = "figures.read_own"
    FIGURES_READ = "figures.read"
    ANSWERS_READ = "answers.read"
    ANSWERS_WRITE = "answers.write"  # predefined answers, their themes and attachments, the company's words
    CONFIGURATION_READ = "configuration.read"
    CONFIGURATION_WRITE = "configuration.write"
    MAIL_VALIDATE = "mail.validate"  # approve, correct and send back agents' answers
    MAIL_SUPERVISE = "mail.supervise"  # the state of inboxes, mails that were set aside


_AGENT = frozenset(
    {
        Permission.DESKTOP_USE,
        Permission.CHAT_USE,
        Permission.COLLEAGUES_WATCH,
        Permission.QUEUES_WATCH,
        Permission.CONTACTS_READ_OWN,
        Permission.FIGURES_READ_OWN,
        Permission.ANSWERS_READ,
    }
)
_LEADS = frozenset(
    {
        Permission.CHAT_USE,
        Permission.COLLEAGUES_WATCH,
        Permission.QUEUES_WATCH,
        Permission.CONTACTS_READ_OWN,
        Permission.CONTACTS_READ,
        Permission.FIGURES_READ_OWN,
        Permission.FIGURES_READ,
        Permission.ANSWERS_READ,
        Permission.ANSWERS_WRITE,
        Permission.CONFIGURATION_READ,
    }
)

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.PROVIDER: frozenset(Permission) - {Permission.DESKTOP_USE},
    Role.ADMINISTRATOR: _LEADS
    | {Permission.CONFIGURATION_WRITE, Permission.MAIL_VALIDATE, Permission.MAIL_SUPERVISE},
    Role.COORDINATOR: _LEADS | {Permission.MAIL_VALIDATE, Permission.MAIL_SUPERVISE},
    Role.SUPERVISOR: _LEADS | {Permission.MAIL_SUPERVISE},
    Role.AGENT: _AGENT,
    Role.OBSERVER: frozenset({Permission.QUEUES_WATCH, Permission.FIGURES_READ, Permission.FIGURES_READ_OWN}),
}


@dataclass(frozen=True, slots=True)
class Session:
    """An open session and the person behind it, as every endpoint sees it."""

    id: str
    tenant_id: str
    person_id: str
    name: str
    login: str
    agent_id: str | None
    roles: tuple[Role, ...]
    language: str
    created_at: datetime
    expires_at: datetime

    def may(self, permission: Permission) -> bool:
        if permission is Permission.DESKTOP_USE and self.agent_id is None:
            return False
        return any(permission in PERMISSIONS[role] for role in self.roles)
