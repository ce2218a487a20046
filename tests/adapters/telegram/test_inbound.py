"""What Telegram's updates say, from payloads of its documentation and from hostile ones."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.identity import Identity
from adapters.telegram.inbound import TELEGRAM, understand
from core.citizen import Person
from core.errors import Unreadable
from core.events import (
    ButtonPressed,
    ChatMoved,
    Choice,
    Command,
    CommandGiven,
    Departed,
    Handle,
    Incoming,
    MessagePosted,
    Mirrored,
    RightsChanged,
    StandingChanged,
    Target,
    UnknownButtonPressed,
)
from core.identifiers import Address, Locale, MessageId, PollId
from core.rules.media import Medium
from tests.adapters.telegram.conftest import ACCOUNT, received

PAYLOADS = Path(__file__).parents[2] / "payloads" / "telegram"
ME = Identity(id=1, username="ville_bot", key=b"k")
CHANNEL, GROUP = Address("-1001000000001"), Address("-1001000000002")
OFFICIALS = {GROUP: frozenset({"103", str(CHANNEL)})}
ANNE = Person(platform=TELEGRAM, account="101", number="101", locale=Locale.FR, name="Anne Martin")
JOHN = Person(platform=TELEGRAM, account="104", number="104", locale=Locale.EN, name="John")
IN_GROUP = Handle(account=ACCOUNT, private=False, chat=GROUP, message=MessageId("42"))
IN_PRIVATE = Handle(account=ACCOUNT, private=True, chat=Address("101"), message=MessageId("42"))
RECEIVED = received()


def read(body: bytes) -> tuple[Incoming, ...]:
    return understand(body, RECEIVED, me=ME, officials=OFFICIALS)


def saved(name: str) -> bytes:
    return (PAYLOADS / f"{name}.json").read_bytes()


def posted(name: str) -> MessagePosted:
    (event,) = read(saved(name))
    assert isinstance(event, MessagePosted)
    return event


def pressed(poll: str, option: int, handle: Handle) -> ButtonPressed:
    return ButtonPressed(received=RECEIVED, person=ANNE, action=Choice(PollId(poll), option), handle=handle)


SAID = MessagePosted(received=RECEIVED, person=ANNE, handle=IN_GROUP, text="/help@Ville_Bot")


def given_command(command: Command, handle: Handle) -> CommandGiven:
    return CommandGiven(received=RECEIVED, person=ANNE, command=command, handle=handle)


IN_CHANNEL = Handle(account=ACCOUNT, private=False, chat=CHANNEL, message=MessageId("7"), press="4382bfdwdsb323b2d9")
OLD = Handle(account=ACCOUNT, private=False, chat=CHANNEL, message=MessageId("7"), press="9")
NOWHERE = Handle(account=ACCOUNT, private=False, press="9")
WITH_JOHN = Handle(account=ACCOUNT, private=True, chat=Address("104"), message=MessageId("7"), press="9")
MIRROR = Mirrored(received=RECEIVED, channel=CHANNEL, post=MessageId("12"), group=GROUP, message=MessageId("42"))
MESSAGE = MessagePosted(received=RECEIVED, person=ANNE, handle=IN_GROUP, text="Bonjour")
LANGUAGE = Command("language", ("en",))

WARNING = "/warn 2 merci"
WARNED = Target(
    author=Person(platform=TELEGRAM, account="102", locale=Locale.EN, name="Blaise", number="102"),
    chat=GROUP,
    message=MessageId("40"),
    text="Espèce de nigaud",
)

CASES: dict[str, tuple[Incoming, ...]] = {
    "press_in_channel": (pressed("budget_pont", 0, IN_CHANNEL),),
    "press_in_private": (ButtonPressed(received=RECEIVED, person=JOHN, action=LANGUAGE, handle=WITH_JOHN),),
    "press_on_a_message_too_old_to_be_shown": (pressed("budget_pont", 1, OLD),),
    "press_on_a_message_shared_elsewhere": (pressed("budget_pont", 1, NOWHERE),),
    "press_of_a_game": (UnknownButtonPressed(received=RECEIVED, person=ANNE, handle=NOWHERE),),
    "message_in_group": (MESSAGE,),
    "command_in_private": (given_command(Command("vote", ("budget_pont", "2")), IN_PRIVATE),),
    "command_to_us_in_group": (replace(given_command(Command("help"), IN_GROUP), said=SAID),),
    "command_in_answer_to_a_message": (
        replace(
            given_command(Command("warn", ("2", "merci")), IN_GROUP),
            said=replace(SAID, text=WARNING, answers=MessageId("40")),
            target=WARNED,
        ),
    ),
    "command_to_another_bot_in_private": (),
    "start_in_private": (given_command(Command("start"), IN_PRIVATE),),
    "start_with_a_strange_payload": (given_command(Command("start"), IN_PRIVATE),),
    "mirror_of_a_post": (MIRROR,),
    "mirror_of_an_edited_post": (MIRROR,),
    "blocked_in_private": (Departed(received=RECEIVED, person=ANNE),),
    "unblocked_in_private": (),
    "removed_from_a_group": (RightsChanged(received=RECEIVED),),
    "came_back_to_a_group": (StandingChanged(received=RECEIVED, person=ANNE, arrived_in=Address("-1001000000002")),),
    "banned_by_us": (),
    "group_became_a_supergroup": (ChatMoved(received=RECEIVED, old=Address("-4001"), new=GROUP),),
    "picture_without_words": (replace(MESSAGE, text="", media=frozenset({Medium.PHOTO})),),
    "somebody_joined": (),
    "post_in_a_channel": (),
    "poll_answer": (),
    "a_kind_from_the_future": (),
}


@pytest.mark.parametrize("name", CASES)
def test_an_update_says(name: str) -> None:
    """Each kind of update Telegram sends is known for what it is, or for no concern of ours."""
    assert read(saved(name)) == CASES[name]


@pytest.mark.parametrize(
    ("name", "official"),
    [
        ("message_in_group", False),
        ("message_of_an_administrator", True),
        ("message_of_the_anonymous_administrator", True),
        ("message_as_the_linked_channel", True),
        ("message_as_another_channel", False),
        ("message_in_private", False),
    ],
)
def test_the_town_and_its_staff_are_official(name: str, official: bool) -> None:  # noqa: FBT001  a case's second half
    """And nobody else: writing as any channel one owns must not lift the charter."""
    assert posted(name).official is official


def test_the_chat_itself_is_official_whoever_sends_for_it() -> None:
    """Its own number is known without asking."""
    update = json.loads(saved("message_as_another_channel"))
    update["message"]["sender_chat"]["id"] = update["message"]["chat"]["id"]

    (event,) = understand(json.dumps(update).encode(), RECEIVED, me=ME, officials={})

    assert isinstance(event, MessagePosted)
    assert event.official is True


@pytest.mark.parametrize(("name", "private"), [("message_in_group", True), ("message_as_another_channel", False)])
def test_who_speaks_as_a_channel_has_no_private_chat(name: str, private: bool) -> None:  # noqa: FBT001  a case's second half
    """What is sent to a channel, all its readers see."""
    assert posted(name).person.has_private_chat is private


@pytest.mark.parametrize(
    ("name", "official"),
    [
        ("message_in_group", None),
        ("message_of_an_administrator", None),
        ("message_as_the_linked_channel", None),
        ("message_of_the_anonymous_administrator", True),
        ("message_in_private", False),
    ],
)
def test_where_the_staff_is_not_known_nobody_is_taken_for_a_citizen(name: str, official: bool | None) -> None:  # noqa: FBT001  a case's second half
    """A question that failed must not put staff before the charter."""
    (event,) = understand(saved(name), RECEIVED, me=ME, officials={})

    assert isinstance(event, MessagePosted)
    assert event.official is official


@pytest.mark.parametrize(
    ("name", "answers", "thread", "topic"),
    [
        ("message_in_group", None, None, None),
        ("comment_under_a_mirror", "40", "40", None),
        ("message_in_a_topic", None, None, 7),
        ("reply_in_a_topic", "41", None, 7),
    ],
)
def test_a_message_says_what_it_answers(name: str, answers: str, thread: str, topic: int) -> None:
    """A topic's first message is what everything in it formally answers, and nobody meant to."""
    message = posted(name)

    assert (message.answers, message.thread, message.handle.topic) == (answers, thread, topic)


