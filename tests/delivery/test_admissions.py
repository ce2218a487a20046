"""What was decided about requests is told to the network, until it knows; what it refuses waits for the staff."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TypeVar

import pytest

from core.admission import ANSWERED_WITHIN, JoinRequest, RequestState
from core.alert import AlertKind, of_channel
from core.errors import Moved, PlatformError, Rejected, Unavailable
from core.identifiers import AccountName, Address, ChannelName
from core.ports.store import Books
from core.sanction import Subject
from core.sanctioning import closed
from delivery.matters import Matters
from storage.vault import MemoryVault
from tests.core.examples import NOON
from tests.core.test_sanction import DENIS, GROUP
from tests.core.test_staff import TELEGRAM
from tests.delivery.test_sanctions import Hall
from tests.moderators import ScriptedModerator

T = TypeVar("T")
PLACE = ChannelName("place")


def asked(hall: Hall, state: RequestState = RequestState.ADMITTED) -> JoinRequest:
    """Denis asked to join, and it stands like this."""
    return JoinRequest(
        account=TELEGRAM,
        chat=GROUP,
        person=hall.vault.blind(DENIS.person),
        sealed=closed(hall.vault, DENIS),
        place=PLACE,
        at=NOON,
        state=state,
    )


async def write(hall: Hall, work: Callable[[Books], T]) -> T:
    """In one transaction."""
    return await hall.store.write(work)


def _save(request: JoinRequest, books: Books) -> None:
    books.requests.save(request)


async def stands(hall: Hall) -> list[RequestState]:
    """How all requests stand."""
    return await hall.store.read(lambda books: [each.state for each in books.requests.all()])


@pytest.mark.parametrize("state", [RequestState.ADMITTED, RequestState.DECLINED])
async def test_what_was_decided_is_told_once(state: RequestState) -> None:
    """Then nothing is kept of it."""
    hall = Hall()
    await write(hall, lambda books: books.requests.save(asked(hall, state)))

    await hall.looks()
    await hall.looks()

    assert hall.network.answered == [(GROUP, DENIS, state is RequestState.ADMITTED)]
    assert await stands(hall) == []


async def test_nothing_is_told_of_what_is_not_decided_or_not_ours_or_while_the_town_is_held() -> None:
    """Each waits."""
    hall = Hall()
    waiting = asked(hall, RequestState.HELD)
    of_another = replace(asked(hall), account=AccountName("other"))

    for each in (waiting, of_another):
        await write(hall, partial(_save, each))
    await hall.looks()
    await write(hall, lambda books: books.requests.save(asked(hall)))
    await write(hall, lambda books: books.town.set_fact("held", "1"))
    await hall.looks()

    assert hall.network.answered == []


async def test_a_network_that_is_away_is_told_later() -> None:
    """At the next look."""
    hall = Hall()
    await write(hall, lambda books: books.requests.save(asked(hall)))
    hall.network.fails("answer_request", Unavailable("away"))

    await hall.looks()
    before = await stands(hall)
    await hall.looks()

    assert (before, await stands(hall)) == ([RequestState.ADMITTED], [])


@pytest.mark.parametrize("error", [Rejected("not enough rights"), None], ids=["no right", "another key"])
async def test_what_cannot_be_done_waits_for_the_staff(error: PlatformError | None) -> None:
    """It is not tried for ever."""
    hall = Hall()
    request = asked(hall) if error else replace(asked(hall), sealed=MemoryVault().seal("{}"))
    await write(hall, lambda books: books.requests.save(request))
    if error:
        hall.network.fails("answer_request", error)

    await hall.looks()
    await hall.looks()

    assert (await stands(hall), hall.network.answered) == ([RequestState.HELD], [])


async def test_a_chat_that_moved_is_told_where_it_is() -> None:
    """At the next look."""
    hall, there = Hall(), Address("-100999")
    await write(hall, lambda books: books.requests.save(asked(hall)))
    hall.network.fails("answer_request", Moved("elsewhere", to=there))

    await hall.looks()
    await hall.looks()

    assert [chat for chat, _, _ in hall.network.answered] == [there]


async def test_the_staff_is_asked_for_a_day_and_then_told_that_nobody_answered() -> None:
    """One matter for each channel; what its maker still reads is none."""
    hall = Hall()
    for person, state in ((b"a", RequestState.HELD), (b"b", RequestState.HELD), (b"c", RequestState.ASKED)):
        each = replace(asked(hall, state), person=person)
        await write(hall, partial(_save, each))
    matters = Matters(accounts=(), capabilities=dict)

    found = [
        await hall.store.read(partial(matters.find, now=at))
        for at in (NOON, NOON + ANSWERED_WITHIN - timedelta(seconds=1), NOON + ANSWERED_WITHIN)
    ]

    seen = [[(name, each.detail.en if each.detail else "") for name, each in some.items()] for some in found]
    held = [((AlertKind.REQUESTS, of_channel(PLACE)), "place (2)")]
    assert seen == [held, held, [((AlertKind.UNANSWERED, of_channel(PLACE)), "place (3)")]]


async def test_what_was_forgotten_meanwhile_stays_forgotten() -> None:
    """Also when the network refuses it."""
    hall = Hall()
    request = asked(hall)
    await write(hall, lambda books: books.requests.save(request))

    class Slow(ScriptedModerator):
        async def answer_request(self, chat: Address, subject: Subject, *, admitted: bool) -> None:
            await super().answer_request(chat, subject, admitted=admitted)
            await write(hall, lambda books: books.requests.forget(request.person))
            raise Rejected("too late")

    hall.network = Slow()
    await hall.looks()

    assert (len(hall.network.answered), await stands(hall)) == (1, [])
