"""What a bot can learn about itself, its commands and its chats."""

import pytest

from sandbox.telegram.values import Member
from sandbox.telegram.world import World
from tests.sandbox.conftest import ANNE, BILAL, BOT, CHANNEL, GROUP, Caller

HELP = {"command": "aide", "description": "Aide · Help"}


async def test_a_bot_knows_itself(caller: Caller) -> None:
    """GetMe is the first call of every program."""
    answer = await caller.call("getMe")

    assert isinstance(answer.result, dict)
    assert (answer.result["id"], answer.result["username"]) == (BOT, "ville_bot")


async def test_commands_are_kept_by_scope_and_language(caller: Caller) -> None:
    """No falling back: exactly what was set comes back."""
    scope = {"type": "all_private_chats"}
    await caller.call("setMyCommands", commands=[HELP], scope=scope, language_code="fr")

    exact = await caller.call("getMyCommands", scope=scope, language_code="fr")
    other = await caller.call("getMyCommands")
    await caller.call("deleteMyCommands", scope=scope, language_code="fr")
    gone = await caller.call("getMyCommands", scope=scope, language_code="fr")

    assert (exact.result, other.result, gone.result) == ([HELP], [], [])


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"commands": [{"command": "Aide", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "a" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "aide", "description": " "}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "aide"}]}, 'BotCommand must have field "description"'),
        ({"commands": [HELP] * 101}, "at most 100 items"),
        ({"commands": [HELP], "language_code": "fra"}, "invalid language code specified"),
        ({"commands": [HELP], "scope": {"type": "everybody"}}, "unsupported type specified"),
        ({"commands": [HELP], "scope": {"type": "chat"}}, "unsupported type specified"),
    ],
)
async def test_wrong_commands_are_refused(caller: Caller, parameters: dict[str, object], reason: str) -> None:
    """Td BotCommand.cpp set_commands."""
    answer = await caller.call("setMyCommands", **parameters)

    assert reason in str(answer.reason)


async def test_a_channel_tells_its_group_and_its_pinned_post(world: World, caller: Caller) -> None:
    """What a program needs to know about a chat it was pointed at."""
    world.link(CHANNEL, GROUP)
    await caller.call("sendMessage", chat_id=CHANNEL, text="Bienvenue")
    number = next(iter(world.chat(CHANNEL).messages))
    await caller.call("pinChatMessage", chat_id=CHANNEL, message_id=number)

    answer = await caller.call("getChat", chat_id="@ville_demo")

    assert isinstance(answer.result, dict)
    assert answer.result["linked_chat_id"] == GROUP
    assert answer.result["pinned_message"]["text"] == "Bienvenue"


async def test_a_person_who_came_is_a_chat(world: World, caller: Caller) -> None:
    """Private chats bear the person's name."""
    world.start(ANNE)

    answer = await caller.call("getChat", chat_id=ANNE)

    assert isinstance(answer.result, dict)
    assert (answer.result["first_name"], answer.result["type"]) == ("Anne", "private")


async def test_administrators_are_told_without_other_bots(world: World, caller: Caller) -> None:
    """Unless they are asked for."""
    world.add_bot("2000002:other", username="other_bot")
    world.promote(GROUP, 2000002)
    world.promote(GROUP, ANNE)

    without = await caller.call("getChatAdministrators", chat_id=GROUP)
    everybody = await caller.call("getChatAdministrators", chat_id=GROUP, return_bots=True)

    assert isinstance(without.result, list)
    assert isinstance(everybody.result, list)
    assert (len(without.result), len(everybody.result)) == (2, 3)


async def test_a_private_chat_has_no_administrators(world: World, caller: Caller) -> None:
    """Client.cpp process_get_chat_administrators_query."""
    world.start(ANNE)

    answer = await caller.call("getChatAdministrators", chat_id=ANNE)
    members = await caller.call("getChatMemberCount", chat_id=ANNE)
    member = await caller.call("getChatMember", chat_id=ANNE, user_id=ANNE)

    assert answer.reason == "Bad Request: there are no administrators in the private chat"
    assert members.result == 2
    assert isinstance(member.result, dict)
    assert member.result["status"] == "member"


async def test_only_administrators_see_who_reads_a_channel(world: World, caller: Caller) -> None:
    """td: member list is inaccessible."""
    world.set_member(world.chat(CHANNEL), Member(user=BOT))

    answer = await caller.call("getChatMember", chat_id=CHANNEL, user_id=ANNE)

    assert answer.reason == "Bad Request: member list is inaccessible"


async def test_every_place_in_a_chat_has_its_shape(world: World, caller: Caller) -> None:
    """Client.cpp JsonChatMember."""
    group = world.chat(GROUP)
    shapes = []
    for member in (
        Member(user=BILAL, status="creator"),
        Member(user=BILAL, status="restricted"),
        Member(user=BILAL, status="kicked"),
    ):
        world.set_member(group, member)
        answer = await caller.call("getChatMember", chat_id=GROUP, user_id=BILAL)
        assert isinstance(answer.result, dict)
        shapes.append(answer.result)

    assert shapes[0]["is_anonymous"] is False
    assert (shapes[1]["is_member"], shapes[1]["can_send_messages"], shapes[1]["until_date"]) == (True, False, 0)
    assert shapes[2]["until_date"] == 0


async def test_there_is_never_a_webhook(world: World, caller: Caller) -> None:
    """Deleting it can drop what waits."""
    world.start(ANNE)

    before = await caller.call("getWebhookInfo")
    await caller.call("deleteWebhook", drop_pending_updates=True)
    after = await caller.call("getWebhookInfo")

    assert isinstance(before.result, dict)
    assert isinstance(after.result, dict)
    assert (before.result["url"], before.result["pending_update_count"]) == ("", 1)
    assert after.result["pending_update_count"] == 0


async def test_leaving_the_server_is_polite(caller: Caller) -> None:
    """LogOut and close answer true."""
    assert (await caller.call("logOut")).result is True
    assert (await caller.call("close")).result is True


async def test_an_unknown_file_has_no_path(caller: Caller) -> None:
    """And is not served."""
    answer = await caller.call("getFile", file_id="x")
    async with caller.session.get(f"{caller.server.url}/file/bot1000001:sandbox-token/photos/x") as missing:
        status = missing.status

    assert answer.reason == "Bad Request: invalid file_id"
    assert status == 404
