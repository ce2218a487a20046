"""Moderators close discussions and slow them down, by channel or where they are, and open them again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.answers import Erase, Say
from core.audience import Channel
from core.events import CommandGiven, Incoming, MessagePosted, Received
from core.identifiers import Address, ChannelName, Locale, MessageId
from core.messages import Answered
from core.place_messages import PlaceNotice, PlaceOrdered, PlaceRefused, TooSoon
from core.ports.moderator import Powers
from core.sanction import SanctionKind, SanctionState
from tests.bots.moderators import MODERATOR, NAMED, orders, planned, said_by, told
from tests.bots.town import ALIX, BLAISE, CHANNEL, DEBATES, TOWN, Stage, public, types, writes
from tests.fakes import ACCOUNT, NOON, TELEGRAM

SLOW, LOCK = SanctionKind.SLOW_MODE, SanctionKind.LOCK
HOUR = timedelta(hours=1)
BY_HAND = Powers(kinds=frozenset({LOCK}), by_hand=frozenset({SLOW}), longest_pause=HOUR)
PLACE = ChannelName("place")
ELSEWHERE = Address("-100999")
TWO = replace(
    TOWN,
    channels=(
        *TOWN.channels,
        Channel(
            name=ChannelName("Marché"),
            platform=TELEGRAM,
            account=ACCOUNT,
            address=CHANNEL,
            locale=Locale.FR,
            discussion=ELSEWHERE,
        ),
    ),
)


def staffed(powers: Powers = BY_HAND) -> Stage:
    """A town with moderators, on a network with such powers."""
    return Stage(staff=NAMED, powers=powers)


async def sanctions(stage: Stage) -> list[tuple[SanctionKind, SanctionState, timedelta | None]]:
    """What was decided, and how long it lasts, the oldest first."""
    found = await stage.look(lambda books: books.sanctions.all())
    return [(each.kind, each.state, None if each.until is None else each.until - each.since) for each in found[::-1]]


async def in_group(stage: Stage, line: str, *, chat: Address = DEBATES) -> Answered | None:
    """What a moderator is told alone of a command given in a group."""
    answers = await stage.hears(orders(line, where=replace(public(message="90"), chat=chat)))
    said = [each for each in answers if isinstance(each, Say)]
    assert [each for each in answers if isinstance(each, Erase)] == [Erase(chat=chat, message=MessageId("90"))]
    assert said[0].handle.chat == MODERATOR.account
    return said[0].message  # type: ignore[return-value]  # answers carry answered messages


async def test_a_discussion_is_closed_for_a_time_and_everybody_there_is_told() -> None:
    """Who ordered it is told alone, and the command taken out of sight."""
    stage = staffed()

    done = await in_group(stage, "/lock 1h")

    (notice,) = await planned(stage)
    assert done == PlaceOrdered(place=PLACE, kind="lock", until=NOON + HOUR, zone="Europe/Paris", told=True)
    assert await sanctions(stage) == [(LOCK, SanctionState.STANDING, HOUR)]
    assert notice.message == PlaceNotice(kind="lock", until=NOON + HOUR, zone="Europe/Paris")
    assert (notice.recipient.name, notice.expires_at) == (DEBATES, NOON + HOUR)
    assert stage.woken == 1


async def test_it_is_opened_again() -> None:
    """A second time there is nothing to open."""
    stage = staffed()
    await told(stage, "/slock")

    done, again = await told(stage, "/unlock"), await told(stage, "/unlock")

    assert done == PlaceOrdered(place=PLACE, kind="lock", over=True, told=True)
    assert again == PlaceRefused(reason="not_so")
    assert await sanctions(stage) == [(LOCK, SanctionState.ENDING, None)]
    assert [each.message for each in await planned(stage)] == [PlaceNotice(kind="lock", over=True)]


async def test_the_last_word_about_a_discussion_holds() -> None:
    """A shorter pause takes the place of a longer one."""
    stage = staffed()
    await told(stage, "/sslowmode 5m")

    done = await told(stage, "/sslowmode 30s 2h")

    half_a_minute = timedelta(seconds=30)
    until = NOON + timedelta(hours=2)
    assert done == PlaceOrdered(place=PLACE, kind="slow-mode", pause=half_a_minute, until=until, zone="Europe/Paris")
    assert [state for _, state, _ in await sanctions(stage)] == [SanctionState.ENDING, SanctionState.STANDING]
    assert await planned(stage) == ()


@pytest.mark.parametrize("line", ["/slowmode off", "/ralentir NON", "/sslowmode stop"])
async def test_a_slow_mode_is_ended_by_a_word(line: str) -> None:
    """Or by its time."""
    stage = staffed()
    await told(stage, "/slowmode 30s")

    done = await told(stage, line)

    assert isinstance(done, PlaceOrdered)
    assert (done.over, await sanctions(stage)) == (True, [(SLOW, SanctionState.ENDING, None)])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("/slowmode", "how_slow"),
        ("/slowmode vite", "how_slow"),
        ("/slowmode 2h", "how_slow"),
        ("/slowmode 30s toujours", "how_long"),
        ("/lock 1h non", "how_long"),
        ("/lock longtemps", "how_long"),
        ("/lock 366d", "how_long"),
        ("/slowmode off", "not_so"),
    ],
)
async def test_what_is_no_order_is_said_with_its_reason(line: str, reason: str) -> None:
    """Nobody's discussion is closed by a slip."""
    stage = staffed()

    refused = await told(stage, line)

    assert isinstance(refused, PlaceRefused)
    assert (refused.reason, await sanctions(stage)) == (reason, [])


