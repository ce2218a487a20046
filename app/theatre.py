"""A town of the sandbox with the real service in it: where the demo and rehearsals are played.

The sandbox imitates the networks and plays the citizens; the service is the real one, speaking to it over loopback with
the real client libraries. They share one clock, which leaps over the hours in which nothing happens.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from app.service import Service
from app.settings import Account, Settings
from core.audience import Channel
from core.campaign import Campaign
from core.identifiers import AccountName, Address, ChannelName, Locale, PlatformName
from core.town import Town
from sandbox.scene import Scene, Server
from sandbox.stage import Stage

RECOUNT = Path(__file__).parents[1] / "scripts" / "recount"
QUIET = timedelta(milliseconds=15)  # real: everything is in this process, and says itself when it is busy


@asynccontextmanager
async def home(kept: Path | None) -> AsyncIterator[Path]:
    """This folder, or one for the length of the play."""
    if kept is not None:
        yield kept
        return
    folder = await asyncio.to_thread(tempfile.TemporaryDirectory, prefix="parvis-play-")
    try:
        yield Path(folder.name)
    finally:
        await asyncio.to_thread(folder.cleanup)


def settings_of(scenes: Iterable[Scene[Server]], folder: Path, town: Town) -> Settings:
    """The configuration of this town with an account on each of these scenes. Blocks: it writes the tokens."""
    return Settings(
        file=folder / "config.toml",
        town=town,
        accounts=tuple(_account(scene, folder) for scene in scenes),
        store_url=f"sqlite:///{folder / 'parvis.db'}",
        keys=folder / "keys",
        ca_file=None,
        log_format="text",
        log_level="warning",
    )


def channel_of(scene: Scene[Server], *, name: str = "", locale: Locale = Locale.FR) -> Channel:
    """Where the town speaks on a scene; named like its network unless it has a name."""
    return Channel(
        name=ChannelName(name or scene.network),
        platform=PlatformName(scene.network),
        account=AccountName(scene.network),
        address=Address(scene.address),
        discussion=Address(scene.discussion),
        locale=locale,
    )


def _account(scene: Scene[Server], folder: Path) -> Account:
    token = folder / f"token-{scene.network}"
    token.touch(mode=0o600)
    token.write_text(scene.token, encoding="utf-8")
    return Account(
        name=AccountName(scene.network),
        platform=PlatformName(scene.network),
        base_url=scene.url,
        token_file=token,
        token_variable=None,
        source=folder / "config.toml",
    )


async def perform(
    stage: Stage,
    service: Service,
    campaigns: Sequence[Campaign],
    story: Callable[[], Awaitable[None]],
    *,
    longest: timedelta | None,
) -> None:
    """Start these campaigns, raise the curtain, and play until the story is told. Raises TimeoutError.

    ``longest`` is in real time.
    """
    async with asyncio.TaskGroup() as group:
        work = group.create_task(service.run())
        try:
            async with asyncio.timeout(None if longest is None else longest.total_seconds()):
                for reception in service.receptions.values():
                    await reception.opened.wait()
                for campaign in campaigns:
                    await service.planner.start(campaign)
                await service.planner.look()  # a first step is due at once: the clock must not leap before it
                stage.clock.idle_when(lambda: not service.busy)
                stage.play()
                await story()
            await service.drain()
        finally:
            work.cancel()


async def recounted(journals: Iterable[Path]) -> tuple[str, int]:
    """Let the other program judge: what it said, and its exit code."""
    judge = await asyncio.create_subprocess_exec(
        sys.executable,
        str(RECOUNT),
        *map(str, journals),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await judge.communicate()
    return said.decode(), judge.returncode or 0
