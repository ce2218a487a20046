"""The words of HTML, whatever somebody sends under that name."""

import time

import pytest

from campaigns.imports.plain import words_of

MOST = 2.0  # seconds of the processor; each took minutes


@pytest.mark.parametrize("begun", ["<a ", "<a b='", "<a b=c ", "<p", "<!--", "</", "<script>", "<b='", '<a ="'])
def test_what_is_begun_ten_thousand_times_and_never_ended_takes_no_time(begun: str) -> None:
    """A feed may be damaged, or its site be somebody else's by now; meanwhile citizens vote."""
    began = time.process_time()

    words_of("Bonjour " + begun * (200_000 // len(begun)))

    assert time.process_time() - began < MOST


def test_markup_is_read_as_browsers_do() -> None:
    """Also where it is not as it should be."""
    ways = {
        "a <b title='x > y'>c</b>": "a c",
        "it <b title=don't>isn't</b> so": "it isn't so",
        "1 < 2 > 0 &lt;b&gt; &amp;lt;": "1 < 2 > 0 <b> &lt;",
        "a<!-- <p>x</p> -->b<!-- no end": "ab",
        "a<script>if (1 < 2) '<p>x</p>'</script >b": "ab",
        "a<STYLE>p > b {}</style>b": "ab",
        "a<template><p>x</p></template>b": "a\n\nb",
        "<p>a<br/>b<p>c": "a\nb\n\nc",
        "a<![CDATA[ x ]]>b<?php x ?>c": "abc",
        "a<img alt='<p>'>b</>c": "abc",
        "a <b": "a",
        "a<template>b": "a",
    }

    assert {html: words_of(html) for html in ways} == ways
