"""The service from start to stop: what its supervisor hears, how it ends, and that there is only one."""

import asyncio
import os
import re
import signal
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.lifetime import opened, picture_tick, until_told
from app.settings import Settings
from app.upkeep import make_home
from core.identifiers import AccountName, Address, MessageId
from core.ports.store import Books
from sandbox.faults import Fault, Harm
from sandbox.telegram.server import TelegramServer
from storage.memory import MemoryStore
from tests.app.conftest import Ears, Supervisor
from tests.app.program import running
from tests.app.town import (
    CHANNELS,
    LONGEST,
    TOWN,
    account,
    announce,
    appears,
    configured,
    ledger,
    serving,
    stopped,
    world,
)
from tests.crash.machines import wait_for

ROOT = Path(__file__).parents[2]
RUN = (sys.executable, "-c", "from cli.main import main; main()")


async def began(settings: Settings, supervisor: Supervisor) -> asyncio.subprocess.Process:
    """``parvis run``, as systemd starts it."""
    return await asyncio.create_subprocess_exec(
        *RUN,
        *("--config", str(settings.file), "run"),
        env={**os.environ, "PYTHONPATH": str(ROOT), "NOTIFY_SOCKET": supervisor.address},
        stderr=asyncio.subprocess.PIPE,
    )


async def refused(settings: Settings) -> tuple[int | None, str]:
    """The exit code of a ``parvis run`` that ends by itself, and what it said."""
    said = settings.file.with_name("said")
    process = await asyncio.to_thread(running, settings.file, said)
    await asyncio.to_thread(wait_for, lambda: process.exit is not None, "it has ended")
    code = process.exit
    process.end()
    return code, said.read_text(encoding="utf-8")


async def being_sent(server: TelegramServer) -> None:
    """Return once a slow call is under way."""
    async with asyncio.timeout(LONGEST):
        while len(server.faults):  # noqa: ASYNC110  the server tells nobody when a fault strikes
            await asyncio.sleep(0.005)


# ── what the supervisor hears ──────────────────────────────────────────────────────────────────────────────


async def test_the_supervisor_hears_that_the_town_is_ready_alive_and_stopping(
    tmp_path: Path, supervisor: Supervisor
) -> None:
    """In this order: systemd starts what depends on it, restarts it when it falls silent, and waits for its end."""
    async with TelegramServer(world()) as server, serving(await configured(tmp_path, account(server.url))) as work:
        await supervisor.hears("WATCHDOG=1")

        await stopped(work)
        await supervisor.hears("STOPPING=1")

    assert supervisor.heard == ["READY=1", "WATCHDOG=1", "STOPPING=1"]


async def test_an_instance_that_lost_its_lock_says_so_and_ends(tmp_path: Path, ears: Ears) -> None:
    """The database server was restarted: another instance may have begun meanwhile."""
    settings = await configured(tmp_path, account("http://127.0.0.1:9"))
    await asyncio.to_thread(make_home, settings)

    async with opened(settings, SystemClock(), lambda: False) as service, asyncio.timeout(LONGEST):
        await until_told(service)

    assert ears.about("instance_lock_lost")


async def test_a_running_town_removes_the_pictures_that_nothing_needs(tmp_path: Path) -> None:
    """Those of campaigns that ended more than a month ago."""
    settings = await configured(tmp_path, account("http://127.0.0.1:9"))
    old, new = (settings.pictures / f"{name * 64}.png" for name in "ab")
    settings.pictures.mkdir(parents=True)
    for file in (old, new):
        file.write_bytes(b"")
    os.utime(old, (0, 0))
    await asyncio.to_thread(make_home, settings)

    async with opened(settings, SystemClock(), lambda: True) as service, asyncio.timeout(LONGEST):
        await until_told(service, lambda: asyncio.to_thread(wait_for, lambda: not old.exists(), "it is gone"))

    assert new.exists()


async def test_nobody_is_restarted_for_pictures_that_cannot_be_removed(tmp_path: Path) -> None:
    """Whatever the reason: votes go on, where the watchdog would have ended them after 18 hours."""
    settings = await configured(tmp_path, account("http://127.0.0.1:9"))

    assert not picture_tick(settings, MemoryStore()).vital


# ── told to stop ───────────────────────────────────────────────────────────────────────────────────────────


async def test_what_is_being_sent_when_told_to_stop_has_its_outcome_stored(tmp_path: Path) -> None:
    """An ordinary restart leaves nothing uncertain."""
    async with TelegramServer(world()) as server:
        settings = await configured(tmp_path, account(server.url))
        await announce(settings)
        server.faults.add(Fault(harm=Harm.SLOW, method="sendMessage", seconds=0.3))

        async with serving(settings) as work:
            await being_sent(server)
            await stopped(work)

    assert await ledger(settings) == {TOWN: "sent"}


