"""HTML of mails: what stays, what goes, what is shown, and its text."""

import pytest

from cordboard.channels.email.understanding.html import from_text, has_remote_pictures, sanitised, shown
from cordboard.channels.email.understanding.html_text import to_text

STAYS = {
    "text and links": (
        '<p>See <a href="https://example.org/a?b=1&amp;c=2">this</a></p>',
        '<p>See <a href="https://example.org/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer nofollow">this</a></p>',
    ),
    "tables and simple styles": (
        '<table width="600" bgcolor="#ffffff"><tr><td style="padding: 4px; color: rgb(1,2,3)" colspan="2">x</td></tr></table>',
        '<table width="600" bgcolor="#ffffff"><tbody><tr><td style="padding:4px;color:rgb(1,2,3)" colspan="2">x</td></tr></tbody></table>',
    ),
    "a picture that is in the mail": ('<img src="CID:a@b" alt="Logo">', '<img alt="Logo" src="cid:a@b">'),
    "a picture in the markup itself": (
        '<img src="data:image/png;base64,AAAA">',
        '<img src="data:image/png;base64,AAAA">',
    ),
    "a picture from outside": (
        '<img src="https://x.example/a.png" width="1">',
        '<img width="1" data-src="https://x.example/a.png">',
    ),
    "a picture by two slashes": ('<img src="//x.example/a.png">', '<img data-src="https://x.example/a.png">'),
}
GOES = {
    "scripts": "<script>alert(1)</script>",
    "events": '<p onclick="x()" onmouseover=x>a</p>',
    "script addresses": '<a href="java\nscript:x()">a</a><a href="&#106;avascript:x()">a</a><a href="vbscript:x">a</a>',
    "data addresses": '<a href="data:text/html,<script>x</script>">a</a>',
    "forms": '<form action="https://x.example"><input name="password"><button>Go</button></form>',
    "frames": '<iframe src="https://x.example"></iframe><object data="x"></object><embed src="x">',
    "style sheets": '<style>p { background: url(https://x.example/a) }</style><link rel="stylesheet" href="https://x.example">',
    "styles that load": "<p style=\"background: url(https://x.example/a); background-image: image-set('x' 1x)\">a</p>",
    "styles that cover the page": '<div style="position: fixed; top: 0; z-index: 9; margin-left: -900px; transform: scale(9)">a</div>',
    "styles in disguise": '<p style="color: red; back\\67round: u\\72l(x); width: expression(x)">a</p>',
    "refreshing and bases": '<meta http-equiv="refresh" content="0; url=https://x.example"><base href="https://x.example">',
    "vector graphics": '<svg><a xlink:href="javascript:x"><text>x</text></a><image href="https://x.example"/></svg>',
    "sets of pictures": '<img srcset="https://x.example/a 2x" lowsrc="https://x.example/b"><picture><source srcset="https://x.example/c"></picture>',
    "backgrounds": '<table background="https://x.example/a"><tr><td background="https://x.example/b">a</td></tr></table>',
    "sound and film": '<video src="https://x.example" poster="https://x.example"></video><audio src="https://x.example"></audio>',
    "names that scripts look up": '<p id="app" class="modal" data-x="1">a</p>',
    "comments of old programs": "<!--[if mso]><img src=https://x.example><![endif]-->",
    "markup in markup": '<noscript><p title="</noscript><img src=x onerror=x>"></noscript>',
    "a picture that says where it comes from": '<img data-src="https://x.example" src="javascript:x">',
}
SIGNS = (
    "script",
    "x.example",
    "onclick",
    "onmouse",
    "onerror",
    "url(",
    "position",
    "expression",
    "\\",
    "<form",
    "<input",
    "<button",
    "<style",
    "<svg",
    "id=",
    "class=",
    "data-",
    'style="margin',
)


@pytest.mark.parametrize("name", STAYS)
def test_what_is_harmless_stays(name: str) -> None:
    given, kept = STAYS[name]
    assert sanitised(given) == kept


@pytest.mark.parametrize("name", GOES)
def test_what_runs_loads_or_misleads_goes(name: str) -> None:
    kept = sanitised(GOES[name])
    assert not [sign for sign in SIGNS if sign in kept]


def test_pictures_from_outside_load_only_when_asked() -> None:
    stored = sanitised('<img src="https://x.example/a.png?b=1&c=2"><img src="cid:in"><img src="cid:gone">')
    assert has_remote_pictures(stored)
    address = {"in": '/api/v1/mails/7/attachments/0?inline=1&x="'}.get
    assert shown(stored, pictures=False, address_of=address) == (
        '<img data-src="https://x.example/a.png?b=1&amp;c=2"><img src="/api/v1/mails/7/attachments/0?inline=1&amp;x=&quot;"><img>'
    )
    asked = shown(stored, pictures=True, address_of=address)
    assert 'src="https://x.example/a.png?b=1&amp;c=2"' in asked


TEXTS = {
    "paragraphs": ("<p>One</p><p>Two</p>", "One\n\nTwo"),
    "Outlook's paragraphs": ("<div>One</div><div>&nbsp;</div><div>Two<br>Three</div>", "One\nTwo\nThree"),
    "line ends": ("One<br>Two<br><br>Three", "One\nTwo\n\nThree"),
    "blanks": ("<p>  One \n  two&nbsp;three </p>", "One two three"),
    "lists": (
        "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul><ol><li>x</li><li>y</li></ol>",
        "- a\n- b\n  - c\n\n1. x\n2. y",
    ),
    "links": (
        'See <a href="https://e.example/a">here</a>, <a href="https://e.example">e.example</a>',
        "See here <https://e.example/a>, e.example",
    ),
    "mail addresses": ('<a href="mailto:a@b.example">a@b.example</a>', "a@b.example"),
    "quotes": (
        "<p>New</p><blockquote><p>Old</p><blockquote>Older</blockquote></blockquote>",
        "New\n\n> Old\n>\n> > Older",
    ),
    "tables": ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a b\nc d"),
    "headings": ("<h1>Title</h1>Text", "Title\n\nText"),
    "pictures": ('<p><img alt="Logo" src="cid:x"> Hi</p>', "[Logo] Hi"),
    "preformatted": ("<pre>a  b\n  c</pre>", "a  b\n  c"),
    "what is hidden": ('<div style="display:none">Preview of this mail</div><p>Hi</p>', "Hi"),
    "entities": ("<p>&lt;b&gt; &amp;amp; &euro;&#8217;</p>", "<b> &amp; €’"),
    "a rule": ("a<hr>b", "a\n--------------------\nb"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_markup_as_text(name: str) -> None:
    given, text = TEXTS[name]
    assert to_text(sanitised(given)) == text


def test_a_text_as_markup() -> None:
    assert from_text("One <two> & www\nhttps://e.example/a?b=1&c=2.\n\nMe a@b.example") == (
        "<p>One &lt;two&gt; &amp; www<br>\n"
        '<a href="https://e.example/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer nofollow">https://e.example/a?b=1&amp;c=2</a>.</p>\n'
        '<p>Me <a href="mailto:a@b.example" target="_blank" rel="noopener noreferrer nofollow">a@b.example</a></p>'
    )
