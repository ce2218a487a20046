"""What systemd hears, and what happens where it does not listen."""

import os

import pytest

from app.watchdog import notify
from tests.app.conftest import Ears, Supervisor


async def test_the_supervisor_hears_every_state(supervisor: Supervisor) -> None:
    """Several may be said at once."""
    notify("READY=1", "STATUS=open")

    await supervisor.hears("STATUS=open")
    assert supervisor.heard == ["READY=1", "STATUS=open"]


async def test_without_a_supervisor_nothing_is_said(ears: Ears) -> None:
    """Started by hand, in a terminal."""
    assert "NOTIFY_SOCKET" not in os.environ

    notify("READY=1")

    assert ears.records == []


async def test_a_supervisor_that_does_not_listen_is_told_in_the_log_and_stops_nothing(
    supervisor: Supervisor, ears: Ears
) -> None:
    """An address left over in the environment of a container must not keep a town closed."""
    supervisor.close()

    notify("READY=1")

    (told,) = ears.about("supervisor_not_told")
    assert told["states"] == "READY=1"


@pytest.mark.usefixtures("supervisor")
async def test_a_supervisor_that_is_behind_is_not_waited_for(ears: Ears) -> None:
    """Everyone would wait with us: the next heartbeat will do."""
    for _ in range(1000):
        notify("WATCHDOG=1")
        if ears.records:
            break

    assert [record.getMessage() for record in ears.records] == ["supervisor_not_told"]
