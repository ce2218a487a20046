"""Appeals: the author of a message asks once for another person to look at what was decided about it; once more when
something else was decided after the verdict.

An appeal is a page of the case's file, and so is what becomes of it; nothing else remembers it. It is decided by
somebody who had no part in the decision, where the town has anybody else, within a time that both sides are told; when
that is over, its author is told where else they can go. When an article is found wrong again
and again by what the rules did alone, it only observes from then on, until somebody rewrites it: a new version of the
charter.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.audit import Deed
from core.casefile import DECISIONS
from core.identifiers import MemberKey
from core.staff import SERVICE, Act, Approval, Staff

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


def may_decide(staff: Staff, who: MemberKey, deciders: Sequence[MemberKey]) -> bool:
    """Whether they may decide an appeal against what these decided, the first of them first.

    Whoever had no part in it may. In a small town where everybody had, whoever did not decide first; where one person
    does everything, that one. Where one person alone has the right without that, nobody: the author is told so in time.
    """
    if not staff.is_named or staff.approval is Approval.SOLO:
        return staff.may(who, Act.ACCEPT_APPEAL)
    everybody = frozenset(each.key for each in staff.those_who_may(Act.ACCEPT_APPEAL))
    first = [each for each in deciders if each != SERVICE][:1]
    return who in (everybody.difference(deciders) or everybody.difference(first))


def is_another_there(staff: Staff, deciders: Collection[MemberKey]) -> bool:
    """Whether it can be promised that somebody decides who had no part in what these decided."""
    if not staff.is_named or staff.approval is Approval.SOLO:
        return False
    return any(each.key not in deciders for each in staff.those_who_may(Act.ACCEPT_APPEAL))


def is_found_wrong(false_alarms: Iterable[Deed], charter: str, at: datetime) -> bool:
    """Whether an article was found wrong too often; ``content`` of each alarm is the charter's version."""
    recent = (deed for deed in false_alarms if deed.content == charter and at - deed.at < FALSE_ALARMS_COUNT)
    return sum(1 for _ in recent) >= MOST_FALSE_ALARMS
