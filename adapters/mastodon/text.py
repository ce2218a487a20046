"""What people wrote, from Mastodon's HTML to text; and how long a post is as Mastodon counts.

A server gives ``content`` with p, br, a, span and a few others only (glitch-soc/mastodon 4.7.0-alpha.2,
``app/lib/sanitize_ext``), each text escaped. Lengths: ``app/validators/status_length_validator.rb`` of the same: a
link costs ``characters_reserved_per_url`` when its host ends in a name that registries give out, everything else its
grapheme clusters. Which names those are changes every month: what is not surely a link to the server costs both, so
that a length is never less than the server's. The name of somebody elsewhere costs the server less; here, all of it.
"""

import re
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import groupby

from core.folding import clean
from core.richtext import RichText

_IN_A_PATH = r"[\w/%=+~.@#&-]*[\w/=#-]"
_LINK = re.compile(
    r"(?<![\w@$#])https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?P<ending>[a-z]{2,})(?![\w@+-]|\.\w)(?::\d+)?"
    rf"(?:/(?:{_IN_A_PATH})?)?(?:\?{_IN_A_PATH})?",
    re.ASCII | re.IGNORECASE,
)
_PERHAPS_A_LINK = re.compile(r"https?://[^\s<>«»\"']*", re.IGNORECASE)
# Besides those of countries, of two letters
_KNOWN = frozenset({
    "com", "org", "net", "info", "biz", "name", "edu", "gov", "int", "mil", "pro", "coop", "museum", "cat", "bzh",
    "alsace", "corsica", "paris", "brussels", "quebec", "vlaanderen", "swiss", "app", "dev", "page", "city", "town",
    "wiki", "social", "online", "site", "cloud",
})  # fmt: skip
_MENTIONS = re.compile(r"\A(?:@[\w.-]+(?:@[\w.-]+)?[\s\u00a0,:]*)+")
_NAMING = re.compile(r"(?<![=/\w])@(?=\w)")  # app/models/account.rb MENTION_RE: no addresses of e-mail, no paths
_JOINER = "\u2060"  # between @ and a name: shown as nothing, and no longer a mention
_ALONE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})  # a mark after one of these stands alone
_STAND_INS = 0x100000  # characters of nobody, each in place of a link while a text is cut
_BLOCKS = frozenset({"p", "blockquote", "pre", "ul", "ol", "h1", "h2", "h3", "h4", "h5"})
_EMPTY = frozenset(
    {"br", "hr", "img", "input", "link", "meta", "wbr", "area", "base", "col", "embed", "source", "track"}
)


def plain(html: str) -> str:
    """The words of a post, its paragraphs apart; a link by its address, not by the shortened one that is shown.

    Raises ValueError for what no browser could read either.
    """
    reader = _Reader()
    try:
        reader.feed(html)
        reader.close()
    except AssertionError as error:  # html.parser's way to refuse «<![»
        raise ValueError("HTML that nobody can read") from error
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.said)).strip()


def without_mentions(text: str, *, of: str = "") -> str:
    """The words without the names that every reply begins with, nor this name where it ends them."""
    said = _MENTIONS.sub("", text, count=1)
    return re.sub(rf"(?:\A|\s)@{re.escape(of)}(?:@[\w.-]+)?\s*\Z", "", said, flags=re.IGNORECASE) if of else said


def length(text: str, *, per_link: int) -> int:
    """How many characters of a post this takes, never less than the server counts."""
    return sum(_clusters(said) if cost is None else cost for said, cost in _pieces(text, per_link))


def split(text: str, longest: int, *, per_link: int) -> tuple[str, ...]:
    """Cut into texts no longer than this as ``length`` counts, never inside a link that fits into one."""
    meant: dict[str, tuple[str, int]] = {}

    def stand_in(said: str, cost: int) -> str:
        char = chr(_STAND_INS + len(meant))
        meant[char] = (said, cost)
        return char

    short = ""
    for said, cost in _pieces(text, per_link):
        if cost is not None and cost <= longest:
            short += stand_in(said, cost)
        else:  # words, or an address that has to be cut: each of its beginnings may cost the server a link
            pieces = re.split(f"(://|[{chr(_STAND_INS)}-{chr(0x10FFFF)}])", said)
            beginning = 0 if cost is None else per_link
            pieces[1::2] = [stand_in(odd, len(odd) + (odd == "://") * beginning) for odd in pieces[1::2]]
            short += "".join(pieces)
    cut = RichText.of(short).split(longest, lambda some: sum(meant[char][1] if char in meant else 1 for char in some))
    texts = ("".join(meant[char][0] if char in meant else char for char in piece.plain).strip() for piece in cut)
    return tuple(text for text in texts if text)


def written(text: RichText) -> str:
    """The text as it is posted: plain, links after their words, and nobody mentioned."""
    words = "".join(
        f"{span.text} ({span.link})" if span.link and span.link != span.text else span.text for span in text.spans
    )
    said = ""
    for is_link, pieces in groupby(_pieces(clean(words), 0), lambda piece: piece[1] == 0):
        whole = "".join(piece for piece, _ in pieces)  # «@» may end one piece, and a name begin the next
        said += whole if is_link else _NAMING.sub(f"@{_JOINER}", whole)
    return said


def _pieces(text: str, per_link: int) -> Iterator[tuple[str, int | None]]:
    """The text in pieces: what surely is a link, what may be one, and between them what costs its characters (None)."""
    end = 0
    while found := _PERHAPS_A_LINK.search(text, end):
        yield text[end : found.start()], None
        link = _LINK.match(text, found.start())
        if link is not None and _is_known(link["ending"]):
            yield link[0], per_link
            end = link.end()
        else:
            yield found[0], len(found[0]) + per_link * found[0].count("://")
            end = found.end()
    yield text[end:], None


def _is_known(ending: str) -> bool:
    return len(ending) == 2 or ending.lower() in _KNOWN


def _clusters(text: str) -> int:
    """Characters, but for the marks that stand on another one."""
    return sum(
        unicodedata.category(char) not in {"Mn", "Me"} or not before or unicodedata.category(before) in _ALONE
        for before, char in zip(("", *text), text, strict=False)
    )


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
            self._left_out += tag not in _EMPTY
        elif tag == "br":
            self.said.append("\n")
        elif tag in _BLOCKS and self._link is not None:
            self.handle_endtag(tag)
        elif tag == "li":
            self.said.append("\n- ")
        elif tag == "a" and not re.search(r"mention|hashtag", given.get("class", "")):
            self._end_link()
            self._link = given.get("href") or None

    def handle_endtag(self, tag: str) -> None:
        if self._left_out:
            self._left_out -= tag not in _EMPTY
        elif tag in _BLOCKS:
            self._end_link()
            self.said.append("\n\n")
        elif tag == "a":
            self._end_link()

    def handle_data(self, data: str) -> None:
        if not self._left_out and self._link is None:
            self.said.append(data)

    def close(self) -> None:
        super().close()
        self._end_link()

    def _end_link(self) -> None:
        if self._link is not None:
            self.said.append(self._link)
            self._link = None
