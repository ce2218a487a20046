"""Another plan for a campaign that runs: what has not started follows it, the rest stays as it is."""

from datetime import datetime

from campaigns import notes
from campaigns.calendar import NotChanged, check_polls, lay_out, timetable_of
from campaigns.public_holidays import days_off
from core.campaign import Campaign, CampaignState
from core.identifiers import PollId
from core.poll import Poll, PollState
from core.ports.books.campaigns import Running
from core.ports.store import Books
from core.timetable import Rearrangement, Timetable, moved_by_hand


def update(campaign: Campaign, now: datetime, books: Books) -> Rearrangement | None:
    """Let the running campaign of this name follow this plan; what changed in its occurrences, None for the same plan.

    What was done, missed or skipped stays, whatever the plan says of it, and so does what officers moved. What is to
    come is looked over anew. Raises NotChanged.
    """
    running = books.campaigns.get(campaign.id)
    if running is None or running.state is not CampaignState.RUNNING:
        raise NotChanged(f"no campaign «{campaign.id}» is running: start it")
    if running.campaign == campaign:
        return None
    before, after = timetable_of(running, books).polls(), _planned(campaign, running, books).polls()
    _check(before, after, campaign, books)
    books.campaigns.revise(campaign)
    notes.forget(books, campaign.id)
    for poll in before:
        if poll.id not in {each.id for each in after}:
            books.polls.drop(poll.id)
    for poll in after:
        books.polls.add(poll)
    changes = lay_out(campaign.id, now, books)
    passed = [due.step for due in changes.add if due.at < now]
    passed += [each.step for number, at in changes.shift if at < now and (each := books.campaigns.occurrence(number))]
    if passed:
        raise NotChanged(f"the time of the step «{passed[0]}» has passed")
    return changes


def _planned(campaign: Campaign, running: Running, books: Books) -> Timetable:
    moved = moved_by_hand(books.campaigns.occurrences(campaign.id))
    return Timetable(campaign, running.started_at, is_holiday=days_off(campaign.place), moved=moved)


def _check(before: tuple[Poll, ...], after: tuple[Poll, ...], campaign: Campaign, books: Books) -> None:
    check_polls(before, after, books)
    kept = {poll.id for poll in after}
    for poll in before:
        if poll.id not in kept and _state(poll.id, books) is not PollState.PLANNED:
            raise NotChanged(f"the poll {poll.id} has opened: it stays in the file as it is")
    for poll in after:
        known = books.polls.get(poll.id)
        if known is not None and known.campaign != campaign.id:
            raise NotChanged(f"the poll {poll.id} belongs to the campaign «{known.campaign}»: give it another name")


def _state(poll: PollId, books: Books) -> PollState | None:
    known = books.polls.get(poll)
    return None if known is None else known.state
