"""Exactly what a campaign will send, before it is started: made by the renderer and the planner of calls that send."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from campaigns.public_holidays import days_off
from core.audience import Channel
from core.campaign import Campaign, Step, StepKind
from core.capabilities import Capabilities, without_native_poll
from core.errors import Rejected
from core.identifiers import AccountName, Address, Locale, PollId
from core.messages import AnnouncementPublished, Delivered, FollowUp, PollOpened, PollReminder, ResultsPublished, Thanks
from core.native import Misfit
from core.poll import Poll, PollState, Tally
from core.ports.platform import Platform
from core.ports.words import Words
from core.post import Part, Picture, for_one_person
from core.timetable import Timetable

VOTES = 10  # for each option, in an example


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """One message of one step as one kind of reader gets it. ``channel`` is None for the private subscribers.

    ``at`` is aware, in the campaign's zone; ``again`` is when a step that recurs does the same. Closing a poll sends
    nothing: it has no ``parts``. ``example`` says that the figures shown are invented. ``refusal`` is the platform's
    reason when the message cannot be sent at all, ``misfits`` are those for which a public poll is asked by Parvis's
    own ballot here. ``pictures`` are in the parts already.
    """

    rank: int
    step: Step
    at: datetime
    account: AccountName
    channel: Channel | None
    locale: Locale
    parts: tuple[Part, ...]
    example: bool = False
    refusal: str = ""
    misfits: tuple[Misfit, ...] = ()
    pictures: tuple[Picture, ...] = ()
    again: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reader:
    account: AccountName
    channel: Channel | None
    locale: Locale

    def where(self, on: Capabilities) -> tuple[Address, int | None]:
        return (self.channel.address, self.channel.topic) if self.channel else (on.somebody, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    parts: tuple[Part, ...] = ()
    refusal: str = ""
    misfits: tuple[Misfit, ...] = ()
    pictures: tuple[Picture, ...] = ()


def plan(
    campaign: Campaign,
    *,
    start: datetime,
    channels: Sequence[Channel],
    platforms: Mapping[AccountName, Platform],
    words: Words,
) -> tuple[Showing, ...]:
    """Every step, channel and language, in order, for a campaign started at this instant."""
    timetable = Timetable(campaign, start, is_holiday=days_off(campaign.place))
    polls = {poll.id: poll for poll in timetable.polls()}
    readers = tuple(_readers(campaign, channels, platforms))
    shown: list[Showing] = []
    for rank, step in enumerate(campaign.steps):
        first, *again = (due.at.astimezone(campaign.zone) for due in timetable.of(step))
        message = message_of(campaign, step, polls)
        for reader in readers:
            sent = _sent(message, reader, platforms[reader.account], words)
            shown.append(
                Showing(
                    rank=rank,
                    step=step,
                    at=first,
                    again=tuple(again),
                    account=reader.account,
                    channel=reader.channel,
                    locale=reader.locale,
                    parts=sent.parts,
                    example=isinstance(message, PollReminder | ResultsPublished | Thanks),
                    refusal=sent.refusal,
                    misfits=sent.misfits,
                    pictures=sent.pictures,
                )
            )
    return tuple(shown)


def message_of(campaign: Campaign, step: Step, polls: Mapping[PollId, Poll]) -> Delivered | None:
    """What the step will say, ``VOTES`` for each option where nobody can know yet; None when it says nothing."""
    if step.kind is StepKind.ANNOUNCE:
        return AnnouncementPublished(announcement=campaign.announcement(step.subject))
    poll = replace(polls[PollId(step.subject)], state=PollState.OPEN)
    closed = replace(poll, state=PollState.CLOSED)
    counts = (VOTES,) * len(poll.options)
    said: dict[StepKind, Delivered] = {
        StepKind.OPEN_POLL: PollOpened(poll=poll, zone=campaign.zone.key),
        StepKind.REMIND: PollReminder(poll=poll, zone=campaign.zone.key, voters=sum(counts)),
        StepKind.PUBLISH_RESULTS: ResultsPublished(poll=closed, tally=Tally(counts=counts, voters=sum(counts))),
        StepKind.THANK: Thanks(poll=closed, voters=sum(counts)),
    }
    if step.kind is StepKind.FOLLOW_UP:
        return FollowUp(poll=closed, announcement=campaign.announcement(str(step.words)))
    return said.get(step.kind)


def _readers(
    campaign: Campaign, channels: Sequence[Channel], platforms: Mapping[AccountName, Platform]
) -> Iterator[_Reader]:
    named = {channel.name: channel for channel in channels}
    for name in campaign.audience.channels:
        yield _Reader(named[name].account, named[name], named[name].locale)
    if campaign.audience.subscribers:
        for account in platforms:
            for locale in Locale:
                yield _Reader(account, None, locale)


def _sent(message: Delivered | None, reader: _Reader, platform: Platform, words: Words) -> _Sent:
    if message is None:
        return _Sent()
    address, topic = reader.where(platform.capabilities)
    on = platform.capabilities if reader.channel else without_native_poll(platform.capabilities)
    try:
        post = words.post(message, reader.locale, on)
        parts = platform.plan(post if reader.channel else for_one_person(post), address, topic=topic)
    except Rejected as error:
        return _Sent(refusal=error.detail)
    return _Sent(parts=parts, misfits=post.misfits, pictures=post.pictures)
