"""When two articles are one, and how long a feed is left alone."""

from dataclasses import replace
from datetime import timedelta

from core.feed import LONGEST_PAUSE, Article, Feed, Known, Reading, pause, same, shared
from core.identifiers import ChannelName, Locale
from tests.fakes import NOON

KNOWN = Known(
    feed="actus", guid="1", link="v.fr/a", words="w", day="2026-10-12", title="A", first_at=NOON, last_at=NOON
)
OTHER = replace(KNOWN, guid="2", link="v.fr/b", words="x")
FEED = Feed(
    name="actus",
    url="https://v.fr/rss",
    channels=(ChannelName("place"),),
    locale=Locale.FR,
    every=timedelta(minutes=15),
    most=2,
)


def article(guid: str = "9", link: str = "v.fr/z", words: str = "z", day: str = "2026-10-12") -> Article:
    """An article in a feed."""
    return Article(guid=guid, link=link, words=words, day=day, title="A", body="b", page="https://v.fr/z")


def found(one: Article, *further: Article) -> Known | None:
    """What it is known as, in a feed with these further ones."""
    return same(one, (OTHER, KNOWN), telling_nothing=shared((one, *further)))


def test_one_mark_is_enough_to_know_an_article_again() -> None:
    """Its id, its address, its words of that day: sites change any of them by themselves."""
    assert found(article(guid="1")) == KNOWN
    assert found(article(link="v.fr/a")) == KNOWN
    assert found(article(words="w")) == KNOWN
    assert found(article()) is None


def test_the_surest_mark_decides() -> None:
    """An id that the feed gives."""
    assert found(article(guid="1", link="v.fr/b", words="x")) == KNOWN


def test_an_address_that_several_have_tells_nothing() -> None:
    """Nor that of a whole site, nor none."""
    assert found(article(link="v.fr/a"), article(guid="8", link="v.fr/a")) is None
    assert shared([article(link="v.fr"), article(link=""), article(link="v.fr?a=1")]) == {"v.fr", ""}


def test_the_same_words_of_another_day_are_another_article() -> None:
    """The council meets again."""
    assert found(article(words="w", day="2026-11-12")) is None


def test_a_page_that_is_used_again_for_another_day_is_another_article() -> None:
    """But where nobody says the day, or the words are the same, it is that one."""
    assert found(article(link="v.fr/a", day="2026-11-12")) is None
    assert found(article(link="v.fr/a", day="")) == KNOWN
    assert found(article(link="v.fr/a", words="w", day="2026-11-12")) == KNOWN


def test_a_feed_that_fails_is_left_alone_twice_as_long_each_time() -> None:
    """Up to a day."""
    assert [pause(FEED, failures) for failures in (0, 1, 2, 3)] == [FEED.every * times for times in (1, 2, 4, 8)]
    assert pause(FEED, 10**6) == LONGEST_PAUSE
    assert pause(replace(FEED, every=2 * LONGEST_PAUSE), 3) == 2 * LONGEST_PAUSE


def test_the_third_failure_is_for_a_human() -> None:
    """Sites have bad minutes."""
    reading = Reading(feed="actus", url="", next_at=NOON)

    assert [replace(reading, failures=failures).alarms for failures in (0, 2, 3)] == [False, False, True]
