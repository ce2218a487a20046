"""A town for the whole service: its configuration, the imitation of Telegram, and what is due in it."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from app.lifetime import serve
from app.office import opened
from app.settings import Settings, load
from app.upkeep import file_of, make_home, make_ready
from campaigns.planner import begin
from core.announcement import Announcement
from core.audience import Audience
from core.campaign import After, Campaign, Step, StepKind
from core.identifiers import AnnouncementId, CampaignId, StepName
from core.localtime import ClockPolicy
from core.wording import Wording
from sandbox.telegram.small import furnish
from sandbox.telegram.values import Json
from sandbox.telegram.world import World
from storage.migrations import upgrade as migrate

LONGEST = 40  # seconds that anything may take before the test fails
TOWN, MARKET = "telegram", "marche"  # two accounts, each with a channel of the same name
TOKENS = {TOWN: "1000001:AAH-a-sandbox-token-of-the-town", MARKET: "1000002:AAH-a-sandbox-token-of-the-market"}
CHANNELS = {TOWN: -1001, MARKET: -1003}
GROUP = -1002
ANNE = 101
NEWS = "Travaux"

WORLD: Json = {
    "users": [{"id": ANNE, "name": "Anne", "language": "fr"}],
    "bots": [{"token": TOKENS[TOWN], "username": "ville_bot"}, {"token": TOKENS[MARKET], "username": "marche_bot"}],
    "chats": [
        {"id": -1001, "kind": "channel", "title": "Ville", "administrators": [1000001], "linked": GROUP},
        {"id": GROUP, "kind": "supergroup", "title": "La place", "administrators": [1000001], "members": [ANNE]},
        {"id": -1003, "kind": "channel", "title": "Marché", "administrators": [1000002]},
    ],
}


def world() -> World:
    """Two bots, a channel for each, and a square."""
    world = World()
    furnish(world, WORLD)
    return world


def account(url: str, name: str = TOWN, *, token_file: str | None = None, channel: int = 0, discussion: int = 0) -> str:
    """An account and its channel, as tables of the configuration; those of this town unless they are named."""
    square = discussion or (GROUP if name == TOWN else 0)
    return (
        f'[[accounts]]\nname = "{name}"\nplatform = "telegram"\nbase_url = "{url}"\n'
        f'token_file = "{token_file or f"token-{name}"}"\n'
        f'[[channels]]\nname = "{name}"\naccount = "{name}"\naddress = {channel or CHANNELS[name]}\n'
        f"{f'discussion = {square}' if square else ''}\n"
    )


async def configured(
    folder: Path,
    *accounts: str,
    store: str = "sqlite:///var/parvis.db",
    logs: str = 'format = "text"',
    charter: str = 'version = "1"\narticles = []\n',
    engine: str = "",
) -> Settings:
    """A configuration in this folder, its charter and the tokens of both accounts."""
    for name, token in TOKENS.items():
        (folder / f"token-{name}").write_text(token, encoding="utf-8")
    (folder / "charter.toml").write_text(charter, encoding="utf-8")
    file = folder / "config.toml"
    file.write_text(
        f'[town]\nname.fr = "Ville"\nname.en = "Town"\n[charter]\nfile = "charter.toml"\n{"".join(accounts)}'
        f'[store]\nurl = "{store}"\nkeys = "keys"\n[logs]\n{logs}\n[engine]\n{engine}\n',
        encoding="utf-8",
    )
    return await asyncio.to_thread(load, file)


def news(settings: Settings, name: str = "travaux", *, after: timedelta = timedelta()) -> Campaign:
    """One announcement to every channel, at once or so long after the start."""
    title = Wording(fr=NEWS, en="Works")
    return Campaign(
        id=CampaignId(name),
        title=title,
        zone=ZoneInfo("Europe/Paris"),
        policy=ClockPolicy(),
        audience=Audience(channels=tuple(channel.name for channel in settings.town.channels)),
        announcements=(
            Announcement(id=AnnouncementId("rue"), title=title, body=Wording(fr="Dès mai.", en="From May on.")),
        ),
        questions=(),
        steps=(
            Step(
                kind=StepKind.ANNOUNCE,
                subject=AnnouncementId("rue"),
                when=After(after),
                grace=timedelta(hours=1),
                name=StepName("news"),
            ),
        ),
    )


async def prepared(settings: Settings) -> None:
    """Make the database, as the first start does."""
    await asyncio.to_thread(lay, settings)


def lay(settings: Settings) -> None:
    """Make the database; a file is the copy of one that was made in this way."""
    make_home(settings)
    file = file_of(settings)
    if file is not None and not file.exists():
        file.write_bytes(_empty_town())
    make_ready(settings)


@cache
def _empty_town() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "town.db"
        migrate(f"sqlite:///{file}")
        return file.read_bytes()


async def announce(settings: Settings, name: str = "travaux", *, after: timedelta = timedelta()) -> None:
    """Start the campaign, as the command does beside a running service, or before it first runs."""
    await prepared(settings)
    async with opened(settings) as office:
        await office.store.write(lambda books: begin(news(settings, name, after=after), office.clock.now(), books))


async def ledger(settings: Settings) -> dict[str, str]:
    """How the delivery to each channel stands."""
    async with opened(settings) as office:
        found = await office.store.read(lambda books: books.deliveries.all())
        return {delivery.recipient.name: delivery.state.value for delivery in found}


async def appears(world: World, channel: str) -> None:
    """Return once the news stand in this channel."""
    there = asyncio.Event()

    def look(_: object = None) -> None:
        if any(NEWS in message.text for message in world.chat(CHANNELS[channel]).messages.values()):
            there.set()

    leave = world.subscribe(look)
    look()
    async with asyncio.timeout(LONGEST):
        await there.wait()
    leave()


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[asyncio.Task[None]]:
    """``serve`` in this process; ended with the context at the latest."""
    work = asyncio.create_task(serve(settings))
    try:
        yield work
    finally:
        work.cancel()
        await asyncio.wait([work])


async def stopped(work: asyncio.Task[None]) -> None:
    """Tell the service to stop, as systemd does, once it listens to that; return when it has ended."""
    os.kill(os.getpid(), signal.SIGTERM)
    async with asyncio.timeout(LONGEST):
        await work
