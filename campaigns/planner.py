"""The planner: what is due becomes deliveries, each step in one transaction.

A step is settled by compare-and-set in the transaction that opens or closes its poll and plans its deliveries: all of
it happens, or nothing, and planning the same step twice changes nothing. The key of a poll is durable before the
transaction that opens it. A poll closes once every vote received in time is counted, for which it waits ``PATIENCE``
at most. A step that fails holds up no other, and is tried again at the next look.

Once a day, and when it starts, the planner looks at what is planned ahead: time has gone on, and the zone database or
the public holidays may be others than yesterday. It does so a few campaigns a look, that of a step before the step.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path

from campaigns import alarms, catching_up
from campaigns.approved import NotApproved, is_approved
from campaigns.calendar import lay_out
from campaigns.catching_up import NOTED_EVERY, Turn, turn_of
from campaigns.outlook import Outlook, started
from campaigns.public_holidays import days_off
from campaigns.reminding import not_yet
from campaigns.steps import Outgoing, Scene, carry_out, decide
from core.alert import KEPT, AlertKind, Matter, of_occurrence
from core.audience import Channel, Recipient, RecipientKind
from core.campaign import Campaign, CampaignState, Occurrence, OccurrenceState, Step, StepKind
from core.correction import CorrectionKind, Order
from core.delivery import Urgency
from core.errors import Finding, Misconfigured, StorageError
from core.identifiers import AccountName, CampaignId, ChannelName, OccurrenceId, PlatformName, PollId
from core.poll import PollState
from core.ports.books.citizens import Subscriber
from core.ports.clock import Clock
from core.ports.store import Books, Store
from core.ports.vault import Vault
from core.staff import SERVICE
from core.timetable import Timetable, rearranged

PATIENCE = timedelta(seconds=60)
NO_ACCOUNT = AccountName("")  # of a channel that the configuration does not know

log = logging.getLogger("parvis.campaigns")


class Start(StrEnum):
    """What became of the wish to start a campaign."""

    STARTED = "started"
    BEFORE = "before"  # the same was started before: nothing was changed
    OTHER = "other"  # another one was started under this name
    CANCELLED = "cancelled"  # it was started, and stopped for ever


class Planner:
    """Starts campaigns, and settles their steps as they fall due."""

    def __init__(
        self,
        *,
        store: Store,
        vault: Vault,
        clock: Clock,
        channels: Sequence[Channel],
        accounts: Sequence[AccountName],
        wake: Callable[[], None],
        votes_wait_since: Callable[[], datetime | None] = lambda: None,
        needs_approval: bool = False,
    ) -> None:
        """``wake`` is called whenever there may be something new to send, or another instant to wait for.

        ``votes_wait_since`` is when the oldest vote was heard that is promised and not yet stored. Where it
        ``needs_approval``, nothing is planned of a campaign but what was approved, word for word; polls still close.
        """
        self._store = store
        self._vault = vault
        self._clock = clock
        self._networks = {channel.account: channel.platform for channel in channels}
        self._channels = {channel.name: channel for channel in channels}
        self._accounts = tuple(accounts)
        self._wake = wake
        self._votes_wait_since = votes_wait_since
        self._needs_approval = needs_approval
        self._working = 0
        self._closing: dict[OccurrenceId, datetime] = {}
        self._failing: frozenset[OccurrenceId] = frozenset()
        self._outlook = Outlook(store)
        self._noted_at: datetime | None = None

    @property
    def busy(self) -> bool:
        """Whether a look, a start or a stop is under way."""
        return self._working > 0

    async def look(self) -> int:
        """Settle what is due now, the earliest first; how many steps were settled. Nothing while the town is held."""
        with self._at_work():
            await self._outlook.go_on(self._clock.now())
            due = await self._store.read(partial(_due, self._clock.now()))
            if due is None:  # held: nobody has looked, so that the first look after it notices what is late
                self._noted_at = None
                return 0
            noticed = await self._notice_outages(self._clock.now())
            theirs = dict.fromkeys(occurrence.campaign for occurrence in due)
            if await self._outlook.look_over(theirs, self._clock.now()) or noticed:
                due = await self._store.read(partial(_due, self._clock.now())) or ()
            self._failing &= {occurrence.id for occurrence in due}
            settled = 0
            for occurrence in due:
                settled += await self._guarded(occurrence)
            if settled:
                self._wake()
            return settled

    async def start(self, campaign: Campaign) -> Start:
        """Start a campaign now; nothing when its name was given to one before.

        Raises Misconfigured when a poll of this name belongs to something else.
        """
        with self._at_work():
            await asyncio.to_thread(days_off, campaign.place)  # read once, off the loop
            started = await self._store.write(partial(begin, campaign, self._clock.now()))
            self._wake()
            return started

    async def cancel(self, campaign: CampaignId) -> bool:
        """Stop a campaign for ever and close its polls, unpublished; False when it was not running."""
        with self._at_work():
            cancelled = await self._store.write(partial(stop, campaign, self._clock.now()))
            self._wake()
            return cancelled

    async def next_due(self) -> datetime | None:
        """When the next step is due, or what is out must be changed."""
        with self._at_work():
            return await self._store.read(partial(_next_due, self._clock.now()))

    async def _notice_outages(self, now: datetime) -> bool:
        """Whether anything is late since now."""
        if self._noted_at is not None and timedelta() <= now - self._noted_at < NOTED_EVERY:
            return False
        late = await self._store.write(partial(_noticed, now))
        for each in late:
            place = {"campaign": each.campaign, "step": each.step, "occurrence": each.id}
            log.warning("step_late", extra=place)
        self._noted_at = now
        return bool(late)

    async def _guarded(self, occurrence: Occurrence) -> bool:
        try:
            settled = await self._settle(occurrence)
        except Exception as error:  # the supervisor of steps
            if occurrence.id not in self._failing:
                away = isinstance(error, StorageError)  # no fault of ours: where it happened explains nothing
                problem = {"error": type(error).__name__, "detail": str(error)}
                place = {"campaign": occurrence.campaign, "step": occurrence.step}
                log.error("step_failing", extra=place | problem, exc_info=None if away else error)  # noqa: TRY400  not for these
                if isinstance(error, NotApproved):
                    await self._store.write(partial(alarms.unapproved, occurrence, error.until, self._clock.now()))
            self._failing |= {occurrence.id}
            return False
        self._failing -= {occurrence.id}
        return settled

    async def _settle(self, occurrence: Occurrence) -> bool:
        running = await self._store.read(partial(started, occurrence.campaign))
        step = running.campaign.step(occurrence.step)
        since = self._closing.setdefault(occurrence.id, self._clock.now())
        heard = self._votes_wait_since()
        oldest = partial(self._oldest, heard)
        scene = partial(
            _scene,
            occurrence=occurrence,
            since=since,
            now=self._clock.now(),
            oldest=oldest,
            networks=self._networks,
        )
        decided = await self._store.read(lambda books: _decided(occurrence, scene(books)))
        if decided is None:
            return False
        if step.kind is StepKind.OPEN_POLL and decided is OccurrenceState.DONE:
            await asyncio.to_thread(self._vault.create_poll_key, PollId(step.subject))
        waiting = await self._still_to_vote(step, running.campaign) if decided is OccurrenceState.DONE else None
        state = await self._store.write(lambda books: self._carry_out(occurrence, scene, waiting, books))
        if state is None:
            return False
        del self._closing[occurrence.id]
        level = logging.WARNING if state is OccurrenceState.MISSED else logging.INFO
        fields = {"campaign": occurrence.campaign, "step": occurrence.step, "state": state.value}
        log.log(level, "step_settled", extra=fields)
        if state is OccurrenceState.DONE:
            for name in self._unknown(running.campaign):
                log.error("channel_unknown", extra={"campaign": occurrence.campaign, "channel": name})
        return True

    def _oldest(self, heard: datetime | None, books: Books) -> datetime | None:
        """Since when something waits that may be a vote: stored by an account that still listens, or only heard."""
        waiting = (books.inbox.oldest(self._accounts), heard)
        return min((at for at in waiting if at is not None), default=None)

    async def _still_to_vote(self, step: Step, campaign: Campaign) -> Sequence[Subscriber] | None:
        """The subscribers whom a reminder concerns; None for what concerns them all."""
        if step.kind is not StepKind.REMIND or not campaign.audience.subscribers:
            return None
        return await not_yet(self._store, self._vault, PollId(step.subject), self._accounts)

    def _carry_out(
        self,
        occurrence: Occurrence,
        scene_of: Callable[[Books], Scene],
        waiting: Sequence[Subscriber] | None,
        books: Books,
    ) -> OccurrenceState | None:
        stands = books.campaigns.occurrence(occurrence.id) == occurrence  # neither settled, moved nor dropped since
        scene = scene_of(books) if stands else None
        state = None if scene is None else _decided(occurrence, scene)
        if scene is None or state is None:
            return None
        speaks = state is OccurrenceState.DONE and scene.step.kind is not StepKind.CLOSE_POLL
        if speaks and self._needs_approval and not is_approved(scene.campaign, books):
            raise NotApproved(scene.campaign.id, until=scene.due_at + scene.step.grace)
        books.campaigns.settle(occurrence.id, state)
        if state is OccurrenceState.MISSED:
            missed = Matter(kind=AlertKind.MISSED, about=of_occurrence(occurrence.id), until=scene.now + KEPT)
            books.alerts.open(missed, at=scene.now)
        alarms.over(AlertKind.UNAPPROVED, {of_occurrence(occurrence.id)}, scene.now, books)
        catching_up.over(occurrence, scene.now, books, said=state is OccurrenceState.DONE)
        outgoing = carry_out(scene) if state is OccurrenceState.DONE else None
        if outgoing is not None:
            self._plan(scene, occurrence, outgoing, waiting)
            if scene.over_at is not None:
                order = Order(
                    kind=CorrectionKind.END, occurrence=occurrence.id, by=SERVICE, at=scene.now, due_at=scene.over_at
                )
                books.corrections.order(order)
        if scene.campaign.recurs:
            lay_out(scene.campaign.id, scene.now, books)
        return state

    def _plan(
        self, scene: Scene, occurrence: Occurrence, outgoing: Outgoing, waiting: Sequence[Subscriber] | None
    ) -> None:
        audience, deliveries = scene.campaign.audience, scene.books.deliveries
        plan = partial(
            deliveries.plan,
            occurrence=occurrence.id,
            message=outgoing.message,
            urgency=Urgency.CAMPAIGN,
            due_at=occurrence.due_at,
            expires_at=outgoing.expires_at,
        )
        channels = [self._channels[name] for name in audience.channels if name in self._channels]
        plan(recipients=[(each.account, Recipient(RecipientKind.CHANNEL, each.name)) for each in channels])
        for name in self._unknown(scene.campaign):
            lost = [(NO_ACCOUNT, Recipient(RecipientKind.CHANNEL, name))]
            plan(recipients=lost, refusal=f"the configuration knows no channel «{name}»")
        if waiting is not None:
            plan(recipients=[(each.account, Recipient(RecipientKind.CITIZEN, str(each.id))) for each in waiting])
        elif audience.subscribers:
            deliveries.plan_for_subscribers(
                occurrence=occurrence.id,
                message=outgoing.message,
                accounts=self._accounts,
                urgency=Urgency.CAMPAIGN,
                due_at=occurrence.due_at,
                expires_at=outgoing.expires_at,
            )

    def _unknown(self, campaign: Campaign) -> list[ChannelName]:
        return [name for name in campaign.audience.channels if name not in self._channels]

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        self._working += 1
        try:
            yield
        finally:
            self._working -= 1


def begin(campaign: Campaign, at: datetime, books: Books) -> Start:
    """Start a campaign inside a transaction; see ``Planner.start``."""
    timetable = Timetable(campaign, at, is_holiday=days_off(campaign.place))
    polls = timetable.polls()
    for poll in polls:
        known = books.polls.get(poll.id)
        if known is not None and known.campaign != campaign.id:
            problem = f"the poll {poll.id} belongs to the campaign «{known.campaign}»: give it another name"
            raise Misconfigured(Finding(file=Path(f"{campaign.id}.toml"), line=0, key="polls", problem=problem))
    if not books.campaigns.start(campaign, at=at, due=rearranged(campaign, timetable, (), at).add):
        before = books.campaigns.get(campaign.id)
        if before is not None and before.state is CampaignState.CANCELLED:
            return Start.CANCELLED
        return Start.BEFORE if before is not None and before.campaign == campaign else Start.OTHER
    for poll in polls:
        books.polls.add(poll)
    return Start.STARTED


def stop(campaign: CampaignId, at: datetime, books: Books) -> bool:
    """Stop a campaign inside a transaction; see ``Planner.cancel``."""
    if not books.campaigns.cancel(campaign):
        return False
    books.corrections.cancel(campaign, at=at)
    for poll in books.polls.all(state=PollState.OPEN):
        if poll.campaign == campaign:
            books.polls.stop(poll.id, at=at)
    return True


def _due(now: datetime, books: Books) -> tuple[Occurrence, ...] | None:
    """What is due; None while the town is held."""
    if books.town.fact("held") is not None:
        return None
    return catching_up.in_order(books.campaigns.due(now), books)


def _noticed(now: datetime, books: Books) -> tuple[Occurrence, ...]:
    """What is late since now; a town that is held is looked at by nobody."""
    return () if books.town.fact("held") is not None else catching_up.notice(now, books)


def _decided(occurrence: Occurrence, scene: Scene) -> OccurrenceState | None:
    """What becomes of a step now; None when it must wait, for its poll or for its turn."""
    state = decide(scene)
    if state is not OccurrenceState.DONE:
        return state
    match turn_of(occurrence, scene.campaign, scene.now, scene.books):
        case Turn.NOW:
            return state
        case Turn.DROPPED:
            return OccurrenceState.MISSED
        case Turn.WAITS | Turn.IN_TURN:
            return None


def _next_due(now: datetime, books: Books) -> datetime | None:
    known = (books.campaigns.next_due(), books.corrections.next_due(now))
    return min((at for at in known if at is not None), default=None)


def _scene(
    books: Books,
    *,
    occurrence: Occurrence,
    since: datetime,
    now: datetime,
    oldest: Callable[[Books], datetime | None],
    networks: Mapping[AccountName, PlatformName],
) -> Scene:
    waits_since = oldest(books)
    campaign = started(occurrence.campaign, books).campaign
    return Scene(
        books=books,
        campaign=campaign,
        step=campaign.step(occurrence.step),
        due_at=occurrence.due_at,
        now=now,
        votes_wait=waits_since is not None and waits_since < occurrence.due_at and now - since < PATIENCE,
        networks=networks,
    )
