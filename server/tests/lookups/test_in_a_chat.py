"""A visitor asks for his order: script, table, service and socket together; a server that dies while it asks."""

from dataclasses import replace

import pytest

from cordboard.core.config import Connector, Table, TenantConfig
from cordboard.core.script.steps import FormField, FormStep, LookUpStep, QueueStep, SayStep, Step
from cordboard.demo.orders import ORDERS, seed
from cordboard.lookups.performer import LookUps
from cordboard.reach import Reach
from cordboard.runtime.background import Background
from cordboard.testing.runtime import BEGIN
from cordboard.testing.web import CentreForTests, WebForTests, add_centre
from cordboard.testing.webchat import begin, chat_centre, new_key
from tests.lookups.conftest import Service
from tests.lookups.test_connectors import HERE

STEPS: dict[str, Step] = {
    "start": FormStep({"en": "Which order?"}, (FormField("order", required=True),), "order"),
    "order": LookUpStep(
        "table:orders",
        {"number": "values.order"},
        {"state": "state", "article": "article"},
        "stock",
        "none",
        "out",
    ),
    "stock": LookUpStep(
        "connector:stock", {"article": "values.article"}, {"left": "stock.0.left"}, "tell", "none", "out"
    ),
    "tell": SayStep({"en": "{{values.article}}: {{values.state}}; {{values.left}} left."}, "people"),
    "none": SayStep({"en": "No such order."}, "people"),
    "out": SayStep({"en": "We can not look just now."}, "people"),
    "people": QueueStep("chats"),
}


async def _secret(tenant_id: str, name: str) -> str:
    return "" if name == "lost" else "key"


def configured(service: Service, secret: str = "") -> TenantConfig:
    stock = Connector("stock", "Stock", f"{service.address}/{{article}}", secret=secret)
    return replace(chat_centre(**STEPS), tables={"orders": ORDERS}, connectors={"stock": stock})


async def asking(
    web: WebForTests, config: TenantConfig, reach: Reach = HERE
) -> tuple[CentreForTests, Background]:
    centre = await add_centre(web, config)
    await web.start(centre.world)
    await seed(web.db, centre.tenant_id, BEGIN)
    background = Background()
    look_ups = LookUps(web.tenants, web.db, centre.world.clock, background, (reach, _secret))
    centre.world.look_up = look_ups.ask
    return centre, background


async def ordered(centre: CentreForTests, number: str) -> str:
    """What the script says to a visitor who names this order."""
    visitor = await begin(centre)
    async with visitor.online():
        await visitor.until(lambda each: 1 in each.messages)
        await visitor.send(t="form", key=new_key(), n=1, values={"order": number})
        await visitor.until(lambda each: len(each.texts("script")) == 2)
        return visitor.texts("script")[-1]


async def test_the_state_of_an_order(web: WebForTests, service: Service) -> None:
    centre, background = await asking(web, configured(service, "stock-key"))
    service.answers = [(200, {"stock": [{"left": 3}]}), (500, b""), (500, b"")]
    assert await ordered(centre, " 10042 ") == "Reading lamp: sent; 3 left."
    assert service.asked[0].headers["authorization"] == "Bearer key"
    assert await ordered(centre, "99999") == "No such order."
    assert await ordered(centre, "10043") == "We can not look just now."
    recorded = await centre.world.recorded(
        "kind || ' ' || coalesce(body ->> 'outcome', body ->> 'asked', '')"
    )
    assert [each for each in recorded if each.startswith("look_up")][:4] == [
        'look_up_asked {"number": "10042"}',
        "look_up_ended found",
        'look_up_asked {"article": "Reading lamp"}',
        "look_up_ended found",
    ]
    await background.stop()


@pytest.mark.parametrize("secret, inside", [("lost", False), ("", True)])
async def test_a_guard_and_a_lost_secret_fail_at_once(
    web: WebForTests, service: Service, secret: str, inside: bool
) -> None:
    centre, background = await asking(web, configured(service, secret), Reach() if inside else HERE)
    assert await ordered(centre, "10042") == "We can not look just now."
    assert not service.asked
    (detail,) = [each for each in await centre.world.recorded("body ->> 'detail'") if each]
    assert detail == (
        "host 127.0.0.1 is inside: its network is not allowed" if inside else "there is no secret lost"
    )
    await background.stop()


async def test_a_table_that_has_gone(web: WebForTests, service: Service) -> None:
    config = configured(service)
    centre, background = await asking(web, replace(config, tables={"others": Table("others", "O", ("a",))}))
    assert await ordered(centre, "10042") == "We can not look just now."
    await background.stop()
