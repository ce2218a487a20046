"""Who is served next."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.audience import Destination
from core.delivery import Urgency
from core.identifiers import Address, DeliveryId, Locale
from delivery.line import Candidate, Line
from tests.core.examples import delivery
from tests.fakes import NOON

LATER = NOON + timedelta(seconds=5)


def _candidate(number: int, chat: str = "@square", urgency: Urgency = Urgency.CAMPAIGN) -> Candidate:
    destination = Destination(address=Address(chat), locale=Locale.FR, private=False)
    return Candidate(delivery=replace(delivery(), id=DeliveryId(number), urgency=urgency), destination=destination)


def _line(*candidates: Candidate, at_once: int = 16) -> Line:
    line = Line(at_once=at_once)
    line.refill(candidates)
    return line


def _taken(line: Line) -> list[int]:
    taken = []
    while (candidate := line.take(LATER)) is not None:
        taken.append(candidate.delivery.id)
    return [int(number) for number in taken]


def test_several_chats_are_served_at_once() -> None:
    """A slow chat holds up no other."""
    assert _taken(_line(_candidate(1, "@a"), _candidate(2, "@b"))) == [1, 2]


def test_one_chat_is_served_in_order_one_at_a_time() -> None:
    """Else the second half of a message could stand before the first."""
    line = _line(first := _candidate(1), _candidate(2))
    before = _taken(line)

    line.leave(first, again_at=None)

    assert (before, _taken(line)) == ([1], [2])


def test_no_more_chats_are_served_than_allowed() -> None:
    """A broadcast must not open ten thousand connections."""
    assert _taken(_line(*(_candidate(number, f"@{number}") for number in range(9)), at_once=3)) == [0, 1, 2]


def test_what_must_wait_holds_its_chat_until_it_has_been_served_again() -> None:
    """The third message must not stand before the second because that one was told to wait."""
    line = _line(first := _candidate(1), second := _candidate(2))
    line.take(LATER)
    line.leave(first, again_at=LATER)
    line.refill([second])
    before = _taken(line)

    line.refill([second, first])

    assert (before, _taken(line)) == ([], [1])


def test_what_is_more_urgent_overtakes_what_must_wait() -> None:
    """A notice does not wait behind a campaign."""
    line = _line(first := _candidate(1))
    line.take(LATER)
    line.leave(first, again_at=LATER)

    line.refill([_candidate(2, urgency=Urgency.NOTICE)])

    assert _taken(line) == [2]


def test_what_was_cancelled_while_it_waited_holds_nobody_up() -> None:
    """The ledger no longer counts it among those to be sent."""
    line = _line(first := _candidate(1))
    line.take(LATER)
    line.leave(first, again_at=LATER)

    line.refill([_candidate(2)], gone=line.heads)

    assert _taken(line) == [2]


def test_who_must_wait_is_not_served_before_the_time() -> None:
    """Also when the ledger, which could not be written, still says «due»."""
    line = _line(first := _candidate(1))
    line.take(NOON)
    line.leave(first, again_at=LATER)
    line.refill([first])

    early = line.take(NOON)

    assert (early, line.take(LATER)) == (None, first)


def test_the_next_instant_is_that_of_the_first_to_be_served_again() -> None:
    """What has passed already is no instant to wait for."""
    line = _line(first := _candidate(1, "@a"), second := _candidate(2, "@b"))
    _taken(line)
    line.leave(first, again_at=NOON)
    line.leave(second, again_at=LATER)

    assert (line.next_instant(NOON), line.next_instant(LATER)) == (LATER, None)


def test_a_delivery_read_again_while_it_is_served_is_not_taken_twice() -> None:
    """Even if its chat has another address by now."""
    line = _line(_candidate(1, "@old"))
    line.take(LATER)

    line.refill([_candidate(1, "@new")])

    assert _taken(line) == []


def test_nobody_without_an_address_is_mixed_up_with_another() -> None:
    """They fail one by one, under their own names."""
    nowhere = [replace(_candidate(number), destination=None) for number in (1, 2)]

    assert (nowhere[0].chat, _taken(_line(*nowhere))) == ("channel:square", [1])


@given(st.lists(st.sampled_from("abc"), max_size=20))
def test_each_chat_gets_its_messages_in_the_order_of_the_line(chats: list[str]) -> None:
    """Whoever finishes first."""
    line = _line(*(_candidate(number, chat) for number, chat in enumerate(chats)), at_once=2)
    served: dict[str, list[int]] = {}

    while (candidate := line.take(LATER)) is not None:
        served.setdefault(candidate.chat, []).append(candidate.delivery.id)
        line.leave(candidate, again_at=None)

    assert sum(map(len, served.values())) == len(chats)
    assert all(numbers == sorted(numbers) for numbers in served.values())
