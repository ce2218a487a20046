"""The phone with Mastodon: what a citizen sees of the posts and does with them, in a browser without script."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from sandbox.clock import StageClock
from sandbox.mastodon.marked import marked
from sandbox.mastodon.phone import MastodonPhone
from sandbox.mastodon.server import MastodonServer
from sandbox.mastodon.values import Field
from sandbox.mastodon.world import World
from sandbox.pages.routes import Page
from tests.sandbox.guest import Guest
from tests.sandbox_mastodon.conftest import NOON, Caller, HandClock, town
from tests.sandbox_mastodon.test_media import upload

HOSTILE = '<script>alert(1)</script><img src=x> &amp; "\'></li> https://a.fr/"onclick=x'


@pytest.fixture
async def server(world: World) -> AsyncIterator[MastodonServer]:
    """The town's server, with its page."""
    page = Page((MastodonPhone(world),), StageClock(NOON), zone="Europe/Paris")
    await asyncio.to_thread(page.read)
    server = MastodonServer(world)
    page.attach(server.application)
    async with server:
        yield server


@pytest.fixture
async def guest(server: MastodonServer, caller: Caller, anne: str) -> Guest:
    """Anne, who looks at what is public."""
    return Guest(caller.session, server.url, anne, mastodon="local", lang="fr")


def shown(page: str) -> list[str]:
    """The posts on a page, by their first words."""
    return re.findall(r'<div class="text" dir="auto"[^>]*>([\w’ ]+)', page)


# ── looking ──


async def test_who_follows_the_town_reads_it_at_home(guest: Guest, caller: Caller) -> None:
    """Who does not is shown the way to its account, and follows there."""
    await caller.post("Avis à la population")
    before = await guest.looks(mastodon="home")
    await guest.looks(mastodon="profile")
    await guest.does("mastodon/follow")

    page = await guest.looks(mastodon="home")

    assert "suivez la mairie" in before
    assert shown(page) == ["Avis à la population"]


async def test_the_town_has_a_page_with_what_it_says_of_itself(guest: Guest, world: World) -> None:
    """Its fields, its counts, and that it is a machine."""
    bot = world.the_bot()
    world.accounts[bot.id] = replace(bot, bot=True, note="La ville.", fields=(Field(name="Site", value="ici"),))

    page = await guest.looks(mastodon="profile")

    assert "<b><bdi>Site</bdi></b> <bdi>ici</bdi>" in page
    assert "La ville." in page
    assert '<span class="app">robot</span>' in page


async def test_a_conversation_shows_what_is_above_and_below_a_post(guest: Guest, caller: Caller, world: World) -> None:
    """In the order in which one reads it; the one that was opened stands out."""
    asked = await caller.post("Pont ou gué")
    said = world.reply(guest_id(guest), asked.id, "Pont", visibility="public")
    world.reply(world.the_bot().id, said, "Merci", visibility="public")

    page = await guest.looks(mastodon=said)

    assert re.findall(r'<li class="toot( large)?" id="mastodon-(\w+)"', page)[:2] == [("", asked.id), (" large", said)]
    assert page.index("Pont ou gué") < page.index("Merci")


async def test_what_is_warned_of_is_folded_and_pictures_have_their_description(guest: Guest, caller: Caller) -> None:
    """Both as the application shows them."""
    image = await upload(caller, description="Un pont de bois")
    await caller.post("La suite", spoiler_text="Résultats")
    await caller.post("Le pont", media_ids=[image.id], sensitive=True)

    page = await guest.looks()

    assert re.search(r'<details class="warned"><summary><bdi>Résultats</bdi>', page)
    assert "Image sensible" in page
    assert re.search(r"ALT<span.*?</summary><p dir=\"auto\">Un pont de bois", page)
    found = re.search(r'<img src="(/mastodon/picture/\w+)" alt="Un pont de bois"', page)
    assert found is not None
    async with caller.session.get(guest.url + found[1]) as given:
        assert (given.status, given.content_type) == (200, "image/png")


async def test_private_mentions_are_seen_by_those_they_name(
    guest: Guest, caller: Caller, world: World, bilal: str
) -> None:
    """In a list of their own."""
    await caller.post(f"{world.name_of(guest_id(guest), world.the_bot().id)} Compté", visibility="direct")

    mine = await guest.looks(mastodon="private")
    others = await guest.looks(mastodon="private", who=bilal)

    assert "Compté" in mine
    assert "Compté" not in others


async def test_notifications_tell_who_did_what(guest: Guest, caller: Caller, world: World, bilal: str) -> None:
    """Mentions, and what happened to one's own posts."""
    mine = world.write(guest_id(guest), "Bonjour")
    world.favourite(bilal, mine)
    world.boost(bilal, mine)
    await caller.post(f"{world.name_of(guest_id(guest), world.the_bot().id)} Merci")

    page = await guest.looks(mastodon="notices")

    assert "<bdi>Bilal</bdi> a ajouté votre message à ses favoris" in page
    assert "<bdi>Bilal</bdi> a partagé votre message" in page
    assert "Merci" in page


async def test_what_somebody_shared_stands_once_under_their_name(
    guest: Guest, caller: Caller, world: World, bilal: str
) -> None:
    """At the home of those who follow them."""
    posted = await caller.post("Avis")
    world.follow(guest_id(guest), bilal)
    world.boost(bilal, posted.id)
    world.boost(guest_id(guest), posted.id)

    page = await guest.looks(mastodon="home")

    assert len(re.findall('<li class="toot', page)) == 1
    assert "a partagé" in page


