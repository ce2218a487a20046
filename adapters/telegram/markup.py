"""RichText in Telegram's HTML, and the width of characters as Telegram counts them.

The only place that writes markup: everything that is not a tag of ours is escaped. Tags: core.telegram.org/bots/api
#html-style, as quoted by python-telegram-bot 22.8 (Bot API 10.0). ``code`` holds no other tag, a quote holds no quote.
"""

import re
from html import escape, unescape
from itertools import groupby
from urllib.parse import urlsplit

from core.folding import clean
from core.richtext import RichText, Span

_TAG = re.compile(r"<[^>]*>")
_SCHEMES = frozenset({"http", "https", "tg"})


def html(text: RichText) -> str:
    """The text in Telegram's HTML. Links of other schemes than http, https and tg are left out, their words stay."""
    written: list[str] = []
    for quoted, spans in groupby(text.spans, key=lambda span: span.quote):
        inner = "".join(map(_tagged, spans))
        written.append(f"<blockquote>{inner}</blockquote>" if quoted else inner)
    return "".join(written)


def bare(written: str) -> str:
    """The words of what ``html`` wrote."""
    return unescape(_TAG.sub("", written))


def fit(text: RichText) -> RichText:
    """The text without what cannot be sent: NUL, other control characters, halves of surrogate pairs."""
    return RichText(tuple(Span(clean(s.text), s.strong, s.emphasis, s.code, s.quote, s.link) for s in text.spans))


def width(text: str) -> int:
    """How many UTF-16 units the text takes."""
    return len(text) + sum(char > "\uffff" for char in text)


def shortened(text: str, longest: int) -> str:
    """The text cut to ``longest`` UTF-16 units, an ellipsis standing for the rest."""
    if width(text) <= longest:
        return text
    kept = RichText.of(text).split(longest - 1, width)[0].plain
    return kept.rstrip() + "…"


def is_link(url: str) -> bool:
    """Whether Telegram would open this address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in _SCHEMES and bool(parts.netloc)


def _tagged(span: Span) -> str:
    written = escape(span.text)
    if span.code:
        return f"<code>{written}</code>"
    if span.emphasis:
        written = f"<i>{written}</i>"
    if span.strong:
        written = f"<b>{written}</b>"
    if span.link is not None and is_link(span.link):
        written = f'<a href="{escape(clean(span.link))}">{written}</a>'
    return written
