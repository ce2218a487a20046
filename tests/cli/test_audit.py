"""``parvis audit``: what is done is written down, and what is changed afterwards is seen."""

import os
from collections.abc import Iterator
from contextlib import closing

import pysqlite3.dbapi2 as sqlite
import pytest

from cli.main import parvis
from core.identifiers import DeliveryId
from tests.cli.office import Terminal, leave_in_doubt
from tests.cli.test_staff import staffed
from tests.test_documentation import TERMINAL

__all__ = ["staffed"]

CHANGES: dict[str, tuple[str, ...]] = {
    "hold": ("why",),
    "release": (),
    "freeze": ("why", "--by", "A"),
    "thaw": (),
    "late release": ("--all",),
    "campaign start": ("campaigns/samples/halle/halle.toml",),
    "campaign update": ("campaigns/samples/halle/halle.toml",),
    "campaign submit": ("campaigns/samples/halle/halle.toml",),
    "campaign approve": ("1-c0ffee",),
    "campaign reject": ("1-c0ffee", "why"),
    "campaign withdraw": ("halle",),
    "campaign move": ("1", "2027-03-02T18:00"),
    "campaign skip": ("1",),
    "campaign cancel": ("halle",),
    "deliveries settle": ("1", "--out"),
    "correct": ("halle", "announce-annonce"),
    "erratum": ("halle", "announce-annonce", "--fr", "a", "--en", "a"),
    "retract": ("halle", "announce-annonce", "--fr", "a", "--en", "a"),
    "unpin": ("halle", "announce-annonce"),
    "replies move": ("1", "answered"),
    "cases restore": ("1",),
    "cases take": ("1",),
    "cases note": ("1", "a"),
    "cases reason": ("1", "a"),
    "cases warn": ("1", "1"),
    "cases remove": ("1", "1"),
    "cases keep": ("1",),
    "cases mute": ("1", "2h"),
    "cases ban": ("1", "2d"),
    "cases second": ("1",),
    "cases unmute": ("1",),
    "cases unban": ("1",),
    "cases limit": ("1", "2d"),
    "cases unlimit": ("1",),
    "cases suspend": ("1",),
    "cases unsuspend": ("1",),
    "cases appeal": ("1", "a"),
    "cases accept": ("1",),
    "cases refuse": ("1", "a"),
    "chats lock": ("place",),
    "chats unlock": ("place",),
    "chats purge": ("place", "50", "1"),
    "chats slowmode": ("place", "30s"),
    "rules replay": (),
    "quarantine retry": (),
    "staff token": ("amartin",),
}
LOOKS = {
    *("demo", "check", "doctor", "run", "frozen", "deliveries", "deliveries show", "polls", "replies", "cases"),
    *(
        "cases show",
        "chats",
        "chats purged",
        "quarantine",
        "staff",
        "audit",
        "import",
        "late",
        "rehearse",
        "calendar",
        "calendar export",
    ),
    "rules history",
    *("feeds", "feeds check", "alerts", "copies", "campaign test", "rules test", "rules page", "report moderation"),
    *(f"campaign {each}" for each in ("show", "plan", "check", "review", "findings", "occurrences", "list")),
}
MACHINE = {"backup", "restore", "keys backup", "keys restore", "database upgrade"}


def did(terminal: Terminal) -> list[list[str]]:
    """Who, act and about, the oldest first."""
    rows = [line.split() for line in terminal.types("audit").out.splitlines()[3:]]
    return [row[3:6] for row in reversed(rows) if row and row[0].isdecimal()]


def test_it_is_known_of_every_command_whether_it_asks_who_you_are() -> None:
    """A new one is sorted in here, or fails."""
    assert {name.removeprefix("parvis ") for name in TERMINAL} == {*CHANGES, *LOOKS, *MACHINE}
    assert parvis.name == "parvis"


def test_what_changes_something_is_refused_to_whoever_shows_no_token(staffed: Terminal) -> None:
    """And leaves nothing in the log."""
    leave = [(staffed.types(*name.split(), *words), name) for name, words in _after_the_first_token(staffed)]

    assert [(name, done.err) for done, name in leave if "you have shown no token" not in done.err] == []
    assert [each[1] for each in did(staffed)] == ["give-token"]


def _after_the_first_token(staffed: Terminal) -> Iterator[tuple[str, tuple[str, ...]]]:
    staffed.remembers(lambda office: office.store.write(leave_in_doubt))
    assert staffed.types("staff", "token", "bpetit").code == 0
    for name, words in CHANGES.items():
        yield name, tuple(str(staffed.folder / word) if word.endswith(".toml") else word for word in words)


def test_what_is_done_is_written_down_with_who_did_it(staffed: Terminal) -> None:
    """In the order in which it was done; what did nothing is not."""
    os.environ["PARVIS_TOKEN"] = staffed.types("staff", "token", "bpetit").out.strip()
    os.environ["PARVIS_TOKEN"] = staffed.types("staff", "token", "amartin").out.strip()
    staffed.remembers(lambda office: office.store.write(leave_in_doubt))
    number = staffed.remembers(lambda office: office.store.read(lambda books: books.deliveries.all()))[0].id
    for words in (
        ("hold", "why"),
        ("release",),
        ("release",),
        ("freeze", "why", "--by", "A"),
        ("thaw",),
        ("thaw",),
        ("deliveries", "settle", str(number), "--out"),
    ):
        staffed.types(*words)

    assert did(staffed) == [
        ["console", "give-token", "staff:bpetit"],
        ["bpetit", "give-token", "staff:amartin"],
        ["amartin", "hold", "town"],
        ["amartin", "release", "town"],
        ["amartin", "freeze", "town"],
        ["amartin", "thaw", "town"],
        ["amartin", "settle", f"delivery:{DeliveryId(number)}"],
    ]


def test_a_log_that_nobody_touched_is_whole(ready: Terminal) -> None:
    """Also an empty one."""
    before = ready.types("audit", "--verify").out
    ready.types("hold", "why")
    after = ready.types("audit", "--verify")

    assert before == "0 entries, each as it was written\n"
    assert (after.code, after.out.startswith("1 entries, each as it was written; the last is 1: ")) == (0, True)


@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE audit SET who = 'somebody' WHERE id = 2",
        "DELETE FROM audit WHERE id = 2",
        "UPDATE audit SET id = 9 WHERE id = 2",
    ],
    ids=["changed", "taken out", "put elsewhere"],
)
def test_a_log_that_somebody_changed_is_not(ready: Terminal, tamper: str) -> None:
    """With the place where it breaks."""
    for _ in range(3):
        ready.types("hold", "why")
    with closing(sqlite.connect(str(ready.folder / "var" / "parvis.db"), isolation_level=None)) as connection:
        connection.execute(tamper)

    seen = ready.types("audit", "--verify")

    assert (seen.code, seen.out.startswith("BROKEN at entry ")) == (3, True)
    assert "1 before it hold" in seen.out