async def test_a_post_that_one_does_not_see_is_not_opened(guest: Guest, world: World, bilal: str) -> None:
    """Neither by its address."""
    secret = world.write(bilal, "Rien que pour moi", visibility="private")

    page = await guest.looks(mastodon=secret)

    assert "Rien que pour moi" not in page


async def test_hostile_names_and_words_are_only_characters(guest: Guest, world: World) -> None:
    """Also what claims to be an address."""
    bad = world.add_user("bad", HOSTILE)
    world.write(bad.id, HOSTILE, spoiler=HOSTILE)

    page = await guest.looks()

    assert len(re.findall("<script", page)) == 1  # the page's own
    assert "<img" not in page
    assert "onclick=x" not in re.sub(r'"[^"]*"|>[^<]*<', "", page)


async def test_gotosocial_is_shown_alike(clock: HandClock, caller: Caller) -> None:
    """Its posts are longer."""
    page = Page((MastodonPhone(town(clock, gotosocial=True)),), StageClock(NOON), zone="Europe/Paris")
    await asyncio.to_thread(page.read)
    server = MastodonServer(town(clock, gotosocial=True))
    page.attach(server.application)
    async with server:
        seen = await Guest(caller.session, server.url, "").looks(mastodon="local")

    assert 'maxlength="5000"' in seen


# ── doing ──


async def test_a_citizen_posts_replies_and_writes_in_private(guest: Guest, caller: Caller, world: World) -> None:
    """As visibly as they choose, with a warning if they give one."""
    asked = await caller.post("Pont ou gué")

    await guest.does("mastodon/write", text="Bonjour", visibility="unlisted", spoiler="Salut")
    await guest.does("mastodon/write", text="Pont", reply=asked.id, visibility="public")
    guest.places["mastodon"] = "private"
    await guest.does("mastodon/write", text="2")

    written = [(said["text"], said["visibility"]) for said in world.journal.of("written")]
    assert written == [("Bonjour", "unlisted"), ("@parvis Pont", "public"), ("@parvis 2", "direct")]
    assert [status.spoiler for status in world.statuses.values()][1:] == ["Salut", "", ""]


async def test_an_empty_post_is_not_sent(guest: Guest, world: World) -> None:
    """Pressing send twice is no post."""
    await guest.does("mastodon/write", text="  ")

    assert not world.statuses


async def test_a_citizen_asks_others(guest: Guest, world: World) -> None:
    """One answer a line."""
    await guest.does("mastodon/write", text="Pique-nique ?", options="Oui\nNon\n", visibility="public")

    (poll,) = world.polls.values()
    assert poll.options == ("Oui", "Non")


async def test_favourites_boosts_and_deletion(guest: Guest, caller: Caller, world: World) -> None:
    """What is pressed stays pressed; one's own posts can be taken back."""
    posted = await caller.post("Avis")
    mine = world.write(guest_id(guest), "Erreur")

    await guest.does("mastodon/favourite", message=posted.id)
    await guest.does("mastodon/boost", message=posted.id)
    await guest.does("mastodon/delete", message=mine)

    assert len(re.findall('aria-pressed="true"', guest.seen)) == 2
    assert "Erreur" not in guest.seen


async def test_what_is_gone_is_said_to_be_gone(guest: Guest) -> None:
    """The page may be older than the world."""
    await guest.does("mastodon/favourite", message="12345")

    assert "Ce n’est plus possible" in guest.seen


async def test_the_town_can_be_blocked(guest: Guest, world: World) -> None:
    """What the bot must be able to bear."""
    await guest.looks(mastodon="profile")
    await guest.does("mastodon/block")

    assert (guest_id(guest), world.the_bot().id) in world.blocks
    assert "Vous avez bloqué ce compte." in guest.seen


# ── polls ──


async def test_a_poll_is_voted_in_and_counted(
    guest: Guest, caller: Caller, world: World, bilal: str, clock: HandClock
) -> None:
    """Shares show once somebody has voted, or when it is over."""
    asked = await caller.post("Passage", poll={"options": ["Pont", "Gué"], "expires_in": 300})
    world.vote(bilal, asked.id, [0])
    before = await guest.looks()

    await guest.does("mastodon/vote", message=asked.id, choice=1)
    voted = guest.seen
    clock.forward(timedelta(hours=1))
    over = await guest.looks()

    assert (len(re.findall('name="choice"', before)), "50 %" in before, "50 %" in voted) == (2, False, True)
    assert "2 personnes" in voted
    assert "terminé" in over


async def test_hidden_totals_are_not_shown_before_the_end(guest: Guest, caller: Caller) -> None:
    """Nobody is swayed by them."""
    poll = {"options": ["Pont", "Gué"], "expires_in": 300, "hide_totals": True}
    asked = await caller.post("Passage", poll=poll)

    await guest.does("mastodon/vote", message=asked.id, choice=1)

    assert "<b>–</b>" in guest.seen
    assert " %</b>" not in guest.seen


# ── how it looks ──


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a<b", "a&lt;b"),
        ("@anne et @personne", '<span class="tag">@anne</span> et @personne'),
        ("#Valmont !", '<span class="tag">#Valmont</span> !'),
        ("@anne#x", '<span class="tag">@anne</span>#x'),
        ("https://www.a.fr/x", 'target="_blank">a.fr/x</a>'),
        (f"https://a.fr/{'x' * 50}", f'target="_blank">a.fr/{"x" * 34}…</a>'),
    ],
)
def test_names_tags_and_links_stand_out(text: str, expected: str, world: World) -> None:
    """Names of those whom the server knows; addresses without their beginning."""
    assert str(marked(text, world.find)).endswith(expected)


def guest_id(guest: Guest) -> str:
    """Whose phone it is."""
    return str(guest.who)
