"""Sending: what arrives, and every rule that refuses."""

import json

import pytest

from sandbox.telegram.values import Chat, Member
from sandbox.telegram.world import World
from tests.sandbox.conftest import ANNE, BILAL, BOT, CHANNEL, CHLOE, GROUP, Caller
from tests.sandbox.pieces import button, rows


async def test_people_read_what_was_meant(world: World, caller: Caller) -> None:
    """Escaped HTML arrives as the visible text."""
    await caller.call("sendMessage", chat_id="@ville_demo", text="Budget &lt;2027&gt; &amp; vous", parse_mode="HTML")

    assert [message.text for message in world.chat(CHANNEL).messages.values()] == ["Budget <2027> & vous"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("  a \n", "a"), ("\n\na", "a"), ("a\rb", "ab"), ("a\tb", "a b"), ("a\u202eb", "ab"), ("a\x00b", "a b")],
    ids=["spaces around", "lines before", "carriage return", "tab", "right-to-left override", "NUL"],
)
async def test_text_is_cleaned_as_the_server_does(caller: Caller, sent: str, kept: str) -> None:
    """Td misc.cpp clean_input_string and MessageEntity.cpp fix_formatted_text."""
    answer = await caller.call("sendMessage", chat_id=CHANNEL, text=sent)

    assert isinstance(answer.result, dict)
    assert answer.result["text"] == kept


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "message text is empty"),
        (" \n ", "text must be non-empty"),
        ("a" * 4097, "message is too long"),
        ("😀" * 8193, "text is too long"),
        ("\ud800", "strings must be encoded in UTF-8"),
    ],
    ids=["nothing", "only space", "4097", "too many bytes", "lone surrogate"],
)
async def test_text_has_one_to_4096_code_points(world: World, caller: Caller, text: str, reason: str) -> None:
    """Longer texts must be split by the sender."""
    answer = await caller.call("sendMessage", chat_id=CHANNEL, text=text)

    assert (answer.status, answer.reason) == (400, f"Bad Request: {reason}")
    assert len(world.violations) == 1


async def test_4096_emoji_fit_in_one_message(caller: Caller) -> None:
    """Length is counted in code points, not in UTF-16 units."""
    answer = await caller.call("sendMessage", chat_id=CHANNEL, text="😀" * 4096)

    assert answer.status == 200


async def test_length_is_counted_after_parsing(caller: Caller) -> None:
    """Marks do not count."""
    answer = await caller.call("sendMessage", chat_id=CHANNEL, text=f"<b>{'a' * 4096}</b>", parse_mode="HTML")

    assert answer.status == 200


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (rows(button(callback_data="é" * 33)), "BUTTON_DATA_INVALID"),
        (rows(button(callback_data="")), "Text buttons are unallowed in the inline keyboard"),
        (rows({"text": "Oui"}), "Text buttons are unallowed in the inline keyboard"),
        (rows(button(" ")), "Inline keyboard button text must be non-empty"),
        (rows(button(callback_data="1", url="https://ville.example")), "a button must do exactly one thing"),
        (rows(button(url="ville")), "URL is invalid"),
        (rows(button(web_app={"url": "https://ville.example"})), "BUTTON_TYPE_INVALID"),
        (rows(*[button()] * 9), "more than 8 buttons in a row"),
        ({"inline_keyboard": [[button()]] * 101}, "reply markup is too long"),
        ({"inline_keyboard": [button()]}, "must be an Array of Arrays"),
        ({"inline_keyboard": "x"}, "must be an array"),
        ({"keyboard": [[{"text": "Oui"}]]}, "reply keyboards can't be used in channels"),
        (rows(button(colour="red", callback_data="1")), 'unknown field "colour" in InlineKeyboardButton'),
    ],
)
async def test_a_wrong_keyboard_is_refused(caller: Caller, markup: object, reason: str) -> None:
    """Client.cpp get_inline_keyboard_button_type, td ReplyMarkup.cpp."""
    answer = await caller.call("sendMessage", chat_id=CHANNEL, text="x", reply_markup=markup)

    assert answer.status == 400
    assert reason in str(answer.reason)


async def test_64_bytes_of_data_fit_on_a_button(caller: Caller) -> None:
    """Bytes, not characters."""
    answer = await caller.call(
        "sendMessage", chat_id=CHANNEL, text="x", reply_markup=rows(button(callback_data="é" * 32))
    )

    assert answer.status == 200


