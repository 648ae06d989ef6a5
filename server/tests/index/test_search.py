"""The search in the database: words of four languages, numbers, addresses, references; filters; slices; tenants apart."""

import itertools
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from cordboard.blobs.store import BlobStore
from cordboard.core import facts
from cordboard.core.conversation import facts as conversation
from cordboard.core.conversation.words import Author, MessageKind
from cordboard.core.words import Channel, EndCause
from cordboard.db.database import Database
from cordboard.index.projector import erase
from cordboard.index.search import NEWEST, Search, Within
from cordboard.retention.service import Retention
from cordboard.runtime.clock import ManualClock
from cordboard.testing.archive import NOW, Archive
from cordboard.testing.postgres import Database as Addresses

_tenants = itertools.count(1)


@pytest.fixture
async def archive(database: Database) -> AsyncIterator[Archive]:
    tenant_id = f"archive-{next(_tenants)}"
    async with database.provider() as connection:
        await connection.execute("INSERT INTO tenant (id, name) VALUES ($1, $1)", tenant_id)
    yield Archive(database, tenant_id)


async def test_words_in_their_other_forms_in_four_languages(archive: Archive) -> None:
    texts = {
        "fr": "Mes commandes ne sont toujours pas livrées, l'événement approche, c'est urgent.",
        "en": "The invoices were paid twice; shipping was delayed and I want a refund.",
        "de": "Die Rechnungen sind falsch, die Straße stimmt nicht, bitte überprüfen.",
        "es": "Los pedidos llegaron rotos y las facturas están equivocadas, señor.",
    }
    contact = {}
    for number, (language, text) in enumerate(texts.items(), 1):
        contact[language] = await archive.arrives(remote=f"{language}@example.org", name="")
        await archive.mail(
            number, contact[language], language, text, sender=f"{language}@example.org", sender_name=""
        )
    asked = {
        "fr": [
            "commande",
            "livrée",
            "LIVREES",
            "evenement",
            "Événements",
            "approcher commande",
            '"sont toujours pas"',
        ],
        "en": ["invoice", "invoices paid", "ship", "shipp", "shipping", "refunds", "the refund", "delay"],
        "de": ["rechnung", "strasse", "Straße", "uberprufen", "Rechn"],
        "es": ["pedido", "factura equivocada", "senor", "señores"],
    }
    for language, queries in asked.items():
        for typed in queries:
            assert await archive.find(typed) == [contact[language]], typed
    for nothing in ('"toujours sont"', "commande refund", "zzz", "!!", '""'):
        assert await archive.find(nothing) == [], nothing


async def test_numbers_addresses_names_and_references(archive: Archive) -> None:
    call = await archive.arrives(Channel.VOICE, "+33612345678", "Zoé Lefèvre")
    written = await archive.arrives(
        remote="paul.durand@example.org",
        name="Paul Durand",
        subject="Retour",
        reference="<abc.1@mail.example>",
    )
    await archive.mail(
        1,
        written,
        "fr",
        "Rappelez-moi au 07 98 76 54 32.",
        sender="paul.durand@example.org",
        message_id="<abc.1@mail.example>",
        attachments='[{"name": "facture-2026.pdf", "text": "Montant total quarante euros"}]',
    )
    for typed in (
        "+33 6 12 34 56 78",
        "0612345678",
        "06 12 34",
        "0033612345678",
        "345678",
        "zoe",
        "lefevre zo",
        str(call),
    ):
        assert call in await archive.find(typed), typed
    for typed in (
        "07.98.76.54.32",
        "+33798765432",
        "paul.durand@example.org",
        "paul.durand@",
        "Durand",
        "retour",
        "<abc.1@mail.example>",
        "quarante euros",
        "facture 2026",
        "facture-2026.pdf",
        f"#{written}",
    ):
        assert await archive.find(typed) == [written], typed


