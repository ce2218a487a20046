"""The life cycle of a delivery, row by row of its table, and that the code allows nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.delivery import (
    LEASE,
    MOST_ATTEMPTS,
    PATIENCE,
    TRANSITIONS,
    Delivery,
    DeliveryState,
    Urgency,
    claimed,
    completed,
    lost,
    progressed,
    setback,
)
from core.errors import (
    Moved,
    PlatformError,
    Rejected,
    Rival,
    Unauthorised,
    Unavailable,
    Uncertain,
    Unreachable,
)
from core.identifiers import Address
from tests.core.examples import NOON, delivery, receipt

NEVER = timedelta()
AN_HOUR = timedelta(hours=1)
LATER = NOON + timedelta(seconds=30)


def _set_back(error: PlatformError, *, attempts: int = 0, dedupes_for: timedelta = NEVER) -> Delivery:
    return setback(delivery(attempts=attempts), error, at=LATER, dedupes_for=dedupes_for)


def test_a_claim_says_when_it_was_made_and_until_when_it_holds() -> None:
    """Committed before the call, so that a crash never hides a call that was made."""
    after = claimed(delivery(DeliveryState.PLANNED), NOON)

    assert (after.state, after.claimed_at, after.lease_until) == (DeliveryState.SENDING, NOON, NOON + LEASE)


def test_a_part_that_is_out_is_remembered_while_the_rest_is_sent() -> None:
    """After a crash only what is missing goes out."""
    after = progressed(progressed(delivery(), receipt(1)), receipt(2))

    assert (after.done, after.receipts) == (2, (receipt(1), receipt(2)))


def test_a_delivery_is_sent_when_every_part_is_out() -> None:
    """Nothing is left to be claimed or found overdue."""
    after = completed(delivery())

    assert (after.state, after.lease_until) == (DeliveryState.SENT, None)


def test_an_unavailable_platform_is_asked_again_when_it_said() -> None:
    """The platform knows its own limits best."""
    after = _set_back(Unavailable("flood", retry_after=timedelta(seconds=37)))

    assert (after.state, after.due_at) == (DeliveryState.PLANNED, LATER + timedelta(seconds=37))


def test_waiting_as_told_is_not_a_failed_try() -> None:
    """A town that publishes much is limited often; that is no reason to give up."""
    after = _set_back(Unavailable("flood", retry_after=timedelta(seconds=1)), attempts=MOST_ATTEMPTS - 1)

    assert (after.state, after.attempts) == (DeliveryState.PLANNED, MOST_ATTEMPTS - 1)


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 5), (1, 10), (2, 20), (4, 80)])
def test_without_advice_the_pauses_double(attempts: int, seconds: int) -> None:
    """A platform that is down is not helped by knocking."""
    after = _set_back(Unavailable("down"), attempts=attempts)

    assert (after.attempts, after.due_at) == (attempts + 1, LATER + timedelta(seconds=seconds))


@pytest.mark.parametrize("attempts", [PATIENCE, MOST_ATTEMPTS - 1])
def test_a_network_that_is_away_uses_up_no_tries(attempts: int) -> None:
    """It is asked again until the delivery expires; the last tries are kept for a call in doubt."""
    after = _set_back(Unavailable("down"), attempts=attempts)

    assert (after.state, after.attempts) == (DeliveryState.PLANNED, attempts)
    assert after.due_at - LATER <= timedelta(minutes=10)


@pytest.mark.parametrize(
    "error",
    [Rejected("too long"), Unreachable("blocked"), Moved("moved", to=Address("@new"))],
    ids=lambda error: type(error).__name__,
)
def test_a_refusal_fails_with_the_platforms_own_words(error: PlatformError) -> None:
    """Repeating it would be refused again; the note tells the operator why."""
    after = _set_back(error)

    assert (after.state, after.note) == (DeliveryState.FAILED, f"{type(error).__name__}: {error.detail}")


def test_a_refused_account_gives_its_deliveries_back() -> None:
    """Nothing was done, and nothing is wrong with the message: it goes out once the operator has cured the token."""
    after = _set_back(Unauthorised("token"))

    assert (after.state, after.attempts, after.due_at) == (DeliveryState.PLANNED, 0, NOON)


@pytest.mark.parametrize("error", [Uncertain("time-out"), Rival("409")], ids=lambda error: type(error).__name__)
def test_a_lost_answer_is_left_to_a_human(error: PlatformError) -> None:
    """Sending again could publish twice; not sending could publish nothing. Nobody but a human can look."""
    assert _set_back(error).state is DeliveryState.UNCERTAIN


def test_a_lost_answer_is_repeated_where_the_platform_recognises_the_key() -> None:
    """Then repeating is harmless: the platform answers with the message it already has."""
    assert _set_back(Uncertain("time-out"), dedupes_for=AN_HOUR).state is DeliveryState.PLANNED


def test_a_key_that_the_platform_has_forgotten_protects_nobody() -> None:
    """The limit is exclusive: at the very end of the hour the key may be gone."""
    after = lost(delivery(), at=NOON + AN_HOUR, dedupes_for=AN_HOUR)

    assert after.state is DeliveryState.UNCERTAIN


def test_an_expired_lease_is_a_lost_answer() -> None:
    """The sender died between claim and answer: the call may have been made."""
    after = lost(delivery(), at=NOON + LEASE, dedupes_for=NEVER)

    assert (after.state, after.note, after.lease_until) == (DeliveryState.UNCERTAIN, "lease expired", None)


def test_a_delivery_that_was_never_claimed_has_no_fresh_key() -> None:
    """No key was ever given to the platform."""
    after = lost(delivery(DeliveryState.PLANNED), at=NOON, dedupes_for=AN_HOUR)

    assert after.state is DeliveryState.UNCERTAIN


def test_a_recognised_key_is_repeated_as_long_as_it_is_recognised() -> None:
    """A network that answers nothing for three quarters of an hour leaves nobody in doubt; then a human looks."""
    now, tries, standing = NOON, 0, delivery()
    while standing.state is not DeliveryState.UNCERTAIN:
        standing = lost(claimed(standing, now), at=now + timedelta(seconds=30), dedupes_for=AN_HOUR)
        now, tries = max(now, standing.due_at), tries + 1

    assert now - NOON >= AN_HOUR - timedelta(minutes=11)
    assert tries > MOST_ATTEMPTS


def test_people_who_wait_go_before_campaigns_and_campaigns_before_cosmetics() -> None:
    """Smaller is sooner; no two are alike."""
    assert [urgency.name for urgency in sorted(Urgency)] == ["ANSWER", "MODERATION", "NOTICE", "CAMPAIGN", "REFRESH"]


def test_the_lease_outlives_any_call() -> None:
    """A lease that ends while its call is under way would call a sent message lost. Platforms time out in a minute."""
    assert timedelta(seconds=60) < LEASE


# ── the table as a whole ───────────────────────────────────────────────────────────────────────────────────

errors = st.one_of(
    st.builds(Unavailable, st.text(), retry_after=st.none() | st.timedeltas(NEVER, AN_HOUR)),
    st.builds(Rejected, st.text()),
    st.builds(Unauthorised, st.text()),
    st.builds(Uncertain, st.text()),
    st.builds(Rival, st.text()),
    st.builds(PlatformError, st.text()),
)


@given(errors, st.integers(0, MOST_ATTEMPTS), st.timedeltas(NEVER, AN_HOUR), st.timedeltas(NEVER, AN_HOUR))
def test_a_setback_leads_only_where_the_table_allows(
    error: PlatformError, attempts: int, passed: timedelta, dedupes_for: timedelta
) -> None:
    """And it always lets go of the lease, keeps what is out, and never moves the due time into the past."""
    before = progressed(delivery(attempts=attempts), receipt())

    after = setback(before, error, at=NOON + passed, dedupes_for=dedupes_for)

    assert after.state in TRANSITIONS[DeliveryState.SENDING]
    assert (after.lease_until, after.receipts) == (None, before.receipts)
    not_before = NOON if isinstance(error, Unauthorised) else NOON + passed
    assert after.state is not DeliveryState.PLANNED or after.due_at >= not_before


@given(errors.filter(lambda error: not isinstance(error, Unavailable | Unauthorised)), st.integers(0, MOST_ATTEMPTS))
def test_a_platform_that_never_dedupes_never_gets_a_call_twice(error: PlatformError, attempts: int) -> None:
    """Only «nothing was done» lets Parvis send again by itself."""
    assert _set_back(error, attempts=attempts).state is not DeliveryState.PLANNED


@pytest.mark.parametrize(
    ("step", "from_state"),
    [
        pytest.param(lambda before: claimed(before, NOON), DeliveryState.PLANNED, id="claimed"),
        pytest.param(completed, DeliveryState.SENDING, id="completed"),
        pytest.param(completed, DeliveryState.UNCERTAIN, id="a human says it is out"),
        pytest.param(lambda before: lost(before, at=NOON, dedupes_for=NEVER), DeliveryState.SENDING, id="lost"),
    ],
)
def test_each_step_is_a_row_of_the_table(step: Callable[[Delivery], Delivery], from_state: DeliveryState) -> None:
    """The table in the docstring, TRANSITIONS and the functions say the same."""
    assert step(delivery(from_state)).state in TRANSITIONS[from_state]


def test_every_state_has_its_row() -> None:
    """A new state must be thought through."""
    assert set(TRANSITIONS) == set(DeliveryState)


SETTLED = (
    DeliveryState.SENT,
    DeliveryState.EXPIRED,
    DeliveryState.CANCELLED,
    DeliveryState.RETRACTED,
)


@pytest.mark.parametrize("state", SETTLED)
def test_what_is_settled_is_never_sent_again(state: DeliveryState) -> None:
    """No path of the table leads back to a call."""
    reached = {state}
    for _ in DeliveryState:
        reached |= {after for before in reached for after in TRANSITIONS[before]}

    assert DeliveryState.SENDING not in reached


def test_a_call_is_recognised_from_the_first_time_it_was_perhaps_made() -> None:
    """Each new try would else renew for ever what the platform counts once."""
    first = lost(delivery(), at=NOON + LEASE, dedupes_for=AN_HOUR)
    second = claimed(first, first.due_at)

    after = lost(second, at=NOON + AN_HOUR, dedupes_for=AN_HOUR)

    assert first.doubted_at == NOON
    assert after.state is DeliveryState.UNCERTAIN


def test_what_was_perhaps_sent_is_never_called_a_failure() -> None:
    """A refusal of the second call says nothing of the first."""
    before = replace(delivery(attempts=1), doubted_at=NOON)

    after = setback(before, Rejected("gone"), at=LATER, dedupes_for=AN_HOUR)

    assert after.state is DeliveryState.UNCERTAIN


def test_an_answer_ends_the_doubt() -> None:
    """The next part is another call."""
    assert progressed(replace(delivery(), doubted_at=NOON), receipt(1)).doubted_at is None
