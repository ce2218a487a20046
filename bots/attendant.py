"""Everything that is not a vote: what comes from one person in order, different people side by side.

Copies of posts, moves of chats and totals go first: they name nobody, and answers may be about them. A handler that
fails three times has its update set aside, whose author is told, and the rest goes on; a failing store is waited for. A
store that works again and again, but not for this update, is waited for as long as the others can be made to wait.
"""

import asyncio
import logging
from collections.abc import Iterable, Sequence

from bots.answering import answer
from bots.desk import Desk
from bots.hearing import Heard, Unheard
from bots.inbound import guarded, reason
from bots.router import respond
from bots.storekeeper import Storekeeper
from bots.voice import Voice
from core.answers import Answer
from core.errors import StorageError
from core.events import (
    ButtonPressed,
    ChatMoved,
    CommandGiven,
    Departed,
    Incoming,
    JoinRequested,
    MessagePosted,
    MessageReported,
    Mirrored,
    NativeTallied,
    ReportFiled,
    RightsChanged,
    StandingChanged,
    UnknownButtonPressed,
)
from core.identifiers import IntakeId, PersonRef
from core.messages import NotRecorded
from core.ports.books.inbox import Intake
from core.ports.store import Books

log = logging.getLogger("parvis.bots")

_TRIES = 3
_MOST_REFUSALS = 10  # by a store that works: a disk nearly full takes small changes, and comes and goes


class Attendant:
    """Deals with the events of one account."""

    def __init__(self, *, desk: Desk, voice: Voice, keeper: Storekeeper) -> None:
        self._desk = desk
        self._voice = voice
        self._keeper = keeper

    async def settle(self, batch: Sequence[Heard | Unheard]) -> None:
        """Deal with these; when this returns, each one's effect is stored or it is set aside."""
        for unheard in (each for each in batch if isinstance(each, Unheard)):
            await self._set_aside(unheard.intake, unheard.why)
        heard = [each for each in batch if isinstance(each, Heard)]
        await self._let_go([each.intake.id for each in heard if not each.events])
        speaking = [each for each in heard if each.events]
        await self._in_order([each for each in speaking if _names_nobody(each)])
        async with asyncio.TaskGroup() as people:
            for one in _by_person(speaking):
                people.create_task(self._in_order(one))

    async def _let_go(self, meaningless: Sequence[IntakeId]) -> None:
        def work(books: Books) -> None:
            books.inbox.done(meaningless)

        if meaningless:
            await self._keeper.outlast(work)

    async def _in_order(self, batch: Sequence[Heard]) -> None:
        for heard in batch:
            for event in heard.events:
                await self._attend(heard, event)

    async def _attend(self, heard: Heard, event: Incoming) -> None:
        why, faults = "", 0
        for _ in range(_MOST_REFUSALS):
            with guarded() as guard:
                self._voice.give(await respond(self._desk, event))
            if guard.failure is None:
                return self._keeper.works()
            why = reason(guard.failure)
            if isinstance(guard.failure, StorageError):
                await self._keeper.rest(guard.failure)
                await self._keeper.recover()
            elif (faults := faults + 1) == _TRIES:
                break
        refusal = _refusal(event)
        await self._set_aside(heard.intake, why, told=bool(refusal))
        return self._voice.give(refusal)

    async def _set_aside(self, intake: Intake, why: str, *, told: bool = False) -> None:
        log.error("update_set_aside", extra={"account": self._desk.account, "error": why})
        await self._keeper.quarantine(intake, why, told=told)


def _refusal(event: Incoming) -> tuple[Answer, ...]:
    """What to tell those who wait for an answer; in a group nobody does."""
    match event:
        case (
            ButtonPressed() | UnknownButtonPressed() | CommandGiven() | MessagePosted(edited=False) | MessageReported()
        ):
            waits = event.handle.private or event.handle.press is not None
            return (answer(event.handle, NotRecorded(), event.person.locale),) if waits else ()
        case (
            MessagePosted()
            | Mirrored()
            | Departed()
            | ChatMoved()
            | NativeTallied()
            | StandingChanged()
            | JoinRequested()
            | ReportFiled()
            | RightsChanged()
        ):
            return ()


def _names_nobody(heard: Heard) -> bool:
    return isinstance(heard.events[0], Mirrored | ChatMoved | NativeTallied | ReportFiled | RightsChanged)


def _by_person(batch: Sequence[Heard]) -> Iterable[list[Heard]]:
    people: dict[PersonRef, list[Heard]] = {}
    for heard in batch:
        first = heard.events[0]
        if not isinstance(first, Mirrored | ChatMoved | NativeTallied | ReportFiled | RightsChanged):
            people.setdefault(first.person.ref, []).append(heard)
    return people.values()
