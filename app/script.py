"""What a rehearsal plays: the town, the campaigns, and a start by which clocks change in their midst."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from app import trials
from app.charter import charter
from app.settings import Settings, load
from campaigns import files
from campaigns.public_holidays import days_off
from core import tomlfile
from core.audience import Channel
from core.campaign import At, Campaign, StepKind
from core.errors import ParvisError
from core.identifiers import AccountName, Address, ChannelName, Locale, PlatformName
from core.localtime import clock_changes
from core.recurrence import Recurrence
from core.timetable import Timetable
from core.town import Town
from core.wording import Wording
from sandbox.stage import EVERY_NETWORK
from sandbox.town import Town as Places
from sandbox.weather import Sky, Spell

CHARTER = Path(__file__).parents[1] / "campaigns" / "samples" / "charter.toml"
MORNING = timedelta(hours=10)
_YEAR = timedelta(days=366)
_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)


class NotRehearsed(ParvisError):
    """What was ordered cannot be played, or did not come to an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A network is down from a local time on."""

    network: str
    begins: datetime
    lasts: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be rehearsed. ``beside`` are files of other campaigns, ``shares`` the weight of each network.

    ``start`` is a local time, chosen when None; ``outages`` are planned when None, with other bad hours. Without the
    file ``config`` the town is an invented one on every network.
    """

    file: Path
    config: Path
    beside: tuple[Path, ...] = ()
    people: int = 60
    shares: Mapping[str, int] = field(default_factory=dict)
    turnout: float = 0.3
    seed: int = 0
    start: datetime | None = None
    days: int = 31
    outages: tuple[Outage, ...] | None = None
    speed: float = 1000

    def reaches(self, network: str) -> bool:
        """Whether anybody is to be there."""
        return not self.shares or self.shares.get(network, 0) > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """``campaigns`` are played, the first is rehearsed; they speak in the town's ``channels``, one on each network.

    ``spells`` are the bad hours.
    """

    town: Town
    campaigns: tuple[Campaign, ...]
    start: datetime
    until: datetime
    spells: tuple[Spell, ...] = ()

    @property
    def networks(self) -> tuple[str, ...]:
        """On which the town speaks."""
        return tuple(channel.platform for channel in self.town.channels)

    def lengths(self) -> dict[str, timedelta]:
        """How long each poll is open, by its name, and by the words of its question in each language."""
        timetables = (Timetable(each, self.start, is_holiday=days_off(each.place)) for each in self.campaigns)
        return {
            name: poll.closes_at - poll.opens_at
            for timetable in timetables
            for poll in timetable.polls()
            for name in (poll.id, poll.question.fr, poll.question.en)
        }

    def due(self, campaign: Campaign) -> tuple[datetime, ...]:
        """When a campaign says something without any condition, in order, before the end."""
        timetable = Timetable(campaign, self.start, is_holiday=days_off(campaign.place))
        speaking = [each for each in campaign.steps if each.kind is not StepKind.CLOSE_POLL and each.only_if is None]
        instants = {due.at for step in speaking for due in timetable.of(step)}
        return tuple(sorted(at for at in instants if at <= self.until))


def script_of(order: Order, *, now: datetime) -> Script:
    """Read everything that is to be played. Blocks. Raises Misconfigured.

    The town speaks in one place on each network: the first of the campaign's channels there.
    """
    settings = load(order.config) if order.config.exists() else None
    paths = (order.file, *order.beside)
    first = _read(order.file, settings, now)
    start = _start(first, order, now).astimezone(UTC)
    campaigns = tuple(_read(path, settings, start) for path in paths)
    channels = tuple(each for each in _channels(campaigns[0], settings) if order.reaches(each.platform))
    if not channels:
        raise NotRehearsed("the campaign goes out on none of these networks")
    town = _invented(campaigns[0].zone) if settings is None else settings.town
    script = Script(
        town=replace(town, channels=channels),
        campaigns=tuple(_spoken_in(campaign, channels, settings) for campaign in campaigns),
        start=start,
        until=start + timedelta(days=order.days),
    )
    return replace(script, spells=tuple(_spells(order, script)))


