"""What an officer does with a campaign file from the command line."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import MappingProxyType

from app.accounts import preview_platform, recalled
from app.audit import recorded, signed
from app.clock import SystemClock
from app.deliveries import name_of, place_of
from app.identity import acting
from app.office import Office
from app.preflight import examine
from app.proposals import Proposal, look_over, proposed, said, with_its_pictures
from app.settings import Settings
from app.upkeep import is_ready
from campaigns import files
from campaigns.notes import Look, looks_at
from campaigns.planner import Start, begin, stop
from campaigns.preview import VOTES, Showing, plan
from campaigns.public_holidays import days_off
from campaigns.updating import update as follow
from core.audience import RecipientKind
from core.audit import Deed, of_campaign
from core.campaign import Campaign, CampaignState, Condition
from core.delivery import Delivery, DeliveryState
from core.errors import Finding, Misconfigured, ParvisError
from core.identifiers import AccountName, CampaignId, Locale, OccurrenceId
from core.native import Misfit, Reason
from core.ports.store import Books
from core.post import Part
from core.preflight import blocks
from core.staff import Act
from core.timetable import Due, Timetable
from delivery.fates import calls_ended, fate
from storage.store import SqlStore
from templates.render import JinjaWords

_PUBLIC = RecipientKind.CHANNEL
_MOST_PLACES = 1000
_OTHER_NAME = "give it another name, the id under [campaign]"


class NotStarted(ParvisError):
    """The name of a campaign is taken, or pre-flight blocks it: nothing was changed."""


def mistakes(settings: Settings, file: Path) -> tuple[Finding, ...]:
    """Everything wrong with a campaign file."""
    try:
        _read(settings, file)
    except Misconfigured as error:
        return error.findings
    return ()


def steps_of(settings: Settings, file: Path) -> tuple[str, tuple[tuple[object, ...], ...]]:
    """The title, and each step as if the campaign started now: name, local time, kind, subject, grace."""
    campaign = _read(settings, file)
    timetable = Timetable(campaign, datetime.now(UTC), is_holiday=days_off(campaign.place))
    return campaign.title.fr, tuple(
        (step.name, _when(timetable.of(step), campaign), step.kind.value, step.subject, _length(step.grace))
        for step in campaign.steps
    )


def _when(due: Sequence[Due], campaign: Campaign) -> str:
    """``2027-03-01 18:00 CET``, and how often again."""
    more = f", {len(due)} times" if len(due) > 1 else ""
    return f"{_local(due[0].at, campaign)}{more}"


async def learnt(settings: Settings) -> Mapping[AccountName, str]:
    """What each account learnt when it was last opened; nothing where the town's memory cannot be looked into."""
    try:
        if not await asyncio.to_thread(is_ready, settings):
            return {}
        store = await SqlStore.open(settings.store_url)
        try:
            return await store.read(lambda books: recalled(books, settings))
        finally:
            await store.close()
    except ParvisError:
        return {}


def preview(
    settings: Settings, file: Path, *, full: bool, known: Mapping[AccountName, str] = MappingProxyType({})
) -> Iterator[str]:
    """Exactly what will be sent, line by line. ``full`` adds every parameter of every call; ``known`` is ``learnt``."""
    return preview_of(settings, _read(settings, file), full=full, known=known)


def preview_of(
    settings: Settings, campaign: Campaign, *, full: bool, known: Mapping[AccountName, str] = MappingProxyType({})
) -> Iterator[str]:
    """The same of a campaign that is not in a file any more."""
    clock = SystemClock()
    platforms = {account.name: preview_platform(account, settings, clock) for account in settings.accounts}
    limits = {name: platform.recall(known.get(name)) for name, platform in platforms.items()}
    yield from (f"limits of {name}: {told}" for name, told in limits.items() if told)
    shown = plan(
        campaign,
        start=clock.now(),
        channels=settings.town.channels,
        platforms=platforms,
        words=JinjaWords(town=settings.town.name, contact=settings.town.contact, pictures=settings.pictures),
    )
    for showing in shown:
        yield from _lines(showing, full=full)