async def test_chats_and_notes(archive: Archive) -> None:
    chat = await archive.arrives(Channel.CHAT, "", "Visitor")
    await archive.record(
        conversation.MessageWritten(chat, 1, Author.VISITOR, MessageKind.TEXT, "Does the lamp fit outdoors?"),
        conversation.MessageWritten(chat, 2, Author.AGENT, MessageKind.TEXT, "Only beneath a rooof."),
    )
    assert await archive.find("lamps outdoors") == [chat] and await archive.find("rooof") == [chat]
    await archive.record(conversation.MessageEdited(chat, 2, "amelie", "Only beneath a roof."))
    await archive.record(conversation.MessageDeleted(chat, 1, "amelie"))
    assert await archive.find("rooof") == [] and await archive.find("roof") == [chat]
    assert await archive.find("lamp") == [], "what was deleted is not found"
    await archive.record(facts.WrappedUp(chat, "chat", "amelie", "sold", "Bought the lantern", timedelta()))
    assert await archive.find("lantern") == [chat]


async def test_filters_narrow_with_and_without_few(archive: Archive) -> None:
    old = await archive.arrives(subject="broken zipper", at=NOW - timedelta(days=300))
    mine, other = [await archive.arrives(subject="broken zipper") for _ in range(2)]
    call = await archive.arrives(Channel.VOICE, subject="broken zipper", space="bank")
    await archive.record(
        facts.ContactQueued(mine, "mails", 0, {}, NOW),
        facts.ContactAnswered(mine, "mails", "amelie", timedelta(), timedelta()),
        facts.ContactEnded(mine, EndCause.CLOSED, timedelta()),
        facts.WrappedUp(mine, "mails", "amelie", "sold", "", timedelta()),
    )
    everything = {mine, other, call, old}
    cases = [
        (Within(), everything),
        (Within(channel="voice"), {call}),
        (Within(agent="amelie"), {mine}),
        (Within(queue="mails"), {mine}),
        (Within(reason="sold", agent="amelie"), {mine}),
        (Within(reason="other"), set()),
        (Within(state="open"), {other, call, old}),
        (Within(state="closed"), {mine}),
        (Within(since=NOW - timedelta(days=1)), {mine, other, call}),
        (Within(until=NOW - timedelta(days=1)), {old}),
        (Within(spaces=("shop",), own="bruno"), {mine, other, old}),
        (Within(spaces=("bank",), own="amelie"), {mine}),
        (Within(spaces=(), own="bruno"), set()),
    ]
    for within, expected in cases:
        assert set(await archive.find("zippers", within)) == expected, within


async def test_chapters_come_newest_first_and_leave_nothing_out(archive: Archive) -> None:
    contacts = [
        await archive.arrives(subject="yellow umbrella", at=NOW - timedelta(days=9 * number))
        for number in range(30, 0, -1)
    ]
    assert set(await archive.find("umbrella")) == set(contacts)
    search, before = Search(), NEWEST
    found: list[int] = []
    async with archive.database.tenant(archive.tenant_id) as connection:
        query = await search.query(connection, "umbrella")
        while before:
            hits = await search.chapter(connection, query, Within(), NOW, before, enough=4)
            found += sorted((hit.contact_id for hit in hits), reverse=True)
            before = hits[0].edge if hits else 0
    assert found == contacts[::-1], "each once, the newest chapters first"


async def test_newer_and_better_go_before(archive: Archive) -> None:
    old = await archive.arrives(subject="saffron", at=NOW - timedelta(days=200), name="")
    mentioned = await archive.arrives(name="")
    await archive.record(facts.WrappedUp(mentioned, "", "amelie", "", "word " * 50 + "saffron", timedelta()))
    named = await archive.arrives(subject="saffron", name="")
    assert await archive.find("saffron") == [named, old, mentioned]


