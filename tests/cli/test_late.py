"""``parvis late``: what fell due during an outage, and an officer's choice."""

from datetime import UTC, datetime, timedelta

from campaigns.catching_up import late, notice
from core.identifiers import CampaignId
from core.ports.store import Books
from tests.cli.office import Terminal
from tests.cli.test_audit import did

HALLE = CampaignId("halle")


def _sleeps(books: Books) -> None:
    """The service looked five hours ago; the first step was due three hours ago, the second one two days ago."""
    now = datetime.now(UTC)
    notice(now - timedelta(days=3), books)
    first, second, *_ = books.campaigns.occurrences(HALLE)
    books.campaigns.move(first.id, now - timedelta(hours=3), by_hand=False)
    books.campaigns.move(second.id, now - timedelta(days=2), by_hand=False)
    notice(now, books)


def _late(terminal: Terminal) -> list[int]:
    def look(books: Books) -> list[int]:
        return [each.id for each in late(datetime.now(UTC), books)]

    return terminal.remembers(lambda office: office.store.read(look))


def test_what_is_late_is_listed_with_what_becomes_of_it(ready: Terminal) -> None:
    """And every command says that something waits."""
    ready.types("campaign", "start", ready.campaign)
    before = ready.types("late")
    ready.remembers(lambda office: office.store.write(_sleeps))
    newest, perished = _late(ready)

    listed = ready.types("late")

    rows = [line.split() for line in listed.out.splitlines()]
    assert before.out == "Nothing is late.\n"
    assert [" ".join(row[7:]) for row in rows if row and row[0] == str(newest)] == ["waits for an officer"]
    assert [" ".join(row[7:]) for row in rows if row and row[0] == str(perished)] == ["too late"]
    assert listed.err == "LATE: 2 steps fell due during an outage\n"


def test_an_officer_lets_some_of_it_go_out(ready: Terminal) -> None:
    """Each choice is in the log; a number that is not late is refused."""
    ready.types("campaign", "start", ready.campaign)
    nothing = ready.types("late", "release", "--all")
    ready.remembers(lambda office: office.store.write(_sleeps))
    newest, _ = _late(ready)

    done = ready.types("late", "release", str(newest), "999")
    everything = ready.types("late", "release", "--all")

    assert (nothing.code, nothing.out) == (0, "Nothing is late.\n")
    assert (done.code, done.out) == (1, f"Occurrence {newest} goes out in turn.\nOccurrence 999 is not late.\n")
    assert everything.code == 0
    assert did(ready).count(["console", "catch-up", f"occurrence:{newest}"]) == 2
    assert ready.types("late", "release").code == 2
