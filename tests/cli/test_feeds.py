"""``parvis feeds``: what is followed, what was made of it, and a look now."""

import os
from collections.abc import Iterator

import pytest

from core.feed import Known, Reading
from core.ports.store import Books
from tests.cli.office import Terminal
from tests.core.examples import NOON

FEED = '\n[[feeds]]\nname = "actus"\nurl = "http://localhost/rss"\nchannels = ["place"]\n'
DRAFTED = Known(
    feed="actus",
    guid="1",
    link="v.fr/1",
    words="w",
    day="",
    title="L’eau",
    draft="actus-1",
    note="the article was edited",
    first_at=NOON,
    last_at=NOON,
)


@pytest.fixture
def following(ready: Terminal) -> Iterator[Terminal]:
    """A town that follows a feed on its own machine, which nobody reads; without a proxy."""
    ready.config.write_text(ready.config.read_text(encoding="utf-8") + FEED, encoding="utf-8")
    before = os.environ.copy()
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        os.environ.pop(name, None)
    yield ready
    os.environ.clear()
    os.environ.update(before)


def test_feeds_and_drafts_are_listed(following: Terminal) -> None:
    """With how they stand, and what is to be looked at."""
    never = following.types("feeds")
    following.remembers(lambda office: office.store.write(_read))

    out = following.types("feeds").out

    assert "never read" in never.out
    assert ["cannot be read: gone: 404" in out, "actus-1" in out, "the article was edited" in out] == [True] * 3


def _read(books: Books) -> None:
    books.feeds.read(Reading(feed="actus", url="", next_at=NOON, failures=1, failing_since=NOON, trouble="gone: 404"))
    books.feeds.keep([DRAFTED])


def test_a_look_now_never_leads_inside(following: Terminal) -> None:
    """Whatever the configuration names."""
    done = following.types("feeds", "check")

    assert done.code == 0
    assert "cannot be read: not_public: localhost" in done.out


def test_feeds_are_not_read_through_a_proxy(following: Terminal) -> None:
    """It would choose the address in our place."""
    os.environ["HTTPS_PROXY"] = "http://127.0.0.1:3128"

    done = following.types("feeds", "check")

    assert (done.code, "through a proxy" in done.err) == (1, True)


def test_a_town_without_feeds_is_told_how_to_follow_one(ready: Terminal) -> None:
    """In a sentence."""
    assert "[[feeds]]" in ready.types("feeds").out
