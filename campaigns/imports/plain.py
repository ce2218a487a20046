"""The words of a piece of HTML, as a post can say them: paragraphs, lists, no markup."""

import re
from collections.abc import Iterator
from html import unescape

from core.folding import clean

_PARTS = frozenset({"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "section"})
_LINES = frozenset({"br", "tr"})
_UNSAID = frozenset({"head", "template", "svg"})

# What a browser takes for markup: a comment, a script or a style whole, a tag with its quoted values, a declaration.
# Each also ends where the text does: nothing that is begun is looked for twice, so that a damaged page takes no longer
# than a whole one (Python's own parser takes minutes for some).
_MARKUP = re.compile(
    r"""<!--.*?(?:-->|\Z)"""
    r"""|<(?P<raw>script|style)\b.*?(?:</(?P=raw)\b[^>]*(?:>|\Z)|\Z)"""
    r"""|<(?P<ends>/?)(?P<name>[a-z][^\s/>]*)(?:=\s*(?:"[^"]*(?:"|\Z)|'[^']*(?:'|\Z))?|[^>=])*(?:>|\Z)"""
    r"""|<[!?/][^>]*(?:>|\Z)""",
    re.DOTALL | re.IGNORECASE,
)


def words_of(html: str) -> str:
    """The text; an empty line parts paragraphs."""
    lines = [" ".join(line.split()) for line in clean("".join(_said(html))).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def shortened(text: str, longest: int) -> str:
    """The text, cut between two words where it is longer."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    at = max(cut.rfind(" "), cut.rfind("\n"))
    return f"{cut[: at if at > 0 else None].rstrip()}…"


def _said(html: str) -> Iterator[str]:
    """What is said, piece by piece. White space is one blank: lines are made by elements."""
    at = unsaid = 0
    for found in _MARKUP.finditer(html):
        if not unsaid:
            yield _text(html[at : found.start()])
        at, ends, name = found.end(), bool(found["ends"]), (found["name"] or "").lower()
        if name in _UNSAID:
            unsaid = max(0, unsaid + (-1 if ends else 1))
        yield _parting(name, ends=ends)
    if not unsaid:
        yield _text(html[at:])


def _text(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(html))


def _parting(name: str, *, ends: bool) -> str:
    """What parts an element from others. The end of a paragraph is an end also where none begins."""
    if name in _PARTS:
        return "\n\n"
    if ends:
        return ""
    return "\n" if name in _LINES else "\n– " if name == "li" else ""