async def test_another_tenants_rows_never_come_out(
    archive: Archive, database: Database, addresses: Addresses
) -> None:
    secret = await archive.arrives(subject="the secret of acme", name="Only Acme")
    assert await archive.find("secret") == [secret]
    stranger = Archive(database, f"stranger-{archive.tenant_id}")
    async with database.provider() as connection:
        await connection.execute("INSERT INTO tenant (id, name) VALUES ($1, $1)", stranger.tenant_id)
    await stranger.arrives(subject="nothing")
    for typed in ("secret", "acme", "Only Acme", f"=w:{archive.tenant_id}", "sec"):
        assert await stranger.find(typed) == [], typed
    async with database.tenant(stranger.tenant_id) as connection:
        for table in (
            "contact_index",
            "contact_text",
            "contact_words",
            "contact_of_agent",
            "projection",
            "work_view",
        ):
            seen = await connection.fetch(f"SELECT DISTINCT tenant_id FROM {table}")
            assert {row["tenant_id"] for row in seen} <= {stranger.tenant_id}, table
        everything = (
            "SELECT count(*) FROM search_contacts($1::text::tsquery, $1::text::tsquery, '', "
            """'{"channel": "", "agent": "", "queue": "", "reason": "", "state": "", "own": ""}', NULL, $2, $3, $3, 99999, 1000)"""
        )
        for query in (
            "'secret'",
            f"'=w:{archive.tenant_id}:2968'",
            f"'=w:{archive.tenant_id}':*",
            "!'nothing'",
        ):
            begin, end = NOW - timedelta(days=1000), NOW + timedelta(days=1)
            assert await connection.fetchval(everything, query, begin, end) == 0, query
        await connection.execute("SELECT set_config('app.tenant_id', '', true)")
        assert await connection.fetchval(everything, "'secret'", begin, end) == 0, "no tenant, no rows"
    async with database.plain() as connection:
        assert await connection.fetchval(everything, "'secret'", begin, end) == 0


async def test_the_index_is_used_by_the_function_and_by_nothing_else(
    archive: Archive, addresses: Addresses
) -> None:
    await archive.arrives(subject="marmalade")
    assert await archive.find("marmalade")
    async with archive.database.tenant(archive.tenant_id) as connection:
        await connection.execute(
            "INSERT INTO contact_words (tenant_id, contact_id, arrived_at, words) SELECT $1, n, now(), "
            "search_vector('en', 'filler ' || n, 'D') FROM generate_series(1000, 9000) AS n",
            archive.tenant_id,
        )
    explain = "EXPLAIN SELECT contact_id FROM contact_words WHERE words @@ '''marmalade'''::tsquery"
    plans: list[str] = []
    with psycopg.connect(addresses.superuser_dsn, autocommit=True) as superuser:
        superuser.add_notice_handler(lambda notice: plans.append(notice.message_primary or ""))
        superuser.execute("LOAD 'auto_explain'")
        superuser.execute(
            "SET auto_explain.log_min_duration = 0; SET auto_explain.log_nested_statements = on; SET client_min_messages = log"
        )
        superuser.execute("SELECT set_config('app.tenant_id', %s, false)", [archive.tenant_id])
        found = superuser.execute(
            "SELECT contact_id FROM search_contacts('''marmalade'''::tsquery, '', '', "
            """\'{"channel": "", "agent": "", "queue": "", "reason": "", "state": "", "own": ""}\', NULL, """
            "%s, %s, %s, 99999, 300)",
            [NOW - timedelta(days=300), NOW + timedelta(days=1), NOW],
        ).fetchall()
    assert found and any("Bitmap Index Scan on contact_words_gin" in plan for plan in plans)
    async with archive.database.tenant(archive.tenant_id) as connection:
        await connection.execute("SET LOCAL enable_seqscan = off")
        plan = " ".join(row["QUERY PLAN"] for row in await connection.fetch(explain))
    assert "contact_words_gin" not in plan, (
        "under row-level security PostgreSQL may not: that is why there is a function"
    )
    with psycopg.connect(addresses.owner_dsn) as owner:
        owner.execute("SET enable_seqscan = off")
        plan = " ".join(row[0] for row in owner.execute(explain))
        assert "Bitmap Index Scan on contact_words_gin" in plan


async def test_erasure_and_what_is_no_longer_online(archive: Archive, tmp_path: Path) -> None:
    old = await archive.arrives(subject="parasol", at=NOW - timedelta(days=400))
    new = await archive.arrives(subject="parasol", remote="x@example.org")
    assert set(await archive.find("parasol")) == {old, new}
    await Retention(archive.database, BlobStore(tmp_path), list, 12, ManualClock(NOW)).look(archive.tenant_id)
    assert await archive.find("parasol") == [new]
    await erase(archive.database, archive.tenant_id, [new])
    assert await archive.find("parasol") == [] and await archive.find("x@example.org") == []
    async with archive.database.tenant(archive.tenant_id) as connection:
        left = await connection.fetchrow(
            "SELECT remote, remote_name, subject FROM contact_index WHERE contact_id = $1", new
        )
        assert left is not None and set(dict(left.items()).values()) == {""}


