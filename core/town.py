"""The town itself: its name, its clock, the places where it speaks, the charter of its debates."""

from dataclasses import dataclass

from core.audience import Channel, StaffChannel
from core.identifiers import AccountName, Address, Locale
from core.moderation import Charter
from core.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """What the configuration says of the town. ``zone`` is an IANA name.

    ``staff_channels`` are where the staff is told what needs a human. ``contact`` is the mail address for whoever no
    bot hears any more; empty: there is none. ``keeps_journal``: what is said in the debates is kept for a while, to try
    a charter on it.
    """

    name: Wording
    zone: str
    charter: Charter
    channels: tuple[Channel, ...]
    staff_channels: tuple[StaffChannel, ...] = ()
    contact: str = ""
    keeps_journal: bool = False

    def discussions(self, account: AccountName) -> frozenset[Address]:
        """The groups where people answer what this account publishes: where the charter holds."""
        return frozenset(
            channel.discussion for channel in self.channels if channel.account == account and channel.discussion
        )

    def is_staff_room(self, account: AccountName, place: Address) -> bool:
        """Whether it is a channel of the staff that this account writes in."""
        return any(each.account == account and each.address == place for each in self.staff_channels)

    def locale_of(self, account: AccountName, place: Address) -> Locale:
        """The language of this account's debates in a place."""
        ours = (channel for channel in self.channels if channel.account == account)
        return next((each.locale for each in ours if place in {each.discussion, each.address}), Locale.FR)
