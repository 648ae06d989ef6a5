"""Files over HTTP: taken in within bounds, given out so that nothing in them can run."""

from pathlib import Path

from fastapi.responses import FileResponse, Response
from starlette.datastructures import UploadFile

from cordboard.attachments import kinds


async def read_upload(file: UploadFile, largest: int) -> bytes:
    """Raises FileTooLarge without reading on."""
    data = await file.read(largest + 1)
    if len(data) > largest:
        raise kinds.FileTooLarge(largest=str(largest))
    return data


def file_response(path: Path, name: str, media_type: str) -> Response:
    """Pictures may be shown; everything else is downloaded. Nothing in it may run."""
    inline = media_type in kinds.SAFE_INLINE
    return FileResponse(
        path,
        media_type=media_type if inline else "application/octet-stream",
        filename=name,
        content_disposition_type="inline" if inline else "attachment",
        headers={
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
