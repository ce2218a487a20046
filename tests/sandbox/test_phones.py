"""Several networks' phones side by side: one visitor, one citizen, three accounts."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from aiohttp import ClientSession, web

from sandbox.clock import StageClock
from sandbox.discord.phone import DiscordPhone
from sandbox.discord.world import World as DiscordWorld
from sandbox.listening import listening
from sandbox.mastodon.phone import MastodonPhone
from sandbox.pages.phone import residents
from sandbox.pages.routes import Page
from sandbox.telegram.phone import TelegramPhone
from sandbox.telegram.values import Chat, Member
from sandbox.telegram.world import World as TelegramWorld
from tests.sandbox.guest import Guest
from tests.sandbox_discord.conftest import SQUARE, furnish
from tests.sandbox_mastodon.conftest import town

NINE = datetime(2027, 3, 1, 8, tzinfo=UTC)
GROUP = -1002


class Town:
    """Three networks: everybody's first names are the same, Chloé is not on Telegram, Denise only there."""

    def __init__(self) -> None:
        self.clock = StageClock(NINE)
        self.telegram = TelegramWorld(clock=self.clock)
        for number, name in ((1, "Anne"), (2, "Bilal"), (3, "Denise")):
            self.telegram.add_user(number, name, language_code="fr")
        self.telegram.add_bot("900:token", username="ville_bot")
        self.telegram.add_chat(Chat(id=GROUP, kind="supergroup", title="La place"))
        self.telegram.chat(GROUP).members[1] = Member(user=1)
        self.discord = furnish(DiscordWorld(clock=self.clock))
        self.mastodon = town(self.clock)
        self.phones = (TelegramPhone(self.telegram), DiscordPhone(self.discord), MastodonPhone(self.mastodon))


@pytest.fixture
async def town_() -> Town:
    return Town()


@pytest.fixture
async def guest(town_: Town) -> AsyncIterator[Guest]:
    """Anne with her three phones."""
    page = Page(town_.phones, town_.clock, zone="Europe/Paris")
    await asyncio.to_thread(page.read)
    application = web.Application()
    page.attach(application)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    async with listening(runner) as port, ClientSession() as session:
        yield Guest(session, f"http://127.0.0.1:{port}", 1, telegram=GROUP, discord=SQUARE, mastodon="local")


async def test_a_person_holds_a_phone_of_each_network_they_are_on(town_: Town) -> None:
    """Known by their name; the second Anne of a network is not the first."""
    town_.discord.add_user(199, "Anne")

    found = {one.key: dict(one.accounts) for one in residents(town_.phones)}

    anne, other = found["1"], found["discord-199"]
    assert (set(anne), set(other)) == ({"telegram", "discord", "mastodon"}, {"discord"})
    assert set(found["discord-103"]) == {"discord", "mastodon"}  # Chloé


async def test_three_phones_stand_side_by_side(guest: Guest) -> None:
    """Each with its look; the words are the same in both languages."""
    page = await guest.looks()

    assert all(f'id="phone-{network}"' in page for network in ("telegram", "discord", "mastodon"))
    assert all(f'href="/static/{network}.css"' in page for network in ("telegram", "discord", "mastodon"))
    assert "Téléphones" in page
    assert "Anne’s Mastodon" in await guest.looks(lang="en")


async def test_who_is_not_on_a_network_holds_the_phone_of_a_neighbour(guest: Guest, town_: Town) -> None:
    """And is told whose; what is done there, the neighbour does."""
    guest.who = 3
    page = await guest.looks()
    await guest.does("discord/write", text="Bonjour")

    assert page.count("<bdi>Denise</bdi> n’est pas sur ce réseau. Vous voyez ce que voit <bdi>Anne</bdi>.") == 2
    assert "Discord : Anne" in page
    assert [said.author for said in town_.discord.channel(SQUARE).messages.values()] == [101]


async def test_where_nobody_has_an_account_the_phone_is_empty(guest: Guest, town_: Town) -> None:
    """Nothing can be done there, also by a forged form."""
    for number in (101, 102, 103):
        del town_.discord.users[number]

    page = await guest.looks()
    status = await guest.does("discord/write", text="Bonjour")

    assert "Personne n’a de compte sur ce réseau." in page
    assert status == 404


async def test_what_is_done_on_one_phone_leaves_the_others_as_they_are(guest: Guest) -> None:
    """Their places are in every form and link."""
    await guest.does("discord/write", text="Bonjour Discord")
    await guest.does("mastodon/write", text="Bonjour Mastodon")
    await guest.does("telegram/write", text="Bonjour Telegram")

    assert all(f"Bonjour {network}" in guest.seen for network in ("Discord", "Mastodon", "Telegram"))
    assert (guest.where["discord"], guest.where["mastodon"]) == ([str(SQUARE)], ["local"])


@pytest.mark.parametrize("act", ["telegram/press", "discord/nothing", "mastodon/nothing"])
async def test_what_a_network_does_not_know_is_refused(guest: Guest, act: str) -> None:
    """Politely, when it is only gone."""
    status = await guest.does(act, message="7", data="x")

    assert status == 404 or "Ce n’est plus possible" in guest.seen


async def test_an_answer_on_one_network_is_told_to_the_phone_of_its_account(guest: Guest, town_: Town) -> None:
    """Which stops waiting; the page of somebody else hears only that it may look again."""
    pressed = town_.discord.begin(town_.discord.the_bot(), 101, town_.discord.channel(SQUARE), kind=2)
    async with (
        guest.session.get(f"{guest.url}/news?who=1") as mine,
        guest.session.get(f"{guest.url}/news?who=2") as others,
    ):
        town_.discord.toast(pressed, "", alert=False)
        heard: list[bytes] = []
        unheard: list[bytes] = []
        async with asyncio.timeout(5):
            while not heard or heard[-1] != b"event: look\n":
                heard.append(await mine.content.readline())
            while not unheard or unheard[-1] != b"event: look\n":
                unheard.append(await others.content.readline())

    assert heard[0] == b"event: toast\n"
    assert json.loads(heard[1].removeprefix(b"data: ")) == {"network": "discord", "text": "", "alert": False}
    assert b"event: toast\n" not in unheard
