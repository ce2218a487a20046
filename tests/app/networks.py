"""A town on Telegram, Discord and Mastodon at once: the real service, what people see and do, how a network fails."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from app.charter import charter
from app.lifetime import opened
from app.service import Service
from app.settings import Account, Settings
from core.audience import Audience, Channel
from core.delivery import DeliveryState
from core.identifiers import AccountName, Address, ChannelName, Locale, PlatformName
from core.poll import Tally
from core.ports.store import Books
from core.town import Town
from core.wording import Wording
from sandbox.discord import scene as on_discord
from sandbox.discord.hands import DiscordHands
from sandbox.discord.server import DiscordServer
from sandbox.discord.texts import readable
from sandbox.discord.world import World as Guilds
from sandbox.faults import Fault, Faults, Harm
from sandbox.hands import Asked, Hands, Place, Posted, Sight, Told
from sandbox.inhabitants import Person
from sandbox.journal import Journal
from sandbox.mastodon import scene as on_mastodon
from sandbox.mastodon.hands import MastodonHands
from sandbox.mastodon.server import MastodonServer
from sandbox.mastodon.world import World as Fediverse
from sandbox.telegram import scene as on_telegram
from sandbox.telegram.hands import TelegramHands
from sandbox.telegram.server import TelegramServer
from sandbox.telegram.world import World as Chats
from sandbox.town import Town as Names
from tests.app.consultation import CHARTER, POLL, RESULTS, campaign
from tests.app.hurry import HurriedClock, until, working

NETWORKS = TELEGRAM, DISCORD, MASTODON = "telegram", "discord", "mastodon"
ALWAYS = 1_000_000  # calls
OPENS, CLOSES = timedelta(minutes=2), timedelta(hours=2)
NAMES = Names()


@dataclass
class Network:
    """One network: ``words`` are what everybody reads of the town there."""

    name: str
    server: TelegramServer | DiscordServer | MastodonServer
    hands: Hands
    token: str
    address: str
    discussion: str
    words: Callable[[], list[str]]
    people: tuple[Person, ...]
    below: str = ""
    sights: list[Sight] = field(default_factory=list)

    @property
    def faults(self) -> Faults:
        """What goes wrong there."""
        return self.server.faults

    def harm(self, harm: Harm) -> None:
        """Harm every call from now on but those that listen."""
        self.faults.add(Fault(harm=harm, count=ALWAYS, seconds=3600))

    def says(self, words: str) -> bool:
        """Whether the town has said this to everybody."""
        return any(words in text for text in self.words())

    def asked(self) -> tuple[Place, ...]:
        """Where everybody can vote."""
        return tuple(sight.place for sight in self.sights if isinstance(sight, Asked) and sight.public)

    def votes(self, rank: int, option: int) -> None:
        """One of the people chooses."""
        self.hands.chooses(self.people[rank], self.asked(), option)

    def types(self, rank: int, words: str) -> None:
        """One of the people writes to the town in private."""
        self.hands.says(self.people[rank], words)

    def talks(self, rank: int, words: str) -> None:
        """One of the people says something about the latest that the town said to everybody."""
        posts = [sight.place for sight in self.sights if isinstance(sight, Posted)]
        self.hands.remarks(self.people[rank], posts[-1], words)

    def results(self) -> str:
        """What the town published of the count."""
        (found,) = [text for text in self.words() if RESULTS in text]
        return found

    def published(self) -> tuple[int, ...]:
        """How many chose each option, as everybody reads it."""
        return tuple(int(votes) for votes in re.findall(r"(\d+)\svoix", self.results()))

    def told(self, rank: int) -> list[str]:
        """What the town told one of the people alone."""
        who = self.people[rank].id
        return [sight.text for sight in self.sights if isinstance(sight, Told) and sight.person == who]

    async def tells(self, rank: int, words: str) -> str:
        """Wait until the town tells one of the people this, alone."""
        await until(lambda: any(words in text for text in self.told(rank)))
        return next(text for text in self.told(rank) if words in text)


@dataclass
class Square:
    """The town at work."""

    clock: HurriedClock
    service: Service
    settings: Settings
    networks: Mapping[str, Network]

    async def opened(self, *names: str) -> None:
        """Wait until the town's accounts there are open."""
        for name in names:
            await asyncio.wait_for(self.service.receptions[AccountName(name)].opened.wait(), 20)

    async def begin(self, *, public: bool = False) -> None:
        """Start the campaign on every network, perhaps with a public vote."""
        small = await asyncio.to_thread(campaign, self.settings.file.parent, self.clock.now())
        audience = Audience(channels=tuple(map(ChannelName, self.networks)))
        questions = tuple(replace(question, public=public) for question in small.questions)
        await self.service.planner.start(replace(small, audience=audience, questions=questions))

    async def opens(self, *names: str) -> None:
        """The poll opens; wait until people can vote on these networks."""
        self.clock.forward(OPENS)
        await until(lambda: all(self.networks[name].asked() for name in names))

    async def settled(self, *names: str) -> None:
        """Wait until all that was planned on these networks, or on all, is out or given up, to the last share."""
        async with asyncio.timeout(20):
            while await self.service.store.read(partial(_under_way, names or NETWORKS)):  # noqa: ASYNC110  the store tells nobody
                await asyncio.sleep(0.03)

    async def ends(self, *names: str) -> None:
        """The poll closes; wait for the results on these networks."""
        self.clock.forward(CLOSES)
        for name in names:
            await self.says(name, RESULTS)

    async def says(self, name: str, words: str) -> None:
        """Wait until the town says this there."""
        await until(lambda: self.networks[name].says(words))

    async def count(self) -> Tally:
        """The count as it stands."""
        return await self.service.store.read(lambda books: books.polls.tally(POLL))

    async def counted(self, *counts: int) -> None:
        """Wait until the count is this."""
        async with asyncio.timeout(20):
            while (await self.count()).counts != counts:  # noqa: ASYNC110  the store tells nobody
                await asyncio.sleep(0.03)


