"""A feed of the town's web site that is followed: how it was last read, and which of its articles are known.

An article is known by three marks: the id that the feed gives it, the address of its page as it is compared, and its
words with their day. Sites change any of them by themselves; one that is the same makes it the same article.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.identifiers import ChannelName, Locale

KEPT = timedelta(days=395)  # after an article was last in the feed
FRESH = timedelta(days=1)  # how exactly is known when an article was last in the feed
STILL_THERE = timedelta(days=30)  # one that was there since is there while the site says that nothing changed
ALARMING = 3  # failures one after the other
LONGEST_PAUSE = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as the configuration names it. ``most`` drafts are made of it in an hour."""

    name: str
    url: str
    channels: tuple[ChannelName, ...]
    locale: Locale
    every: timedelta
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a feed was last read. ``etag`` and ``modified`` are the site's, for asking only for what is new.

    ``trouble`` is why it cannot be read, since when the last ``failures`` began.
    """

    feed: str
    url: str
    etag: str = ""
    modified: str = ""
    next_at: datetime
    failures: int = 0
    failing_since: datetime | None = None
    trouble: str = ""

    @property
    def alarms(self) -> bool:
        """Whether somebody should look at it."""
        return self.failures >= ALARMING


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article in a feed. ``link`` is the address as it is compared, empty where there is none.

    ``words`` is a digest of title and text, ``day`` when the site says it is from.
    """

    guid: str
    link: str
    words: str
    day: str
    title: str
    body: str
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An article that was seen. ``draft`` is the campaign that was made of it, empty for none.

    ``note`` is what somebody should look at.
    """

    feed: str
    guid: str
    link: str
    words: str
    day: str
    title: str
    draft: str = ""
    note: str = ""
    first_at: datetime
    last_at: datetime


def shared(articles: Iterable[Article]) -> frozenset[str]:
    """The addresses that tell nothing about which article it is: those of several, and of a whole site."""
    counts = Counter(article.link for article in articles)
    return frozenset(link for link, times in counts.items() if times > 1 or not set("/?") & set(link))


def same(article: Article, known: Sequence[Known], *, telling_nothing: frozenset[str]) -> Known | None:
    """The article as it is known, by its surest mark; None for a new one."""
    for each in known:
        if each.guid == article.guid:
            return each
    if article.link not in telling_nothing:
        for each in known:
            if each.link == article.link and _may_be_one(each, article):
                return each
    return next((each for each in known if (each.words, each.day) == (article.words, article.day)), None)


def _may_be_one(known: Known, article: Article) -> bool:
    """Whether one page tells of both: a page may be used again, for something of another day."""
    return known.words == article.words or known.day == article.day or not (known.day and article.day)


def pause(feed: Feed, failures: int) -> timedelta:
    """How long it is left alone: as long as the configuration says, and twice as long with each failure."""
    doubled = feed.every * int(2 ** min(failures, 16))
    return min(doubled, max(LONGEST_PAUSE, feed.every))
