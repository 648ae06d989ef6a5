"""The worker processes that understand mails. One that hangs or dies over a mail is replaced, and that mail is set aside."""

import asyncio
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from pathlib import Path

import structlog

from cordboard.channels.email.digest import Digest, Raw, begin_worker, digest, ready

log = structlog.get_logger(__name__)

SECONDS = 30.0
"""The longest that one mail may take."""


class Understanding:
    """Digests mails in `processes` workers. Results come in the order asked for."""

    def __init__(self, folder: Path, processes: int = 1, seconds: float = SECONDS) -> None:
        self._folder = folder
        self._processes = processes
        self._seconds = seconds
        self._pool: ProcessPoolExecutor | None = None
        self._alone = asyncio.Lock()

    async def digest_all(self, mails: Sequence[Raw]) -> list[Digest]:
        """One result for each. A mail over which a worker breaks twice, the second time alone, is what broke it."""
        tries = await asyncio.gather(*(self._try(mail) for mail in mails))
        return [
            result if result is not None else await self._try_alone(mail)
            for mail, result in zip(mails, tries, strict=True)
        ]

    async def stop(self) -> None:
        self._replace(self._pool)

    async def _try(self, mail: Raw) -> Digest | None:
        """None when the worker did not get through, for whichever mail's fault."""
        pool = self._at_hand()
        try:
            future = asyncio.get_running_loop().run_in_executor(pool, digest, self._folder, mail)
            # The others of a batch wait in the same queue; a mail's own time is measured when it is alone.
            return await asyncio.wait_for(future, self._seconds * 2)
        except (BrokenExecutor, TimeoutError):
            self._replace(pool)
            return None

    async def _try_alone(self, mail: Raw) -> Digest:
        async with self._alone:
            pool = self._new(1)
            try:
                await asyncio.get_running_loop().run_in_executor(
                    pool, ready
                )  # its start is not the mail's time
                future = asyncio.get_running_loop().run_in_executor(pool, digest, self._folder, mail)
                return await asyncio.wait_for(future, self._seconds)
            except TimeoutError:
                log.warning("mail_took_too_long", tenant=mail.tenant_id, raw=mail.blob.hash)
                return Digest(None, reason=f"Reading it took longer than {self._seconds:.0f} seconds.")
            except BrokenExecutor:
                log.warning("mail_broke_worker", tenant=mail.tenant_id, raw=mail.blob.hash)
                return Digest(None, reason="The program that reads mails broke over it.")
            finally:
                _kill(pool)

    def _at_hand(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = self._new(self._processes)
        return self._pool

    def _new(self, processes: int) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(processes, mp_context=context, initializer=begin_worker)

    def _replace(self, pool: ProcessPoolExecutor | None) -> None:
        if pool is not None and pool is self._pool:
            self._pool = None
            _kill(pool)


def _kill(pool: ProcessPoolExecutor) -> None:
    processes = list((pool._processes or {}).values())  # a worker that hangs does not listen to `shutdown`
    for process in processes:
        process.kill()
    pool.shutdown(wait=False, cancel_futures=True)