async def test_a_running_town_looks_ahead_at_what_falls_due(tmp_path: Path, ears: Ears) -> None:
    """The bot lost its rights in the channel: the staff reads it an hour before, with the cure."""
    (town := world()).promote(CHANNELS[TOWN], 1000001, frozenset())
    async with TelegramServer(town) as server:
        settings = await configured(tmp_path, account(server.url))
        await announce(settings, after=timedelta(hours=1))
        often = timedelta(milliseconds=50)

        async with opened(settings, SystemClock(), lambda: True, looking_ahead=often) as service:
            await until_told(service, lambda: ears.hears("preflight_blocks"))

    (told,) = ears.about("preflight_blocks")
    assert (told["campaign"], told["step"], told["notice"], told["finding"]) == ("travaux", "news", "day", "NotReady")
    assert "give the bot these rights" in str(told["detail"])


async def test_a_call_that_does_not_end_is_not_waited_for(tmp_path: Path, ears: Ears) -> None:
    """Systemd kills after 20 seconds: better to end by oneself, and to leave the one delivery to its lease."""
    async with TelegramServer(world()) as server:
        settings = await configured(tmp_path, account(server.url))
        await announce(settings)
        server.faults.add(Fault(harm=Harm.SLOW, method="sendMessage", seconds=60))

        async with opened(settings, SystemClock(), lambda: True) as service:
            await until_told(service, lambda: being_sent(server), last_calls=timedelta())

    assert ears.about("stopped_during_calls")
    assert await ledger(settings) == {TOWN: "sending"}


async def test_the_command_run_publishes_and_ends_with_code_0_when_told_to_stop(tmp_path: Path) -> None:
    """The real program, as systemd starts and stops it."""
    supervisor = Supervisor(str(tmp_path / "notify"))
    async with TelegramServer(town := world()) as server:
        settings = await configured(tmp_path, account(server.url))
        await announce(settings)

        process = await began(settings, supervisor)
        await supervisor.hears("READY=1")
        await appears(town, TOWN)
        process.send_signal(signal.SIGTERM)
        _, said = await asyncio.wait_for(process.communicate(), LONGEST)

    await supervisor.hears("STOPPING=1")
    supervisor.close()
    assert (process.returncode, said.split()[-1], b"Traceback" in said) == (0, b"stopped", False)
    assert await ledger(settings) == {TOWN: "sent"}


# ── one at a time ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """Each kind of database."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


async def test_a_second_instance_on_the_same_database_is_refused_in_one_sentence(
    tmp_path: Path, ears: Ears, url: str
) -> None:
    """Two would both listen and both publish. Code 1: systemd tries again, and begins once the other has ended."""
    async with TelegramServer(world()) as server:
        settings = await configured(tmp_path, account(server.url), store=url)
        async with serving(settings) as work:
            await ears.hears("telegram_opened")

            code, said = await refused(settings)

            await stopped(work)

    assert (code, len(said.splitlines())) == (1, 1)
    assert said.endswith(": another Parvis is running on this database: stop it first\n")


# ── nobody ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_town_whose_every_token_is_refused_ends_with_the_cure(tmp_path: Path) -> None:
    """It would serve nobody: the configuration must be corrected first."""
    async with TelegramServer(world()) as server:
        settings = await configured(tmp_path, account(server.url))
        (tmp_path / "token-telegram").write_text("1000001:AAH-a-token-that-was-revoked", encoding="utf-8")

        code, said = await refused(settings)

    assert (code, "Traceback" in said) == (2, False)
    assert re.fullmatch(r"telegram: Unauthorized: .*put the right one.*, then restart", said.splitlines()[-1])


# ── the journal of the debates ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kept", [True, False])
async def test_a_journal_that_the_town_no_longer_wants_is_erased_when_it_starts(tmp_path: Path, *, kept: bool) -> None:
    """From then on /rules does not speak of it any more."""
    settings = await configured(tmp_path, account("http://127.0.0.1:1"))
    await asyncio.to_thread(make_home, settings)
    town = replace(settings.town, keeps_journal=True)
    async with opened(replace(settings, town=town), SystemClock(), lambda: True) as service:
        await service.store.write(_say)
    town = replace(settings.town, keeps_journal=kept)

    async with opened(replace(settings, town=town), SystemClock(), lambda: True) as service:
        left = await service.store.read(lambda books: books.journal.of(b"a"))

    assert len(left) == kept


def _say(books: Books) -> None:
    chat, message = Address("-1"), MessageId("1")
    at = SystemClock().now() - timedelta(days=1)
    books.journal.add(account=AccountName("telegram"), chat=chat, message=message, author=b"a", sealed=b"s", at=at)
