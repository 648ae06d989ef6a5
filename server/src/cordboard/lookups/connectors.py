"""Asks a customer's service over HTTP. GET fills what is asked into the address; POST sends it as a JSON object too.

Never follows a redirect, never reads more than `LARGEST_ANSWER`, never goes where `Reach` does not let it. A try that has come
to nothing (no connection, no answer, 429, 5xx) is repeated within the connector's time; each gets its share of what is left.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import httpx2

from cordboard.core.config import Connector, ConnectorMethod, places_in
from cordboard.reach import Reach

LARGEST_ANSWER = 200_000
LONGEST_VALUE = 2_000
PAUSE_SECONDS = 0.1
_NOTHING = (204, 404, 410)


class ConnectorFailed(Exception):
    """The service could not be asked, or its answer not be used. The message is for people who look after the centre."""


class _TryAgain(ConnectorFailed):
    """It may go better the next time."""


@dataclass(frozen=True, slots=True)
class Question:
    """`key`: the same for each try, so that the service can recognise it."""

    connector: Connector
    asked: Mapping[str, str]
    secret: str
    key: str


async def ask(question: Question, reach: Reach, seconds: float) -> Any:
    """The answer's JSON; None when there is nothing. Raises ConnectorFailed, OutOfReach."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    tries = question.connector.retries + 1
    failure = ""
    for turn in range(tries):
        share = (until - loop.time()) / (tries - turn)
        try:
            async with asyncio.timeout(max(share, 0.05)):
                return await _once(question, reach, turn)
        except (TimeoutError, httpx2.HTTPError, OSError, _TryAgain) as error:
            failure = _sentence(error)
        if turn + 1 < tries and until - loop.time() > PAUSE_SECONDS:
            await asyncio.sleep(PAUSE_SECONDS)
    raise ConnectorFailed(failure)


def _sentence(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return str(error) if isinstance(error, _TryAgain) else f"no connection ({type(error).__name__})"


async def _once(question: Question, reach: Reach, turn: int) -> Any:
    connector = question.connector
    url, host, name = await reach.located(address_of(connector, question.asked), turn)
    headers = {"Host": host, "Accept": "application/json", "Idempotency-Key": question.key}
    if question.secret:
        bearer = connector.header.lower() == "authorization" and " " not in question.secret
        headers[connector.header] = f"Bearer {question.secret}" if bearer else question.secret
    body = None
    if connector.method is ConnectorMethod.POST:
        headers["Content-Type"] = "application/json"
        body = json.dumps(dict(question.asked), ensure_ascii=False).encode()
    async with (
        httpx2.AsyncClient(follow_redirects=False, timeout=None, trust_env=False) as client,
        client.stream(
            connector.method.value.upper(),
            url,
            content=body,
            headers=headers,
            extensions={"sni_hostname": name},
        ) as response,
    ):
        return await _answer(response)


def address_of(connector: Connector, asked: Mapping[str, str]) -> str:
    """The connector's address with what is asked in its places; what has no place is added to a GET as a query."""
    address, places = connector.address, places_in(connector.address)
    for place in places:
        address = address.replace(f"{{{place}}}", quote(asked.get(place, ""), safe=""))
    rest = {name: value for name, value in asked.items() if name not in places}
    if connector.method is ConnectorMethod.GET and rest:
        address += ("&" if "?" in address else "?") + urlencode(rest)
    return address


async def _answer(response: httpx2.Response) -> Any:
    status = response.status_code
    if status in _NOTHING:
        return None
    if status == 429 or status >= 500:
        raise _TryAgain(f"answered {status}")
    if not 200 <= status < 300:
        raise ConnectorFailed(f"answered {status}")
    content = b""
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > LARGEST_ANSWER:
            raise ConnectorFailed("the answer is too long")
    try:
        return json.loads(content) if content.strip() else None
    except (ValueError, RecursionError) as error:
        raise ConnectorFailed("the answer is no JSON") from error


def value_at(answer: Any, path: str) -> str:
    """What stands at `order.lines.0.state`; "" when there is no single value."""
    for part in path.split("."):
        if isinstance(answer, dict):
            answer = answer.get(part)
        elif isinstance(answer, list) and part.isdecimal() and len(part) < 6 and int(part) < len(answer):
            answer = answer[int(part)]
        else:
            return ""
    match answer:
        case bool():
            return "true" if answer else "false"
        case str() | int() | float():
            return str(answer)[:LONGEST_VALUE]
        case _:
            return ""
