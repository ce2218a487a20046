"""Feeds and their articles, in every store alike."""

from dataclasses import replace
from datetime import timedelta

from core.feed import Known, Reading
from core.ports.store import Store
from tests.core.examples import NOON

READING = Reading(feed="actus", url="https://v.fr/rss", etag='"é"', next_at=NOON)
FAILING = replace(READING, failures=3, failing_since=NOON, trouble="404")
OLD = Known(feed="actus", guid="1", link="v.fr/a", words="w", day="", title="Été", first_at=NOON, last_at=NOON)
NEW = replace(OLD, guid="2", draft="actus-1", note="edited", first_at=NOON + timedelta(hours=1))
THEIRS = replace(OLD, feed="agenda")


async def _known(store: Store, feed: str = "actus") -> tuple[Known, ...]:
    return await store.read(lambda books: books.feeds.known(feed))


async def test_how_a_feed_was_read_is_remembered_and_replaced(store: Store) -> None:
    """One line a feed."""
    before = await store.read(lambda books: books.feeds.reading("actus"))
    await store.write(lambda books: books.feeds.read(READING))
    await store.write(lambda books: books.feeds.read(FAILING))

    assert before is None
    assert await store.read(lambda books: books.feeds.reading("actus")) == FAILING


async def test_articles_are_known_by_feed_the_newest_first(store: Store) -> None:
    """Two feeds may have the same article."""
    await store.write(lambda books: books.feeds.keep([OLD, NEW, THEIRS]))
    await store.write(lambda books: books.feeds.keep([replace(OLD, title="Automne")]))

    assert await _known(store) == (NEW, replace(OLD, title="Automne"))
    assert await _known(store, "agenda") == (THEIRS,)


async def test_articles_that_left_the_feed_long_ago_are_forgotten(store: Store) -> None:
    """Counted from when they were last there."""
    await store.write(lambda books: books.feeds.keep([OLD, replace(NEW, last_at=NOON + timedelta(days=1)), THEIRS]))

    purged = await store.write(lambda books: books.feeds.purge(before=NOON + timedelta(minutes=1)))

    assert purged == 2
    assert [each.guid for each in await _known(store)] == ["2"]
