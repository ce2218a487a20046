"""Who looks on at a rehearsal: at the books after every leap of the clock, and at the journals of the networks."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from app.service import Service
from core.audience import RecipientKind
from core.campaign import Campaign, Occurrence, OccurrenceState
from core.delivery import LEASE, Delivery, DeliveryState
from core.identifiers import CampaignId, CitizenId, DeliveryId, Locale
from core.poll import Poll, Tally
from core.ports.store import Books
from core.rehearsal import Attendance
from delivery.lookback import SOON
from sandbox.habits import SITTING
from sandbox.journal import Entry
from sandbox.stage import Stage

MINUTE = timedelta(minutes=1)
_GLANCE = 0.02  # real seconds
_OFTEN_ENOUGH = 0.25  # real seconds: something may also change without a leap
_ALL = 1_000_000
_AT_REST = frozenset({DeliveryState.PLANNED, DeliveryState.SENDING})


@dataclass(slots=True)
class Seen:
    """What was seen of one campaign in the end; of what went to people, whatever was seen at any time."""

    occurrences: tuple[Occurrence, ...] = ()
    public: tuple[Delivery, ...] = ()
    private: dict[DeliveryId, Delivery] = field(default_factory=dict)
    languages: dict[str, Locale] = field(default_factory=dict)  # of the people who got something, by recipient
    polls: tuple[tuple[Poll, Tally], ...] = ()


class Witness:
    """Looks on until everything planned before ``until`` is over. Private reminders are forgotten when a poll closes:
    so the clock waits for the look.
    """

    def __init__(self, service: Service, stage: Stage, campaigns: Sequence[Campaign], *, until: datetime) -> None:
        self._service = service
        self._clock = stage.clock
        self._until = until
        self._fresh = asyncio.Event()
        self._doubt = asyncio.Event()
        self._counts: dict[CampaignId, dict[DeliveryState, int]] = {}
        self.seen = {campaign.id: Seen() for campaign in campaigns}
        self._looks_back = {
            name for name, reception in service.receptions.items() if reception.platform.capabilities.looks_back
        }
        self._fresh.set()
        self._clock.subscribe(self._fresh.set)
        self._clock.idle_when(lambda: not self._fresh.is_set())

    async def watch(self) -> None:
        """Look until it is over."""
        async with asyncio.TaskGroup() as waiting:
            end = waiting.create_task(self._clock.aside.sleep_until(self._until))
            doubting = waiting.create_task(self._stop_while_in_doubt())
            while not await self._looked() and not end.done():
                await self._leap()
            end.cancel()
            doubting.cancel()
        self._counts.clear()  # some may have gone and others come: everything is read once more
        await self._service.store.read(self._look)

    async def _stop_while_in_doubt(self) -> None:
        """Stop the clock each minute while looking back may help, and do then what the real tick does by itself."""
        while True:
            await self._doubt.wait()
            self._doubt.clear()
            await self._clock.aside.sleep_until(self._clock.now() + MINUTE)
            await self._service.look_at_the_ledger()

    async def _looked(self) -> bool:
        """Look, unless somebody is at work; whether everything is over."""
        if self._service.busy:
            return False
        self._fresh.clear()
        return await self._service.store.read(self._look)

    async def _leap(self) -> None:
        await asyncio.sleep(_GLANCE)
        try:
            async with asyncio.timeout(_OFTEN_ENOUGH):
                await self._fresh.wait()
        except TimeoutError:
            return

    def _look(self, books: Books) -> bool:
        """Whether everything is over."""
        over = [self._look_at(name, seen, books) for name, seen in self.seen.items()]
        return all(over) and not books.deliveries.boards(limit=1)

    def _look_at(self, name: CampaignId, seen: Seen, books: Books) -> bool:
        seen.occurrences = books.campaigns.occurrences(name)
        counts = books.deliveries.count(campaign=name)
        if counts != self._counts.get(name):
            self._counts[name] = counts
            everything = books.deliveries.all(campaign=name, limit=_ALL)
            private = [each for each in everything if each.recipient.kind is RecipientKind.CITIZEN]
            seen.public = tuple(each for each in everything if each.recipient.kind is RecipientKind.CHANNEL)
            seen.private |= {each.id: each for each in private}
            for recipient in {each.recipient.name for each in private} - seen.languages.keys():
                person = books.citizens.sealed_person(CitizenId(int(recipient)))
                seen.languages[recipient] = Locale.FR if person is None else person[1]
        seen.polls = tuple((poll, books.polls.tally(poll.id)) for poll in books.polls.all() if poll.campaign == name)
        if any(map(self._may_be_settled, seen.public)):
            self._doubt.set()
        planned = [each for each in seen.occurrences if each.state is OccurrenceState.PLANNED]
        return not any(each.due_at <= self._until for each in planned) and not any(map(counts.get, _AT_REST))

    def _may_be_settled(self, delivery: Delivery) -> bool:
        since = delivery.doubted_at or delivery.claimed_at
        return (
            delivery.state is DeliveryState.UNCERTAIN
            and delivery.account in self._looks_back
            and since is not None
            and self._clock.now() - since <= LEASE + SOON
        )


# ── the journals ──


@dataclass(frozen=True, slots=True)
class Record:
    """What the journal of one network tells. ``posts`` is when each public message of the town appeared, by number."""

    posts: Mapping[str, datetime]
    refused: Sequence[datetime]
    votes: Mapping[str, Sequence[datetime]]


def record(entries: Iterable[Entry], place: str) -> Record:
    """Read a journal. ``place`` is the chat of what the town says in public, where a network has such a chat."""
    posts: dict[str, datetime] = {}
    refused: list[datetime] = []
    votes: defaultdict[str, list[datetime]] = defaultdict(list)
    for entry in entries:
        at = datetime.fromisoformat(str(entry["at"]))
        for message in _published(entry, place):
            posts.setdefault(message, at)
        if entry["kind"] == "call" and entry["outcome"] != "done":
            refused.append(at)
        if _votes(entry):
            votes[str(entry["user"])].append(at)
    return Record(posts, refused, votes)


def _published(entry: Entry, place: str) -> Iterator[str]:
    """The numbers of the public messages that a call made or changed."""
    result = entry.get("result") if entry["kind"] == "call" else None
    for shown in result if isinstance(result, list) else [result]:
        if isinstance(shown, dict) and "message" in shown:
            public = str(shown.get("visibility", "direct")) != "direct" or str(shown.get("chat")) == place
            if public:
                yield str(shown["message"])


def _votes(entry: Entry) -> bool:
    match entry:
        case {"kind": "press", "data": data}:
            return str(data).startswith("v1:")
        case {"kind": "written" | "command", "text": text}:
            return "/vote " in str(text) or (entry.get("network") == "mastodon" and "/" not in str(text))
        case _:
            return False


def attendance(records: Iterable[Record], people: int) -> Attendance:
    """Who voted, and who came back."""
    acts = [times for record in records for times in record.votes.values()]
    back = sum(any(after - before > SITTING for before, after in pairwise(sorted(times))) for times in acts)
    return Attendance(people=people, took_part=len(acts), came_back=back)


def doubled(records: Mapping[str, Record], seen: Iterable[Seen]) -> int:
    """How many public messages stand there that no delivery accounts for: one that is in doubt accounts for one that
    appeared while its call was under way, and for no other.
    """
    known: defaultdict[str, set[str]] = defaultdict(set)
    doubts: defaultdict[str, list[datetime]] = defaultdict(list)
    for delivery in (each for one in seen for each in one.public):
        known[str(delivery.account)] |= {receipt.message for receipt in delivery.receipts}
        if delivery.state is DeliveryState.UNCERTAIN and delivery.claimed_at is not None:
            doubts[str(delivery.account)].append(delivery.claimed_at)
    return sum(_unaccounted(record, known[network], doubts[network]) for network, record in records.items())


def _unaccounted(record: Record, known: Collection[str], calls: Collection[datetime]) -> int:
    strange = sorted(at for message, at in record.posts.items() if message not in known)
    waiting = sorted(calls)
    for at in tuple(strange):
        call = next((each for each in waiting if each <= at <= each + LEASE), None)
        if call is not None:
            waiting.remove(call)
            strange.remove(at)
    return len(strange)


def out_at(delivery: Delivery, record: Record) -> datetime | None:
    """When the first message of a delivery stood there, as the network tells."""
    times = [record.posts[receipt.message] for receipt in delivery.receipts if receipt.message in record.posts]
    return min(times, default=None)


def monday(at: datetime) -> datetime:
    """The beginning of its week, on its own clocks."""
    return (at - timedelta(days=at.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
