"""Moderators give commands in reply to a message; nobody else can, and nobody else reads the answer."""

from dataclasses import replace

import pytest

from bots.orders import ACTS, SPELLINGS, Verb
from core.answers import Erase, Say, Toast
from core.case_messages import CaseDone, CaseRefused, CaseShown, CasesShown
from core.casefile import NO_ARTICLE, Ground, read, written
from core.citizen import Person
from core.events import CommandGiven, Handle, Incoming, Received, Target
from core.identifiers import Address, CaseNumber, MessageId
from core.messages import UnknownCommand
from core.moderation import CaseState
from core.staff import SERVICE, Act
from core.staff_messages import SettlingRefused
from tests.bots.moderators import (
    AUTHOR,
    CHLOE,
    MODERATOR,
    SECOND,
    acts,
    erasures,
    opened_by_another,
    orders,
    said_by,
    staffed,
    state,
    told,
)
from tests.bots.town import ALIX, DEBATES, WENDY, Stage, presses_command, writes
from tests.fakes import ACCOUNT, Telling

# ── who ────────────────────────────────────────────────────────────────────────────────────────────────────


NOBODY = {
    "a citizen": AUTHOR,
    "a reader": replace(ALIX, account="744", number="744"),
    "one without a number": replace(MODERATOR, number=""),
    "a namesake": replace(MODERATOR, account="9", number="9"),
    "a moderator of elsewhere": replace(ALIX, number="711"),
}


@pytest.mark.parametrize("person", NOBODY.values(), ids=NOBODY)
async def test_to_everybody_else_the_commands_do_not_exist(person: Person) -> None:
    """In private they are unknown, in a group nobody answers; nothing is done."""
    stage = staffed()

    alone = [await stage.says(orders(f"/{word} 1 x", person=person)) for word in SPELLINGS]
    among = [await stage.hears(orders(f"/{word} 1 x", person=person, answering=said_by())) for word in SPELLINGS]

    assert alone == [UnknownCommand()] * len(SPELLINGS)
    assert among == [()] * len(SPELLINGS)
    assert await stage.look(lambda books: (books.cases.all(), books.audit.last(limit=9))) == ((), ())


async def test_a_town_that_names_nobody_moderates_from_its_console() -> None:
    """Nobody in a chat can say that they are it."""
    assert await Stage().says(orders("/cases")) == UnknownCommand()


async def test_a_link_gives_no_command_of_moderators() -> None:
    """It may have been copied from anywhere."""
    stage = staffed()
    telling = orders("/cases")

    def following(received: Received) -> tuple[Incoming, ...]:
        return tuple(replace(event, followed=True) for event in telling(received) if isinstance(event, CommandGiven))

    assert await stage.says(following) == UnknownCommand()


def test_every_command_has_its_right() -> None:
    """A command that nobody thought about would be open to all, or to none."""
    assert set(ACTS) == set(Verb) == {spelling.verb for spelling in SPELLINGS.values()}


async def test_a_button_gives_the_same_command() -> None:
    """It is pressed in the channel of the staff."""
    stage = staffed()

    assert isinstance(await stage.says(presses_command(MODERATOR, "/cases")), CasesShown)


async def test_what_is_ordered_in_a_group_is_answered_in_private_and_taken_out_of_sight() -> None:
    """Citizens see neither the command nor the answer; it was dealt with once."""
    stage = staffed()

    answers = await stage.hears(orders("/note à suivre", answering=said_by()))

    assert erasures(answers) == [Erase(chat=DEBATES, message=MessageId("90"))]
    assert await stage.pending() == 0


async def test_what_is_ordered_in_private_leaves_nothing_to_hide() -> None:
    """There is nobody to hide it from."""
    assert erasures(await staffed().hears(orders("/cases"))) == []


# ── the file ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_note_on_a_message_opens_its_case() -> None:
    """What was written then stays, whatever becomes of the message."""
    stage = staffed()

    done = await told(stage, "/note appelé au téléphone", answering=said_by())

    assert done == CaseDone(case=CaseNumber(1), did=Act.NOTE_CASE)
    assert await state(stage) == (NO_ARTICLE, CaseState.REPORTED)
    assert await acts(stage) == [(Act.OPEN_CASE, CHLOE, ""), (Act.NOTE_CASE, CHLOE, "appelé au téléphone")]


async def test_a_message_keeps_one_case() -> None:
    """Whoever comes second adds to it."""
    stage = staffed()
    await told(stage, "/note un", answering=said_by())

    await told(stage, "/note deux", answering=said_by(), person=SECOND)

    assert [words for _, _, words in await acts(stage)] == ["", "un", "deux"]


async def test_no_word_stands_in_the_log_itself() -> None:
    """It is kept for ever; words are forgotten with their case, and the chain still stands."""
    stage = staffed()
    await told(stage, "/note appelé", answering=said_by())

    entries = await stage.look(lambda books: books.audit.last(limit=9))
    await stage.look(lambda books: books.cases.purge(before=stage.clock.now().replace(year=2100)))

    assert not any("appelé" in repr(entry) for entry in entries)
    assert await acts(stage) == [(Act.OPEN_CASE, CHLOE, ""), (Act.NOTE_CASE, CHLOE, "")]


