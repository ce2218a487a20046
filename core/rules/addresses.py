"""The domains that a message leads to, whatever they are dressed in.

A text is cut at white space and brackets, and the head of each piece is looked at once: no pattern goes back. A domain
is read as a browser reads it: full-width letters and points are folded, invisible signs dropped, punycode is decoded.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_PIECE = re.compile(r"[^\s<>\"'«»“”()\[\]{},;|\u2190-\u2bff\U0001f000-\U0001faff]+")
_WRITTEN_POINT = re.compile(r"(?:\[(?:\.|dot|point)\]|\((?:\.|dot|point)\))", re.IGNORECASE)
_POINTS = ".\u3002\uff0e\uff61"
_LEADS = re.compile(rf"[{_POINTS}][^\s.]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_END = re.compile(r"[/?#\\]")
_MOST = 50  # links that are looked at in one message
_LONGEST_LABEL, _LONGEST_HOST = 63, 253
_HEAD = _LONGEST_HOST + 60  # characters of a piece: a scheme, a name before an @, the domain
_ENDS = (
    "alsace app art asso be biz blog bzh ca casino cc ch click club cn co com corsica de dev es eu fr gg gl gouv icu "
    "info io it link live lu ly me net news nl online onion org paris pro pt pw re ru shop site store stream su to top "
    "tv uk us vip win work xyz"
)  # of domains that are clicked on without «https://» or «www.»
_COMMON = frozenset(_ENDS.split())


@dataclass(frozen=True, slots=True)
class Link:
    """Where a piece of text leads: ``host`` in lower-case letters, ``path`` with its stroke.

    ``before`` stands before an @ and leads nowhere, whatever it looks like.
    """

    host: str
    path: str = ""
    before: str = ""

    def is_under(self, domain: str) -> bool:
        """Whether it is this domain or below it."""
        return self.host == domain or self.host.endswith(f".{domain}")


def links_in(text: str, behind: tuple[str, ...] = ()) -> tuple[Link, ...]:
    """The links of a text, and of the addresses ``behind`` its words, in their order."""
    found: list[Link] = []
    for source in (text, *(address[:_HEAD] for address in behind[:_MOST])):
        for _, link in _read(source):
            if link is not None:
                found.append(link)
                if len(found) == _MOST:
                    return tuple(found)
    return tuple(found)


def is_only_links(text: str) -> bool:
    """Whether all its pieces with a letter or a figure in them are links, and there is one."""
    read = [link is not None for piece, link in _read(text) if any(map(str.isalnum, piece))]
    return bool(read) and all(read)


def decoded(host: str) -> str:
    """A domain as a browser shows it."""
    return ".".join(map(_label, host.split("."))) if "xn--" in host else host


def _read(text: str) -> Iterator[tuple[str, Link | None]]:
    plain = _WRITTEN_POINT.sub(".", text) if "[" in text or "(" in text else text
    if _LEADS.search(plain) is None:
        yield plain, None
        return
    for piece in _PIECE.findall(plain):
        yield piece, _link(piece) if _LEADS.search(piece) else None


def _link(piece: str) -> Link | None:
    head = piece[:_HEAD]
    if not head.isascii():
        head = unicodedata.normalize("NFKC", _INVISIBLE.sub("", head)).replace("\u3002", ".")
    scheme, mark, rest = head.partition("://")
    address = rest if mark else scheme
    end = _END.search(address)
    host, path = (address[: end.start()], address[end.start() :]) if end else (address, "")
    before, _, host = host.rpartition("@") if mark else ("", "", host)
    host = host.partition(":")[0].strip(".!?*_~…-")
    clicked = bool(mark) or host[:4].lower() == "www." or len(path) > 1
    return Link(host.lower(), path, before.lower()) if _is_domain(host, clicked=clicked) else None


def _is_domain(host: str, *, clicked: bool) -> bool:
    labels = host.split(".")
    if len(labels) < 2 or len(host) > _LONGEST_HOST:
        return False
    if not all(len(label) <= _LONGEST_LABEL and is_label(label.replace("-", "")) for label in labels):
        return False
    last = labels[-1]
    if clicked:
        return len(last) > 1 or last.isdecimal()
    return last.lower() in _COMMON and not last.istitle()  # «demain.Me voilà» is a point without its space


def is_label(text: str) -> bool:
    """Whether it is all letters and figures, with marks on them."""
    if text.isalnum():
        return True
    return bool(text) and all(char.isalnum() or unicodedata.combining(char) for char in text)


def _label(label: str) -> str:
    if not label.startswith("xn--") or len(label) > _LONGEST_LABEL:
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label
