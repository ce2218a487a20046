"""One delivery carried part after part: a turn, a claim committed just before the call, the call, its outcome."""

import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from core.audience import Destination, RecipientKind
from core.capabilities import without_native_poll
from core.delivery import LEASE, Delivery, DeliveryState, claimed, completed, given_up, handed_back, recognised, setback
from core.errors import PlatformError, Rejected, StorageError
from core.identifiers import DeliveryId, MessageId
from core.messages import Delivered, Illegible
from core.ports.clock import Clock
from core.ports.platform import Sender
from core.ports.store import Books, Store
from core.ports.words import Words
from core.post import UNSAID, Part, for_one_person
from delivery.bells import Hands
from delivery.outcomes import FOR_EVER, Outcome, accepted, apply, refused
from delivery.sobriety import least_urgent
from delivery.trouble import Trouble

_FIRST_PAUSE = timedelta(seconds=1)
_LONGEST_PAUSE = timedelta(seconds=30)
_CURES = {
    DeliveryState.FAILED: "ask what is missing: parvis doctor",
    DeliveryState.UNCERTAIN: "look whether it is out, then say so: parvis deliveries settle",
}

log = logging.getLogger("parvis.delivery")


@dataclass(frozen=True, slots=True)
class Carried:
    """How a delivery stands after the calls made for it; what remains of it may stand ``apart`` from all else.

    No ``delivery`` when it was not to be sent now, or somebody else changed it.
    """

    delivery: Delivery | None
    apart: bool = False


