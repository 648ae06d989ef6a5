"""Spelling: real dictionaries, no alarm for what is right, and the company's own words."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cordboard.demo import library
from cordboard.knowledge.spelling import NoDictionary, Speller
from cordboard.testing.centre import small_centre
from cordboard.testing.web import SUPERVISOR, WebForTests, add_centre

RIGHT = {
    "en": "Hello {end_customer.name}, I'm sorry: your colour didn't arrive. See https://shop.example.com/xyz, or write to a.b@example.com!",
    "fr": "Bonjour, l’abat-jour n’est pas arrivé aujourd’hui ; c'est-à-dire que nous l'avons renvoyé. Écrivez-nous dès demain.",
    "de": "Guten Tag, die Stehlampe ist heute nicht angekommen. Bitte schreiben Sie uns Ihre Telefonnummer.",
    "es": "Hola, la lámpara no ha llegado hoy. Escríbanos su número de teléfono, por favor.",
}
WRONG = {
    "en": ("Your parcle has arrived.", "parcle", "parcel"),
    "fr": ("Votre comande est partie.", "comande", "commande"),
    "de": ("Die Stehlampe ist kaput.", "kaput", "kaputt"),
    "es": ("La lámpara no ha yegado.", "yegado", "llegado"),
}


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller()


@pytest.mark.parametrize("language", RIGHT)
def test_what_is_right_raises_no_alarm(speller: Speller, language: str) -> None:
    assert speller.check(language, RIGHT[language], ()) == []


@pytest.mark.parametrize("language", WRONG)
def test_what_is_wrong_is_found_with_what_is_meant(speller: Speller, language: str) -> None:
    text, word, meant = WRONG[language]
    (found,) = speller.check(f"{language}-XX", text, ())
    assert (found.word, found.at) == (word, text.index(word)) and meant in found.suggestions


def test_a_language_without_dictionary_says_so(speller: Speller) -> None:
    with pytest.raises(NoDictionary):
        speller.check("tlh", "nuqneH", ())


async def test_the_companys_words_its_people_and_its_library_are_right(web: WebForTests) -> None:
    config = small_centre()
    signed = replace(config.agents["amelie"], signature="Maison Lanterne, Vieuxport")
    first = await add_centre(web, replace(config, agents={**config.agents, "amelie": signed}))
    second = await add_centre(web)
    await web.start(first.world)
    await library.seed(web.db, first.tenant_id, datetime(2026, 11, 24, tzinfo=UTC))
    text = {"language": "en-GB", "text": "lumiplan for amelie, dimmable, zorblax, vieuxport"}

    async def unknown(browser) -> list[str]:  # type: ignore[no-untyped-def]  # a browser of the fixture
        answer = await browser.http.post("/spelling/check", json=text)
        return [each["word"] for each in answer.json()["unknown"]]

    async with first.browser(SUPERVISOR) as sophie, first.browser("amelie") as amelie:
        assert await unknown(amelie) == ["lumiplan", "zorblax"]
        words = {"language": "en", "words": ["Lumiplan", "Lumiplan", "Zorb"]}
        saved = await sophie.http.put("/spelling/words", json=words)
        assert saved.json()["words"] == ["Lumiplan", "Zorb"]
        assert await unknown(amelie) == ["zorblax"]
        await sophie.http.put("/spelling/words", json={"language": "en", "words": ["Lumiplan"]})
        assert (await amelie.http.get("/spelling/words?language=en")).json()["words"] == ["Lumiplan"]
        assert (await amelie.http.get("/spelling/words?language=fr")).json()["words"] == []
        one = {"language": "fr", "word": "zorblax"}
        assert (await amelie.http.post("/spelling/words", json=one)).json()["code"] == "forbidden"
        assert (await sophie.http.post("/spelling/words", json=one)).json()["words"] == ["zorblax"]
        assert (await sophie.http.post("/spelling/words", json=one)).json()["words"] == ["zorblax"]
        gone = {"language": "fr", "word": "zorblax"}
        assert (await amelie.http.delete("/spelling/words", params=gone)).status_code == 403
        assert (await sophie.http.delete("/spelling/words", params=gone)).json()["words"] == []
        assert (await sophie.http.delete("/spelling/words", params=gone)).status_code == 200
        assert (
            await sophie.http.post("/spelling/words", json={**one, "word": "two words"})
        ).status_code == 422
        none = await amelie.http.post("/spelling/check", json={"language": "tlh", "text": "x"})
        assert none.json()["code"] == "no_dictionary"
    async with second.browser(SUPERVISOR) as stranger:
        assert "lumiplan" in await unknown(stranger)
        assert (await stranger.http.get("/spelling/words?language=en")).json()["words"] == []
