"""Text with Telegram's entities as HTML in which nothing that people wrote is markup."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from sandbox.telegram.values import Json

_TAGS: Final[Mapping[str, str]] = {
    "bold": "strong", "italic": "em", "underline": "u", "strikethrough": "s", "code": "code", "pre": "pre",
    "blockquote": "blockquote", "expandable_blockquote": "blockquote",
}  # fmt: skip
_BLOCKS: Final = frozenset({"blockquote", "expandable_blockquote", "pre"})
_SAFE = ("https://", "http://")


def marked(text: str, entities: Sequence[Json], *, form: str | None = None) -> Markup:
    """The text as HTML. Offsets and lengths of entities count UTF-16 units, as Telegram does.

    With a ``form``, a command in the text is a button that sends it through the form of this id.
    """
    where = _positions(text)
    spans = sorted((_span(entity, where) for entity in entities), key=lambda span: (span[0], -span[1]))
    return _Writer(text, form).within(0, len(text), spans)


Span = tuple[int, int, Json]


def _positions(text: str) -> list[int]:
    """For each UTF-16 unit, and the end, the rank of its character."""
    ranks: list[int] = []
    for rank, character in enumerate(text):
        ranks.extend([rank] * (2 if character > "\uffff" else 1))
    return [*ranks, len(text)]


def _span(entity: Json, where: list[int]) -> Span:
    first = int(str(entity.get("offset", 0)))
    last = first + int(str(entity.get("length", 0)))
    return where[min(first, len(where) - 1)], where[min(last, len(where) - 1)], entity


@dataclass(frozen=True, slots=True)
class _Writer:
    text: str
    form: str | None

    def within(self, start: int, end: int, spans: list[Span]) -> Markup:
        """The characters from ``start`` to ``end``; spans that begin inside are cut where their outer one ends."""
        made = Markup()
        while spans:
            first, last, entity = spans[0]
            last = min(last, end)
            inner = [span for span in spans[1:] if span[0] < last]
            spans = spans[1 + len(inner) :]
            if start <= first < last:
                made += escape(self.text[start:first])
                made += self.wrapped(entity, self.within(first, last, inner), self.text[first:last])
                start = last + self.broken(entity, last)
        return made + escape(self.text[start:end])

    def broken(self, entity: Json, last: int) -> int:
        """How many line feeds after the span are its own end: a block begins a new line by itself."""
        return int(entity.get("type") in _BLOCKS and self.text[last : last + 1] == "\n")

    def wrapped(self, entity: Json, content: Markup, plain: str) -> Markup:
        """The content in the element that shows what it is."""
        kind = str(entity.get("type"))
        if kind in _TAGS:
            return Markup("<{0}>{1}</{0}>").format(_TAGS[kind], content)
        if kind in {"url", "text_link"}:
            return _linked(str(entity.get("url", plain)), content)
        if kind == "spoiler":
            return Markup('<span class="spoiler" tabindex="0">{}</span>').format(content)
        if kind == "bot_command" and self.form is not None:
            return Markup('<button class="tag" form="{}" name="command" value="{}">{}</button>').format(
                self.form, plain, content
            )
        if kind in {"mention", "hashtag", "bot_command"}:
            return Markup('<span class="tag">{}</span>').format(content)
        return content


def _linked(url: str, content: Markup) -> Markup:
    if not url.lower().startswith(_SAFE):
        return content
    return Markup('<a href="{}" rel="noopener noreferrer nofollow" target="_blank">{}</a>').format(url, content)
