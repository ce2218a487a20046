"""What an order makes of what is out, and how long it is tried."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.correction import (
    Amendment,
    AmendmentState,
    CorrectionKind,
    Order,
    erred,
    put_off,
    reads_now,
    title_of,
)
from core.delivery import MOST_ATTEMPTS, PATIENCE, Urgency
from core.errors import Unavailable, Uncertain
from core.identifiers import AccountName, CorrectionId, DeliveryId, OccurrenceId
from core.messages import AnnouncementPublished, Delivered, FollowUp, PollOpened, Withdrawn
from core.wording import Wording
from tests.core.examples import NOON, announcement, poll, words

SAID = AnnouncementPublished(announcement=announcement())
OTHERWISE = replace(announcement(), title=words("The new footbridge"))


def amendment(attempts: int) -> Amendment:
    """One that is being made."""
    return Amendment(
        correction=CorrectionId(1),
        delivery=DeliveryId(1),
        account=AccountName("telegram"),
        urgency=Urgency.CAMPAIGN,
        due_at=NOON,
        state=AmendmentState.MAKING,
        attempts=attempts,
    )


def order(kind: CorrectionKind) -> Order:
    """An order for the same occurrence, with other words."""
    return Order(kind=kind, occurrence=OccurrenceId(1), by="anne", at=NOON, due_at=NOON, words=OTHERWISE)


@pytest.mark.parametrize("error", [Unavailable("no route"), Uncertain("no answer")], ids=["away", "no answer"])
@pytest.mark.parametrize("attempts", [PATIENCE, MOST_ATTEMPTS])
def test_a_network_that_is_away_is_never_given_up(error: Unavailable | Uncertain, attempts: int) -> None:
    """Its calls may all be made again, for hours if need be."""
    after = put_off(amendment(attempts), error, at=NOON)

    assert (after.state, after.attempts) == (AmendmentState.PLANNED, attempts)
    assert after.due_at - NOON <= timedelta(minutes=10)


def test_a_fault_of_ours_is_given_up_after_some_tries() -> None:
    """It will not mend itself; its name is kept, and nothing of what it says."""
    after = erred(amendment(MOST_ATTEMPTS - 1), KeyError("private"), at=NOON)

    assert (after.state, after.note) == (AmendmentState.REFUSED, "a fault of Parvis itself: KeyError")


@pytest.mark.parametrize(
    ("message", "title"),
    [
        (SAID, announcement().title),
        (FollowUp(poll=poll(), announcement=announcement()), announcement().title),
        (PollOpened(poll=poll(), zone="Europe/Paris"), poll().question),
        (Withdrawn(why=words("Reason")), None),
    ],
    ids=["announcement", "follow-up", "poll", "nothing of the sort"],
)
def test_a_message_is_about_what_it_says_or_asks(message: Delivered, title: Wording | None) -> None:
    """An erratum names it, in place of a link."""
    assert title_of(message) == title


@pytest.mark.parametrize("kind", [CorrectionKind.AMEND, CorrectionKind.ERRATUM, CorrectionKind.END])
def test_a_question_never_reads_otherwise(kind: CorrectionKind) -> None:
    """People answered it as it was asked."""
    asked = PollOpened(poll=poll(), zone="Europe/Paris")

    assert reads_now(asked, [order(kind)], zone="Europe/Paris") == asked


def test_a_correction_of_the_same_words_marks_nothing_as_corrected() -> None:
    """Only what was changed says so."""
    same = replace(order(CorrectionKind.AMEND), words=announcement())

    assert reads_now(SAID, [same], zone="Europe/Paris") == SAID
