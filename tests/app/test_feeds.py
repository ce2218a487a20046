"""A town that follows the feed of its site, from the bytes on the wire to the draft in its folder."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.corrections import carried
from app.feeds import feeds_of, put
from app.lifetime import calendar_ticks, feed_ticks
from app.settings import Settings, load
from app.standstill import standstills
from core.audience import Recipient, RecipientKind
from core.campaign import After, OccurrenceState, StepKind
from core.delivery import Urgency
from core.errors import Misconfigured, StorageError
from core.feed import Reading
from core.identifiers import AccountName
from core.messages import AnnouncementPublished
from core.ports.store import Books
from core.review import ReviewState, approved, ended
from core.staff import SERVICE, Act
from core.timetable import Timetable
from storage.memory import MemoryStore
from tests.adapters.web.internet import internet
from tests.campaigns.test_feeds import item
from tests.cli.office import furnish
from tests.core.examples import NEWS, announcement, campaign, step, words
from tests.core.test_feed import FEED
from tests.core.test_staff import ANNE, BASILE, staff
from tests.fakes import NOON, StoppedClock


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Those of a town that follows a feed."""
    loaded = load(furnish(tmp_path) / "config.toml")
    ZoneInfo(loaded.town.zone)  # read once, off the loop
    return replace(loaded, feeds=(replace(FEED, url="http://ville.example/feed"),))


def answer(*items: str) -> bytes:
    """The site's answer."""
    return f'HTTP/1.1 200 OK\r\n\r\n<rss version="2.0"><channel>{"".join(items)}</channel></rss>'.encode()


async def test_a_new_article_of_the_site_becomes_a_file_in_the_folder_of_drafts(settings: Settings) -> None:
    """By the safe way to the web, and the store as it is."""
    settings.drafts.parent.mkdir()
    store, clock = MemoryStore(), StoppedClock()
    async with internet({"GET /feed": answer(item(1))}) as web:
        feeds = feeds_of(settings, store=store, clock=clock, reader=web.fetcher())
        await feeds.look()
        web.answers["GET /feed"] = answer(item(2), item(1))
        await feeds.look(now=True)
        await feeds.look()

    (draft,) = settings.drafts.iterdir()
    assert 'title.fr = "Article 2"' in draft.read_text(encoding="utf-8")
    assert web.asked == ["GET /feed"] * 2


async def test_what_is_out_follows_what_was_approved_and_nothing_else(settings: Settings) -> None:
    """Once, in the name of the service; the log says so."""
    staffed, store = replace(settings, staff=staff()), MemoryStore()
    plan = campaign(step(StepKind.ANNOUNCE, After(timedelta()), NEWS))
    other = replace(plan, announcements=(replace(announcement(), body=words("It opens in June.")),))

    def publish(books: Books) -> None:
        books.campaigns.start(plan, at=NOON, due=Timetable(plan, NOON).all())
        (occurrence,) = books.campaigns.occurrences(plan.id)
        books.campaigns.settle(occurrence.id, OccurrenceState.DONE)
        books.deliveries.plan(
            occurrence=occurrence.id,
            message=AnnouncementPublished(announcement=announcement()),
            recipients=[(AccountName("telegram"), Recipient(RecipientKind.CHANNEL, "square"))],
            urgency=Urgency.CAMPAIGN,
            due_at=NOON,
            expires_at=NOON + timedelta(hours=1),
        )
        books.campaigns.revise(other)

    def approve(books: Books) -> None:
        review = books.reviews.submit(other, by=ANNE, at=NOON)
        agreed = approved(review, staff(), BASILE, NOON)
        books.reviews.save(agreed, expected=review.state)
        books.reviews.save(ended(agreed, ReviewState.SCHEDULED, SERVICE, NOON), expected=agreed.state)

    follow = partial(carried, staffed, plan.id, NOON)
    nothing_runs = await store.write(follow)
    await store.write(publish)
    unapproved = await store.write(follow)
    await store.write(approve)

    assert (nothing_runs, unapproved) == (False, False)
    assert [await store.write(follow) for _ in range(2)] == [True, False]
    (entry,) = await store.read(lambda books: books.audit.last(limit=9))
    assert (entry.deed.who, entry.deed.act) == (SERVICE, Act.CORRECT)


