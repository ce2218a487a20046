"""Everything Parvis ever says, one value per message; its words are in ``templates/<locale>/<name>.j2``.

``name`` is the class name in snake_case. The first group is delivered (durable, through the ledger), the second
answers a person at once (never stored).
"""

from dataclasses import dataclass
from datetime import datetime

from core.announcement import Announcement
from core.case_messages import (
    AppealDecided,
    AppealOverdue,
    MessageRestored,
    OfAppeals,
    OfCases,
    RemovalNotice,
    RemovalNoticeInGroup,
    ReportDecided,
    ReportRefused,
    StatementInGroup,
    StatementOfReasons,
)
from core.identifiers import CaseNumber, PollId
from core.join_messages import OfJoins
from core.moderation import Severity
from core.native import NativeCount
from core.place_messages import OfPlaces, PlaceNotice, PurgeDone
from core.poll import Poll, PollKind, Tally
from core.review_messages import Reviewing
from core.staff_messages import DeliverySettled, SettlingRefused, StaffAlert, TrialShown
from core.wording import Wording

# ── delivered ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementPublished:
    """A municipal announcement; ``corrected_at`` in this ``zone``, if it was; ``over`` once its time has passed."""

    announcement: Announcement
    corrected_at: datetime | None = None
    zone: str = ""
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PollOpened:
    """A poll with its buttons. ``zone`` is the IANA name in which the closing time is said.

    ``voters`` and ``tally`` are what is shown now: the number of citizens, and the counts when the poll shows them.
    """

    poll: Poll
    zone: str
    voters: int = 0
    tally: Tally | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReminder:
    """The poll closes soon; with its buttons again."""

    poll: Poll
    zone: str
    voters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsPublished:
    """The frozen count of a closed poll. ``natives`` are the counts of the networks' own polls, never added to it."""

    poll: Poll
    tally: Tally
    natives: tuple[NativeCount, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thanks:
    """Thanks for taking part, and what happens next; ``elsewhere``: some may have voted in the networks' own polls."""

    poll: Poll
    voters: int
    elsewhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """What became of the answers to a poll, in the words of an announcement; ``corrected_at`` in this ``zone``."""

    poll: Poll
    announcement: Announcement
    corrected_at: datetime | None = None
    zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erratum:
    """In reply to one of our messages: what was wrong in it, or how it must read."""

    title: Wording
    said: Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """One of our messages is withdrawn, and why: in its place, or in a ``reply`` to it."""

    why: Wording
    reply: bool = False


Delivered = (
    AnnouncementPublished
    | PollOpened
    | PollReminder
    | ResultsPublished
    | Thanks
    | FollowUp
    | Erratum
    | Withdrawn
    | RemovalNotice
    | RemovalNoticeInGroup
    | ReportDecided
    | MessageRestored
    | StatementOfReasons
    | StatementInGroup
    | AppealDecided
    | AppealOverdue
    | PlaceNotice
    | PurgeDone
    | StaffAlert
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Illegible:
    """A stored message that this version cannot read: another version wrote it, or it is damaged. It is never sent."""

    kind: str


# ── answered ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotCounted:
    """Your ballot is stored. ``chosen`` are the options it names; ``first`` adds the one-line privacy notice."""

    chosen: tuple[Wording, ...]
    first: bool
    kind: PollKind


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotWithdrawn:
    """Your ballot no longer counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotBeingRecorded:
    """The store is slow: received, not yet stored. This acknowledges nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotRefused:
    """Your ballot was not counted; ``reason`` is a ``Refused.reason``."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRecorded:
    """The store takes nothing now: nothing was recorded, please try again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownButton:
    """This button is no longer in use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTaken:
    """A moderator will look at the message; nobody will know who reported it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOfOurs:
    """The message reported is one of ours: there is nobody to moderate, and a better way to say what one thinks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionAsked:
    """How to tell the town hall something, and what becomes of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionKept:
    """What a citizen told the town hall is kept for it, without their name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalReason:
    """Why a message was removed, for the network's own record of what moderators do."""

    case: CaseNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """First words in a private chat: what the bot does, how to choose a language and ask for news."""

    town: Wording
    subscribed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpShown:
    """The commands a citizen can use."""

    town: Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageChosen:
    """From now on in this language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageOffered:
    """Which language? With a button each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    """You will get the town's news here; /stop ends it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribed:
    """You will get nothing more here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOffered:
    """The code to type on another network within so many minutes."""

    code: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """So many accounts are now one voter: one ballot for all of them, the latest."""

    accounts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRefused:
    """The code links nothing: ``reason`` is ``unknown_code``, ``own_code`` or ``too_many_tries``."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlinked:
    """This account votes for itself again; ``last`` when no other was linked any more, so that its vote stays."""

    last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NotLinked:
    """This account is linked to no other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateOnly:
    """The answer is personal: write to the bot in private. ``command`` is what to send there."""

    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotStanding:
    """One poll and the citizen's ballot in it."""

    poll: PollId
    question: Wording
    chosen: tuple[Wording, ...]
    open: bool
    closes_at: datetime
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MyVotes:
    """The citizen's ballots in the polls that are open, or whose key still exists."""

    ballots: tuple[BallotStanding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPolls:
    """The polls one can vote in now, and how by typing; also after a /vote without a poll, its choice ``uncounted``."""

    polls: tuple[Poll, ...]
    zone: str
    uncounted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesShown:
    """The charter in force: number, text and weight of each article.

    ``keeps_journal``: what is said in the debates is kept for a while, to try a charter on it.
    """

    version: str
    articles: tuple[tuple[str, Wording, Severity], ...]
    keeps_journal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One line of what is held about a person: which table, how many entries, why, for how long."""

    purpose: str
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MyData:
    """Everything held about the person, readable; ``export`` is the same as JSON text."""

    kept: tuple[Kept, ...]
    export: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was erased and what stays, with the reason of each (keys of ``core.privacy``)."""

    erased: tuple[Kept, ...]
    stays: tuple[Kept, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownCommand:
    """No such command; /help lists them. Said in private chats only."""


Answered = (
    BallotCounted
    | BallotWithdrawn
    | BallotBeingRecorded
    | BallotRefused
    | NotRecorded
    | UnknownButton
    | ReportTaken
    | ReportOfOurs
    | ReportRefused
    | OpinionAsked
    | OpinionKept
    | RemovalReason
    | Welcome
    | HelpShown
    | LanguageChosen
    | LanguageOffered
    | Subscribed
    | Unsubscribed
    | LinkOffered
    | Linked
    | LinkRefused
    | Unlinked
    | NotLinked
    | PrivateOnly
    | MyVotes
    | OpenPolls
    | RulesShown
    | MyData
    | Forgotten
    | UnknownCommand
    | Reviewing
    | DeliverySettled
    | SettlingRefused
    | TrialShown
    | OfCases
    | OfAppeals
    | OfPlaces
    | OfJoins
)

Message = Delivered | Answered