def test_a_rewritten_message_is_known_as_such() -> None:
    """The charter holds for the new words too."""
    assert posted("edited_message").edited


def test_a_rewritten_command_is_not_given_again() -> None:
    """It was answered when it was first given."""
    assert posted("edited_command").text == "/help"


def test_a_command_to_another_bot_is_a_message_to_everybody_in_a_group() -> None:
    """Otherwise the charter would not hold behind a slash."""
    assert posted("command_to_another_bot_in_group").text == "/help@other_bot et zut"


def test_the_words_under_a_picture_are_words() -> None:
    """The charter holds for them."""
    assert posted("caption_of_a_picture").text == "Le pont"


def test_links_behind_words_are_told_and_so_is_what_was_passed_on() -> None:
    """What claims to be a link and has another shape leads nowhere."""
    marks = [{"type": "text_link", "url": "https://exemple.fr"}, {"type": "text_link", "url": 5}, {"type": "bold"}, 7]

    said = {"entities": marks, "forward_origin": {"type": "user"}, "text": "Ici", "message_id": 1}
    sent = {"chat": {"id": -5, "type": "group"}, "from": {"id": 7}}

    (event,) = read(json.dumps({"message": said | sent}).encode())

    assert isinstance(event, MessagePosted)
    assert (event.links, event.forwarded) == (("https://exemple.fr",), True)


