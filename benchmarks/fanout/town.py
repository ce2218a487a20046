"""A town whose broadcast is planned: its configuration, and what everybody is to get."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from app.clock import SystemClock
from app.keys import opened
from app.settings import Settings, load
from app.upkeep import make_home, make_ready
from benchmarks.fanout.network import FIRST, TOKEN
from benchmarks.fanout.outcome import Key
from core.announcement import Announcement
from core.audience import Recipient, RecipientKind
from core.delivery import Urgency
from core.identifiers import AccountName, AnnouncementId, CitizenId, Locale
from core.messages import AnnouncementPublished
from core.ports.books.citizens import CitizenBook
from core.ports.store import Books
from core.ports.vault import Vault
from core.wording import Wording
from storage.store import SqlStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """Each of so many ``places`` gets so many ``messages``, on this network."""

    network: str
    places: int
    messages: int

    @property
    def number(self) -> int:
        """Of deliveries."""
        return self.places * self.messages

    @property
    def channels(self) -> list[str]:
        """Their addresses; a broadcast on Telegram goes to people."""
        if self.network == "mastodon":
            return ["public"]
        return [str(FIRST + rank) for rank in range(self.places)] if self.network == "discord" else []


def town(folder: Path, url: str, broadcast: Broadcast) -> Settings:
    """Write a configuration and make the database. Blocks."""
    settings = configured(folder, url, broadcast.network, broadcast.channels)
    make_home(settings)
    make_ready(settings)
    return settings


def configured(folder: Path, url: str, network: str, channels: list[str]) -> Settings:
    """Write a configuration with one account, and a channel for each of these addresses, named as they are. Blocks."""
    (folder / "token").write_text(TOKEN, encoding="utf-8")
    (folder / "charter.toml").write_text('version = "1"\narticles = []\n', encoding="utf-8")
    places = "".join(
        f'[[channels]]\nname = "c{address.strip("-")}"\naccount = "{network}"\naddress = "{address}"\n'
        for address in channels
    )
    (folder / "config.toml").write_text(
        '[town]\nname.fr = "Ville"\nname.en = "Town"\n[charter]\nfile = "charter.toml"\n'
        f'[[accounts]]\nname = "{network}"\nplatform = "{network}"\nbase_url = "{url}"\ntoken_file = "token"\n{places}'
        '[store]\nurl = "sqlite:///town.db"\nkeys = "keys"\n',
        encoding="utf-8",
    )
    return load(folder / "config.toml")


def planned(settings: Settings, broadcast: Broadcast) -> dict[str, str]:
    """Plan it; the place of each recipient by its name in the ledger."""
    return asyncio.run(_plan(settings, broadcast))


async def _plan(settings: Settings, broadcast: Broadcast) -> dict[str, str]:
    store = await SqlStore.open(settings.store_url)
    try:
        vault = await opened(settings, store)
        return await store.write(lambda books: _planned(books, broadcast, vault))
    finally:
        await store.close()


def _planned(books: Books, broadcast: Broadcast, vault: Vault) -> dict[str, str]:
    now, account = SystemClock().now(), AccountName(broadcast.network)
    if broadcast.channels:
        known = {f"c{address}": address for address in broadcast.channels}
        kind = RecipientKind.CHANNEL
    else:
        people = map(str, range(FIRST, FIRST + broadcast.places))
        known = {str(subscribe(books.citizens, vault, account, person)): person for person in people}
        kind = RecipientKind.CITIZEN
    for rank in range(broadcast.messages):
        books.deliveries.plan(
            occurrence=None,
            message=said(rank),
            recipients=[(account, Recipient(kind, name)) for name in known],
            urgency=Urgency.CAMPAIGN,
            due_at=now + timedelta(microseconds=rank),
            expires_at=now + timedelta(days=1),
        )
    return known


def subscribe(citizens: CitizenBook, vault: Vault, account: AccountName, person: str) -> CitizenId:
    """A citizen who gets what this account sends to its subscribers."""
    reference = f"{account}:{person}"
    return citizens.remember(
        blind=reference.encode(),
        sealed=vault.seal(reference),
        account=account,
        locale=Locale.FR,
        subscribed=True,
        at=SystemClock().now(),
    )


def said(rank: int) -> AnnouncementPublished:
    """A message that is known by its number."""
    title = Wording(fr=f"nouvelle {rank}", en=f"nouvelle {rank}")
    return AnnouncementPublished(announcement=Announcement(id=AnnouncementId(f"n{rank}"), title=title, body=title))


def keys(broadcast: Broadcast) -> set[Key]:
    """What is to go out."""
    places = broadcast.channels or list(map(str, range(FIRST, FIRST + broadcast.places)))
    return {(place, rank) for place in places for rank in range(broadcast.messages)}
