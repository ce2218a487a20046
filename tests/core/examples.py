"""Small true-to-life values for the tests of the core, each changeable by name."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from core.announcement import Announcement
from core.audience import Audience, Recipient, RecipientKind
from core.campaign import After, At, Campaign, Question, Step, StepKind, named
from core.delivery import Delivery, DeliveryState, Urgency
from core.identifiers import (
    AccountName,
    Address,
    AnnouncementId,
    CampaignId,
    ChannelName,
    DeliveryId,
    IntakeId,
    MessageId,
    OccurrenceId,
    PlatformName,
    PollId,
    VoterKey,
)
from core.localtime import ClockPolicy
from core.messages import AnnouncementPublished
from core.poll import Act, Ballot, Poll, PollKind, PollState, Vote
from core.post import Receipt
from core.recurrence import Recurrence
from core.timetable import Timetable
from core.wording import Wording

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
TELEGRAM = PlatformName("telegram")
BRIDGE = PollId("bridge_route")
NEWS = AnnouncementId("bridge_news")


def words(text: str) -> Wording:
    """The same text, said to be French and English."""
    return Wording(fr=f"{text} (fr)", en=text)


def poll(*, kind: PollKind = PollKind.SINGLE, options: int = 3, state: PollState = PollState.OPEN) -> Poll:
    """A poll open from noon for one hour."""
    return Poll(
        id=BRIDGE,
        campaign=CampaignId("bridge"),
        question=words("Which route for the footbridge?"),
        options=tuple(words(f"Route {rank}") for rank in range(options)),
        kind=kind,
        state=state,
        opens_at=NOON,
        closes_at=NOON + timedelta(hours=1),
    )


def vote(act: Act, *, order: int = 1, voter: bytes = b"a" * 16, at: datetime = NOON) -> Vote:
    """One act of voting by one citizen."""
    return Vote(poll=BRIDGE, voter=VoterKey(voter), act=act, order=IntakeId(order), at=at, via=TELEGRAM)


def ballot(*options: int, order: int = 1) -> Ballot:
    """The ballot of the citizen of ``vote``."""
    return Ballot(poll=BRIDGE, voter=VoterKey(b"a" * 16), options=options, order=IntakeId(order), via=TELEGRAM)


def announcement() -> Announcement:
    """An announcement without a picture."""
    return Announcement(id=NEWS, title=words("The footbridge"), body=words("Works begin in May."))


def campaign(*steps: Step, zone: str = "Europe/Paris") -> Campaign:
    """A campaign with one announcement and one question."""
    return Campaign(
        id=CampaignId("bridge"),
        title=words("The footbridge"),
        zone=ZoneInfo(zone),
        policy=ClockPolicy(),
        audience=Audience(channels=(ChannelName("square"),)),
        announcements=(announcement(),),
        questions=(Question(id=BRIDGE, question=words("Which route?"), options=(words("North"), words("South"))),),
        steps=named(steps),
    )


def instants(plan: Campaign, start: datetime) -> tuple[datetime, ...]:
    """When the steps are due, in their order."""
    return tuple(due.at for due in Timetable(plan, start).all())


def step(kind: StepKind, when: At | After | Recurrence, subject: AnnouncementId | PollId = BRIDGE) -> Step:
    """A step that may be an hour late."""
    return Step(kind=kind, subject=subject, when=when, grace=timedelta(hours=1))


def receipt(message: int = 7) -> Receipt:
    """Where a part stands."""
    return Receipt(address=Address("@square"), message=MessageId(str(message)), call="sendMessage")


def delivery(state: DeliveryState = DeliveryState.SENDING, *, attempts: int = 0) -> Delivery:
    """A delivery of the announcement, claimed at noon unless it is only planned."""
    underway = state is not DeliveryState.PLANNED
    return Delivery(
        id=DeliveryId(1),
        occurrence=OccurrenceId(1),
        account=AccountName("telegram"),
        recipient=Recipient(RecipientKind.CHANNEL, "square"),
        message=AnnouncementPublished(announcement=announcement()),
        urgency=Urgency.CAMPAIGN,
        due_at=NOON,
        expires_at=NOON + timedelta(hours=1),
        state=state,
        attempts=attempts,
        claimed_at=NOON if underway else None,
        lease_until=NOON + timedelta(seconds=90) if state is DeliveryState.SENDING else None,
    )
