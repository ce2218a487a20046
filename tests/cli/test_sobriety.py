"""Sober mode at a terminal: who and why, what waits, one by one or all at once."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from core.delivery import Urgency
from core.identifiers import CampaignId
from core.ports.store import Books
from tests.cli.office import ACCOUNT, PLACE, THANKS, Terminal


def _plan(terminal: Terminal, *, of: str | None = None) -> None:
    now = datetime.now(UTC)

    def plan(books: Books) -> None:
        steps = books.campaigns.occurrences(CampaignId(of)) if of is not None else ()
        for step, (due, expires) in enumerate(((-2, -1), (-1, 1), (1, 2))):
            books.deliveries.plan(
                occurrence=steps[step].id if steps else None,
                message=THANKS,
                recipients=[(ACCOUNT, PLACE)],
                urgency=Urgency.CAMPAIGN,
                due_at=now + timedelta(hours=due),
                expires_at=now + timedelta(hours=expires),
            )

    terminal.remembers(lambda office: office.store.write(plan))


def test_a_sober_town_says_so_why_and_by_whom_whatever_is_asked(ready: Terminal) -> None:
    """Also after a restart: it is in the town's memory."""
    ready.types("freeze", "national mourning", "--by", "A. Martin")

    done = ready.types("deliveries")

    said = r"SOBER since [\d: -]+: national mourning \(by A\. Martin\); nothing planned goes out, people are answered\n"
    assert re.fullmatch(said, done.err)
    assert ready.types("doctor", "--offline").out.count("SOBER since") == 1


@pytest.mark.parametrize("words", [("", "--by", "A. Martin"), ("mourning", "--by", " "), ("mourning",)])
def test_nobody_silences_a_town_without_name_and_reason(ready: Terminal, words: tuple[str, ...]) -> None:
    """Whoever finds it silent tomorrow must know whom to ask."""
    assert ready.types("freeze", *words).code == 2
    assert ready.types("thaw").out == "The town was not sober.\n"


def test_what_waits_is_shown_with_what_time_has_done_to_it(ready: Terminal) -> None:
    """So that an officer can choose."""
    _plan(ready)
    before = ready.types("frozen").out
    ready.types("freeze", "mourning", "--by", "A. Martin")

    rows = [line.split() for line in ready.types("frozen").out.splitlines() if re.match(r"\W*\d", line)]

    assert before == "Nothing is frozen.\n"
    assert [("late" in row, "too" in row) for row in rows] == [(False, False), (True, False), (True, True)]


def test_deliveries_are_let_out_by_their_numbers(ready: Terminal) -> None:
    """What is too late is named, and the answer is no."""
    _plan(ready)
    ready.types("freeze", "mourning", "--by", "A. Martin")

    done = ready.types("thaw", "2", "1")

    assert (done.code, done.out) == (1, "Delivery 2 goes out.\nDelivery 1 is not planned, or is too late.\n")
    assert ready.types("thaw", "3").code == 0


def test_the_town_speaks_again(ready: Terminal) -> None:
    """Whoever ends the silence is told why it was."""
    ready.types("freeze", "mourning", "--by", "A. Martin")

    done = ready.types("thaw")

    assert (done.code, done.out) == (0, "Thawed (was sober: mourning (by A. Martin)).\n")


def test_what_waits_of_a_campaign_is_let_out_and_the_town_stays_sober(ready: Terminal) -> None:
    """The ceremony is announced; everything else is silent."""
    ready.types("campaign", "start", ready.campaign)
    _plan(ready, of="halle")
    ready.types("freeze", "mourning", "--by", "A. Martin")

    done = ready.types("thaw", "--campaign", "halle")

    assert (done.code, done.out, "SOBER since" in done.err) == (0, "Of campaign halle go out: 2\n", True)
    assert ready.types("frozen").out.count("thanks") == 1  # the one that is too late
    assert ready.types("thaw", "--campaign", "halle", "2").code == 2
