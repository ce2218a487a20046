"""The feeds that a town follows: from the configuration to somebody who looks, and what a command tells of them."""

import random
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from app.corrections import carried
from app.files import write
from app.imports import standing_of
from app.settings import Settings
from campaigns.feeds import Feeds, Folder
from core.errors import StorageError
from core.ports.clock import Clock
from core.ports.store import Books, Store
from core.ports.web import Reader


def feeds_of(settings: Settings, *, store: Store, clock: Clock, reader: Reader) -> Feeds:
    """Somebody who follows the feeds of the configuration."""
    folder = Folder(
        path=settings.drafts,
        zone=ZoneInfo(settings.town.zone),
        write=put,
        standing=standing_of,
        correct=partial(carried, settings),
    )
    return Feeds(feeds=settings.feeds, store=store, clock=clock, reader=reader, folder=folder, jitter=random.random)


def put(path: Path, text: str) -> None:
    """Write a draft; its folder is made. Blocks. Raises StorageError."""
    try:
        path.parent.mkdir(mode=0o755, exist_ok=True)
        write({path: text})
    except OSError as error:
        raise StorageError(f"{path}: the draft cannot be written: {error.strerror}") from error


def told(settings: Settings, books: Books) -> list[tuple[object, ...]]:
    """Each feed: how it was read, when it is read next, how many drafts were made of it."""
    rows: list[tuple[object, ...]] = []
    for feed in settings.feeds:
        reading = books.feeds.reading(feed.name)
        known = books.feeds.known(feed.name)
        drafts = len({each.draft for each in known if each.draft})
        if reading is None:
            rows.append((feed.name, feed.url, "never read", "", len(known), drafts))
            continue
        stands = f"cannot be read: {reading.trouble}" if reading.trouble else "read"
        rows.append((feed.name, feed.url, stands, settings.local(reading.next_at), len(known), drafts))
    return rows


def drafts(settings: Settings, books: Books) -> list[tuple[object, ...]]:
    """Each draft that was made of an article, the newest first, and what is to be looked at."""
    found = {
        each.draft: (each.draft, settings.local(each.first_at), each.title, each.note)
        for feed in settings.feeds
        for each in reversed(books.feeds.known(feed.name))
        if each.draft
    }
    return [*reversed(list(found.values()))]
