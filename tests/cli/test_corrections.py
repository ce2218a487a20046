"""``parvis correct`` and its kin: what is out is corrected, withdrawn, unpinned, and every copy accounted for."""

import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from campaigns import files
from campaigns.planner import begin
from core.campaign import OccurrenceState
from core.delivery import DeliveryState, Urgency
from core.identifiers import Address, CampaignId, MessageId, StepName
from core.messages import AnnouncementPublished
from core.ports.store import Books
from core.post import Receipt
from tests.cli.office import ACCOUNT, PLACE, Terminal
from tests.cli.office import HALLE as HALLE_FILE
from tests.cli.test_audit import did
from tests.cli.test_staff import staffed

__all__ = ["staffed"]

HALLE = CampaignId("halle")
STEP = StepName("announce-annonce")
NOW = datetime.now(UTC)
LINK = "https://t.me/valmont/41"
WHY = ("--fr", "La date est fausse.", "--en", "The date is wrong.")


def _publish(terminal: Terminal) -> None:
    """The sample campaign runs, and its announcement is out on the square."""
    campaign = files.read(Path(terminal.campaign), channels=["place"], start=NOW)
    started = terminal.types("campaign", "start", terminal.campaign)

    def publish(books: Books) -> None:
        if started.code:  # where staff are named, it is not started by a command
            begin(campaign, NOW, books)
        running = books.campaigns.get(HALLE)
        assert running is not None
        (occurrence,) = (each for each in books.campaigns.occurrences(HALLE) if each.step == STEP)
        books.campaigns.settle(occurrence.id, OccurrenceState.DONE)
        says = running.campaign.step(STEP).says
        assert says is not None
        books.deliveries.plan(
            occurrence=occurrence.id,
            message=AnnouncementPublished(announcement=running.campaign.announcement(says)),
            recipients=[(ACCOUNT, PLACE)],
            urgency=Urgency.CAMPAIGN,
            due_at=occurrence.due_at,
            expires_at=occurrence.due_at + timedelta(hours=6),
        )
        (planned,) = books.deliveries.all(occurrence=occurrence.id)
        receipt = Receipt(address=Address("@valmont"), message=MessageId("41"), call="sendPhoto", link=LINK)
        sent = replace(
            planned, state=DeliveryState.SENT, receipts=(receipt,), parts=1, done=1, claimed_at=occurrence.due_at
        )
        books.deliveries.save(sent, expected=DeliveryState.PLANNED)

    terminal.remembers(lambda office: office.store.write(publish))


def _corrected(terminal: Terminal) -> None:
    """The title of the announcement is another one, and the campaign follows its file."""
    file = terminal.folder / HALLE_FILE
    before = 'title.en = "What shall we do'
    text = file.read_text(encoding="utf-8").replace(before, 'title.en = "Tell us what we shall do')
    file.write_text(text, encoding="utf-8")
    assert terminal.types("campaign", "update", terminal.campaign).code == 0


def test_a_correction_is_first_shown_then_ordered_and_then_stands_in_the_ledger(ready: Terminal) -> None:
    """With the link of the copy, so that anybody can look."""
    _publish(ready)
    too_soon = ready.types("correct", "halle", STEP)
    _corrected(ready)

    shown = ready.types("correct", "halle", STEP, "--dry-run")
    ordered = ready.types("correct", "halle", STEP)
    copies = ready.types("copies", "halle")

    assert (too_soon.code, "campaign update" in too_soon.err) == (1, True)
    assert (shown.code, "place" in shown.out, "amended" in shown.out) == (0, True, True), shown.out
    assert ordered.out == "Ordered for 1 copies; what becomes of each: parvis copies\n"
    assert LINK in copies.out
    assert re.search(r"announce-annonce .*place.* sent", copies.out)
    assert "planned" in copies.out
    assert did(ready)[-1] == ["console", "correct", "occurrence:1"]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (("erratum", *WHY), "a reply says it"),
        (("retract", *WHY), "taken back"),
        (("unpin",), "unpinned"),
    ],
)
def test_each_order_is_shown_by_the_function_that_carries_it_out(
    ready: Terminal, words: tuple[str, ...], shown: str
) -> None:
    """And is then ordered."""
    _publish(ready)
    command, *more = words

    before = ready.types(command, "halle", STEP, *more, "--dry-run")
    done = ready.types(command, "halle", STEP, *more)

    assert (before.code, shown in before.out) == (0, True), before.out + before.err
    assert done.out.startswith("Ordered for 1 copies")


def test_nothing_is_ordered_in_one_language_or_about_nothing(ready: Terminal) -> None:
    """The mistake is named."""
    _publish(ready)

    assert ready.types("erratum", "halle", STEP, "--fr", "Oui", "--en", " ").code == 2
    assert "it has: announce-annonce" in ready.types("unpin", "halle", "annonce").err
    assert "was ever started" in ready.types("copies", "tram").err


def test_words_that_nobody_approved_correct_nothing(staffed: Terminal) -> None:
    """Where the campaign was changed before the town named its staff, or past it; an erratum carries none along."""
    _publish(staffed)
    second = _tokens(staffed)

    def changed(books: Books) -> None:
        running = books.campaigns.get(HALLE)
        assert running is not None
        said = tuple(replace(each, body=each.title) for each in running.campaign.announcements)
        books.campaigns.revise(replace(running.campaign, announcements=said))

    staffed.remembers(lambda office: office.store.write(changed))

    done = [staffed.types("correct", "halle", STEP), staffed.types("erratum", "halle", STEP, *WHY, "--second", second)]

    assert [each.code for each in done] == [1, 1]
    assert all("nobody approved what the campaign halle says now" in each.err for each in done)
    assert "planned" not in staffed.types("copies", "halle").out


def _tokens(terminal: Terminal) -> str:
    """Two officers have theirs; Bruno types, and the file of Anne's is returned."""
    os.environ["PARVIS_TOKEN"] = terminal.types("staff", "token", "bpetit").out.strip()
    second = terminal.folder / "amartin.token"
    second.write_text(terminal.types("staff", "token", "amartin").out.strip(), encoding="ascii")
    second.chmod(0o600)
    return str(second)


def test_new_words_take_a_second_officer(staffed: Terminal) -> None:
    """Who shows their own token; what takes words away takes one."""
    tokens = {"bpetit": staffed.types("staff", "token", "bpetit").out.strip()}
    os.environ["PARVIS_TOKEN"] = tokens["bpetit"]
    tokens["amartin"] = staffed.types("staff", "token", "amartin").out.strip()
    files = {}
    for who, token in tokens.items():
        files[who] = staffed.folder / f"{who}.token"
        files[who].write_text(token, encoding="ascii")
        files[who].chmod(0o600)
    _publish(staffed)

    alone = staffed.types("erratum", "halle", STEP, *WHY)
    twice = staffed.types("erratum", "halle", STEP, *WHY, "--second", str(files["bpetit"]))
    both = staffed.types("erratum", "halle", STEP, *WHY, "--second", str(files["amartin"]))
    away = staffed.types("retract", "halle", STEP, *WHY)

    assert (alone.code, "--second" in alone.err) == (1, True)
    assert (twice.code, "another person" in twice.err) == (1, True)
    assert (both.code, away.code) == (0, 0), both.err + away.err
    assert [row[:2] for row in did(staffed)[-3:]] == [
        ["bpetit", "erratum"],
        ["amartin", "approve"],
        ["bpetit", "retract"],
    ]
