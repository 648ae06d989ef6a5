"""HTML as a text: blocks are lines, lists have dashes, links keep their address, quotes begin with ">"."""

import html as entities
import re

from cordboard.channels.email.understanding.html_rules import APART, ATTRIBUTE, BLOCKS, TAG

HIDDEN = re.compile(r'style="[^"]*\b(?:display:\s*none|font-size:\s*0(?:px|pt)?\s*(?:;|"))', re.IGNORECASE)


SPACES = re.compile(r"[ \t\r\n\f\xa0]+")
WITHIN = re.compile(r"(?<=\S)[ \t\xa0]{2,}")
MANY_LINES = re.compile(r"\n{3,}")


def to_text(markup: str, most: int = 1_000_000) -> str:
    """HTML as a text: blocks are lines, lists have dashes, links keep their address, quotes begin with ">". Sanitise it first."""
    writer = _TextWriter()
    at = 0
    for tag in TAG.finditer(markup):
        if tag.start() > at:
            writer.text(markup[at : tag.start()])
        writer.tag(tag[2].lower(), bool(tag[1]), tag[3])
        at = tag.end()
        if writer.size > most:
            break
    else:
        writer.text(markup[at:])
    return writer.whole()[:most]


class _TextWriter:
    """Lines of text out of a stream of tags and text."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.gap = 0
        self.quotes = 0
        self.depth = 0  # of the last line
        self.size = 0
        self.pre = 0
        self.lists: list[int] = []
        self.hidden = ""
        self.hidden_depth = 0
        self.link: tuple[str, int] | None = None

    def text(self, raw: str) -> None:
        if self.hidden_depth:
            return
        text = entities.unescape(raw)
        if self.pre:
            first, *rest = text.split("\n")
            self._add(first)
            for line in rest:
                self._break()
                self._add(line)
            return
        words = SPACES.sub(" ", text)
        if not "".join(self.line).strip():
            words = words.lstrip(" ")
        if words:
            self._add(words)

    def tag(self, name: str, closing: bool, attributes: str) -> None:
        if self.hidden_depth:
            self.hidden_depth += (-1 if closing else 1) if name == self.hidden else 0
            return
        if not closing and name in BLOCKS | {"span", "font"} and HIDDEN.search(attributes):
            self.hidden, self.hidden_depth = name, 1
            return
        if name == "br":
            self._break()
        elif name == "a":
            self._anchor(closing, attributes)
        elif name == "img" and not closing:
            alt = dict(ATTRIBUTE.findall(attributes)).get("alt", "").strip()
            if alt:
                self._add(f"[{entities.unescape(alt)}]")
        elif name in ("td", "th") and not closing and "".join(self.line).strip():
            self._add("  ")
        elif name in BLOCKS:
            self._block(name, closing)

    def _block(self, name: str, closing: bool) -> None:
        self._end_line(1 if name in APART and not self.lists else 0)
        step = -1 if closing else 1
        if name == "blockquote":
            self.quotes = max(0, self.quotes + step)
        elif name == "pre":
            self.pre = max(0, self.pre + step)
        elif name in ("ul", "ol"):
            if not closing:
                self.lists.append(0 if name == "ol" else -1)
            elif self.lists:
                self.lists.pop()
        elif name == "li" and not closing:
            self._item()
        elif name == "hr":
            self._add("-" * 20)
            self._end_line(0)

    def _item(self) -> None:
        mark = "- "
        if self.lists and self.lists[-1] >= 0:
            self.lists[-1] += 1
            mark = f"{self.lists[-1]}. "
        self._add("  " * (min(len(self.lists), 10) - 1) + mark)

    def _anchor(self, closing: bool, attributes: str) -> None:
        if not closing:
            target = entities.unescape(dict(ATTRIBUTE.findall(attributes)).get("href", ""))
            self.link = (target, len(self.line)) if target else None
        elif self.link is not None:
            target, start = self.link
            self.link = None
            label = "".join(self.line[start:]).strip()
            bare = target.removeprefix("mailto:").removeprefix("tel:")
            if label and not _same_link(label, bare):
                self._add(f" <{bare}>")
            elif not label and target.startswith("http"):
                self._add(f"<{bare}>")

    def _add(self, piece: str) -> None:
        self.line.append(piece)
        self.size += len(piece)

    def _break(self) -> None:
        line = "".join(self.line).rstrip()
        self._write(line if self.pre else WITHIN.sub(" ", line))
        self.line = []
        if self.link is not None:
            self.link = (self.link[0], 0)

    def _end_line(self, gap: int) -> None:
        if "".join(self.line).strip():
            self._break()
        self.line = []
        self.gap = max(self.gap, gap)
        if self.link is not None:
            self.link = (self.link[0], 0)

    def _write(self, line: str) -> None:
        depth = min(self.quotes, 20)
        if self.gap and self.lines and self.lines[-1].strip("> "):
            self.lines.append(("> " * min(depth, self.depth)).rstrip())
        self.gap, self.depth = 0, depth
        self.lines.append(("> " * depth + line).rstrip())
        self.size += 1

    def whole(self) -> str:
        self._end_line(0)
        return MANY_LINES.sub("\n\n", "\n".join(self.lines)).strip("\n")


def _same_link(label: str, target: str) -> bool:
    def bare(text: str) -> str:
        return (
            text.lower()
            .removeprefix("https://")
            .removeprefix("http://")
            .removeprefix("www.")
            .rstrip("/")
            .replace(" ", "")
        )

    return bare(label) == bare(target)
