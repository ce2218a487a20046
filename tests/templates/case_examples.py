"""Examples of what people are told about their messages, and about those that they reported."""

from dataclasses import replace
from datetime import UTC, datetime

from core.case_messages import RemovalNotice, RemovalNoticeInGroup, ReportDecided, ReportRefused
from core.identifiers import AccountName, Address, CaseNumber
from core.messages import Message
from core.wording import Wording

ZONE, CLOSES = "Europe/Paris", datetime(2027, 3, 4, 17, 0, tzinfo=UTC)
REMOVAL = RemovalNotice(
    case=CaseNumber(12),
    article="3",
    charter="2027-1",
    rule=Wording(
        fr="On critique les idées, on n’insulte pas les personnes.", en="Criticise ideas, never insult people."
    ),
    found="bande de voleurs",
    account=AccountName("telegram"),
    chat=Address("-1001234"),
)
REMOVAL_IN_GROUP = RemovalNoticeInGroup(
    case=CaseNumber(12),
    article="3",
    rule=Wording(
        fr="On critique les idées, on n’insulte pas les personnes.", en="Criticise ideas, never insult people."
    ),
)
ACTED = (
    *(("removed", measure) for measure in ("warning", "mute")),
    *((state, measure) for state in ("not_removed", "hidden", "reminded") for measure in ("", "warning", "mute")),
)
REPORTS: tuple[Message, ...] = (
    *(ReportDecided(upheld=upheld) for upheld in (True, False)),
    *(
        ReportRefused(reason=reason)
        for reason in ("which_message", "elsewhere", "own", "too_many", "kept", "judged", "removed")
    ),
)
ORDINARY: tuple[Message, ...] = (
    REMOVAL,
    *(replace(REMOVAL, state=state, measure=measure, until=CLOSES, zone=ZONE) for state, measure in ACTED),
    replace(REMOVAL, rule=None, article="-", state="hidden"),
    REMOVAL_IN_GROUP,
    *(replace(REMOVAL_IN_GROUP, state=state, measure=measure) for state, measure in ACTED),
    replace(REMOVAL_IN_GROUP, rule=None, article="-", state="hidden"),
    *REPORTS,
)
