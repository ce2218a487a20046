"""The life of a submission: who may approve it, when, and what ends it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.identifiers import MemberKey, ReviewId
from core.review import (
    ALONE_WAITS,
    TRANSITIONS,
    NotReviewed,
    Reason,
    Review,
    ReviewState,
    approved,
    ended,
    number_in,
)
from core.staff import Approval
from tests.core.examples import NOON, campaign
from tests.core.test_staff import ANNE, BASILE, CHLOE, staff

LATER = NOON + timedelta(hours=1)


def review(**changes: object) -> Review:
    """Anne's submission."""
    plain = Review(id=ReviewId(3), campaign=campaign(), content="c0ffee" + 58 * "0", by=ANNE, at=NOON)
    return replace(plain, **changes)  # type: ignore[arg-type]  # each by its name


def test_another_officer_approves_and_nothing_waits() -> None:
    """Two people saw it."""
    done = approved(review(), staff(), BASILE, LATER)

    assert (done.state, done.decided_by, done.ripe_at, done.alone) == (ReviewState.APPROVED, BASILE, LATER, False)


def test_who_approves_alone_waits_ten_minutes() -> None:
    """To think again; the log says that nobody else saw it."""
    done = approved(review(), staff(Approval.SOLO), ANNE, LATER)

    assert (done.ripe_at, done.alone) == (LATER + ALONE_WAITS, True)
    assert timedelta(minutes=10) == ALONE_WAITS


@pytest.mark.parametrize(
    ("submitted", "who", "reason"),
    [
        (review(), ANNE, Reason.ONE_S_OWN),
        (review(), CHLOE, Reason.NOT_ALLOWED),
        (review(), MemberKey("gone"), Reason.NOT_ALLOWED),
        (review(blocking=1), BASILE, Reason.BLOCKED),
        (review(state=ReviewState.WITHDRAWN), BASILE, Reason.SETTLED),
        (review(state=ReviewState.APPROVED), BASILE, Reason.SETTLED),
    ],
    ids=["oneself", "moderator", "nobody", "blocked", "withdrawn", "approved before"],
)
def test_nothing_else_is_an_approval(submitted: Review, who: MemberKey, reason: Reason) -> None:
    """Each refusal has its reason."""
    with pytest.raises(NotReviewed) as refused:
        approved(submitted, staff(), who, LATER)

    assert refused.value.reason is reason


@pytest.mark.parametrize("state", [ReviewState.REJECTED, ReviewState.WITHDRAWN])
def test_what_waits_can_be_sent_or_taken_back(state: ReviewState) -> None:
    """With who did so, and why."""
    done = ended(review(), state, BASILE, LATER, why="the market is on Saturday")

    assert (done.state, done.decided_by, done.why) == (state, BASILE, "the market is on Saturday")


def test_who_approved_is_remembered_once_it_is_scheduled() -> None:
    """The service schedules; it does not decide."""
    agreed = approved(review(), staff(), BASILE, LATER)

    done = ended(agreed, ReviewState.SCHEDULED, MemberKey("service"), LATER)

    assert (done.state, done.decided_by) == (ReviewState.SCHEDULED, BASILE)


def test_what_was_not_approved_is_never_scheduled() -> None:
    """Nor is anything decided twice."""
    ways = {(old, new) for old in ReviewState for new in ReviewState if new in TRANSITIONS[old]}

    assert {old for old, new in ways if new is ReviewState.SCHEDULED} == {ReviewState.APPROVED}
    for old in ReviewState:
        for new in set(ReviewState) - TRANSITIONS[old] - {ReviewState.REVIEW, ReviewState.APPROVED}:
            with pytest.raises(NotReviewed):
                ended(review(state=old), new, BASILE, LATER)


def test_only_what_waits_is_live() -> None:
    """Another submission ends it."""
    assert [state for state in ReviewState if review(state=state).is_live] == [
        ReviewState.REVIEW,
        ReviewState.APPROVED,
    ]


def test_a_code_names_one_submission_and_shows_its_content() -> None:
    """Whoever prepared two texts with the same beginning of a digest still needs two numbers."""
    assert review().code == "3-c0ffee"
    assert number_in("3-c0ffee") == ReviewId(3)
    assert [number_in(code) for code in ("", "3", "c0ffee", "0-c0ffee", "3-C0FFEE", f"{'9' * 19}-c0ffee")] == [None] * 6
