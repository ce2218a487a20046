"""What is in the words of a post: mentions, tags, links; their length, and the HTML that servers show."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.mastodon.graphemes import clusters
from sandbox.mastodon.profiles import Profile
from sandbox.mastodon.values import Account, unique

# app/models/account.rb MENTION_RE, tag.rb HASHTAG_RE, and config/initializers/twitter_regex.rb, without their rarities
MENTION = re.compile(r"(?<![=/\w])@([a-zA-Z0-9_]+(?:[.-]+[a-zA-Z0-9_]+)*)(?:@((?:[\w-]+\.)*[\w-]+(?::\d+)?))?")
TAG = re.compile(r"(?<![=/)\w&])#(\w*[^\W\d]\w*)")
LINK = re.compile(r"https?://(?P<host>[^\s/?#:]+)(?::\d+)?(?:[/?#][^\s<>\"]*)?", re.IGNORECASE)
TRAILING = ".,;:!?)»'\""
# Names that no registry gives out (RFC 2606): addresses below them are not known as addresses
RESERVED = frozenset({"example", "test", "invalid", "localhost", "local", "internal"})
SHOWN = 30  # app/lib/text_formatter.rb: letters of a link that are shown
Finder = Callable[[str], Account | None]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text that is more than words: where it stands, and what it is."""

    start: int
    end: int
    kind: str
    text: str


def length(text: str, spoiler: str, profile: Profile) -> int:
    """What counts against the limit (``status_length_validator.rb``): the spoiler in full, links at a flat rate."""
    flat = "x" * profile.characters_per_url
    shortened, end = [], 0
    for piece in links(text):
        shortened += [text[end : piece.start], flat]
        end = piece.end
    countable = MENTION.sub(lambda found: f"@{found[1]}", "".join([*shortened, text[end:]]))
    return clusters(spoiler) + clusters(countable)


def links(text: str) -> list[Piece]:
    """The addresses in a text whose last part is a known name."""
    found = []
    for match in LINK.finditer(text):
        ending = match["host"].rpartition(".")[2].lower()
        if "." in match["host"] and re.fullmatch(r"[a-z]{2,}|xn--[a-z0-9-]+", ending) and ending not in RESERVED:
            address = match[0].rstrip(TRAILING)
            found.append(Piece(match.start(), match.start() + len(address), "link", address))
    return found


def mentioned(text: str, find: Finder) -> tuple[Account, ...]:
    """The accounts that a text names and the server knows."""
    named = [find(match[0]) for match in _outside(text, MENTION)]
    return tuple({account.id: account for account in named if account is not None}.values())


def tags(text: str) -> tuple[str, ...]:
    """The hashtags of a text, without the sign, in small letters."""
    return unique(match[1].lower() for match in _outside(text, TAG))


def as_html(text: str, find: Finder, domain: str) -> str:
    """The HTML of a post (``text_formatter.rb``): paragraphs, breaks, and anchors around what is more than words."""
    pieces = links(text)
    pieces += [Piece(match.start(), match.end(), "mention", match[0]) for match in _outside(text, MENTION)]
    pieces += [Piece(match.start(), match.end(), "tag", match[1]) for match in _outside(text, TAG)]
    parts, end = [], 0
    for piece in sorted(pieces, key=lambda piece: piece.start):
        if piece.start < end:  # twitter-text's extractor: of two that overlap, the first
            continue
        parts += [html.escape(text[end : piece.start]), _anchor(piece, text, find, domain)]
        end = piece.end
    flowing = "".join([*parts, html.escape(text[end:])])
    paragraphs = re.split(r"\n{2,}", flowing.strip("\n"))
    return "".join(f"<p>{paragraph.replace(chr(10), '<br />')}</p>" for paragraph in paragraphs) if text else ""


def profile_address(account: Account, domain: str) -> str:
    """The page of an account on its own server."""
    return f"https://{account.domain or domain}/@{account.username}"


def _outside(text: str, pattern: re.Pattern[str]) -> list[re.Match[str]]:
    """The finds that are not inside an address."""
    taken = [(piece.start, piece.end) for piece in links(text)]
    return [match for match in pattern.finditer(text) if not any(start <= match.start() < end for start, end in taken)]


def _anchor(piece: Piece, text: str, find: Finder, domain: str) -> str:
    if piece.kind == "link":
        return _link(piece.text)
    if piece.kind == "tag":
        address = f"https://{domain}/tags/{piece.text.lower()}"
        return f'<a href="{address}" class="mention hashtag" rel="tag">#<span>{html.escape(piece.text)}</span></a>'
    account = find(piece.text)
    if account is None:
        return html.escape(text[piece.start : piece.end])
    return (
        f'<span class="h-card" translate="no"><a href="{profile_address(account, domain)}" class="u-url mention">'
        f"@<span>{account.username}</span></a></span>"
    )


def _link(address: str) -> str:
    prefix = re.match(r"https?://(?:www\.)?", address, re.IGNORECASE)
    hidden = prefix[0] if prefix else ""
    shown, rest = address[len(hidden) :][:SHOWN], address[len(hidden) :][SHOWN:]
    return (
        f'<a href="{html.escape(address)}" target="_blank" rel="nofollow noopener" translate="no">'
        f'<span class="invisible">{hidden}</span><span class="{"ellipsis" if rest else ""}">{html.escape(shown)}</span>'
        f'<span class="invisible">{html.escape(rest)}</span></a>'
    )
