"""What Mastodon's notifications say, from saved payloads; where these come from: tests/payloads/README.md."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.mastodon.inbound import MASTODON, answered_in_private, understand
from core.citizen import Person
from core.events import Command, CommandGiven, Handle, Incoming, MessagePosted, NativeTallied
from core.identifiers import Address, Locale, MessageId, NativePollId
from core.native import NativeTally
from tests.adapters.mastodon.conftest import ACCOUNT, PUBLIC, received

PAYLOADS = Path(__file__).parents[2] / "payloads" / "mastodon"
ME = "112400000000000001"
RECEIVED = received()
ANNE = Person(platform=MASTODON, account="@anne", number="112400000000000101", locale=Locale.FR, name="Anne Martin")
FAR = "@chloe@ailleurs.example"


def said(number: str, text: str, *, private: bool = False, answers: bool = False) -> MessagePosted:
    """Anne wrote this."""
    message = f"114086000000000{number}"
    return MessagePosted(
        received=RECEIVED,
        person=ANNE,
        handle=Handle(
            account=ACCOUNT,
            private=private,
            chat=Address("@anne") if private else PUBLIC,
            message=MessageId(message),
            press=f"{message} @anne",
        ),
        text=text,
        answers=MessageId("114086000000000900") if answers else None,
        since=datetime(2024, 5, 12, tzinfo=UTC),
    )


REPLY = said(
    "905", "Oui & non, voir\nhttps://ailleurs.example/un/long/chemin/vers/le/pont\n\n#pont :coeur:", answers=True
)
COMMAND = said("904", "/vote pont 2", private=True)
OVER = NativeTally(counts=(5, 2), voters=7, final=True)
ULID = "01KQG0FCDG5T8V0A1B2C3D4E5F"

CASES: dict[str, tuple[Incoming, ...]] = {
    "reply_in_public": (said("901", "2", answers=True),),
    "message_in_private": (said("902", "option 1", private=True),),
    "message_for_followers": (said("903", "entre nous", private=True),),
    "command_in_private": (
        CommandGiven(
            received=RECEIVED, person=ANNE, handle=COMMAND.handle, command=Command("vote", ("pont", "2")), said=None
        ),
    ),
    "reply_from_another_server": (
        replace(
            REPLY,
            person=Person(
                platform=MASTODON, account=FAR, number="112400000000000103", locale=Locale.FR, name="Chloé 🌻"
            ),
            handle=replace(REPLY.handle, press=f"{REPLY.handle.message} {FAR}"),
        ),
    ),
    "edited_message": (replace(said("906", "3", answers=True), edited=True),),
    "quote_with_a_mention": (said("907", "bravo"),),
    "poll_of_ours_is_over": (NativeTallied(received=RECEIVED, poll=NativePollId("4711"), tally=OVER),),
    "poll_of_others_is_over": (),
    "favourite": (),
    "follow": (),
    "mention_by_ourselves": (),
    "account_that_was_deleted": (),
    "a_kind_from_the_future": (),
}


@pytest.mark.parametrize("name", CASES)
def test_a_notification_says(name: str) -> None:
    """Each kind that a server sends is known for what it is, or for no concern of ours."""
    assert understand((PAYLOADS / f"{name}.json").read_bytes(), RECEIVED, me=ME) == CASES[name]


def test_a_notification_of_gotosocial_says_the_same() -> None:
    """With ids of letters, without a name to show, and fewer fields."""
    body = (PAYLOADS / "message_on_gotosocial.json").read_bytes()

    (event,) = understand(body, RECEIVED, me="01HZX2QH000000000000000001")

    assert isinstance(event, MessagePosted)
    assert (event.text, event.person.name, event.handle.private, event.handle.message) == ("2", "anne", True, ULID)


def test_every_payload_is_looked_at() -> None:
    """A file that nobody reads proves nothing."""
    assert {path.stem for path in PAYLOADS.glob("*.json")} == {*CASES, "message_on_gotosocial"}


@pytest.mark.parametrize(
    ("visibility", "content", "about", "asked"),
    [
        ("direct", "<p>@ville /note</p>", "7", "7"),
        ("public", "<p>@ville /note</p>", "7", None),
        ("direct", "<p>bonjour</p>", "7", None),
        ("direct", "<p>/note</p>", None, None),
        ("direct", None, "7", None),
    ],
)
def test_only_of_a_private_command_the_post_that_it_answers_is_asked_for(
    visibility: str, content: str | None, about: str | None, asked: str | None
) -> None:
    """Each costs a call."""
    status = {"visibility": visibility, "content": content, "in_reply_to_id": about}

    assert answered_in_private({"type": "mention", "status": status}) == asked
    assert answered_in_private({"type": "poll", "status": status}) is None
