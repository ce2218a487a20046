"""What a network must offer for the contracts to be played on it."""

from datetime import UTC, datetime
from typing import Protocol

from core.events import Choice
from core.identifiers import AccountName, Address, MessageId, PersonRef
from core.ports.moderator import Moderator
from core.ports.platform import Platform
from core.sanction import Subject

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
ACCOUNT = AccountName("account")


class Stage(Protocol):
    """A network with one public place, where the account under test may do everything, and one citizen."""

    platform: Platform
    place: Address
    ours: bool  # whether the account may remove what others write there
    hears: bool  # whether it is told what others do about people there
    moderator: Moderator
    citizen_there: Subject
    officer_there: Subject  # who runs the place

    def words(self) -> list[str]:
        """What stands in the place, the oldest first."""
        ...

    def answered(self) -> list[MessageId]:
        """The messages to which those that stand in the place are replies, in their order."""
        ...

    def pinned(self) -> list[MessageId]:
        """The messages kept on top of the place."""
        ...

    def bubbles(self) -> list[str]:
        """What the citizen saw in bubbles."""
        ...

    def refuse_for_now(self) -> None:
        """Make the next publication fail before it does anything."""
        ...

    def lose_the_answer(self) -> None:
        """Make the answer to the next publication go lost after it is done."""
        ...

    def lock_out(self) -> None:
        """Take every right from the account."""
        ...

    def disarm(self) -> None:
        """Take the rights to keep order from the account."""
        ...

    def rearm(self) -> None:
        """Give them back."""
        ...

    @property
    def clock(self) -> "LeapingClock":
        """Of the place."""
        ...

    def set_up(self) -> None:
        """Say who may write in the place, and how often, in an unusual way."""
        ...

    def pardon(self) -> None:
        """Have whoever runs the place let go of the citizen, with the network's own buttons."""
        ...

    def come_back(self) -> None:
        """Have the citizen leave the place and come back."""
        ...

    def write(self, text: str) -> MessageId:
        """Have the citizen write in the place."""
        ...

    def press(self, message: MessageId, choice: Choice) -> None:
        """Have the citizen choose an option, as people do there: press its button, or answer with its number."""
        ...


def there(network: str, number: object) -> Subject:
    """Somebody, as a network knows them."""
    return Subject(person=PersonRef(f"{network}:{number}"), number=str(number))


class LeapingClock:
    """Is at any instant at once."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        """Where it has come to."""
        return self.at

    async def sleep_until(self, at: datetime) -> None:
        """Leap."""
        self.at = max(self.at, at)
