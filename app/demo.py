"""The demo: a town at work on this machine alone, from the announcement to the count checked by another program."""

import asyncio
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app import theatre
from app.charter import charter
from app.lifetime import opened
from app.settings import Settings
from app.story import Story
from campaigns import files
from core.campaign import Campaign
from core.identifiers import ChannelName
from core.lexicon import forms
from core.town import Town
from core.wording import Wording
from sandbox.clock import AT_ONCE, LIVE
from sandbox.crowd import CrowdPlan, Remark
from sandbox.stage import EVERY_NETWORK, Stage, talk

ROOT = Path(__file__).parents[1]
CAMPAIGN = ROOT / "campaigns" / "samples" / "halle" / "halle.toml"
CHARTER = ROOT / "campaigns" / "samples" / "charter.toml"
RHYTHM = timedelta(minutes=7)  # never on the minute of a step: whether a vote comes before it would be left to chance
MONDAY = datetime(2027, 3, 1, 8, tzinfo=UTC)
LONGEST = timedelta(minutes=5)  # real; the story takes seconds: something is wrong when it lasts longer


async def play(*, once: bool, port: int, citizens: int, pace: float, folder: Path | None = None) -> int:
    """Play the story. With ``once``, 0 when the published count is the recounted one; else until interrupted.

    Everything is kept in ``folder``, else nothing is.
    """
    speed = AT_ONCE if once else replace(LIVE, story=timedelta(seconds=pace))
    async with theatre.home(folder) as home:
        journal, plan = home / "journal.jsonl", await asyncio.to_thread(_plan)
        where = 0 if once else port
        async with Stage(
            MONDAY,
            inhabitants=citizens,
            networks=EVERY_NETWORK,
            plan=plan,
            pace=speed,
            quiet=theatre.QUIET,
            journal=journal,
            port=where,
        ) as stage:
            settings = await asyncio.to_thread(_settings, stage, home)
            campaign = await asyncio.to_thread(_campaign, stage)
            async with opened(settings, stage.clock, lambda: True) as service:
                story = Story(service=service, stage=stage, live=not once and sys.stdout.isatty(), page=not once)

                async def tell() -> None:
                    await story.tell(campaign)
                    if not once:
                        await asyncio.Event().wait()

                await theatre.perform(stage, service, [campaign], tell, longest=LONGEST if once else None)
        return await _judged(stage, story) if once else 0


def _plan() -> CrowdPlan:
    """What the citizens do: the sandbox's own habits, and one word that the charter forbids."""
    insult = next(forms(charter(CHARTER).rules[0].forbidden[0]))
    breach = Remark(f"Vous êtes vraiment une bande d’{insult}s.", timedelta(minutes=95))
    return CrowdPlan(remarks=talk(), breach=breach, rhythm=RHYTHM)


def _settings(stage: Stage, folder: Path) -> Settings:
    scenes = tuple(stage.scenes.values())
    town = Town(
        name=Wording(fr=stage.town.title, en=stage.town.title),
        zone=stage.town.zone,
        charter=charter(CHARTER),
        channels=tuple(map(theatre.channel_of, scenes)),
    )
    return theatre.settings_of(scenes, folder, town)


def _campaign(stage: Stage) -> Campaign:
    """The sample campaign, on every network."""
    campaign = files.read(CAMPAIGN, channels=["place"], start=stage.clock.now())
    audience = replace(campaign.audience, channels=tuple(map(ChannelName, stage.scenes)))
    return replace(campaign, audience=audience)


async def _judged(stage: Stage, story: Story) -> int:
    """Let the other program judge; its table is shown as it is."""
    said, code = await theatre.recounted(stage.journals.values())
    story.verdict(said, code)
    return code