async def test_an_empty_keyboard_is_none(world: World, caller: Caller) -> None:
    """The server drops empty rows."""
    await caller.call("sendMessage", chat_id=CHANNEL, text="x", reply_markup={"inline_keyboard": [[]]})

    assert next(iter(world.chat(CHANNEL).messages.values())).markup is None


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"text": "x"}, "chat_id is empty"),
        ({"chat_id": "", "text": "x"}, "chat_id is empty"),
        ({"chat_id": "ville", "text": "x"}, 'parameter "chat_id" must be an integer'),
        ({"chat_id": 1.5, "text": "x"}, 'parameter "chat_id" must be an integer or a name'),
        ({"chat_id": CHANNEL, "text": 5}, 'parameter "text" must be a string'),
        ({"chat_id": CHANNEL, "text": "x", "colour": "red"}, 'unknown parameter "colour"'),
        ({"chat_id": CHANNEL, "text": "x", "disable_notification": "yes"}, "must be true or false"),
        ({"chat_id": CHANNEL, "text": "x", "disable_notification": 1}, "must be true or false"),
        ({"chat_id": CHANNEL, "text": "x", "message_thread_id": "x"}, "must be an integer"),
        ({"chat_id": CHANNEL, "text": "x", "message_thread_id": True}, "must be an integer"),
        ({"chat_id": CHANNEL, "text": "x", "reply_markup": "{"}, "can't parse reply_markup JSON object"),
        ({"chat_id": CHANNEL, "text": "x", "reply_markup": []}, 'parameter "reply_markup" must be an object'),
        ({"chat_id": CHANNEL, "text": "x", "reply_parameters": {}}, 'ReplyParameters must have field "message_id"'),
        ({"chat_id": CHANNEL, "text": "x", "parse_mode": "Markdown"}, "unsupported parse_mode"),
        ({"chat_id": CHANNEL, "text": "x", "entities": [{"type": "x", "offset": 0, "length": 1}]}, "MessageEntity"),
        ({"chat_id": CHANNEL, "text": "x", "entities": [{"type": "bold", "offset": -1, "length": 1}]}, "offset -1"),
    ],
)
async def test_a_wrong_parameter_is_refused_and_remembered(
    world: World, caller: Caller, parameters: dict[str, object], reason: str
) -> None:
    """The real server forgives some of these; a program that relies on that is wrong."""
    answer = await caller.call("sendMessage", **parameters)

    assert answer.status == 400
    assert reason in str(answer.reason)
    assert [violation.method for violation in world.violations] == ["sendMessage"]


async def test_a_form_and_json_say_the_same(world: World, caller: Caller) -> None:
    """python-telegram-bot sends forms with JSON inside, other programs JSON."""
    await caller.form("sendMessage", {"chat_id": str(CHANNEL), "text": "x", "reply_markup": json.dumps(rows(button()))})
    await caller.call("sendMessage", chat_id=CHANNEL, text="x", reply_markup=rows(button()))

    first, second = world.chat(CHANNEL).messages.values()
    assert (first.text, first.markup) == (second.text, second.markup)


async def test_an_entity_is_cut_to_the_text(caller: Caller) -> None:
    """Entities given apart lose what is trimmed."""
    bold = {"type": "bold", "offset": 1, "length": 50}

    answer = await caller.call("sendMessage", chat_id=CHANNEL, text=" gras  ", entities=[bold])

    assert isinstance(answer.result, dict)
    assert answer.result["entities"] == [{"type": "bold", "offset": 0, "length": 4}]


async def test_links_and_commands_are_found_by_the_server(caller: Caller) -> None:
    """Td MessageEntity.cpp find_entities."""
    answer = await caller.call(
        "sendMessage", chat_id=CHANNEL, text="/aide ou https://ville.example. #marché @ville_bot"
    )

    assert isinstance(answer.result, dict)
    assert [entity["type"] for entity in answer.result["entities"]] == ["bot_command", "url", "hashtag", "mention"]


async def test_a_stranger_has_no_chat(caller: Caller) -> None:
    """The server knows nobody the bot has not met."""
    answer = await caller.call("sendMessage", chat_id=999, text="x")

    assert answer.reason == "Bad Request: chat not found"


async def test_a_bot_cannot_write_first(world: World, caller: Caller) -> None:
    """Somebody seen in the group has still to open the chat."""
    world.write(ANNE, GROUP, "bonjour")

    answer = await caller.call("sendMessage", chat_id=ANNE, text="x")

    assert (answer.status, answer.reason) == (403, "Forbidden: bot can't initiate conversation with a user")


async def test_who_blocks_the_bot_is_not_reached(world: World, caller: Caller) -> None:
    """Td USER_IS_BLOCKED; starting again lifts it."""
    world.start(ANNE)
    world.block(ANNE)

    blocked = await caller.call("sendMessage", chat_id=ANNE, text="x")
    world.start(ANNE)
    reached = await caller.call("sendMessage", chat_id=ANNE, text="x")

    assert (blocked.status, blocked.reason) == (403, "Forbidden: bot was blocked by the user")
    assert reached.status == 200


