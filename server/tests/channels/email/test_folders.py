"""Several folders of a mailbox, and inboxes that begin with what arrives from now on: on a real Dovecot."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cordboard.channels.email.inboxes import InboxSettings
from cordboard.core.words import MailAfter, MailProtocol, MailStart
from cordboard.testing.dovecot import DovecotForTests
from cordboard.testing.mail import MailForTests, until, written
from tests.channels.email.test_fetching import address, inbox, numbers

__all__ = ["address"]


def only_new(one: InboxSettings) -> InboxSettings:
    assert one.receive is not None
    return replace(one, receive=replace(one.receive, start=MailStart.NEW))


async def _looked_at(mail: MailForTests) -> None:
    async def known() -> bool:
        state = await mail.state("north", "main/info")
        return state is not None and state.looked_at is not None

    await until(known, bool, 10)


async def test_every_folder_has_its_own_bookmark(
    dovecot: DovecotForTests, mail: MailForTests, address: str
) -> None:
    with dovecot.mailbox(address) as box:
        for folder in ("Orders", "Été"):
            box.folder.create(folder)
        box.append(written(1), "Orders")
        box.append(written(2), "Été")
    dovecot.deliver(address, [written(0)])
    one = inbox(dovecot, address)
    assert one.receive is not None
    mail.inboxes = [replace(one, receive=replace(one.receive, folders=("INBOX", "Orders", "Été")))]
    async with mail.running():
        assert sorted(numbers(await mail.arrived("north", 3))) == [0, 1, 2]
        with dovecot.mailbox(address) as box:
            box.append(written(3), "Été")  # IDLE in each of them
            box.copy(box.uids(), "Orders")  # known: the same mail
        assert sorted(numbers(await mail.arrived("north", 4, seconds=10))) == [0, 1, 2, 3]
    dovecot.change_uid_validity(address, "Orders")
    with dovecot.mailbox(address) as box:
        box.append(written(4), "Orders")
    async with mail.running():
        assert sorted(numbers(await mail.arrived("north", 5))) == [0, 1, 2, 3, 4]


async def test_a_folder_that_is_not_there_is_said_and_the_others_go_on(
    dovecot: DovecotForTests, mail: MailForTests, address: str
) -> None:
    dovecot.deliver(address, [written(0)])
    one = inbox(dovecot, address)
    assert one.receive is not None
    mail.inboxes = [replace(one, receive=replace(one.receive, folders=("INBOX", "Missing")))]

    async def said() -> str:
        state = await mail.state("north", "main/info")
        return "" if state is None or state.ok else state.sentence

    async with mail.running():
        await mail.arrived("north", 1)
        assert "Missing" in await until(said, bool, 10)
        dovecot.deliver(address, [written(1)])
        await mail.arrived("north", 2)
        assert "Missing" in await said()


async def test_only_what_arrives_from_now_on_also_when_all_uids_change(
    dovecot: DovecotForTests, mail: MailForTests, address: str
) -> None:
    with dovecot.mailbox(address) as box:
        box.folder.create("Orders")
        for number in range(5):
            box.append(written(number), "Orders", dt=datetime.now(UTC) - timedelta(days=number + 1))
    mail.inboxes = [only_new(inbox(dovecot, address, folder="Orders"))]
    async with mail.running():
        await _looked_at(mail)
        with dovecot.mailbox(address) as box:
            box.append(written(5), "Orders")
        assert numbers(await mail.arrived("north", 1, seconds=10)) == [5]
    dovecot.change_uid_validity(address, "Orders")
    with dovecot.mailbox(address) as box:
        box.append(written(6), "Orders")
    async with mail.running():
        assert numbers(await mail.arrived("north", 2)) == [5, 6]


@pytest.mark.parametrize("protocol", [MailProtocol.IMAP, MailProtocol.POP3])
async def test_what_was_passed_over_is_never_put_away(
    dovecot: DovecotForTests, mail: MailForTests, address: str, protocol: MailProtocol
) -> None:
    dovecot.deliver(address, [written(0), written(1)])
    one = only_new(inbox(dovecot, address, protocol=protocol, after=MailAfter.DELETE))
    mail.inboxes = [replace(one, poll_seconds=0.2)]
    async with mail.running():
        await _looked_at(mail)
        dovecot.deliver(address, [written(2)])
        assert numbers(await mail.arrived("north", 1, seconds=10)) == [2]

        async def left() -> int:
            with dovecot.mailbox(address) as box:
                return int(box.folder.status()["MESSAGES"])

        assert await until(left, lambda count: count == 2, 10) == 2
    async with mail.running():
        dovecot.deliver(address, [written(3)])
        assert numbers(await mail.arrived("north", 2)) == [2, 3]
