"""Copies of what was sent, in the mailbox's folder of sent mail: on a real Dovecot, once, and never in the way of a sending."""

from dataclasses import replace
from datetime import timedelta

from imap_tools import MailBoxUnencrypted

from cordboard.channels.email.sent_copies import DELAYS, SentCopies
from cordboard.channels.email.sign_in import AccessTokens
from cordboard.core.words import MailProtocol
from cordboard.testing.dovecot import PASSWORD, DovecotForTests
from tests.channels.email.test_sending import Post, post

__all__ = ["post"]


def _copies(post: Post) -> SentCopies:
    return SentCopies(post.mail.database, post.clock, post.mail.store, AccessTokens(post.clock))


async def _put(post: Post) -> int:
    post.clock.advance(timedelta(seconds=6))
    return await _copies(post).run({post.inbox.key: post.inbox})


async def _waiting(post: Post) -> int:
    async with post.mail.database.tenant("north") as connection:
        count: int = await connection.fetchval("SELECT count(*)::int FROM sent_copy")
    return count


def _box(dovecot: DovecotForTests, user: str) -> MailBoxUnencrypted:
    box = MailBoxUnencrypted("127.0.0.1", dovecot.conf.imap_port)
    box.login(user, PASSWORD)
    return box


def _kept(dovecot: DovecotForTests, user: str, folder: str) -> list[tuple[str, tuple[str, ...]]]:
    with _box(dovecot, user) as box:
        if not box.folder.exists(folder):
            return []
        box.folder.set(folder)
        return [(one.subject, one.flags) for one in box.fetch(mark_seen=False)]


async def test_what_was_sent_is_in_a_folder_made_for_it_as_read(post: Post, dovecot: DovecotForTests) -> None:
    post.inbox = replace(post.inbox, receive=dovecot.server("copies1@inside.test"))
    mail_id = await post.submit()
    assert await post.run() == 1
    assert await _waiting(post) == 1
    assert await _put(post) == 1
    ((subject, flags),) = _kept(dovecot, "copies1@inside.test", "Sent")
    assert (subject, "\\Seen" in flags) == ((await post.row(mail_id)).subject, True)
    assert await _waiting(post) == 0


async def test_a_second_copy_is_never_put_there(post: Post, dovecot: DovecotForTests) -> None:
    """Neither after a crash between putting and recording, nor on a server that has kept it by itself."""
    post.inbox = replace(post.inbox, receive=dovecot.server("copies2@inside.test"))
    await post.submit()
    await post.run()
    async with post.mail.database.tenant("north") as connection:
        before = await connection.fetch("SELECT mail_id, inbox_id, next_at FROM sent_copy")
    await _put(post)
    async with post.mail.database.tenant("north") as connection:
        for row in before:
            await connection.execute(
                "INSERT INTO sent_copy (tenant_id, mail_id, inbox_id, next_at) VALUES ('north', $1, $2, $3)",
                *row.values(),
            )
    assert await _put(post) == 1
    assert len(_kept(dovecot, "copies2@inside.test", "Sent")) == 1


async def test_the_folder_of_the_settings_and_the_usual_names(post: Post, dovecot: DovecotForTests) -> None:
    user = "copies3@inside.test"
    with _box(dovecot, user) as box:
        box.folder.create("Sent Items")
    post.inbox = replace(post.inbox, receive=dovecot.server(user))
    await post.submit()
    await post.run()
    await _put(post)
    assert len(_kept(dovecot, user, "Sent Items")) == 1
    post.inbox = replace(post.inbox, sent_folder="Out/Shop")
    await post.submit()
    await post.run()
    await _put(post)
    with _box(dovecot, user) as box:
        names = [one.name for one in box.folder.list()]
    assert "Out/Shop" in names or "Out.Shop" in names
    assert "Sent" not in names


async def test_no_copies_where_none_are_wanted_or_possible(post: Post, dovecot: DovecotForTests) -> None:
    for inbox in (
        replace(post.inbox, receive=dovecot.server("copies4@inside.test"), sent_folder="none"),
        replace(post.inbox, receive=dovecot.server("copies4@inside.test", protocol=MailProtocol.POP3)),
        replace(post.inbox, receive=None),
    ):
        post.inbox = inbox
        await post.submit()
        await post.run()
        assert await _waiting(post) == 0


async def test_a_mailbox_that_is_away_delays_no_sending_and_is_tried_again(
    post: Post, dovecot: DovecotForTests
) -> None:
    well = dovecot.server("copies5@inside.test")
    post.inbox = replace(post.inbox, receive=replace(well, secret="wrong"))
    mail_id = await post.submit()
    assert await post.run() == 1
    assert (await post.row(mail_id)).state == "sent"
    assert await _put(post) == 0
    assert await _waiting(post) == 1
    post.inbox = replace(post.inbox, receive=well)
    assert await _put(post) == 0  # not before its time
    post.clock.advance(timedelta(seconds=DELAYS[0]))
    assert await _put(post) == 1
    assert len(_kept(dovecot, "copies5@inside.test", "Sent")) == 1
    assert len(post.outside.got) == 1


async def test_it_is_given_up_after_some_days(post: Post, dovecot: DovecotForTests) -> None:
    post.inbox = replace(post.inbox, receive=replace(dovecot.server("copies6@inside.test"), secret="wrong"))
    await post.submit()
    await post.run()
    for delay in (0, *DELAYS):
        assert await _waiting(post) == 1
        post.clock.advance(timedelta(seconds=delay))
        await _put(post)
    assert await _waiting(post) == 0
