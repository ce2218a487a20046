"""The planner: what is due becomes deliveries, each step in one transaction.

A step is settled by compare-and-set in the transaction that opens or closes its poll and plans its deliveries: all of
it happens, or nothing, and planning the same step twice changes nothing. The key of a poll is durable before the
transaction that opens it. A poll closes once every vote received in time is counted, for which it waits ``PATIENCE``
at most.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from campaigns.steps import Outgoing, Scene, carry_out, decide
from core.audience import Channel, Recipient, RecipientKind
from core.campaign import Campaign, CampaignState, Occurrence, OccurrenceState, StepKind
from core.delivery import Urgency
from core.errors import Finding, Misconfigured
from core.identifiers import AccountName, CampaignId, OccurrenceId, PollId
from core.poll import PollState
from core.ports.clock import Clock
from core.ports.store import Books, Running, Store
from core.ports.vault import Vault

PATIENCE = timedelta(seconds=60)

log = logging.getLogger("parvis.campaigns")


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
    ) -> None:
        """``wake`` is called whenever there may be something new to send, or another instant to wait for.

        ``votes_wait_since`` is when the oldest vote was heard that is promised and not yet stored.
        """
        self._store = store
        self._vault = vault
        self._clock = clock
        self._channels = {channel.name: channel for channel in channels}
        self._accounts = tuple(accounts)
        self._wake = wake
        self._votes_wait_since = votes_wait_since
        self._working = 0
        self._closing: dict[OccurrenceId, datetime] = {}

    @property
    def busy(self) -> bool:
        """Whether a look, a start or a stop is under way."""
        return self._working > 0

    async def look(self) -> int:
        """Settle what is due now, the earliest first; how many steps were settled. Nothing while the town is held."""
        with self._at_work():
            await self._close_polls_of_the_cancelled()
            settled = 0
            for occurrence, running in await self._store.read(partial(_due, self._clock.now())):
                settled += await self._settle(occurrence, running)
            if settled:
                self._wake()
            return settled

    async def start(self, campaign: Campaign) -> bool:
        """Start a campaign now; False, and nothing, when it was started before.

        Raises Misconfigured when a poll of this name belongs to something else.
        """
        with self._at_work():
            started = await self._store.write(partial(begin, campaign, self._clock.now()))
            self._wake()
            return started

    async def cancel(self, campaign: CampaignId) -> bool:
        """Stop a campaign for ever and close its polls, unpublished; False when it was not running."""
        with self._at_work():
            cancelled = await self._store.write(lambda books: books.campaigns.cancel(campaign))
            await self._close_polls_of_the_cancelled()
            self._wake()
            return cancelled

    async def next_due(self) -> datetime | None:
        """When the next step is due."""
        with self._at_work():
            return await self._store.read(lambda books: books.campaigns.next_due())

    async def _settle(self, occurrence: Occurrence, running: Running) -> bool:
        step = running.campaign.steps[occurrence.step]
        since = self._closing.setdefault(occurrence.id, self._clock.now())
        heard = self._votes_wait_since()
        scene = partial(_scene, occurrence=occurrence, running=running, since=since, now=self._clock.now(), heard=heard)
        decided = await self._store.read(lambda books: decide(scene(books)))
        if decided is None:
            return False
        if step.kind is StepKind.OPEN_POLL and decided is OccurrenceState.DONE:
            await asyncio.to_thread(self._vault.create_poll_key, PollId(step.subject))
        state = await self._store.write(lambda books: self._carry_out(occurrence, scene(books)))
        if state is None:
            return False
        del self._closing[occurrence.id]
        level = logging.WARNING if state is OccurrenceState.MISSED else logging.INFO
        fields = {"campaign": occurrence.campaign, "step": occurrence.step, "state": state.value}
        log.log(level, "step_settled", extra=fields)
        return True

    def _carry_out(self, occurrence: Occurrence, scene: Scene) -> OccurrenceState | None:
        state = decide(scene)
        if state is None or not scene.books.campaigns.settle(occurrence.id, state):
            return None
        outgoing = carry_out(scene) if state is OccurrenceState.DONE else None
        if outgoing is not None:
            self._plan(scene, occurrence, outgoing)
        return state

    def _plan(self, scene: Scene, occurrence: Occurrence, outgoing: Outgoing) -> None:
        audience, deliveries = scene.campaign.audience, scene.books.deliveries
        deliveries.plan(
            occurrence=occurrence.id,
            message=outgoing.message,
            recipients=[
                (self._channels[name].account, Recipient(RecipientKind.CHANNEL, name))
                for name in audience.channels
                if name in self._channels
            ],
            urgency=Urgency.CAMPAIGN,
            due_at=occurrence.due_at,
            expires_at=outgoing.expires_at,
        )
        if audience.subscribers:
            deliveries.plan_for_subscribers(
                occurrence=occurrence.id,
                message=outgoing.message,
                accounts=self._accounts,
                urgency=Urgency.CAMPAIGN,
                due_at=occurrence.due_at,
                expires_at=outgoing.expires_at,
            )

    async def _close_polls_of_the_cancelled(self) -> None:
        left = await self._store.read(_open_without_campaign)
        now = self._clock.now()
        for poll in left:
            await self._store.write(partial(_close, poll, now))

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        self._working += 1
        try:
            yield
        finally:
            self._working -= 1


def begin(campaign: Campaign, at: datetime, books: Books) -> bool:
    """Start a campaign inside a transaction; see ``Planner.start``."""
    polls = campaign.polls(at)
    for poll in polls:
        known = books.polls.get(poll.id)
        if known is not None and known.campaign != campaign.id:
            problem = f"the poll {poll.id} belongs to the campaign «{known.campaign}»: give it another name"
            raise Misconfigured(Finding(file=Path(f"{campaign.id}.toml"), line=0, key="polls", problem=problem))
    if not books.campaigns.start(campaign, at=at, due=campaign.instants(at)):
        return False
    for poll in polls:
        books.polls.add(poll)
    return True


def _due(now: datetime, books: Books) -> list[tuple[Occurrence, Running]]:
    if books.town.fact("held") is not None:
        return []
    running = {each.campaign.id: each for each in books.campaigns.all()}
    return [(occurrence, running[occurrence.campaign]) for occurrence in books.campaigns.due(now)]


def _scene(
    books: Books, *, occurrence: Occurrence, running: Running, since: datetime, now: datetime, heard: datetime | None
) -> Scene:
    oldest = min((at for at in (books.inbox.oldest(), heard) if at is not None), default=None)
    return Scene(
        books=books,
        campaign=running.campaign,
        step=running.campaign.steps[occurrence.step],
        due_at=occurrence.due_at,
        now=now,
        votes_wait=oldest is not None and oldest < occurrence.due_at and now - since < PATIENCE,
    )


def _close(poll: PollId, now: datetime, books: Books) -> None:
    books.polls.close(poll, at=now)


def _open_without_campaign(books: Books) -> tuple[PollId, ...]:
    return tuple(
        poll.id
        for poll in books.polls.all(state=PollState.OPEN)
        if (running := books.campaigns.get(poll.campaign)) is not None and running.state is CampaignState.CANCELLED
    )