def _under_way(names: Sequence[str], books: Books) -> bool:
    there = (each for each in books.deliveries.all(limit=1000) if each.account in names)
    return any(each.state in {DeliveryState.PLANNED, DeliveryState.SENDING} for each in there)


def _as_is(settings: Settings, networks: Mapping[str, Network]) -> Settings:  # noqa: ARG001  nothing is added there
    return settings


@asynccontextmanager
async def square(
    folder: Path,
    *names: str,
    drained: bool = True,
    furnish: Callable[[Settings, Mapping[str, Network]], Settings] = _as_is,
) -> AsyncIterator[Square]:
    """A town on these networks, at work; ``furnish`` adds to what is there, and to its configuration."""
    clock = HurriedClock()
    networks = {name: _MADE[name](clock, _people(name)) for name in names}
    async with AsyncExitStack() as stack:
        for network in networks.values():
            stack.callback(network.hands.watch(network.sights.append))
            await stack.enter_async_context(network.server)
            stack.callback(network.faults.clear)
        settings = furnish(await asyncio.to_thread(_settings, folder, networks), networks)
        service = await stack.enter_async_context(opened(settings, clock, lambda: True))
        async with working(service, drained=drained):
            yield Square(clock, service, settings, networks)


def _people(network: str) -> tuple[Person, ...]:
    return tuple(
        Person(id=101 + rank, name=name, language="fr", network=network)
        for rank, name in enumerate(("Anne", "Bilal", "Chloé"))
    )


def _telegram(clock: HurriedClock, people: tuple[Person, ...]) -> Network:
    world = Chats(clock=clock, journal=Journal(clock))
    token = on_telegram.found(world, NAMES, people)
    return Network(
        name=TELEGRAM,
        server=TelegramServer(world),
        hands=TelegramHands(world, NAMES.channel, NAMES.group),
        token=token,
        address=f"@{NAMES.username}",
        discussion=f"@{NAMES.square_username}",
        words=lambda: [message.text for message in world.chat(NAMES.channel).messages.values()],
        people=people,
    )


def _discord(clock: HurriedClock, people: tuple[Person, ...]) -> Network:
    world = Guilds(clock=clock, journal=Journal(clock))
    token = on_discord.found(world, NAMES, people)
    return Network(
        name=DISCORD,
        server=DiscordServer(world),
        hands=DiscordHands(world, NAMES.news),
        token=token,
        address=str(NAMES.news),
        discussion=str(NAMES.news),
        words=lambda: [readable(message) for message in world.channels[NAMES.news].messages.values()],
        people=people,
        below="/api/v10",
    )


def _mastodon(clock: HurriedClock, people: tuple[Person, ...]) -> Network:
    world = Fediverse(clock=clock, journal=Journal(clock), domain=NAMES.domain)
    token, accounts = on_mastodon.found(world, NAMES, people)
    bot = world.the_bot(None).id
    return Network(
        name=MASTODON,
        server=MastodonServer(world),
        hands=MastodonHands(world, accounts),
        token=token,
        address="public",
        discussion="public",
        words=lambda: [post.text for post in world.statuses.values() if post.account == bot and not post.mentions],
        people=people,
    )


_MADE = {TELEGRAM: _telegram, DISCORD: _discord, MASTODON: _mastodon}


def _settings(folder: Path, networks: Mapping[str, Network]) -> Settings:
    (folder / "charter.toml").write_text(CHARTER, encoding="utf-8")
    return Settings(
        file=folder / "config.toml",
        town=Town(
            name=Wording(fr="Valmont", en="Valmont"),
            zone="Europe/Paris",
            charter=charter(folder / "charter.toml"),
            channels=tuple(map(_channel, networks.values())),
        ),
        accounts=tuple(_account(network, folder) for network in networks.values()),
        store_url=f"sqlite:///{folder / 'parvis.db'}",
        keys=folder / "keys",
        ca_file=None,
        log_format="text",
        log_level="warning",
    )


def _channel(network: Network) -> Channel:
    return Channel(
        name=ChannelName(network.name),
        platform=PlatformName(network.name),
        account=AccountName(network.name),
        address=Address(network.address),
        discussion=Address(network.discussion),
        locale=Locale.FR,
    )


def _account(network: Network, folder: Path) -> Account:
    file = folder / f"token-{network.name}"
    file.write_text(network.token, encoding="utf-8")
    return Account(
        name=AccountName(network.name),
        platform=PlatformName(network.name),
        base_url=network.server.url + network.below,
        token_file=file,
        token_variable=None,
        source=folder / "config.toml",
    )
