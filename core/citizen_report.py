"""Citizens ask for a look at a message: who, when, and what a human found. Their names are sealed, and never shown.

How often the same person reports is limited; what was found baseless is counted, and lessens nothing by itself. Several
people together can have a message hidden until a moderator has looked, where the charter says so.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.identifiers import AccountName, CaseNumber, Locale, ReportId

MOST_AN_HOUR = 10  # of one person


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """What the charter says of reports: by how many people, within which time, a message is hidden; None: never."""

    hide_after: int | None = None
    within: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenReport:
    """One person asked about the message of one case. ``reporter`` is a keyed hash, ``sealed`` how they are reached;
    empty of who has no private chat.

    ``account`` is the bot they wrote to; ``upheld`` None: no human has decided yet.
    """

    id: ReportId
    case: CaseNumber
    account: AccountName
    reporter: bytes
    sealed: bytes
    locale: Locale
    at: datetime
    upheld: bool | None = None
