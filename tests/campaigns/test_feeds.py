"""Feeds that are followed: what becomes a draft, once, and what never does."""

import tomllib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from campaigns.feeds import Feeds, Folder
from campaigns.housekeeping import purge
from campaigns.imports.drafts import Standing
from core.alert import AlertKind
from core.feed import KEPT, Feed, Known, Reading
from core.identifiers import CampaignId
from core.ports.store import Books
from core.ports.web import LinkIsDead, NotReadable, Page, Reader
from core.preflight import Trouble
from storage.memory import MemoryStore
from tests.core.test_feed import FEED
from tests.fakes import NOON, StoppedClock

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def item(
    number: int, *, title: str = "", text: str = "Elle revient.", guid: str = "", link: str = "", day: int = 12
) -> str:
    """An article in a feed."""
    return (
        f"<item><title>{title or f'Article {number}'}</title><guid>{guid or f'valmont-{number}'}</guid>"
        f"<link>{link or f'https://v.fr/{number}'}</link><description>{text}</description>"
        f"<pubDate>{day} Oct 2026 10:00:00 GMT</pubDate></item>"
    )


@dataclass
class Site:
    """A web site with one feed. ``asked`` are the marks it was asked with; ``away`` why it is not there."""

    items: list[str] = field(default_factory=list)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    away: LinkIsDead | NotReadable | None = None
    etag: str = '"1"'

    async def read(self, url: str, *, etag: str = "", modified: str = "") -> Page:
        """The feed, the newest first; nothing to who knows it."""
        self.asked.append((url, etag, modified))
        if self.away is not None:
            raise self.away
        inner = "".join(reversed(self.items))
        content = f'<rss version="2.0"><channel><title>V</title>{inner}</channel></rss>'.encode()
        return Page(url=url, content=None if etag == self.etag else content, etag=self.etag, modified="m")

    def says(self, *items: str) -> None:
        """From now on it has these articles, the oldest first."""
        self.items = list(items)
        self.etag = f'"{int(self.etag.strip(chr(34)) or 0) + 1}"'


READER: type[Reader] = Site


@dataclass
class Town:
    """A town that follows the feed of its site."""

    folder: Path
    site: Site = field(default_factory=Site)
    store: MemoryStore = field(default_factory=MemoryStore)
    clock: StoppedClock = field(default_factory=StoppedClock)
    feed: Feed = FEED
    standing: Standing = field(default_factory=Standing)
    followed: bool = False
    corrected: list[str] = field(default_factory=list)

    def feeds(self) -> Feeds:
        """Who follows it, as after each restart."""
        folder = Folder(
            path=self.folder,
            zone=ZoneInfo("Europe/Paris"),
            write=_written,
            standing=lambda _name, _books: self.standing,
            correct=self._correct,
        )
        return Feeds(
            feeds=[self.feed], store=self.store, clock=self.clock, reader=self.site, folder=folder, jitter=lambda: 0.5
        )

    def _correct(self, campaign: CampaignId, _at: datetime, _books: Books) -> bool:
        self.corrected.append(campaign)
        return self.followed

    async def reads(self, *items: str, after: timedelta = timedelta(hours=2)) -> list[str]:
        """What drafts there are after the site says this, and its time has come."""
        if items:
            self.site.says(*items)
        self.clock.move_to(self.clock.now() + after)
        await self.feeds().look()
        return self.drafts

    async def forgets(self) -> None:
        """Forget what is to be forgotten by now."""
        await self.store.write(lambda books: purge(books, self.clock.now()))

    @property
    def drafts(self) -> list[str]:
        """The titles of the drafts."""
        return sorted(str(each["title"]["fr"]) for each in map(announcement, self.files))

    @property
    def files(self) -> list[Path]:
        """The files of the drafts."""
        return sorted(self.folder.glob("*.toml"))

    async def known(self) -> tuple[Known, ...]:
        """The articles that are known."""
        return await self.store.read(lambda books: books.feeds.known("actus"))

    async def reading(self) -> Reading:
        """How the feed was read."""
        found = await self.store.read(lambda books: books.feeds.reading("actus"))
        assert found is not None
        return found


def announcement(file: Path) -> dict[str, Any]:
    """What a draft announces."""
    (said,) = tomllib.loads(file.read_text(encoding="utf-8"))["announcements"].values()
    return dict(said)


