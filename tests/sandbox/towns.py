"""A little town for tests: what a bot would do there, done by hand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sandbox.clock import StageClock
from sandbox.crowd import Crowd, CrowdPlan
from sandbox.inhabitants import people
from sandbox.telegram.hands import TelegramHands
from sandbox.telegram.scene import found
from sandbox.telegram.values import Json, Message
from sandbox.telegram.world import World
from sandbox.town import Town

NINE = datetime(2027, 3, 1, 9, tzinfo=UTC)
TOWN = Town()
OPTIONS = ("Pont", "Gué", "Bac")


class LittleTown:
    """A world, a clock that leaps, and forty people; ``asks`` and ``closes`` are what a bot does."""

    def __init__(self, inhabitants: int = 40) -> None:
        self.clock = StageClock(NINE, quiet=timedelta(milliseconds=1))
        self.world = World(clock=self.clock)
        self.people = people(inhabitants)
        self.token = found(self.world, TOWN, self.people)
        self.clock.watch(lambda: self.world.activity)

    def says(self, text: str, *, chat: int = TOWN.channel, markup: Json | None = None) -> Message:
        """The bot publishes."""
        place = self.world.chat_of(abs(chat), chat)
        sender = None if chat == TOWN.channel else TOWN.bot
        shown = chat if chat == TOWN.channel else None
        message = Message(chat=chat, author=TOWN.bot, sender=sender, sender_chat=shown, text=text, markup=markup)
        return self.world.place(place, message)

    def asks(self, poll: str = "valmont_pont", *, chat: int = TOWN.channel) -> Message:
        """The bot opens a poll, or recalls it."""
        rows = [[{"text": f"{n + 1}. {label}", "callback_data": f"v1:{poll}:{n}"}] for n, label in enumerate(OPTIONS)]
        return self.says(f"Quel passage ? Exemple : /vote {poll} 2", chat=chat, markup={"inline_keyboard": rows})

    def closes(self, message: Message) -> None:
        """The bot takes the buttons away."""
        place = self.world.chat(message.chat)
        self.world.change(place, replace(place.messages[message.id], markup=None))

    async def plays(self, until: timedelta) -> None:
        """Let this much time pass."""
        await self.clock.sleep_until(NINE + until)
        await asyncio.sleep(0.01)


@asynccontextmanager
async def playing(plan: CrowdPlan, inhabitants: int = 40) -> AsyncIterator[LittleTown]:
    """A little town with its crowd and its clock running."""
    town = LittleTown(inhabitants)
    hands = TelegramHands(town.world, TOWN.channel, TOWN.group)
    crowd = Crowd(hands, town.clock.aside, town.people, plan)
    tasks = [asyncio.create_task(town.clock.run()), asyncio.create_task(crowd.run())]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    try:
        yield town
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
