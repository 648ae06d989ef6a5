"""HTML of a mail: sanitised on the way in, shown on the way out, and turned into text and back.

What is stored (`sanitised`) holds no script, form, frame, style sheet, event or address that runs something. Pictures from
outside have their address in `data-src`, so nothing loads; `shown` gives it back when a person asks. Pictures that came with the
mail stay as `cid:` and get their address in `shown`.
"""

import html as entities
import re
from collections.abc import Callable
from functools import lru_cache

import nh3

from cordboard.channels.email.understanding.html_rules import (
    ATTRIBUTE,
    ATTRIBUTES,
    DROPPED_WHOLE,
    EMBEDDED,
    TAG,
    TAGS,
    VOID,
    style,
)

REMOTE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
DEEPEST = 400


def sanitised(markup: str) -> str:
    """What may be kept and shown of a mail's HTML. An empty string when nothing is left that can be seen."""
    cleaned = _cleaner().clean(_shallow(markup))
    return TAG.sub(_picture, cleaned).strip()


def shown(stored: str, *, pictures: bool, address_of: Callable[[str], str | None]) -> str:
    """Stored HTML for the reader's frame. `address_of` gives a picture's address by its Content-ID, None when it is not there;
    pictures from outside load only with `pictures`."""

    def picture(hit: re.Match[str]) -> str:
        if hit[2] != "img" or hit[1]:
            return hit[0]
        attributes = dict(ATTRIBUTE.findall(hit[3]))
        remote = attributes.get("data-src", "")
        source = attributes.get("src", "")
        if remote and pictures:
            attributes["src"] = remote
        elif source.startswith("cid:"):
            address = address_of(entities.unescape(source[4:]))
            attributes.pop("src")
            if address is not None:
                attributes["src"] = entities.escape(address)
        return _img(attributes)

    return TAG.sub(picture, stored)


def has_remote_pictures(stored: str) -> bool:
    """True when there are pictures that wait for a person to ask for them."""
    return 'data-src="' in stored


def from_text(text: str) -> str:
    """A text as HTML: paragraphs, line ends, links, quotes."""
    blocks: list[str] = []
    for block in re.split(r"\n{2,}", text.strip("\n")):
        lines = [LINK.sub(_link, entities.escape(line, quote=False)) for line in block.split("\n")]
        blocks.append("<p>" + "<br>\n".join(lines) + "</p>")
    return "\n".join(blocks) if text.strip() else ""


LINK = re.compile(
    r"\bhttps?://[^\s<>\"]{1,2000}[^\s<>\".,;:!?)\]}']|\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}\b"
)


def _link(hit: re.Match[str]) -> str:
    found = hit[0]
    target = found if found.startswith("http") else f"mailto:{found}"
    return f'<a href="{target.replace(chr(34), "")}" target="_blank" rel="noopener noreferrer nofollow">{found}</a>'


def _picture(hit: re.Match[str]) -> str:
    """Moves an address outside to `data-src`."""
    if hit[2] != "img" or hit[1]:
        return hit[0]
    attributes = {name: value for name, value in ATTRIBUTE.findall(hit[3]) if name != "data-src"}
    source = entities.unescape(attributes.pop("src", "")).strip()
    if REMOTE.match(source):
        attributes["data-src"] = entities.escape(source if source.startswith("http") else "https:" + source)
    elif source[:4].lower() == "cid:":
        attributes["src"] = "cid:" + entities.escape(source[4:])
    elif EMBEDDED.fullmatch(source):
        attributes["src"] = source
    return _img(attributes)


def _img(attributes: dict[str, str]) -> str:
    return "<img" + "".join(f' {name}="{value}"' for name, value in attributes.items()) + ">"


@lru_cache(maxsize=1)
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(TAGS),
        clean_content_tags=set(DROPPED_WHOLE),
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        url_relative="pass_through",
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "style":
        return style(value)
    if name == "href":
        target = re.sub(r"[\x00-\x20]+", "", value[:20]).lower()
        return value if target.startswith(("http:", "https:", "mailto:", "tel:", "#")) else None
    if name == "src":
        return (
            value
            if value.strip()[:4].lower() == "cid:"
            or REMOTE.match(value.strip())
            or EMBEDDED.fullmatch(value.strip())
            else None
        )
    return value[:2_000]


def _shallow(markup: str) -> str:
    """Without tags beyond a depth that no mail needs: trees of markup are walked by recursion in browsers."""
    if markup.count("<") <= DEEPEST:
        return markup
    depth = 0

    def kept(hit: re.Match[str]) -> str:
        nonlocal depth
        if hit[1]:
            depth = max(0, depth - 1)
            return hit[0] if depth < DEEPEST else ""
        if hit[2].lower() in VOID:
            return hit[0]
        depth += 1
        return hit[0] if depth <= DEEPEST else ""

    return LOOSE_TAG.sub(kept, markup)


LOOSE_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
