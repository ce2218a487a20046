"""The imitation satisfies Mastodon.py, which casts every answer to its types."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import mastodon
import pytest

from sandbox.faults import Fault, Harm
from sandbox.mastodon.server import MastodonServer
from sandbox.mastodon.world import World
from tests.sandbox.pieces import PIXEL
from tests.sandbox_mastodon.conftest import TOKEN, Caller, HandClock, library, listening, person


async def test_a_poll_goes_round(world: World, masto: mastodon.Mastodon, clock: HandClock, anne: str) -> None:
    """Ask, be answered, read the count, and hear of the end."""
    poll = masto.make_poll(["Pont", "Gué"], expires_in=3600)
    asked = await asyncio.to_thread(masto.status_post, "Quel passage ?", poll=poll, sensitive=None, language="fr")
    world.vote(anne, asked.id, [1])
    clock.forward(timedelta(hours=1))

    counted = await asyncio.to_thread(masto.poll, asked.poll.id)
    told = await asyncio.to_thread(masto.notifications)

    assert [option.votes_count for option in counted.options] == [0, 1]
    assert (counted.voters_count, counted.expired) == (1, True)
    assert [notification.type for notification in told] == ["poll"]
    assert not world.violations


async def test_a_private_vote_goes_round(world: World, masto: mastodon.Mastodon, chloe: str) -> None:
    """From another server, answered in private, once the policy lets it through."""
    await asyncio.to_thread(masto.update_notifications_policy, for_private_mentions="accept")
    world.message(chloe, "2 <3")

    (told,) = await asyncio.to_thread(masto.notifications, types=["mention"])
    answer = await asyncio.to_thread(masto.status_reply, told.status, "Noté")

    assert told.account.acct == "chloe@ailleurs.example"
    assert told.status.content == (
        '<p><span class="h-card" translate="no"><a href="https://mairie.example/@parvis" class="u-url mention">'
        "@<span>parvis</span></a></span> 2 &lt;3</p>"
    )
    assert (answer.visibility, [named.acct for named in answer.mentions]) == ("direct", ["chloe@ailleurs.example"])


async def test_every_answer_is_readable(world: World, masto: mastodon.Mastodon, anne: str) -> None:
    """A missing field would make the library, or who uses it, fail far from its cause."""
    world.message(anne, "bonjour")
    world.mention(anne, "bonjour à tous")

    instance = await asyncio.to_thread(masto.instance_v2)
    older = await asyncio.to_thread(masto.instance_v1)
    me = await asyncio.to_thread(masto.me)
    found = await asyncio.to_thread(masto.account_lookup, "anne")
    searched = await asyncio.to_thread(masto.search_v2, "anne")
    (waiting,) = await asyncio.to_thread(masto.notification_requests)
    (conversation,) = await asyncio.to_thread(masto.conversations)

    assert instance.configuration.polls.max_options == older.configuration.polls.max_options == 4
    assert (me.username, found.id, searched.accounts[0].id) == ("parvis", anne, anne)
    assert (waiting.account.id, waiting.notifications_count, conversation.accounts[0].id) == (anne, "1", anne)


async def test_a_picture_is_published_with_its_description(world: World, masto: mastodon.Mastodon) -> None:
    """Upload, then post: the library reads both answers."""
    media = await asyncio.to_thread(masto.media_post, PIXEL, "image/png", description="Un point gris", focus=(0.0, 0.5))
    status = await asyncio.to_thread(masto.status_post, "Voici", media_ids=[media])

    assert status.media_attachments[0].description == "Un point gris"
    assert status.media_attachments[0].meta.focus.y == 0.5
    assert not world.violations


async def test_the_profile_says_that_it_is_a_bot(world: World, masto: mastodon.Mastodon) -> None:
    """The flag and the four lines."""
    await asyncio.to_thread(masto.account_update_credentials, bot=True, fields=[("Mairie", "https://mairie.fr")])

    me = await asyncio.to_thread(masto.me)

    assert (me.bot, me.fields[0].name, me.source.fields[0].value) == (True, "Mairie", "https://mairie.fr")
    assert not world.violations


async def test_people_are_kept_away_with_the_library(world: World, masto: mastodon.Mastodon, anne: str) -> None:
    """Mute for a day, report with the post, block."""
    said = world.mention(anne, "insulte")

    muted = await asyncio.to_thread(masto.account_mute, anne, duration=86400)
    report = await asyncio.to_thread(masto.report, anne, status_ids=[said], comment="insulte", category="violation")
    blocked = await asyncio.to_thread(masto.account_block, anne)

    assert (muted.muting, blocked.blocking, report.status_ids) == (True, True, [said])
    assert world.reports[0].comment == "insulte"
    assert not world.violations


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(harm=Harm.FLOOD), mastodon.MastodonRatelimitError),
        (Fault(harm=Harm.STATUS, status=503), mastodon.MastodonServiceUnavailableError),
        (Fault(harm=Harm.CAPTIVE), mastodon.MastodonAPIError),
        (Fault(harm=Harm.CUT_AFTER), mastodon.MastodonNetworkError),
        (Fault(harm=Harm.HALF), mastodon.MastodonNetworkError),
    ],
    ids=["429", "503", "captive page", "cut", "half"],
)
async def test_the_library_sees_what_it_would_see(
    server: MastodonServer, masto: mastodon.Mastodon, fault: Fault, error: type[Exception]
) -> None:
    """It maps the harms to its errors."""
    server.faults.add(fault)

    with pytest.raises(error):
        await asyncio.to_thread(masto.status_post, "x")


async def test_a_token_taken_back_and_a_scope_not_given(world: World, server: MastodonServer) -> None:
    """401 and 403, as the library tells them apart."""
    world.add_token("narrow", world.the_bot().id, ("read:accounts",))
    narrow = mastodon.Mastodon(access_token="narrow", api_base_url=server.url, ratelimit_method="throw")
    revoked = library(server)
    world.revoke(TOKEN)

    with pytest.raises(mastodon.MastodonAPIError, match="outside the authorized scopes"):
        await asyncio.to_thread(narrow.status_post, "x")
    with pytest.raises(mastodon.MastodonUnauthorizedError, match="revoked"):
        await asyncio.to_thread(revoked.me)


class Ears(mastodon.StreamListener):
    """Remembers the names of what it hears."""

    def __init__(self, rung: Callable[[], object]) -> None:
        self.heard: list[str] = []
        self._rung = rung

    def on_notification(self, notification: mastodon.return_types.Notification) -> None:
        """Somebody did something."""
        self.heard.append(notification.type)
        self._rung()


async def test_a_stream_rings_until_it_is_cut(
    world: World, server: MastodonServer, masto: mastodon.Mastodon, anne: str
) -> None:
    """Server-sent events as the library reads them; what was written before is not told again."""
    world.mention(anne, "avant")
    rung = asyncio.Event()
    loop = asyncio.get_running_loop()
    ears = Ears(lambda: loop.call_soon_threadsafe(rung.set))

    async with listening(world):
        stream = asyncio.create_task(asyncio.to_thread(masto.stream_user, ears))
    world.mention(anne, "après")
    await asyncio.wait_for(rung.wait(), 5)
    server.lines.cut()

    with pytest.raises(mastodon.MastodonNetworkError):
        await stream
    assert ears.heard == ["mention"]


async def test_a_post_with_a_poll_is_refused_by_strict_readers(social: Caller) -> None:
    """The library sends ``"sensitive": "0"``; without it the poll is taken."""
    masto = library(social.server)
    poll = masto.make_poll(["Pont", "Gué"], expires_in=3600)

    with pytest.raises(mastodon.MastodonAPIError):
        await asyncio.to_thread(masto.status_post, "Quel passage ?", poll=poll)
    asked = await asyncio.to_thread(masto.status_post, "Quel passage ?", poll=poll, sensitive=None)
    social.server.world.vote(person(social.server.world, "anne").id, asked.id, [0])
    counted = await asyncio.to_thread(masto.poll, asked.poll.id)

    assert (counted.voters_count, counted.votes_count) == (None, 1)
