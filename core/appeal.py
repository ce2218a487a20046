"""Appeals: the author of a message asks once for another person to look at what was decided about it; once more when
something else was decided after the verdict.

An appeal is a page of the case's file, and so is what becomes of it; nothing else remembers it. It is decided by
somebody who had no part in the decision, within a time that both sides are told. When an article is found wrong again
and again by what the rules did alone, it only observes from then on, until somebody rewrites it: a new version of the
charter.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.audit import Deed
from core.casefile import DECISIONS
from core.identifiers import MemberKey
from core.staff import Act, Approval, Staff

TIME_TO_DECIDE = timedelta(days=7)
MOST_FALSE_ALARMS = 3  # of one article, within ...
FALSE_ALARMS_COUNT = timedelta(days=30)
TIME_TO_GO_ON = timedelta(days=62)  # two months to go to court: code de justice administrative, R. 421-1
VERDICTS = frozenset({Act.ACCEPT_APPEAL, Act.REFUSE_APPEAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """What its author asked, when, and until when it is to be decided; ``verdict`` None: it waits."""

    at: datetime
    verdict: Act | None = None

    @property
    def decide_by(self) -> datetime:
        """The deadline that was told."""
        return self.at + TIME_TO_DECIDE


def appeal_in(deeds: Iterable[Deed]) -> Appeal | None:
    """The appeal in what was done about a case, the newest first; none where its verdict is about something else."""
    verdict: Act | None = None
    decided_since = False
    for deed in deeds:
        if deed.act is Act.APPEAL:
            return Appeal(at=deed.at, verdict=verdict)
        if deed.act in VERDICTS:
            if decided_since:
                return None
            verdict = deed.act
        decided_since = decided_since or deed.act in DECISIONS
    return None


def keeps_case(deeds: Iterable[Deed], at: datetime) -> bool:
    """Whether a case is kept for what was done about it, the newest first: an appeal waits, or its verdict is young."""
    last = next((deed for deed in deeds if deed.act is Act.APPEAL or deed.act in VERDICTS), None)
    return last is not None and (last.act is Act.APPEAL or at - last.at < TIME_TO_GO_ON)


def may_decide(staff: Staff, who: MemberKey, deciders: Collection[MemberKey]) -> bool:
    """Whether they may decide an appeal against what these decided; where one person does everything, that one may."""
    if not staff.may(who, Act.ACCEPT_APPEAL):
        return False
    return not staff.is_named or staff.approval is Approval.SOLO or who not in deciders


def is_found_wrong(false_alarms: Iterable[Deed], charter: str, at: datetime) -> bool:
    """Whether an article was found wrong too often; ``content`` of each alarm is the charter's version."""
    recent = (deed for deed in false_alarms if deed.content == charter and at - deed.at < FALSE_ALARMS_COUNT)
    return sum(1 for _ in recent) >= MOST_FALSE_ALARMS