async def start(office: Office, file: Path) -> str:
    """Start the campaign of a file; what to tell the officer. Raises Misconfigured, NotAllowed and NotStarted.

    One that pre-flight blocks is not started; links and rights are left to the service, which asks again in time.
    """
    by = await acting(office, Act.START)
    _refuse_unapproved(office, file)
    proposal = await proposed(office, file)
    doubts = [] if proposal.running is not None else await _cleared(office, proposal)
    campaign = await asyncio.to_thread(with_its_pictures, proposal.campaign, office.settings.pictures)
    deed = Deed(who=by, at=proposal.now, act=Act.START, about=of_campaign(campaign.id))
    match await office.store.write(partial(_begun, campaign, deed)):
        case Start.BEFORE:
            return f"Campaign {campaign.id} was started before; nothing was changed."
        case Start.CANCELLED:
            raise NotStarted(f"the campaign {campaign.id} was cancelled, for ever: to start it anew, {_OTHER_NAME}")
        case Start.OTHER:
            raise NotStarted(
                f"this file differs from what was started as {campaign.id}; nothing was changed: for what has not "
                f"happened yet to follow it, «parvis campaign update», or {_OTHER_NAME}"
            )
        case Start.STARTED:
            pass
    told = f"Campaign {campaign.id} is started: {len(campaign.steps)} steps (see: parvis campaign list)."
    return "\n".join((told, *doubts))


def _refuse_unapproved(office: Office, file: Path) -> None:
    if office.settings.staff.is_named:
        raise NotStarted(f"this town approves what goes out: parvis campaign submit {file}")


def _begun(campaign: Campaign, deed: Deed, books: Books) -> Start:
    begun = begin(campaign, deed.at, books)
    if begun is Start.STARTED:
        books.audit.record(deed)
    return begun


async def _cleared(office: Office, proposal: Proposal) -> list[str]:
    """What is to be looked at in a campaign. Raises NotStarted when it is blocked."""
    found = await look_over(office, proposal)
    lines = await asyncio.to_thread(said, found, Locale.EN)
    if any(map(blocks, found)):
        raise NotStarted("\n".join(("pre-flight blocks this campaign; nothing was changed:", *lines)))
    return lines


async def check(settings: Settings, file: Path, *, offline: bool, locale: Locale) -> tuple[str, bool]:
    """What pre-flight finds if the campaign started now, in lines, and whether it blocks the campaign."""
    campaign = await asyncio.to_thread(_read, settings, file)
    found = await examine(settings, campaign, SystemClock().now(), offline=offline)
    return "\n".join(await asyncio.to_thread(said, found, locale)), any(map(blocks, found))


def at_last_look(looks: Iterable[Look], occurrence: OccurrenceId) -> str:
    """What pre-flight found when it looked at an occurrence that is still to go out, in a few words."""
    for look in looks:
        if look.occurrence == occurrence and look.found:
            blocking = sum(map(blocks, look.found))
            return f" (pre-flight: {blocking} block, {len(look.found) - blocking} to look at)"
    return ""


async def last_looks(office: Office, campaign: CampaignId, locale: Locale) -> list[str] | None:
    """What pre-flight found when it last looked at what falls due, in lines; None for no such campaign."""
    if await office.store.read(lambda books: books.campaigns.get(campaign)) is None:
        return None
    looks = await office.store.read(lambda books: looks_at(books, campaign))
    lines: list[str] = []
    for look in looks:
        lines.append(f"step {look.step}, looked at {office.settings.local(look.at)}:")
        told = await asyncio.to_thread(said, look.found, locale)
        lines += [f"  {each}" for each in told or ["nothing to mend"]]
    return lines


async def update(office: Office, file: Path) -> str:
    """Let a running campaign follow its file; what to tell the officer.

    One that pre-flight blocks does not follow. Raises Misconfigured, NotAllowed, NotChanged and NotStarted.
    """
    by = await acting(office, Act.UPDATE)
    _refuse_unapproved(office, file)
    proposal = await proposed(office, file)
    runs = proposal.running is not None and proposal.running.state is CampaignState.RUNNING
    doubts = await _cleared(office, proposal) if runs else []
    campaign = await asyncio.to_thread(with_its_pictures, proposal.campaign, office.settings.pictures)
    deed = Deed(who=by, at=proposal.now, act=Act.UPDATE, about=of_campaign(campaign.id))
    changes = await office.store.write(recorded(deed, partial(follow, campaign, proposal.now)))
    if changes is None:
        return f"Campaign {campaign.id} follows this file already; nothing was changed."
    figures = f"{len(changes.add)} planned anew, {len(changes.shift)} at another time, {len(changes.drop)} dropped"
    told = f"Campaign {campaign.id} follows this file now: {figures} (see: parvis campaign occurrences {campaign.id})."
    return "\n".join((told, *doubts))


async def cancel(office: Office, campaign: CampaignId) -> bool:
    """Stop a campaign for ever and close its polls; False when it is not running."""
    deed = await signed(office, Act.CANCEL, of_campaign(campaign))
    return await office.store.write(recorded(deed, partial(stop, campaign, deed.at)))


