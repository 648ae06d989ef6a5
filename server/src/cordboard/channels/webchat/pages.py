"""What is served beside the API: the widget's script for other sites, and the demo shop that carries it."""

import hashlib
import html
from importlib import resources
from pathlib import Path

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response

from cordboard.channels import webchat

_FOR_ALL = {"Cross-Origin-Resource-Policy": "cross-origin", "X-Content-Type-Options": "nosniff"}
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


class WidgetFiles:
    """`/chat.js` never changes its name; `/chat/widget-HASH.js` never changes its content."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def install(self, app: FastAPI) -> None:
        app.add_api_route("/chat.js", self.loader, methods=["GET", "HEAD"], include_in_schema=False)
        app.add_api_route("/chat/{name}", self.widget, methods=["GET", "HEAD"], include_in_schema=False)

    async def loader(self, request: Request) -> Response:
        return self._file(
            "chat.js", request, {"Cache-Control": "public, max-age=300, stale-while-revalidate=86400"}
        )

    async def widget(self, name: str, request: Request) -> Response:
        return self._file(f"chat/{name}", request, {"Cache-Control": "public, max-age=31536000, immutable"})

    def _file(self, name: str, request: Request, headers: dict[str, str]) -> Response:
        file = (self._folder / name).resolve()
        if not file.is_relative_to(self._folder.resolve()) or not file.is_file() or file.suffix != ".js":
            raise HTTPException(404, "The chat widget is not built yet.")
        accepted = request.headers.get("accept-encoding", "")
        found = {**_FOR_ALL, **headers, "Vary": "Accept-Encoding"}
        for encoding, suffix in _ENCODINGS:
            packed = file.with_name(file.name + suffix)
            if encoding in accepted and packed.is_file():
                return FileResponse(
                    packed, headers={**found, "Content-Encoding": encoding}, media_type="text/javascript"
                )
        return FileResponse(file, headers=found, media_type="text/javascript")


def sentence_page(sentence: str, language: str, status: int) -> Response:
    """One sentence for a person who has followed a link that leads nowhere any more."""
    said = html.escape(sentence)
    text = (
        f'<!doctype html><html lang="{html.escape(language)}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"<title>{said.partition(':')[0]}</title><p>{said}</p>"
    )
    headers = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "no-store"}
    return HTMLResponse(text, status, headers=headers)


class DemoShop:
    """A shop's page in English and French, only where the demo centre is, with the strict policy that the widget works under."""

    def install(self, app: FastAPI) -> None:
        app.add_api_route("/demo/shop", self.page, methods=["GET"], include_in_schema=False)
        app.add_api_route("/demo/shop/{name}", self.part, methods=["GET"], include_in_schema=False)

    async def page(self, request: Request, lang: str = "", button: str = "shop") -> Response:
        language = lang or request.headers.get("accept-language", "en")[:2].lower()
        name = "shop-fr.html" if language == "fr" else "shop-en.html"
        chosen = "invite" if button == "invite" else "shop"
        host = request.headers.get("host", "")
        policy = (
            f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            f"connect-src 'self' ws://{host} wss://{host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        text = _read(name).replace("__BUTTON__", f"demo/{chosen}")
        return HTMLResponse(text, headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"})

    async def part(self, name: str) -> Response:
        kinds = {"shop.css": "text/css", "shop.js": "text/javascript", "lamp.svg": "image/svg+xml"}
        if name not in kinds:
            raise HTTPException(404, "There is nothing here.")
        text = _read(name)
        tag = hashlib.sha256(text.encode()).hexdigest()[:16]
        return Response(
            text, media_type=kinds[name], headers={"ETag": f'"{tag}"', "Cache-Control": "no-cache"}
        )


def _read(name: str) -> str:
    return resources.files(webchat).joinpath("shop", name).read_text(encoding="utf-8")
