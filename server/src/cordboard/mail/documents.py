"""A mail's html as a page of its own, for a frame that may do nothing. Pure."""

import re
from collections.abc import Sequence

_CID = re.compile(r"""\bcid:([^"'\s<>)]{1,300})""", re.IGNORECASE)
_REMOTE = re.compile(r"""<img\b[^>]*\bsrc\s*=\s*["']?https?:|url\(\s*["']?https?:""", re.IGNORECASE)

_WAITING = re.compile(r"""(<img\b[^>]*?)\sdata-src=\"""", re.IGNORECASE)
"""A picture from outside as mail that came in is kept: its address loads nothing until somebody asks."""

_STYLE = (
    "html{color-scheme:light}body{margin:0;padding:12px;font:14px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;"
    "overflow-wrap:anywhere}img{max-width:100%;height:auto}blockquote{margin:0 0 0 4px;padding-left:10px;"
    "border-left:3px solid #ccc;color:#555}table{max-width:100%}pre{white-space:pre-wrap}"
)


def has_remote_images(html: str) -> bool:
    return bool(_WAITING.search(html) or _REMOTE.search(html))


def document(html: str, mail_id: int, inline_ids: Sequence[str], *, images: bool = False) -> str:
    """Inline images get the address of their attachment, remote ones theirs with `images`; links open outside."""
    places = {inline_id: index for index, inline_id in enumerate(inline_ids) if inline_id}

    def place(found: re.Match[str]) -> str:
        index = places.get(found[1])
        return found[0] if index is None else f"/api/v1/mails/{mail_id}/attachments/{index}?inline=1"

    body = _CID.sub(place, html)
    if images:
        body = _WAITING.sub(r'\1 src="', body)
    return (
        '<!doctype html><html><head><meta charset="utf-8"><meta name="referrer" content="no-referrer">'
        f'<base target="_blank"><style>{_STYLE}</style></head><body>{body}</body></html>'
    )


def policy(*, images: bool) -> str:
    """No scripts, no forms, no frames; images of the mail itself, and remote ones only when they were asked for."""
    remote = " https: http:" if images else ""
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:{remote}; font-src data:; "
        "frame-ancestors 'self'; form-action 'none'; base-uri 'none'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox allow-same-origin"
    )