@pytest.mark.parametrize(
    ("member", "status", "reason"),
    [
        (Member(user=BOT), 400, "Bad Request: need administrator rights in the channel chat"),
        (Member(user=BOT, status="left"), 403, "Forbidden: bot is not a member of the channel chat"),
        (Member(user=BOT, status="kicked"), 403, "Forbidden: bot was kicked from the channel chat"),
        (
            Member(user=BOT, status="restricted"),
            400,
            "Bad Request: not enough rights to send text messages to the chat",
        ),
    ],
    ids=["no administrator", "left", "kicked", "restricted"],
)
async def test_who_may_not_publish_is_told_why(
    world: World, caller: Caller, member: Member, status: int, reason: str
) -> None:
    """Client.cpp check_chat_access, td MessageSender.cpp can_send_message."""
    chat = GROUP if member.status == "restricted" else CHANNEL
    world.set_member(world.chat(chat), member)

    answer = await caller.call("sendMessage", chat_id=chat, text="x")

    assert (answer.status, answer.reason) == (status, reason)


async def test_a_chat_never_entered_does_not_exist(world: World, caller: Caller) -> None:
    """Private groups are invisible from outside."""
    world.add_chat(Chat(id=-1009, kind="supergroup", title="Ailleurs"))

    answer = await caller.call("sendMessage", chat_id=-1009, text="x")

    assert answer.reason == "Bad Request: chat not found"


async def test_a_group_that_moved_tells_where(world: World, caller: Caller) -> None:
    """Client.cpp check_chat_access: migrate_to_chat_id."""
    world.add_chat(Chat(id=-7, kind="group", title="Le groupe", members={BOT: Member(user=BOT)}))
    world.migrate(-7, -1007, by=ANNE)

    answer = await caller.call("sendMessage", chat_id=-7, text="x")

    assert answer.reason == "Bad Request: group chat was upgraded to a supergroup chat"
    assert answer.body["parameters"] == {"migrate_to_chat_id": -1007}


@pytest.mark.parametrize(("topic", "status"), [(7, 200), (8, 400), (1, 400)], ids=["there", "unknown", "general"])
async def test_a_topic_must_exist(world: World, caller: Caller, topic: int, status: int) -> None:
    """Client.cpp check_message_topic; the general topic is written to without naming it."""
    world.chat(GROUP).is_forum = True
    world.chat(GROUP).topics[7] = "Écoles"

    answer = await caller.call("sendMessage", chat_id=GROUP, text="x", message_thread_id=topic)

    assert answer.status == status
    assert answer.reason == (None if status == 200 else "Bad Request: message thread not found")


async def test_what_is_answered_must_be_there(caller: Caller) -> None:
    """Unless it does not matter."""
    strict = await caller.call("sendMessage", chat_id=CHANNEL, text="x", reply_parameters={"message_id": 99})
    easy = await caller.call(
        "sendMessage",
        chat_id=CHANNEL,
        text="x",
        reply_parameters={"message_id": 99, "allow_sending_without_reply": True},
    )

    assert strict.reason == "Bad Request: message to be replied not found"
    assert easy.status == 200


async def test_an_answer_shows_what_it_answers(world: World, caller: Caller) -> None:
    """And belongs to its thread."""
    question = world.write(ANNE, GROUP, "Quand ?")

    answer = await caller.call("sendMessage", chat_id=GROUP, text="Lundi", reply_parameters={"message_id": question})

    assert isinstance(answer.result, dict)
    assert answer.result["reply_to_message"]["text"] == "Quand ?"
    assert answer.result["message_thread_id"] == question


async def test_being_at_work_can_be_shown(world: World, caller: Caller) -> None:
    """Only with an action that exists."""
    world.start(BILAL)

    shown = await caller.call("sendChatAction", chat_id=BILAL, action="typing")
    wrong = await caller.call("sendChatAction", chat_id=BILAL, action="thinking")

    assert (shown.status, wrong.status) == (200, 400)


async def test_a_method_that_does_not_exist_is_not_found(world: World, caller: Caller) -> None:
    """Client.cpp on_cmd."""
    answer = await caller.call("sendTelegram")

    assert (answer.status, answer.reason) == (404, "Not Found: method not found")
    assert len(world.violations) == 1


async def test_methods_are_found_whatever_their_case(caller: Caller) -> None:
    """Client.cpp on_cmd looks for lower-case names."""
    answer = await caller.call("GETME")

    assert answer.status == 200


@pytest.mark.parametrize(
    ("token", "reason"),
    [("1000001:wrong", "Unauthorized"), ("wrong", "Unauthorized: invalid token specified")],
)
async def test_a_wrong_token_is_refused(caller: Caller, token: str, reason: str) -> None:
    """ClientManager.cpp send."""
    answer = await caller.call("getMe", token)

    assert (answer.status, answer.reason) == (401, reason)


async def test_strangers_read_a_public_channel_only(world: World, caller: Caller) -> None:
    """The place of somebody who never came is told, of somebody unknown not."""
    known = await caller.call("getChatMember", chat_id=GROUP, user_id=CHLOE)
    unknown = await caller.call("getChatMember", chat_id=GROUP, user_id=999)

    assert isinstance(known.result, dict)
    assert known.result["status"] == "left"
    assert unknown.reason == "Bad Request: member not found"
    assert not world.violations
