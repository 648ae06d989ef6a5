"""Prepared texts as HTML and as plain text: what is harmless of the one, and the one from the other."""

import re
from html import escape
from html.parser import HTMLParser

import nh3

TAGS = {
    *(
        "a",
        "b",
        "blockquote",
        "br",
        "code",
        "div",
        "em",
        "h1",
        "h2",
        "h3",
        "hr",
        "i",
        "img",
        "li",
        "ol",
        "p",
        "pre",
    ),
    *("s", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "width", "height"}, "td": {"colspan", "rowspan"}}
_SCHEMES = {"http", "https", "mailto", "tel", "cid"}
_BLOCKS = {"p", "div", "ul", "ol", "blockquote", "table", "pre", "h1", "h2", "h3"}
_EMPTY_LINES = re.compile(r"\n{3,}")


def sanitised(html: str) -> str:
    """Only what an answer needs: no scripts, styles, frames or forms, links by known schemes."""
    cleaner = nh3.Cleaner(
        tags=TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener noreferrer"
    )
    return cleaner.clean(html).strip()


def html_of(text: str) -> str:
    """Paragraphs and line breaks of a plain text."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "".join(
        f"<p>{escape(each, quote=False).replace(chr(10), '<br>')}</p>" for each in paragraphs if each
    )


def text_of(html: str) -> str:
    """What a reader of plain text gets: paragraphs apart, lists by dashes, links with their address."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [line.strip() for line in "".join(reader.parts).split("\n")]
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br" or tag == "tr":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self.parts)))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag == "a" and self._links:
            address, begins = self._links.pop()
            shown = "".join(self.parts[begins:])
            bare = address.removeprefix("mailto:").removeprefix("tel:")
            if bare and bare != shown.strip():
                self.parts.append(f" ({bare})")

    def handle_data(self, data: str) -> None:
        self.parts.append(re.sub(r"\s+", " ", data))
