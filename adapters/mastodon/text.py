"""What people wrote, from Mastodon's HTML to text; and how long a post is as Mastodon counts.

A server gives ``content`` with p, br, a, span and a few others only (glitch-soc/mastodon 4.7.0-alpha.2,
``app/lib/sanitize_ext``), each text escaped. Lengths: ``app/validators/status_length_validator.rb`` of the same: a link
costs ``characters_reserved_per_url``, a mention only its local part, everything else its grapheme clusters.
"""

import re
import unicodedata
from html.parser import HTMLParser

from core.folding import clean
from core.richtext import RichText

_LINK = re.compile(r"https?://[^\s<>«»\"']+")
_REMOTE = re.compile(r"(@[\w.-]+)@[\w.-]+\w")
_MENTIONS = re.compile(r"\A(?:@[\w.-]+(?:@[\w.-]+)?[\s\u00a0,:]*)+")
_JOINER = "\u2060"  # between @ and a name: shown as nothing, and no longer a mention
_BLOCKS = frozenset({"p", "blockquote", "pre", "ul", "ol", "h1", "h2", "h3", "h4", "h5"})


def plain(html: str) -> str:
    """The words of a post, its paragraphs apart; a link by its address, not by the shortened one that is shown."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.said)).strip()


def without_mentions(text: str) -> str:
    """The words without the names that every reply begins with."""
    return _MENTIONS.sub("", text, count=1)


def length(text: str, *, per_link: int) -> int:
    """How many characters of a post this takes, never less than the server counts."""
    shown = _LINK.sub("x" * per_link, text)
    return sum(width(character) for character in _REMOTE.sub(r"\1", shown))


def width(character: str) -> int:
    """What one character costs: a mark costs nothing beside the letter it stands on."""
    return 0 if unicodedata.category(character) in {"Mn", "Me"} else 1


def written(text: RichText) -> str:
    """The text as it is posted: plain, links after their words, and nobody mentioned."""
    words = "".join(
        f"{span.text} ({span.link})" if span.link and span.link != span.text else span.text for span in text.spans
    )
    return re.sub(r"@(?=\w)", f"@{_JOINER}", clean(words))


class _Reader(HTMLParser):
    """Collects what is said; what stands there for old clients only (``quote-inline``) is left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._link: str | None = None
        self._left_out = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if self._left_out or "quote-inline" in given.get("class", ""):
            self._left_out += tag != "br"
        elif tag == "br":
            self.said.append("\n")
        elif tag == "li":
            self.said.append("\n- ")
        elif tag == "a" and not re.search(r"mention|hashtag", given.get("class", "")):
            self._link = given.get("href")

    def handle_endtag(self, tag: str) -> None:
        if self._left_out:
            self._left_out -= 1
        elif tag in _BLOCKS:
            self.said.append("\n\n")
        elif tag == "a" and self._link is not None:
            self.said.append(self._link)
            self._link = None

    def handle_data(self, data: str) -> None:
        if not self._left_out and self._link is None:
            self.said.append(data)
