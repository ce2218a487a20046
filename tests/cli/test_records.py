"""``parvis deliveries``, ``polls``, ``replies``, ``cases``: looking at what happened, and acting on it."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from app.campaigns import start
from app.office import Office
from app.settings import load
from core.audience import Recipient, RecipientKind
from core.case_messages import MessageRestored
from core.delivery import DeliveryState, Urgency
from core.identifiers import Address, CampaignId, CaseNumber, DeliveryId, IntakeId, MessageId, PollId, VoterKey
from core.messages import AnnouncementPublished
from core.moderation import CaseState, Evidence
from core.poll import Choose, Vote
from core.ports.store import Books
from tests.cli.office import ACCOUNT, HALLE, LOST, Terminal, leave_in_doubt, remembered
from tests.core.examples import NOON, TELEGRAM

SQUARE = Address("-1001")
USAGE = PollId("halle_usage")
ESCAPE = "\x1b[2J\x1b[31m\u202e"
PLACE = Recipient(RecipientKind.CHANNEL, "place")


@pytest.fixture(scope="module")
def lived_in(made_ready: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a town with an uncertain delivery, a reply, a case and a vote, to be copied."""
    folder = shutil.copytree(made_ready, tmp_path_factory.mktemp("busy"), dirs_exist_ok=True)
    remembered(load(folder / "config.toml"), partial(_live, campaign=folder / HALLE))
    return folder


@pytest.fixture
def busy(terminal: Terminal, lived_in: Path) -> Terminal:
    """That town."""
    shutil.copytree(lived_in, terminal.folder, dirs_exist_ok=True)
    return terminal


def test_an_empty_town_has_nothing_to_show(ready: Terminal) -> None:
    """Sentences, not empty tables."""
    shown = [ready.types(name).out for name in ("deliveries", "polls", "replies", "cases")]

    assert shown == ["Nothing was planned yet.\n", "No poll yet.\n", "No reply yet.\n", "No case yet.\n"]


@pytest.fixture
def narrow() -> Iterator[None]:
    """A terminal of eighty columns."""
    before = dict(os.environ)
    os.environ["COLUMNS"] = "80"
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("name", ["deliveries", "polls", "replies", "cases"])
def test_tables_fit_a_terminal_of_eighty_columns(busy: Terminal, name: str) -> None:
    """Consoles of servers are narrow."""
    done = busy.types(name)

    assert max(map(len, done.out.splitlines())) <= 80


def test_what_nobody_knows_is_shown(busy: Terminal) -> None:
    """An uncertain delivery waits for a human, who must see it."""
    done = busy.types("deliveries", "--state", "uncertain")

    assert "1 uncertain" in done.out
    assert re.search(rf"^ *1 +uncertain .* thanks +place +0/1 +{LOST[:15]}.*{LOST[-5:]}$", done.out, re.MULTILINE)


@pytest.mark.usefixtures("narrow")
def test_a_narrow_terminal_leaves_nothing_out(busy: Terminal) -> None:
    """What is cut off is what had to be read."""
    done = busy.types("deliveries")

    assert ("…" in done.out, "ServerDisconnectedError" in "".join(done.out.split())) == (False, True)


def test_an_uncertain_delivery_says_where_to_look_and_for_what(busy: Terminal) -> None:
    """Whoever decides must not guess."""
    done = busy.types("deliveries", "show", "1")

    assert done.out.splitlines() == [
        "Delivery 1: thanks, uncertain",
        "to        place (@valmont, with telegram)",
        "due       2027-03-01 13:00, until 2027-03-01 14:00",
        "parts     0 of 1 are out",
        "next      part 1: sendMessage: Vous avez répondu, voici la suite",
        f"note      {LOST}",
        "",
        "Look in place whether that part is there, once, then say what you saw:",
        "it is there:  parvis deliveries settle 1 --out",
        "it is not:    parvis deliveries settle 1 --again",
    ]


def test_a_delivery_of_a_campaign_names_it_with_its_step(busy: Terminal) -> None:
    """The place in the plan that somebody approved."""
    busy.remembers(lambda office: office.store.write(_announce))

    done = busy.types("deliveries", "show", "2")

    assert "campaign  halle, step announce-annonce\n" in done.out
    assert "next      part 1: sendPhoto: " in done.out


@pytest.mark.parametrize(("kind", "name"), [(RecipientKind.CITIZEN, "5"), (RecipientKind.PERSON, "fr:1")])
def test_nobody_is_sent_to_look_into_a_private_chat(busy: Terminal, kind: RecipientKind, name: str) -> None:
    """And nobody is named."""
    busy.remembers(lambda office: office.store.write(lambda books: leave_in_doubt(books, Recipient(kind, name))))

    done = busy.types("deliveries", "show", "2")

    assert f"to        {kind.value} (with telegram)" in done.out
    assert "Nobody can look into a private chat" in done.out


@pytest.mark.parametrize("words", [("show", "9"), ("settle", "9", "--out"), ("settle", "9", "--again")], ids=" ".join)
def test_a_number_that_nobody_has_is_said_to_be_unknown(busy: Terminal, words: tuple[str, ...]) -> None:
    """A slip of the hand, not a decision that was taken before."""
    done = busy.types("deliveries", *words)

    assert (done.code, "there is no delivery 9 (see: parvis deliveries)" in done.err) == (1, True)


