"""An answer for a contact at hand: its values, what is missing, and the figures of its use."""

from cordboard.answers.contact import variables_of
from cordboard.testing.centre import NUMBER
from cordboard.testing.web import SUPERVISOR, CentreForTests

GREETING = {
    "id": "greeting",
    "theme_id": "orders",
    "texts": {
        "en": {
            "title": "Hello {end_customer.name}",
            "html": "<p>Dear {end_customer.name}, contact {contact.id} of {space.name}: {values.order}. {agent.name}</p>",
        }
    },
}


async def ring(centre: CentreForTests) -> int:
    """A call that reaches Amélie."""
    outside = centre.world.telephony
    outside.call(centre.tenant_id, "line-1", NUMBER, "+33612345678", "Zoé <O'Neil>")
    await centre.server.settle()
    outside.finish_playback("line-1")
    await centre.server.settle()
    outside.press("line-1", "1")
    await centre.server.settle()
    return next(iter(centre.server.state.contacts))


async def test_variables_are_filled_and_missing_ones_named(centre: CentreForTests) -> None:
    async with centre.browser(SUPERVISOR) as sophie, centre.browser("amelie") as amelie:
        await sophie.http.post("/answers/themes", json={"id": "orders", "names": {"en": "Orders"}})
        assert (await sophie.http.post("/answers", json=GREETING)).status_code == 201
        await amelie.take_seat()
        await amelie.state("ready")
        contact_id = await ring(centre)
        contact = centre.server.state.contacts[contact_id]
        space = centre.config.spaces[contact.space_id].name
        rendered = (
            await amelie.http.post("/answers/greeting/render", json={"contact_id": contact_id})
        ).json()
        assert rendered["missing"] == ["values.order"]
        agent = centre.config.agents["amelie"].name
        name = "Zoé &lt;O&#x27;Neil&gt;"
        assert rendered["html"] == (
            f"<p>Dear {name}, contact {contact_id} of {space}: {{values.order}}. {agent}</p>"
        )
        assert rendered["title"] == "Hello Zoé <O'Neil>"
        alone = (await amelie.http.post("/answers/greeting/render", json={})).json()
        assert "end_customer.name" in alone["missing"] and "agent.name" not in alone["missing"]
        assert (await sophie.http.post("/answers/greeting/render", json={"contact_id": contact_id})).json()[
            "title"
        ] == "Hello Zoé <O'Neil>"


async def test_only_ones_own_contacts(centre: CentreForTests) -> None:
    async with (
        centre.browser(SUPERVISOR) as sophie,
        centre.browser("amelie") as amelie,
        centre.browser("bruno") as bruno,
    ):
        await sophie.http.post("/answers/themes", json={"id": "orders", "names": {"en": "Orders"}})
        await sophie.http.post("/answers", json=GREETING)
        await amelie.take_seat()
        await amelie.state("ready")
        contact_id = await ring(centre)
        for path in ("render", "used"):
            hidden = await bruno.http.post(f"/answers/greeting/{path}", json={"contact_id": contact_id})
            assert hidden.json()["code"] == "not_found"


async def test_figures_of_use(centre: CentreForTests) -> None:
    async with centre.browser(SUPERVISOR) as sophie, centre.browser("amelie") as amelie:
        await sophie.http.post("/answers/themes", json={"id": "orders", "names": {"en": "Orders"}})
        await sophie.http.post("/answers", json=GREETING)
        await amelie.take_seat()
        await amelie.state("ready")
        contact_id = await ring(centre)
        use = {"contact_id": contact_id}
        assert (await amelie.http.post("/answers/greeting/used", json=use)).status_code == 204
        figures = (await amelie.http.get("/answers/greeting")).json()["figures"]
        assert (figures["used"], figures["sent"], figures["kept_ratio"]) == (1, 0, None)
        for ratio in (0.5, 0.2):
            told = use | {"sent": True, "edited_ratio": ratio}
            await amelie.http.post("/answers/greeting/used", json=told)
        await sophie.http.post("/answers/greeting/used", json=use | {"sent": True, "edited_ratio": 0.6})
        figures = (await sophie.http.get("/answers/greeting")).json()["figures"]
        assert (figures["used"], figures["sent"], figures["success"]) == (2, 2, 1)
        assert abs(figures["kept_ratio"] - 0.6) < 0.001


async def test_a_day_is_written_as_the_language_writes_it(centre: CentreForTests) -> None:
    async with centre.browser("amelie", log_in=True) as amelie:
        session = await amelie.centre.web.web.sessions.find(  # type: ignore[union-attr]  # it has been started
            amelie.http.cookies["cordboard_session"]
        )
    assert session is not None
    now = centre.world.clock.now().replace(year=2026, month=12, day=1, hour=12)
    written = {
        language: variables_of(None, session, centre.config, now, language)["date"]
        for language in ("en", "fr", "de", "es", "xx")
    }
    assert written == {
        "en": "1 December 2026",
        "fr": "1er décembre 2026",
        "de": "1. Dezember 2026",
        "es": "1 de diciembre de 2026",
        "xx": "2026-12-01",
    }
