"""RichText in Telegram's HTML."""

import html as standard
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.markup import fit, html, is_link, shortened, width
from core.richtext import RichText, Span

TEXTS = st.text(st.characters(codec=None), max_size=40)
SPANS = st.builds(
    Span,
    TEXTS,
    strong=st.booleans(),
    emphasis=st.booleans(),
    code=st.booleans(),
    quote=st.booleans(),
    link=st.none() | TEXTS | st.just('https://ville.example/?a=1&b="2"'),
)  # fmt: skip
RICH = st.lists(SPANS, max_size=5).map(lambda spans: RichText(tuple(spans)))
TAG = re.compile(r"</?(?:b|i|code|blockquote|a)(?: href=\"[^\"<>]*\")?>")


@given(RICH)
def test_the_visible_text_is_the_text(text: RichText) -> None:
    """Whatever the citizens typed: markup never eats or adds a character."""
    fitted = fit(text)

    assert standard.unescape(TAG.sub("", html(fitted))) == standard.unescape(standard.escape(fitted.plain))


@given(RICH)
def test_tags_are_closed_in_order(text: RichText) -> None:
    """Telegram refuses the whole message otherwise."""
    open_tags: list[str] = []
    for tag in TAG.findall(html(fit(text))):
        name = re.sub(r"[</>]| .*", "", tag)
        if not tag.startswith("</"):
            open_tags.append(name)
        else:
            assert open_tags.pop() == name

    assert open_tags == []


@given(RICH)
def test_the_markup_can_be_sent(text: RichText) -> None:
    """Halves of surrogate pairs cannot be written in UTF-8."""
    html(fit(text)).encode()


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (Span("a", strong=True), "<b>a</b>"),
        (Span("a", emphasis=True, strong=True), "<b><i>a</i></b>"),
        (Span("a", code=True, strong=True), "<code>a</code>"),
        (Span("a", quote=True), "<blockquote>a</blockquote>"),
        (Span("a", link="https://ville.example/?a&b"), '<a href="https://ville.example/?a&amp;b">a</a>'),
        (Span("a", link="javascript:alert(1)"), "a"),
        (Span("<b>"), "&lt;b&gt;"),
    ],
)
def test_each_look_has_its_tag(span: Span, expected: str) -> None:
    """And a look that Telegram lacks leaves the words."""
    assert html(RichText((span,))) == expected


def test_neighbouring_quotes_are_one_quote() -> None:
    """A quote holds no quote, and two in a row would be torn apart."""
    text = RichText((Span("a", quote=True), Span("b", quote=True, strong=True)))

    assert html(text) == "<blockquote>a<b>b</b></blockquote>"


@given(st.text(max_size=50))
def test_width_is_counted_in_utf_16_units(text: str) -> None:
    """As Telegram's applications count."""
    assert width(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(st.text(max_size=50), st.integers(3, 20))
def test_a_shortened_text_fits(text: str, longest: int) -> None:
    """And says by an ellipsis that it was longer."""
    short = shortened(text, longest)

    assert width(short) <= longest
    assert short == text or short.endswith("…")


@pytest.mark.parametrize("url", ["http://", "https://[", "ftp://x.example", "//x.example", "mailto:a@b.example", ""])
def test_what_telegram_would_not_open_is_no_link(url: str) -> None:
    """A broken link refuses the whole message."""
    assert not is_link(url)
