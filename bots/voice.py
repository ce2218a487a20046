"""Giving the answers: at once, side by side, without ever holding up the work that made them.

Nothing depends on an answer having arrived: a failed one is not repeated for a press, is for a chat when the platform
says that nothing was done, and undoes nothing. A removal that fails stays in its case for the next sweep.

Nobody waits for the voice either. What one chat is to be told stands in a line of its own, at the platform's pace for
that chat; the line is short, so that who writes a thousand lines is not told a thousand times. Beyond the bounds an
answer is dropped, and the vote or the wish that it speaks of stands all the same.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from functools import lru_cache
from typing import Protocol

from bots.desk import Desk
from bots.inbound import guarded
from bots.outage import Outage
from bots.storekeeper import Pause
from bots.watch import carry_out
from core.answers import Answer, Erase, Remove, Say, Toast
from core.errors import PlatformError, Rejected, Unavailable, Uncertain, UnknownOption, UnknownPoll
from core.events import Handle
from core.identifiers import Address, Locale
from core.messages import BallotRefused, Message, RemovalReason, UnknownButton, UnknownCommand
from core.ports.platform import Editor, Listener
from core.ports.words import Words
from core.post import Post

log = logging.getLogger("parvis.bots")

MOST_UNDER_WAY = 5000  # presses being answered, chats being told, removals: of each more than should ever pile up
MOST_IN_A_CHAT = 20  # answers that wait in one chat; a group gets so many in a minute
_MOST_TOASTS_TOGETHER = 128
_TRIES = (1.0, 2.0, 4.0)  # seconds after a failure before the next try
_LONGEST_PAUSE = timedelta(seconds=30)
_REMEMBERED = 512  # rendered toasts: few sentences, said many times
_OF_NO_BUTTON = (UnknownPoll.reason, UnknownOption.reason)


class Counterpart(Listener, Editor, Protocol):
    """What the bots need of a platform: to hear, to answer, to change what is out."""


class Voice:
    """Carries out the answers of one account, in tasks of the group that owns it."""

    def __init__(
        self, *, desk: Desk, platform: Counterpart, words: Words, pause: Pause, tasks: asyncio.TaskGroup
    ) -> None:
        self._desk = desk
        self._platform = platform
        self._words = words
        self._pause = pause
        self._tasks = tasks
        self._together = asyncio.Semaphore(_MOST_TOASTS_TOGETHER)
        self._outage = Outage("answers", desk.account, longest=_LONGEST_PAUSE)
        self._bubble = lru_cache(maxsize=_REMEMBERED)(self._plain)
        self._toasts = 0
        self._lines: dict[Address | None, deque[Say]] = {}
        self._removing: set[Remove] = set()
        self._erasing = 0
        self._strange = 0
        self._handed_over = 0

    @property
    def in_hand(self) -> int:
        """How many presses, chats and removals are under way."""
        return self._toasts + len(self._lines) + len(self._removing) + self._erasing

    @property
    def busy(self) -> bool:
        """Whether anything is in hand that the platform was not handed over: it may wait there for its turn."""
        return self.in_hand > self._handed_over

    def give(self, answers: Iterable[Answer]) -> None:
        """Begin to carry these out."""
        for answer in answers:
            self._strange += _is_strange(answer)
            match answer:
                case Toast(handle=handle):
                    self._begin_toast(handle, answer)
                case Say():
                    self._begin_say(answer)
                case Remove():
                    self._begin_removal(answer)
                case Erase():
                    self._begin_erasing(answer)

    def later(self, seconds: float, speak: Callable[[], None]) -> asyncio.Task[None]:
        """Call ``speak`` after so many seconds of real time, unless the task is cancelled or the shift over by then."""
        return self._tasks.create_task(_after(seconds, speak))

    def report(self) -> None:
        """Say how many pressed buttons that mean nothing, if any, since the last report."""
        if self._strange:
            log.info("unknown_buttons", extra={"account": self._desk.account, "presses": self._strange})
            self._strange = 0

    def _begin_toast(self, handle: Handle, toast: Toast | None) -> None:
        if self._toasts < MOST_UNDER_WAY:
            self._toasts += 1
            self._tasks.create_task(self._answer_press(handle, toast))

    def _begin_say(self, say: Say) -> None:
        if say.handle.press is not None:
            self._begin_toast(say.handle, None)  # lets go of the button, which else spins on
        chat = say.handle.chat
        line = self._lines.get(chat)
        if line is not None:
            if not (isinstance(say.message, UnknownCommand) and any(each.message == say.message for each in line)):
                line.append(say)
        elif len(self._lines) < MOST_UNDER_WAY:
            line = self._lines[chat] = deque((say,), maxlen=MOST_IN_A_CHAT)
            self._tasks.create_task(self._talk(chat, line))

    def _begin_removal(self, removal: Remove) -> None:
        if removal not in self._removing and len(self._removing) < MOST_UNDER_WAY:
            self._removing.add(removal)
            self._tasks.create_task(self._remove(removal))

    def _begin_erasing(self, erasure: Erase) -> None:
        self._erasing += 1  # as many as moderators type
        self._tasks.create_task(self._erase(erasure))

    async def _answer_press(self, handle: Handle, toast: Toast | None) -> None:
        try:
            with guarded() as guard:
                async with self._together:
                    text = self._bubble(toast.message, toast.locale) if toast else ""
                    await self._platform.toast(handle, text, alert=toast is not None and toast.alert)
            self._note(guard.failure)
        finally:
            self._toasts -= 1

    async def _talk(self, chat: Address | None, line: deque[Say]) -> None:
        try:
            while line:
                with guarded() as guard:
                    await self._say(line.popleft())
                self._note(guard.failure)
        finally:
            del self._lines[chat]

    async def _remove(self, removal: Remove) -> None:
        try:
            with guarded() as guard:
                reason = self._plain(
                    RemovalReason(case=removal.case), self._desk.town.locale_of(self._desk.account, removal.chat)
                )
                await self._again(
                    lambda: carry_out(self._desk, self._platform, removal, reason=reason),
                    after=(Unavailable, Uncertain),
                )
            self._note(guard.failure)
        finally:
            self._removing.discard(removal)

    async def _erase(self, erasure: Erase) -> None:
        try:
            with guarded() as guard:
                await self._again(
                    lambda: self._platform.remove(erasure.chat, erasure.message),
                    after=(Unavailable, Uncertain),
                )
            self._note(guard.failure)
        finally:
            self._erasing -= 1

    async def _say(self, say: Say) -> None:
        post = self._words.post(say.message, say.locale, self._platform.capabilities)
        await self._again(lambda: self._hand_over(say.handle, post), after=(Unavailable,))

    async def _hand_over(self, handle: Handle, post: Post) -> None:
        self._handed_over += 1
        try:
            await self._platform.say(handle, post)
        finally:
            self._handed_over -= 1

    async def _again(self, call: Callable[[], Awaitable[None]], *, after: tuple[type[PlatformError], ...]) -> None:
        for delay in _TRIES:
            try:
                return await call()
            except after as error:
                told = error.retry_after if isinstance(error, Unavailable) else None
                await self._pause(told.total_seconds() if told is not None else delay)
        return await call()

    def _plain(self, message: Message, locale: Locale) -> str:
        return self._words.post(message, locale, self._platform.capabilities).text.plain

    def _note(self, failure: Exception | None) -> None:
        match failure:
            case None:
                self._outage.back()
            case Rejected():
                log.debug("answer_refused", extra={"account": self._desk.account})
            case _:
                self._outage.lost(failure)


async def _after(seconds: float, speak: Callable[[], None]) -> None:
    await asyncio.sleep(seconds)
    speak()


def _is_strange(answer: Answer) -> bool:
    """Whether this answers a button that none of our messages carries."""
    if not isinstance(answer, Toast):
        return False
    said = answer.message
    return isinstance(said, UnknownButton) or (isinstance(said, BallotRefused) and said.reason in _OF_NO_BUTTON)
