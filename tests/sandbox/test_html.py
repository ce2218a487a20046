"""The server's HTML: what it shows, and what it refuses to read."""

import pytest

from sandbox.telegram.errors import Cause, Refused
from sandbox.telegram.html import parse

SHOWN = [
    ("Bonjour", "Bonjour", []),
    ("Budget &lt;2027&gt; &amp; vous", "Budget <2027> & vous", []),
    ("&quot;oui&quot; &#233; &#xe9;", '"oui" é é', []),
    ("&eacute; &apos; & &#0; A&B", "&eacute; &apos; & &#0; A&B", []),
    ("a <b>gras</b>", "a gras", [(2, 4, "bold")]),
    ("<strong>x</strong><em>y</em>", "xy", [(0, 1, "bold"), (1, 1, "italic")]),
    ("<B>x</b>", "x", [(0, 1, "bold")]),
    ("<b>x</>", "x", [(0, 1, "bold")]),
    ("<b></b>vide", "vide", []),
    ("😀<i>après</i>", "😀après", [(2, 5, "italic")]),
    ("<b>un <i>deux</i></b>", "un deux", [(0, 7, "bold"), (3, 4, "italic")]),
    ('<span class="tg-spoiler">x</span>', "x", [(0, 1, "spoiler")]),
    ("<blockquote expandable>x</blockquote>", "x", [(0, 1, "expandable_blockquote")]),
    ('<blockquote expandable="">x</blockquote>', "x", [(0, 1, "expandable_blockquote")]),
    ("<blockquote>x</blockquote>", "x", [(0, 1, "blockquote")]),
    ('<pre><code class="language-py">x</code></pre>', "x", [(0, 1, "code"), (0, 1, "pre")]),
    ("<a href=javascript>x</a>", "x", []),
    ('<code class="x">y</code>', "y", [(0, 1, "code")]),
    ("<b  >x</b >", "x", [(0, 1, "bold")]),
    ("<a   href = 'https://ville.example' >x</a>", "x", [(0, 1, "text_link")]),
    ('<a href="javascript:1">x</a>', "x", []),
    ('<tg-emoji emoji-id="5">x</tg-emoji>', "x", [(0, 1, "custom_emoji")]),
]
REFUSED = [
    ("<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
    ("é<br/>", 'Unsupported start tag "br/" at byte offset 2'),
    ("a < b", 'Unsupported start tag "" at byte offset 2'),
    ("3 <4", "Unclosed start tag at byte offset 2"),
    ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("x</b>", "Unexpected end tag at byte offset 1"),
    ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
    ("<b>x</b", "Unclosed end tag at byte offset 4"),
    ("<a href=x", "Unclosed start tag at byte offset 0"),
    ("<a href", 'Unclosed start tag "a" at byte offset 0'),
    ('<a href="x', "Unclosed start tag at byte offset 0"),
    ("<a href=x_y>z</a>", "Unexpected end of name token at byte offset 8"),
    ("<a =x>z</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ('<tg-emoji emoji-id="x">y</tg-emoji>', "Invalid custom emoji identifier specified"),
    ("&#xD800;", "Text contains invalid Unicode characters after decoding HTML entities"),
]


@pytest.mark.parametrize(("source", "text", "entities"), SHOWN, ids=[case[0] for case in SHOWN])
def test_people_read_the_text_without_its_marks(source: str, text: str, entities: list[tuple[int, int, str]]) -> None:
    """Offsets count UTF-16 units; what is no mark is text (td MessageEntity.cpp parse_html)."""
    visible, found = parse(source)

    assert visible == text
    assert [(entity["offset"], entity["length"], entity["type"]) for entity in found] == entities


@pytest.mark.parametrize(("source", "reason"), REFUSED, ids=[case[0] for case in REFUSED])
def test_what_the_server_cannot_read_is_refused(source: str, reason: str) -> None:
    """One mistake loses the whole message; the sentence tells where it is."""
    with pytest.raises(Refused) as refusal:
        parse(source)

    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"
    assert refusal.value.cause is Cause.VIOLATION


def test_a_link_keeps_its_address() -> None:
    """References in attributes are decoded like those in text."""
    _, entities = parse('<a href="https://ville.example/?a=1&amp;b=2">ici</a>')

    assert entities == [{"offset": 0, "length": 3, "type": "text_link", "url": "https://ville.example/?a=1&b=2"}]


def test_a_link_without_an_address_leads_to_its_words() -> None:
    """The server falls back on the text."""
    _, entities = parse("<a>ville.example</a>")

    assert entities[0]["url"] == "ville.example"
