"""Follows the feeds of the town's web site: a new article becomes a draft, an edited one edits it, none is ever posted.

A feed that is read for the first time, or at another address, tells what was there before: all of that is known, and
nothing is made of it. A draft is a campaign file of one step, to be completed, checked and started by people; who
deletes it has decided. Where it is out already, an edited article is an edit of what is out, and no second post: once
people let the campaign follow the file. What an article says is compared with what it said, and what people wrote into
the draft stays.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from campaigns import alarms
from campaigns.imports.articles import articles_of
from campaigns.imports.drafts import Standing, merge
from campaigns.imports.posts import Heap, Post
from core.alert import AlertKind, of_feed
from core.errors import Misconfigured
from core.feed import ALARMING, FRESH, STILL_THERE, Article, Feed, Known, Reading, pause, same, shared
from core.identifiers import CampaignId
from core.ports.clock import Clock
from core.ports.store import Books, Store
from core.ports.web import LinkIsDead, NotReadable, Page, Reader

HOUR = timedelta(hours=1)

_EDITED = "the article was edited: the draft follows"
_EDITED_IN_REVIEW = "the article was edited after its draft was submitted: look at it, and submit it again"
_EDITED_LATE = (
    "the article was edited after its draft was started: once the campaign follows its file, so does what is out"
)
_CORRECTED = "the article was edited after its draft was started: what is out is corrected"
_TO_CARRY = frozenset({_EDITED_IN_REVIEW, _EDITED_LATE})

Write = Callable[[Path, str], None]

log = logging.getLogger("parvis.campaigns")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """Where drafts are written, on whose clocks, and by whom. ``standing`` tells how a campaign stands.

    ``correct`` lets what is out of a campaign say what the campaign says by now, where that was approved; whether
    there was anything to correct.
    """

    path: Path
    zone: ZoneInfo
    write: Write
    standing: Callable[[CampaignId, Books], Standing]
    correct: Callable[[CampaignId, datetime, Books], bool]


@dataclass(slots=True)
class _Outcome:
    """What came of one reading."""

    keep: list[Known] = field(default_factory=list)
    drafted: int = 0
    edited: int = 0
    waiting: int = 0


class Feeds:
    """Looks at each feed when its time has come. ``jitter`` is 0 to 1: towns do not all ask at the same second."""

    def __init__(
        self,
        *,
        feeds: Sequence[Feed],
        store: Store,
        clock: Clock,
        reader: Reader,
        folder: Folder,
        jitter: Callable[[], float],
    ) -> None:
        self._feeds = tuple(feeds)
        self._store = store
        self._clock = clock
        self._reader = reader
        self._folder = folder
        self._jitter = jitter

    async def look(self, *, now: bool = False) -> None:
        """Read those whose time has come; all of them ``now``."""
        for feed in self._feeds:
            reading = await self._store.read(partial(_reading, feed))
            if now or reading.next_at <= self._clock.now():
                await self._ask(feed, reading)

    async def _ask(self, feed: Feed, before: Reading) -> None:
        is_first = not before.url
        try:
            page = await self._reader.read(feed.url, etag=before.etag, modified=before.modified)
            unchanged = page.content is None and not is_first  # who has read nothing was told nothing
            articles = None if unchanged else await asyncio.to_thread(articles_of, page)
        except (LinkIsDead, NotReadable) as error:
            await self._failed(feed, before, error)
            return
        outcome = await (
            self._judged(feed, articles, is_first=is_first) if articles is not None else self._unchanged(feed)
        )
        now = self._clock.now()
        await self._store.write(partial(_settle, self._read(feed, before, page, outcome), outcome.keep, now))
        await self._correct(feed, now)
        if before.alarms:
            log.warning("feed_reads_again", extra={"feed": feed.name})
        if outcome.drafted or outcome.edited or is_first:
            figures = {"drafted": outcome.drafted, "edited": outcome.edited, "waiting": outcome.waiting}
            log.info("feed_read", extra={"feed": feed.name, "known": len(outcome.keep), **figures})

    async def _correct(self, feed: Feed, now: datetime) -> None:
        """What is out of an edited article follows, as an edit, once somebody let its campaign follow."""
        for each in await self._store.read(lambda books: books.feeds.known(feed.name)):
            if each.note in _TO_CARRY and await self._store.write(partial(self._carried, each, now)):
                log.info("feed_article_corrected", extra={"feed": feed.name, "draft": each.draft})

    def _carried(self, article: Known, now: datetime, books: Books) -> bool:
        if not self._folder.correct(CampaignId(article.draft), now, books):
            return False
        books.feeds.keep([replace(article, note=_CORRECTED)])
        return True

    def _read(self, feed: Feed, before: Reading, page: Page, outcome: _Outcome) -> Reading:
        """Asked for only what is new the next time, but when something of this time waits."""
        told = replace(before, feed=feed.name, url=feed.url, failures=0, failing_since=None, trouble="")
        told = replace(told, next_at=self._next(feed, 0))
        if outcome.waiting:
            return replace(told, etag="", modified="")
        return replace(told, etag=page.etag or before.etag, modified=page.modified or before.modified)

    def _next(self, feed: Feed, failures: int) -> datetime:
        length = pause(feed, failures)
        return self._clock.now() + length + length / 10 * self._jitter()

    async def _failed(self, feed: Feed, before: Reading, error: LinkIsDead | NotReadable) -> None:
        failures = before.failures + 1
        failing = replace(
            before,
            failures=failures,
            failing_since=before.failing_since or self._clock.now(),
            trouble=str(error),
            next_at=self._next(feed, failures),
        )
        await self._store.write(partial(_fail, failing, self._clock.now()))
        if failures == ALARMING:
            log.error("feed_failing", extra={"feed": feed.name, "detail": str(error)})

    # ── articles ──

    async def _unchanged(self, feed: Feed) -> _Outcome:
        """What was there is there."""
        now = self._clock.now()
        known = await self._store.read(lambda books: books.feeds.known(feed.name))
        there = (each for each in known if FRESH < now - each.last_at < STILL_THERE)
        return _Outcome(keep=[replace(each, last_at=now) for each in there])

    async def _judged(self, feed: Feed, articles: Sequence[Article], *, is_first: bool) -> _Outcome:
        now, outcome = self._clock.now(), _Outcome()
        known = list(await self._store.read(lambda books: books.feeds.known(feed.name)))
        room = feed.most - len({each.draft for each in known if each.draft and each.first_at > now - HOUR})
        telling_nothing = shared(articles)
        for article in reversed(articles):  # feeds begin with the newest
            before = same(article, known, telling_nothing=telling_nothing)
            if before is None and not is_first and outcome.drafted >= room:
                outcome.waiting += 1
                continue
            if before is not None:
                after = await self._followed(feed, article, before, now)
                outcome.edited += before.words != article.words
            elif is_first:
                after = _known(feed, article, now)
            else:
                after = await self._drafted(feed, article, now)
                outcome.drafted += 1
            known.append(after)
            if before is None or _differs(before, after):
                outcome.keep.append(after)
        return outcome

    async def _drafted(self, feed: Feed, article: Article, now: datetime) -> Known:
        """A new article, and its draft."""
        fresh = _known(feed, article, now)
        draft = f"{feed.name}-{article.guid[:8]}"
        note = await self._put(feed, article, draft, begin=True)
        return replace(fresh, draft=draft, note=note)

    async def _followed(self, feed: Feed, article: Article, before: Known, now: datetime) -> Known:
        """A known article as it is now; its draft follows."""
        after = replace(_known(feed, article, now), draft=before.draft, note=before.note, first_at=before.first_at)
        if before.words == article.words or not before.draft:
            return after
        return replace(after, note=await self._put(feed, article, before.draft, begin=False))

    async def _put(self, feed: Feed, article: Article, draft: str, *, begin: bool) -> str:
        """Let the draft say what the article says; what somebody should look at, if anything."""
        path = self._folder.path / f"{draft}.toml"
        standing = await self._store.read(partial(self._folder.standing, CampaignId(draft)))
        heap = Heap(campaign=draft, channels=feed.channels if begin else (), posts=(_post(feed, article, draft),))
        try:
            await asyncio.to_thread(self._merge, path, heap, standing, begin=begin)
        except Misconfigured as error:
            note = str(error)
        else:
            note = "" if begin else _edited(standing)
        if note:
            log.warning("feed_article_edited", extra={"feed": feed.name, "draft": draft, "started": standing.started})
        return note

    def _merge(self, path: Path, heap: Heap, standing: Standing, *, begin: bool) -> None:
        """Blocks. Raises Misconfigured."""
        text = path.read_text(encoding="utf-8") if path.is_file() else None
        if text is None and not begin:
            return
        now = self._clock.now().astimezone(self._folder.zone).replace(tzinfo=None)
        draft = merge(path, text, heap, zone=self._folder.zone.key, standing=standing, now=now)
        if draft.text is not None:
            self._folder.write(path, draft.text)


def _edited(standing: Standing) -> str:
    """What is to be looked at when an article was edited."""
    if standing.submitted:
        return _EDITED_IN_REVIEW
    return _EDITED_LATE if standing.started else _EDITED


def _reading(feed: Feed, books: Books) -> Reading:
    """How the feed was last read; as never, at an address where it never was."""
    known = books.feeds.reading(feed.name)
    never = Reading(feed=feed.name, url="", next_at=datetime.min.replace(tzinfo=UTC))
    return never if known is None or known.url not in {feed.url, ""} else known


def _differs(before: Known, after: Known) -> bool:
    """Whether it must be stored anew; that it is still there is stored once a day."""
    return replace(after, last_at=before.last_at) != before or after.last_at - before.last_at > FRESH


def _settle(reading: Reading, articles: Sequence[Known], now: datetime, books: Books) -> None:
    books.feeds.read(reading)
    books.feeds.keep(articles)
    alarms.over(AlertKind.FEED, {of_feed(reading.feed)}, now, books)


def _fail(reading: Reading, now: datetime, books: Books) -> None:
    books.feeds.read(reading)
    if reading.alarms:
        alarms.unreadable(reading, now, books)


def _known(feed: Feed, article: Article, now: datetime) -> Known:
    return Known(
        feed=feed.name,
        guid=article.guid,
        link=article.link,
        words=article.words,
        day=article.day,
        title=article.title,
        first_at=now,
        last_at=now,
    )


def _post(feed: Feed, article: Article, draft: str) -> Post:
    """The announcement of an article: what it says, and where to read on."""
    body = "\n\n".join(part for part in (article.body, article.page) if part)
    says = {f"title.{feed.locale}": article.title, f"body.{feed.locale}": body}
    return Post(origin=draft, line=0, says=says, when={"after": "0 min"})
