"""What needs somebody, at a terminal; and whether the staff would learn of it."""

from dataclasses import replace

import pytest

from app.settings import load
from core.alert import AlertKind, Matter
from core.identifiers import DeliveryId
from core.ports.store import Books
from tests.cli.office import Terminal, remembered
from tests.core.examples import NOON

MAIL = (
    '\n[staff.email]\nhost = "127.0.0.1"\nport = 9\nsender = "a@b.example"\nto = ["c@d.example"]\nsecurity = "none"\n'
)


def _needs(books: Books) -> None:
    doubt = Matter(kind=AlertKind.DOUBT, about="occurrence:4", deliveries=(DeliveryId(41), DeliveryId(42)), private=3)
    books.alerts.save(replace(books.alerts.open(doubt, at=NOON), told_at=NOON))
    books.alerts.open(Matter(kind=AlertKind.FLOOD, about="town"), at=NOON)
    gone = books.alerts.open(Matter(kind=AlertKind.HALT, about="account:telegram"), at=NOON)
    books.alerts.save(replace(gone, over_at=NOON))


def test_what_needs_somebody_is_listed_told_or_not(ready: Terminal) -> None:
    """What is over is not."""
    empty = ready.types("alerts").out
    remembered(load(ready.config), lambda office: office.store.write(_needs))

    listed = ready.types("alerts").out

    assert empty == "Nothing needs anybody.\n"
    assert "41, 42" in listed and "not told" in listed  # noqa: PT018  one table
    assert "account:telegram" not in listed


def test_a_town_whose_staff_cannot_be_told_is_warned_when_it_is_checked(terminal: Terminal) -> None:
    """It is no mistake: such a town works."""
    done = terminal.types("check")

    assert (done.code, "[[staff.channels]]" in done.err) == (0, True)


@pytest.mark.usefixtures("socket_enabled")
def test_the_doctor_asks_the_mail_server(terminal: Terminal) -> None:
    """Nobody listens there; or there is no password."""
    config = terminal.config
    before = config.read_text(encoding="utf-8")
    config.write_text(before + MAIL, encoding="utf-8")
    away = terminal.types("doctor").out
    config.write_text(before + MAIL + 'user = "x"\npassword_file = "none"\n', encoding="utf-8")
    without = terminal.types("doctor").out

    assert "MEND  e-mail: the mail server cannot be reached" in away
    assert "MEND  e-mail:" in without
    assert "no password" in without
