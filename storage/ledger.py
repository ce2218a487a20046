"""What every store must agree on about deliveries: which are private or about people, are over, or show a poll."""

from core.audience import RecipientKind
from core.delivery import TRANSITIONS, Delivery, DeliveryState
from core.identifiers import PollId
from core.messages import Delivered, Illegible, PollOpened, PollReminder
from core.ports.books.deliveries import Ailing, Board

PRIVATE = frozenset({RecipientKind.CITIZEN, RecipientKind.PERSON, RecipientKind.REPORTER})
ABOUT_PEOPLE = PRIVATE | {RecipientKind.CHAT}  # what a group gets beside the town's posts is about its members
PUBLIC = frozenset({RecipientKind.CHANNEL, RecipientKind.CHAT})
FORGOTTEN = ABOUT_PEOPLE | {RecipientKind.MEMBER, RecipientKind.STAFF}
UNDELIVERED = (DeliveryState.FAILED, DeliveryState.EXPIRED)
_FINAL = frozenset(state for state, following in TRANSITIONS.items() if not following)
# A part may be out all the same, and is a board. Of a failed one the rest may be sent again: it then is one anew.
CUT_SHORT = (DeliveryState.CANCELLED, DeliveryState.EXPIRED, DeliveryState.FAILED)
PERHAPS_OUT = (DeliveryState.SENDING, DeliveryState.UNCERTAIN, DeliveryState.SENT)
UNKNOWN = (DeliveryState.PLANNED, DeliveryState.SENDING, DeliveryState.UNCERTAIN)  # whether, or how far, it is out
SETTLED = _FINAL | {DeliveryState.SENT, DeliveryState.FAILED}


def poll_shown(message: Delivered | Illegible) -> PollId | None:
    """The poll whose buttons the message carries."""
    return message.poll.id if isinstance(message, PollOpened | PollReminder) else None


def ailing(delivery: Delivery) -> Ailing:
    """What is told of a delivery that needs a human."""
    return Ailing(
        id=delivery.id,
        occurrence=delivery.occurrence,
        account=delivery.account,
        kind=delivery.recipient.kind,
        state=delivery.state,
        claimed_at=delivery.claimed_at,
    )


def board_of(delivery: Delivery, poll: PollId, digest: bytes | None) -> Board | None:
    """The sent delivery as a board of this poll: the last message that is out carries the buttons.

    None when nobody knows where it is, or what it says.
    """
    if isinstance(delivery.message, Illegible) or not delivery.receipts:
        return None
    return Board(
        delivery=delivery.id,
        account=delivery.account,
        recipient=delivery.recipient,
        message=delivery.message,
        poll=poll,
        receipt=delivery.receipts[-1],
        native=any(each.poll is not None for each in delivery.receipts),
        digest=digest,
    )
