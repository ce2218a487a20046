"""A whole town presses within a minute."""

import asyncio
from datetime import datetime, timedelta

from sandbox.telegram.values import Message
from tests.journeys.town import Town

MINUTE = timedelta(minutes=1)
MOST_EDITS = 20  # of one chat in a minute: core.telegram.org/bots/faq


async def test_two_hundred_votes_in_a_burst_are_counted_answered_and_shown(town: Town, halle: Message) -> None:
    """Telegram case 19: everyone is answered, and the post follows at the pace that the chat allows."""
    assert town.service is not None
    crowd = [town.citizen(f"Citizen {number}") for number in range(200)]

    presses = []
    for wave in range(0, 200, 5):
        presses += [citizen.touches("Un café", under=halle) for citizen in crowd[wave : wave + 5]]
        town.service.wake()  # more often than the metronome does
        async with asyncio.timeout(20):  # of real time: a slow disk must not make a press too old for an answer
            while not town.world.toasts.keys() >= set(presses):  # noqa: ASYNC110  the sandbox announces nothing
                await asyncio.sleep(0.001)
        await town.blinks(1)
    await town.waits(minutes=1)
    await town.looks()

    counted = [town.world.toasts[press].text.startswith("C’est compté") for press in presses]
    assert (counted, (await town.officer.tally("halle_usage")).voters) == ([True] * 200, 200)
    assert "200 participants" in town.shown(halle)
    assert 2 < _most_in_a_minute(_edits(town)) <= MOST_EDITS


def _edits(town: Town) -> list[datetime]:
    done = town.world.journal.calls("editMessageText", "done")
    return [datetime.fromisoformat(str(edit["at"])) for edit in done]


def _most_in_a_minute(instants: list[datetime]) -> int:
    return max((sum(at <= each < at + MINUTE for each in instants) for at in instants), default=0)
