"""Pre-flight: what is to be mended, or looked at, before a campaign goes out.

``findings`` judges by what is written down, and asks nobody; ``outside`` asks the web and the networks. Together they
are what an officer sees before approving. Each rule is a function that knows nothing of the others.
"""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from campaigns import fitting, neighbours, prose
from campaigns.preview import plan
from campaigns.public_holidays import days_off
from campaigns.reading import links
from campaigns.texts import place_of, texts_of
from core.audience import Channel
from core.campaign import Campaign, Occurrence, OccurrenceState, Step, StepKind
from core.capabilities import Capabilities
from core.errors import PlatformError, Unauthorised
from core.identifiers import AccountName, Address, Locale, OccurrenceId, StepName
from core.ports.platform import Doctor, Finding, Platform
from core.ports.web import Web
from core.ports.words import Words
from core.preflight import ChannelUnknown, Concern, LinkDead, NotAsked, NotReady, StepPast, TokenRefused
from core.timetable import Timetable, moved_by_hand, rearranged

_ACCOUNT = "account"  # the subject of what an adapter finds about the account itself
_ANNOUNCING = frozenset({StepKind.ANNOUNCE, StepKind.OPEN_POLL, StepKind.REMIND})  # what comes; others tell what was


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a campaign goes out with. ``sizes`` are those of its pictures in bytes, None for one that is not there."""

    channels: Sequence[Channel]
    platforms: Mapping[AccountName, Platform]
    words: Words
    sizes: Mapping[Path, int | None] = field(default_factory=dict)


def occurrences_of(
    campaign: Campaign, start: datetime, *, known: Sequence[Occurrence] = (), now: datetime | None = None
) -> tuple[Occurrence, ...]:
    """Those planned of a campaign that starts at this instant; or started then, and has those ``known`` ``now``.

    Raises NoSuchLocalTime.
    """
    timetable = Timetable(campaign, start, is_holiday=days_off(campaign.place), moved=moved_by_hand(known))
    changes = rearranged(campaign, timetable, known, start if now is None else now)
    shifted = dict(changes.shift)
    kept = (each for each in known if each.state is OccurrenceState.PLANNED and each.id not in changes.drop)
    return (
        *(replace(each, due_at=shifted.get(each.id, each.due_at)) for each in kept),
        *(
            Occurrence(id=OccurrenceId(0), campaign=campaign.id, step=due.step, local=due.local, due_at=due.at)
            for due in changes.add
        ),
    )


def sizes_of(campaign: Campaign, folder: Path) -> dict[Path, int | None]:
    """The size of each picture in bytes, None where none can be read. Blocks.

    ``folder`` holds those that are known by a name.
    """
    paths = [image.path for said in campaign.announcements for image in said.images]
    return {path: _size(folder / path) for path in paths}


def _size(file: Path) -> int | None:
    try:
        return file.stat().st_size
    except OSError:
        return None


def findings(
    campaign: Campaign,
    occurrences: Sequence[Occurrence],
    means: Means,
    *,
    start: datetime,
    now: datetime,
    others: Collection[neighbours.Neighbour] = (),
) -> tuple[Concern, ...]:
    """Everything about these occurrences of a campaign that started, or starts, at ``start``; each said once.

    ``others`` is what else goes out about the same time, this campaign's own steps among it or not.
    """
    looked_at = [each for each in occurrences if each.state is OccurrenceState.PLANNED]
    found: list[Concern] = []
    for occurrence in looked_at:
        found += _past(campaign, occurrence, now)
        found += _written(campaign, occurrence)
    found += _sent(campaign, {each.step for each in looked_at}, means, start)
    found += neighbours.repeated(campaign, looked_at, [*neighbours.said_by(campaign, occurrences), *others])
    return tuple(dict.fromkeys(found))


async def outside(
    campaign: Campaign,
    occurrences: Sequence[Occurrence],
    *,
    channels: Sequence[Channel],
    doctors: Mapping[AccountName, Doctor],
    web: Web | None,
) -> tuple[Concern, ...]:
    """What the web says of the links of these occurrences, and the networks of token and rights.

    Without ``web`` no link is followed.
    """
    followed = [] if web is None else [_followed(web, url, at) for url, at in _links(campaign, occurrences).items()]
    spoken_by = speaks_by(campaign, channels, doctors)
    asked = [_standing(account, doctors[account], addresses) for account, addresses in spoken_by.items()]
    found = await asyncio.gather(*followed, *asked)
    return tuple(concern for concerns in found for concern in concerns)


def speaks_by(
    campaign: Campaign, channels: Sequence[Channel], accounts: Iterable[AccountName]
) -> dict[AccountName, list[Address]]:
    """Those of the accounts that a campaign speaks by, each with its chats."""
    named = [channel for channel in channels if channel.name in campaign.audience.channels]
    chats = {account: [each.address for each in named if each.account == account] for account in accounts}
    return {account: addresses for account, addresses in chats.items() if addresses or campaign.audience.subscribers}


# ── what is written down ──


def _past(campaign: Campaign, occurrence: Occurrence, now: datetime) -> Iterator[Concern]:
    if occurrence.due_at < now:
        yield StepPast(place=f"steps.{campaign.rank(occurrence.step)}", at=occurrence.due_at.astimezone(campaign.zone))


def _written(campaign: Campaign, occurrence: Occurrence) -> Iterator[Concern]:
    """What the rules about texts say."""
    step = campaign.step(occurrence.step)
    texts = tuple(texts_of(campaign, step))
    out = occurrence.due_at.astimezone(campaign.zone).date()
    about = campaign.announcement(step.says) if step.says is not None else campaign.question(step.subject)
    known = prose.vocabulary(texts)
    for text in texts:
        yield from prose.languages(text)
        yield from prose.descriptions(text)
        yield from prose.hashtags(text, known)
        yield from prose.reading(text)
        if step.kind in _ANNOUNCING:
            yield from prose.days(text, out, retrospective=about.retrospective)


def _sent(campaign: Campaign, names: Collection[StepName], means: Means, start: datetime) -> Iterator[Concern]:
    """What the networks take of what will be sent, and how."""
    known = {channel.name for channel in means.channels}
    reached = tuple(name for name in campaign.audience.channels if name in known)
    for name in campaign.audience.channels:
        if name not in known:
            yield ChannelUnknown(place="campaign.channels", channel=name)
    there = replace(campaign, audience=replace(campaign.audience, channels=reached))
    shown = plan(there, start=start, channels=means.channels, platforms=means.platforms, words=means.words)
    on = {name: platform.capabilities for name, platform in means.platforms.items()}
    for showing in shown:
        if showing.step.name in names:
            yield from fitting.fitting(campaign, showing, on[showing.account])
    allowed = tuple({on[showing.account].title: on[showing.account] for showing in shown}.values())
    for step in campaign.steps:
        if step.name in names:
            yield from _pictures(campaign, step, allowed, means.sizes)


def _pictures(
    campaign: Campaign, step: Step, on: Sequence[Capabilities], sizes: Mapping[Path, int | None]
) -> Iterator[Concern]:
    if step.says is not None:
        yield from fitting.pictures(place_of(campaign, step), campaign.announcement(step.says), on, sizes)


# ── what others say ──


def _links(campaign: Campaign, occurrences: Sequence[Occurrence]) -> dict[str, str]:
    """Each link of these occurrences, and where it stands first."""
    found: dict[str, str] = {}
    for occurrence in occurrences:
        for text in texts_of(campaign, campaign.step(occurrence.step)):
            for locale in Locale:
                for url in links(text.wording[locale]):
                    found.setdefault(url, f"{text.place}.{locale}")
    return found


async def _followed(web: Web, url: str, place: str) -> tuple[Concern, ...]:
    dead = await web.look(url)
    return () if dead is None else (LinkDead(place=place, url=url, trouble=dead.trouble, detail=dead.detail),)


async def _standing(account: AccountName, doctor: Doctor, addresses: Sequence[Address]) -> tuple[Concern, ...]:
    """Whether the account may speak there: what ``parvis doctor`` finds that stops it."""
    try:
        found = await doctor.check(addresses)
    except Unauthorised as error:
        return (TokenRefused(place=f"accounts.{account}", account=account, detail=error.detail),)
    except PlatformError as error:
        return (NotAsked(place=f"accounts.{account}", account=account, detail=error.detail),)
    return tuple(_told(account, each) for each in found if each.stops or (each.subject == _ACCOUNT and not each.ok))


def _told(account: AccountName, found: Finding) -> Concern:
    place = f"accounts.{account}"
    if not found.stops:
        return NotAsked(place=place, account=account, detail=found.detail)
    return NotReady(place=place, account=account, detail=f"{found.subject}: {found.detail}", cure=found.cure)
