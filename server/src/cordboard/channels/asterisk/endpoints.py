"""Agents' phones and trunk peers in Asterisk: pushed through ARI, never written to files, and pushed again when missing.

Asterisk keeps them in memory (sorcery's `memory`), so after its restart there are none. A phone proves itself by its
password, from anywhere; a trunk peer by its address (and may be asked for a password as well), and by nothing else: who is
neither is refused. An endpoint carries its owner as `accountcode` ("tenant/agent"), so a call it makes names its agent.

Failed registrations: Asterisk answers unknown names as it answers wrong passwords, and reports clusters of requests from
unknown peers to its security log; passwords here are random and long. `guard` turns the noisy addresses away.
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from cordboard.channels.asterisk.client import Answer
from cordboard.channels.asterisk.conf import PHONE_CONTEXT, TRUNK_CONTEXT
from cordboard.channels.asterisk.wire import decode_endpoints
from cordboard.core.events import Phone
from cordboard.core.words import PhoneKind
from cordboard.errors import Unavailable

_PATH = "asterisk/config/dynamic/res_pjsip"

BLOCKED = "cordboard-blocked"
"""The endpoint that requests from turned-away addresses are taken for: it may register nowhere, and reaches no number."""

# A leg without any media for this long is dead: its browser or phone is gone without a word.
_MEDIA_TIMEOUT_SECONDS = 30
_DESK_QUALIFY_SECONDS = 30
# A page reloads or is closed without a word; it sends sound all the time, also when it is muted.
_PAGE_MEDIA_TIMEOUT_SECONDS = 10

_COMMON: Mapping[str, str] = {
    "direct_media": "no",
    "dtmf_mode": "auto_info",
    "rtp_symmetric": "yes",
    "force_rport": "yes",
    "rewrite_contact": "yes",
    "allow_transfer": "no",
    "allow_subscribe": "no",
    "send_pai": "no",
    "send_connected_line": "no",  # each bridging would cost a re-INVITE, and tell people whom they hear
    "trust_id_inbound": "no",
    "language": "en",
}


@dataclass(frozen=True, slots=True)
class PhoneAccount:
    """A SIP account of an agent: a browser's softphone (short-lived) or a desk phone."""

    tenant_id: str
    agent_id: str
    username: str
    password: str = field(repr=False)
    browser: bool = True


@dataclass(frozen=True, slots=True)
class TrunkPeer:
    """A telephone network that calls us and that we call through. `match`: addresses or networks it calls from.

    `host` ("sip.example.net:5060"): where outgoing calls go; "" if none go there. `username`, `password`: what the peer
    asks us for; with `register` we register there. `country`: whose national numbers it sends.
    """

    name: str
    match: tuple[str, ...]
    host: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    register: bool = False
    country: str = "FR"
    codecs: str = "!all,alaw,ulaw"


class Requests(Protocol):
    async def request(
        self, method: str, path: str, query: Mapping[str, str] | None = None, body: object = None
    ) -> Answer: ...


class Endpoints:
    """What should exist in Asterisk, and how to make it exist."""

    def __init__(self, trunks: Iterable[TrunkPeer]) -> None:
        self._trunks = {f"trunk-{trunk.name}": trunk for trunk in trunks}
        self._phones: dict[str, PhoneAccount] = {}
        self._pages: dict[str, PhoneAccount] = {}  # of visitors: they can be called, and reach no number

    # -- asked by others

    def owner_of(self, username: str) -> tuple[str, str] | None:
        """Tenant and agent of a phone."""
        phone = self._phones.get(username)
        return (phone.tenant_id, phone.agent_id) if phone is not None else None

    def phones(self) -> list[PhoneAccount]:
        return list(self._phones.values())

    def is_browser(self, username: str) -> bool:
        phone = self._phones.get(username)
        return phone is not None and phone.browser

    def address_of(self, phone: Phone) -> str | None:
        """What to dial, or None if there is no way to that phone."""
        if phone.kind is not PhoneKind.NUMBER:
            return f"PJSIP/{phone.address}"
        trunk = next((name for name, peer in self._trunks.items() if peer.host), None)
        return f"PJSIP/{phone.address}@{trunk}" if trunk is not None else None

    # -- changes

    async def add_phone(self, requests: Requests | None, phone: PhoneAccount) -> None:
        """Keeps the account, and makes it exist if Asterisk is there (`requests`); else it is pushed later."""
        self._phones[phone.username] = phone
        if requests is not None:
            await _push(requests, _phone_objects(phone))

    async def add_page(self, requests: Requests | None, page: PhoneAccount) -> None:
        """As `add_phone`, for the page of a visitor."""
        self._pages[page.username] = page
        if requests is not None:
            await _push(requests, _page_objects(page))

    async def remove_phone(self, requests: Requests | None, username: str) -> None:
        """Of an agent, or the page of a visitor."""
        self._phones.pop(username, None)
        self._pages.pop(username, None)
        if requests is not None:
            for kind in ("endpoint", "auth", "aor"):
                await requests.request("DELETE", f"{_PATH}/{kind}/{username}")

    async def reconcile(self, requests: Requests) -> None:
        """Pushes what is missing. Phones that we do not know are left: their owners may not have come back yet."""
        answer = await requests.request("GET", "endpoints/PJSIP")
        there = {endpoint.resource for endpoint in decode_endpoints(answer.body)} if answer.ok else set()
        if BLOCKED not in there:
            await _push(
                requests,
                [("endpoint", BLOCKED, {"identify_by": "ip", "context": BLOCKED, "allow": "!all,ulaw"})],
            )
        for name, trunk in self._trunks.items():
            if name not in there:
                await _push(requests, _trunk_objects(name, trunk))
        for phone in self._phones.values():
            if phone.username not in there:
                await _push(requests, _phone_objects(phone))
        for page in self._pages.values():
            if page.username not in there:
                await _push(requests, _page_objects(page))


