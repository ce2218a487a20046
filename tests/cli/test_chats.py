"""``parvis chats``: closing and slowing down discussions at a terminal."""

from dataclasses import replace

import pytest

from app.office import Office
from core.identifiers import Address
from core.ports.store import Books
from core.purging import ask, purges, settle
from tests.cli.office import ACCOUNT, Terminal


def test_a_discussion_is_closed_slowed_down_and_opened_at_a_terminal(ready: Terminal) -> None:
    """As in chat; the list shows what holds."""
    before = ready.types("chats").out
    done = [
        ready.types("chats", "lock", "Place", "1h", "--silent").out,
        ready.types("chats", "slowmode", "place", "30s").out,
        ready.types("chats", "unlock", "place").out,
    ]

    shown = ready.types("chats").out
    assert before == "Every discussion is open.\n"
    assert done[0].startswith("place: the lock stands until ")
    assert done[0].endswith(" UTC, as soon as the network takes it; nobody is told.\n")
    assert done[1].startswith("place: the slow-mode stands, 30 s between two messages, as soon as the network takes")
    assert done[2] == "place: the lock is over, as soon as the network takes it; people there are told.\n"
    assert [line.split()[:4] for line in shown.splitlines() if line][-1] == ["place", "slow-mode", "30", "s"]


def test_the_discussion_is_the_one_that_the_network_calls_so(ready: Terminal) -> None:
    """The service asked it; the configuration may hold a name."""
    ready.remembers(_placed)

    ready.types("chats", "lock", "place")

    (sanction,) = ready.remembers(lambda office: office.store.read(lambda books: books.sanctions.all()))
    assert (sanction.account, sanction.chat) == (ACCOUNT, "-100777")
    assert "lock" in ready.types("chats").out


async def _placed(office: Office) -> None:
    channel = next(each for each in office.settings.town.channels if each.name == "place")
    fact = f"discussed:{channel.account}:{channel.discussion}"

    def work(books: Books) -> None:
        books.town.set_fact(fact, Address("-100777"))

    await office.store.write(work)


def test_messages_are_taken_out_at_a_terminal(ready: Terminal) -> None:
    """By the service; the list says what became of them."""
    before = ready.types("chats", "purged").out
    done = ready.types("chats", "purge", "place", "50", "1", "no selling").out
    ready.remembers(_purged)

    shown = ready.types("chats", "purged").out.splitlines()
    assert before == "Nothing was to be taken out.\n"
    assert done == "place: the messages will be taken out within seconds (see: parvis chats purged).\n"
    assert "under way" in next(line for line in shown if "under way" in line)
    assert "84 of 90" in "".join(shown)


async def _purged(office: Office) -> None:
    def work(books: Books) -> None:
        (first,) = purges(books, ACCOUNT)
        second = ask(books, ACCOUNT, first)
        settle(books, ACCOUNT, replace(second, gone=84, too_old=6, done_at=first.at))

    await office.store.write(work)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("lock", "jardin"), "jardin: no channel that is discussed has this name (see: parvis chats)\n"),
        (("purge", "place", "x"), "place: say first how many messages, 500 at most, or «author» and a case\n"),
        (("purge", "place", "author", "9", "1"), "place: there is no such case (see: parvis cases)\n"),
        (("unlock", "place"), "place: nothing of the kind stands there\n"),
        (("lock", "place", "2"), "place: this length of time was not understood; a year at most: 30m, 2h, 7d\n"),
        (
            ("slowmode", "place", "2h"),
            "place: say first how long everybody waits between two messages, at most 1:00:00 there: 30s, 5m\n",
        ),
    ],
    ids=["unknown", "many", "case", "open", "length", "pause"],
)
def test_what_cannot_be_is_a_sentence(ready: Terminal, words: tuple[str, ...], why: str) -> None:
    """And nothing is written."""
    done = ready.types("chats", *words)

    assert (done.code, done.err) == (1, why)
    assert ready.types("chats").out == "Every discussion is open.\n"