async def aftermath(office: Office, campaign: CampaignId) -> list[str]:
    """What became of each public delivery of a campaign that was just cancelled; those to subscribers are counted."""
    await calls_ended(office.store, office.clock, campaign)

    def look(books: Books) -> tuple[dict[DeliveryState, int], tuple[Delivery, ...]]:
        public = books.deliveries.all(campaign=campaign, kind=_PUBLIC, limit=_MOST_PLACES)
        return books.deliveries.count(campaign=campaign), public

    counts, public = await office.store.read(look)
    told = [(each, fate(each)) for each in reversed(public)]
    lines = [f"Delivery {each.id}, {name_of(each.message)} to {place_of(each)}: {what}" for each, what in told if what]
    private = Counter(counts)
    private.subtract(each.state for each in public)
    rest = ", ".join(f"{number} {state}" for state, number in private.items() if number)
    return [*lines, f"To subscribers: {rest}"] if rest else lines


def _read(settings: Settings, file: Path) -> Campaign:
    names = tuple(channel.name for channel in settings.town.channels)
    return files.read(file, channels=names, start=datetime.now(UTC))


def _local(at: datetime, campaign: Campaign) -> str:
    return f"{at.astimezone(campaign.zone):%Y-%m-%d %H:%M %Z}"


def _length(length: timedelta) -> str:
    """``2 days``, ``6 h``, ``90 min``."""
    minutes = int(length.total_seconds()) // 60
    if minutes % 1440 == 0:
        return f"{minutes // 1440} days"
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"


def _lines(showing: Showing, *, full: bool) -> Iterator[str]:
    to = showing.channel.name if showing.channel else f"subscribers of {showing.account}"
    what = f"step {showing.step.name}, {showing.at:%A %d %B %Y %H:%M %Z}: {showing.step.kind.value}"
    yield f"── {what} → {to} ({showing.locale})"
    if showing.again:
        yield "   again: " + ", ".join(f"{at:%a %d %b %Y %H:%M %Z}" for at in showing.again)
    if showing.step.only_if is not None:
        yield f"   only if {condition(showing.step.only_if)}"
    if showing.example:
        yield f"   (with {VOTES} votes for each option, as an example)"
    if showing.refusal:
        yield f"   CANNOT BE SENT: {showing.refusal}"
    if showing.misfits:
        reasons = "in private chats" if showing.channel is None else "; ".join(map(why, showing.misfits))
        yield f"   asked by Parvis's own ballot, not by a poll of the network: {reasons}"
    yield from (f"   picture {picture.path.name}: {picture.alt}" for picture in showing.pictures)
    if not showing.parts and not showing.refusal:
        yield "   sends nothing"
    for part in showing.parts:
        yield from _part(part, full=full)
    yield ""


def condition(asked: Condition) -> str:
    """``the poll halle_usage is closed and at least 100 took part``."""
    parts = ["is closed"] if asked.waits_for_closing else []
    if asked.below is not None:
        parts.append(f"fewer than {asked.below} took part")
    if asked.quorum is not None:
        parts.append(f"at least {asked.quorum} took part")
    return f"of the poll {asked.poll}: {' and '.join(parts)}"


def why(misfit: Misfit) -> str:
    """Why a network's own poll cannot hold a question: ``6 options, 4 fit``."""
    needs, allows = misfit.needs, misfit.allows
    said = {
        Reason.NONE: "it has none",
        Reason.MANY_OPTIONS: f"{needs} options, {allows} fit",
        Reason.LONG_QUESTION: f"a question of {needs} characters, {allows} fit",
        Reason.LONG_OPTION: f"an option of {needs} characters, {allows} fit",
        Reason.SEVERAL: "it takes one answer only",
        Reason.SHORT: f"open for {_length(timedelta(seconds=needs))}, {_length(timedelta(seconds=allows))} at least",
        Reason.LONG: f"open for {_length(timedelta(seconds=needs))}, {_length(timedelta(seconds=allows))} at most",
        Reason.UNEVEN: f"open for {_length(timedelta(seconds=needs))}, a multiple of "
        f"{_length(timedelta(seconds=allows))} fits",
    }
    return said[misfit.reason]


def _part(part: Part, *, full: bool) -> Iterator[str]:
    yield f"   {part.call}"
    yield from (f"      {line}" for line in part.text.splitlines())
    yield from (f"      degraded: {reason}" for reason in part.degraded)
    if full:
        parameters = json.dumps(dict(part.parameters), ensure_ascii=False, indent=2, default=str)
        yield from (f"      {line}" for line in parameters.splitlines())
