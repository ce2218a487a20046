"""A whole town: the real service over Mastodon, alone and beside Telegram, from the announcement to the count."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.charter import charter
from app.demo import CAMPAIGN, CHARTER
from app.lifetime import opened
from app.service import Service
from app.settings import Account, Settings
from campaigns import files
from core.audience import Audience, Channel
from core.identifiers import AccountName, Address, ChannelName, Locale, PlatformName, PollId
from core.poll import Tally
from core.town import Town
from core.wording import Wording
from sandbox.journal import Journal
from sandbox.mastodon import world as fediverse
from sandbox.mastodon.profiles import MASTODON
from sandbox.mastodon.server import MastodonServer
from sandbox.mastodon.values import Status
from sandbox.telegram.server import TelegramServer
from sandbox.telegram.values import Chat, Member
from sandbox.telegram.world import World
from tests.adapters.mastodon.conftest import TOKEN
from tests.app.hurry import HurriedClock, until, working

TELEGRAM_TOKEN = "1000001:AAH-a_sandbox_token_of_the_usual_length"
CHANNEL, GROUP, DORA = -1001, -1002, 104
POLL = PollId("halle_usage")
OPTIONS = ("Un marché couvert toute la semaine", "Des salles pour les associations", "Un café et des ateliers partagés")


@dataclass
class Place:
    """The town, its networks and its people."""

    clock: HurriedClock
    service: Service
    world: fediverse.World
    telegram: World
    anne: str
    bilal: str
    chloe: str

    async def begin(self, *channels: str, public: bool = False) -> None:
        """Start the sample campaign there, perhaps with a public vote."""
        for reception in self.service.receptions.values():
            await asyncio.wait_for(reception.opened.wait(), 20)
        campaign = await asyncio.to_thread(files.read, CAMPAIGN, channels=["place"], start=self.clock.now())
        audience = Audience(channels=tuple(map(ChannelName, channels)))
        questions = tuple(replace(question, public=public) for question in campaign.questions)
        await self.service.planner.start(replace(campaign, audience=audience, questions=questions))

    async def said(self, words: str, *, to: str | None = None) -> list[Status]:
        """The posts of the town that say this, to all or to one person, once there are any."""

        def look() -> list[Status]:
            return [
                post
                for post in self.world.statuses.values()
                if post.account == self.bot
                and words in post.text
                and ((to in post.mentions) if to else not post.mentions)
            ]

        await until(lambda: bool(look()))
        return look()

    @property
    def bot(self) -> str:
        """The town's account."""
        return self.world.the_bot(None).id

    async def poll(self) -> Status:
        """The post that asks, once it is out."""
        self.clock.forward(timedelta(hours=1))
        return (await self.said(OPTIONS[0]))[-1]

    async def count(self) -> Tally:
        """The count as it stands."""
        return await self.service.store.read(lambda books: books.polls.tally(POLL))

    async def counted(self, *counts: int) -> None:
        """Wait until the count is this."""
        async with asyncio.timeout(20):
            while (await self.count()).counts != counts:  # noqa: ASYNC110  the store tells nobody
                await asyncio.sleep(0.05)


@pytest.fixture
async def place(tmp_path: Path, socket_enabled: None) -> AsyncIterator[Place]:  # noqa: ARG001  opens loopback
    """On both networks; what was done there broke no rule."""
    clock = HurriedClock()
    world = fediverse.World(clock=clock, journal=Journal(clock), profile=MASTODON)
    world.add_bot(TOKEN, username="ville")
    people = [world.add_user(each, language="fr").id for each in ("anne", "bilal", "chloe@ailleurs.example")]
    telegram = _telegram(clock)
    async with AsyncExitStack() as stack:
        servers = {
            "telegram": (await stack.enter_async_context(TelegramServer(telegram))).url,
            "mastodon": (await stack.enter_async_context(MastodonServer(world))).url,
        }
        settings = await asyncio.to_thread(_settings, tmp_path, servers)
        service = await stack.enter_async_context(opened(settings, clock, lambda: True))
        async with working(service):
            yield Place(clock, service, world, telegram, *people)
    assert (world.violations, telegram.violations) == ([], [])


def _telegram(clock: HurriedClock) -> World:
    world = World(clock=clock, journal=Journal(clock))
    world.add_user(DORA, "Dora", language_code="fr")
    world.add_bot(TELEGRAM_TOKEN, username="ville_bot")
    world.add_chat(Chat(id=CHANNEL, kind="channel", title="Ville", username="ville"))
    world.add_chat(Chat(id=GROUP, kind="supergroup", title="La place"))
    world.link(CHANNEL, GROUP)
    world.chat(GROUP).members[DORA] = Member(user=DORA)
    for chat in (CHANNEL, GROUP):
        world.promote(chat, 1000001)
    return world


def _settings(folder: Path, servers: dict[str, str]) -> Settings:
    places = {"telegram": (str(CHANNEL), str(GROUP)), "mastodon": ("public", "public")}
    for name, token in (("telegram", TELEGRAM_TOKEN), ("mastodon", TOKEN)):
        (folder / name).write_text(token, encoding="utf-8")
    return Settings(
        file=folder / "config.toml",
        town=Town(
            name=Wording(fr="Valmont", en="Valmont"),
            zone="Europe/Paris",
            charter=charter(CHARTER),
            channels=tuple(
                Channel(
                    name=ChannelName(name),
                    platform=PlatformName(name),
                    account=AccountName(name),
                    address=Address(address),
                    discussion=Address(discussion),
                    locale=Locale.FR,
                )
                for name, (address, discussion) in places.items()
            ),
        ),
        accounts=tuple(
            Account(
                name=AccountName(name),
                platform=PlatformName(name),
                base_url=url,
                token_file=folder / name,
                token_variable=None,
                source=folder / "config.toml",
            )
            for name, url in servers.items()
        ),
        store_url=f"sqlite:///{folder / 'parvis.db'}",
        keys=folder / "keys",
        ca_file=None,
        log_format="text",
        log_level="warning",
    )


