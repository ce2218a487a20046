"""What an officer asks of the ledger from the command line: what became of a delivery, where to look, what to do."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.accounts import preview_platform, recalled
from app.clock import SystemClock
from app.identity import acting
from app.office import Office
from app.settings import Settings
from core.audience import Channel, RecipientKind
from core.campaign import Campaign, Occurrence
from core.case_messages import (
    AppealDecided,
    AppealOverdue,
    MessageRestored,
    RemovalNotice,
    RemovalNoticeInGroup,
    ReportDecided,
    StatementInGroup,
    StatementOfReasons,
)
from core.delivery import Delivery, DeliveryState
from core.errors import ParvisError, Rejected
from core.identifiers import AccountName, Address, DeliveryId
from core.messages import (
    AnnouncementPublished,
    Delivered,
    Erratum,
    FollowUp,
    Illegible,
    PollOpened,
    PollReminder,
    ResultsPublished,
    Thanks,
    Withdrawn,
)
from core.place_messages import PlaceNotice, PurgeDone
from core.ports.store import Books
from core.post import Part
from core.staff import Act
from core.staff_messages import StaffAlert
from delivery.settling import it_is_out, send_again
from templates.render import JinjaWords

_PRIVATE = frozenset({RecipientKind.CITIZEN, RecipientKind.PERSON, RecipientKind.MEMBER, RecipientKind.REPORTER})
_NAMES: Mapping[type[object], str] = MappingProxyType(
    {
        AnnouncementPublished: "announcement",
        PollOpened: "poll",
        PollReminder: "reminder",
        ResultsPublished: "results",
        Thanks: "thanks",
        FollowUp: "follow-up",
        Erratum: "erratum",
        Withdrawn: "withdrawal",
        RemovalNotice: "reason of a removal",
        RemovalNoticeInGroup: "removal, said in the group",
        StatementOfReasons: "reasons of a decision",
        StatementInGroup: "decision, said in the group",
        AppealDecided: "answer to an appeal",
        AppealOverdue: "appeal without an answer",
        MessageRestored: "message given back",
        PlaceNotice: "what holds in a discussion",
        PurgeDone: "what was taken out, for whoever ordered it",
        ReportDecided: "what became of a report",
        StaffAlert: "alert to the staff",
        Illegible: "illegible",
    }
)


_NOT_FOLLOWED = (
    " Nobody knows which message it is. Its votes cannot be counted, and the results will say so:"
    " its poll ends by itself, read its totals there."
)


class NotSettled(ParvisError):
    """What an officer asked for is about a delivery that is not there, or that needs no decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A delivery with what surrounds it."""

    delivery: Delivery
    campaign: Campaign | None = None
    occurrence: Occurrence | None = None
    stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Next:
    """The call in doubt or to come; no ``part`` when it cannot be made again here. ``asks``: it holds a poll."""

    part: Part | None = None
    asks: bool = False


def name_of(message: Delivered | Illegible) -> str:
    """The message in the words of a town hall."""
    return _NAMES[type(message)]


def place_of(delivery: Delivery) -> str:
    """A channel or group by its name; nobody's private chat is named."""
    kind = delivery.recipient.kind
    return kind.value if kind in _PRIVATE else delivery.recipient.name


async def settle(office: Office, number: DeliveryId, *, out: bool) -> str:
    """Store what an officer saw: it is ``out``, or it is not and goes out again. What follows. Raises NotSettled."""
    by = await acting(office, Act.SETTLE)
    entry = await _entry(office, number)
    if entry.stopped and not out:
        raise NotSettled(f"delivery {number} is of a campaign that was cancelled: it is not sent again")
    now, channels = office.clock.now(), office.settings.town.channels
    done = (
        await it_is_out(office.store, number, at=now, by=by)
        if out
        else await send_again(office.store, number, at=now, by=by, channels=channels)
    )
    if not done:
        wanted = "not uncertain" if out else "neither uncertain nor failed"
        raise NotSettled(f"delivery {number} is {entry.delivery.state.value}, {wanted} (see: parvis deliveries)")
    after = await _entry(office, number)
    lost = after.delivery.state is DeliveryState.SENT and (await _next(office, entry.delivery)).asks
    return _follows(after, office.settings) + (_NOT_FOLLOWED if lost else "")


async def describe(office: Office, number: DeliveryId) -> str:
    """Everything known of one delivery, in lines, and where to look when nobody knows whether it is out.

    Raises NotSettled.
    """
    entry = await _entry(office, number)
    return "\n".join(_lines(entry, await _next(office, entry.delivery), office.settings))


