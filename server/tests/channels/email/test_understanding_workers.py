"""Mails over which a worker hangs or dies: set aside with the reason, kept, tried again on request; all others arrive."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cordboard.blobs.store import BlobStore
from cordboard.channels.email import digest as digest_module
from cordboard.channels.email import repository, workers
from cordboard.channels.email.arrival import Arrivals, Item
from cordboard.channels.email.digest import Raw, digest
from cordboard.channels.email.inboxes import InboxSettings
from cordboard.channels.email.retries import Retries
from cordboard.channels.email.workers import Understanding
from cordboard.runtime.clock import SystemClock
from cordboard.testing.mail import TOKEN_KEY, MailForTests, breaks_over_some, written

INBOX = InboxSettings("north", "main/info", "info@inside.test")


async def test_the_one_that_breaks_the_worker_is_set_aside_alone(
    mail: MailForTests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "digest", breaks_over_some)
    understanding = Understanding(mail.store.folder, seconds=6)
    texts = ["fine", "KILL", "fine", "HANG", "fine"]
    raws = [written(number, text=text) for number, text in enumerate(texts)]
    blobs = mail.store.put_all("north", raws)
    mails = [Raw("north", blob, ("en",), "en") for blob in blobs]
    try:
        digests = await understanding.digest_all(mails)
    finally:
        await understanding.stop()
    assert [one.reason for one in digests] == [
        "",
        "The program that reads mails broke over it.",
        "",
        "Reading it took longer than 6 seconds.",
        "",
    ]
    arrivals = Arrivals(mail.database, SystemClock(), TOKEN_KEY, lambda _tenant: None)
    items = [Item(blob, (blob.hash,), one) for blob, one in zip(blobs, digests, strict=True)]
    stored = await arrivals.store(INBOX, items)
    assert (stored.ids, stored.set_aside) == ([1, 2, 3, 4, 5], 2)
    assert [one.id for one in await mail.mails("north")] == [1, 3, 5]
    monkeypatch.undo()
    await _retried(mail, arrivals)


async def _retried(mail: MailForTests, arrivals: Arrivals) -> None:
    """The defect is mended: what is asked for arrives with a new id, so that who reads on by id finds it."""
    understanding = Understanding(mail.store.folder)
    try:
        async with mail.database.tenant("north") as connection:
            assert await repository.ask_retry(connection, 2)
        retries = Retries(mail.database, understanding, arrivals)
        assert await retries.run([INBOX]) == 1
        assert await retries.run([INBOX]) == 0
    finally:
        await understanding.stop()
    found = await mail.mails("north")
    assert [(one.id, one.text) for one in found][-1] == (6, "KILL")
    async with mail.database.tenant("north") as connection:
        assert [one.id for one in await repository.mails_set_aside(connection, 10)] == [4]


def test_a_bug_in_reading_is_a_reason_and_not_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = BlobStore(tmp_path)
    blob = store.put("north", written(1))

    def understands(failure: BaseException) -> Callable[..., None]:
        def fail(*_: object, **__: object) -> None:
            raise failure

        return fail

    for failure, words in ((KeyError("x"), "defect"), (MemoryError(), "memory"), (RecursionError(), "deep")):
        monkeypatch.setattr(digest_module, "understand", understands(failure))
        assert words in digest(tmp_path, Raw("north", blob, ("en",), "en")).reason
    monkeypatch.setattr(digest_module, "understand", understands(OSError(5, "I/O error")))
    with pytest.raises(OSError, match="I/O"):
        digest(tmp_path, Raw("north", blob, ("en",), "en"))
