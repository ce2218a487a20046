"""What an alert says: how its matter stands, read when it is sent, and again when it changes."""

from datetime import datetime
from hashlib import blake2b

from core.alert import Alert, AlertKind, number_in
from core.audience import RecipientKind
from core.audit import Deed, of_case
from core.campaign import Occurrence
from core.casefile import NO_ARTICLE, PROPOSALS
from core.delivery import Delivery, DeliveryState
from core.identifiers import AlertId, CaseNumber, MemberKey, OccurrenceId
from core.messages import AnnouncementPublished, FollowUp, PollOpened, PollReminder, ResultsPublished, Thanks
from core.moderation import Case
from core.ports.store import Books
from core.settling import AGAIN, OUT, settled
from core.staff import SERVICE, Act, Staff
from core.staff_messages import AlertItem, StaffAlert
from core.wording import Wording

_FATES = {
    DeliveryState.UNCERTAIN: "uncertain",
    DeliveryState.FAILED: "failed",
    DeliveryState.EXPIRED: "late",
    DeliveryState.SENT: OUT,
    DeliveryState.RETRACTED: OUT,
    DeliveryState.PLANNED: AGAIN,
    DeliveryState.SENDING: AGAIN,
    DeliveryState.CANCELLED: "stopped",
}


class Briefing:
    """Puts alerts into words for the staff. ``zone`` is that of the town's clocks."""

    def __init__(self, *, staff: Staff, zone: str) -> None:
        self._staff = staff
        self._zone = zone

    def message(self, books: Books, number: AlertId) -> StaffAlert | None:
        """How the matter stands now; None when it is forgotten."""
        alert = books.alerts.get(number)
        return None if alert is None else self.told(books, alert)

    def told(self, books: Books, alert: Alert) -> StaffAlert:
        """How the matter stands now."""
        matter = alert.matter
        found = (books.deliveries.get(each) for each in matter.deliveries)
        deliveries = [each for each in found if each is not None]
        occurrence = _occurrence(books, matter.about)
        case = _case(books, matter.about)
        over, deed = alert.over_at is not None, _verdict(books, alert)
        running = books.campaigns.get(occurrence.campaign) if occurrence is not None else None
        return StaffAlert(
            alert=alert.id,
            kind=matter.kind,
            campaign=running.campaign.title if running is not None else None,
            step=occurrence.step if occurrence is not None else "",
            subject=next((_subject(each) for each in deliveries), None),
            items=tuple(self._item(books, each, alert) for each in deliveries),
            private=matter.private,
            account=matter.about.partition(":")[2] if matter.about.startswith("account:") else "",
            detail=matter.detail,
            since=occurrence.due_at if occurrence is not None else _instant(alert),
            zone=self._zone,
            over=over,
            answerable=self._staff.is_named,
            case=None if case is None else case.number,
            channel=matter.about.removeprefix("channel:") if matter.kind is AlertKind.REQUESTS else "",
            choose=() if over or not self._staff.is_named else _choices(books, case, matter.kind),
            assigned="" if case is None else self._staff.name_of(MemberKey(case.assigned)),
            by="" if deed is None else self._staff.name_of(deed.who),
            settled_at=None if deed is None else deed.at,
        )

    def _item(self, books: Books, delivery: Delivery, alert: Alert) -> AlertItem:
        deed = settled(books, delivery.id, since=alert.since)
        fate = _FATES[delivery.state]
        said = deed if deed is not None and fate in {OUT, AGAIN} else None
        return AlertItem(
            delivery=delivery.id,
            place=delivery.recipient.name if delivery.recipient.kind is RecipientKind.CHANNEL else "",
            account=delivery.account,
            fate=fate,
            at=delivery.claimed_at or delivery.due_at,
            by="" if said is None else self._staff.name_of(said.who),
            settled_at=None if said is None else said.at,
            note=delivery.note,
        )


def digest_of(says: StaffAlert) -> str:
    """Equal for alerts that say the same."""
    return blake2b(repr(says).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _instant(alert: Alert) -> datetime:
    """Since when it stands; of what is not approved and does not run yet, when it is to begin."""
    ahead = alert.matter.kind is AlertKind.UNAPPROVED
    return (alert.matter.until or alert.since) if ahead else alert.since


def _occurrence(books: Books, about: str) -> Occurrence | None:
    number = number_in(about) if about.startswith("occurrence:") else None
    return None if number is None else books.campaigns.occurrence(OccurrenceId(number))


def _case(books: Books, about: str) -> Case | None:
    number = number_in(about) if about.startswith("case:") else None
    return None if number is None else books.cases.get(CaseNumber(number))


def _verdict(books: Books, alert: Alert) -> Deed | None:
    """What somebody did so that nobody need look any more: at that very instant."""
    if alert.over_at is None or not alert.matter.about.startswith(("case:", "channel:")):
        return None
    deeds = (entry.deed for entry in books.audit.about(alert.matter.about))
    return next((deed for deed in deeds if deed.at == alert.over_at and deed.who != SERVICE), None)


def _choices(books: Books, case: Case | None, kind: AlertKind) -> tuple[str, ...]:
    """The commands that decide it; what goes against no article yet is not taken out by a button."""
    if case is None:
        return ("admit", "decline") if kind is AlertKind.REQUESTS else ()
    match kind:
        case AlertKind.APPEAL:
            return ("accept", "take")
        case AlertKind.PROPOSAL:
            return ("second", _turned_down_by(books, case), "take")
        case _:
            return ("keep", "take") if case.article == NO_ARTICLE else ("keep", "del", "take")


def _turned_down_by(books: Books, case: Case) -> str:
    """The command that turns down what was proposed last."""
    acts = (entry.deed.act for entry in books.audit.about(of_case(case.number)))
    proposed = next((act for act in acts if act in PROPOSALS), Act.PROPOSE_BAN)
    return "unsuspend" if proposed is Act.PROPOSE_SUSPENSION else "unban"


def _subject(delivery: Delivery) -> Wording | None:
    """The title of what was said, or the question."""
    match delivery.message:
        case AnnouncementPublished(announcement=said) | FollowUp(announcement=said):
            return said.title
        case PollOpened(poll=poll) | PollReminder(poll=poll) | ResultsPublished(poll=poll) | Thanks(poll=poll):
            return poll.question
        case _:
            return None
