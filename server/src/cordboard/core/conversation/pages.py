"""The page that a visitor looks at, as scripts see it."""

from urllib.parse import urlsplit

from cordboard.core.contact import Contact


def page_of(contact: Contact) -> dict[str, str]:
    """`url`, `path` (without site and query), `title`, and `referrer`: what led to his first page. Of other contacts empty."""
    chat = contact.chat
    if chat is None:
        return {"url": "", "path": "", "title": "", "referrer": ""}
    return {
        "url": chat.page_url,
        "path": path_of(chat.page_url),
        "title": chat.page_title,
        "referrer": chat.page_referrer,
    }


def path_of(url: str) -> str:
    """What a page gives as its address may be anything."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
