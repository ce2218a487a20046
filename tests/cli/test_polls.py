"""``parvis polls`` with the networks' own polls: each count apart, hidden and unknown ones without."""

from dataclasses import replace

import pytest

from core.delivery import DeliveryState, completed, progressed
from core.identifiers import NativePollId, PollId
from core.messages import PollOpened
from core.native import NativeTally, Sighting
from core.ports.store import Books
from tests.cli.office import ACCOUNT, Terminal, leave_in_doubt
from tests.core.examples import NOON, receipt

USAGE = PollId("halle_usage")
NATIVE = NativePollId("p7")


@pytest.fixture
def asked(ready: Terminal) -> Terminal:
    """A town whose question stands in a network's own poll."""
    ready.types("campaign", "start", ready.campaign)
    ready.remembers(lambda office: office.store.write(_asked))
    return ready


def _asked(books: Books) -> None:
    (poll,) = books.polls.all()
    books.polls.open(poll.id)
    leave_in_doubt(books, message=PollOpened(poll=poll, zone="Europe/Paris"))
    (doubted,) = books.deliveries.all()
    sent = completed(progressed(doubted, replace(receipt(7), poll=NATIVE)))
    books.deliveries.save(sent, expected=DeliveryState.UNCERTAIN)


def _told(books: Books) -> None:
    (poll,) = books.polls.all()
    counts = (41, 17, *[0] * (len(poll.options) - 2))
    books.natives.see(ACCOUNT, NATIVE, Sighting(tally=NativeTally(counts=counts, voters=58), at=NOON))


def _closed(books: Books) -> None:
    books.polls.close(USAGE, at=NOON)


def test_a_count_that_the_poll_hides_is_not_listed(asked: Terminal) -> None:
    """Whoever sits at the console must not follow the crowd either."""
    asked.remembers(lambda office: office.store.write(_told))

    done = asked.types("polls")

    assert (done.out.count("hidden until"), "41" in done.out) == (2, False)


def test_the_networks_own_count_stands_apart(asked: Terminal) -> None:
    """Under the name of its network, never added to ours, and provisional while it is."""
    asked.remembers(lambda office: office.store.write(_told))
    asked.remembers(lambda office: office.store.write(_closed))

    done = asked.types("polls")

    assert [word in done.out for word in ("telegram’s own", "58", "41", "17", "provisional")] == [True] * 5


def test_a_count_that_nobody_told_is_unknown(asked: Terminal) -> None:
    """Not zero."""
    asked.remembers(lambda office: office.store.write(_closed))

    assert "unknown" in asked.types("polls").out


def test_a_poll_that_may_be_out_is_named_by_its_delivery(ready: Terminal) -> None:
    """Which says where to look: until somebody does, nobody can count its votes."""
    ready.types("campaign", "start", ready.campaign)
    ready.remembers(lambda office: office.store.write(_doubted))

    done = ready.types("polls")

    assert [word in done.out for word in ("telegram’s own", "parvis deliveries show")] == [True, True]


def _doubted(books: Books) -> None:
    (poll,) = books.polls.all()
    books.polls.open(poll.id)
    leave_in_doubt(books, message=PollOpened(poll=poll, zone="Europe/Paris"))
    (doubted,) = books.deliveries.all()
    books.deliveries.save(replace(doubted, asks=True), expected=DeliveryState.UNCERTAIN)
