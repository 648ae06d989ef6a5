"""The library as a file: written out and put in again, planned, put into another centre, and refused where it is wrong."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cordboard.answers import document, importing
from cordboard.answers.document import Document, LibraryWrong, Plan
from cordboard.answers.importing import Import
from cordboard.blobs import rows
from cordboard.blobs.rows import Keep
from cordboard.blobs.store import BlobStore
from cordboard.db.database import Database
from cordboard.demo import library
from cordboard.testing.web import WebForTests

NOW = datetime(2026, 11, 25, tzinfo=UTC)
SPACES = frozenset({"shop"})


@pytest.fixture
async def database(web: WebForTests) -> AsyncIterator[Database]:
    for tenant_id in ("here", "there"):
        async with web.db.provider() as connection:
            await connection.execute(
                "INSERT INTO tenant (id, name) VALUES ($1, $1) ON CONFLICT DO NOTHING", tenant_id
            )
        async with web.db.tenant(tenant_id) as connection:  # a test before may have filled it
            await connection.execute("DELETE FROM answer")
            await connection.execute("DELETE FROM answer_theme")
            await connection.execute("DELETE FROM blob")
    yield web.db


async def written(database: Database, tenant_id: str) -> str:
    async with database.tenant(tenant_id) as connection:
        return document.written((await document.stored(connection)).document)


async def planned(database: Database, tenant_id: str, text: str) -> Plan:
    async with database.tenant(tenant_id) as connection:
        return document.plan(document.read(text), await document.stored(connection), SPACES)


async def put(database: Database, tenant_id: str, text: str) -> list[str]:
    """What was changed."""
    async with database.tenant(tenant_id) as connection:
        plan = document.plan(document.read(text), await document.stored(connection), SPACES)
        await importing.apply(connection, Import(tenant_id, "ada", NOW), plan)
    return [f"{change.kind} {change.path}" for change in plan.changes]


async def test_what_is_written_out_changes_nothing_here_and_is_the_same_there(database: Database) -> None:
    await library.seed(database, "here", NOW)
    text = await written(database, "here")
    assert (await planned(database, "here", text)).changes == ()
    assert await written(database, "there") == "themes: {}\nanswers: {}\n"
    changed = await put(database, "there", text)
    assert len(changed) == 13 + 47 and {line.split()[0] for line in changed} == {"add"}
    assert await written(database, "there") == text
    assert (await planned(database, "there", text)).changes == ()


FIRST = """
themes:
  money: {names: {en: Money, fr: Argent}}
  refunds: {parent: money, names: {en: Refunds}, position: 3}
answers:
  when:
    theme: refunds
    short_name: When
    space: shop
    channels: [email]
    valid_from: 2026-01-01
    valid_until: 2026-12-31
    texts:
      en: {title: When a refund comes, html: "<p>Within <b>five</b> days.</p>"}
      fr: {title: Quand vient un remboursement, text: "Sous cinq jours.\\n\\nCordialement"}
  other: {theme: money, short_name: other, texts: {en: {title: Other, text: Something else.}}}
"""


async def test_a_plan_tells_each_part_and_what_is_not_mentioned_stays(database: Database) -> None:
    assert await put(database, "here", FIRST) == [
        "add themes.money",
        "add themes.refunds",
        "add answers.when",
        "add answers.other",
    ]
    text = await written(database, "here")
    assert "Within <b>five</b> days." in text and "    - email\n" in text and "2026-12-31" in text
    entry = document.read(text).answers["when"]
    assert entry is not None and (entry.short_name, entry.space) == ("when", "shop")
    swapped = """
answers:
  when:
    theme: money
    short_name: other
    texts: {en: {title: When a refund comes, text: In two days.}}
  other: {theme: money, short_name: when, texts: {en: {title: Other, text: Something else.}}}
"""
    plan = await planned(database, "here", swapped)
    assert [(change.kind, change.path) for change in plan.changes] == [
        ("change", "answers.when"),
        ("change", "answers.other"),
    ]
    assert {"theme", "texts.en.html", "texts.fr.title", "valid_until", "space"} <= set(plan.changes[0].what)
    assert plan.changes[1].what == ("short_name",)
    assert await put(database, "here", swapped) == ["change answers.when", "change answers.other"]
    gone = "themes: {refunds: null, money: null}\nanswers: {when: null, other: null, never: null}"
    assert await put(database, "here", gone) == [
        "remove themes.refunds",
        "remove themes.money",
        "remove answers.when",
        "remove answers.other",
    ]
    assert await written(database, "here") == "themes: {}\nanswers: {}\n"


async def test_files_are_named_by_what_is_in_them_and_have_to_be_there(
    database: Database, tmp_path: Path
) -> None:
    store = BlobStore(tmp_path)
    async with database.tenant("here") as connection:
        blob = await rows.put(store, connection, "here", Keep(b"%PDF prices", "application/pdf"), NOW)
    text = f"""
themes: {{money: {{names: {{en: Money}}}}}}
answers:
  prices:
    theme: money
    texts: {{en: {{title: Prices, text: See the list.}}}}
    attachments: [{{file: {blob.hash}, name: prices.pdf, media_type: application/pdf, size: 11}}]
"""
    await put(database, "here", text)
    out = await written(database, "here")
    assert blob.hash in out and (await planned(database, "here", out)).changes == ()
    with pytest.raises(LibraryWrong, match="is not here"):
        await put(database, "there", out)
    assert await written(database, "there") == "themes: {}\nanswers: {}\n", "all of it or nothing"
    async with database.tenant("there") as connection:
        await rows.put(store, connection, "there", Keep(b"%PDF prices", "application/pdf"), NOW)
    await put(database, "there", out)
    assert await written(database, "there") == out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("themes: [", "no YAML"),
        ("colours: {}", "colours"),
        ("themes: {a: {names: {}}}", "themes.a.names"),
        ("themes: {a: {names: {en: A}, parent: b}}", "no theme 'b'"),
        ("themes: {a: {names: {en: A}, parent: b}, b: {names: {en: B}, parent: a}}", "below itself"),
        ("answers: {x: {theme: nowhere, texts: {en: {title: X, text: X}}}}", "no theme 'nowhere'"),
        ("answers: {x: {theme: m, texts: {en: {title: X, text: 'Hi {nobody.knows}'}}}}", "answers.x"),
        ("answers: {x: {theme: m, space: moon, texts: {en: {title: X, text: X}}}}", "no Space 'moon'"),
        (
            "answers: {x: {theme: m, valid_from: 2026-02-01, valid_until: 2026-01-01, texts: {en: {title: X, text: X}}}}",
            "last day is before",
        ),
        (
            "answers: {x: {theme: m, short_name: n, texts: {en: {title: X, text: X}}},"
            " y: {theme: m, short_name: N, texts: {en: {title: X, text: X}}}}",
            "belongs to",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, said: str) -> None:
    there = document.Stored(Document(themes={"m": document.ThemeEntry(names={"en": "M"})}), {}, {})
    with pytest.raises(LibraryWrong, match=said):
        document.plan(document.read(text), there, SPACES)


async def test_a_theme_with_answers_does_not_go(database: Database) -> None:
    await put(database, "here", FIRST)
    with pytest.raises(LibraryWrong, match=r"refunds|money"):
        await put(database, "here", "themes: {money: null, refunds: null}")
    assert "refunds" in await written(database, "here")