def _follows(entry: _Entry, settings: Settings) -> str:
    delivery = entry.delivery
    if delivery.state is DeliveryState.SENT:
        return f"Delivery {delivery.id} counts as sent."
    rest = f"from part {delivery.done + 1} of {delivery.parts} on" if delivery.done else "whole"
    if entry.stopped:
        return f"Delivery {delivery.id}: what is out stays; the campaign was cancelled, and the rest is not sent."
    until = settings.local(delivery.expires_at)
    return f"Delivery {delivery.id} is planned again, {rest}: a running service sends it at once, until {until}."


async def _entry(office: Office, number: DeliveryId) -> _Entry:
    def look(books: Books) -> _Entry | None:
        delivery = books.deliveries.get(number)
        if delivery is None:
            return None
        occurrence = None if delivery.occurrence is None else books.campaigns.occurrence(delivery.occurrence)
        running = None if occurrence is None else books.campaigns.get(occurrence.campaign)
        if occurrence is None or running is None:
            return _Entry(delivery=delivery)
        stopped = books.campaigns.is_stopped(occurrence.id)
        return _Entry(delivery=delivery, campaign=running.campaign, occurrence=occurrence, stopped=stopped)

    found = await office.store.read(look)
    if found is None:
        raise NotSettled(f"there is no delivery {number} (see: parvis deliveries)")
    return found


async def _next(office: Office, delivery: Delivery) -> _Next:
    known = await office.store.read(lambda books: recalled(books, office.settings))
    return await asyncio.to_thread(_made_again, delivery, office.settings, known)


def _lines(entry: _Entry, following: _Next, settings: Settings) -> Iterator[str]:
    delivery = entry.delivery
    yield f"Delivery {delivery.id}: {name_of(delivery.message)}, {delivery.state.value}"
    if entry.campaign is not None and entry.occurrence is not None:
        yield f"campaign  {entry.campaign.id}, step {entry.occurrence.step}"
    yield f"to        {place_of(delivery)}{_address(delivery, settings)}"
    yield f"due       {settings.local(delivery.due_at)}, until {settings.local(delivery.expires_at)}"
    if delivery.parts:
        yield f"parts     {delivery.done} of {delivery.parts} are out"
    if following.part is not None:
        yield f"next      part {delivery.done + 1}: {_first_line(following.part)}"
    if delivery.note:
        yield f"note      {delivery.note}"
    if delivery.state is DeliveryState.UNCERTAIN:
        yield from _advice(delivery, following)


def _advice(delivery: Delivery, following: _Next) -> Iterator[str]:
    part = following.part
    yield ""
    if delivery.recipient.kind in _PRIVATE:
        yield "Nobody can look into a private chat; missing is usually better than twice:"
    elif part is not None and part.call == "pinChatMessage":
        yield f"Look whether the message is pinned in {place_of(delivery)}, then say what you saw:"
    else:
        yield f"Look in {place_of(delivery)} whether that part is there, once, then say what you saw:"
    if following.asks:
        yield "It holds the network's own poll. If it is there, its votes will not be followed or published."
    yield f"it is there:  parvis deliveries settle {delivery.id} --out"
    yield f"it is not:    parvis deliveries settle {delivery.id} --again"


def _made_again(delivery: Delivery, settings: Settings, known: Mapping[AccountName, str]) -> _Next:
    """The call in doubt or to come, as the words and the limits are now. Blocks."""
    channel = _channel(delivery, settings)
    account = next((each for each in settings.accounts if channel and each.name == channel.account), None)
    if channel is None or account is None or isinstance(delivery.message, Illegible):
        return _Next()
    words = JinjaWords(town=settings.town.name, contact=settings.town.contact, pictures=settings.pictures)
    platform = preview_platform(account, settings, SystemClock())
    platform.recall(known.get(account.name))
    try:
        post = words.post(delivery.message, channel.locale, platform.capabilities)
        parts = platform.plan(post, channel.address, topic=channel.topic)
        return _Next(part=parts[delivery.done], asks=post.poll is not None and delivery.done == len(parts) - 1)
    except (Rejected, IndexError):
        return _Next()


def _first_line(part: Part) -> str:
    said = next((line.strip() for line in part.text.splitlines() if line.strip()), "")
    return f"{part.call}: {said}" if said else part.call


def _channel(delivery: Delivery, settings: Settings) -> Channel | None:
    if delivery.recipient.kind is not RecipientKind.CHANNEL:
        return None
    return next((channel for channel in settings.town.channels if channel.name == delivery.recipient.name), None)


def _address(delivery: Delivery, settings: Settings) -> str:
    channel = _channel(delivery, settings)
    address = channel.address if channel is not None else Address("")
    return f" ({address}, with {delivery.account})" if address else f" (with {delivery.account})"
