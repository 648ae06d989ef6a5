"""The built web application: pages with a fresh CSP nonce, assets that never change under their name.

Vite gives assets names with a hash (`assets/…`): they are cached for a year, and served precompressed (`.br`, `.gz`) where
the build made that, else packed here once. Every other path is the application's own route and gets `index.html` with its nonce filled in.
"""

import asyncio
import gzip
from pathlib import Path

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response

from cordboard.runtime.randomness import new_token

PLACEHOLDER = "__CSP_NONCE__"
MOST_PACKED = 500  # assets kept packed in memory; a build has about a hundred
_TEXT = frozenset({".js", ".css", ".svg", ".json"})
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_NOT_BUILT = (
    "<!doctype html><title>Cordboard</title><p>The web application is not built yet. "
    "The API is at <a href='/api/v1/docs'>/api/v1/docs</a>."
)


def policy(nonce: str, host: str) -> str:
    """Strict: our own files alone; styles by nonce (the kit makes style elements), sockets to this host."""
    sockets = f"ws://{host} wss://{host}" if host else ""
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
        "style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; "
        f"connect-src 'self' {sockets}; media-src 'self' blob: data:; worker-src 'self' blob:; manifest-src 'self'; "
        "frame-src https: http: blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    )


class WebApplication:
    """Files of one `dist` folder. They are looked up at each request, so that a new build is served at once."""

    def __init__(self, dist: Path) -> None:
        self._dist = dist.resolve()
        self._pages: dict[str, tuple[float, str]] = {}
        self._packed: dict[Path, bytes] = {}

    def install(self, app: FastAPI) -> None:
        app.add_api_route("/{path:path}", self.get, methods=["GET", "HEAD"], include_in_schema=False)

    async def get(self, path: str, request: Request) -> Response:
        if path.startswith(("api/", "metrics", "sip")):
            raise HTTPException(404, "There is nothing here.")
        file = self._find(path)
        if file is not None and file.suffix != ".html":
            return await self._file(file, path, request.headers.get("accept-encoding", ""))
        if file is None and "." in path.rsplit("/", 1)[-1]:
            raise HTTPException(404, "There is no such file.")
        return self._page(file or self._dist / "index.html", request.headers.get("host", ""))

    def _find(self, path: str) -> Path | None:
        file = (self._dist / path).resolve()
        return file if file.is_relative_to(self._dist) and file.is_file() else None

    async def _file(self, file: Path, path: str, accepted: str) -> Response:
        headers = {"Cache-Control": "no-cache"}
        if path.startswith("assets/"):
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
        media_type = FileResponse(file).media_type
        for encoding, suffix in _ENCODINGS:
            packed = file.with_name(file.name + suffix)
            if encoding in accepted and packed.is_file():
                headers |= {"Content-Encoding": encoding, "Vary": "Accept-Encoding"}
                return FileResponse(packed, headers=headers, media_type=media_type)
        if "gzip" in accepted and file.suffix in _TEXT and path.startswith("assets/"):
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
            return Response(await self._gzipped(file), headers=headers, media_type=media_type)
        return FileResponse(file, headers=headers, media_type=media_type)

    async def _gzipped(self, file: Path) -> bytes:
        """Packed once: an asset's name changes with its content. A new build lets go of the old one's."""
        packed = self._packed.get(file)
        if packed is None:
            if len(self._packed) > MOST_PACKED:
                self._packed.clear()
            packed = self._packed[file] = await asyncio.to_thread(lambda: gzip.compress(file.read_bytes(), 9))
        return packed

    def _page(self, file: Path, host: str) -> Response:
        nonce = new_token()
        headers = {"Cache-Control": "no-store", "Content-Security-Policy": policy(nonce, host)}
        if not file.is_file():
            return HTMLResponse(_NOT_BUILT, 503, headers)
        return HTMLResponse(self._text(file).replace(PLACEHOLDER, nonce), headers=headers)

    def _text(self, file: Path) -> str:
        changed = file.stat().st_mtime
        known = self._pages.get(file.name)
        if known is None or known[0] != changed:
            known = (changed, file.read_text(encoding="utf-8"))
            self._pages[file.name] = known
        return known[1]
