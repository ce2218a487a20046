"""An officer's order about what is out: checked, written down and planned in one transaction.

What is not out yet says the new words from the start, or is called off. A poll's question is withdrawn only once it is
closed: else people could no longer see, or change, what they answered.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.announcement import Announcement
from core.campaign import CampaignState, Occurrence, OccurrenceState, StepKind
from core.correction import SPEAKS, Correction, CorrectionKind, Order, announcement_in, reads_now
from core.delivery import Delivery
from core.errors import ParvisError
from core.identifiers import CampaignId, CorrectionId, MemberKey, OccurrenceId, PollId, StepName
from core.messages import AnnouncementPublished, FollowUp, Illegible
from core.poll import PollState
from core.ports.books.campaigns import Running
from core.ports.store import Books
from core.wording import Wording

_NOT_YET = CorrectionId(0)


class NotCorrected(ParvisError):
    """What was ordered cannot be: nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to become of what a step said: at this occurrence, or the last that said something.

    ``said``: what an erratum says, or why something is withdrawn. ``wait``: before anything is done.
    """

    kind: CorrectionKind
    campaign: CampaignId
    step: StepName
    occurrence: OccurrenceId | None = None
    said: Wording | None = None
    wait: timedelta = timedelta()


def considered(wish: Wish, *, by: MemberKey, at: datetime, books: Books) -> Correction:
    """The correction as it would be, changing nothing. Raises NotCorrected."""
    running = books.campaigns.get(wish.campaign)
    if running is None:
        raise NotCorrected(f"no campaign «{wish.campaign}» was ever started (see: parvis campaign list)")
    if running.state is CampaignState.CANCELLED and wish.kind in SPEAKS:
        raise NotCorrected(f"the campaign {wish.campaign} was cancelled: nothing new is said in its name")
    occurrence = _occurrence(wish, running, books)
    example = _example(occurrence, books)
    order = Order(kind=wish.kind, occurrence=occurrence.id, by=by, at=at, due_at=at + wish.wait, said=wish.said)
    if wish.kind is CorrectionKind.RETRACT:
        _refuse_an_open_poll(running, occurrence, books)
    if wish.kind in SPEAKS:
        order = _with_words(order, _words(wish, running, occurrence), example, running, books)
    return Correction(id=_NOT_YET, order=order)


def ordered(wish: Wish, *, by: MemberKey, at: datetime, books: Books) -> Correction:
    """Write the order down and plan it for every copy. Raises NotCorrected."""
    found = considered(wish, by=by, at=at, books=books)
    order = found.order
    if order.kind is CorrectionKind.RETRACT:
        books.deliveries.call_off(order.occurrence)
    if order.words is not None:
        _say_at_once(order.words, order.occurrence, books)
    return replace(found, id=books.corrections.order(order))


def _occurrence(wish: Wish, running: Running, books: Books) -> Occurrence:
    if wish.step not in {step.name for step in running.campaign.steps}:
        steps = ", ".join(step.name for step in running.campaign.steps)
        raise NotCorrected(f"the campaign {wish.campaign} has no step «{wish.step}»; it has: {steps}")
    done = [
        each
        for each in books.campaigns.occurrences(wish.campaign)
        if each.step == wish.step and each.state is OccurrenceState.DONE and wish.occurrence in {None, each.id}
    ]
    if not done:
        raise NotCorrected(f"the step «{wish.step}» has said nothing yet: correct the campaign file instead")
    return max(done, key=lambda each: (each.due_at, each.id))


def _example(occurrence: Occurrence, books: Books) -> Delivery:
    example = next(iter(books.deliveries.all(occurrence=occurrence.id, limit=1)), None)
    if example is None:
        raise NotCorrected(f"the step «{occurrence.step}» posts nothing of its own: there is nothing to change")
    return example


def _words(wish: Wish, running: Running, occurrence: Occurrence) -> Announcement | None:
    says = running.campaign.step(occurrence.step).says
    if says is not None:
        return running.campaign.announcement(says)
    if wish.kind is CorrectionKind.AMEND:
        raise NotCorrected(
            f"the step «{occurrence.step}» says nothing that an officer wrote: a reply can say it (parvis erratum)"
        )
    return None


def _with_words(order: Order, words: Announcement | None, example: Delivery, running: Running, books: Books) -> Order:
    """The order with the words that are other ones than stand there, and what a reply says. Raises NotCorrected."""
    before = [each.order for each in books.corrections.of(order.occurrence)]
    message, zone = example.message, running.campaign.zone.key
    stands = None if isinstance(message, Illegible) else announcement_in(reads_now(message, before, zone=zone))
    if order.kind is CorrectionKind.ERRATUM or words is None:
        return replace(order, words=None if stands == words else words)
    if isinstance(message, Illegible):
        raise NotCorrected("what is out says something that this version cannot read")
    if stands == words:
        cure = "correct its file, then: parvis campaign update, or submit where another person approves"
        raise NotCorrected(f"what is out says what the campaign {running.campaign.id} says: {cure}")
    return replace(order, words=words, said=order.said or words.body)


def _say_at_once(words: Announcement, occurrence: OccurrenceId, books: Books) -> None:
    message = _example_message(occurrence, books)
    if message is not None:
        books.deliveries.reword(occurrence, replace(message, announcement=words))


def _example_message(occurrence: OccurrenceId, books: Books) -> AnnouncementPublished | FollowUp | None:
    message = books.deliveries.all(occurrence=occurrence, limit=1)[0].message
    return message if isinstance(message, AnnouncementPublished | FollowUp) else None


def _refuse_an_open_poll(running: Running, occurrence: Occurrence, books: Books) -> None:
    step = running.campaign.step(occurrence.step)
    if step.kind not in {StepKind.OPEN_POLL, StepKind.REMIND}:
        return
    poll = books.polls.get(PollId(step.subject))
    if poll is not None and poll.state is PollState.OPEN:
        cure = f"wait until it closes, or cancel the campaign: parvis campaign cancel {running.campaign.id}"
        raise NotCorrected(f"people are voting in {poll.id}: its question is not withdrawn from them; {cure}")
