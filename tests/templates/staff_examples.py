"""Examples of what the staff is told and answered."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.alert import AlertKind
from core.case_messages import (
    AppealDecided,
    AppealOverdue,
    AppealRefused,
    AppealTaken,
    CaseDone,
    CaseLine,
    CaseRefused,
    CaseShown,
    CasesShown,
    PageShown,
    StatementInGroup,
    StatementOfReasons,
)
from core.identifiers import AccountName, Address, AlertId, CaseNumber, ChannelName, DeliveryId
from core.join_messages import JoinAdmitted, JoinAsked, JoinHeld, JoinUnknown
from core.messages import Message
from core.moderation import CaseState
from core.place_messages import PlaceNotice, PlaceOrdered, PlaceRefused, PurgeAsked, PurgeDone, RequestsDecided, TooSoon
from core.staff import Act
from core.staff_messages import AlertItem, DeliverySettled, SettlingRefused, StaffAlert, TrialShown
from core.wording import Wording

ZONE = "Europe/Paris"
OPENS = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
CLOSES = datetime(2027, 3, 4, 17, 0, tzinfo=UTC)
TOWN = Wording(fr="Saint-Aubin-sur-Loire", en="Saint-Aubin-sur-Loire")
QUESTION = Wording(fr="Que faut-il planter sur la place ?", en="What should we plant on the square?")


def both(text: str) -> Wording:
    """The same words in both languages."""
    return Wording(fr=text, en=text)


DOUBTFUL = AlertItem(
    delivery=DeliveryId(41), place="place", account="telegram", fate="uncertain", at=OPENS, note="Uncertain: time-out"
)
ALERT = StaffAlert(
    alert=AlertId(12),
    campaign=Wording(fr="La place du Marché", en="Market Square"),
    step="open_poll-arbres",
    subject=QUESTION,
    items=(DOUBTFUL,),
    private=3,
    since=OPENS,
    zone=ZONE,
    answerable=True,
)
OUT = replace(DOUBTFUL, fate="out", by="Marie Roux", settled_at=CLOSES)
HALTED = StaffAlert(
    alert=AlertId(13), kind=AlertKind.HALT, account="discord", detail=both("401: the token"), since=OPENS, zone=ZONE
)
CALLED = StaffAlert(
    alert=AlertId(14),
    kind=AlertKind.CASE,
    detail=both("/case 12"),
    since=OPENS,
    zone=ZONE,
    answerable=True,
    case=CaseNumber(12),
    choose=("keep", "del", "take"),
)
REQUESTED = StaffAlert(
    alert=AlertId(15),
    kind=AlertKind.REQUESTS,
    detail=both("place (3)"),
    since=OPENS,
    zone=ZONE,
    answerable=True,
    channel="place",
    choose=("admit", "decline"),
)
LINE = CaseLine(case=CaseNumber(12), state=CaseState.REMOVED, article="2", at=OPENS, assigned="Marie Roux")
RULE = Wording(fr="Pas d’attaque contre les personnes.", en="No attacks on people.")
MEASURES = (Act.MUTE, Act.BAN, Act.LIMIT, Act.SUSPEND)
CASE_ACTS = (
    Act.OPEN_CASE,
    Act.REMOVE_MESSAGE,
    Act.RESTORE_MESSAGE,
    Act.SETTLE_CASE,
    Act.WARN,
    Act.EXPLAIN_CASE,
    Act.NOTE_CASE,
    Act.ASSIGN_CASE,
    Act.MUTE,
    Act.BAN,
    Act.PROPOSE_BAN,
    Act.LIMIT,
    Act.SUSPEND,
    Act.PROPOSE_SUSPENSION,
    Act.LIFT,
    Act.APPEAL,
    Act.RECORD_APPEAL,
    Act.OWN_UP,
    Act.ACCEPT_APPEAL,
    Act.REFUSE_APPEAL,
    Act.REMIND,
    Act.HIDE_MESSAGE,
    Act.KEEP_MESSAGE,
    Act.ADVISE,
    Act.JOIN_CASE,
)
CASE = CaseShown(
    case_line=LINE,
    charter="2027-1",
    rule=RULE,
    author="Alix Martin",
    text="Quelle andouille !",
    pages=tuple(PageShown(act=act, by="Marie Roux", at=OPENS, words="Pas d’insulte.") for act in CASE_ACTS),
    zone=ZONE,
)


def _advice(measure: str) -> PageShown:
    return PageShown(act=Act.ADVISE, by="service", at=OPENS, measure=measure)


STATEMENT = StatementOfReasons(
    case=CaseNumber(12),
    decisions=(Act.WARN.value,),
    article="2",
    charter="2027-1",
    rule=RULE,
    account=AccountName("telegram"),
    chat=Address("-100300"),
    reason="Vous avez insulté une voisine.",
)
LOCKED = PlaceOrdered(place=ChannelName("place"), kind="lock", zone=ZONE)
HALF_A_MINUTE = timedelta(seconds=30)
PURGED = PurgeDone(place="place", gone=84, too_old=6, refused=0, cases=3, oldest=timedelta(hours=48))
PLACES: tuple[Message, ...] = (
    LOCKED,
    replace(LOCKED, until=CLOSES, told=True),
    replace(LOCKED, over=True, told=True),
    replace(LOCKED, kind="slow-mode", pause=HALF_A_MINUTE),
    replace(LOCKED, kind="slow-mode", pause=HALF_A_MINUTE, until=CLOSES),
    replace(LOCKED, kind="slow-mode", over=True),
    PlaceRefused(reason="which_place", places=("place", "marche")),
    *(PlaceRefused(reason=reason) for reason in ("network", "how_long", "not_so")),
    PlaceRefused(reason="how_slow", longest=timedelta(hours=6)),
    PlaceNotice(kind="lock", until=CLOSES, zone=ZONE),
    PlaceNotice(kind="lock", over=True),
    PlaceNotice(kind="slow-mode", pause=HALF_A_MINUTE),
    PlaceNotice(kind="slow-mode", by_rule=True, pause=HALF_A_MINUTE, until=CLOSES, zone=ZONE),
    TooSoon(pause=timedelta(seconds=90)),
    PlaceRefused(reason="how_many"),
    PurgeAsked(place=ChannelName("place")),
    PlaceRefused(reason="no_requests"),
    RequestsDecided(place=ChannelName("place"), admitted=True, number=1),
    RequestsDecided(place=ChannelName("place"), admitted=False, number=3),
    JoinAsked(town=TOWN, articles=(("2", RULE),)),
    JoinAsked(town=TOWN, articles=()),
    JoinHeld(town=TOWN),
    JoinAdmitted(),
    JoinUnknown(),
    PURGED,
    replace(PURGED, too_old=0, oldest=None),
    replace(PURGED, gone=0, too_old=1, refused=1, cases=0, oldest=None, note="not enough rights"),
)

ORDINARY: tuple[Message, ...] = (
    ALERT,
    replace(ALERT, items=(DOUBTFUL, replace(DOUBTFUL, delivery=DeliveryId(42), place="", fate="failed", note=""))),
    replace(ALERT, items=()),
    replace(
        ALERT, items=(OUT, replace(OUT, by=""), replace(OUT, fate="again"), replace(OUT, fate="stopped")), over=True
    ),
    replace(ALERT, kind=AlertKind.FAILURE, items=(replace(DOUBTFUL, fate="failed"), replace(DOUBTFUL, fate="late"))),
    CALLED,
    replace(CALLED, kind=AlertKind.PROPOSAL, choose=("second", "unban", "take"), assigned="Marie Roux"),
    replace(CALLED, kind=AlertKind.PROPOSAL, choose=("second", "unsuspend", "take")),
    replace(CALLED, kind=AlertKind.APPEAL, choose=("accept", "take")),
    replace(CALLED, choose=(), over=True, by="Marie Roux", settled_at=CLOSES),
    REQUESTED,
    replace(REQUESTED, choose=(), over=True, by="Marie Roux", settled_at=CLOSES),
    HALTED,
    replace(HALTED, over=True),
    replace(ALERT, kind=AlertKind.FAULT, items=(), private=0, detail=both("KeyError")),
    *(StaffAlert(alert=AlertId(14), kind=kind, detail=both("alt text")) for kind in AlertKind),
    DeliverySettled(delivery=DeliveryId(41), out=True, by="Marie Roux", at=OPENS, zone=ZONE),
    DeliverySettled(delivery=DeliveryId(41), out=False, by="Marie Roux", at=OPENS, zone=ZONE),
    DeliverySettled(delivery=DeliveryId(41), out=True, by="Marie Roux", at=OPENS, zone=ZONE, before=True),
    SettlingRefused(reason="staff_only"),
    CasesShown(cases=(LINE, replace(LINE, case=CaseNumber(11), article="-", assigned="")), zone=ZONE),
    CasesShown(cases=(replace(LINE, proposed_by="Chloé Lopez"),), zone=ZONE, author=True),
    CasesShown(cases=(), zone=ZONE),
    CasesShown(cases=(), zone=ZONE, author=True),
    *(CasesShown(cases=(replace(LINE, state=state),), zone=ZONE) for state in CaseState),
    CASE,
    replace(CASE, pages=tuple(_advice(each) for each in ("ban 7d", "ban", "mute 1d", "warning 90d"))),
    replace(CASE, joined=12, reports=3),
    replace(CASE, reports=1),
    replace(CASE, rule=None, author=None, text=None, pages=()),
    *(
        CaseDone(case=CaseNumber(12), did=act, told=told, removing=removing)
        for act in (
            Act.ASSIGN_CASE,
            Act.NOTE_CASE,
            Act.EXPLAIN_CASE,
            Act.WARN,
            Act.REMOVE_MESSAGE,
            *(Act.MUTE, Act.BAN, Act.PROPOSE_BAN, Act.LIFT, Act.ACCEPT_APPEAL, Act.REFUSE_APPEAL),
            *(Act.KEEP_MESSAGE, Act.RESTORE_MESSAGE, Act.LIMIT, Act.SUSPEND, Act.PROPOSE_SUSPENSION),
        )
        for told, removing in ((False, False), (True, False), (False, True))
    ),
    *(
        CaseRefused(reason=reason)
        for reason in (
            "which_case",
            "unknown_case",
            "no_words",
            "staff",
            "ours",
            "settled",
            "warned",
            "no_appeal",
            "another",
            "how_long",
            "unreadable",
            "no_sanction",
            "not_here",
            "proposed",
            "no_proposal",
            "seconds_other",
            "proposer_left",
        )
    ),
    CaseRefused(reason="which_article", articles=("1", "2", "3")),
    STATEMENT,
    replace(STATEMENT, decisions=(Act.WARN.value, Act.REMOVE_MESSAGE.value), reason=""),
    replace(STATEMENT, decisions=(Act.REMOVE_MESSAGE.value,)),
    replace(STATEMENT, decisions=(Act.BAN.value,)),
    *(replace(STATEMENT, decisions=(act.value,), until=CLOSES, zone=ZONE) for act in MEASURES),
    *(StatementInGroup(case=CaseNumber(12), decisions=(act,), article="2", rule=RULE) for act in MEASURES),
    *(AppealTaken(case=CaseNumber(12), decide_by=CLOSES, zone=ZONE, another=another) for another in (True, False)),
    AppealOverdue(case=CaseNumber(12)),
    AppealDecided(case=CaseNumber(12), accepted=True, explained=False, another=False),
    CaseDone(case=CaseNumber(12), did=Act.ACCEPT_APPEAL.value, by_mail=True),
    *(
        AppealRefused(reason=reason, case=CaseNumber(12))
        for reason in ("which_case", "unknown_case", "no_words", "nothing_decided", "waits", "decided")
    ),
    AppealDecided(case=CaseNumber(12), accepted=True, explained=False),
    AppealDecided(case=CaseNumber(12), accepted=False, explained=True, reason="Ce mot est une insulte."),
    StatementInGroup(case=CaseNumber(12), decisions=(Act.WARN.value,), article="2", rule=RULE),
    StatementInGroup(case=CaseNumber(12), decisions=(Act.REMOVE_MESSAGE.value,), article="2", rule=RULE),
    *PLACES,
    TrialShown(campaign=TOWN, step="announce-travaux", place="place", at=OPENS, zone=ZONE, poll=False, example=False),
    TrialShown(campaign=TOWN, step="remind-arbres", place="place", at=OPENS, zone=ZONE, poll=True, example=True),
)


def worst(hostile: str, long: str) -> tuple[Message, ...]:
    """The same with all that anybody could write."""
    return (
        StaffAlert(
            alert=AlertId(10**9),
            campaign=both(hostile),
            step=hostile,
            subject=both(long),
            items=(
                replace(DOUBTFUL, place=hostile, note=hostile * 9),
                *(replace(DOUBTFUL, place=hostile, note=long),) * 12,
            ),
            private=10**9,
            account=hostile,
            detail=both(long),
            since=OPENS,
            zone=ZONE,
            answerable=True,
        ),
        DeliverySettled(delivery=DeliveryId(10**9), out=True, by=hostile, at=CLOSES, zone=ZONE, before=True),
        SettlingRefused(reason="unclear"),
        CasesShown(cases=(replace(LINE, article=hostile, assigned=long),) * 10, zone=ZONE),
        replace(
            CASE,
            rule=both(long),
            author=hostile,
            text=long,
            pages=tuple(replace(page, words=long, by=hostile) for page in CASE.pages * 2),
        ),
        CaseDone(case=CaseNumber(10**9), did=Act.WARN, told=True),
        CaseRefused(reason="which_article", articles=(hostile,) * 20),
        replace(STATEMENT, article=hostile, charter=hostile, rule=both(long), reason=long),
        AppealTaken(case=CaseNumber(10**9), decide_by=CLOSES, zone=ZONE),
        AppealRefused(reason="decided"),
        AppealOverdue(case=CaseNumber(10**9)),
        AppealDecided(case=CaseNumber(10**9), accepted=False, explained=True, reason=long),
        StatementInGroup(case=CaseNumber(10**9), decisions=("mute",), article=hostile, rule=both(long)),
        *_worst_of_places(hostile),
        TrialShown(campaign=both(long), step=hostile, place=hostile, at=OPENS, zone=ZONE, poll=True, example=True),
    )


def _worst_of_places(hostile: str) -> tuple[Message, ...]:
    return (
        replace(
            LOCKED, place=ChannelName(hostile), kind="slow-mode", pause=timedelta(hours=5, seconds=61), until=CLOSES
        ),
        PlaceRefused(reason="which_place", places=(hostile,) * 20),
        PlaceNotice(kind="slow-mode", pause=timedelta(hours=5, seconds=61), until=CLOSES, zone=ZONE),
        TooSoon(pause=timedelta(hours=5)),
        PurgeAsked(place=ChannelName(hostile)),
        RequestsDecided(place=ChannelName(hostile), admitted=False, number=10**9),
        JoinAsked(town=both(hostile * 9), articles=((hostile, both(hostile * 99)),) * 30),
        JoinHeld(town=both(hostile * 9)),
        JoinAdmitted(),
        JoinUnknown(),
        replace(PURGED, place=hostile, gone=10**9, refused=10**9, note=hostile * 9),
    )
