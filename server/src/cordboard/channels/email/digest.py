"""The part of understanding that runs in a worker process: the raw mail is read from the disk, what is inside is kept there.

Only small values cross between the processes: a mail of 50 MB is in the worker's memory alone.
"""

import os
import resource
from dataclasses import dataclass, replace
from pathlib import Path

from cordboard.blobs.store import Blob, BlobStore
from cordboard.channels.email.repository import AttachmentJson
from cordboard.channels.email.understanding import NotUnderstood, Understood, understand

MEMORY = 3 * 1024**3
"""Bytes of address space that a worker may have: what wants more is set aside."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A raw mail that is on the disk already."""

    tenant_id: str
    blob: Blob
    languages: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What a mail says. `understood` is without its attachments' bytes, which are blobs now; None with a `reason` when set aside."""

    understood: Understood | None
    attachments: tuple[AttachmentJson, ...] = ()
    blobs: tuple[tuple[Blob, str], ...] = ()
    reason: str = ""


def begin_worker() -> None:
    """Once in each worker: bounded memory, less important than everything else, and gone when its parent is gone."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)
    _end_with_parent()


def ready() -> bool:
    """Answers once the worker is up."""
    return True


def digest(folder: Path, raw: Raw) -> Digest:
    """Understands one mail. Whatever is wrong with it becomes a reason; only the worker's own end is left to be seen."""
    store = BlobStore(folder)
    try:
        understood = understand(
            store.read(raw.tenant_id, raw.blob.hash), languages=raw.languages, default_language=raw.language
        )
        blobs = store.put_all(raw.tenant_id, [part.data for part in understood.attachments])
    except NotUnderstood as error:
        return Digest(None, reason=error.reason)
    except MemoryError:
        return Digest(None, reason="It needs more memory than one mail may have.")
    except RecursionError:
        return Digest(None, reason="Its parts lie too deep within one another.")
    except OSError:
        raise  # the disk's fault, not the mail's
    except Exception as error:  # noqa: BLE001  a bug of ours, or what nobody thought of: seen, kept, and the rest flow on
        return Digest(
            None, reason=f"Reading it failed ({type(error).__name__}). This is a defect: report it."
        )
    attachments = tuple(
        AttachmentJson(
            name=part.name,
            media_type=part.media_type,
            size=blob.size,
            hash=blob.hash,
            inline_id=part.inline_id,
            text=part.text,
            warning=part.warning,
        )
        for part, blob in zip(understood.attachments, blobs, strict=True)
    )
    kept = tuple((blob, part.media_type) for part, blob in zip(understood.attachments, blobs, strict=True))
    return Digest(replace(understood, attachments=()), attachments, kept)


def _end_with_parent() -> None:
    import ctypes

    ctypes.CDLL(None).prctl(1, 9)  # PR_SET_PDEATHSIG, SIGKILL
