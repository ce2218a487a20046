"""A campaign file as something that may run: read for that, looked over, with the town's own copies of its pictures."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from app.office import Office
from app.preflight import looked_over
from campaigns import files
from core import tomlfile
from core.campaign import Campaign
from core.identifiers import CampaignId, Locale
from core.ports.books.campaigns import Running
from core.preflight import Concern, blocks
from storage.pictures import keep
from templates.preflight import line


@dataclass(frozen=True, slots=True)
class Proposal:
    """A campaign that may start ``now``, or that what is ``running`` under its name may follow."""

    campaign: Campaign
    running: Running | None
    now: datetime


async def proposed(office: Office, file: Path) -> Proposal:
    """The campaign of a file. Raises Misconfigured."""
    now = office.clock.now()
    name = await asyncio.to_thread(name_in, file)
    running = await office.store.read(lambda books: books.campaigns.get(name))
    read = files.read_to_start if running is None else files.read
    since = now if running is None else running.started_at
    names = tuple(channel.name for channel in office.settings.town.channels)
    return Proposal(await asyncio.to_thread(read, file, channels=names, start=since), running, now)


async def look_over(office: Office, proposal: Proposal) -> tuple[Concern, ...]:
    """What pre-flight finds in what is still to come of it, without asking anybody outside this machine."""
    return await looked_over(office.settings, office.store, proposal.campaign, proposal.now)


def said(found: Iterable[Concern], locale: Locale) -> list[str]:
    """Each finding in a line, what blocks first. Blocks."""
    return [line(each, locale) for each in sorted(found, key=blocks, reverse=True)]


def with_its_pictures(campaign: Campaign, folder: Path) -> Campaign:
    """The campaign with the town's own copies of its pictures. Raises StorageError."""
    return replace(
        campaign,
        announcements=tuple(
            replace(each, images=tuple(replace(image, path=keep(image.path, folder)) for image in each.images))
            for each in campaign.announcements
        ),
    )


def name_in(file: Path) -> CampaignId:
    """The name under which a file starts its campaign; empty where it does not say."""
    head = tomlfile.read(file).tables.get("campaign", {})
    return CampaignId(str(head.get("id", ""))) if isinstance(head, dict) else CampaignId("")