def test_deliveries_can_be_listed_by_campaign(busy: Terminal) -> None:
    """What a campaign sent, and nothing else."""
    assert busy.types("deliveries", "--campaign", "halle").out == "Nothing was planned yet.\n"


@pytest.mark.parametrize(
    ("choice", "state", "follows"),
    [
        ("--out", DeliveryState.SENT, "Delivery 1 counts as sent.\n"),
        (
            "--again",
            DeliveryState.PLANNED,
            "Delivery 1 is planned again, whole: a running service sends it at once",
        ),
    ],
    ids=["out", "again"],
)
def test_an_uncertain_delivery_is_settled_by_who_looked(
    busy: Terminal, choice: str, state: DeliveryState, follows: str
) -> None:
    """It is never sent again without being asked, and what follows is said."""
    done = busy.types("deliveries", "settle", "1", choice)

    assert done.out.startswith(follows)
    assert f"1 {state.value}" in busy.types("deliveries").out


def test_settling_says_what_was_seen(busy: Terminal) -> None:
    """There is no safe default."""
    done = busy.types("deliveries", "settle", "1")

    assert (done.code, "say --out or --again" in done.err) == (2, True)


def test_what_is_not_uncertain_is_not_settled(busy: Terminal) -> None:
    """Two officers looked, or a slip of the hand: it must not send anything."""
    busy.types("deliveries", "settle", "1", "--out")

    again = busy.types("deliveries", "settle", "1", "--again")
    out = busy.types("deliveries", "settle", "1", "--out")

    assert (again.code, "is sent, neither uncertain nor failed" in again.err) == (1, True)
    assert (out.code, "is sent, not uncertain" in out.err) == (1, True)


def test_the_parts_that_remain_are_named(busy: Terminal) -> None:
    """The pictures were in doubt; the words follow them."""
    busy.remembers(lambda office: office.store.write(lambda books: leave_in_doubt(books, parts=2)))

    done = busy.types("deliveries", "settle", "2", "--out")

    assert "Delivery 2 is planned again, from part 2 of 2 on" in done.out


def test_nothing_of_a_cancelled_campaign_is_sent_again(busy: Terminal) -> None:
    """It is said, rather than planned and dropped."""
    busy.remembers(lambda office: office.store.write(_announce))
    busy.types("campaign", "cancel", "halle")

    again = busy.types("deliveries", "settle", "2", "--again")
    out = busy.types("deliveries", "settle", "2", "--out")

    assert (again.code, "of a campaign that was cancelled: it is not sent again" in again.err) == (1, True)
    assert "the campaign was cancelled, and the rest is not sent" in out.out


@pytest.mark.parametrize("name", ["deliveries", "replies", "cases", "quarantine"])
@pytest.mark.parametrize("limit", ["-1", "0", "many"])
def test_a_limit_is_a_number_of_rows(ready: Terminal, name: str, limit: str) -> None:
    """Databases do strange things with others."""
    assert ready.types(name, "--limit", limit).code == 2


def test_a_hidden_poll_shows_only_how_many_voted(busy: Terminal) -> None:
    """Officers are voters too: the tendency is hidden from them as from everybody."""
    done = busy.types("polls")

    assert "hidden until it closes" in done.out
    assert "Un marché couvert" not in done.out


def test_a_closed_poll_shows_its_counts(busy: Terminal) -> None:
    """The town hall works with them."""
    busy.remembers(lambda office: office.store.write(lambda books: books.polls.close(USAGE, at=NOON)))

    done = busy.types("polls")

    assert "(100 %)" in done.out


def test_a_reply_moves_to_where_it_stands(busy: Terminal) -> None:
    """So that two officials do not answer it."""
    done = busy.types("replies", "move", "1", "answered")

    assert done.out == "Reply 1 is now answered.\n"
    assert "La halle" in busy.types("replies", "--state", "answered").out


def test_a_reply_that_is_not_there_is_a_sentence(busy: Terminal) -> None:
    """Numbers are copied by hand."""
    done = busy.types("replies", "move", "99", "answered")

    assert (done.code, done.err) == (1, "Error: there is no reply 99\n")


@pytest.mark.parametrize("words", [("replies",), ("cases", "show", "1")], ids=" ".join)
def test_the_words_of_citizens_cannot_steer_the_terminal(busy: Terminal, words: tuple[str, ...]) -> None:
    """A reply that clears the screen, or hides what follows, is only odd."""
    done = busy.types(*words)

    assert {"\x1b", "\u202e"} & set(done.out) == set()


def test_cases_are_listed_without_what_was_said(busy: Terminal) -> None:
    """A list may be read over a shoulder."""
    done = busy.types("cases")

    assert "removed" in done.out
    assert "crétins" not in done.out


def test_a_case_is_shown_with_its_evidence(busy: Terminal) -> None:
    """A moderator must see what was removed to answer an appeal."""
    done = busy.types("cases", "show", "1")

    assert "Jeanne: " in done.out
    assert "crétins" in done.out