def _written(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """A town that has never read its feed."""
    return Town(tmp_path)


@pytest.fixture
async def following(town: Town) -> Town:
    """A town that knows what was there before: one article."""
    await town.reads(item(1))
    return town


async def test_what_was_there_before_is_known_and_nothing_is_made_of_it(town: Town) -> None:
    """A feed that is followed from today posts no archive."""
    assert await town.reads(*map(item, range(10))) == []
    assert len(await town.known()) == 10


async def test_a_site_that_says_at_once_that_nothing_changed_has_told_nothing(town: Town) -> None:
    """Some caches do; what stands there when it tells is the archive."""
    town.site.etag = ""
    town.site.items = [item(1), item(2)]
    await town.reads()
    assert (await town.reading()).trouble

    assert await town.reads(item(1), item(2)) == []


async def test_a_new_article_becomes_a_draft_of_one_step(following: Town) -> None:
    """In the language of the site; the other is to be written. It goes out when it is started, and not before."""
    await following.reads(item(1), item(2, title="L’eau"))

    (file,) = following.files
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    assert tables["campaign"]["id"] == file.stem
    assert tables["campaign"]["channels"] == ["place"]
    assert announcement(file)["title"] == {"fr": "L’eau", "en": ""}
    assert announcement(file)["body"]["fr"] == "Elle revient.\n\nhttps://v.fr/2"
    assert [(step["do"], step["after"]) for step in tables["steps"]] == [("announce", "0 min")]


async def test_an_article_that_is_known_is_never_drafted_again(following: Town) -> None:
    """Whatever the site changes by itself: the id, the address, both; also after a restart."""
    await following.reads(item(1), item(2))
    ways = [
        item(2, guid="https://v.fr/?p=2"),
        item(2, link="http://www.v.fr/2/?utm_source=rss"),
        item(2, guid="new", link="https://v.fr/eau"),
        item(2, guid="newer", link="https://v.fr/2#top"),
        item(1, guid="https://v.fr/?p=1"),
    ]

    for way in ways:
        await following.reads(way, item(1))

    assert following.drafts == ["Article 2"]


async def test_an_article_that_is_gone_is_nothing_and_is_nothing_new_when_it_is_back(following: Town) -> None:
    """Sites move articles in and out of their feeds."""
    await following.reads(item(1), item(2))
    await following.reads(item(1))

    assert await following.reads(item(1), item(2)) == ["Article 2"]


async def test_an_edited_article_edits_its_draft_and_leaves_what_people_wrote(following: Town) -> None:
    """No second post; the translation stays."""
    await following.reads(item(2))
    (file,) = following.files
    file.write_text(file.read_text(encoding="utf-8").replace('title.en = ""', 'title.en = "Water"'), encoding="utf-8")

    await following.reads(item(2, title="L’eau", text="Elle est là."))

    assert following.files == [file]
    assert announcement(file)["title"] == {"fr": "L’eau", "en": "Water"}
    assert "Elle est là." in announcement(file)["body"]["fr"]
    assert (await following.known())[0].note == "the article was edited: the draft follows"


async def test_an_article_and_a_draft_that_were_both_changed_are_for_a_human(
    following: Town, caplog: pytest.LogCaptureFixture
) -> None:
    """Said once; the draft stays as the officer wrote it."""
    await following.reads(item(2))
    (file,) = following.files
    file.write_text(file.read_text(encoding="utf-8").replace("Article 2", "De l’eau !"), encoding="utf-8")
    before = file.read_bytes()

    await following.reads(item(2, title="L’eau"))
    await following.reads(item(2, title="L’eau"), item(3))

    assert file.read_bytes() == before
    assert "was changed here and at the source" in next(
        each.note for each in await following.known() if each.draft == file.stem
    )
    assert [record.message for record in caplog.records].count("feed_article_edited") == 1


async def test_what_is_out_of_an_edited_article_is_corrected_once_the_campaign_follows(following: Town) -> None:
    """Its file follows at once; people check it, and let the campaign follow. It is an edit, once, no second post."""
    await following.reads(item(2))
    following.standing = Standing(started=True, out=frozenset({following.files[0].stem}))

    await following.reads(item(2, title="L’eau"))

    before = (await following.known())[0].note
    following.followed = True
    await following.reads()
    after = (await following.known())[0].note
    await following.reads()

    assert following.drafts == ["L’eau"]
    assert ("once the campaign follows" in before, "what is out is corrected" in after) == (True, True)
    assert following.corrected == [following.files[0].stem] * 2


async def test_a_draft_that_waits_for_approval_says_that_it_is_another_by_now(following: Town) -> None:
    """What is approved is what was submitted, and stays that."""
    await following.reads(item(2))
    following.standing = Standing(submitted=True)

    await following.reads(item(2, title="L’eau"))

    assert "submit it again" in (await following.known())[0].note


async def test_a_draft_that_was_written_before_the_service_was_killed_is_not_written_twice(following: Town) -> None:
    """Its article is new once more, and its file is there."""
    await following.reads(item(2))
    before = following.files[0].stat().st_mtime_ns
    following.store = MemoryStore()
    await following.reads(item(1), after=timedelta())

    assert await following.reads(item(1), item(2)) == ["Article 2"]
    assert following.files[0].stat().st_mtime_ns == before


async def test_a_draft_that_was_deleted_does_not_come_back(following: Town) -> None:
    """Who deletes it has decided; also when the article is edited."""
    await following.reads(item(2))
    following.files[0].unlink()

    assert await following.reads(item(2, title="L’eau")) == []


async def test_no_more_drafts_are_made_in_an_hour_than_one_wants(following: Town) -> None:
    """The rest comes later, the oldest first, although the site says by then that nothing is new."""
    first = await following.reads(*map(item, range(1, 6)))
    soon = await following.reads(after=30 * MINUTE)
    later = await following.reads(after=40 * MINUTE)

    assert (first, soon) == (["Article 2", "Article 3"], ["Article 2", "Article 3"])
    assert later == ["Article 2", "Article 3", "Article 4", "Article 5"]


async def test_a_site_is_asked_for_what_is_new_when_its_time_has_come(following: Town) -> None:
    """With its own marks; a bit later than the minute, so that towns do not all ask at once."""
    await following.reads(after=timedelta(hours=1))
    await following.reads(after=MINUTE)

    assert following.site.asked == [(FEED.url, "", ""), (FEED.url, '"2"', "m")]
    assert (await following.reading()).next_at == following.clock.now() - MINUTE + FEED.every * 1.05


async def test_now_means_now(following: Town) -> None:
    """A command does not wait."""
    await following.feeds().look(now=True)

    assert len(following.site.asked) == 2


@pytest.mark.parametrize("away", [LinkIsDead(Trouble.GONE, "404"), NotReadable("it is no RSS or Atom feed")])
async def test_a_feed_that_cannot_be_read_is_asked_less_and_less_and_said_once(
    following: Town, caplog: pytest.LogCaptureFixture, away: LinkIsDead | NotReadable
) -> None:
    """And once more when it is back. Nothing is forgotten meanwhile."""
    following.site.away = away
    for _ in range(6):
        await following.reads(after=DAY)
    failing = await following.reading()
    following.site.away = None
    drafts = await following.reads(item(1), item(2), after=2 * DAY)

    assert (failing.failures, failing.trouble, failing.next_at - NOON > 6 * DAY) == (6, str(away), True)
    assert [each.message for each in caplog.records if "feed_" in each.message] == ["feed_failing", "feed_reads_again"]
    assert (drafts, (await following.reading()).failures) == (["Article 2"], 0)


async def test_the_staff_is_told_of_a_feed_that_cannot_be_read_until_it_can(following: Town) -> None:
    """Once; it stands as long as nobody could read it."""
    following.site.away = LinkIsDead(Trouble.GONE, "404")
    said = []
    for away in (following.site.away,) * 5 + (None,):
        following.site.away = away
        await following.reads(after=DAY)
        said.append(await following.store.read(lambda books: books.alerts.standing()))

    (alert,) = said[4]
    assert [len(each) for each in said] == [0, 0, 1, 1, 1, 1]
    assert (alert.matter.kind, alert.matter.about, alert.over_at) == (AlertKind.FEED, "feed:actus", None)
    assert alert.matter.until is not None
    assert alert.matter.until > following.clock.now() - DAY
    assert said[5][0].over_at == following.clock.now()


async def test_a_feed_that_fails_first_is_still_read_for_the_first_time(town: Town) -> None:
    """What was there before it could be read is no news."""
    town.site.away = LinkIsDead(Trouble.NO_ANSWER)
    await town.reads(item(1))
    town.site.away = None

    assert await town.reads(item(1), item(2)) == []


async def test_a_feed_at_another_address_is_read_for_the_first_time(following: Town) -> None:
    """A new site has new ids for its whole archive; what is known stays known."""
    await following.reads(item(2))
    following.feed = replace(FEED, url="https://neu.v.fr/rss")

    moved = await following.reads(item(2, title="L’eau"), item(7, guid="x7"), item(8, guid="x8"))
    after = await following.reads(item(2, title="L’eau"), item(7, guid="x7"), item(9))

    assert (moved, after) == (["L’eau"], ["Article 9", "L’eau"])


async def test_articles_are_remembered_as_long_as_they_are_in_the_feed_and_a_year_more(following: Town) -> None:
    """Also when the site says each day that nothing has changed."""
    for _ in range(30):
        await following.reads(after=20 * DAY)
        await following.forgets()
    there = len(await following.known())
    await following.reads(item(9))
    following.clock.move_to(following.clock.now() + KEPT + DAY)
    await following.forgets()

    assert (there, await following.known()) == (1, ())


async def test_an_article_that_is_still_there_is_stored_once_a_day(following: Town) -> None:
    """Not at each look."""
    first = (await following.known())[0].last_at
    await following.reads(item(1), after=timedelta(hours=3))
    same = (await following.known())[0].last_at
    await following.reads(item(1), after=2 * DAY)

    assert first == same
    assert (await following.known())[0].last_at == following.clock.now()