def test_a_draft_that_cannot_be_written_is_said(settings: Settings) -> None:
    """With its place."""
    with pytest.raises(StorageError, match="draft cannot be written"):
        put(settings.file / "no" / "draft.toml", "")


async def test_a_feed_that_is_not_read_stands_still(settings: Settings) -> None:
    """Every command says it, once the third look has failed."""
    store = MemoryStore()
    reading = Reading(feed="actus", url="", next_at=NOON, failures=2, failing_since=NOON, trouble="404")
    await store.write(lambda books: books.feeds.read(reading))
    before = await store.read(lambda books: standstills(books, settings))
    await store.write(lambda books: books.feeds.read(replace(reading, failures=3)))

    (found,) = await store.read(lambda books: standstills(books, settings))

    assert before == ()
    assert found.detail.startswith("feed actus IS NOT READ since 20")


async def test_only_what_a_town_wants_is_looked_at(settings: Settings, tmp_path: Path) -> None:
    """No feed, no look at feeds; behind a proxy none either."""
    plain, store, clock = replace(settings, feeds=()), MemoryStore(), StoppedClock()
    async with internet() as web:
        ticks = [
            feed_ticks(plain, store, clock, web.fetcher()),
            feed_ticks(settings, store, clock, None),
            feed_ticks(settings, store, clock, web.fetcher()),
            calendar_ticks(settings, store, clock),
            calendar_ticks(replace(settings, calendar=tmp_path / "calendar.ics"), store, clock),
        ]

    assert [[(tick.name, tick.vital) for tick in found] for found in ticks] == [
        [],
        [],
        [("feeds", False)],
        [],
        [("calendar", False)],
    ]


MISTAKES = {
    'url = "https://10.0.0.1/rss"': "feeds.0.url: is no public address",
    'url = "file:///etc/passwd"': "feeds.0.url: is no public address",
    'name = "Actualités"': "feeds.0.name: is no short name",
    "channels = []": "feeds.0.channels: has 0 entries",
    'channels = ["plaec"]': "feeds.0.channels: no channel is named «plaec»",
    'every = "0 min"': "feeds.0.every: at least 1 min",
    'every = "soon"': "feeds.0.every: «soon» is not a length of time",
    "most = 0": "feeds.0.most: ",
    'adress = "x"': "feeds.0.adress: unknown key",
}


def test_a_mistake_in_a_feed_is_named_with_its_cure(tmp_path: Path) -> None:
    """As everywhere in the configuration."""
    config = furnish(tmp_path) / "config.toml"
    plain = config.read_text(encoding="utf-8")
    good = {"name": 'name = "actus"', "url": 'url = "https://v.fr/rss"', "channels": 'channels = ["place"]'}
    found = {}
    for mistake, said in MISTAKES.items():
        lines = good | {mistake.partition(" ")[0]: mistake}
        config.write_text("\n".join((plain, "[[feeds]]", *lines.values())), encoding="utf-8")
        with pytest.raises(Misconfigured) as refused:
            load(config)
        found[said] = str(refused.value.findings[0])

    assert {said: got for said, got in found.items() if said not in got} == {}


def test_two_feeds_have_two_names(tmp_path: Path) -> None:
    """Drafts are called after them."""
    config = furnish(tmp_path) / "config.toml"
    feed = '\n[[feeds]]\nname = "actus"\nurl = "https://v.fr/rss"\nchannels = ["place"]\nevery = "1 h"\n'
    plain = config.read_text(encoding="utf-8")
    config.write_text(plain + feed, encoding="utf-8")
    (one,) = load(config).feeds
    config.write_text(plain + feed * 2, encoding="utf-8")

    with pytest.raises(Misconfigured, match="two feeds are named «actus»"):
        load(config)
    assert (one.most, one.every.total_seconds()) == (4, 3600)
