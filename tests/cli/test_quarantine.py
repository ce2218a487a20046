"""``parvis quarantine``: what could not be dealt with is seen, and dealt with once the fault is repaired."""

import pytest

from app.office import Office
from core.identifiers import AccountName
from core.ports.books.inbox import TOLD, Intake
from core.ports.platform import Cursor, Update
from core.ports.store import Books
from tests.cli.office import Terminal
from tests.core.examples import NOON

ACCOUNT = AccountName("telegram")
BODY = '{"update_id": 7, "message": {"text": "de Jeanne"}}'


@pytest.fixture
def troubled(ready: Terminal) -> Terminal:
    """A town that set two updates aside: nobody could read the first, the author of the second was told."""
    ready.remembers(_set_aside)
    return ready


def test_what_is_set_aside_is_listed_without_what_it_says(troubled: Terminal) -> None:
    """The reason is for whoever repairs; the words are nobody's business."""
    done = troubled.types("quarantine")

    assert [word in done.out for word in ("Unreadable at inbound.py:9", TOLD, "Jeanne")] == [True, True, False]


def test_a_list_of_nothing_is_a_sentence(ready: Terminal) -> None:
    """Most towns never see anything else."""
    assert ready.types("quarantine").out == "Nothing is set aside.\n"


def test_the_doctor_warns_of_what_is_set_aside(troubled: Terminal) -> None:
    """Nobody reads the log every day."""
    done = troubled.types("doctor", "--offline")

    assert (done.code, "2 set aside because of a fault" in done.out) == (3, True)


@pytest.mark.parametrize("named", [("1",), ()], ids=["named", "all"])
def test_an_update_put_back_waits_for_the_service(troubled: Terminal, named: tuple[str, ...]) -> None:
    """As it came; without a number, all that may still be dealt with."""
    done = troubled.types("quarantine", "retry", *named)

    waiting = troubled.remembers(_waiting)
    assert (done.code, done.out.split(".")[0]) == (0, "Put back: 1")
    assert [(intake.number, intake.body.decode(), intake.at) for intake in waiting] == [(7, BODY, NOON)]


@pytest.mark.parametrize(
    ("number", "why"),
    [("2", "update 2 stays aside: its author was told"), ("99", "nothing is set aside under the number 99 (see: ")],
    ids=["whose author was told", "that is not there"],
)
def test_an_update_that_must_not_be_put_back_keeps_the_others_aside(troubled: Terminal, number: str, why: str) -> None:
    """Who was told that nothing is recorded may have changed their mind; and a slip of the hand does nothing."""
    done = troubled.types("quarantine", "retry", "1", number)

    assert (done.code, done.err.startswith(why), troubled.remembers(_waiting)) == (1, True, ())


async def _set_aside(office: Office) -> None:
    unread, told = Update(7, BODY.encode()), Update(8, b"{}")

    def work(books: Books) -> None:
        first, second = books.inbox.take_in(ACCOUNT, [unread, told], cursor=Cursor(9), at=NOON)
        books.inbox.quarantine(first, sealed=office.vault.seal(BODY), reason="Unreadable at inbound.py:9")
        books.inbox.quarantine(second, sealed=office.vault.seal("{}"), reason=f"{TOLD}KeyError at polls.py:3")

    await office.store.write(work)


async def _waiting(office: Office) -> tuple[Intake, ...]:
    return await office.store.read(lambda books: books.inbox.pending(ACCOUNT, limit=9))
