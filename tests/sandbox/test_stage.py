"""The stage: a town that plays by itself, and whose journal is enough to count again what it did."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession

from sandbox.crowd import CrowdPlan, Typist
from sandbox.stage import Stage, talk
from sandbox.telegram.values import Json

NINE = datetime(2027, 3, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
RECOUNT = Path(__file__).parents[2] / "scripts" / "recount"
LABELS = ("Pont", "Gué", "Bac")
KEYBOARD = {
    "inline_keyboard": [
        [{"text": f"{n + 1}. {label}", "callback_data": f"v1:val_pont:{n}"}] for n, label in enumerate(LABELS)
    ]
}


class HonestBot:
    """The simplest bot that counts votes: it holds them in a dictionary and answers every press."""

    def __init__(self, stage: Stage, session: ClientSession) -> None:
        self.stage = stage
        self.session = session
        self.votes: dict[int, int] = {}
        self.busy = False

    async def call(self, method: str, **parameters: object) -> object:
        """Call a method; its result."""
        address = f"{self.stage.url}/bot{self.stage.token}/{method}"
        async with self.session.post(address, json=parameters) as answer:
            body: Json = await answer.json()
        assert body["ok"], body
        return body["result"]

    async def serve(self) -> None:
        """Read what people do, for ever."""
        offset = 0
        while True:
            updates = await self.call("getUpdates", offset=offset, timeout=30)
            assert isinstance(updates, list)
            for update in updates:
                offset = update["update_id"] + 1
                await self.understand(update)

    async def understand(self, update: Json) -> None:
        """Count presses and the typed forms of them."""
        match update:
            case {"callback_query": {"id": number, "from": {"id": user}, "data": data}}:
                self.votes[user] = int(data.rpartition(":")[2])
                await self.call("answerCallbackQuery", callback_query_id=number, text="Compté")
            case {"message": {"text": str(text), "from": {"id": user}}} if text.startswith("/vote "):
                self.votes[user] = int(text.split()[2]) - 1
            case {"message": {"text": str(text), "from": {"id": user}}} if text.startswith("/withdraw "):
                self.votes.pop(user, None)

    async def holds_a_poll(self, lasting: timedelta) -> None:
        """Open, wait, close, publish."""
        channel = self.stage.town.channel
        text = "Quel passage ?\n\nExemple : /vote val_pont 2"
        sent = await self.call("sendMessage", chat_id=channel, text=text, reply_markup=KEYBOARD)
        assert isinstance(sent, dict)
        await self.stage.clock.sleep_until(self.stage.clock.now() + lasting)
        await self.call("editMessageText", chat_id=channel, message_id=sent["message_id"], text=text + "\nClose.")
        await self.call("sendMessage", chat_id=channel, text=self.results())

    def results(self) -> str:
        """The counts, in French."""
        counts, voters = Counter(self.votes.values()), max(len(self.votes), 1)
        lines = [
            f"{label} : {(200 * counts[n] + voters) // (2 * voters)} % ({counts[n]} voix)"
            for n, label in enumerate(LABELS)
        ]
        return "\n".join(["Résultats : Quel passage ?", f"{voters} participants.", *lines])


@asynccontextmanager
async def performance(journal: Path | None = None, plan: CrowdPlan = CrowdPlan()) -> AsyncIterator[HonestBot]:  # noqa: B008  frozen
    """A stage that plays, with a bot at work."""
    quiet = timedelta(milliseconds=2)
    async with (
        Stage(NINE, inhabitants=40, plan=plan, quiet=quiet, journal=journal) as stage,
        ClientSession() as session,
    ):
        bot = HonestBot(stage, session)
        work = asyncio.create_task(bot.serve())
        stage.play()
        try:
            yield bot
        finally:
            work.cancel()
            await asyncio.wait([work])


async def recounted(journal: Path) -> int | None:
    """The verdict of the independent program."""
    program = await asyncio.create_subprocess_exec(
        sys.executable, str(RECOUNT), str(journal), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    await program.communicate()
    return program.returncode


async def test_two_days_of_votes_are_counted_as_they_were_cast(tmp_path: Path) -> None:
    """Crowd, clock, server, journal and recount, end to end."""
    journal = tmp_path / "journal.jsonl"
    async with performance(journal) as bot:
        await bot.holds_a_poll(48 * HOUR)

    assert len(bot.votes) > 15
    assert await recounted(journal) == 0


async def test_a_bot_that_adds_one_vote_is_found_out(tmp_path: Path) -> None:
    """The proof that the end-to-end check can fail."""
    journal = tmp_path / "journal.jsonl"
    async with performance(journal) as bot:
        bot.votes[0] = 0
        await bot.holds_a_poll(48 * HOUR)

    assert await recounted(journal) == 1


async def test_the_clock_waits_for_the_bot_to_read_what_people_did() -> None:
    """No hour passes over an update that nobody has read."""
    async with Stage(NINE, inhabitants=6, quiet=timedelta(milliseconds=1)) as stage:
        stage.play()
        stage.world.start(stage.people[0].id)
        sleeper = asyncio.create_task(stage.clock.sleep_until(NINE + HOUR))

        await asyncio.sleep(0.05)

        assert not sleeper.done()
        sleeper.cancel()


async def test_nothing_moves_before_the_curtain() -> None:
    """The bots have time to connect."""
    async with Stage(NINE, inhabitants=6, quiet=timedelta(milliseconds=1)) as stage:
        sleeper = asyncio.create_task(stage.clock.sleep_until(NINE + HOUR))

        await asyncio.sleep(0.02)

        assert not sleeper.done()
        sleeper.cancel()


async def test_the_curtain_rises_once() -> None:
    """Asking twice does not double the crowd."""
    plan = CrowdPlan(turnout=0, typists=(Typist(((HOUR, "/polls"),)),), subscribers=0)
    async with performance(plan=plan) as bot:
        bot.stage.play()

        await bot.holds_a_poll(3 * HOUR)

        assert len(list(bot.stage.journal.of("written"))) == 1


async def test_the_journal_is_written_where_it_was_asked(tmp_path: Path) -> None:
    """And can be read while the town plays on."""
    journal = tmp_path / "journal.jsonl"
    async with Stage(NINE, inhabitants=2, journal=journal) as stage:
        stage.world.start(stage.people[0].id)

        lines = await asyncio.to_thread(journal.read_text, encoding="utf-8")

    assert [json.loads(line)["kind"] for line in lines.splitlines()] == ["written"]


async def test_a_stage_that_has_closed_answers_no_more() -> None:
    """Everything it started has ended."""
    async with Stage(NINE, inhabitants=2) as stage:
        stage.play()

    async with ClientSession() as session:
        with pytest.raises(OSError, match="Cannot connect"):
            await session.get(stage.url)


def test_the_crowd_has_something_to_say_in_both_languages() -> None:
    """The square is no silent place."""
    said = [remark for post in talk() for remark in post]

    assert {remark.language for remark in said} == {"fr", "en"}
