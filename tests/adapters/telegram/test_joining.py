"""What Telegram says of people who ask to join, and of those whom we let in."""

import json
from datetime import UTC, datetime

import pytest

from core.errors import Unreadable
from core.events import JoinRequested, StandingChanged
from core.identifiers import Locale
from tests.adapters.telegram.test_inbound import ME, read


def request(**changes: object) -> bytes:
    """Somebody asks to join, as Telegram says it."""
    asked = {
        "chat": {"id": -1001000000002, "type": "supergroup", "title": "La place"},
        "from": {"id": 101, "is_bot": False, "first_name": "Anne", "language_code": "en"},
        "user_chat_id": 101,
        "date": 1803888000,
        "invite_link": {"invite_link": "https://t.me/+abc", "creates_join_request": True},
    }
    return json.dumps({"update_id": 1, "chat_join_request": asked | changes}).encode()


def test_who_asks_to_join_is_known_with_where_to_write_to_them() -> None:
    """In their language."""
    (asked,) = read(request(user_chat_id=2**40))

    assert isinstance(asked, JoinRequested)
    assert (asked.person.account, asked.person.locale, asked.chat) == ("101", Locale.EN, "-1001000000002")
    assert (asked.handle.private, asked.handle.chat) == (True, str(2**40))
    assert asked.asked_at == datetime(2027, 3, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize("changes", [{"date": -1}, {"date": 2**40}, {"date": None}, {"user_chat_id": "x"}, {"from": 1}])
def test_a_request_that_says_nothing_is_set_aside(changes: dict[str, object]) -> None:
    """Nobody is let in by mistake."""
    with pytest.raises(Unreadable):
        read(request(**changes))


def test_whom_we_let_in_has_arrived() -> None:
    """What else we do ourselves says nothing new."""
    me = {"id": ME.id, "is_bot": True, "first_name": "Parvis"}
    user = {"id": 101, "first_name": "Anne"}

    def change(before: str, after: str) -> bytes:
        told = {
            "chat": {"id": -1001000000002, "type": "supergroup"},
            "from": me,
            "date": 1,
            "old_chat_member": {"user": user, "status": before},
            "new_chat_member": {"user": user, "status": after},
        }
        return json.dumps({"update_id": 1, "chat_member": told}).encode()

    (arrived,) = read(change("left", "member"))

    assert isinstance(arrived, StandingChanged)
    assert arrived.arrived_in == "-1001000000002"
    assert read(change("member", "kicked")) == ()
