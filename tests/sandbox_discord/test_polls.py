"""Native polls: their limits, votes that everybody may look up, their end, and the count after it."""

import asyncio
from datetime import timedelta

import pytest

from sandbox.discord.errors import NobodyThere
from sandbox.discord.server import DiscordServer
from sandbox.discord.values import Json
from sandbox.discord.world import World
from tests.sandbox_discord.conftest import ANNE, BILAL, CHLOE, SQUARE, TOWN, Answer, Caller, HandClock
from tests.sandbox_discord.listener import listening


def poll(*answers: str, **more: object) -> Json:
    """A poll of these answers."""
    media = [{"poll_media": {"text": text}} for text in answers]
    return {"question": {"text": "Un pont ?"}, "answers": media, "duration": 24} | more


async def ask(caller: Caller, **more: object) -> int:
    """Open a poll of two answers; its message."""
    return (await caller.call("POST", f"/channels/{SQUARE}/messages", {"poll": poll("Oui", "Non", **more)})).id


async def fetched(caller: Caller, number: int) -> Json:
    """The poll as it stands over HTTP."""
    found = (await caller.call("GET", f"/channels/{SQUARE}/messages/{number}")).body["poll"]
    assert isinstance(found, dict)
    return found


async def expire(caller: Caller, number: int) -> Answer:
    """End a poll."""
    return await caller.call("POST", f"/channels/{SQUARE}/polls/{number}/expire")


@pytest.mark.parametrize(
    "wrong",
    [
        poll(*"abcdefghijk"),
        poll(),
        poll("x" * 56),
        poll("a", question={"text": "x" * 301}),
        poll("a", duration=1.5),
        poll("a", duration=769),
        poll("a", duration=0),
        poll("a", layout_type=2),
    ],
    ids=["11 answers", "none", "56 characters", "301 characters", "90 minutes", "33 days", "no time", "layout"],
)
async def test_polls_that_discord_would_not_open(world: World, caller: Caller, wrong: Json) -> None:
    """discord.py checks none of it."""
    answer = await caller.call("POST", f"/channels/{SQUARE}/messages", {"poll": wrong})

    assert (answer.status, answer.code) == (400, 50035)
    assert not world.channel(SQUARE).messages


async def test_hours_may_have_a_fraction_of_zero(caller: Caller) -> None:
    """discord.py sends 48.0."""
    number = await ask(caller, duration=48.0)

    assert (await fetched(caller, number))["expiry"] == "2026-11-22T12:00:00+00:00"


async def test_a_poll_cannot_be_edited(caller: Caller) -> None:
    """520003."""
    number = await ask(caller)

    answer = await caller.call("PATCH", f"/channels/{SQUARE}/messages/{number}", {"content": "Autre"})

    assert answer.code == 520003


async def test_votes_are_heard_one_answer_at_a_time(world: World, server: DiscordServer, caller: Caller) -> None:
    """Another choice is a removal and an addition."""
    number = await ask(caller)
    async with listening(server) as listener:
        await listener.identifies()
        await listener.event("GUILD_CREATE")
        world.vote(ANNE, SQUARE, number, {1})
        world.vote(ANNE, SQUARE, number, {2})
        world.vote(ANNE, SQUARE, number, set())

        assert await listener.names(4) == [
            "MESSAGE_POLL_VOTE_ADD", "MESSAGE_POLL_VOTE_REMOVE", "MESSAGE_POLL_VOTE_ADD", "MESSAGE_POLL_VOTE_REMOVE",
        ]  # fmt: skip
    assert [(entry["answers"], entry["labels"]) for entry in world.journal.of("vote")] == [
        ([1], ["Oui"]), ([2], ["Non"]), ([], []),
    ]  # fmt: skip


@pytest.mark.parametrize("answers", [{3}, {1, 2}], ids=["unknown", "two in a single choice"])
async def test_votes_that_the_application_does_not_offer(world: World, caller: Caller, answers: set[int]) -> None:
    """Nothing is counted."""
    number = await ask(caller)

    with pytest.raises(NobodyThere):
        world.vote(ANNE, SQUARE, number, answers)


async def test_several_answers_where_several_are_allowed(world: World, caller: Caller) -> None:
    """And everybody sees whose they are."""
    number = await ask(caller, allow_multiselect=True)
    world.vote(ANNE, SQUARE, number, {1, 2})
    world.vote(BILAL, SQUARE, number, {2})

    answer = await caller.call("GET", f"/channels/{SQUARE}/polls/{number}/answers/2")

    users = answer.body["users"]
    assert isinstance(users, list)
    assert [user["id"] for user in users] == [str(ANNE), str(BILAL)]


async def test_voters_come_in_pages(world: World, caller: Caller) -> None:
    """A hundred at most, after the last one known."""
    number = await ask(caller)
    guild = world.guilds[TOWN]
    for user in range(1000, 1130):
        world.add_user(user, f"Habitant {user}")
        world.add_member(guild, user)
        world.vote(user, SQUARE, number, {1})
    path = f"/channels/{SQUARE}/polls/{number}/answers/1?limit=100"

    pages = [(await caller.call("GET", f"{path}{more}")).body["users"] for more in ("", "&after=1099")]
    too_many = await caller.call("GET", f"/channels/{SQUARE}/polls/{number}/answers/1?limit=101")

    assert [len(page) for page in pages if isinstance(page, list)] == [100, 30]
    assert too_many.code == 50035


async def test_a_poll_is_counted_some_time_after_its_end(world: World, caller: Caller, clock: HandClock) -> None:
    """Until then its results are not final, and there is no notice of them."""
    number = await ask(caller)
    for user, choice in ((ANNE, 1), (BILAL, 1), (CHLOE, 2)):
        world.vote(user, SQUARE, number, {choice})

    ended = await expire(caller, number)
    soon = await fetched(caller, number)
    clock.forward(timedelta(seconds=11))
    late = await fetched(caller, number)

    notice = max(world.channel(SQUARE).messages.values(), key=lambda message: message.id)
    assert ended.status == 200
    assert [found["results"]["is_finalized"] for found in (soon, late)] == [False, True]  # type: ignore[index]  # objects
    assert (int(notice.type), notice.replies_to) == (46, number)
    assert {"name": "victor_answer_text", "value": "Oui", "inline": False} in notice.embeds[0]["fields"]  # type: ignore[operator]  # a list


async def test_a_poll_ends_by_itself(world: World, server: DiscordServer, caller: Caller, clock: HandClock) -> None:
    """The server keeps the time, and says so to those who listen."""
    number = await ask(caller, duration=1)
    async with listening(server) as listener:
        await listener.identifies()
        await listener.event("GUILD_CREATE")
        await asyncio.sleep(0)
        clock.forward(timedelta(hours=1))
        await listener.event("MESSAGE_UPDATE")
        clock.forward(timedelta(seconds=11))
        told = [await listener.event("MESSAGE_UPDATE"), await listener.event("MESSAGE_CREATE")]

    assert (told[0]["id"], told[1]["type"]) == (str(number), 46)
    with pytest.raises(NobodyThere):
        world.vote(ANNE, SQUARE, number, {1})


async def test_only_ones_own_open_poll_can_be_ended(world: World, caller: Caller) -> None:
    """Codes for the end that was, for what is no poll."""
    number = await ask(caller)
    plain = (await caller.send()).id
    await expire(caller, number)

    again, none = await expire(caller, number), await expire(caller, plain)

    assert (again.code, none.code) == (520001, 520006)
    assert world.violations == []
