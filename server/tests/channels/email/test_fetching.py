"""Fetching from a real Dovecot: in order, once each, whatever happens to the mailbox meanwhile."""

import hashlib

import pytest

from cordboard.channels.email.imap import ImapBox
from cordboard.channels.email.inboxes import InboxSettings
from cordboard.channels.email.repository import MailRow
from cordboard.channels.email.sign_in import AccessTokens
from cordboard.core.words import MailAfter, MailProtocol
from cordboard.runtime.clock import SystemClock
from cordboard.testing.dovecot import DovecotForTests
from cordboard.testing.mail import MailForTests, until, written


def inbox(dovecot: DovecotForTests, address: str, **options: object) -> InboxSettings:
    server = dovecot.server(address, **options)  # type: ignore[arg-type]  # passed on as they are
    return InboxSettings("north", "main/info", address, receive=server, poll_seconds=60)


def numbers(mails: list[MailRow]) -> list[int]:
    return [int(one.message_id.partition("@")[0][1:]) for one in mails]


@pytest.fixture
def address(request: pytest.FixtureRequest) -> str:
    """A mailbox of the test's own."""
    return f"{request.node.name.replace('[', '-').replace(']', '').replace('_', '-')}@inside.test"


async def test_what_is_there_and_what_comes_while_it_waits(
    dovecot: DovecotForTests, mail: MailForTests, address: str
) -> None:
    dovecot.deliver(address, [written(number) for number in range(40)])
    mail.inboxes = [inbox(dovecot, address)]
    async with mail.running():
        assert numbers(await mail.arrived("north", 40)) == list(range(40))
        dovecot.deliver(address, [written(40)])  # IDLE: far within the slow poll's minute
        found = await mail.arrived("north", 41, seconds=10)
    assert numbers(found) == list(range(41))
    assert [one.id for one in found] == list(range(1, 42))
    first = found[0]
    assert (first.sender, first.sender_name) == ("ann@outside.test", "Ann Example")
    assert first.subject == "Question 0"
    assert first.text == "Good morning, this is the question with the number 0."
    raw = mail.store.read("north", first.raw_hash)
    assert hashlib.sha256(raw).hexdigest() == first.raw_hash
    assert raw.endswith(written(0).split(b"\r\n\r\n", 1)[1])
    state = await mail.state("north", "main/info")
    assert state is not None and state.ok
    with dovecot.mailbox(address) as box:
        assert not any("\\Seen" in one.flags for one in box.fetch(mark_seen=False))


async def test_a_second_start_begins_where_the_first_ended(
    dovecot: DovecotForTests, mail: MailForTests, address: str
) -> None:
    mail.inboxes = [inbox(dovecot, address)]
    for begin in (0, 5, 10):
        dovecot.deliver(address, [written(number) for number in range(begin, begin + 5)])
        async with mail.running():
            found = await mail.arrived("north", begin + 5)
        assert numbers(found) == list(range(begin + 5))


@pytest.mark.parametrize("after", list(MailAfter))
async def test_after_the_fetch(
    dovecot: DovecotForTests, mail: MailForTests, address: str, after: MailAfter
) -> None:
    dovecot.deliver(address, [written(number) for number in range(3)])
    mail.inboxes = [inbox(dovecot, address, after=after, move_to="Done")]

    async def left() -> tuple[int, int, int]:
        with dovecot.mailbox(address) as box:
            flags = [one.flags for one in box.fetch(mark_seen=False, headers_only=True)]
            done = box.folder.status("Done")["MESSAGES"] if box.folder.exists("Done") else 0
        return len(flags), sum("\\Seen" in one for one in flags), done

    wanted = {
        MailAfter.LEAVE: (3, 0, 0),
        MailAfter.SEEN: (3, 3, 0),
        MailAfter.MOVE: (0, 0, 3),
        MailAfter.DELETE: (0, 0, 0),
    }[after]
    async with mail.running():
        await mail.arrived("north", 3)
        assert await until(left, lambda found: found == wanted, 10) == wanted