async def block(requests: Requests, address: str) -> None:
    """Turns away what comes from this address and has no account's name."""
    await _push(requests, [("identify", _block_name(address), {"endpoint": BLOCKED, "match": address})])


async def unblock(requests: Requests, address: str) -> None:
    await requests.request("DELETE", f"{_PATH}/identify/{_block_name(address)}")


def _block_name(address: str) -> str:
    return "block-" + base64.urlsafe_b64encode(address.encode()).decode().rstrip("=")


_Objects = list[tuple[str, str, Mapping[str, str]]]


def _phone_objects(phone: PhoneAccount) -> _Objects:
    account = f"{phone.tenant_id}/{phone.agent_id}"
    aor = {"max_contacts": "1", "remove_existing": "yes", "minimum_expiration": "30"}
    endpoint = {
        **_COMMON,
        "auth": phone.username,
        "aors": phone.username,
        "context": PHONE_CONTEXT,
        "identify_by": "auth_username,username",
        "accountcode": account,
        "device_state_busy_at": "0",
        "rtp_timeout": str(_MEDIA_TIMEOUT_SECONDS),
    }
    if phone.browser:
        endpoint |= {
            "webrtc": "yes",
            "dtls_auto_generate_cert": "yes",
            "allow": "!all,opus,ulaw,alaw",
            "max_audio_streams": "1",
        }
    else:
        aor |= {
            "qualify_frequency": str(_DESK_QUALIFY_SECONDS),
            "default_expiration": "300",
            "maximum_expiration": "3600",
        }
        endpoint |= {"allow": "!all,ulaw,alaw,g722", "rtp_timeout": "0"}
    auth = {"auth_type": "userpass", "username": phone.username, "password": phone.password}
    return [
        ("auth", phone.username, auth),
        ("aor", phone.username, aor),
        ("endpoint", phone.username, endpoint),
    ]


def _page_objects(page: PhoneAccount) -> _Objects:
    """A browser that can only be called: its context has no numbers."""
    own = {"context": BLOCKED, "rtp_timeout": str(_PAGE_MEDIA_TIMEOUT_SECONDS)}
    return [
        (kind, name, {**fields, **own} if kind == "endpoint" else fields)
        for kind, name, fields in _phone_objects(page)
    ]


def _trunk_objects(name: str, trunk: TrunkPeer) -> _Objects:
    endpoint = {
        **_COMMON,
        "aors": name,
        "context": TRUNK_CONTEXT,
        "identify_by": "ip",
        "allow": trunk.codecs,
        "send_pai": "yes",
    }
    aor = {"contact": f"sip:{trunk.host}"} if trunk.host else {}
    objects: _Objects = [("aor", name, aor)]
    if trunk.username:
        auth = {"auth_type": "userpass", "username": trunk.username, "password": trunk.password}
        objects.append(("auth", name, auth))
        endpoint["outbound_auth"] = name
    objects.append(("endpoint", name, endpoint))
    if trunk.match:
        objects.append(("identify", name, {"endpoint": name, "match": ",".join(trunk.match)}))
    if trunk.register and trunk.host:
        objects.append(
            (
                "registration",
                name,
                {
                    "server_uri": f"sip:{trunk.host}",
                    "client_uri": f"sip:{trunk.username}@{trunk.host}",
                    "outbound_auth": name,
                    "expiration": "600",
                    "max_retries": "1000000",
                },
            )
        )
    return objects


async def _push(requests: Requests, objects: _Objects) -> None:
    for kind, name, fields in objects:
        body = {"fields": [{"attribute": attribute, "value": value} for attribute, value in fields.items()]}
        answer = await requests.request("PUT", f"{_PATH}/{kind}/{name}", body=body)
        if not answer.ok:
            raise Unavailable(f"Asterisk did not take the {kind} {name}: {answer.status} {answer.reason}")
