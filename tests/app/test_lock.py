"""The lock of the instance, lost while the town works: it ends in a way that its supervisor mends."""

import asyncio
from pathlib import Path

import pytest

from app.lifetime import HEARTBEAT, serve
from core.errors import Occupied
from tests.app.conftest import Ears
from tests.app.town import LONGEST, account, configured
from tests.contracts.databases import let_go

AT_ONCE = HEARTBEAT / 300


async def test_a_town_whose_database_server_was_restarted_ends_with_an_error(
    tmp_path: Path, ears: Ears, postgres_url: str
) -> None:
    """Ended as if told to, systemd would leave the town dead."""
    settings = await configured(tmp_path, account("http://127.0.0.1:9"), store=postgres_url)
    work = asyncio.create_task(serve(settings, heartbeat=AT_ONCE))
    await ears.hears("started")

    await asyncio.to_thread(let_go, postgres_url)

    with pytest.raises(Occupied, match="let go"):
        async with asyncio.timeout(LONGEST):
            await work
    assert ears.about("instance_lock_lost")