def test_hostile_characters_become_harmless() -> None:
    """NUL and halves of surrogate pairs can be stored and sent nowhere."""
    assert posted("hostile_text").text == "zéro\ufffd moitié\ufffd <b>&amp;</b> \u202etourné"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"\xff\xfe",
        b'{"message": null}',
        b'{"message": {"chat": {"id": "7"}, "message_id": 1}}',
        b'{"message": {"chat": {"id": 9223372036854775808}, "message_id": 1}}',
        b'{"message": {"chat": {"id": true}, "message_id": 1}}',
        b'{"callback_query": {"id": "1", "data": "v1:a:0"}}',
        b'{"callback_query": {"id": 1, "from": {"id": 1}}}',
        b'{"poll_answer": {"poll_id": "1", "option_ids": [0]}}',
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
        b'{"a":' + b"9" * 5000 + b"}",
    ],
    ids=range(13),
)
def test_a_shape_that_nothing_explains_is_unreadable(body: bytes) -> None:
    """It is set aside, and nothing else happens."""
    with pytest.raises(Unreadable):
        read(body)


@pytest.mark.parametrize(
    "message",
    [
        {"my_chat_member": {"chat": {"type": "private"}, "new_chat_member": {"status": ["kicked"]}}},
        {"message": {"chat": {"id": -1}, "message_id": 1, "text": "a", "from": {"id": []}, "sender_chat": {"id": 2}}},
    ],
)
def test_lists_where_words_or_numbers_belong_are_harmless(message: dict[str, object]) -> None:
    """They cannot be looked up in a set."""
    assert len(read(json.dumps(message).encode())) <= 1


def test_a_mirror_of_something_else_than_a_channel_is_no_concern_of_ours() -> None:
    """Whatever Telegram may mirror one day."""
    update = json.loads(saved("mirror_of_a_post"))
    update["message"]["forward_origin"] = {"type": "hidden_user"}

    assert read(json.dumps(update).encode()) == ()


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=5)
NAMES = (
    (
        "from",
        "chat",
        "id",
        "message_id",
        "text",
        "message",
        "data",
        "type",
        "sender_chat",
        "reply_to_message",
        "status",
    ),
    ("forward_origin", "is_automatic_forward", "migrate_to_chat_id", "new_chat_member", "edit_date", "caption"),
    ("status", "message_thread_id", "is_topic_message", "first_name", "language_code", "poll_id", "option_ids"),
)
KNOWN = [name for names in NAMES for name in names]
JSON = st.recursive(
    SCALARS, lambda deeper: st.lists(deeper, max_size=2) | st.dictionaries(st.sampled_from(KNOWN), deeper, max_size=6)
)
KINDS = st.sampled_from(
    ["message", "edited_message", "callback_query", "my_chat_member", "poll_answer", "chat_join_request", "other"]
)


@given(KINDS, JSON)
def test_nothing_but_unreadable_comes_out_of_any_json(kind: str, content: object) -> None:
    """A server gone mad must not stop the town."""
    try:
        events = read(json.dumps({"update_id": 1, kind: content}).encode())
    except Unreadable:
        return

    assert isinstance(events, tuple)


@given(st.sampled_from(sorted(CASES)), st.data())
def test_nothing_but_unreadable_comes_out_of_a_damaged_update(name: str, data: st.DataObject) -> None:
    """One value of a good update replaced by anything."""
    update = json.loads(saved(name))
    place = update
    while isinstance(place, dict) and place:
        key = data.draw(st.sampled_from(sorted(place)))
        if not isinstance(place[key], dict) or data.draw(st.booleans()):
            place[key] = data.draw(JSON)
            break
        place = place[key]

    try:
        read(json.dumps(update).encode())
    except Unreadable:
        return


@given(st.binary(max_size=60))
def test_nothing_but_unreadable_comes_out_of_any_bytes(body: bytes) -> None:
    """Not even JSON is sure."""
    try:
        read(body)
    except Unreadable:
        return


def test_a_command_in_private_is_about_no_message_there() -> None:
    """Whoever answers our alert with «/accept 12» means case 12, and not the alert."""
    update = json.loads(saved("command_in_private"))
    update["message"]["reply_to_message"] = {**update["message"], "message_id": 7, "text": "Dossier 12"}

    (given,) = read(json.dumps(update).encode())

    assert isinstance(given, CommandGiven)
    assert (given.handle.private, given.target) == (True, None)


def test_the_beginning_of_a_topic_is_no_message_that_a_command_answers() -> None:
    """The network names it for want of one: nobody could be warned for it."""
    update = json.loads(saved("command_in_answer_to_a_message"))
    update["message"] |= {"message_thread_id": 40, "is_topic_message": True}

    (given,) = read(json.dumps(update).encode())

    assert isinstance(given, CommandGiven)
    assert (given.handle.topic, given.target) == (40, None)
