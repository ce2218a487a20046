"""Who is official: asked about the town's discussions alone, and about nobody else's groups."""

from collections.abc import Callable
from datetime import timedelta
from typing import Literal

import pytest

from adapters.telegram.adapter import TelegramAdapter
from core.events import MessagePosted
from core.identifiers import Address
from core.ports.platform import Cursor, Introduction
from sandbox.faults import Harm
from sandbox.telegram.values import Chat, Member
from tests.adapters.telegram.conftest import ANNE, BILAL, BOT, CHLOE, GROUP, TOKEN, Town, hear

ADMINISTRATORS = "getChatAdministrators"
VILLAGE = -900001  # a small group, as all are before they grow
GROWN = -1009000000001

Connect = Callable[..., TelegramAdapter]


async def officials(adapter: TelegramAdapter) -> list[bool | None]:
    """Whether those who wrote since are official, in order."""
    return [event.official for event in await hear(adapter) if isinstance(event, MessagePosted)]


def settle(town: Town, chat: int, *, kind: Literal["group", "supergroup"]) -> None:
    """A group where Anne writes and Chloé and the bot are administrators."""
    town.world.add_chat(Chat(id=chat, kind=kind, title="Place du village"))
    town.world.chat(chat).members[ANNE] = Member(user=ANNE)
    for administrator in (BOT, CHLOE):
        town.world.promote(chat, administrator)


async def test_the_officials_of_known_discussions_are_known_from_the_start(
    town: Town, adapter: TelegramAdapter
) -> None:
    """What came in before the last stop is read before anything new is asked."""
    asked = len(town.calls(ADMINISTRATORS))
    town.world.write(CHLOE, GROUP, "Bonjour")

    assert await officials(adapter) == [True]
    assert len(town.calls(ADMINISTRATORS)) == asked == 1


async def test_nobody_is_taken_for_a_citizen_while_the_staff_is_not_known(town: Town, connect: Connect) -> None:
    """A message that is removed cannot be given back as it was."""
    town.misbehave(Harm.STATUS, ADMINISTRATORS, count=2)
    adapter = connect()
    await adapter.open(Introduction(), known=None)
    town.world.write(CHLOE, GROUP, "Bonjour")

    assert await officials(adapter) == [None]


async def test_a_question_that_failed_is_asked_again_before_words_are_judged(town: Town, connect: Connect) -> None:
    """One failure at the start must not last until the next start."""
    town.misbehave(Harm.STATUS, ADMINISTRATORS)
    adapter = connect()
    await adapter.open(Introduction(), known=None)
    for writer in (CHLOE, ANNE):
        town.world.write(writer, GROUP, "Bonjour")

    assert await officials(adapter) == [True, False]


async def test_groups_of_others_cost_no_question(town: Town, adapter: TelegramAdapter) -> None:
    """Anybody may add the bot to as many groups as they like: citizens would wait behind each question."""
    for number in range(3):
        settle(town, GROWN - number, kind="supergroup")
        town.world.write(ANNE, GROWN - number, "Bonjour")
    asked = len(town.calls(ADMINISTRATORS))

    assert await officials(adapter) == [None, None, None]
    assert len(town.calls(ADMINISTRATORS)) == asked


async def test_people_who_come_and_go_cost_no_question(town: Town, adapter: TelegramAdapter) -> None:
    """They were no officials, nor are they now."""
    await adapter.fetch(None)  # Telegram tells of members to those who asked for it before
    asked = len(town.calls(ADMINISTRATORS))
    town.world.expel(GROUP, BILAL, CHLOE)
    (left,) = await adapter.fetch(None)

    await adapter.fetch(Cursor(left.number + 1))

    assert len(town.calls(ADMINISTRATORS)) == asked


async def test_a_discussion_called_by_name_is_asked_about_under_its_number(town: Town, connect: Connect) -> None:
    """Updates call it by its number; a question that failed at the start is still known to be about it."""
    town.world.chat(GROUP).username = "la_place"
    town.misbehave(Harm.STATUS, ADMINISTRATORS)
    adapter = connect(discussions=(Address("@la_place"),))
    await adapter.open(Introduction(), known=None)
    await adapter.resolve(Address("@la_place"))
    town.world.write(CHLOE, GROUP, "Bonjour")

    assert await officials(adapter) == [True]


async def test_a_discussion_that_moves_is_followed(town: Town, connect: Connect) -> None:
    """A group that grows gets another number."""
    settle(town, VILLAGE, kind="group")
    adapter = connect(discussions=(Address(str(VILLAGE)),))
    await adapter.open(Introduction(), known=None)
    town.world.migrate(VILLAGE, GROWN, CHLOE)
    for writer in (CHLOE, ANNE):
        town.world.write(writer, GROWN, "Bonjour")

    assert await officials(adapter) == [True, False]


async def test_a_discussion_that_moved_while_nobody_listened_is_found(town: Town, connect: Connect) -> None:
    """The configuration still has the number of old."""
    settle(town, VILLAGE, kind="group")
    town.world.migrate(VILLAGE, GROWN, CHLOE)
    town.world.bots[TOKEN].queue.clear()
    adapter = connect(discussions=(Address(str(VILLAGE)),))
    await adapter.open(Introduction(), known=None)
    town.world.write(CHLOE, GROWN, "Bonjour")

    assert await officials(adapter) == [True]


async def test_a_discussion_that_moved_is_found_at_each_opening(town: Town, connect: Connect) -> None:
    """The lane begins again after an error; both numbers are known by then."""
    settle(town, VILLAGE, kind="group")
    town.world.migrate(VILLAGE, GROWN, CHLOE)
    adapter = connect(discussions=(Address(str(VILLAGE)),))
    for _ in range(2):
        await adapter.open(Introduction(), known=None)
    town.world.write(CHLOE, GROWN, "Bonjour")

    assert await officials(adapter) == [True]


async def test_a_new_administrator_is_soon_official(town: Town, adapter: TelegramAdapter) -> None:
    """The change itself is heard; what was known is then asked again."""
    await adapter.fetch(None)  # Telegram tells of members to those who asked for it before
    town.world.promote(GROUP, BILAL)
    (change,) = await adapter.fetch(None)
    town.world.write(BILAL, GROUP, "Bonjour")

    (posted,) = await hear(adapter, Cursor(change.number + 1))

    assert isinstance(posted, MessagePosted)
    assert posted.official


async def test_officials_are_asked_about_again_after_a_while(town: Town, adapter: TelegramAdapter) -> None:
    """Some changes are never told."""
    cursor = None
    for _ in range(3):
        town.world.write(ANNE, GROUP, "Bonjour")
        cursor = Cursor((await adapter.fetch(cursor))[-1].number + 1)
        town.clock.at += timedelta(minutes=6)

    assert len(town.calls(ADMINISTRATORS, "done")) == 1
    await adapter.fetch(cursor)
    assert len(town.calls(ADMINISTRATORS, "done")) == 2


async def test_not_knowing_the_officials_stops_nobody(
    town: Town, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    """The message is heard all the same."""
    town.misbehave(Harm.STATUS, ADMINISTRATORS, count=2)
    adapter = connect()
    await adapter.open(Introduction(), known=None)
    town.world.write(ANNE, GROUP, "Bonjour")

    (posted,) = await hear(adapter)

    assert isinstance(posted, MessagePosted)
    assert "officials_unknown" in caplog.text
