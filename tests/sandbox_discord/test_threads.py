"""The life of threads: by themselves, archived, locked, followed; and the rest of pins."""

from datetime import timedelta

import pytest

from sandbox.discord import permissions
from sandbox.discord.errors import NobodyThere
from sandbox.discord.server import DiscordServer
from sandbox.discord.values import Kind
from sandbox.discord.world import World
from tests.sandbox_discord.conftest import ANNE, FORUM, MACHINES, NEWS, SQUARE, TOWN, Caller, HandClock
from tests.sandbox_discord.listener import listening

THREADS = f"/channels/{SQUARE}/threads"


@pytest.fixture
async def thread(caller: Caller) -> int:
    """A thread of the square."""
    return (await caller.call("POST", THREADS, {"name": "Débat", "type": 11})).id


async def test_a_thread_by_itself_is_private_unless_told(caller: Caller) -> None:
    """Type 11 makes it public; announcement channels have their own."""
    private = await caller.call("POST", THREADS, {"name": "Agents"})
    public = await caller.call("POST", THREADS, {"name": "Débat", "type": 11})
    sent = await caller.send(channel=NEWS)
    below = await caller.call("POST", f"/channels/{NEWS}/messages/{sent.id}/threads", {"name": "Débat"})

    kinds = [answer.body["type"] for answer in (private, public, below)]
    assert kinds == [Kind.PRIVATE_THREAD, Kind.PUBLIC_THREAD, Kind.ANNOUNCEMENT_THREAD]


async def test_an_archived_thread_comes_back_when_somebody_writes(world: World, caller: Caller, thread: int) -> None:
    """Until then it is among the archived, and its messages cannot be edited."""
    sent = await caller.send(channel=thread)
    await caller.call("PATCH", f"/channels/{thread}", {"archived": True})
    archived = await caller.call("GET", f"{THREADS}/archived/public")
    edited = await caller.call("PATCH", f"/channels/{thread}/messages/{sent.id}", {"content": "x"})
    renamed = await caller.call("PATCH", f"/channels/{thread}", {"name": "Autre"})

    world.write(ANNE, thread, "Encore un mot")

    active = await caller.call("GET", f"/guilds/{TOWN}/threads/active")
    assert [len(answer.body["threads"]) for answer in (archived, active)] == [1, 1]  # type: ignore[arg-type]  # lists
    assert (edited.code, renamed.code) == (50083, 50083)


async def test_a_locked_thread_is_for_those_who_manage_threads(world: World, caller: Caller, thread: int) -> None:
    """The bot may still write, people may not."""
    answer = await caller.call("PATCH", f"/channels/{thread}", {"locked": True, "name": "Fini"})
    with pytest.raises(NobodyThere):
        world.write(ANNE, thread, "Encore un mot")
    allowed = await caller.send(channel=thread)
    world.add_role(TOWN, MACHINES, "Machines", permissions.USUAL)
    refused = await caller.send(channel=thread)
    unlocked = await caller.call("PATCH", f"/channels/{thread}", {"locked": False})

    assert (answer.body["name"], allowed.status, refused.code, unlocked.code) == ("Fini", 200, 160005, 50013)


async def test_writing_in_threads_is_a_permission_of_its_own(world: World, caller: Caller, thread: int) -> None:
    """Not that of writing in the channel."""
    world.add_role(TOWN, TOWN, "@everyone", permissions.USUAL & ~permissions.SEND_MESSAGES_IN_THREADS)
    world.add_role(TOWN, MACHINES, "Machines")

    assert (await caller.send(channel=thread)).code == 50013
    assert (await caller.send()).status == 200


async def test_threads_are_told_to_those_who_see_the_channel(server: DiscordServer, caller: Caller) -> None:
    """Their opening and every change; and they stand in the guild for who comes later."""
    async with listening(server) as listener:
        await listener.identifies(1)
        await listener.event("GUILD_CREATE")
        opened = await caller.call("POST", THREADS, {"name": "Débat", "type": 11})
        await caller.call("PATCH", f"/channels/{opened.id}", {"name": "Autre"})

        assert await listener.names(2) == ["THREAD_CREATE", "THREAD_UPDATE"]
    async with listening(server) as later:
        await later.identifies(1)
        guild = await later.event("GUILD_CREATE")
    assert [thread["name"] for thread in guild["threads"]] == ["Autre"]  # type: ignore[attr-defined]  # a list


async def test_posts_change_their_tags(world: World, caller: Caller) -> None:
    """One at least, where the forum wants it."""
    world.channel(FORUM).needs_tag = True
    post = {"name": "Un banc", "message": {"content": "Place du marché"}}
    bare = await caller.call("POST", f"/channels/{FORUM}/threads", post)
    empty = await caller.call("POST", f"/channels/{FORUM}/threads", {"name": "x"})
    made = await caller.call("POST", f"/channels/{FORUM}/threads", post | {"applied_tags": ["831"]})

    changed = await caller.call("PATCH", f"/channels/{made.id}", {"applied_tags": ["832"]})

    assert (bare.code, empty.code, changed.body["applied_tags"]) == (40067, 50035, ["832"])


async def test_threads_are_joined_where_they_are(caller: Caller, thread: int) -> None:
    """And nothing but threads has threads or members of this sort."""
    joined = await caller.call("PUT", f"/channels/{thread}/thread-members/@me")
    square = await caller.call("PUT", f"/channels/{SQUARE}/thread-members/@me")
    nested = await caller.call("POST", f"/channels/{thread}/threads", {"name": "x"})
    sent = await caller.send(channel=thread)
    under = await caller.call("POST", f"/channels/{thread}/messages/{sent.id}/threads", {"name": "x"})

    assert (joined.status, square.code, nested.code, under.code) == (204, 50024, 50024, 50024)


async def test_pins_come_in_pages_and_by_the_old_addresses(caller: Caller, clock: HandClock) -> None:
    """The last pinned first; 50 at most in one answer."""
    path = f"/channels/{SQUARE}"
    numbers = [(await caller.send(str(n))).id for n in range(3)]
    for number in numbers:
        clock.forward(timedelta(seconds=1))
        await caller.call("PUT", f"{path}/pins/{number}")
    first = await caller.call("GET", f"{path}/messages/pins?limit=2")
    before = await caller.call("GET", f"{path}/messages/pins?before=2020-01-01T00:00:00%2B00:00")
    wrong = await caller.call("GET", f"{path}/messages/pins?before=yesterday")
    old = await caller.call("GET", f"{path}/pins")
    await caller.call("DELETE", f"{path}/pins/{numbers[0]}")

    assert (len(first.body["items"]), first.body["has_more"], before.body["items"]) == (2, True, [])  # type: ignore[arg-type]
    assert wrong.code == 50035
    assert len(old.body[""]) == 3  # type: ignore[arg-type]


@pytest.mark.parametrize("recipient", [5, 900])
async def test_private_rooms_are_for_people(caller: Caller, recipient: int) -> None:
    """Who exist."""
    answer = await caller.call("POST", "/users/@me/channels", {"recipient_id": recipient})

    assert answer.status in {400, 404}


async def test_typing_can_be_shown(caller: Caller) -> None:
    """Where one may write."""
    assert (await caller.call("POST", f"/channels/{SQUARE}/typing")).status == 204
    assert (await caller.call("POST", f"/channels/{FORUM}/typing")).code == 40058
    assert (await caller.call("GET", "/channels/5")).code == 10003
    assert (await caller.call("GET", "/channels/x")).code == 50035
