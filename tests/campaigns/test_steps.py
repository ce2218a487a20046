"""When a step is done, waits, is missed or called off: the table of the module."""

from datetime import timedelta

import pytest

from campaigns.planner import PATIENCE
from campaigns.steps import Scene, carry_out, decide
from core.campaign import OccurrenceState, StepKind
from core.identifiers import IntakeId
from core.messages import PollOpened
from core.poll import PollState
from core.ports.store import Books
from tests.campaigns.stage import HOUR, Stage, running, then
from tests.core.examples import BRIDGE
from tests.fakes import NOON

DONE, MISSED, CANCELLED = OccurrenceState.DONE, OccurrenceState.MISSED, OccurrenceState.CANCELLED
PLANNED = OccurrenceState.PLANNED


# ── late ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_step_within_its_grace_is_still_done() -> None:
    """To the very end of it."""
    stage = await Stage().started()

    await stage.at(2)

    assert (await stage.states())[0] is DONE


async def test_a_step_beyond_its_grace_is_missed_and_sends_nothing() -> None:
    """Yesterday's news would puzzle people; the officer sees that it was missed."""
    stage = await Stage().started()

    await stage.at(2.01)

    assert (await stage.states())[:2] == [MISSED, DONE]
    assert [type(delivery.message) for delivery in await stage.planned()] == [PollOpened]


async def test_after_a_long_absence_the_poll_is_not_opened_and_all_about_it_is_cancelled() -> None:
    """No burst of old messages: each step is judged by its own hour."""
    stage = await Stage().started()

    await stage.at(24)

    assert await stage.states() == [MISSED, MISSED, CANCELLED, CANCELLED, CANCELLED, CANCELLED]
    assert (await stage.poll()).state is PollState.PLANNED
    assert not stage.vault.has_poll_key(BRIDGE)


async def test_a_poll_is_not_opened_at_the_instant_it_closes() -> None:
    """Nobody could vote, whatever the grace of the opening."""
    stage = await Stage(steps=(then(StepKind.OPEN_POLL), then(StepKind.CLOSE_POLL))).started()

    await stage.at(2)

    assert await stage.states() == [MISSED, CANCELLED]


async def test_an_open_poll_is_closed_however_late() -> None:
    """Else people would press buttons of a poll that has ended."""
    stage = await running(until=2)

    await stage.at(48)

    assert await stage.states() == [DONE, DONE, MISSED, DONE, MISSED, MISSED]


async def test_a_reminder_is_not_sent_once_the_poll_has_ended() -> None:
    """Even within its grace."""
    stage = await running(until=2)

    await stage.at(4)

    assert (await stage.states())[2:4] == [MISSED, DONE]


# ── votes in time ──────────────────────────────────────────────────────────────────────────────────────────


async def test_a_poll_waits_for_votes_received_in_time() -> None:
    """They were stored on arrival, before the closing instant: they count."""
    stage = await running(until=3)
    stage.clock.move_to(NOON + 4 * HOUR - timedelta(seconds=1))
    await stage.receives()

    await stage.at(4)

    assert (await stage.poll()).state is PollState.OPEN


async def test_a_poll_waits_for_a_vote_that_was_promised_and_is_not_yet_stored() -> None:
    """It was pressed in time, while the store took nothing; citizens were told that it is being recorded."""
    stage = await running(until=3)
    stage.promised_at = NOON + 4 * HOUR - timedelta(seconds=1)
    await stage.at(4)
    before = (await stage.poll()).state
    stage.promised_at = None

    await stage.planner.look()

    assert (before, (await stage.poll()).state) == (PollState.OPEN, PollState.CLOSED)


async def test_results_wait_for_the_poll_to_be_closed() -> None:
    """However due they are."""
    stage = await running(until=3)
    await stage.receives()

    await stage.at(5)

    assert (await stage.states())[3:5] == [PLANNED, PLANNED]


async def test_a_poll_closes_once_those_votes_are_dealt_with() -> None:
    """At the next look."""
    stage = await running(until=3)
    await stage.receives()
    await stage.at(4)
    await stage.store.write(lambda books: books.inbox.done([IntakeId(1)]))

    await stage.planner.look()

    assert (await stage.poll()).state is PollState.CLOSED


async def test_votes_received_later_hold_nothing_up() -> None:
    """They are late, and refused."""
    stage = await running(until=3)
    stage.clock.move_to(NOON + 4 * HOUR)
    await stage.receives()

    await stage.planner.look()

    assert (await stage.poll()).state is PollState.CLOSED


async def test_the_wait_for_votes_ends() -> None:
    """One update that cannot be dealt with must not keep a poll open for ever."""
    stage = await running(until=3)
    await stage.receives()
    await stage.at(4)
    stage.clock.advance(PATIENCE)

    await stage.planner.look()

    assert (await stage.poll()).state is PollState.CLOSED


async def test_the_wait_for_votes_begins_with_the_first_look() -> None:
    """After an absence, what was received before it is counted before the poll is closed."""
    stage = await running(until=3)
    await stage.receives()

    await stage.at(9)

    assert (await stage.poll()).state is PollState.OPEN


# ── without a poll ──────────────────────────────────────────────────────────────────────────────────────────


async def _scene(kind: StepKind) -> Scene:
    """A step that is due now about a poll that nobody knows."""
    stage = Stage()
    books: Books = await stage.read(lambda books: books)
    due_at = NOON - timedelta(seconds=1)
    return Scene(books=books, campaign=stage.campaign, step=then(kind), due_at=due_at, now=NOON, votes_wait=False)


@pytest.mark.parametrize(
    ("kind", "becomes"),
    [
        (StepKind.ANNOUNCE, OccurrenceState.DONE),
        (StepKind.OPEN_POLL, OccurrenceState.MISSED),
        (StepKind.REMIND, OccurrenceState.CANCELLED),
        (StepKind.CLOSE_POLL, OccurrenceState.CANCELLED),
        (StepKind.PUBLISH_RESULTS, OccurrenceState.CANCELLED),
        (StepKind.THANK, OccurrenceState.CANCELLED),
    ],
)
async def test_a_poll_that_nobody_knows_is_neither_opened_nor_spoken_of(
    kind: StepKind, becomes: OccurrenceState
) -> None:
    """A damaged book must not become a post."""
    assert decide(await _scene(kind)) is becomes


async def test_a_decision_against_the_rules_is_not_carried_out() -> None:
    """Only what was decided may be done; this is the last guard."""
    scene = await _scene(StepKind.REMIND)

    with pytest.raises(LookupError, match="without its poll"):
        carry_out(scene)


async def test_grace_is_counted_from_the_due_instant() -> None:
    """And its last instant is in time."""
    scene = await _scene(StepKind.ANNOUNCE)

    assert not scene.late
    assert scene.step.grace == HOUR
