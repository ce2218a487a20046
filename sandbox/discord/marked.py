"""Discord's markdown as HTML in which nothing of people's is markup (support.discord.com/hc/articles/210298617)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from markupsafe import Markup, escape

_FENCE: Final = re.compile(r"```(?:[\w+-]*\n)?(?P<code>.+?)```\n?", re.DOTALL)
_LINE: Final = re.compile(r"(?P<sign>>>?>? |#{1,3} |-# |[-*] )(?P<words>.*)")
_INLINE: Final = re.compile(
    r"""
      \\(?P<escaped>[^\w\s])
    | `(?P<code>[^`\n]+)`
    | \|\|(?P<spoiler>.+?)\|\|
    | \*\*(?P<bold>.+?)\*\*
    | __(?P<under>.+?)__
    | ~~(?P<struck>.+?)~~
    | \*(?P<leaning>(?=[^*\s])(?:[^*\n]|\*\*[^*\n]+\*\*)+)\*(?!\*)
    | (?<!\w)_(?P<slanted>[^_\n]+)_(?!\w)
    | \[(?P<label>[^\]\n]+)\]\((?P<target>https?://[^\s)]+)\)
    | <(?P<quiet>https?://[^\s>]+)>
    | (?P<link>https?://[^\s<>]+)
    | <(?P<whom>@!?|@&|\#)(?P<number>[0-9]{1,20})>
    | <t:(?P<at>[0-9]{1,11})(?::[tTdDfFR])?>
    """,
    re.VERBOSE,
)
_TAGS: Final = {"bold": "strong", "under": "u", "struck": "s", "leaning": "em", "slanted": "em", "code": "code"}
_LINES: Final = {">": "blockquote", "-#": "small", "-": "li", "*": "li"}

Namer = Callable[[str, int], str]


@dataclass(frozen=True, slots=True)
class Marked:
    """Makes HTML of words. ``name`` gives the name of whom a sign (``@``, ``@&``, ``#``) and a number stand for."""

    name: Namer

    def html(self, text: str) -> Markup:
        """The text as HTML; lines are kept as lines."""
        made, start = Markup(), 0
        for fence in _FENCE.finditer(text):
            made += self._lines(text[start : fence.start()])
            made += Markup("<pre>{}</pre>").format(fence["code"].rstrip("\n"))
            start = fence.end()
        return made + self._lines(text[start:])

    def _lines(self, text: str) -> Markup:
        made, broken = Markup(), False
        for sign, words in _grouped(text):
            if broken:
                made += "\n"
            tag = f"h{len(sign.strip()) + 3}" if sign.startswith("#") else _LINES.get(sign.strip())
            inner = self._inline(words)
            made += Markup("<{0}>{1}</{0}>").format(tag, inner) if sign and tag else inner
            broken = not sign
        return made

    def _inline(self, text: str) -> Markup:
        made, start = Markup(), 0
        for found in _INLINE.finditer(text):
            made += escape(text[start : found.start()]) + self._piece(found)
            start = found.end()
        return made + escape(text[start:])

    def _piece(self, found: re.Match[str]) -> Markup:
        kind, words = found.lastgroup or "", found[found.lastgroup or 0]
        if kind == "escaped":
            return escape(words)
        if kind == "spoiler":
            return Markup('<span class="spoiler" tabindex="0">{}</span>').format(self._inline(words))
        if kind in _TAGS:
            inner = escape(words) if kind == "code" else self._inline(words)
            return Markup("<{0}>{1}</{0}>").format(_TAGS[kind], inner)
        if kind == "number":
            sign = found["whom"].replace("!", "")
            return Markup('<span class="tag">{}{}</span>').format(sign[0], self.name(sign, int(words)))
        if kind == "at":
            return Markup("<time>{:%Y-%m-%d %H:%M} UTC</time>").format(datetime.fromtimestamp(int(words), UTC))
        label = self._inline(found["label"]) if kind == "target" else escape(words)
        return Markup('<a href="{}" rel="noopener noreferrer nofollow" target="_blank">{}</a>').format(words, label)


def _grouped(text: str) -> Iterator[tuple[str, str]]:
    """Lines with the sign at their beginning; quoted lines that follow one another are one quotation."""
    quoted: list[str] = []
    for line in text.split("\n"):
        found = _LINE.fullmatch(line)
        sign = found["sign"] if found else ""
        if sign.startswith(">") and found:
            quoted.append(found["words"])
            continue
        if quoted:
            yield "> ", "\n".join(quoted)
            quoted = []
        yield (sign, found["words"]) if found else ("", line)
    if quoted:
        yield "> ", "\n".join(quoted)