async def test_a_huge_text_is_searched_as_far_as_it_goes(archive: Archive) -> None:
    contact = await archive.arrives(name="")
    words = " ".join(f"word{number}" for number in range(60_000))
    await archive.mail(1, contact, "en", f"beginning {words} ending")
    await archive.mail(2, contact, "en", f"second {words}")
    assert await archive.find("beginning") == [contact]
    assert await archive.find("ending") == []


MANY = """
INSERT INTO contact_index (tenant_id, contact_id, seq, channel, direction, state, space_id, queue_id, agent_id, answered_by,
    entry_point_id, remote, remote_name, address, reference, subject, arrived_at, priority, needs, tags, language, thread_id,
    mails, closing_reason_id, note, agent_ids, hands, answered, transferred, reached, cause)
SELECT $1, n, n, CASE WHEN n % 3 = 0 THEN 'voice' ELSE 'email' END, 'inbound', 'closed', 'shop', 'queue-' || n % 2, '', '', 'inbox',
    '', '', '', '', '', $2::timestamptz + n * interval '1 hour', 0, '{}', '{}', 'en', 0, 1, '', '', ARRAY['agent-' || n % 7],
    '{}', true, false, '', ''
FROM generate_series(1, 9000) AS n
"""
MANY_WORDS = """
INSERT INTO contact_words (tenant_id, contact_id, arrived_at, words)
SELECT tenant_id, contact_id, arrived_at,
    array_to_tsvector(ARRAY['=t:' || tenant_id, search_slice(tenant_id, search_week(arrived_at)), '=q:' || queue_id])
    || search_vector('en', concat_ws(' ', 'all', CASE WHEN contact_id % 2 = 0 THEN 'half' END,
        CASE WHEN contact_id % 97 = 0 THEN 'seldom' END, CASE WHEN contact_id % 2500 = 7 THEN 'rare' END,
        CASE WHEN contact_id <= 100 THEN 'olden' END, CASE WHEN contact_id > 8990 THEN 'newest' END), 'D')
FROM contact_index WHERE tenant_id = $1
"""


@pytest.mark.parametrize(
    ("typed", "holds"),
    [
        ("all", lambda n: True),
        ("half", lambda n: n % 2 == 0),
        ("half all", lambda n: n % 2 == 0),
        ("seldom", lambda n: n % 97 == 0),
        ("half seldom", lambda n: n % 194 == 0),
        ("rare", lambda n: n % 2500 == 7),
        ("olden", lambda n: n <= 100),
        ("olden half", lambda n: n <= 100 and n % 2 == 0),
        ("newest", lambda n: n > 8990),
        ("newest olden", lambda n: False),
        ("seld", lambda n: n % 97 == 0),
        ("half old", lambda n: n <= 100 and n % 2 == 0),
        ("unheard", lambda n: False),
    ],
)
async def test_among_many_every_chapter_together_is_all(
    archive: Archive, typed: str, holds: Callable[[int], bool]
) -> None:
    """More contacts than are looked at one by one: whatever a word's density, nothing is left out or doubled, newest first."""
    async with archive.database.tenant(archive.tenant_id) as connection:
        await connection.execute(MANY, archive.tenant_id, NOW - timedelta(hours=9000))
        await connection.execute(
            "INSERT INTO contact_of_agent SELECT tenant_id, unnest(agent_ids), contact_id FROM contact_index"
        )
        await connection.execute(MANY_WORDS, archive.tenant_id)
        search = Search()
        query = await search.query(connection, typed)
        for within, fits in (
            (Within(), lambda n: True),
            (Within(agent="agent-3"), lambda n: n % 7 == 3),
            (Within(queue="queue-0", channel="voice"), lambda n: n % 6 == 0),
            (Within(since=NOW - timedelta(hours=3000)), lambda n: n >= 6000),
            (Within(until=NOW - timedelta(hours=8000)), lambda n: n < 1000),
        ):
            found: list[int] = []
            before = NEWEST
            while before:
                hits = await search.chapter(connection, query, within, NOW, before)
                found += sorted((hit.contact_id for hit in hits), reverse=True)
                before = hits[0].edge if hits else 0
            expected = [n for n in range(9000, 0, -1) if holds(n) and fits(n)]
            assert found == expected, (typed, within)
