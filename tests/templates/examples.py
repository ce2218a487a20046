"""One ordinary and one worst-case example of every message; other packages' tests use them too."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from core.announcement import Announcement, Image
from core.case_messages import MessageRestored, RemovalNotice, RemovalNoticeInGroup
from core.identifiers import (
    AccountName,
    Address,
    AnnouncementId,
    CampaignId,
    CaseNumber,
    PlatformName,
    PollId,
)
from core.messages import (
    AnnouncementPublished,
    BallotBeingRecorded,
    BallotCounted,
    BallotRefused,
    BallotStanding,
    BallotWithdrawn,
    Erratum,
    FollowUp,
    Forgotten,
    HelpShown,
    Kept,
    LanguageChosen,
    LanguageOffered,
    Linked,
    LinkOffered,
    LinkRefused,
    Message,
    MyData,
    MyVotes,
    NotLinked,
    NotRecorded,
    OpenPolls,
    OpinionAsked,
    OpinionKept,
    PollOpened,
    PollReminder,
    PrivateOnly,
    RemovalReason,
    ReportOfOurs,
    ReportTaken,
    ResultsPublished,
    RulesShown,
    Subscribed,
    Thanks,
    UnknownButton,
    UnknownCommand,
    Unlinked,
    Unsubscribed,
    Welcome,
    Withdrawn,
)
from core.moderation import Severity
from core.native import NativeCount
from core.poll import Poll, PollKind, PollState, Showing, Tally
from core.privacy import HOLDINGS
from core.review import Reason
from core.review_messages import (
    ReviewApproved,
    ReviewRefused,
    ReviewRejected,
    ReviewShown,
    ReviewsShown,
    StepShown,
    Waiting,
)
from core.wording import Wording
from tests.fakes import CAPABILITIES
from tests.templates import case_examples, staff_examples

TELEGRAM = CAPABILITIES
MASTODON = replace(CAPABILITIES, title="Mastodon", presses=False)
ZONE = "Europe/Paris"
TOWN = Wording(fr="Saint-Aubin-sur-Loire", en="Saint-Aubin-sur-Loire")
HOSTILE = (
    "<b>gras</b> </b><script>alert(1)</script> &lt; &#60; <!-- --> <a href='javascript:1'> @everyone @mairie "
    "*_`[x](y) {{ 7*7 }} {% for x in y %} {# #} \u202eenvers\u202c \u200b\x00 \ud800"
)
EMOJI = "\U0001f333" * 4096
OPENS = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
CLOSES = datetime(2027, 3, 4, 17, 0, tzinfo=UTC)


def both(text: str) -> Wording:
    """The same words in both languages."""
    return Wording(fr=text, en=text)


POLL = Poll(
    id=PollId("marche_arbres"),
    campaign=CampaignId("marche"),
    question=Wording(fr="Que faut-il planter sur la place du Marché ?", en="What should we plant on Market Square?"),
    options=(
        Wording(fr="Des tilleuls", en="Lime trees"),
        Wording(fr="Des cerisiers", en="Cherry trees"),
        Wording(fr="Rien, gardons les places de parking", en="Nothing, let us keep the parking spaces"),
    ),
    state=PollState.OPEN,
    opens_at=OPENS,
    closes_at=CLOSES,
)
MULTIPLE = replace(POLL, id=PollId("marche_jours"), kind=PollKind.MULTIPLE, showing=Showing.LIVE)
CLOSED = replace(POLL, state=PollState.CLOSED)
HOSTILE_POLL = replace(
    MULTIPLE,
    id=PollId(f"{'c' * 24}_{'p' * 24}"),
    question=both(HOSTILE),
    options=(both(HOSTILE), both("mot " * 25), both("x" * 100), both(EMOJI), both("\n"), both("A\n\n\nB")),
)
TALLY = Tally(counts=(124, 1, 75), voters=200)
NATIVES = (NativeCount(network=PlatformName("telegram"), counts=(3, 1, 0), voters=4, final=True),)
HOSTILE_TALLY = Tally(counts=(1_234_567, 0, 1, 1, 1, 1), voters=1_234_567)

DECIDED = Announcement(
    id=AnnouncementId("decision"),
    title=Wording(fr="Des tilleuls, à l’automne", en="Lime trees, in autumn"),
    body=Wording(fr="Le conseil plantera huit tilleuls en novembre.", en="The council will plant eight in November."),
)
HOSTILE_WORDS = Announcement(id=AnnouncementId("a"), title=both(HOSTILE), body=both(EMOJI))

ORDINARY: tuple[Message, ...] = (
    AnnouncementPublished(
        announcement=Announcement(
            id=AnnouncementId("travaux"),
            title=Wording(fr="Travaux rue des Lilas", en="Works in Lilac Street"),
            body=Wording(
                fr="La rue des Lilas est fermée du 3 au 7 mars.\n\nLe bus 4 passe par la rue du Port.",
                en="Lilac Street is closed from 3 to 7 March.\n\nBus 4 goes through Port Street.",
            ),
            images=(
                Image(
                    path=Path("travaux.png"),
                    alt=Wording(fr="Plan de la déviation du bus 4", en="Map of the bus 4 detour"),
                ),
            ),
            silent=True,
            pinned=True,
        )
    ),
    PollOpened(poll=POLL, zone=ZONE),
    PollOpened(poll=POLL, zone=ZONE, voters=12),
    PollOpened(poll=MULTIPLE, zone=ZONE, voters=200, tally=TALLY),
    PollOpened(poll=CLOSED, zone=ZONE, voters=200, tally=TALLY),
    PollReminder(poll=POLL, zone=ZONE, voters=1),
    PollReminder(poll=CLOSED, zone=ZONE, voters=1),
    ResultsPublished(poll=CLOSED, tally=TALLY),
    ResultsPublished(poll=replace(MULTIPLE, state=PollState.CLOSED), tally=TALLY),
    ResultsPublished(poll=CLOSED, tally=TALLY, natives=NATIVES),
    Thanks(poll=CLOSED, voters=200),
    Thanks(poll=CLOSED, voters=0, elsewhere=True),
    Thanks(poll=CLOSED, voters=0),
    FollowUp(poll=CLOSED, announcement=DECIDED),
    FollowUp(poll=CLOSED, announcement=DECIDED, corrected_at=CLOSES, zone=ZONE),
    AnnouncementPublished(announcement=DECIDED, corrected_at=OPENS, zone=ZONE, over=True),
    Erratum(
        title=Wording(fr="Travaux rue des Lilas", en="Works in Lilac Street"),
        said=Wording(fr="Le bus 4 passe par la rue du Pont.", en="Bus 4 goes through Bridge Street."),
    ),
    Withdrawn(why=Wording(fr="La rue reste ouverte.", en="The street stays open.")),
    Withdrawn(why=Wording(fr="La rue reste ouverte.", en="The street stays open."), reply=True),
    *case_examples.ORDINARY,
    *staff_examples.ORDINARY,
    MessageRestored(case=CaseNumber(12), author="Jeanne Moreau", text="Les voleurs de poules du conte sont drôles."),
    BallotCounted(chosen=POLL.options[:1], first=True, kind=PollKind.SINGLE),
    BallotCounted(chosen=POLL.options, first=False, kind=PollKind.MULTIPLE),
    BallotWithdrawn(),
    BallotBeingRecorded(),
    BallotRefused(reason="poll_is_closed"),
    NotRecorded(),
    UnknownButton(),
    ReportTaken(),
    ReportOfOurs(),
    OpinionAsked(),
    OpinionKept(),
    RemovalReason(case=CaseNumber(12)),
    Welcome(town=TOWN, subscribed=False),
    Welcome(town=TOWN, subscribed=True),
    HelpShown(town=TOWN),
    LanguageChosen(),
    LinkOffered(code="K7QM-3XPA", minutes=10),
    Linked(accounts=2),
    LinkRefused(reason="unknown_code"),
    Unlinked(last=False),
    NotLinked(),
    LanguageOffered(),
    Subscribed(),
    Unsubscribed(),
    PrivateOnly(command="/myvote"),
    MyVotes(
        ballots=(
            BallotStanding(
                poll=POLL.id, question=POLL.question, chosen=POLL.options[1:2], open=True, closes_at=CLOSES, zone=ZONE
            ),
            BallotStanding(
                poll=MULTIPLE.id, question=MULTIPLE.question, chosen=(), open=True, closes_at=CLOSES, zone=ZONE
            ),
            BallotStanding(
                poll=PollId("marche_nom"),
                question=Wording(fr="Quel nom pour l’école ?", en="Which name for the school?"),
                chosen=(both("Simone Veil"),),
                open=False,
                closes_at=OPENS,
                zone=ZONE,
            ),
        )
    ),
    MyVotes(ballots=()),
    OpenPolls(polls=(POLL,), zone=ZONE),
    OpenPolls(polls=(POLL, MULTIPLE), zone=ZONE),
    OpenPolls(polls=(POLL, MULTIPLE), zone=ZONE, uncounted=True),
    OpenPolls(polls=(), zone=ZONE),
    RulesShown(
        version="2027-1",
        articles=(
            ("1", Wording(fr="On écoute avant de répondre.", en="Listen before you answer."), Severity.MINOR),
            (
                "3",
                Wording(
                    fr="On critique les idées, on n’insulte pas les personnes.",
                    en="Criticise ideas, never insult people.",
                ),
                Severity.GRAVE,
            ),
        ),
    ),
    RulesShown(version="2027-1", articles=(), keeps_journal=True),
    MyData(
        kept=(Kept(purpose="subscription", entries=1), Kept(purpose="open_ballots", entries=2)),
        export='{\n  "subscription": [{"locale": "fr", "subscribed": true}]\n}',
    ),
    MyData(kept=(), export="{}"),
    Forgotten(
        erased=(Kept(purpose="subscription", entries=1), Kept(purpose="open_ballots", entries=2)),
        stays=(
            Kept(purpose="open_ballots", entries=1),
            Kept(purpose="closed_ballots", entries=0),
            Kept(purpose="cases", entries=1),
            Kept(purpose="quarantine", entries=37),
        ),
    ),
    Forgotten(erased=(Kept(purpose="inbox", entries=0),), stays=()),
    UnknownCommand(),
    ReviewRefused(reason="unknown"),
    ReviewsShown(waiting=()),
    ReviewApproved(title=both("La halle"), minutes=0),
    ReviewRejected(title=both("La halle")),
    ReviewsShown(waiting=(Waiting(code="3-c0ffee", title=both("La halle"), by="Anne Martin"),)),
    ReviewShown(
        code="3-c0ffee",
        title=both("La halle"),
        by="Anne Martin",
        zone=ZONE,
        channels=("place", "fedi"),
        subscribers=True,
        steps=(
            StepShown(name="news", texts=(both("La halle"), both("La halle")), at=CLOSES),
            StepShown(name="market", texts=(both("La halle"),), until=CLOSES.date()),
            StepShown(name="closing", texts=(), days=1, minutes=1, after=""),
        ),
        blocking=0,
    ),
)

WORST: tuple[Message, ...] = (
    AnnouncementPublished(
        announcement=Announcement(
            id=AnnouncementId("a"),
            title=both(HOSTILE),
            body=both(EMOJI),
            images=(Image(path=Path("a.png"), alt=both(HOSTILE)),) * 10,
        )
    ),
    PollOpened(poll=HOSTILE_POLL, zone=ZONE, voters=1_234_567, tally=HOSTILE_TALLY),
    *case_examples.REPORTS,
    *staff_examples.worst(HOSTILE, EMOJI),
    PollReminder(poll=HOSTILE_POLL, zone=ZONE, voters=1_234_567),
    ResultsPublished(poll=HOSTILE_POLL, tally=HOSTILE_TALLY),
    Thanks(poll=HOSTILE_POLL, voters=1_234_567),
    FollowUp(poll=HOSTILE_POLL, announcement=HOSTILE_WORDS),
    AnnouncementPublished(announcement=HOSTILE_WORDS, corrected_at=OPENS, zone=ZONE, over=True),
    Erratum(title=both(HOSTILE), said=both(EMOJI)),
    Withdrawn(why=both(HOSTILE)),
    RemovalNotice(
        case=CaseNumber(10**9),
        article=HOSTILE,
        charter=HOSTILE,
        rule=both(HOSTILE),
        found=HOSTILE,
        account=AccountName("telegram"),
        chat=Address("@x"),
    ),
    RemovalNoticeInGroup(case=CaseNumber(10**9), article=HOSTILE, rule=both(HOSTILE)),
    MessageRestored(case=CaseNumber(10**9), author=HOSTILE, text=EMOJI),
    BallotCounted(chosen=HOSTILE_POLL.options, first=True, kind=PollKind.MULTIPLE),
    BallotCounted(chosen=HOSTILE_POLL.options, first=False, kind=PollKind.MULTIPLE),
    BallotWithdrawn(),
    BallotBeingRecorded(),
    *(
        BallotRefused(reason=reason)
        for reason in (
            "poll_is_closed",
            "poll_is_not_open_yet",
            "unknown_poll",
            "unknown_option",
            "too_many_options",
        )
    ),
    NotRecorded(),
    UnknownButton(),
    ReportTaken(),
    ReportOfOurs(),
    OpinionAsked(),
    OpinionKept(),
    RemovalReason(case=CaseNumber(10**9)),
    Welcome(town=both(HOSTILE), subscribed=False),
    HelpShown(town=both(HOSTILE)),
    LanguageChosen(),
    LinkOffered(code="WWWW-WWWW", minutes=10),
    Linked(accounts=10**6),
    *(LinkRefused(reason=reason) for reason in ("unknown_code", "own_code", "too_many_tries")),
    Unlinked(last=True),
    NotLinked(),
    LanguageOffered(),
    Subscribed(),
    Unsubscribed(),
    PrivateOnly(command=f"/withdraw {'c' * 24}_{'p' * 24}"),
    MyVotes(
        ballots=(
            BallotStanding(
                poll=HOSTILE_POLL.id,
                question=both(HOSTILE),
                chosen=HOSTILE_POLL.options,
                open=True,
                closes_at=CLOSES,
                zone=ZONE,
            ),
        )
        * 20
    ),
    OpenPolls(polls=(HOSTILE_POLL,), zone=ZONE),
    RulesShown(version=HOSTILE, articles=((HOSTILE, both(HOSTILE), Severity.SERIOUS),) * 30),
    MyData(kept=tuple(Kept(purpose=held.purpose, entries=10**6) for held in HOLDINGS), export=HOSTILE * 50),
    Forgotten(
        erased=tuple(Kept(purpose=held.purpose, entries=10**6) for held in HOLDINGS),
        stays=tuple(
            Kept(purpose=purpose, entries=10**6)
            for purpose in ("open_ballots", "closed_ballots", "cases", "quarantine")
        ),
    ),
    UnknownCommand(),
    *(ReviewRefused(reason=reason.value) for reason in Reason),
    ReviewApproved(title=both(HOSTILE), minutes=10),
    ReviewRejected(title=both(HOSTILE)),
    ReviewsShown(waiting=(Waiting(code="3-c0ffee", title=both(HOSTILE), by=HOSTILE),)),
    ReviewShown(
        code="3-c0ffee",
        title=both(HOSTILE),
        by=HOSTILE,
        zone=ZONE,
        channels=("place", "fedi"),
        subscribers=True,
        steps=(
            StepShown(name="news", texts=(both(HOSTILE), both(HOSTILE)), at=CLOSES),
            StepShown(name="market", texts=(both(HOSTILE),), until=CLOSES.date()),
            StepShown(name="closing", texts=(), days=365, minutes=365, after="n" * 40),
        ),
        blocking=12,
    ),
)