def command(order: Order, script: Script) -> str:
    """What to type to play the same again."""
    start = script.start.astimezone(script.campaigns[0].zone)
    words = ["parvis", "rehearse", str(order.file), "--start", f"{start:%Y-%m-%dT%H:%M}", "--days", str(order.days)]
    words += ["--people", str(order.people), "--turnout", f"{order.turnout:g}", "--seed", str(order.seed)]
    words += [word for path in order.beside for word in ("--with", str(path))]
    words += [word for network, share in order.shares.items() for word in ("--share", f"{network}={share}")]
    for outage in order.outages or ():
        words += ["--outage", f"{outage.network}@{outage.begins:%Y-%m-%dT%H:%M}/{outage.lasts // _MINUTE}"]
    return shlex.join(words if order.outages != () else [*words, "--no-outages"])


def _spells(order: Order, script: Script) -> Iterator[Spell]:
    if order.outages is None:
        yield from trials.planned(script.due(script.campaigns[0]), script.networks, seed=order.seed)
        return
    for outage in order.outages:
        if outage.network not in script.networks:
            raise NotRehearsed(f"the campaign does not go out on {outage.network}: nothing can be down there")
        begins = outage.begins.replace(tzinfo=script.campaigns[0].zone).astimezone(UTC)
        yield Spell(network=outage.network, sky=Sky.DOWN, begins=begins, lasts=outage.lasts)


def _invented(zone: ZoneInfo) -> Town:
    title = Places().title
    return Town(name=Wording(fr=title, en=title), zone=zone.key, charter=charter(CHARTER), channels=())


def _read(path: Path, settings: Settings | None, start: datetime) -> Campaign:
    names = _named_in(path) if settings is None else [channel.name for channel in settings.town.channels]
    return files.read(path, channels=names, start=start)


def _named_in(path: Path) -> list[str]:
    """The channels that a file names: without a configuration, they are whatever it says."""
    head = tomlfile.read(path).tables.get("campaign", {})
    named = head.get("channels", []) if isinstance(head, dict) else []
    return [*map(str, named)] if isinstance(named, list) else []


def _channels(campaign: Campaign, settings: Settings | None) -> Iterator[Channel]:
    if settings is None:
        yield from (_channel(network) for network in dict.fromkeys(EVERY_NETWORK))
        return
    reached = [each for each in settings.town.channels if each.name in campaign.audience.channels]
    for platform in dict.fromkeys(account.platform for account in settings.accounts):
        found = next((each for each in reached if each.platform == platform), None)
        if found is not None or campaign.audience.subscribers:
            yield found or _channel(platform)


def _channel(network: str) -> Channel:
    """One that is named like its network. Its address is given on stage."""
    return Channel(
        name=ChannelName(network),
        platform=PlatformName(network),
        account=AccountName(network),
        address=Address(""),
        locale=Locale.FR,
    )


def _spoken_in(campaign: Campaign, channels: Sequence[Channel], settings: Settings | None) -> Campaign:
    """The same, in those of its channels that are on stage."""
    named = campaign.audience.channels
    kept = tuple(channel.name for channel in channels if settings is None or channel.name in named)
    return replace(campaign, audience=replace(campaign.audience, channels=kept if named else ()))


# ── when ──


def _start(campaign: Campaign, order: Order, now: datetime) -> datetime:
    """As ordered; else before the first date of the file; else so that clocks change in the midst of it."""
    if order.start is not None:
        return order.start.replace(tzinfo=campaign.zone)
    dates = tuple(_dates(campaign))
    if dates:
        return _morning(min(dates) - timedelta(days=1), campaign.zone)
    last = max(due.at for due in Timetable(campaign, now, is_holiday=days_off(campaign.place)).all())
    half = min(last - now, timedelta(days=order.days)) / 2
    change = next(clock_changes(campaign.zone, now, now + _YEAR), None)
    if change is None:
        return _morning(now + timedelta(days=1), campaign.zone)
    morning = _morning(change - half, campaign.zone)
    return morning if morning < change < morning + 2 * half else change - half - (change - half - morning) % _HOUR


def _dates(campaign: Campaign) -> Iterator[datetime]:
    for step in campaign.steps:
        if isinstance(step.when, At):
            yield step.when.local
        elif isinstance(step.when, Recurrence) and step.when.first is not None:
            yield datetime.combine(step.when.first, datetime.min.time())


def _morning(at: datetime, zone: ZoneInfo) -> datetime:
    """At ten on that day, of the zone's clocks."""
    day = (at if at.tzinfo is None else at.astimezone(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return (day.replace(tzinfo=None) + MORNING).replace(tzinfo=zone)
