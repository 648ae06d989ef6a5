"""A customer's site of another origin, with the one line of script and a policy that allows nothing else."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Site:
    origin: str


def policy(host: str) -> str:
    """What docs/howto/chat.md says that a page needs."""
    sockets = host.replace("http", "ws", 1)
    return f"default-src 'none'; script-src {host}; connect-src {host} {sockets}; img-src {host}"


@contextmanager
def shop_site(host: str, button: str) -> Iterator[Site]:
    """Serves one page on a port of its own; `?lang=fr` makes it French, and so on."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            language = self.path.partition("lang=")[2][:2] or "en"
            page = (
                f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>Shop</title>'
                f'<meta name="viewport" content="width=device-width"><main><h1>Shop</h1></main>'
                f'<script async src="{host}/chat.js" data-button="{button}"></script>'
            ).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy(host))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Site(f"http://127.0.0.1:{server.server_address[1]}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
