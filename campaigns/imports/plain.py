"""The words of a piece of HTML, as a post can say them: paragraphs, lists, no markup."""

import re
from html.parser import HTMLParser

from core.folding import clean

_PARTS = frozenset({"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "section"})
_LINES = frozenset({"br", "tr"})
_UNSAID = frozenset({"script", "style", "head", "template", "svg"})


def words_of(html: str) -> str:
    """The text; an empty line parts paragraphs."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [" ".join(line.split()) for line in clean("".join(reader.said)).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def shortened(text: str, longest: int) -> str:
    """The text, cut between two words where it is longer."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    at = max(cut.rfind(" "), cut.rfind("\n"))
    return f"{cut[: at if at > 0 else None].rstrip()}…"


class _Reader(HTMLParser):
    """Collects what is said."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._unsaid = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  its signature
        """Part what stands apart."""
        self._unsaid += tag in _UNSAID
        if tag in _PARTS:
            self.said.append("\n\n")
        elif tag in _LINES:
            self.said.append("\n")
        elif tag == "li":
            self.said.append("\n– ")

    def handle_endtag(self, tag: str) -> None:
        """The end of a paragraph is an end also where none begins."""
        if tag in _UNSAID:
            self._unsaid = max(0, self._unsaid - 1)
        if tag in _PARTS:
            self.said.append("\n\n")

    def parse_html_declaration(self, i: int) -> int:
        """A section that is marked for other programs (``<![…``) is a comment, as to browsers."""
        if self.rawdata.startswith("<![", i):
            return self.parse_bogus_comment(i)
        return super().parse_html_declaration(i)

    def handle_data(self, data: str) -> None:
        """White space is one blank: lines are made by elements."""
        if not self._unsaid:
            self.said.append(re.sub(r"\s+", " ", data))
