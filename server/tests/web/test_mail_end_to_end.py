"""A mail from a real mailbox to an answered contact and back: Dovecot, the mail process, the core, the desk's API, SMTP, Dovecot."""

import asyncio
from pathlib import Path

from cordboard.channels.email.demo_post import DemoPost
from cordboard.channels.email.door import DoorAddress
from cordboard.channels.email.inboxes import InboxSettings, Server
from cordboard.core.words import MailProtocol, MailSecurity, MailSignIn
from cordboard.testing.dovecot import DovecotForTests, dovecot
from cordboard.testing.mail import MailForTests, mail_store, until, written
from cordboard.testing.postgres import free_port
from cordboard.testing.web import WebForTests
from tests.web.test_mail import Desk, make_desk
from tests.web.test_mail import written as answer_of

__all__ = ["dovecot"]

ANN = "ann@end-to-end.example"
SHOP = "shop@end-to-end.example"


def read(dovecot: DovecotForTests, address: str) -> list[tuple[str, str, str]]:
    """Message-ID, In-Reply-To and text of what lies in a mailbox."""
    with dovecot.mailbox(address) as box:
        return [
            (
                each.headers["message-id"][0].strip("<> \r\n"),
                each.headers.get("in-reply-to", ("",))[0].strip("<> \r\n"),
                each.text,
            )
            for each in box.fetch()
        ]


async def received(desk: Desk, contacts: int) -> int:
    """Feeds the core until there are so many live contacts; the newest."""

    async def feed() -> int:
        await desk.feed()
        return len(desk.centre.server.state.contacts)

    await until(feed, lambda count: count >= contacts)
    return desk.contact_id


async def test_from_a_mailbox_to_an_answered_contact_and_back(
    web: WebForTests, dovecot: DovecotForTests, tmp_path: Path
) -> None:
    desk = await make_desk(web)
    tenant_id = desk.centre.tenant_id
    port = free_port()
    post = DemoPost(port, lambda _: dovecot.conf.lmtp_port)
    await post.start()
    room = MailForTests(web.db, mail_store(tmp_path))
    out = Server(MailProtocol.SMTP, "127.0.0.1", port, MailSecurity.NONE, sign_in=MailSignIn.NONE)
    room.inboxes = [
        InboxSettings(tenant_id, "inbox", SHOP, dovecot.server(SHOP), out, "Shop", poll_seconds=0.3)
    ]
    async with room.running(), desk.agent() as emma:
        await asyncio.to_thread(
            dovecot.deliver, SHOP, [written(1, sender=ANN, to=SHOP, domain="end-to-end.example")]
        )
        contact_id = await received(desk, 1)
        assert (await emma.http.post(f"/contacts/{contact_id}/accept")).status_code == 204
        thread = (await emma.http.get(f"/contacts/{contact_id}/thread")).json()
        assert "question with the number 1" in thread["mails"][0]["text"]
        sent = await emma.http.post(f"/contacts/{contact_id}/answer", json=answer_of(to=[ANN]))
        assert sent.status_code == 201, sent.text
        assert read(dovecot, ANN) == [], "it can still be taken back"
        await desk.pass_time(11)

        async def answers() -> list[tuple[str, str, str]]:
            return await asyncio.to_thread(read, dovecot, ANN)

        ((message_id, in_reply_to, text),) = await until(answers, lambda found: len(found) == 1)
        assert in_reply_to == "m1@end-to-end.example"
        assert text.startswith("We look into it.")

        async def state() -> str:
            await desk.feed()
            return (await desk.states())[sent.json()["mail_id"]]

        assert await until(state, lambda found: found == "sent") == "sent"
        assert "mail_sent" in await desk.centre.world.recorded()

        reply = written(
            2,
            sender=ANN,
            to=SHOP,
            answers=message_id,
            subject="Quite another subject",
            domain="end-to-end.example",
        )
        await asyncio.to_thread(dovecot.deliver, SHOP, [reply])
        again = await received(desk, 1)
        assert again != contact_id, "the first contact is closed; its thread goes on"
        thread = (await emma.http.get(f"/contacts/{again}/thread")).json()
        assert [mail["direction"] for mail in thread["mails"]] == ["in", "out", "in"]
        assert desk.centre.server.state.contacts[again].offer is not None, "emma knows the thread"
    await post.stop()


async def test_an_answer_that_is_refused_at_delivery_comes_back_as_work(
    web: WebForTests, dovecot: DovecotForTests, tmp_path: Path
) -> None:
    """Accepted by the server that sends, refused by the one that delivers: its report comes by IMAP and is linked."""
    desk = await make_desk(web)
    tenant_id = desk.centre.tenant_id
    shop, nobody = "refused@end-to-end.example", "nobody@end-to-end.example"
    room = MailForTests(web.db, mail_store(tmp_path))
    room.door = DoorAddress("127.0.0.1", free_port(), free_port())
    port = free_port()
    post = DemoPost(
        port, lambda address: room.door.lmtp_port if address == nobody else dovecot.conf.lmtp_port
    )
    await post.start()
    out = Server(MailProtocol.SMTP, "127.0.0.1", port, MailSecurity.NONE, sign_in=MailSignIn.NONE)
    room.inboxes = [
        InboxSettings(tenant_id, "inbox", shop, dovecot.server(shop), out, "Shop", poll_seconds=0.3)
    ]
    async with room.running(), desk.agent() as emma:
        await asyncio.to_thread(
            dovecot.deliver, shop, [written(1, sender=nobody, to=shop, domain="end-to-end.example")]
        )
        contact_id = await received(desk, 1)
        assert (await emma.http.post(f"/contacts/{contact_id}/accept")).status_code == 204
        sent = await emma.http.post(f"/contacts/{contact_id}/answer", json=answer_of(to=[nobody, ANN]))
        await desk.pass_time(11)
        mail_id = sent.json()["mail_id"]

        async def state() -> str:
            await desk.feed()
            return (await desk.states())[mail_id]

        assert await until(state, lambda found: found == "bounced", 30) == "bounced"
        # it is work again, for who wrote it, with the other server's words
        again = desk.contact_id
        assert again != contact_id
        thread = (await emma.http.get(f"/contacts/{again}/thread")).json()
        (answer,) = [mail for mail in thread["mails"] if mail["id"] == mail_id]
        assert answer["state"] == "bounced"
        assert "5.1.1" in answer["failure"] and "no such address" in answer["failure"]
        assert thread["contact"]["trouble"].startswith("bounced")
        assert "mail_bounced" in await desk.centre.world.recorded()
        # and whom it reached has it once
        assert len(await asyncio.to_thread(read, dovecot, ANN)) >= 1
        reports = [mail for mail in thread["mails"] if mail["kind"] == "bounce"]
        assert [mail["direction"] for mail in reports] == ["in"]
    await post.stop()
