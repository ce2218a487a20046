"""After an outage: what fell due while nobody looked is late. It goes out as its campaign says, never all at once.

An outage is a stretch in which the planner did not look: the service was down, the machine slept, the town was held.
What fell due in it, and is not prompt any more, is marked as late. What is later than its grace is missed, whatever
was decided; polls always close. The rest waits for an officer (``ask``; but for results, which everybody was promised),
goes out in turn, the newest first (``newest-first``), or not at all (``drop``). All campaigns share the turns:
``MOST_AN_HOUR``.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from core.campaign import Campaign, CatchUp, Occurrence, StepKind
from core.identifiers import OccurrenceId
from core.ports.store import Books

PROMPT = timedelta(minutes=15)  # so much later, nobody calls it late
MOST_AN_HOUR = 4
NOTED_EVERY = timedelta(minutes=1)
_LOOKED, _TURNS, _LATE = "planner_looked", "caught_up", "late:{}"
_WAITS, _RELEASED = "waits", "released"
_HOUR = timedelta(hours=1)


class Turn(StrEnum):
    """What becomes now of something that is due."""

    NOW = "now"
    WAITS = "waits for an officer"
    IN_TURN = "goes out in turn"
    DROPPED = "dropped"


def notice(now: datetime, books: Books) -> tuple[Occurrence, ...]:
    """Note that somebody looks; what fell due in an outage that ends with this, marked as late."""
    before = books.town.fact(_LOOKED)
    books.town.set_fact(_LOOKED, now.isoformat())
    if before is None or now - datetime.fromisoformat(before) <= PROMPT:
        return ()
    since = datetime.fromisoformat(before)
    late = [each for each in books.campaigns.due(now - PROMPT) if each.due_at > since and _speaks(each, books)]
    for each in late:
        books.town.set_fact(_LATE.format(each.id), _WAITS)
    return tuple(late)


def turn_of(occurrence: Occurrence, campaign: Campaign, now: datetime, books: Books) -> Turn:
    """Whether it is its turn."""
    mark = books.town.fact(_LATE.format(occurrence.id))
    if mark is None:
        return Turn.NOW
    if mark == _WAITS and campaign.catch_up is CatchUp.DROP:
        return Turn.DROPPED
    if mark == _WAITS and campaign.catch_up is CatchUp.ASK and not _is_owed(occurrence, campaign):
        return Turn.WAITS
    return Turn.NOW if len(_turns(now, books)) < MOST_AN_HOUR else Turn.IN_TURN


def over(occurrence: Occurrence, now: datetime, books: Books, *, said: bool) -> None:
    """Note that something is settled: nobody asks any more whether it was late. What was ``said`` late took a turn."""
    if is_late(occurrence.id, books):
        if said:
            books.town.set_fact(_TURNS, " ".join(at.isoformat() for at in (*_turns(now, books), now)))
        books.town.set_fact(_LATE.format(occurrence.id), None)


def is_late(occurrence: OccurrenceId, books: Books) -> bool:
    """Whether it fell due in an outage."""
    return books.town.fact(_LATE.format(occurrence)) is not None


def late(now: datetime, books: Books) -> tuple[Occurrence, ...]:
    """All that is late and not settled, the newest first: in this order it goes out."""
    return tuple(each for each in reversed(books.campaigns.due(now)) if is_late(each.id, books))


def release(occurrence: OccurrenceId, books: Books) -> bool:
    """Let something late go out in turn; False when it is not late."""
    if not is_late(occurrence, books):
        return False
    books.town.set_fact(_LATE.format(occurrence), _RELEASED)
    return True


def in_order(due: Sequence[Occurrence], books: Books) -> tuple[Occurrence, ...]:
    """What is due, as it is to be settled: the prompt, the earliest first; then the late, the newest first."""
    behind = {each.id for each in due if is_late(each.id, books)}
    prompt = (each for each in due if each.id not in behind)
    return (*prompt, *(each for each in reversed(due) if each.id in behind))


def _speaks(occurrence: Occurrence, books: Books) -> bool:
    """Whether anybody reads anything of it: the closing of a poll is never put off."""
    running = books.campaigns.get(occurrence.campaign)
    return running is not None and running.campaign.step(occurrence.step).kind is not StepKind.CLOSE_POLL


def _is_owed(occurrence: Occurrence, campaign: Campaign) -> bool:
    """Whether everybody who voted was promised it: nobody has to decide that it is said."""
    return campaign.step(occurrence.step).kind is StepKind.PUBLISH_RESULTS


def _turns(now: datetime, books: Books) -> tuple[datetime, ...]:
    """When something late went out within the last hour."""
    noted = map(datetime.fromisoformat, (books.town.fact(_TURNS) or "").split())
    return tuple(at for at in noted if now - at < _HOUR)
