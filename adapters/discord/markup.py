"""RichText in Discord's markdown: whatever is not ours is escaped, so that words are read as they were written.

support.discord.com/hc/articles/210298617, read 2026-11-23. Addresses stay whole: Discord makes links of them.
"""

import re
from itertools import groupby

from core.folding import clean
from core.richtext import RichText, Span

_LINK = re.compile(r"https?://\S+")
_SIGNS = re.compile(r"([\\*_~`|<])")
_AT_THE_START = re.compile(r"(?m)^(\s*)(#{1,3} |-# |>{1,3} |[-+] |\d+[.)] )")


def markdown(text: RichText) -> str:
    """The text as Discord reads it."""
    written: list[str] = []
    for quoted, spans in groupby(text.spans, key=lambda span: span.quote):
        inner = "".join(map(_marked, spans))
        written.append("\n".join(f"> {line}" for line in inner.split("\n")) if quoted else inner)
    return "".join(written)


def escaped(words: str) -> str:
    """Words in which nothing is markup."""
    pieces: list[str] = []
    start = 0
    for link in _LINK.finditer(words):
        pieces += [_SIGNS.sub(r"\\\1", words[start : link.start()]), link[0]]
        start = link.end()
    pieces.append(_SIGNS.sub(r"\\\1", words[start:]))
    return _AT_THE_START.sub(_unlisted, "".join(pieces))


def width(text: str) -> int:
    """How many UTF-16 units the text takes."""
    return len(text) + sum(char > "\uffff" for char in text)


def _unlisted(found: re.Match[str]) -> str:
    """A number at the start of a line stays a number; other signs are only signs."""
    return found[0] if found[2][0].isdigit() else f"{found[1]}\\{found[2]}"


def _marked(span: Span) -> str:
    words = clean(span.text)
    if span.code:
        return f"`{words.replace('`', 'ˋ')}`"
    core = words.strip()
    if not core:
        return words
    before, after = words[: words.index(core)], words[words.index(core) + len(core) :]
    marked = escaped(core)
    if span.emphasis:
        marked = f"*{marked}*"
    if span.strong:
        marked = f"**{marked}**"
    if span.link:
        marked = f"[{marked}](<{span.link}>)"
    return f"{before}{marked}{after}"