class Courier:
    """Carries deliveries for one account. ``hands`` are those of its lane.

    ``aftermath`` stores what became of a call, also once ``store`` refuses the next claim because another process runs
    the lane: what is known of a call that was made is never thrown away.
    """

    def __init__(
        self,
        *,
        platform: Sender,
        store: Store,
        words: Words,
        clock: Clock,
        hands: Hands,
        aftermath: Store | None = None,
    ) -> None:
        self._platform = platform
        self._store = store
        self._aftermath = aftermath or store
        self._words = words
        self._clock = clock
        self._hands = hands
        self._calls = Hands()
        self._closing = False
        self._trouble = Trouble("outcome_store", account=platform.account)

    async def drain(self) -> None:
        """Make no further call; return when the outcomes of those under way are stored."""
        self._closing = True
        await self._calls.empty()

    async def carry(
        self,
        delivery: Delivery,
        destination: Destination | None,
        message: Delivered | Illegible | None,
        *,
        answers: MessageId | None = None,
    ) -> Carried:
        """Send what remains of a planned delivery, whose message says this, in reply to a message of ours if to any.

        Raises StorageError when it could not be claimed, Superseded when others carry now, and Unauthorised after it
        was handed back.
        """
        if destination is None or message is None:
            return await self._fail(delivery, Rejected("nobody can be reached under this name"))
        if isinstance(message, Illegible):
            return await self._fail(delivery, Rejected(f"a message that this version cannot read: {message.kind}"))
        try:
            parts = self._parts(delivery, message, destination, answers)
        except Rejected as error:
            return await self._fail(delivery, error)
        if delivery.done >= len(parts):  # the words became fewer since the first part went out
            return Carried(await self._without_a_call(delivery, completed))
        return await self._send_all(delivery, parts, destination)

    async def set_aside(self, number: DeliveryId, error: Exception) -> Delivery | None:
        """Stop trying after a fault of ours: failed before a call, in doubt since one; how it then stands."""
        note = f"a fault of Parvis itself: {type(error).__name__}"

        def work(books: Books) -> Delivery | None:
            stands = books.deliveries.get(number)
            if stands is None or stands.state not in {DeliveryState.PLANNED, DeliveryState.SENDING}:
                return stands
            state = DeliveryState.FAILED if stands.state is DeliveryState.PLANNED else DeliveryState.UNCERTAIN
            after = replace(given_up(stands, state), note=note)
            return after if books.deliveries.save(after, expected=stands.state, claimed_at=stands.claimed_at) else None

        stands = await self._store.write(work)
        if stands is not None:
            _tell(stands, stands)
        return stands

    def _parts(
        self, delivery: Delivery, message: Delivered, destination: Destination, answers: MessageId | None
    ) -> tuple[Part, ...]:
        """The calls it takes. Raises Rejected, also for a message that our own words cannot say."""
        try:
            on = self._platform.capabilities
            on = without_native_poll(on) if destination.private else on
            post = self._words.post(message, destination.locale, on)
            post = for_one_person(post) if destination.private else post
            post = replace(post, answers=answers) if answers is not None else post
            return self._platform.plan(post, destination.address, topic=destination.topic)
        except Rejected:
            raise
        except Exception as error:  # the outbound guard: what cannot be written is set aside, the others go on
            log.exception("delivery_unwritable", extra={"delivery": delivery.id})
            raise Rejected(f"cannot be written: {type(error).__name__}") from error

    async def _send_all(self, delivery: Delivery, parts: tuple[Part, ...], destination: Destination) -> Carried:
        for part in parts[delivery.done :]:
            stands = await self._send(delivery, part, len(parts), destination)
            if stands is None or stands.done == delivery.done:
                return Carried(stands, apart=part.apart)
            delivery = stands
        return Carried(delivery)

    async def _send(self, delivery: Delivery, part: Part, parts: int, destination: Destination) -> Delivery | None:
        async with AsyncExitStack() as turn:
            with self._hands.at_rest():
                await turn.enter_async_context(self._platform.turn(destination.address, delivery.urgency))
            with self._calls.at_work():
                mine = await self._store.write(lambda books: self._claim(books, delivery, parts, part))
                if mine is None:
                    return None
                outcome = await self._call(mine, part, destination)
                await turn.aclose()  # storing the outcome takes nothing of the platform's pace
                return await self._keep(mine, outcome)

    def _claim(self, books: Books, delivery: Delivery, parts: int, part: Part | None = None) -> Delivery | None:
        """Say that the call of this part, if any, is about to be made; None when it must not be made."""
        now = self._clock.now()
        stands = books.deliveries.get(delivery.id)
        if self._closing or stands != delivery or now >= delivery.expires_at or books.town.fact("held") is not None:
            return None
        if delivery.urgency > least_urgent(books):
            return None
        if _is_stopped(books, delivery):
            books.deliveries.save(given_up(delivery, DeliveryState.CANCELLED), expected=DeliveryState.PLANNED)
            return None
        again = part is None or part.repeatable
        if not recognised(delivery, now, FOR_EVER if again else self._platform.capabilities.dedupes_for):
            books.deliveries.save(given_up(delivery, DeliveryState.UNCERTAIN), expected=DeliveryState.PLANNED)
            return None
        mine = replace(claimed(delivery, now), parts=parts, asks=delivery.asks or (part is not None and part.asks))
        return mine if books.deliveries.save(mine, expected=DeliveryState.PLANNED) else None

    async def _call(self, mine: Delivery, part: Part, destination: Destination) -> Outcome:
        if self._clock.now() - (mine.claimed_at or self._clock.now()) >= LEASE:  # asleep meanwhile: no longer ours
            return Outcome(handed_back(mine))
        try:
            receipts = await self._platform.send(part, key=f"{mine.id}:{mine.done}", before=mine.receipts)
        except PlatformError as error:
            at, dedupes_for = self._clock.now(), self._platform.capabilities.dedupes_for
            return refused(mine, part, error, address=destination.address, at=at, dedupes_for=dedupes_for)
        if destination.private:
            receipts = tuple(replace(receipt, address=UNSAID, link="") for receipt in receipts)
        return accepted(mine, receipts)

    async def _keep(self, mine: Delivery, outcome: Outcome) -> Delivery | None:
        """Store the outcome, however long the store is away: only a dead process may leave it unknown."""
        pause = _FIRST_PAUSE
        while True:
            try:
                stands = await self._aftermath.write(lambda books: apply(books, mine, outcome))
            except StorageError as error:
                self._trouble.begins(error)
                with self._hands.at_rest():
                    await self._clock.sleep_until(self._clock.now() + pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                continue
            self._trouble.ends()
            _tell(mine, stands)
            if outcome.refusal is not None:
                raise outcome.refusal
            return stands

    async def _fail(self, delivery: Delivery, error: Rejected) -> Carried:
        at = self._clock.now()
        failed = partial(setback, error=error, at=at, dedupes_for=timedelta())
        return Carried(await self._without_a_call(delivery, failed))

    async def _without_a_call(self, delivery: Delivery, settle: Callable[[Delivery], Delivery]) -> Delivery | None:
        def work(books: Books) -> Delivery | None:
            mine = self._claim(books, delivery, delivery.parts)
            return mine and apply(books, mine, Outcome(settle(mine)))

        stands = await self._store.write(work)
        _tell(delivery, stands)
        return stands


def _is_stopped(books: Books, delivery: Delivery) -> bool:
    """Whether the campaign was cancelled that the delivery, or what it is a reply to, belongs to."""
    said = delivery if delivery.answers is None else books.deliveries.get(delivery.answers)
    return said is not None and said.occurrence is not None and books.campaigns.is_stopped(said.occurrence)


def _tell(mine: Delivery, stands: Delivery | None) -> None:
    """One line for what a human should know, with its cure; a citizen who left is no trouble."""
    state = "unchanged" if stands is None else stands.state.value
    told: dict[str, object] = {"delivery": mine.id, "state": state, "note": "" if stands is None else stands.note}
    cure = _CURES.get(stands.state) if stands is not None else None
    if cure is None or mine.recipient.kind is RecipientKind.CITIZEN:
        log.debug("delivery_settled", extra=told)
        return
    public = mine.recipient.kind in {RecipientKind.CHANNEL, RecipientKind.CHAT}
    told |= {"to": mine.recipient.name if public else mine.recipient.kind.value, "cure": cure}
    log.warning("delivery_settled", extra=told)
