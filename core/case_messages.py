"""What moderators are shown and answered about cases, and what authors are told of decisions."""

from dataclasses import dataclass
from datetime import datetime

from core.identifiers import AccountName, Address, CaseNumber
from core.rules.hit import Sign
from core.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalNotice:
    """To the author of a message about which a rule acted, in private: which article, in whose words, what can be done.

    ``state`` is a ``CaseState``: what became of the message. ``measure`` is the ``SanctionKind`` of what else a rule
    ordered, if anything, ``until`` its end. ``rule`` None: people reported it, no rule acted. ``found`` is what they
    said, ``sign`` what that is: never stored, they are unsealed from the case when this is sent.
    """

    case: CaseNumber
    article: str
    charter: str
    rule: Wording | None
    account: AccountName
    chat: Address
    found: str = ""
    sign: Sign = Sign.WORDS
    state: str = "removed"
    measure: str = ""
    until: datetime | None = None
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalNoticeInGroup:
    """The same in the group, without the author or the words, when the author cannot be written to."""

    case: CaseNumber
    article: str
    rule: Wording | None
    state: str = "removed"
    measure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRestored:
    """A removed message given back, quoted. ``author`` and ``text`` are unsealed from the case when this is sent."""

    case: CaseNumber
    author: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementOfReasons:
    """To the author of a message, in private: what somebody of the town hall decided, why, and what can be done.

    ``decisions`` are values of ``core.staff.Act``. ``reason`` is what was written of the reasons: never stored, it is
    unsealed from the case when this is sent.
    """

    case: CaseNumber
    decisions: tuple[str, ...]
    article: str
    charter: str
    rule: Wording
    account: AccountName
    chat: Address
    reason: str = ""
    until: datetime | None = None
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementInGroup:
    """The same in the group, without the author or the reasons, when the author cannot be written to."""

    case: CaseNumber
    decisions: tuple[str, ...]
    article: str
    rule: Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealDecided:
    """To the author: whether what was decided stands; when it does not, an apology.

    ``reason`` is unsealed from the case when this is sent, if it was ``explained``. ``another``: they had no part in
    what was decided before.
    """

    case: CaseNumber
    accepted: bool
    explained: bool
    reason: str = ""
    another: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealOverdue:
    """To the author: nobody answered in the time that was told; where else they can go."""

    case: CaseNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDecided:
    """To whoever reported a message, alone: whether a human found that it goes against the charter (``upheld``)."""

    upheld: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRefused:
    """Nothing was reported. ``reason`` is ``which_message``, ``elsewhere``, ``own``, ``too_many``, ``kept``, ``judged``
    or ``removed``.
    """

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealTaken:
    """Somebody will look at the case, and answer by this instant; ``another``: who had no part in what was decided."""

    case: CaseNumber
    decide_by: datetime
    zone: str
    another: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealRefused:
    """No appeal was lodged. ``reason`` is ``which_case``, ``unknown_case``, ``no_words``, ``nothing_decided``,
    ``waits`` or ``decided``.
    """

    reason: str
    case: CaseNumber | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A case in a list. ``state`` is a ``CaseState``, ``assigned`` the name of who looks after it.

    ``proposed_by`` is the name of who proposed a ban for ever, while it waits for a second person.
    """

    case: CaseNumber
    state: str
    article: str
    at: datetime
    assigned: str
    proposed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesShown:
    """Cases, the newest first; ``author``: those of one person, whose message was answered."""

    cases: tuple[CaseLine, ...]
    zone: str
    author: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageShown:
    """One thing that was done. ``act`` is a value of ``core.staff.Act``, ``by`` the name of who did it.

    ``measure`` is what the ladder says of the author, as it is typed, where that is for a human to decide.
    """

    act: str
    by: str
    at: datetime
    words: str = ""
    measure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseShown:
    """A case with its file. ``author`` and ``text`` are None where the town's key has changed since.

    ``joined`` is how many messages more it is about; ``pages`` hold the first of them. ``reports``: by how many people.
    """

    case_line: CaseLine
    charter: str
    rule: Wording | None
    author: str | None
    text: str | None
    pages: tuple[PageShown, ...]
    zone: str
    joined: int = 0
    reports: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDone:
    """What was done about a case: ``did`` is a value of ``core.staff.Act``.

    ``told``: its author is being told; ``removing``: its message is being taken out, ``restoring``: given back;
    ``by_mail``: its author appealed by mail, and is to be answered so.
    """

    case: CaseNumber
    did: str
    told: bool = False
    removing: bool = False
    by_mail: bool = False
    restoring: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRefused:
    """Nothing was done. ``reason`` is ``which_case``, ``unknown_case``, ``no_words``, ``which_article``, ``staff``,
    ``ours``, ``settled``, ``warned``, ``no_appeal``, ``another``,
    ``how_long``, ``unreadable``, ``no_sanction``, ``proposed``, ``no_proposal``, ``seconds_other`` or
    ``proposer_left``; ``articles`` are those that can be named.
    """

    reason: str
    articles: tuple[str, ...] = ()


OfCases = CasesShown | CaseShown | CaseDone | CaseRefused
OfAppeals = AppealTaken | AppealRefused