async def test_a_campaign_on_mastodon_ends_with_the_votes_that_were_given(place: Place) -> None:
    """By public reply, by direct message, by number or in words; changed, looked up, counted and published."""
    await place.begin("mastodon")
    (announced,) = [post for post in await place.said("ancienne halle") if post.media]
    poll = await place.poll()

    place.world.reply(place.anne, poll.id, "2")
    place.world.message(place.bilal, "option 1")
    place.world.message(place.chloe, OPTIONS[2])
    for person, option in ((place.anne, 1), (place.bilal, 0), (place.chloe, 2)):
        await place.said(OPTIONS[option], to=person)
    place.world.message(place.bilal, "3")
    await place.counted(0, 1, 2, 0)
    place.world.message(place.anne, "/myvote")
    await until(lambda: len([one for one in place.world.statuses.values() if one.mentions == (place.anne,)]) >= 2)
    place.clock.forward(timedelta(days=5))
    (results,) = await place.said("Résultats\u00a0: À quoi")  # the board below the poll shows the numbers, too

    assert [place.world.media[number].description is not None for number in announced.media] == [True]
    assert announced.id in place.world.pins[place.bot]
    assert [share in results.text for share in ("33", "67")] == [True, True]
    assert (await place.count()).networks == (("mastodon", 3),)


async def test_what_counts_as_a_ballot_on_mastodon(place: Place) -> None:
    """An edited message changes nothing, a slip is asked for again, a new message replaces the ballot."""
    await place.begin("mastodon")
    poll = await place.poll()
    first = place.world.reply(place.anne, poll.id, "2")
    await place.counted(0, 1, 0, 0)

    place.world.rewrite(place.anne, first, "@ville 1")
    place.world.message(place.anne, "opton 3")
    (asked_again,) = await place.said("Votre choix n’est pas compté", to=place.anne)
    before = await place.count()
    place.world.message(place.anne, "3")
    await place.counted(0, 0, 1, 0)

    assert asked_again.visibility == "direct"
    assert before.counts == (0, 1, 0, 0)


async def test_a_public_vote_is_held_by_the_server_and_counted_apart(place: Place) -> None:
    """Its totals are published under the name of the network, never added to the ballots of the town hall."""
    await place.begin("mastodon", public=True)
    place.clock.forward(timedelta(hours=1))
    (asked,) = [post for post in await place.said("À quoi doit servir") if post.poll]

    for person, option in ((place.anne, 1), (place.bilal, 1), (place.chloe, 2)):
        place.world.vote(person, asked.id, [option])
    place.clock.forward(timedelta(days=5))
    (results,) = await place.said("Sondage de Mastodon")

    assert asked.visibility == "public"
    assert "provisoires" not in results.text
    for words, votes in zip(OPTIONS, (0, 2, 1), strict=True):
        assert f"{words}\u00a0: {votes} voix" in results.text
    assert (await place.count()).voters == 0


async def test_two_networks_have_one_count_and_a_linked_person_one_vote(place: Place) -> None:
    """Dora has an account on Telegram, and is Anne on Mastodon: her latest ballot counts, wherever it was given."""
    await place.begin("telegram", "mastodon")
    poll = await place.poll()
    asked = await _asked_on_telegram(place)

    place.telegram.press(DORA, CHANNEL, asked, f"v1:{POLL}:0")
    await place.counted(1, 0, 0, 0)  # the networks are heard in no order: the first ballot is in before the second
    place.world.reply(place.anne, poll.id, "2")
    place.world.message(place.bilal, "3")
    await place.counted(1, 1, 1, 0)
    await _link(place)
    await place.counted(0, 1, 1, 0)
    place.telegram.press(DORA, CHANNEL, asked, f"v1:{POLL}:3")
    await place.counted(0, 0, 1, 1)

    split = ((PlatformName("mastodon"), 1), (PlatformName("telegram"), 1))
    assert await place.count() == Tally(counts=(0, 0, 1, 1), voters=2, networks=split)


async def _asked_on_telegram(place: Place) -> int:
    """The message with the buttons, once it is there."""

    def look() -> list[int]:
        there = place.telegram.chat(CHANNEL).messages
        return [number for number, message in there.items() if message.markup is not None and not message.service]

    await until(lambda: bool(look()))
    return look()[-1]


async def _link(place: Place) -> None:
    """Ask for a code on Telegram, give it on Mastodon."""
    place.telegram.start(DORA)
    place.telegram.write(DORA, DORA, "/link")

    def code() -> "re.Match[str] | None":
        told = place.telegram.private[1000001, DORA].messages.values()
        found = (re.search(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b", message.text) for message in told)
        return next((each for each in found if each), None)

    await until(lambda: code() is not None)
    given = code()
    assert given is not None
    place.world.message(place.anne, f"/link {given[0]}")
