"""The town itself: its name, its clock, the places where it speaks, the charter of its debates."""

from dataclasses import dataclass

from core.audience import Channel
from core.identifiers import AccountName, Address
from core.moderation import Charter
from core.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """What the configuration says of the town. ``zone`` is an IANA name."""

    name: Wording
    zone: str
    charter: Charter
    channels: tuple[Channel, ...]

    def discussions(self, account: AccountName) -> frozenset[Address]:
        """The groups where people answer what this account publishes: where the charter holds."""
        return frozenset(
            channel.discussion for channel in self.channels if channel.account == account and channel.discussion
        )
