"""What Discord's events say, from saved payloads; where these come from: tests/payloads/README.md."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.discord.inbound import DISCORD, understand, written
from core.citizen import Person
from core.events import (
    ButtonPressed,
    Choice,
    Command,
    CommandGiven,
    Handle,
    Incoming,
    MessagePosted,
    UnknownButtonPressed,
)
from core.identifiers import Address, Locale, MessageId, PollId
from tests.adapters.discord.conftest import ACCOUNT, RECEIVED

PAYLOADS = Path(__file__).parents[2] / "payloads" / "discord"
ME = "1100000000000000001"
CHANNEL, THREAD = Address("1100000000000000210"), "1100000000000000900"
WHERE = Address("@1100000000000000101")
ANNE = Person(platform=DISCORD, account=WHERE, number=WHERE[1:], locale=Locale.FR, name="Anne Martin")
JOHN = Person(platform=DISCORD, account=WHERE, number=WHERE[1:], locale=Locale.EN, name="Anne Martin")
TO_HER = Handle(account=ACCOUNT, private=True, chat=WHERE, press="1100000000000000950:aW50ZXJhY3Rpb246scrubbed")


def said(number: int, text: str, *, answers: str | None = None, edited: bool = False) -> MessagePosted:
    """Anne wrote this in the channel."""
    handle = Handle(account=ACCOUNT, private=False, chat=CHANNEL, message=MessageId(f"1100000000000000{number}"))
    about = MessageId(answers) if answers else None
    posted = MessagePosted(received=RECEIVED, person=ANNE, handle=handle, text=text, answers=about, edited=edited)
    return replace(posted, since=datetime(2026, 1, 5, 9, tzinfo=UTC))


def in_private(number: int) -> Handle:
    """Where Anne wrote to us alone."""
    return Handle(account=ACCOUNT, private=True, chat=WHERE, message=MessageId(f"1100000000000000{number}"))


def given(command: Command, person: Person = ANNE, handle: Handle = TO_HER) -> CommandGiven:
    """A command."""
    return CommandGiven(received=RECEIVED, person=person, command=command, handle=handle)


def pressed(action: Choice | Command, person: Person = ANNE) -> ButtonPressed:
    """A button, or a choice in a list."""
    return ButtonPressed(received=RECEIVED, person=person, action=action, handle=TO_HER)


CASES: dict[str, tuple[Incoming, ...]] = {
    "message_in_a_channel": (said(901, "Très bien"),),
    "reply_in_a_channel": (said(902, "2", answers=THREAD),),
    "message_in_private": (MessagePosted(received=RECEIVED, person=ANNE, handle=in_private(904), text="Bonjour"),),
    "reply_in_private": (
        MessagePosted(
            received=RECEIVED,
            person=ANNE,
            handle=in_private(907),
            text="C'est un nom",
            answers=MessageId("1100000000000000906"),
        ),
    ),
    "command_in_private": (given(Command("vote", ("pont", "2")), handle=in_private(905)),),
    "message_of_a_bot": (),
    "message_of_a_webhook": (),
    "message_without_its_content": (said(908, ""),),
    "edited_message": (said(909, "Très bien !", edited=True),),
    "message_whose_link_was_unfolded": (),
    "button_in_a_channel": (pressed(Choice(PollId("pont"), 1)),),
    "list_in_a_channel": (pressed(Command("vote", ("pont", "1", "3"))),),
    "button_in_private": (pressed(Command("language", ("en",)), JOHN),),
    "button_of_nobody": (UnknownButtonPressed(received=RECEIVED, person=ANNE, handle=TO_HER),),
    "command_in_a_channel": (replace(given(Command("vote", ("pont", "2"))), place=CHANNEL),),
    "command_alone": (given(Command("help")),),
    "autocomplete": (),
}


def understood(name: str, *, parent: str | None = None) -> tuple[Incoming, ...]:
    """What a payload says once it was stored as it came."""
    told = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return understand(written(told["t"], told["d"], parent=parent, official=False), RECEIVED, me=ME)


@pytest.mark.parametrize("name", CASES)
def test_an_event_says(name: str) -> None:
    """Each kind of event that Parvis keeps is known for what it is, or for no concern of ours."""
    assert understood(name) == CASES[name]


def test_of_a_press_no_more_is_stored_than_is_read() -> None:
    """Discord tells the roles of whoever presses, and the message under the button: several times as much."""
    told = json.loads((PAYLOADS / "button_in_a_channel.json").read_text(encoding="utf-8"))
    stored = json.loads(written(told["t"], told["d"]))["data"]

    assert set(stored) == {"id", "token", "type", "member", "locale", "guild_id", "channel", "data"}
    assert set(stored["member"]) == {"user"}


def test_a_message_in_a_thread_stands_in_its_channel() -> None:
    """And is about the post that the thread hangs from."""
    (event,) = understood("message_in_a_thread", parent=str(CHANNEL))

    assert isinstance(event, MessagePosted)
    assert (event.handle.chat, event.thread) == (CHANNEL, THREAD)
    assert event.handle.message == f"{THREAD}/1100000000000000903"


def test_every_payload_is_looked_at() -> None:
    """A file that nobody reads proves nothing."""
    assert {path.stem for path in PAYLOADS.glob("*.json")} == {*CASES, "message_in_a_thread"}
