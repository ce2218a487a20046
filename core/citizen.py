"""People, as little of them as possible.

A *person* is who acts on a platform, known for the time of an event. A *citizen* is a person who asked the town to
write to them: the only people Parvis remembers, with their account sealed in an address book that holds no ballot.
"""

from dataclasses import dataclass
from datetime import datetime

from core.identifiers import CitizenId, Locale, PersonRef, PlatformName


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who acts, for the time of an event. ``locale`` is what their application says, until they choose.

    Who speaks as a channel of theirs has no private chat: what is written to that account, others read. ``number`` is
    what the network calls the account for ever, also where people go by a name that may change hands.
    """

    platform: PlatformName
    account: str
    locale: Locale
    name: str = ""
    has_private_chat: bool = True
    number: str = ""

    @property
    def ref(self) -> PersonRef:
        """One name for one account, across events. Goes into keyed hashes and sealed columns only."""
        return PersonRef(f"{self.platform}:{self.account}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    """A person who chose a language or asked for private news. ``subscribed`` is their consent to be written to."""

    id: CitizenId
    person: PersonRef
    locale: Locale
    subscribed: bool
    since: datetime
