"""Fetching one mailbox, in a thread of its own: list what is new, bring it, hand it in, move the bookmark, put it away, wait.

The traps: a mail that is moved or deleted while it is fetched is passed over; when UIDVALIDITY changes all UIDs are new names,
so the folder is listed again and what is known is recognised; a mail is put away (deleted, say) only after the commit, and
what a crash kept from being put away is put away at the next start. While one batch is understood, the next is brought.
"""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

import structlog

from cordboard.blobs.store import Blob
from cordboard.channels.email.arrival import BookmarkMoved, Step
from cordboard.channels.email.diagnosis import WELL, explain
from cordboard.channels.email.digest import Digest
from cordboard.channels.email.imap import ImapBox, Listed
from cordboard.channels.email.inboxes import InboxSettings, Server
from cordboard.channels.email.intake import Brought, Intake
from cordboard.channels.email.pop import PopBox, Waiting
from cordboard.channels.email.repository import BookmarkRow
from cordboard.channels.email.sign_in import AccessTokens
from cordboard.core.words import MailAfter, MailProtocol, MailStart

log = structlog.get_logger(__name__)

BATCH = 32
BATCH_BYTES = 4 * 1024 * 1024
LARGE = 2 * 1024 * 1024
"""A mail from this size on is brought in pieces, straight to the disk."""
FIRST_DELAY = 1.0
LONGEST_DELAY = 300.0
POP_BOOKMARK = "pop3"
PASSED_OVER = "passed-over"


@dataclass(frozen=True, slots=True)
class _Batch:
    uids: tuple[int, ...]
    brought: tuple[Brought, ...]
    digests: "Future[list[Digest]]"
    step: Step


