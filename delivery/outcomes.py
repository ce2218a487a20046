"""What a call's outcome makes of its delivery, and of what else we know: pure, then applied in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.audience import Recipient, RecipientKind
from core.case_messages import RemovalNotice, RemovalNoticeInGroup, StatementInGroup, StatementOfReasons
from core.delivery import (
    MOST_ATTEMPTS,
    TRANSITIONS,
    Delivery,
    DeliveryState,
    Urgency,
    completed,
    handed_back,
    progressed,
    setback,
)
from core.errors import Moved, PlatformError, Rejected, Unauthorised, Unavailable, Unreachable
from core.identifiers import Address, CitizenId
from core.messages import Delivered
from core.ports.store import Books
from core.post import Part, Receipt

FOR_EVER = timedelta.max  # a call that changes nothing the second time is always recognised
NOTICE_KEPT = timedelta(days=1)


def _nothing(books: Books) -> None:
    """Change nothing else."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the delivery stands after the call, and what else changes with it. ``refusal``: the account is refused."""

    after: Delivery
    effect: Callable[[Books], None] = _nothing
    refusal: Unauthorised | None = None


def accepted(mine: Delivery, receipts: Sequence[Receipt]) -> Outcome:
    """The part is out."""
    after = progressed(mine, *receipts)
    return Outcome(completed(after) if after.done >= after.parts else handed_back(after))


def refused(
    mine: Delivery, part: Part, error: PlatformError, *, address: Address, at: datetime, dedupes_for: timedelta
) -> Outcome:
    """The call did not succeed. ``address`` is where it was made."""
    match error:
        case Moved(to=to):
            return _moved(mine, error, address, to, at)
        case Unreachable():
            return Outcome(setback(mine, error, at=at, dedupes_for=dedupes_for), _consequence(mine, at))
        case Unauthorised():
            return Outcome(setback(mine, error, at=at, dedupes_for=dedupes_for), refusal=error)
        case Rejected() if part.repeatable and mine.done:
            # The message is out; what was refused is its pin. That does not make the message a failure.
            done = accepted(mine, ()).after
            return Outcome(replace(done, note=f"{part.call} {type(error).__name__}: {error.detail}"))
        case Unavailable(retry_after=pause) if part.apart and pause and at + pause >= mine.expires_at:
            done = accepted(mine, ()).after
            return Outcome(replace(done, note=f"{part.call} not in time: {error.detail}"))
        case _:
            known_for = FOR_EVER if part.repeatable else dedupes_for
            return Outcome(setback(mine, error, at=at, dedupes_for=known_for))


def apply(books: Books, mine: Delivery, outcome: Outcome) -> Delivery | None:
    """Store the outcome of a call claimed as ``mine``; how the delivery stands, None when others settled it meanwhile.

    An answer that comes after the lease still settles what nobody else did. Applying twice changes nothing.
    """
    after = outcome.after
    if books.deliveries.save(after, expected=DeliveryState.SENDING, claimed_at=mine.claimed_at):
        outcome.effect(books)
        return after
    stands = books.deliveries.get(mine.id)
    if stands == after:
        return after
    late = stands is not None and stands.state is DeliveryState.UNCERTAIN and stands.claimed_at == mine.claimed_at
    if not late or after.state not in TRANSITIONS[DeliveryState.UNCERTAIN]:
        return None
    books.deliveries.save(after, expected=DeliveryState.UNCERTAIN)
    outcome.effect(books)
    return after


def _moved(mine: Delivery, error: Moved, old: Address, new: Address, at: datetime) -> Outcome:
    attempts = mine.attempts + 1
    if attempts >= MOST_ATTEMPTS:
        after = replace(setback(mine, error, at=at, dedupes_for=timedelta()), attempts=attempts)
    else:
        after = replace(handed_back(mine, note=f"{type(error).__name__}: {error.detail}"), attempts=attempts)
    return Outcome(after, lambda books: books.town.moved(mine.account, old, new))


def _consequence(mine: Delivery, at: datetime) -> Callable[[Books], None]:
    """What follows when somebody can no longer be written to."""
    if mine.recipient.kind is RecipientKind.CITIZEN:
        return lambda books: books.citizens.deactivate(CitizenId(int(mine.recipient.name)))
    if mine.recipient.kind is RecipientKind.PERSON and isinstance(mine.message, RemovalNotice | StatementOfReasons):
        return _tell_the_group(mine.message, at)
    return _nothing


def _tell_the_group(notice: RemovalNotice | StatementOfReasons, at: datetime) -> Callable[[Books], None]:
    case, article = notice.case, notice.article
    if isinstance(notice, StatementOfReasons):
        message: Delivered = StatementInGroup(case=case, decisions=notice.decisions, article=article, rule=notice.rule)
    else:
        message = RemovalNoticeInGroup(
            case=case, article=article, rule=notice.rule, state=notice.state, measure=notice.measure
        )

    def plan(books: Books) -> None:
        books.deliveries.plan(
            occurrence=None,
            message=message,
            recipients=[(notice.account, Recipient(RecipientKind.CHAT, notice.chat))],
            urgency=Urgency.NOTICE,
            due_at=at,
            expires_at=at + NOTICE_KEPT,
        )

    return plan