async def test_a_network_that_cannot_is_not_asked() -> None:
    """Mastodon has no discussion to close."""
    assert await told(staffed(Powers(kinds=frozenset())), "/lock") == PlaceRefused(reason="network")


async def test_which_discussion_is_the_one_named_else_the_one_it_is_said_in() -> None:
    """In private, of several one must be named; elsewhere nothing is closed."""
    stage = Stage(staff=NAMED, powers=BY_HAND, town=TWO)

    named = await told(stage, "/slock marche 1h")
    here = await in_group(stage, "/slock 1h", chat=ELSEWHERE)
    answering = await told(stage, "/slock 1h", answering=said_by())
    elsewhere = await in_group(stage, "/lock", chat=Address("-100555"))
    nowhere = await told(stage, "/lock 1h")

    places = [each.place for each in (named, here, answering) if isinstance(each, PlaceOrdered)]
    assert places == ["Marché", "Marché", "place"]
    assert elsewhere == nowhere == PlaceRefused(reason="which_place", places=("place", "Marché"))


# ── a slow mode by hand ──


async def test_what_is_written_too_soon_is_taken_out_and_its_author_told_once() -> None:
    """It is no reply and no case; after the pause people are heard again."""
    stage = staffed()
    await told(stage, "/sslowmode 30s")

    first = await stage.hears(writes(ALIX, "Bonjour", message="70"))
    other = await stage.hears(writes(BLAISE, "Bonjour", message="71"))
    soon = await stage.hears(writes(ALIX, "Et aussi", message="72"))
    again = await stage.hears(writes(ALIX, "Encore", message="73"))
    stage.clock.advance(timedelta(seconds=30))
    after = await stage.hears(writes(ALIX, "Voilà", message="74"))

    assert first == other == after == ()
    assert soon[0] == Erase(chat=DEBATES, message=MessageId("72"))
    assert isinstance(soon[1], Say)
    assert soon[1].handle.private
    assert (soon[1].handle.chat, soon[1].message) == (ALIX.account, TooSoon(pause=timedelta(seconds=30)))
    assert again == (Erase(chat=DEBATES, message=MessageId("73")),)


async def test_a_command_that_comes_too_soon_is_taken_out_too() -> None:
    """It stands in the group like any other message."""
    stage = staffed()
    await told(stage, "/sslowmode 30s")
    await stage.hears(writes(ALIX, "Bonjour", message="70"))

    def telling(received: Received) -> tuple[Incoming, ...]:
        (said,) = writes(ALIX, "/polls", message="71")(received)
        (given,) = types(ALIX, "/polls", where=public(message="71"))(received)
        assert isinstance(said, MessagePosted)
        assert isinstance(given, CommandGiven)
        return (replace(given, said=said),)

    taken = await stage.hears(telling)

    assert taken[0] == Erase(chat=DEBATES, message=MessageId("71"))
    assert await stage.pending() == 0


async def test_nobody_is_slowed_down_for_what_is_not_new_nor_theirs_to_wait_for() -> None:
    """What is corrected, what speaks for the town, and what is dealt with a second time after a fault."""
    stage = staffed()
    await told(stage, "/sslowmode 30s")
    await stage.hears(writes(ALIX, "Bonjour", message="70"))

    corrected = await stage.hears(writes(ALIX, "Bonsoir", message="70", edited=True))
    official = await stage.hears(writes(ALIX, "Avis", message="71", official=True))
    twice = await stage.hears(writes(ALIX, "Bonjour", message="70"))

    assert corrected == official == twice == ()


async def test_who_writes_as_a_channel_is_slowed_down_without_a_word() -> None:
    """Nobody can be told in private."""
    stage, channel = staffed(), replace(ALIX, account="-100777", number="", has_private_chat=False)
    await told(stage, "/sslowmode 30s")
    await stage.hears(writes(channel, "Bonjour", message="70"))

    taken = await stage.hears(writes(channel, "Encore", message="71"))

    assert taken == (Erase(chat=DEBATES, message=MessageId("71")),)


async def test_who_is_forgotten_waits_for_nothing() -> None:
    """When they wrote is a datum about them."""
    stage = staffed()
    await told(stage, "/sslowmode 30s")
    await stage.hears(writes(ALIX, "Bonjour", message="70"))
    await stage.hears(types(ALIX, "/forgetme yes"))

    assert await stage.hears(writes(ALIX, "Encore", message="71")) == ()


async def test_a_slow_mode_that_is_over_slows_nobody_down() -> None:
    """It ends to the second, whatever the network is told."""
    stage = staffed()
    await told(stage, "/sslowmode 30m 1h")
    await stage.hears(writes(ALIX, "Bonjour", message="70"))
    stage.clock.advance(timedelta(minutes=29))
    soon = await stage.hears(writes(ALIX, "Encore", message="71"))
    await told(stage, "/sslowmode off")

    after = await stage.hears(writes(ALIX, "Voilà", message="72"))

    assert (len(soon), after) == (2, ())
