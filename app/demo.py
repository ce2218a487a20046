"""The demo: a town at work on this machine alone, from the first announcement to the count checked by another program.

The sandbox imitates Telegram, Discord and Mastodon and plays the citizens; the service is the real one, speaking to it
over loopback with the real client libraries. They share one clock, which leaps over the hours in which nothing happens.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.lifetime import opened
from app.service import Service
from app.settings import Account, Settings, charter
from app.story import Story
from campaigns import files
from core.audience import Channel
from core.campaign import Campaign
from core.identifiers import AccountName, Address, ChannelName, Locale, PlatformName
from core.town import Town
from core.wording import Wording
from sandbox.clock import AT_ONCE, LIVE
from sandbox.crowd import CrowdPlan, Remark
from sandbox.scene import Scene, Server
from sandbox.stage import EVERY_NETWORK, Stage, talk

ROOT = Path(__file__).parents[1]
CAMPAIGN = ROOT / "campaigns" / "samples" / "halle" / "halle.toml"
CHARTER = ROOT / "campaigns" / "samples" / "charter.toml"
RECOUNT = ROOT / "scripts" / "recount"
RHYTHM = timedelta(minutes=7)  # never on the minute of a step: whether a vote comes before it would be left to chance
QUIET = timedelta(milliseconds=15)  # real: everything is in this process, and says itself when it is busy
MONDAY = datetime(2027, 3, 1, 8, tzinfo=UTC)
LONGEST = timedelta(minutes=5)  # real; the story takes seconds: something is wrong when it lasts longer


async def play(*, once: bool, port: int, citizens: int, pace: float, folder: Path | None = None) -> int:
    """Play the story. With ``once``, 0 when the published count is the recounted one; else until interrupted.

    Everything is kept in ``folder``, else nothing is.
    """
    speed = AT_ONCE if once else replace(LIVE, story=timedelta(seconds=pace))
    async with _home(folder) as home:
        journal, plan = home / "journal.jsonl", await asyncio.to_thread(_plan)
        where = 0 if once else port
        async with Stage(
            MONDAY,
            inhabitants=citizens,
            networks=EVERY_NETWORK,
            plan=plan,
            pace=speed,
            quiet=QUIET,
            journal=journal,
            port=where,
        ) as stage:
            settings = await asyncio.to_thread(_settings, stage, home)
            async with opened(settings, stage.clock, lambda: True) as service:
                story = Story(service=service, stage=stage, live=not once and sys.stdout.isatty(), page=not once)
                await _perform(stage, service, story, once=once)
        return await _recount(tuple(stage.journals.values()), story) if once else 0


@asynccontextmanager
async def _home(kept: Path | None) -> AsyncIterator[Path]:
    """This folder, or one for the length of the demo."""
    if kept is not None:
        yield kept
        return
    folder = await asyncio.to_thread(tempfile.TemporaryDirectory, prefix="parvis-demo-")
    try:
        yield Path(folder.name)
    finally:
        await asyncio.to_thread(folder.cleanup)


def _plan() -> CrowdPlan:
    """What the citizens do: the sandbox's own habits, and one word that the charter forbids."""
    insult = charter(CHARTER).rules[0].forbidden[0]
    breach = Remark(f"Vous êtes vraiment une bande d’{insult}s.", timedelta(minutes=95))
    return CrowdPlan(remarks=talk(), breach=breach, rhythm=RHYTHM)


def _settings(stage: Stage, folder: Path) -> Settings:
    scenes = tuple(stage.scenes.values())
    return Settings(
        file=folder / "config.toml",
        town=Town(
            name=Wording(fr=stage.town.title, en=stage.town.title),
            zone=stage.town.zone,
            charter=charter(CHARTER),
            channels=tuple(map(_channel, scenes)),
        ),
        accounts=tuple(_account(scene, folder) for scene in scenes),
        store_url=f"sqlite:///{folder / 'parvis.db'}",
        keys=folder / "keys",
        ca_file=None,
        log_format="text",
        log_level="warning",
    )


def _channel(scene: Scene[Server]) -> Channel:
    return Channel(
        name=ChannelName(scene.network),
        platform=PlatformName(scene.network),
        account=AccountName(scene.network),
        address=Address(scene.address),
        discussion=Address(scene.discussion),
        locale=Locale.FR,
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


async def _perform(stage: Stage, service: Service, story: Story, *, once: bool) -> None:
    async with asyncio.TaskGroup() as group:
        work = group.create_task(service.run())
        try:
            async with asyncio.timeout(LONGEST.total_seconds() if once else None):
                for reception in service.receptions.values():
                    await reception.opened.wait()
                campaign = await asyncio.to_thread(_campaign, stage)
                await service.planner.start(campaign)
                await service.planner.look()  # the first step is due at once: the clock must not leap before it
                stage.clock.idle_when(lambda: not service.busy)
                stage.play()
                await story.tell(campaign)
                if not once:
                    await asyncio.Event().wait()
            await service.drain()
        finally:
            work.cancel()


def _campaign(stage: Stage) -> Campaign:
    """The sample campaign, on every network."""
    campaign = files.read(CAMPAIGN, channels=["place"], start=stage.clock.now())
    audience = replace(campaign.audience, channels=tuple(map(ChannelName, stage.scenes)))
    return replace(campaign, audience=audience)


async def _recount(journals: tuple[Path, ...], story: Story) -> int:
    """Let the other program judge; its table is shown as it is."""
    judge = await asyncio.create_subprocess_exec(
        sys.executable,
        str(RECOUNT),
        *map(str, journals),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await judge.communicate()
    story.verdict(said.decode(), judge.returncode or 0)
    return judge.returncode or 0
