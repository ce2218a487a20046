"""``parvis cases``: what moderators do about a case at a terminal."""

import json
from dataclasses import asdict

import pytest

from app.office import Office
from app.settings import load
from core.appealing import lodge
from core.casefile import decided
from core.identifiers import Address, MessageId, PersonRef
from core.moderation import CaseState, Evidence
from core.ports.store import Books
from core.staff import SERVICE, Act
from core.wording import Wording
from tests.cli.office import ACCOUNT, Terminal, remembered
from tests.core.examples import NOON


@pytest.fixture
def busy(ready: Terminal) -> Terminal:
    """A town that removed a message."""
    remembered(load(ready.folder / "config.toml"), _live)
    return ready


async def _live(office: Office) -> None:
    said = Evidence(author="telegram:1", name="Jeanne", text="Bande de crétins", rule=Wording(fr="Non.", en="No."))
    sealed = office.vault.seal(json.dumps(asdict(said)))
    author = office.vault.blind(PersonRef(said.author))
    await office.store.write(lambda books: _fill(books, sealed, author))


def _fill(books: Books, sealed: bytes, author: bytes) -> None:
    books.cases.open(
        article="1",
        charter="2026-11",
        account=ACCOUNT,
        chat=Address("-1001"),
        message=MessageId("9"),
        author=author,
        sealed=sealed,
        state=CaseState.REMOVED,
        at=NOON,
    )


def test_a_moderator_works_on_a_case_at_a_terminal(busy: Terminal) -> None:
    """By the commands of the chat; the file shows each."""
    done = [
        busy.types("cases", "take", "1").out,
        busy.types("cases", "note", "1", "spoke", "to her").out,
        busy.types("cases", "reason", "1", "no names").out,
        busy.types("cases", "warn", "1", "please").out,
    ]
    twice = busy.types("cases", "warn", "1", "--silent")

    shown = busy.types("cases", "show", "1").out
    assert [line.split(": ", 1)[0] for line in done] == ["Case 1"] * 4
    assert done[3] == "Case 1: the warning counts, and its author is told.\n"
    assert twice.err == "case 1: its author was warned for it already\n"
    assert "console note-case: spoke to her\n" in shown
    assert "console explain-case: please\n" in shown


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("note", "99", "x"), "case 99: there is no such case (see: parvis cases)\n"),
        (("limit", "1", "7d", "1"), "case 1: that network does not have it, or another account keeps order there\n"),
        (("remove", "1"), "case 1: that is settled already, or a removal is under way\n"),
    ],
    ids=["unknown", "no server of ours", "removed"],
)
def test_what_a_moderator_cannot_do_is_a_sentence(busy: Terminal, words: tuple[str, ...], why: str) -> None:
    """And nothing is written."""
    done = busy.types("cases", *words)

    assert (done.code, done.err) == (1, why)


def test_an_appeal_is_decided_at_a_terminal(busy: Terminal) -> None:
    """Where nobody is named, whoever is at the machine decides."""
    remembered(load(busy.folder / "config.toml"), _appealed)

    done = [busy.types("cases", "accept", "1", "a name").out, busy.types("cases", "refuse", "1", "no").err]

    assert done[0] == "Case 1: the appeal is accepted, and what was decided is undone, and its author is told.\n"
    assert done[1] == "case 1: no appeal waits there, or the removal is still under way\n"


def test_an_appeal_that_came_by_mail_runs_the_same_course(busy: Terminal) -> None:
    """Whoever is banned on Discord cannot write to the bot: an officer writes it down, and answers by mail."""
    remembered(load(busy.folder / "config.toml"), _decided)

    said = [
        busy.types("cases", "appeal", "1", "a", "name").out,
        busy.types("cases", "appeal", "1", "again").err,
        busy.types("cases", "appeal", "1", " ").err,
        busy.types("cases", "appeal", "99", "a name").err,
        busy.types("cases", "accept", "1").out,
    ]

    assert said[0].startswith("Case 1: the appeal is lodged. Tell its author, by mail, that somebody answers by 20")
    assert [each.split(":")[0] for each in said[1:4]] == ["case 1", "case 1", "case 99"]
    assert said[4].endswith("They appealed by mail: answer them so as well.\n")
    assert "citizen appeal: a name\n" in busy.types("cases", "show", "1").out


async def _decided(office: Office) -> None:
    await office.store.write(_decide)


def _decide(books: Books) -> None:
    (case,) = books.cases.all()
    decided(books, case, Act.REMOVE_MESSAGE, by=SERVICE, at=NOON)


async def _appealed(office: Office) -> None:
    await office.store.write(lambda books: _appeal(office, books))


def _appeal(office: Office, books: Books) -> None:
    (case,) = books.cases.all()
    decided(books, case, Act.REMOVE_MESSAGE, by=SERVICE, at=NOON)
    lodge(books, office.vault, case, "a name", at=NOON)


def test_a_ban_for_ever_takes_two_also_at_a_terminal(busy: Terminal) -> None:
    """A town with one person bans for a year at most; the list shows what is proposed."""
    done = busy.types("cases", "ban", "1", "enough").out

    refused, shown = busy.types("cases", "second", "1"), busy.types("cases").out
    assert done == (
        "Case 1: the ban for ever is proposed; another person decides within a week (parvis cases second 1).\n"
    )
    assert (refused.code, refused.err) == (1, "case 1: another person must second it than who proposed it\n")
    assert "a ban for ever is proposed: parvis cases second" in shown
