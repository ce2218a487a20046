"""The real clock."""

import asyncio
from datetime import UTC, datetime, timedelta

from app.clock import SystemClock
from tests.app.town import LONGEST

A_MOMENT = timedelta(milliseconds=20)


async def test_who_waits_for_an_instant_wakes_up_then_and_not_before() -> None:
    """Polls close on the minute."""
    clock = SystemClock()
    at = clock.now() + A_MOMENT

    async with asyncio.timeout(LONGEST):
        await clock.sleep_until(at)

    assert datetime.now(UTC) >= at


async def test_an_instant_that_has_passed_is_not_waited_for() -> None:
    """After a restart everything that fell due meanwhile is done at once."""
    async with asyncio.timeout(LONGEST):
        await SystemClock().sleep_until(datetime.min.replace(tzinfo=UTC))
