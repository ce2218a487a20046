"""What people's applications let them do, and what not."""

import pytest

from sandbox.telegram.errors import NobodyThere
from sandbox.telegram.values import Change
from sandbox.telegram.world import World
from tests.sandbox.conftest import ANNE, BOT, CHANNEL, CHLOE, GROUP


def test_a_link_carries_its_payload(world: World) -> None:
    """t.me/<bot>?start=<payload>."""
    number = world.start(ANNE, "poll-1")

    assert world.chat_of(ANNE, ANNE).messages[number].text == "/start poll-1"


def test_readers_do_not_publish(world: World) -> None:
    """Channels are for administrators."""
    with pytest.raises(NobodyThere, match="may not publish"):
        world.write(ANNE, CHANNEL, "bonjour")


def test_strangers_do_not_talk(world: World) -> None:
    """One joins first."""
    with pytest.raises(NobodyThere, match="is not in"):
        world.write(CHLOE, GROUP, "bonjour")


def test_who_blocked_the_bot_does_not_write_to_it(world: World) -> None:
    """The application offers to unblock instead."""
    world.start(ANNE)
    world.block(ANNE)

    with pytest.raises(NobodyThere, match="has blocked"):
        world.write(ANNE, ANNE, "bonjour")


def test_words_of_others_stay(world: World) -> None:
    """One corrects oneself."""
    number = world.write(ANNE, GROUP, "bonjour")

    with pytest.raises(NobodyThere, match="did not write"):
        world.edit_message(102, GROUP, number, "bonsoir")


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (lambda world: world.user(999), "no user 999"),
        (lambda world: world.chat(-999), "no chat -999"),
        (lambda world: world.the_bot(999), "no bot 999"),
        (lambda world: world.chat_of(ANNE, ANNE), "has no private chat"),
        (lambda world: world.press(ANNE, GROUP, 99, "1"), "no such button"),
    ],
    ids=["user", "chat", "bot", "private chat", "message"],
)
def test_what_is_not_there_cannot_be_used(world: World, act: object, reason: str) -> None:
    """With a sentence that names it."""
    assert callable(act)

    with pytest.raises(NobodyThere, match=reason):
        act(world)


def test_answers_belong_to_the_thread_of_what_they_answer(world: World) -> None:
    """In supergroups; in forums threads are topics."""
    first = world.write(ANNE, GROUP, "un")
    second = world.write(102, GROUP, "deux", reply_to=first)
    third = world.write(ANNE, GROUP, "trois", reply_to=second)
    world.chat(GROUP).is_forum = True
    fourth = world.write(ANNE, GROUP, "quatre", reply_to=first)
    fifth = world.write(ANNE, GROUP, "cinq", thread=7)

    messages = world.chat(GROUP).messages
    assert [messages[number].thread for number in (first, second, third, fourth, fifth)] == [
        None, first, first, None, 7,
    ]  # fmt: skip


def test_listeners_hear_until_they_leave(world: World) -> None:
    """For the page and the crowd."""
    seen: list[Change] = []
    leave = world.subscribe(seen.append)
    number = world.write(ANNE, GROUP, "bonjour")
    leave()
    world.write(ANNE, GROUP, "bonsoir")

    assert seen == [Change(kind="message", chat=GROUP, message=number, user=ANNE)]


def test_a_topic_is_shown_as_one(world: World) -> None:
    """Messages of forums tell their topic."""
    world.chat(GROUP).is_forum = True
    number = world.write(ANNE, GROUP, "cinq", thread=7)

    shape = world.shape.message(world.chat(GROUP), world.chat(GROUP).messages[number])

    assert (shape["message_thread_id"], shape["is_topic_message"]) == (7, True)


def test_a_world_needs_nothing(world: World) -> None:
    """It makes its own clock and journal."""
    bare = World()

    assert bare.clock.now() > world.clock.now().min.replace(tzinfo=world.clock.now().tzinfo)
    assert BOT not in bare.users
