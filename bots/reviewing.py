"""An officer reads in private what waits for approval, and decides there: ``/approve``, then its code, then yes; or
``/reject``, the code, and why.

The commands of the staff stand in no menu, and to everybody else they are commands that do not exist. An officer is
known by the number of their account, as the configuration names it. The service then schedules what was approved.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bots.answering import answer
from bots.desk import Desk, language
from core.answers import Answer
from core.audit import Deed, of_campaign
from core.campaign import After, At, Campaign, Step, StepKind
from core.events import ButtonPressed, Command, CommandGiven
from core.folding import fold
from core.identifiers import Locale, MemberKey
from core.messages import Answered
from core.ports.store import Books
from core.review import NotReviewed, Reason, Review, ReviewState, approved, ended, number_in
from core.review_messages import (
    ReviewApproved,
    ReviewRefused,
    ReviewRejected,
    ReviewShown,
    ReviewsShown,
    StepShown,
    Waiting,
)
from core.staff import Act, Member
from core.wording import Wording

_APPROVE = frozenset({"approve", "approuver"})
_REJECT = frozenset({"reject", "rejeter"})
_YES = frozenset({"yes", "oui"})


def officer(desk: Desk, event: ButtonPressed | CommandGiven) -> Member | None:
    """Who of the staff gives a command of the staff, where nobody else reads it."""
    if not isinstance(event, CommandGiven) or event.followed or not event.handle.private:
        return None
    if fold(event.command.name) not in _APPROVE | _REJECT:
        return None
    member = desk.staff.behind(desk.account, event.person.number)
    return member if member is not None and member.may(Act.APPROVE) else None


async def obey(desk: Desk, event: CommandGiven, member: Member) -> Answer:
    """Show what waits, or one submission, or decide about it; the intake is forgotten."""

    def work(books: Books) -> tuple[Answered, Locale]:
        books.inbox.done((event.received.order,))
        return _answered(desk, member, event.command, books), language(desk, books, event.person)

    message, locale = await desk.store.write(work)
    return answer(event.handle, message, locale)


def _answered(desk: Desk, member: Member, command: Command, books: Books) -> Answered:
    words = command.arguments
    if not words:
        waiting = books.reviews.all(state=ReviewState.REVIEW)
        return ReviewsShown(waiting=tuple(_waiting(desk, each) for each in waiting))
    number = number_in(words[0])
    review = None if number is None else books.reviews.get(number)
    if review is None or review.code != words[0]:
        return ReviewRefused(reason=Reason.UNKNOWN.value)
    if fold(command.name) in _REJECT:
        return _reject(desk, member.key, review, " ".join(words[1:]), books)
    if len(words) > 1 and fold(words[1]) in _YES:
        return _approve(desk, member.key, review, books)
    return _shown(desk, review)


def _approve(desk: Desk, who: MemberKey, review: Review, books: Books) -> ReviewApproved | ReviewRefused:
    at = desk.clock.now()
    try:
        agreed = approved(review, desk.staff, who, at)
    except NotReviewed as refusal:
        return ReviewRefused(reason=refusal.reason.value)
    books.reviews.save(agreed, expected=review.state)
    _record(agreed, who, Act.APPROVE_ALONE if agreed.alone else Act.APPROVE, at, books)
    wait = (agreed.ripe_at or at) - at
    return ReviewApproved(title=review.campaign.title, minutes=wait // timedelta(minutes=1))


def _reject(desk: Desk, who: MemberKey, review: Review, why: str, books: Books) -> ReviewRejected | ReviewRefused:
    """Send it back; whoever submitted it reads why."""
    at = desk.clock.now()
    if not why:
        return ReviewRefused(reason=Reason.NO_REASON.value)
    try:
        rejected = ended(review, ReviewState.REJECTED, who, at, why=why)
    except NotReviewed as refusal:
        return ReviewRefused(reason=refusal.reason.value)
    books.reviews.save(rejected, expected=review.state)
    _record(rejected, who, Act.REJECT, at, books)
    return ReviewRejected(title=review.campaign.title)


def _record(review: Review, who: MemberKey, act: Act, at: datetime, books: Books) -> None:
    about = of_campaign(review.campaign.id)
    books.audit.record(Deed(who=who, at=at, act=act, about=about, content=review.content))


def _waiting(desk: Desk, review: Review) -> Waiting:
    return Waiting(code=review.code, title=review.campaign.title, by=_name(desk, review.by))


def _shown(desk: Desk, review: Review) -> ReviewShown:
    campaign = review.campaign
    return ReviewShown(
        code=review.code,
        title=campaign.title,
        by=_name(desk, review.by),
        zone=campaign.zone.key,
        channels=tuple(campaign.audience.channels),
        subscribers=campaign.audience.subscribers,
        steps=tuple(_step(campaign, step) for step in campaign.steps),
        blocking=review.blocking,
    )


def _step(campaign: Campaign, step: Step) -> StepShown:
    texts, when = tuple(_texts(campaign, step)), step.when
    match when:
        case At():
            return StepShown(name=step.name, texts=texts, at=when.local.replace(tzinfo=campaign.zone))
        case After():
            minutes = when.delay // timedelta(minutes=1)
            return StepShown(name=step.name, texts=texts, after=when.step or "", days=when.days, minutes=minutes)
        case _:
            return StepShown(name=step.name, texts=texts, until=when.until)


def _texts(campaign: Campaign, step: Step) -> Iterator[Wording]:
    """What people will read that somebody wrote for this campaign."""
    if step.says is not None:
        said = campaign.announcement(step.says)
        yield from (said.title, said.body, *(image.alt for image in said.images))
    elif step.kind is StepKind.OPEN_POLL:
        asked = campaign.question(step.subject)
        yield from (asked.question, *asked.options)


def _name(desk: Desk, key: MemberKey) -> str:
    member = desk.staff.member(key)
    return key if member is None else member.name