@dataclass(slots=True)
class Fetcher:
    """Fetches an inbox until told to stop. `start` and `stop` may be called from anywhere; `stop` does not wait."""

    inbox: InboxSettings
    server: Server
    intake: Intake
    tokens: AccessTokens
    _stop: threading.Event = field(default_factory=threading.Event)
    _wake: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _worked: bool = False  # since the last failure

    def start(self) -> None:
        name = f"fetch {self.inbox.tenant_id}/{self.inbox.id}"
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._wake.set()

    def join(self, seconds: float) -> None:
        if self._thread is not None:
            self._thread.join(seconds)

    def is_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _run(self) -> None:
        delay = FIRST_DELAY
        while not self._stop.is_set():
            try:
                self._session()
            except BookmarkMoved:
                log.warning("bookmark_moved", tenant=self.inbox.tenant_id, inbox=self.inbox.id)
                self._wake.wait(FIRST_DELAY)
            except Exception as error:  # noqa: BLE001  whatever it is: told, and tried again
                if self._stop.is_set():
                    return
                self._complain(error)
                delay = FIRST_DELAY if self._worked else min(delay * 2, LONGEST_DELAY)
                self._worked = False
                self._wake.wait(delay)

    def _complain(self, error: Exception) -> None:
        diagnosis = explain(error, self.server)
        log.warning(
            "fetch_failed",
            tenant=self.inbox.tenant_id,
            inbox=self.inbox.id,
            stage=diagnosis.stage,
            error=type(error).__name__,
        )
        try:
            self.intake.tell(self.inbox, self.server.folder, diagnosis)
        except Exception as second:  # noqa: BLE001  the database is away too: the next time tells
            log.warning("inbox_state_not_told", inbox=self.inbox.id, error=type(second).__name__)

    def _session(self) -> None:
        if self.server.protocol == MailProtocol.POP3:
            self._pop_session()
        else:
            self._imap_session()

    # -- IMAP

    def _imap_session(self) -> None:
        box = ImapBox.open(self.server, self.tokens)
        try:
            bookmark = self._take_up(box)
            self._tell_well()
            while not self._stop.is_set():
                bookmark = self._fetch_new(box, bookmark)
                self._tell_well()
                if box.can_idle:
                    box.wait(self.inbox.poll_seconds, lambda: not self._stop.is_set())
                elif not self._wake.wait(self.inbox.poll_seconds):
                    box.nothing()
        finally:
            box.close()

    def _tell_well(self) -> None:
        self.intake.tell(self.inbox, self.server.folder, WELL)
        self._worked = True

    def _take_up(self, box: ImapBox) -> BookmarkRow | None:
        """Where to go on. What was stored but not put away before the process ended is put away now."""
        known = self.intake.bookmark(self.inbox, self.server.folder)
        if known is None and self.server.start == MailStart.NEW:
            return self._begin_here(box)
        if known is None or self.server.after in (MailAfter.LEAVE, MailAfter.SEEN):
            return known
        if known.uid_validity == box.state.uid_validity:
            left = [one.uid for one in box.list_from(1) if one.uid < known.uid_next]
            prefix = f"uid:{known.uid_validity}:"
            keys = self.intake.known(self.inbox, [f"{prefix}{uid}" for uid in left])
            box.put_away([uid for uid in left if f"{prefix}{uid}" in keys])
        return known

    def _begin_here(self, box: ImapBox) -> BookmarkRow:
        """What lies here already is passed over, also when it gets other UIDs one day."""
        uid_next = box.state.uid_next
        if uid_next is None:
            uid_next = max((one.uid for one in box.list_from(1)), default=0) + 1
        begin = BookmarkRow(self.server.folder, box.state.uid_validity, uid_next, 0, self.intake.now())
        self.intake.pass_over(self.inbox, [], begin)
        return begin

    def _fetch_new(self, box: ImapBox, bookmark: BookmarkRow | None) -> BookmarkRow | None:
        """Everything that is new. Gives the bookmark as it is stored now."""
        state = box.state
        begin, listed_until = 1, 0
        if bookmark is not None and bookmark.uid_validity == state.uid_validity:
            begin, listed_until = bookmark.uid_next, bookmark.listed_until
        listed = box.list_from(begin)
        if bookmark is not None and bookmark.uid_validity != state.uid_validity:
            log.warning("uid_validity_changed", tenant=self.inbox.tenant_id, inbox=self.inbox.id)
            listed_until = listed[-1].uid if listed else 0
        since = bookmark.since if bookmark is not None else None
        if since is not None and bookmark is not None and bookmark.uid_validity != state.uid_validity:
            day = since.replace(microsecond=0)  # servers count in seconds
            listed = [one for one in listed if one.arrived_at is None or one.arrived_at >= day]
        waiting: _Batch | None = None
        stored = bookmark  # what the database has
        ahead = bookmark  # what it will have when all batches are stored
        for group in batches(listed):
            after = BookmarkRow(
                self.server.folder, state.uid_validity, group[-1].uid + 1, listed_until, since
            )
            batch = self._bring(box, group, Step(ahead, after))
            ahead = after
            if waiting is not None:
                stored = self._store(box, waiting)
            waiting = batch
            if self._stop.is_set():
                break
        if waiting is not None:
            stored = self._store(box, waiting)
        return stored

    def _bring(self, box: ImapBox, group: Sequence[Listed], step: Step) -> _Batch:
        raws: list[tuple[int, Blob]] = []
        tenant_id = self.inbox.tenant_id
        if len(group) == 1 and group[0].size >= LARGE:
            blob = self.intake.store.put_stream(tenant_id, box.bring_in_pieces(group[0].uid))
            if blob.size:
                raws = [(group[0].uid, blob)]
        else:
            found = box.bring([one.uid for one in group])
            uids = sorted(found)
            blobs = self.intake.store.put_all(tenant_id, [found[uid] for uid in uids])
            raws = list(zip(uids, blobs, strict=True))
        brought = tuple(
            Brought(blob, self._keys(uid, blob, step.after), uid <= step.after.listed_until)
            for uid, blob in raws
        )
        digests = self.intake.begin_digest(self.inbox, brought)
        return _Batch(tuple(uid for uid, _ in raws), brought, digests, step)

    def _keys(self, uid: int, blob: Blob, bookmark: BookmarkRow) -> tuple[str, ...]:
        if self.server.after in (MailAfter.MOVE, MailAfter.DELETE):
            return (f"hash:{blob.hash}", f"uid:{bookmark.uid_validity}:{uid}")
        return (f"hash:{blob.hash}",)

    def _store(self, box: ImapBox, batch: _Batch) -> BookmarkRow:
        self.intake.save(self.inbox, batch.brought, batch.digests.result(), batch.step)
        if self.server.after != MailAfter.LEAVE:
            box.put_away(batch.uids)
        return batch.step.after

    # -- POP3

    def _pop_session(self) -> None:
        """One session from log-in to log-out; a server shows new mails in a new session only."""
        box = PopBox.open(self.server, self.tokens)
        try:
            listed = box.list()
            self._pop_begin(listed)
            keys = [f"{kind}:{one.uidl}" for one in listed for kind in ("uidl", PASSED_OVER)]
            known = self.intake.known(self.inbox, keys)
            for one in listed:
                if self._stop.is_set():
                    return
                if f"{PASSED_OVER}:{one.uidl}" not in known:
                    self._pop_one(box, one, f"uidl:{one.uidl}" in known)
        finally:
            box.close()
        self._tell_well()
        self._wake.wait(self.inbox.poll_seconds)

    def _pop_begin(self, listed: Sequence[Waiting]) -> None:
        """What lies there at the first look of an inbox that begins with what is new is passed over, and never deleted."""
        if self.server.start == MailStart.NEW and self.intake.bookmark(self.inbox, POP_BOOKMARK) is None:
            keys = [f"{PASSED_OVER}:{one.uidl}" for one in listed]
            begin = BookmarkRow(POP_BOOKMARK, 0, 0, 0, self.intake.now())
            self.intake.pass_over(self.inbox, keys, begin)

    def _pop_one(self, box: PopBox, one: Waiting, known: bool) -> None:
        if not known:
            blob = self.intake.store.put_stream(self.inbox.tenant_id, box.bring(one.number))
            brought = [Brought(blob, (f"uidl:{one.uidl}", f"hash:{blob.hash}"))]
            self.intake.save(
                self.inbox, brought, self.intake.begin_digest(self.inbox, brought).result(), None
            )
        if self.server.after == MailAfter.DELETE:
            box.delete(one.number)


def batches(listed: Sequence[Listed]) -> Iterator[list[Listed]]:
    """In order; a large mail is alone, small ones go together."""
    group: list[Listed] = []
    size = 0
    for one in listed:
        if group and (one.size >= LARGE or len(group) >= BATCH or size + one.size > BATCH_BYTES):
            yield group
            group, size = [], 0
        group.append(one)
        size += one.size
        if one.size >= LARGE:
            yield group
            group, size = [], 0
    if group:
        yield group
