"""Updates: kept, handed out, confirmed, dropped; and who may wait for them."""

import asyncio
from datetime import timedelta

from aiohttp import ClientSession

from sandbox.telegram.server import TelegramServer
from sandbox.telegram.values import Member
from sandbox.telegram.world import World
from tests.sandbox.conftest import ANNE, BILAL, BOT, CHANNEL, GROUP, TOKEN, Caller, HandClock


def number(update: dict[str, object]) -> int:
    """An update's number."""
    value = update["update_id"]
    assert isinstance(value, int)
    return value


def words(update: dict[str, object]) -> object:
    """What a message says."""
    message = update["message"]
    assert isinstance(message, dict)
    return message.get("text")


async def test_updates_stay_until_confirmed(world: World, caller: Caller) -> None:
    """Asking again without a higher offset gives the same."""
    world.start(ANNE)

    first = await caller.updates()
    second = await caller.updates()
    third = await caller.updates(offset=number(first[0]) + 1)

    assert first == second
    assert third == []


async def test_numbers_follow_one_another(world: World, caller: Caller) -> None:
    """Td TQueue.cpp."""
    world.start(ANNE)
    world.start(BILAL)

    first, second = await caller.updates(offset=0)

    assert number(second) == number(first) + 1


async def test_a_negative_offset_keeps_only_the_last(world: World, caller: Caller) -> None:
    """And forgets all before."""
    for text in ("un", "deux", "trois"):
        world.private_chat(world.the_bot(), ANNE)
        world.write(ANNE, ANNE, text)

    last = await caller.updates(offset=-1)

    assert [words(update) for update in last] == ["trois"]
    assert len(world.bots[TOKEN].queue) == 1


async def test_an_offset_far_ahead_confirms_nothing(world: World, caller: Caller) -> None:
    """A mistake of the program loses nothing."""
    world.start(ANNE)

    updates = await caller.updates(offset=2_000_000_000)

    assert len(updates) == 1


async def test_at_most_limit_updates_come_at_once(world: World, caller: Caller) -> None:
    """One to a hundred."""
    for _ in range(3):
        world.start(ANNE)

    updates = await caller.updates(limit=2)
    wrong = await caller.call("getUpdates", limit=101)

    assert len(updates) == 2
    assert wrong.status == 400


async def test_the_same_question_in_a_hurry_gets_one_update(world: World, caller: Caller) -> None:
    """Client.cpp process_get_updates_query: within half a second the limit is 1."""
    for _ in range(3):
        world.start(ANNE)

    await caller.updates(offset=5)
    hurried = await caller.updates(offset=5)

    assert len(hurried) == 1


async def test_messages_wait_a_day(world: World, caller: Caller, clock: HandClock) -> None:
    """86400 seconds, then they are gone."""
    world.start(ANNE)
    clock.forward(timedelta(hours=24, seconds=1))
    world.start(BILAL)

    updates = await caller.updates()

    assert len(updates) == 1


async def test_a_poll_wakes_when_something_comes(world: World, caller: Caller) -> None:
    """Without waiting for its end."""
    waiting = asyncio.create_task(caller.updates(timeout=50))
    await asyncio.sleep(0.05)

    world.start(ANNE)

    assert len(await asyncio.wait_for(waiting, 2)) == 1


async def test_a_poll_ends_empty(caller: Caller) -> None:
    """After its real seconds."""
    assert await caller.updates(offset=3, timeout=1) == []


async def test_the_earlier_poll_is_sent_away(caller: Caller, world: World) -> None:
    """Client.cpp abort_long_poll: 409 for who waited first."""
    first = asyncio.create_task(caller.call("getUpdates", timeout=50))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(caller.call("getUpdates", timeout=50))

    sent_away = await asyncio.wait_for(first, 2)
    world.start(ANNE)

    assert sent_away.status == 409
    assert str(sent_away.reason).startswith("Conflict: terminated by other getUpdates request; make sure")
    assert (await asyncio.wait_for(second, 2)).status == 200


async def test_a_second_conflict_soon_after_is_told_later(caller: Caller) -> None:
    """Client.cpp fail_query_conflict: programs that fight are slowed down, here by three real seconds."""
    polls = []
    for _ in range(3):
        polls.append(asyncio.create_task(caller.call("getUpdates", timeout=50)))
        await asyncio.sleep(0.05)

    finished, _ = await asyncio.wait(polls, timeout=0.2)

    assert [poll in finished for poll in polls] == [True, False, False]
    for poll in polls:
        poll.cancel()


