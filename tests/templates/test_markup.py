"""Markup: what a template writes, and nothing else, becomes emphasis."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import escape

from core.richtext import RichText, Span
from templates.markup import BadMarkup, parse
from tests.templates.examples import EMOJI, HOSTILE

LINES = st.lists(st.text(st.characters(exclude_characters=" \t\r\n"), min_size=1)).map("\n".join)


@given(text=LINES)
@example(text=EMOJI)
@example(text="\x00\ud800\u202e&amp;&#0;]]></b><![CDATA[")
def test_escaped_text_comes_out_as_the_same_characters(text: str) -> None:
    """Whatever people write is only ever characters."""
    markup = str(escape(text))

    read = parse(markup)

    assert read == RichText.of(text)


@given(text=st.text())
@example(text=HOSTILE)
def test_nothing_but_white_space_is_ever_lost(text: str) -> None:
    """Tidying lines must not eat words."""
    markup = f"<b>{escape(text)}</b>"

    read = parse(markup)

    assert "".join(read.plain.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("markup", "span"),
    [
        ("<b>x</b>", Span("x", strong=True)),
        ("<i>x</i>", Span("x", emphasis=True)),
        ("<code>x</code>", Span("x", code=True)),
        ("<q>x</q>", Span("x", quote=True)),
        ('<a href="https://ville.fr/?a=1&amp;b=2">x</a>', Span("x", link="https://ville.fr/?a=1&b=2")),
        ('<q><a href="https://v.fr"><i><b>x</b></i></a></q>', Span("x", True, True, False, True, "https://v.fr")),
        ("<b>x<b>y</b></b>", Span("xy", strong=True)),
    ],
)
def test_each_tag_gives_its_look_and_tags_may_nest(markup: str, span: Span) -> None:
    """The five tags of the templates."""
    read = parse(markup)

    assert read.spans == (span,)


def test_the_look_ends_with_its_tag() -> None:
    """Emphasis never runs on."""
    read = parse("a <b>b</b> c")

    assert read.spans == (Span("a "), Span("b", strong=True), Span(" c"))


@pytest.mark.parametrize(
    "markup",
    [
        "<u>x</u>",
        "<br>",
        "<script>x</script>",
        '<b class="x">x</b>',
        "<b>x",
        "x</b>",
        "<b><i>x</b></i>",
        "<a>x</a>",
        '<a href="http://ville.fr">x</a>',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="https://ville.fr" title="x">x</a>',
        "<a href>x</a>",
        "<!-- x -->",
        "<!DOCTYPE html>",
        "<?php x ?>",
    ],
)
def test_anything_else_in_a_template_is_a_mistake(markup: str) -> None:
    """A wrong template fails in the tests instead of showing tags to citizens."""
    with pytest.raises(BadMarkup):
        parse(markup)


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("a  \nb\t\n", "a\nb"),
        ("\n\n a", " a"),
        ("a\n\n\n\nb", "a\n\nb"),
        ("a\n \n\t\nb\n\n", "a\n\nb"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("<b>a </b>\n\n\n<i> b</i> ", "a\n\n b"),
        ("<b>\n</b>", ""),
        (" \n ", ""),
        ("", ""),
    ],
)
def test_lines_end_with_words_and_one_empty_line_is_the_most(markup: str, plain: str) -> None:
    """Conditions in templates leave holes; a reader should not hear them."""
    read = parse(markup)

    assert read.plain == plain


def test_tidying_leaves_the_emphasis_where_it_was() -> None:
    """Characters go, looks stay."""
    read = parse("<b>a </b>\n\n\n<i>b</i>\n")

    assert read.spans == (Span("a", strong=True), Span("\n\n"), Span("b", emphasis=True))
