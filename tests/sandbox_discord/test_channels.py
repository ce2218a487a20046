"""Where a program may do what: permissions, pins, threads, forums, direct messages, addresses."""

import pytest

from sandbox.discord import permissions
from sandbox.discord.server import DiscordServer
from sandbox.discord.values import Flag, Kind, Overwrite
from sandbox.discord.world import World
from tests.sandbox_discord.conftest import (
    ANNE,
    BILAL,
    BOT,
    FORUM,
    MACHINES,
    OFFICE,
    SQUARE,
    TOWN,
    Caller,
)

MESSAGES = f"/channels/{SQUARE}/messages"


@pytest.mark.parametrize(
    ("denied", "body", "code"),
    [
        (permissions.VIEW_CHANNEL, {"content": "x"}, 50001),
        (permissions.SEND_MESSAGES, {"content": "x"}, 50013),
        (permissions.SEND_POLLS, {"poll": {"question": {"text": "?"},
                                           "answers": [{"poll_media": {"text": "a"}}]}}, 50013),
    ],
    ids=["view", "send", "polls"],
)  # fmt: skip
async def test_overwrites_of_a_channel_take_permissions_away(
    world: World, caller: Caller, denied: int, body: object, code: int
) -> None:
    """403 with the code that tells seeing from doing."""
    world.add_channel(TOWN, OFFICE, "bureau", overwrites=(Overwrite(target=MACHINES, deny=denied),))

    answer = await caller.call("POST", f"/channels/{OFFICE}/messages", body)

    assert (answer.status, answer.code) == (403, code)
    assert world.violations == []


async def test_a_members_overwrite_counts_last(world: World, caller: Caller) -> None:
    """After those of everybody and of the roles."""
    shut = Overwrite(target=TOWN, deny=permissions.SEND_MESSAGES)
    opened = Overwrite(target=BOT, is_role=False, allow=permissions.SEND_MESSAGES)
    world.add_channel(TOWN, OFFICE, "bureau", overwrites=(shut, opened))

    answer = await caller.send(channel=OFFICE)

    assert answer.status == 200


async def test_pins_need_their_own_permission_and_show_a_notice(world: World, caller: Caller) -> None:
    """Managing messages is not enough since 2026."""
    sent = await caller.send()
    path = f"{MESSAGES}/pins"

    done = await caller.call("PUT", f"{path}/{sent.id}")
    listed = await caller.call("GET", path)
    world.add_role(TOWN, MACHINES, "Machines", permissions.FOR_BOT & ~permissions.PIN_MESSAGES)
    refused = await caller.call("DELETE", f"{path}/{sent.id}")

    items = listed.body["items"]
    assert isinstance(items, list)
    assert (done.status, [item["message"]["id"] for item in items]) == (204, [str(sent.id)])
    assert refused.code == 50013
    assert [int(message.type) for message in world.channel(SQUARE).messages.values()] == [0, 6]


async def test_a_thread_has_the_id_of_its_message(world: World, caller: Caller) -> None:
    """There is one at most, and writing in it needs another permission."""
    sent = await caller.send()
    path = f"{MESSAGES}/{sent.id}/threads"

    first = await caller.call("POST", path, {"name": "Débat", "auto_archive_duration": 1440})
    again = await caller.call("POST", path, {"name": "Débat"})
    written = await caller.send("Bienvenue", channel=sent.id)

    assert (first.status, first.id, first.body["type"]) == (201, sent.id, Kind.PUBLIC_THREAD)
    assert (again.code, written.status) == (160004, 200)
    assert world.channel(SQUARE).messages[sent.id].flags & Flag.HAS_THREAD


@pytest.mark.parametrize("body", [{"name": "x" * 101}, {"name": "x", "auto_archive_duration": 30}, {}])
async def test_threads_have_short_names_and_certain_lives(caller: Caller, body: object) -> None:
    """100 characters, and one of four durations."""
    sent = await caller.send()

    answer = await caller.call("POST", f"{MESSAGES}/{sent.id}/threads", body)

    assert answer.code == 50035


async def test_a_forum_takes_posts_and_no_messages(caller: Caller) -> None:
    """A post is a thread and its first message, both of one number, under tags the forum has."""
    plain = await caller.send(channel=FORUM)
    post = {"name": "Un banc", "applied_tags": ["831"], "message": {"content": "Place du marché"}}

    made = await caller.call("POST", f"/channels/{FORUM}/threads", post)
    wrong_tag = await caller.call("POST", f"/channels/{FORUM}/threads", post | {"applied_tags": ["9"]})

    message = made.body["message"]
    assert isinstance(message, dict)
    assert (plain.code, made.status, made.body["applied_tags"]) == (40058, 201, ["831"])
    assert message["id"] == made.body["id"]
    assert wrong_tag.status == 404


async def test_direct_messages_reach_those_who_take_them(world: World, caller: Caller) -> None:
    """Others give 50007, told when a message is sent."""
    world.refuse_messages(BILAL)

    rooms = [await caller.call("POST", "/users/@me/channels", {"recipient_id": str(user)}) for user in (ANNE, BILAL)]
    answers = [await caller.send(channel=room.id) for room in rooms]

    assert [answer.code for answer in answers] == [None, 50007]


async def test_unknown_addresses_and_tokens(caller: Caller) -> None:
    """404, 405 and 401 as Discord says them."""
    nowhere = await caller.call("GET", "/nowhere")
    wrongly = await caller.call("DELETE", "/users/@me")
    strange = await caller.call("GET", "/users/@me", Authorization="Bot nobody")

    assert (nowhere.status, wrongly.status, strange.status) == (404, 405, 401)
    assert strange.body == {"message": "401: Unauthorized", "code": 0}


async def test_unknown_fields_are_let_through_and_noted(world: World, caller: Caller) -> None:
    """Discord ignores them; a correct program sends none."""
    answer = await caller.send(colour="red")

    assert answer.status == 200
    assert [violation.reason for violation in world.violations] == ["unknown field colour"]


async def test_the_server_is_idle_when_nothing_is_under_way(server: DiscordServer, caller: Caller) -> None:
    """And its activity grows."""
    before = server.activity

    await caller.send()

    assert server.idle
    assert server.activity > before
