"""What of a mail's HTML may stay: tags, attributes and declarations, by name; everything else goes."""

import re
from functools import lru_cache


def words(text: str) -> frozenset[str]:
    """A set of words, written as a line of text."""
    return frozenset(text.split())


TAGS = words(
    "a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details "
    "dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p "
    "pre q s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul "
    "var wbr"
)
EVERYWHERE = frozenset(
    {"style", "dir", "lang", "title", "align", "valign", "bgcolor", "color", "width", "height"}
)
ATTRIBUTES: dict[str, set[str]] = {
    "*": set(EVERYWHERE),
    "a": {"href", "name"},
    "img": {"src", "alt", "border", "hspace", "vspace"},
    "table": {"border", "cellpadding", "cellspacing", "summary"},
    "td": {"colspan", "rowspan", "nowrap"},
    "th": {"colspan", "rowspan", "nowrap", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "font": {"face", "size"},
    "ol": {"start", "type"},
    "ul": {"type"},
    "li": {"value", "type"},
    "blockquote": {"type"},
    "time": {"datetime"},
}
STYLES = words(
    "background-color border border-bottom border-bottom-color border-bottom-style border-bottom-width "
    "border-collapse border-color border-left border-left-color border-left-style border-left-width border-radius "
    "border-right border-right-color border-right-style border-right-width border-spacing border-style border-top "
    "border-top-color border-top-style border-top-width border-width color direction display font font-family "
    "font-size font-style font-variant font-weight height letter-spacing line-height list-style list-style-type "
    "margin margin-bottom margin-left margin-right margin-top max-height max-width min-width padding padding-bottom "
    "padding-left padding-right padding-top table-layout text-align text-decoration text-indent text-transform "
    "vertical-align white-space width word-break word-spacing word-wrap overflow-wrap"
)
DISPLAYS = frozenset(
    {"block", "inline", "inline-block", "table", "table-row", "table-cell", "none", "list-item"}
)
SAFE_VALUE = re.compile(r"[\w\s#%.,!'\"/+-]*(?:rgba?\([\d\s.,%]*\)[\w\s#%.,!'\"/+-]*)*")
EMBEDDED = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]{0,400000}", re.IGNORECASE)
VOID = words("area base br col embed hr img input link meta param source track wbr p li td tr th")
DROPPED_WHOLE = words(
    "script style title noscript template svg math object embed iframe frameset textarea select"
)
"""Tags that go with all that is in them."""

BLOCKS = words(
    "address article aside blockquote center dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header "
    "hr li main nav ol p pre section summary table tr ul caption tbody thead tfoot"
)
APART = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "pre", "table"})
TAG = re.compile(r"""<(/?)([a-z][a-z0-9]*)((?:\s+[^\s=">/]+(?:="[^"]*")?)*)\s*/?>""", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""([^\s=">/]+)="([^"]*)\"""")


@lru_cache(maxsize=4_096)
def style(value: str) -> str | None:
    """The declarations that are allowed by name and whose value is of the simple sort."""
    kept: list[str] = []
    for declaration in value[:4_000].split(";"):
        name, colon, said = declaration.partition(":")
        name, said = name.strip().lower(), said.strip()
        if not colon or not said or name not in STYLES or SAFE_VALUE.fullmatch(said) is None:
            continue
        if name == "display" and said.lower() not in DISPLAYS:
            continue
        if name.startswith("margin") and "-" in said:
            continue  # would lie over other things
        kept.append(f"{name}:{said}")
    return ";".join(kept) or None
