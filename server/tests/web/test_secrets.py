"""Secrets are sealed, each customer's apart; an inbox whose secret is missing is told so."""

from cordboard.channels.email.trial import ServerTrial
from cordboard.core.config import MailServer
from cordboard.db.database import Database
from cordboard.runtime.clock import ManualClock
from cordboard.secrets import FIND, Secrets
from cordboard.testing.runtime import BEGIN


async def test_sealed_and_apart(web_database: Database) -> None:
    secrets = Secrets(web_database, "key")
    await secrets.set("first", "mailbox", "a password", BEGIN)
    await secrets.set("second", "mailbox", "another", BEGIN)
    assert await secrets.get("first", "mailbox") == "a password"
    assert await secrets.get("second", "mailbox") == "another"
    assert await secrets.get("first", "other") == ""
    async with web_database.tenant("first") as connection:
        assert b"password" not in await connection.fetchval(FIND, "mailbox")
    assert await Secrets(web_database, "another key").get("first", "mailbox") == ""
    assert await secrets.names("first") == [("mailbox", BEGIN)]
    assert await secrets.delete("first", "mailbox")
    assert not await secrets.delete("first", "mailbox")


async def test_what_is_missing_is_said(web_database: Database) -> None:
    trial = ServerTrial(Secrets(web_database, "key").get, ManualClock(BEGIN))
    server = MailServer("localhost", user="shop", secret="mailbox")
    ok, sentence = await trial.test("nobody", server)
    assert not ok
    assert "cordboard secret set mailbox" in sentence
    ok, sentence = await trial.test("nobody", MailServer("127.0.0.1", port=1))
    assert not ok
    assert sentence