async def test_what_a_crash_kept_from_being_put_away_is_put_away_at_the_next_start(
    dovecot: DovecotForTests, mail: MailForTests, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.deliver(address, [written(number) for number in range(3)])
    mail.inboxes = [inbox(dovecot, address, after=MailAfter.DELETE)]
    with monkeypatch.context() as patched:
        patched.setattr(ImapBox, "put_away", lambda _box, _uids: None)
        async with mail.running():
            await mail.arrived("north", 3)

    async def left() -> int:
        with dovecot.mailbox(address) as box:
            return int(box.folder.status()["MESSAGES"])

    assert await left() == 3
    async with mail.running():
        assert await until(left, lambda found: found == 0, 10) == 0
    assert len(await mail.mails("north")) == 3


async def test_all_uids_change(dovecot: DovecotForTests, mail: MailForTests, address: str) -> None:
    """Known by their bytes, or, when the server has rewritten them, by their Message-ID; nothing new is missed."""

    def put(*mails: int) -> None:
        with dovecot.mailbox(address) as box:
            for number in mails:
                box.append(written(number), "Orders")

    with dovecot.mailbox(address) as box:
        box.folder.create("Orders")
    put(*range(10))
    mail.inboxes = [inbox(dovecot, address, folder="Orders")]
    async with mail.running():
        await mail.arrived("north", 10)
    with dovecot.mailbox(address, "Orders") as box:
        box.delete(box.uids()[3])
        box.append(b"X-Migrated: yes\r\n" + written(3), "Orders")  # the same mail with other bytes
    dovecot.change_uid_validity(address, "Orders")
    put(*range(10, 15))
    async with mail.running():
        await mail.arrived("north", 15)
        put(15)
        found = await mail.arrived("north", 16)
    assert numbers(found) == list(range(16))


async def test_a_mail_that_is_moved_out_and_back_is_the_same(
    dovecot: DovecotForTests, mail: MailForTests, address: str
) -> None:
    dovecot.deliver(address, [written(number) for number in range(4)])
    mail.inboxes = [inbox(dovecot, address)]
    async with mail.running():
        await mail.arrived("north", 4)
        with dovecot.mailbox(address) as box:
            box.folder.create("Else")
            first, second, *_ = box.uids()
            box.delete(second)
            box.move(first, "Else")
            box.folder.set("Else")
            box.move(box.uids(), "INBOX")
        dovecot.deliver(address, [written(4)])
        found = await mail.arrived("north", 5)
    assert numbers(found) == list(range(5))


async def test_a_mail_that_goes_while_it_is_fetched_is_passed_over(
    dovecot: DovecotForTests, mail: MailForTests, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.deliver(address, [written(number) for number in range(6)])
    listed = ImapBox.list_from

    def list_then_lose(box: ImapBox, uid: int) -> object:
        found = listed(box, uid)
        if len(found) == 6:
            with dovecot.mailbox(address) as other:
                other.delete([str(found[2].uid), str(found[5].uid)])
        return found

    monkeypatch.setattr(ImapBox, "list_from", list_then_lose)
    mail.inboxes = [inbox(dovecot, address)]
    async with mail.running():
        await mail.arrived("north", 4)
        dovecot.deliver(address, [written(6)])
        found = await mail.arrived("north", 5)
    assert numbers(found) == [0, 1, 3, 4, 6]


async def test_fifty_megabytes_come_in_pieces(
    dovecot: DovecotForTests, mail: MailForTests, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVpBQkNERUZHSElKS0xNTk9QUVJTVFVWV1hZWg==\r\n"
    large = (
        b"From: ann@outside.test\r\nSubject: The plans\r\nMessage-ID: <m1@outside.test>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHere are the plans.\r\n'
        b'--b\r\nContent-Type: application/octet-stream; name="plans.bin"\r\nContent-Transfer-Encoding: base64\r\n'
        b'Content-Disposition: attachment; filename="plans.bin"\r\n\r\n' + line * 700_000 + b"--b--\r\n"
    )
    assert len(large) > 50_000_000
    dovecot.deliver(address, [written(0), large, written(2)])
    longest = 0
    bring = ImapBox.bring

    def measured(box: ImapBox, uids: list[int]) -> dict[int, bytes]:
        nonlocal longest
        found = bring(box, uids)
        longest = max(longest, *(len(one) for one in found.values()))
        return found

    monkeypatch.setattr(ImapBox, "bring", measured)
    mail.inboxes = [inbox(dovecot, address)]
    async with mail.running():
        found = await mail.arrived("north", 3, seconds=60)
    assert numbers(found) == [0, 1, 2]
    assert found[1].text == "Here are the plans."
    (part,) = found[1].parts()
    assert part["name"] == "plans.bin"
    assert mail.store.path("north", part["hash"]).stat().st_size == part["size"] > 36_000_000
    assert longest < 10_000


async def test_pop3(dovecot: DovecotForTests, mail: MailForTests, address: str) -> None:
    dovecot.deliver(address, [written(0), written(1, text=".\r\n..two dots\r\n" + "x" * 5000), written(2)])
    box = inbox(dovecot, address, protocol=MailProtocol.POP3)
    mail.inboxes = [InboxSettings("north", box.id, address, receive=box.receive, poll_seconds=0.2)]
    async with mail.running():
        await mail.arrived("north", 3)
        dovecot.deliver(address, [written(3)])
        found = await mail.arrived("north", 4)
    assert numbers(found) == [0, 1, 2, 3]
    assert found[1].text.startswith(".\n..two dots")
    with dovecot.mailbox(address) as left:
        assert len(left.uids()) == 4
    after = dovecot.server(address, protocol=MailProtocol.POP3, after=MailAfter.DELETE)
    mail.inboxes = [InboxSettings("north", box.id, address, receive=after, poll_seconds=0.2)]

    async def remaining() -> int:
        with dovecot.mailbox(address) as left:
            return len(left.uids())

    async with mail.running():
        await until(remaining, lambda count: count == 0, 10)
    assert len(await mail.mails("north")) == 4


async def test_two_mail_processes_by_mistake_double_nothing(
    dovecot: DovecotForTests, mail: MailForTests, address: str
) -> None:
    """As when a supervisor was killed and its old process lives on beside the new one."""
    mail.inboxes = [inbox(dovecot, address)]
    dovecot.deliver(address, [written(number) for number in range(60)])
    async with mail.running(), mail.running():
        await mail.arrived("north", 60)
        dovecot.deliver(address, [written(number) for number in range(60, 80)])
        await mail.arrived("north", 80)
    assert numbers(await mail.mails("north")) == list(range(80))


async def test_an_inbox_that_can_not_be_fetched_says_why_and_the_others_go_on(
    dovecot: DovecotForTests, mail: MailForTests, address: str
) -> None:
    dovecot.deliver(address, [written(0)])
    wrong = dovecot.server(address, folder="Orders")
    mail.inboxes = [
        InboxSettings("north", "main/orders", "orders@inside.test", receive=wrong),
        inbox(dovecot, address),
    ]

    async def state() -> str:
        found = await mail.state("north", "main/orders")
        return "" if found is None else f"{found.ok} {found.stage} {found.sentence}"

    async with mail.running():
        await mail.arrived("north", 1)
        told = await until(state, lambda text: text != "", 10)
    assert told == "False folder There is no folder Orders that can be opened."


def test_listing_from_a_uid_beyond_the_last_is_empty(dovecot: DovecotForTests, address: str) -> None:
    dovecot.deliver(address, [written(0)])
    box = ImapBox.open(dovecot.server(address), AccessTokens(SystemClock()))
    try:
        assert [one.uid for one in box.list_from(1)] == [1]
        assert box.list_from(2) == []
    finally:
        box.close()