async def test_a_case_is_read_with_all_that_was_done() -> None:
    """By the names that colleagues know."""
    stage = staffed()
    await told(stage, "/note à suivre", answering=said_by())
    await told(stage, "/take 1")

    shown = await told(stage, "/case 1", person=SECOND)

    assert isinstance(shown, CaseShown)
    assert (shown.author, shown.text, shown.rule) == ("Alix Martin", "Espèce de nigaud", None)
    assert shown.case_line.assigned == "Chloé Lopez"
    pages = [(page.act, page.by, page.words) for page in shown.pages]
    assert pages[1:] == [(Act.NOTE_CASE, "Chloé Lopez", "à suivre"), (Act.ASSIGN_CASE, "Chloé Lopez", "")]


async def test_a_case_of_another_key_shows_what_is_left() -> None:
    """The log says what was done; nobody can read the words any more."""
    stage = staffed()
    await told(stage, "/note à suivre", answering=said_by())
    await opened_by_another(stage)

    shown = await told(stage, "/case 1")

    assert isinstance(shown, CaseShown)
    assert (shown.author, shown.text, shown.pages) == (None, None, ())


async def test_the_latest_cases_are_listed() -> None:
    """Those of one person, when a message of theirs is answered."""
    stage = staffed()
    await told(stage, "/note a", answering=said_by())
    await told(stage, "/note b", answering=said_by(replace(SECOND, account="8", number="8"), message="71"))

    everybody = await told(stage, "/cases")
    alix = await told(stage, "/cases", answering=said_by())

    assert isinstance(everybody, CasesShown)
    assert isinstance(alix, CasesShown)
    assert [each.case for each in everybody.cases] == [2, 1]
    assert ([each.case for each in alix.cases], alix.author) == ([1], True)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("/case", "which_case"),
        ("/case douze", "which_case"),
        ("/case 99", "unknown_case"),
        (f"/case {'9' * 30}", "which_case"),
        ("/take 99", "unknown_case"),
        ("/note 99 un mot", "unknown_case"),
        ("/note 99", "no_words"),
        ("/warn 99 2 un mot", "unknown_case"),
        ("/warn 2", "which_article"),
        ("/del 99 2", "unknown_case"),
    ],
)
async def test_what_cannot_be_done_is_said_with_its_reason(line: str, reason: str) -> None:
    """And nothing is written."""
    stage = staffed()

    refused = await told(stage, line)

    assert isinstance(refused, CaseRefused)
    assert refused.reason == reason
    assert await stage.look(lambda books: books.audit.last(limit=9)) == ()


async def test_who_came_to_the_staff_since_is_not_warned_either() -> None:
    """The rules did not know them then."""
    stage = staffed()
    await stage.hears(writes(SECOND, "Quelle ANDOUILLE !"))

    assert await told(stage, "/warn 1") == CaseRefused(reason="staff")


@pytest.mark.parametrize("line", ["/note x", "/take", "/case", "/warn 2 x", "/del 2"])
@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (replace(said_by(), ours=True), "ours"),
        (replace(said_by(), official=True), "staff"),
        (said_by(SECOND), "staff"),
    ],
    ids=["ours", "who runs the group", "a colleague"],
)
async def test_nobody_moderates_the_staff(target: Target, reason: str, line: str) -> None:
    """Nor the bot itself."""
    refused = await told(staffed(), line, answering=target)

    assert isinstance(refused, CaseRefused)
    assert refused.reason == reason


async def test_the_file_begins_with_who_opened_the_case() -> None:
    """The rules do as the service."""
    stage = staffed()

    await stage.hears(writes(AUTHOR, "Quelle ANDOUILLE !"))

    assert [(act, by) for act, by, _ in await acts(stage)] == [(Act.OPEN_CASE, SERVICE), (Act.REMOVE_MESSAGE, SERVICE)]


def test_what_the_log_says_can_be_read_again() -> None:
    """The public report is made of it."""
    ground = Ground(account="telegram", article="2 «a»", charter="2027-1", told=False)

    assert read(written(ground)) == ground


# ── buttons where the staff is asked ──


def pressed(line: str, *, person: Person = MODERATOR) -> Telling:
    """Somebody presses a button under an alert, in a room of the staff."""
    room = Handle(account=ACCOUNT, private=False, chat=Address("-7"), message=MessageId("3"), press="press")
    return presses_command(person, line, where=room)


async def test_a_button_decides_a_case_and_the_room_reads_it() -> None:
    """The alert stays where it is; whoever presses second changes nothing."""
    stage = staffed()
    await stage.hears(orders("/note à voir", answering=said_by()))

    first, second = await stage.hears(pressed("/keep 1")), await stage.hears(pressed("/keep 1", person=SECOND))

    assert [type(each) for each in first + second] == [Say, Say]
    assert isinstance(first[0], Say)
    assert isinstance(second[0], Say)
    assert (first[0].handle.chat, first[0].message) == ("-7", CaseDone(case=CaseNumber(1), did=Act.KEEP_MESSAGE))
    assert second[0].message == CaseRefused(reason="settled")


async def test_who_only_reads_the_room_is_told_so() -> None:
    """In a box that has to be closed; nothing is done."""
    stage = staffed()
    await stage.hears(orders("/note à voir", answering=said_by()))

    (told_so,) = await stage.hears(pressed("/keep 1", person=replace(WENDY, number="744")))

    assert isinstance(told_so, Toast)
    assert (told_so.alert, told_so.message) == (True, SettlingRefused(reason="staff_only"))
    assert (await state(stage))[1] is CaseState.REPORTED