def test_a_restored_message_is_planned_as_a_quotation(busy: Terminal) -> None:
    """What was deleted cannot be put back; it can be quoted."""
    done = busy.types("cases", "restore", "1")

    assert (done.code, "will be quoted in its group" in done.out) == (0, True)
    assert "1 planned" in busy.types("deliveries").out


def test_a_restored_message_is_in_the_ledger_by_its_case_alone(busy: Terminal) -> None:
    """Names and words stay sealed, or forgetting the case would forget nothing."""
    busy.types("cases", "restore", "1")

    delivery, *_ = busy.remembers(lambda office: office.store.read(lambda books: books.deliveries.all()))

    assert delivery.message == MessageRestored(case=CaseNumber(1))


@pytest.mark.parametrize(
    ("state", "why"),
    [(CaseState.NOT_REMOVED, "still stands in its group"), (CaseState.TO_REMOVE, "its removal is under way")],
    ids=str,
)
def test_only_what_was_removed_is_restored(busy: Terminal, state: CaseState, why: str) -> None:
    """Else the town would say it twice."""
    busy.remembers(
        lambda office: office.store.write(
            lambda books: books.cases.move(CaseNumber(1), expected=CaseState.REMOVED, state=state)
        )
    )

    done = busy.types("cases", "restore", "1")

    assert (done.code, why in done.err) == (1, True)
    assert "message given back" not in busy.types("deliveries").out


def test_a_message_is_restored_once(busy: Terminal) -> None:
    """The second moderator learns that the first was there."""
    busy.types("cases", "restore", "1")

    done = busy.types("cases", "restore", "1")

    assert (done.code, done.err) == (1, "case 1 is restored: there is nothing to restore\n")


@pytest.mark.parametrize("command", ["show", "restore"])
def test_a_case_that_is_not_there_is_a_sentence(busy: Terminal, command: str) -> None:
    """With the command that lists those that are."""
    done = busy.types("cases", command, "99")

    assert (done.code, done.err) == (1, "there is no case 99 (see: parvis cases)\n")


def test_a_town_is_held_and_released(ready: Terminal) -> None:
    """The reason is told to whoever releases."""
    ready.types("hold", "wrong date")

    done = ready.types("release")

    assert done.out == "Released (was held: wrong date).\n"


def test_what_people_must_be_told_has_its_time_from_the_release_on(ready: Terminal) -> None:
    """Held for a week, the town still explains its removals; a step of a campaign is late."""
    ready.types("hold", "wrong date")
    soon = datetime.now(UTC) + timedelta(minutes=1)

    def plan(books: Books) -> None:
        for urgency in (Urgency.NOTICE, Urgency.CAMPAIGN):
            books.deliveries.plan(
                occurrence=None,
                message=MessageRestored(case=CaseNumber(1)),
                recipients=[(ACCOUNT, PLACE)],
                urgency=urgency,
                due_at=soon,
                expires_at=soon,
            )

    ready.remembers(lambda office: office.store.write(plan))

    ready.types("release")

    campaign, notice = ready.remembers(lambda office: office.store.read(lambda books: books.deliveries.all()))
    assert (campaign.expires_at, notice.expires_at > soon + timedelta(days=1)) == (soon, True)


def test_a_town_that_is_not_held_needs_no_release(ready: Terminal) -> None:
    """It is said, and it is no error."""
    done = ready.types("release")

    assert (done.code, done.out) == (0, "Nothing was held.\n")


def _announce(books: Books) -> None:
    """The announcement of the campaign was being sent, in two parts, and nobody knows what became of it."""
    running, occurrences = books.campaigns.get(CampaignId("halle")), books.campaigns.occurrences(CampaignId("halle"))
    assert running is not None
    message = AnnouncementPublished(announcement=running.campaign.announcements[0])
    leave_in_doubt(books, parts=2, message=message, occurrence=occurrences[0].id)


async def _live(office: Office, campaign: Path) -> None:
    await start(office, campaign)
    said = Evidence(author="telegram:1", name="Jeanne", text=f"Bande de crétins {ESCAPE}")
    sealed = office.vault.seal(json.dumps(asdict(said)))
    await office.store.write(lambda books: _fill(books, sealed))
    at = office.clock.now() + timedelta(hours=2)
    await office.store.cast(
        [Vote(poll=USAGE, voter=VoterKey(b"v" * 16), act=Choose(0), order=IntakeId(1), at=at, via=TELEGRAM)]
    )


def _fill(books: Books, sealed: bytes) -> None:
    books.polls.open(USAGE)
    leave_in_doubt(books)
    message, author = MessageId("9"), b"a" * 16
    said = f"La halle doit rester ouverte {ESCAPE}"
    books.replies.add(
        about=DeliveryId(1), account=ACCOUNT, chat=SQUARE, message=message, author=author, text=said, at=NOON
    )
    books.cases.open(
        article="1",
        charter="2026-11",
        account=ACCOUNT,
        chat=SQUARE,
        message=message,
        author=author,
        sealed=sealed,
        state=CaseState.REMOVED,
        at=NOON,
    )
