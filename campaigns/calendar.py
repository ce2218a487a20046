"""The occurrences of a running campaign: planned ahead, listed, moved and skipped one by one.

All of it happens inside a transaction, and touches only what is planned. A poll that is open was announced with its
closing time: that is no longer moved.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from campaigns.public_holidays import days_off
from core.campaign import Campaign, CampaignState, Occurrence, OccurrenceState, StepKind
from core.errors import ParvisError
from core.identifiers import CampaignId, OccurrenceId, PollId, StepName
from core.poll import Poll, PollState
from core.ports.books.campaigns import Running
from core.ports.store import Books
from core.timetable import Rearrangement, Timetable, moved_by_hand, rearranged


class NotChanged(ParvisError):
    """What an officer asked for cannot be done: nothing was changed, and the sentence says why."""


def timetable_of(running: Running, books: Books) -> Timetable:
    """The timetable of a campaign with what officers moved."""
    return _timetable(running, books.campaigns.occurrences(running.campaign.id))


def _timetable(running: Running, occurrences: Sequence[Occurrence]) -> Timetable:
    return Timetable(
        running.campaign,
        running.started_at,
        is_holiday=days_off(running.campaign.place),
        moved=moved_by_hand(occurrences),
    )


def outdated(running: Running, now: datetime, books: Books) -> Rearrangement:
    """What of a running campaign is not planned as it should be: time has gone on, or the zone or holidays changed.

    The closing of a poll that has opened stays when everybody was told.
    """
    occurrences = books.campaigns.occurrences(running.campaign.id)
    changes = rearranged(running.campaign, _timetable(running, occurrences), occurrences, now)
    steps = {each.id: each.step for each in occurrences}
    told = _announced(running.campaign, books) & {*steps.values()}
    return Rearrangement(
        add=tuple(due for due in changes.add if due.step not in told),
        shift=tuple((number, at) for number, at in changes.shift if steps[number] not in told),
        drop=tuple(number for number in changes.drop if steps[number] not in told),
    )


def lay_out(campaign: CampaignId, now: datetime, books: Books) -> Rearrangement:
    """Plan a running campaign as it should be; what was changed. Polls not yet open follow."""
    running = books.campaigns.get(campaign)
    if running is None or running.state is not CampaignState.RUNNING:
        return Rearrangement()
    changes = outdated(running, now, books)
    for number in changes.drop:
        books.campaigns.drop(number)
    for number, at in changes.shift:
        books.campaigns.move(number, at, by_hand=False)
    books.campaigns.plan(campaign, changes.add)
    for poll in timetable_of(running, books).polls():
        books.polls.revise(poll)
    return changes


def move(number: OccurrenceId, to: datetime, now: datetime, books: Books) -> Occurrence:
    """Let a planned occurrence be due at another instant, and what counts from it follow. Raises NotChanged."""
    before, running = _planned(number, books)
    if to < now:
        raise NotChanged("this time has passed")
    promised = timetable_of(running, books).polls()
    books.campaigns.move(number, to, by_hand=True)
    lay_out(before.campaign, now, books)
    check_polls(promised, timetable_of(running, books).polls(), books)
    return _known(number, books)


def skip(number: OccurrenceId, now: datetime, books: Books) -> Occurrence:
    """Let a planned occurrence not take place; what counts from it does. Raises NotChanged."""
    before, running = _planned(number, books)
    if running.campaign.step(before.step).kind is StepKind.CLOSE_POLL:
        raise NotChanged("a poll is always closed: move the closing, or cancel the campaign")
    books.campaigns.settle(number, OccurrenceState.SKIPPED)
    lay_out(running.campaign.id, now, books)
    return _known(number, books)


def resume(number: OccurrenceId, now: datetime, books: Books) -> Occurrence:
    """Let a skipped occurrence take place after all. Raises NotChanged."""
    before = _known(number, books)
    if before.state is not OccurrenceState.SKIPPED or before.due_at < now:
        raise NotChanged(f"occurrence {number} is {before.state.value}: only a skipped one, still to come, takes place")
    running = _running(before, books)
    if before.step not in {step.name for step in running.campaign.steps}:
        raise NotChanged(f"the campaign {before.campaign} has no step «{before.step}» any more")
    books.campaigns.settle(number, OccurrenceState.PLANNED, expected=OccurrenceState.SKIPPED)
    lay_out(before.campaign, now, books)
    return _known(number, books)


def _planned(number: OccurrenceId, books: Books) -> tuple[Occurrence, Running]:
    occurrence = _known(number, books)
    if occurrence.state is not OccurrenceState.PLANNED:
        raise NotChanged(f"occurrence {number} is {occurrence.state.value}: only a planned one can be changed")
    return occurrence, _running(occurrence, books)


def _known(number: OccurrenceId, books: Books) -> Occurrence:
    occurrence = books.campaigns.occurrence(number)
    if occurrence is None:
        raise NotChanged(f"there is no occurrence {number} (see: parvis campaign occurrences)")
    return occurrence


def _running(occurrence: Occurrence, books: Books) -> Running:
    running = books.campaigns.get(occurrence.campaign)
    if running is None or running.state is not CampaignState.RUNNING:
        raise NotChanged(f"the campaign {occurrence.campaign} is not running")
    return running


def _announced(campaign: Campaign, books: Books) -> frozenset[StepName]:
    """The closings that everybody was told: those of polls that have opened."""
    closings = [step for step in campaign.steps if step.kind is StepKind.CLOSE_POLL]
    return frozenset(step.name for step in closings if not _is_planned(PollId(step.subject), books))


def check_polls(before: Sequence[Poll], after: Sequence[Poll], books: Books) -> None:
    """Raise NotChanged when a poll that has opened would not stay what it was, or one to come could not be held."""
    was = {poll.id: poll for poll in before}
    for poll in after:
        if poll.id not in was or _is_planned(poll.id, books):
            if poll.opens_at >= poll.closes_at:
                raise NotChanged(f"the poll {poll.id} would close before anyone can vote")
        elif replace(poll, opens_at=was[poll.id].opens_at) != was[poll.id]:
            raise NotChanged(f"the poll {poll.id} has opened: everybody was told what it asks and when it closes")


def _is_planned(poll: PollId, books: Books) -> bool:
    known = books.polls.get(poll)
    return known is None or known.state is PollState.PLANNED
