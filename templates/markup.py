"""The markup of templates, read into rich text: ``<b>``, ``<i>``, ``<code>``, ``<q>`` and ``<a href="https://…">``.

Values are escaped on their way into a template, so whatever looks like markup here was written in the template
itself; anything but these five tags is a mistake there.
"""

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import compress

from core.richtext import RichText, Span

_LOOKS = {
    "b": Span("", strong=True),
    "i": Span("", emphasis=True),
    "code": Span("", code=True),
    "q": Span("", quote=True),
}
_UNTIDY = re.compile(r"^[ \t\n]|[ \t]\n|\n\n\n|[ \t\n]\Z")


class BadMarkup(ValueError):
    """A template writes a tag that does not exist, or leaves one open."""


def parse(markup: str) -> RichText:
    """The text with its emphasis; no line ends in white space, and at most one empty line stands between two.

    Raises BadMarkup.
    """
    reader = _Reader()
    reader.feed(markup.replace("\r\n", "\n").replace("\r", "\n"))
    reader.close()
    return _tidy(reader.text())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._spans: list[Span] = []
        self._open: list[tuple[str, Span]] = [("", Span(""))]

    def text(self) -> RichText:
        if len(self._open) > 1:
            raise BadMarkup(f"<{self._open[-1][0]}> is never closed")
        return RichText(tuple(self._spans))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        look = self._open[-1][1]
        if tag == "a":
            self._open.append((tag, replace(look, link=_address(attrs))))
        elif tag in _LOOKS and not attrs:
            self._open.append((tag, _both(look, _LOOKS[tag])))
        else:
            raise BadMarkup(f"<{tag}> with {attrs} is not a tag of templates")

    def handle_endtag(self, tag: str) -> None:
        if self._open[-1][0] != tag:
            raise BadMarkup(f"</{tag}> closes nothing")
        self._open.pop()

    def handle_data(self, data: str) -> None:
        span = replace(self._open[-1][1], text=data)
        if self._spans and replace(self._spans[-1], text=data) == span:
            span = replace(span, text=self._spans.pop().text + data)
        self._spans.append(span)

    def handle_comment(self, data: str) -> None:
        raise BadMarkup(f"<!--{data}--> is not a tag of templates")

    def handle_decl(self, decl: str) -> None:
        raise BadMarkup(f"<!{decl}> is not a tag of templates")

    def handle_pi(self, data: str) -> None:
        raise BadMarkup(f"<?{data}> is not a tag of templates")


def _address(attrs: list[tuple[str, str | None]]) -> str:
    match attrs:
        case [("href", str(url))] if url.startswith("https://"):
            return url
        case _:
            raise BadMarkup(f"<a> needs one https address, not {attrs}")


def _both(one: Span, other: Span) -> Span:
    return replace(
        one,
        strong=one.strong or other.strong,
        emphasis=one.emphasis or other.emphasis,
        code=one.code or other.code,
        quote=one.quote or other.quote,
    )


def _tidy(text: RichText) -> RichText:
    plain = text.plain
    if not _UNTIDY.search(plain):
        return text
    kept = _kept(plain)
    spans: list[Span] = []
    start = 0
    for span in text.spans:
        end = start + len(span.text)
        rest = "".join(compress(span.text, kept[start:end]))
        if rest:
            spans.append(replace(span, text=rest))
        start = end
    return RichText(tuple(spans))


def _kept(plain: str) -> bytearray:
    """For each character, 1 if it stays."""
    kept = bytearray(len(plain))
    start = 0
    breaks: list[int] = []  # where the lines since the last one with words ended
    for line in plain.split("\n"):
        words = len(line.rstrip(" \t"))
        if words:
            for position in breaks[-2:] if any(kept) else ():
                kept[position] = 1
            kept[start : start + words] = b"\1" * words
            breaks = []
        start += len(line) + 1
        breaks.append(start - 1)
    return kept
