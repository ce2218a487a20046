"""The fake moderator as a network, so that it is held to what the real ones promise."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from core.errors import Rejected
from core.identifiers import Address, MessageId
from core.ports.moderator import Powers, Seen
from core.sanction import SanctionKind
from tests.contracts.staging import LeapingClock, there
from tests.moderators import ScriptedModerator

LONGEST = timedelta(days=28)
POWERS = Powers(
    kinds=frozenset(SanctionKind) - {SanctionKind.WARNING}, longest={SanctionKind.MUTE: LONGEST}, filters=True
)


class PretendedStage:
    """As much of a stage as a moderator needs."""

    ours, hears = True, False
    place = Address("@place")
    citizen_there, officer_there = there("fake", 101), there("fake", 103)

    def __init__(self) -> None:
        self.clock = LeapingClock()
        self.moderator = ScriptedModerator(powers=POWERS, keeps=self.clock.at + LONGEST, shows=[])
        self.moderator.officers = frozenset({self.officer_there})

    @classmethod
    @asynccontextmanager
    async def built(cls) -> AsyncIterator["PretendedStage"]:
        """The stage."""
        yield cls()

    def words(self) -> list[str]:
        """What was not taken out."""
        return [each.text for each in self.moderator.shows or () if each.message not in self.moderator.purged]

    def write(self, text: str) -> MessageId:
        """A message with the next number."""
        seen = Seen(message=MessageId(str(len(self.moderator.shows or ()) + 1)), text=text)
        self.moderator.shows = [*(self.moderator.shows or ()), seen]
        return seen.message

    def set_up(self) -> None:
        """As it was."""
        self.moderator.before = "unusual"

    def disarm(self) -> None:
        """Nothing may be done."""
        self.moderator.refuses = Rejected("not enough rights")

    def lock_out(self) -> None:
        """Nothing may even be read."""
        self.moderator.fails("standing", Rejected("not there"))
