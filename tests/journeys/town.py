"""A town at work, put together as in production: the real service, the real client library, SQLite, a pretended
Telegram. Nobody in it stirs by themselves: every act is a verb of a test, and returns when all that follows is done.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Middleware

from app.lifetime import opened, until_told
from app.office import Office
from app.office import opened as opened_office
from app.service import Service
from app.settings import Settings, load
from sandbox.crowd import CrowdPlan
from sandbox.stage import Stage
from sandbox.telegram.values import Chat, Member, Message
from tests.journeys.people import Citizen, Moderator, Officer, as_read

SAMPLES = Path(__file__).parents[2] / "campaigns" / "samples"
HALLE = SAMPLES / "halle" / "halle.toml"
FETE = Path(__file__).parent / "fete.toml"
MONDAY = datetime(2027, 3, 1, 8, tzinfo=UTC)
FIRST_ACCOUNT = 7_316_450_001  # long enough to stand nowhere by chance
LONGEST = 15.0  # real seconds that anything awaited may take before the test fails
QUIET = timedelta(milliseconds=3)
MOMENT = timedelta(seconds=3)  # longer than any pause that is part of somebody's work
SLACK = timedelta(minutes=3)  # for such pauses, without coming to the next thing that was planned
CONFIG = """
[town]
name.fr = "Valmont-sur-Orge"
name.en = "Valmont-on-Orge"
zone = "{zone}"
[charter]
file = "{charter}"
journal = {journal}
[[accounts]]
name = "telegram"
platform = "telegram"
token_file = "token"
base_url = "{url}"
[[channels]]
name = "place"
account = "telegram"
address = "@{place}"
discussion = "@{square}"
[store]
url = "sqlite:///{database}"
keys = "keys"
"""
_NOBODY_STIRS = CrowdPlan(turnout=0, late=0, subscribers=0, typists=())


class Town:
    """The whole of it. ``place`` is the channel, ``square`` the group where people answer."""

    def __init__(self, stage: Stage, settings: Settings, office: Office) -> None:
        self.stage = stage
        self.world = stage.world
        self.settings = settings
        self.database = Path(settings.store_url.removeprefix("sqlite:///"))
        self.place: Chat = self.world.chat(stage.town.channel)
        self.square: Chat = self.world.chat(stage.town.group)
        self.officer = Officer(office, self.looks)
        self.moderator = Moderator(office, self.looks)
        self.service: Service | None = None
        self._work: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        stage.clock.horizon = stage.clock.now() + SLACK
        stage.clock.idle_when(lambda: self.service is None or not self.service.busy)

    # ── who lives here ──

    def citizen(self, name: str, *, language: str = "fr") -> Citizen:
        """Somebody moves in: they read the channel, sit in the group, and never wrote to the bot."""
        number = FIRST_ACCOUNT + len(self.world.users)
        self.world.add_user(number, name, language_code=language)
        for chat in (self.place, self.square):
            chat.members[number] = Member(user=number)
        return Citizen(self, number)

    # ── what the town hall does ──

    async def opens(self) -> None:
        """The service begins to work."""
        self._closing = asyncio.Event()
        started: asyncio.Future[Service] = asyncio.get_running_loop().create_future()
        work = asyncio.create_task(self._serve(started))
        await asyncio.wait((work, started), return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            await work  # raises why it could not begin
        self._work, self.service = work, started.result()
        await self.rests()

    async def closes(self) -> None:
        """The service is told to stop, and stops."""
        if self._work is not None:
            self._closing.set()
            await self._work
            self.service = self._work = None

    async def reopens(self) -> None:
        """The service stops and begins anew."""
        await self.closes()
        await self.opens()

    async def _serve(self, started: "asyncio.Future[Service]") -> None:
        async with opened(self.settings, self.stage.clock, lambda: True) as service:
            started.set_result(service)
            await until_told(service, self._closing.wait)

    # ── time ──

    async def rests(self) -> None:
        """Return when nobody has anything left to do: the clock moves only then. What waits for its turn goes out."""
        await self._comes_to(self.stage.clock.now() + MOMENT)
        while self.service is not None and await self.officer.has_something_to_send():
            await self._comes_to(self.stage.clock.now() + MOMENT)

    async def waits(self, **length: float) -> None:
        """Let hours or days pass, with everything that is due in them."""
        at = self.stage.clock.now() + timedelta(**length)
        await self._comes_to(at)
        await self.rests()

    async def looks(self) -> None:
        """What the metronome does by itself within seconds: look for work of other processes, and at all boards."""
        assert self.service is not None
        await self.service.planner.look()
        self.service.wake()
        await self.rests()

    async def blinks(self, seconds: float) -> None:
        """Let a little time pass although somebody waits."""
        until = self.stage.clock.now() + timedelta(seconds=seconds)
        while (now := self.stage.clock.now()) < until:
            await self._comes_to(min(until, now + timedelta(seconds=1.5)))

    async def _comes_to(self, at: datetime) -> None:
        self.stage.clock.horizon = at + SLACK
        async with asyncio.timeout(LONGEST):
            await self.stage.clock.aside.sleep_until(at)
        if self._work is not None and self._work.done():
            await self._work

    # ── what can be seen ──

    def broke_no_rule(self) -> None:
        """Telegram case 36: no unknown parameter, no wrong type, no length or markup refused, no limit overrun."""
        assert (self.world.violations, self.world.flooded) == ([], 0)

    def posts(self, chat: Chat | None = None) -> list[Message]:
        """What the bot has standing in the channel, or in this chat, the oldest first."""
        messages = (chat or self.place).messages.values()
        return [each for each in messages if each.author == self.stage.town.bot and each.service is None]

    def published(self, words: str, chat: Chat | None = None) -> Message:
        """The one post of the bot there that holds these words."""
        (found,) = (post for post in self.posts(chat) if words in as_read(post.text))
        return found

    def mirror(self, post: Message) -> Message:
        """The copy of a post of the channel on the square."""
        (found,) = (each for each in self.square.messages.values() if each.origin == (post.chat, post.id))
        return found

    def shown(self, post: Message) -> str:
        """What a post says now."""
        return as_read(self.world.chat(post.chat).messages[post.id].text)

    def labels(self, post: Message) -> list[str]:
        """What its buttons say now."""
        return [str(button["text"]) for button in self.world.buttons(self.world.chat(post.chat), post.id)]


@asynccontextmanager
async def at_work(
    folder: Path,
    database: Path,
    *,
    flowing: bool = False,
    journal: bool = False,
    door: Middleware | None = None,
    charter: Path = SAMPLES / "charter.toml",
) -> AsyncIterator[Town]:
    """A town whose doors are open, with this empty database.

    ``flowing`` lets real time pass in it; every call to Telegram goes through the ``door``. ``journal``: one is kept of
    the debates.
    """
    built = Stage(MONDAY, inhabitants=0, plan=_NOBODY_STIRS, quiet=QUIET, flowing=flowing)
    built.server.application.middlewares.extend([web.middleware(door)] if door else [])
    async with built as stage:
        settings = await asyncio.to_thread(_settings, stage, folder, database, charter, journal=journal)
        stage.play()
        async with opened_office(settings) as office:  # a second door to the same database, as commands have
            town = Town(stage, settings, replace(office, clock=stage.clock))
            await town.opens()
            try:
                yield town
            finally:
                await town.closes()


def _settings(stage: Stage, folder: Path, database: Path, charter: Path, *, journal: bool) -> Settings:
    (folder / "token").write_text(stage.token, encoding="utf-8")
    file = folder / "config.toml"
    file.write_text(
        CONFIG.format(
            zone=stage.town.zone,
            charter=charter,
            journal=str(journal).lower(),
            url=stage.url,
            place=stage.town.username,
            square=stage.town.square_username,
            database=database,
        ),
        encoding="utf-8",
    )
    return load(file)
