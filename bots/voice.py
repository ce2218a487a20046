"""Giving the answers: at once, side by side, without ever holding up the work that made them.

Nothing depends on an answer having arrived: a failed one is not repeated for a press, is for a chat when the platform
says that nothing was done, and undoes nothing. A removal that fails stays in its case for the next sweep.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from functools import lru_cache
from typing import Protocol

from bots.desk import Desk
from bots.inbound import guarded
from bots.outage import Outage
from bots.storekeeper import Pause
from bots.watch import carry_out
from core.answers import Answer, Remove, Say, Toast
from core.errors import PlatformError, Rejected, Unavailable, Uncertain
from core.identifiers import Locale
from core.messages import Message
from core.ports.platform import Editor, Listener
from core.ports.words import Words

log = logging.getLogger("parvis.bots")

_MOST_IN_HAND = 1000  # answers under way; more than a slow platform should ever let pile up
_MOST_TOASTS_TOGETHER = 128
_TRIES = (1.0, 2.0, 4.0)  # seconds after a failure before the next try
_LONGEST_PAUSE = timedelta(seconds=30)
_REMEMBERED = 512  # rendered toasts: few sentences, said many times


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
        self._toasting = asyncio.Semaphore(_MOST_TOASTS_TOGETHER)
        self._outage = Outage("answers", desk.account, longest=_LONGEST_PAUSE)
        self._room = asyncio.Event()
        self._room.set()
        self._bubble = lru_cache(maxsize=_REMEMBERED)(self._plain)
        self.in_hand = 0

    def give(self, answers: Iterable[Answer]) -> None:
        """Begin to carry these out."""
        for answer in answers:
            self.in_hand += 1
            self._tasks.create_task(self._give(answer))
        if self.in_hand >= _MOST_IN_HAND:
            self._room.clear()

    async def room(self) -> None:
        """Wait until fewer answers are under way than the bound."""
        await self._room.wait()

    async def _give(self, answer: Answer) -> None:
        try:
            with guarded() as guard:
                await self._carry(answer)
            self._note(guard.failure)
        finally:
            self.in_hand -= 1
            if self.in_hand < _MOST_IN_HAND:
                self._room.set()

    async def _carry(self, answer: Answer) -> None:
        match answer:
            case Toast():
                return await self._toast(answer)
            case Say():
                return await self._say(answer)
            case Remove():
                return await self._remove(answer)

    async def _toast(self, answer: Toast) -> None:
        async with self._toasting:
            text = self._bubble(answer.message, answer.locale)
            await self._platform.toast(answer.handle, text, alert=answer.alert)

    async def _remove(self, answer: Remove) -> None:
        await self._again(lambda: carry_out(self._desk, self._platform, answer), after=(Unavailable, Uncertain))

    async def _say(self, answer: Say) -> None:
        post = self._words.post(answer.message, answer.locale, self._platform.capabilities)
        if answer.handle.press is not None:
            await self._platform.toast(answer.handle, "", alert=False)  # lets go of the button, which else spins on
        await self._again(lambda: self._platform.say(answer.handle, post), after=(Unavailable,))

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