async def test_closing_the_server_ends_the_polls(world: World) -> None:
    """A program waiting there is told to try again."""
    async with ClientSession() as session, TelegramServer(world) as server:
        waiting = asyncio.create_task(Caller(session, server).call("getUpdates", timeout=50))
        await asyncio.sleep(0.05)
        await server.__aexit__(None, None, None)
        answer = await asyncio.wait_for(waiting, 2)

    assert answer.status == 500


async def test_only_wanted_kinds_come(world: World, caller: Caller) -> None:
    """The filter works when an update arises, and is remembered."""
    await caller.updates(allowed_updates=["callback_query"])
    world.start(ANNE)
    await caller.updates(offset=1, allowed_updates=[])
    world.start(BILAL)

    updates = await caller.updates(offset=2)

    assert [words(update) for update in updates] == ["/start"]


async def test_membership_of_others_must_be_asked_for(world: World, caller: Caller) -> None:
    """chat_member is not among the default kinds."""
    world.join(103, GROUP)
    before = await caller.updates()
    await caller.updates(offset=1, allowed_updates=["chat_member"])
    world.leave(103, GROUP)

    after = await caller.updates(offset=number(before[-1]) + 1)

    assert ["message" in update for update in before] == [True]
    assert [set(update) - {"update_id"} for update in after] == [{"chat_member"}]


async def test_blocking_is_told(world: World, caller: Caller) -> None:
    """my_chat_member, in the private chat, by the person."""
    world.start(ANNE)
    world.block(ANNE)
    world.start(ANNE)

    kinds = [next(iter(set(update) - {"update_id"})) for update in await caller.updates()]

    assert kinds == ["message", "my_chat_member", "my_chat_member", "message"]


async def test_own_posts_do_not_come_back(world: World, caller: Caller) -> None:
    """But those of other administrators do, and so do corrections."""
    world.promote(CHANNEL, ANNE)
    await caller.call("sendMessage", chat_id=CHANNEL, text="du bot")
    post = world.write(ANNE, CHANNEL, "de la mairie")
    world.edit_message(ANNE, CHANNEL, post, "de la ville")

    kinds = [next(iter(set(update) - {"update_id"})) for update in await caller.updates()]

    assert kinds == ["channel_post", "edited_channel_post"]


async def test_with_privacy_a_member_hears_only_what_is_for_it(world: World, caller: Caller) -> None:
    """Commands, answers to it, notices; an administrator hears all."""
    world.set_member(world.chat(GROUP), Member(user=BOT))
    sent = await caller.call("sendMessage", chat_id=GROUP, text="bonjour")
    assert isinstance(sent.result, dict)
    world.bots[TOKEN].queue.clear()
    own = int(sent.result["message_id"])
    world.write(ANNE, GROUP, "entre nous")
    world.write(ANNE, GROUP, "/aide")
    world.write(ANNE, GROUP, "/aide@ville_bot")
    world.write(ANNE, GROUP, "/aide@autre_bot")
    world.write(ANNE, GROUP, "merci", reply_to=own)

    heard = [words(update) for update in await caller.updates()]

    assert heard == ["/aide", "/aide@ville_bot", "merci"]


async def test_without_privacy_a_member_hears_all(world: World, caller: Caller) -> None:
    """As set with BotFather."""
    world.set_member(world.chat(GROUP), Member(user=BOT))
    world.bots[TOKEN].queue.clear()
    world.bots[TOKEN].reads_all = True
    world.write(ANNE, GROUP, "entre nous")

    assert [words(update) for update in await caller.updates()] == ["entre nous"]


async def test_a_bot_outside_hears_nothing(world: World, caller: Caller) -> None:
    """Not even commands."""
    world.expel(GROUP, BOT, by=ANNE)
    world.bots[TOKEN].queue.clear()
    world.write(ANNE, GROUP, "/aide")

    assert await caller.updates() == []


async def test_a_private_chat_is_of_one_bot(world: World, caller: Caller) -> None:
    """Two bots of a town do not hear each other's citizens."""
    world.add_bot("2000002:other", username="other_bot")
    world.start(ANNE, bot=2000002)

    assert await caller.updates() == []


async def test_the_server_is_idle_when_all_is_confirmed(world: World, caller: Caller, server: TelegramServer) -> None:
    """What the jumping clock asks before it jumps."""
    quiet = server.idle
    world.start(ANNE)
    pending = server.idle
    updates = await caller.updates()
    waiting = asyncio.create_task(caller.updates(offset=number(updates[0]) + 1, timeout=50))
    await asyncio.sleep(0.05)

    confirmed = server.idle

    waiting.cancel()
    assert (quiet, pending, confirmed) == (True, False, True)


async def test_everything_that_happens_is_activity(world: World, caller: Caller, server: TelegramServer) -> None:
    """The number only grows."""
    before = server.activity
    await caller.call("getMe")
    called = server.activity
    world.start(ANNE)

    assert before < called < server.activity
