"""Somebody with accounts on two networks, who votes with both, links them by a code, and so has one vote."""

import asyncio
import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sandbox.hands import Asked, Hands, Place, Sight, Told
from sandbox.inhabitants import Person
from sandbox.real_clock import Clock

CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")


@dataclass(frozen=True, slots=True, eq=False)
class Account:
    """One of a person's accounts, the hands of its network, and when these can be used again if they cannot now."""

    person: Person
    hands: Hands
    back: Callable[[], datetime | None] = lambda: None


class Double:
    """One person behind two accounts: votes when a first poll stands on both networks, then links them.

    All acts come at multiples of ``rhythm``. ``habit`` says whether the person votes again, and with which account.
    """

    def __init__(self, first: Account, second: Account, clock: Clock, *, rhythm: timedelta, habit: int) -> None:
        self._first = first
        self._second = second
        self._clock = clock
        self._rhythm = rhythm
        self._habit = habit
        self._asked: dict[Account, tuple[Place, int]] = {}
        self._begun = asyncio.Event()
        self._code = ""
        self._coded = asyncio.Event()
        self._dice = random.Random(f"{first.person.id}/{habit}")

    async def run(self) -> None:
        """Behave until everything is done, or cancelled."""
        leaves = [each.hands.watch(partial(self._look, each)) for each in (self._first, self._second)]
        try:
            await self._begun.wait()
            await self._act()
        finally:
            for leave in leaves:
                leave()

    async def _act(self) -> None:
        await self._votes(self._first, after=1)
        await self._votes(self._second, after=3)
        await self._later(2)
        self._first.hands.says(self._first.person, "/link")
        await self._coded.wait()
        await self._later(1)
        self._second.hands.says(self._second.person, f"/link {self._code}")
        for account in self._voting_again():
            await self._votes(account, after=40)

    def _voting_again(self) -> Iterable[Account]:
        return ((), (self._first,), (self._second,))[self._habit % 3]

    async def _votes(self, account: Account, *, after: int) -> None:
        await self._later(after)
        place, options = self._asked[account]
        account.hands.chooses(account.person, [place], self._dice.randrange(options))

    async def _later(self, beats: int) -> None:
        await self._clock.sleep_until(self._clock.now() + beats * self._rhythm)
        while (back := self._first.back() or self._second.back()) is not None:
            await self._clock.sleep_until(back)

    def _look(self, account: Account, sight: Sight) -> None:
        match sight:
            case Asked(public=True):
                self._asked.setdefault(account, (sight.place, sight.options))
                if len(self._asked) > 1:
                    self._begun.set()
            case Told(person, text) if account is self._first and person == account.person.id:
                if found := CODE.search(text):
                    self._code = found[0]
                    self._coded.set()
            case _:
                return
