"""The articles of a feed, RSS of every age or Atom, with the marks by which each is known again.

``feedparser`` reads what sites really send: old formats, wrong encodings, broken XML. It is given bytes only, never an
address to open, and no document that declares entities, as no feed does.
"""

import io
import re
from calendar import timegm
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import feedparser

from campaigns.imports.plain import shortened, words_of
from campaigns.rules import LONGEST_TITLE
from core.feed import Article
from core.folding import clean
from core.internet import NotPublic, target_of
from core.ports.web import NotReadable, Page

MOST = 300  # articles of one feed that are looked at
LONGEST_BODY = 700  # characters: an announcement says what it is about, and where to read on

_ENTITY = b"<!ENTITY"
_STUMBLES = (ValueError, LookupError, AttributeError, TypeError, AssertionError, RecursionError)  # of feedparser
_FOLLOWERS = re.compile(r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|xtor|at_\w+|igshid")


def articles_of(page: Page) -> tuple[Article, ...]:
    """The articles of a feed, in its order, each once. Raises NotReadable when it is none."""
    content = page.content or b""
    if _ENTITY in content:
        raise NotReadable("it declares entities, which no feed does")
    headers = {"content-type": page.kind, "content-location": page.url}
    try:
        found: Any = feedparser.parse(io.BytesIO(content), response_headers=headers)
    except _STUMBLES as error:
        raise NotReadable(f"it is broken in a way that cannot be read: {error}") from error
    if not found.get("version"):
        raise NotReadable("it is no RSS or Atom feed")
    made = (_article(entry) for entry in found.entries[:MOST])
    return tuple({article.guid: article for article in made if article is not None}.values())


def compared(link: str) -> str:
    """An address as it is compared: without what changes although the page is the same; empty for none."""
    try:
        parts = urlsplit(link.strip())
        host = (parts.hostname or "").removeprefix("www.")
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return ""
    place = host if port in {None, 80, 443} else f"{host}:{port}"
    kept = sorted(pair for pair in parse_qsl(parts.query) if not _FOLLOWERS.fullmatch(pair[0].lower()))
    return f"{place}{parts.path.rstrip('/')}{f'?{urlencode(kept)}' if kept else ''}"


def _article(entry: Any) -> Article | None:
    title = shortened(words_of(_text(entry, "title")).replace("\n", " "), LONGEST_TITLE)
    body = words_of(_text(entry, "summary") or _content(entry))
    page = _page(_text(entry, "link"))
    link = compared(page)
    words = _digest(title, body)
    if not title and not body:
        return None
    return Article(
        guid=_digest(_text(entry, "id") or link or words),
        link=link,
        words=words,
        day=_day(entry),
        title=title or shortened(body.replace("\n", " "), 80),
        body=shortened(body, LONGEST_BODY),
        page=page,
    )


def _text(entry: Any, key: str) -> str:
    found = entry.get(key, "")
    return clean(found) if isinstance(found, str) else ""


def _content(entry: Any) -> str:
    return next((str(each.get("value", "")) for each in entry.get("content", ())), "")


def _page(link: str) -> str:
    """The address of the page, where citizens can open it."""
    try:
        target_of(link)
    except NotPublic:
        return ""
    return link.strip()


def _day(entry: Any) -> str:
    said = dict.get(entry, "published_parsed") or dict.get(
        entry, "updated_parsed"
    )  # its own get takes one for the other
    try:
        return datetime.fromtimestamp(timegm(said), UTC).date().isoformat() if said else ""
    except (ValueError, OverflowError, OSError):
        return ""


def _digest(*texts: str) -> str:
    return blake2b("\n".join(texts).encode(errors="replace"), digest_size=16).hexdigest()
