"""A rehearsal: a whole campaign played in the sandbox against invented people, and what came of it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from app import theatre
from app.lifetime import opened
from app.preflight import Memory, written
from app.script import NotRehearsed, Order, Script, command, script_of
from app.settings import Settings
from app.telling import Evidence, Telling
from app.witness import Record, Witness, record
from campaigns.neighbours import said_by
from campaigns.preflight import occurrences_of
from core.audience import Channel
from core.identifiers import Locale
from core.localtime import clock_changes
from core.preflight import Concern
from core.rehearsal import Cast, Rehearsal
from sandbox.clock import Pace
from sandbox.crowd import CrowdPlan
from sandbox.habits import Habits, measured
from sandbox.journal import read
from sandbox.stage import EVERY_NETWORK, Stage
from sandbox.town import Town as Places
from templates.rehearsal import page
from templates.render import JinjaWords

RHYTHM = timedelta(minutes=13)  # never on the minute of a step
LONGEST = timedelta(minutes=30)  # real: a month takes two or three
SUBSCRIBING, REMINDED = 0.1, 0.3  # assumed; the report says so


async def rehearse(order: Order, folder: Path | None = None, *, now: datetime | None = None) -> Rehearsal:
    """Play it; what came of it. Raises Misconfigured and NotRehearsed.

    Everything is kept in ``folder``, else nothing is.
    """
    script = await asyncio.to_thread(script_of, order, now=now or datetime.now(UTC))
    habits = await asyncio.to_thread(measured)
    async with (
        theatre.home(folder) as home,
        Stage(
            script.start,
            town=replace(Places(), title=script.town.name.fr, zone=script.town.zone),
            inhabitants=order.people,
            networks=_networks(order, script),
            plan=_plan(order, script, habits),
            pace=Pace(speed=order.speed),
            quiet=theatre.QUIET,
            journal=home / "journal.jsonl",
        ) as stage,
    ):
        return await _played(order, script, stage, habits, home)


async def _played(order: Order, script: Script, stage: Stage, habits: Habits, home: Path) -> Rehearsal:
    town = replace(script.town, channels=tuple(_on_stage(channel, stage) for channel in script.town.channels))
    scenes = [stage.scenes[network] for network in script.networks]
    settings = await asyncio.to_thread(theatre.settings_of, scenes, home, town)
    stage.weather.expect(script.spells)
    stage.clock.horizon = script.until
    async with opened(settings, stage.clock, lambda: True) as service:
        witness = Witness(service, stage, script.campaigns, until=script.until)
        try:
            await theatre.perform(stage, service, script.campaigns, witness.watch, longest=LONGEST)
        except TimeoutError as error:
            raise NotRehearsed(f"it did not come to an end within {LONGEST} of real time") from error
    said, code = await theatre.recounted(stage.journals[network] for network in script.networks)
    capabilities = {each.platform.name: each.platform.capabilities for each in service.receptions.values()}
    telling = Telling(
        script=script,
        channels=town.channels,
        words=await asyncio.to_thread(JinjaWords, town=town.name, contact=town.contact, pictures=settings.pictures),
        capabilities=capabilities,
        evidence=Evidence(
            seen=witness.seen,
            records=await asyncio.to_thread(_records, stage, script),
            said=said,
            code=code,
        ),
        pairs=_pairs(stage, script.networks),
    )
    zone = ZoneInfo(script.town.zone)
    return telling.told(
        ends=stage.clock.now(),
        cast=_cast(order, stage, script, habits),
        changes=tuple(clock_changes(zone, script.start, stage.clock.now())),
        concerns=await _concerns(settings, script),
        command=command(order, script),
    )


def report(rehearsal: Rehearsal, file: Path, locale: Locale) -> None:
    """Write the page. Blocks."""
    file.write_text(page(rehearsal, locale), encoding="utf-8")


def _networks(order: Order, script: Script) -> tuple[str, ...]:
    """Where people are, in turn, so that each network has its share: half of them on Telegram unless ordered."""
    usual = {network: EVERY_NETWORK.count(network) for network in script.networks}
    shares = {network: order.shares.get(network, 0) for network in script.networks} if order.shares else usual
    slots = [(rank / share, network) for network, share in shares.items() for rank in range(share)]
    return tuple(network for _, network in sorted(slots, key=lambda slot: slot[0]))


def _pairs(stage: Stage, networks: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """The networks that somebody follows both, by their ranks."""
    both = dict.fromkeys((first.network, second.network) for first, second in stage.doubles)
    return tuple((networks.index(first), networks.index(second)) for first, second in both)


def _plan(order: Order, script: Script, habits: Habits) -> CrowdPlan:
    return CrowdPlan(
        seed=order.seed,
        turnout=order.turnout,
        rhythm=RHYTHM,
        reminded=REMINDED,
        changing=habits.again,
        subscribers=max(1, round(order.people * SUBSCRIBING / len(script.networks))),
        habits=habits,
        lengths=script.lengths(),
    )


def _on_stage(channel: Channel, stage: Stage) -> Channel:
    """The town's own, at the place that its network has on stage."""
    return theatre.channel_of(stage.scenes[channel.platform], name=channel.name, locale=channel.locale)


def _records(stage: Stage, script: Script) -> Mapping[str, Record]:
    public = {"telegram": str(stage.town.channel), "discord": str(stage.town.news)}
    return {name: record(read(stage.journals[name]), public.get(name, "")) for name in script.networks}


def _cast(order: Order, stage: Stage, script: Script, habits: Habits) -> Cast:
    everybody = [*stage.people, *(second for _, second in stage.doubles)]
    return Cast(
        followers=tuple(
            (network, sum(person.network == network for person in everybody)) for network in script.networks
        ),
        on_two=len(stage.doubles),
        subscribers=SUBSCRIBING,
        turnout=order.turnout,
        reminded=REMINDED,
        returning=habits.returning,
        again=habits.again,
        conversations=habits.conversations,
        dated=tuple(habits.arrivals),
        seed=order.seed,
    )


async def _concerns(settings: Settings, script: Script) -> tuple[Concern, ...]:
    """What pre-flight finds without asking anybody, the other campaigns in sight."""
    first, *others = script.campaigns
    beside = tuple(said for each in others for said in said_by(each, occurrences_of(each, script.start)))
    due = [each for each in occurrences_of(first, script.start) if each.due_at <= script.until]
    memory = Memory(others=beside)
    return await written(settings, first, due, memory, start=script.start, now=script.start)
