"""Who floods a chat has one case, one explanation and one measure, with all that they wrote."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bots.watch import carry_out, to_remove
from core.answers import Remove
from core.case_messages import CaseShown, MessageRestored, RemovalNotice
from core.citizen import Person
from core.errors import Rejected
from core.identifiers import CaseNumber, MessageId
from core.messages import MyData
from core.moderation import Action, CaseState, Charter, Enforcement, Rule
from core.ports.store import Books
from core.rules.clause import Clause
from core.rules.copies import Copies
from core.rules.floods import Floods
from core.staff import Act
from delivery.directory import Directory
from tests.bots.listening import listening, quiet
from tests.bots.moderators import (
    AUTHOR,
    MODERATOR,
    NAMED,
    SECOND,
    acts,
    orders,
    planned,
    removals,
    said_by,
    state,
    told,
)
from tests.bots.town import DEBATES, TOWN, WENDY, Stage, both, types, writes

MINUTE = timedelta(minutes=1)
LATEST = Remove(case=CaseNumber(1), chat=DEBATES, message=MessageId("72"))
PETITION = "Signez tous la pétition contre la fermeture de la halle du centre"


def flooded(action: Action = Action.REMOVE, enforcement: Enforcement = Enforcement.ENFORCE) -> Stage:
    """A town in which one message a minute is enough."""
    floods = Clause(name="floods", family=Floods(most=1, within=MINUTE), enforcement=enforcement, action=action)
    copies = Clause(name="copies", family=Copies(most=1, within=MINUTE), enforcement=enforcement, action=action)
    rules = (
        Rule(article="7", wording=both("Doucement."), forbidden=(), clauses=(floods, copies)),
        Rule(article="2", wording=both("Non."), forbidden=("zut",)),
    )
    return Stage(town=replace(TOWN, charter=Charter(version="1", rules=rules)), staff=NAMED)


async def says(stage: Stage, *messages: int, author: Person = AUTHOR, text: str = "Non {} !") -> None:
    """Somebody writes these, one after the other, and what is to be taken out is."""
    for message in messages:
        for each in await stage.hears(writes(author, text.format(message), message=str(message))):
            assert isinstance(each, Remove)
            await carry_out(stage.desk, stage.platform, each)


async def cases(stage: Stage) -> list[tuple[str, CaseState]]:
    """The article and state of each case, the oldest first."""
    found = await stage.look(lambda books: books.cases.all())
    return [(case.article, case.state) for case in reversed(found)]


async def joined(stage: Stage, case: int = 1) -> list[tuple[str, CaseState]]:
    """The messages that joined a case."""
    found = await stage.look(lambda books: books.cases.joined(CaseNumber(case)))
    return [(each.message, each.state) for each in found]


async def test_a_flood_is_one_case_with_all_its_messages() -> None:
    """Each is taken out; its author is told once."""
    stage = flooded()

    await says(stage, 70, 71, 72, 73)

    assert (await cases(stage), len(stage.platform.removed)) == ([("7", CaseState.REMOVED)], 3)
    assert await joined(stage) == [("72", CaseState.REMOVED), ("73", CaseState.REMOVED)]
    assert len([each for each in await planned(stage) if isinstance(each.message, RemovalNotice)]) == 1
    assert [words for act, _, words in await acts(stage) if act is Act.JOIN_CASE] == ["Non 72 !", "Non 73 !"]


async def test_messages_of_one_case_are_taken_out_at_once() -> None:
    """None waits for the next sweep."""
    stage = flooded()
    async with listening(stage) as runner:
        stage.platform.hears(*(writes(AUTHOR, f"Non {each} !", message=str(each)) for each in range(70, 74)))
        await quiet(stage, runner)

        assert [message for _, message in stage.platform.removed] == ["71", "72", "73"]


async def test_one_measure_follows_from_one_flood() -> None:
    """Else the ladder would be climbed within a minute."""
    stage = flooded(Action.MEASURE)

    await says(stage, 70, 71, 72, 73)

    assert len(await stage.look(lambda books: books.sanctions.all())) == 1


@pytest.mark.parametrize(
    ("action", "enforcement", "after"),
    [
        (Action.REMOVE, Enforcement.OBSERVE, CaseState.OBSERVED),
        (Action.NOTICE, Enforcement.ENFORCE, CaseState.REMINDED),
        (Action.HIDE, Enforcement.ENFORCE, CaseState.HIDDEN),
    ],
)
async def test_what_joins_goes_the_way_of_the_first(action: Action, enforcement: Enforcement, after: CaseState) -> None:
    """Observed, told of or hidden; a message that is rewritten has joined already."""
    stage = flooded(action, enforcement)

    await says(stage, 70, 71, 72)
    await stage.hears(writes(AUTHOR, "Non, non !", message="72", edited=True))

    assert (await cases(stage), await joined(stage)) == ([("7", after)], [("72", after)])


async def test_another_person_another_hour_and_another_rule_have_a_case_of_their_own() -> None:
    """And what breaks a rule by its words is judged alone each time."""
    stage = flooded()

    await says(stage, 70, 71)
    await says(stage, 80, 81, author=WENDY)
    stage.clock.advance(timedelta(hours=1))
    await says(stage, 90, 91, text="zut")

    numbers = [await joined(stage, number + 1) for number in range(len(await cases(stage)))]
    assert await cases(stage) == [("7", CaseState.REMOVED)] * 2 + [("2", CaseState.REMOVED)] + [
        ("7", CaseState.REMOVED)
    ]
    assert numbers == [[], [], [], []]


async def test_copies_and_floods_are_two_episodes() -> None:
    """Each notice says what was seen."""
    stage = flooded()

    await says(stage, 70, 71)
    stage.clock.advance(2 * MINUTE)
    await says(stage, 80, author=WENDY, text=PETITION)
    await says(stage, 81, text=PETITION)

    assert await cases(stage) == [("7", CaseState.REMOVED)] * 2


async def test_what_is_still_to_be_taken_out_is_found_again() -> None:
    """The process may stop between the answer and the call."""
    stage = flooded()
    await says(stage, 70, 71)

    answers = await stage.hears(writes(AUTHOR, "Non 72 !", message="72"))
    again = await stage.hears(writes(AUTHOR, "Non 72 !", message="72"))
    swept = await stage.look(lambda books: to_remove(stage.desk, books))

    assert answers == again == swept == (LATEST,)


async def test_a_message_that_cannot_be_taken_out_is_noted_as_such() -> None:
    """It stands, and the case says so of it alone."""
    stage = flooded()
    await says(stage, 70, 71)
    stage.platform.fails("remove", Rejected("no right"))

    await says(stage, 72)
    await carry_out(
        stage.desk, stage.platform, Remove(case=CaseNumber(1), chat=said_by().chat, message=MessageId("72"))
    )

    assert (await joined(stage), await state(stage)) == ([("72", CaseState.NOT_REMOVED)], ("7", CaseState.REMOVED))


async def test_what_joined_and_was_left_may_still_become_worse() -> None:
    """Rewritten into an insult it has a case of its own."""
    stage = flooded(enforcement=Enforcement.OBSERVE)
    await says(stage, 70, 71, 72)

    await stage.hears(writes(AUTHOR, "zut", message="72", edited=True))

    assert await cases(stage) == [("7", CaseState.OBSERVED), ("2", CaseState.TO_REMOVE)]


async def test_once_a_human_has_decided_the_next_message_opens_another_case() -> None:
    """What was decided was about what was there."""
    stage = flooded(enforcement=Enforcement.OBSERVE)
    await says(stage, 70, 71, 72)

    await told(stage, "/warn 1 7 doucement")
    await says(stage, 73)

    assert [each for _, each in await cases(stage)] == [CaseState.KEPT, CaseState.OBSERVED]


async def test_a_moderator_takes_a_whole_flood_out_by_its_case() -> None:
    """Also in answer to one of its messages."""
    stage = flooded(enforcement=Enforcement.OBSERVE)
    await says(stage, 70, 71, 72, 73)

    answers = await stage.hears(orders("/del 7 doucement", answering=said_by(message="73")))
    for each in removals(answers):
        await carry_out(stage.desk, stage.platform, each)

    assert [each.message for each in removals(answers)] == ["71", "72", "73"]
    assert await joined(stage) == [("72", CaseState.REMOVED), ("73", CaseState.REMOVED)]


async def test_what_of_a_flood_is_out_already_is_not_taken_out_again() -> None:
    """The network had refused the first of them only."""
    stage = flooded()
    stage.platform.fails("remove", Rejected("no right"))
    await says(stage, 70, 71, 72)

    answers = await stage.hears(orders("/del 1"))

    assert [each.message for each in removals(answers)] == ["71"]


async def test_an_accepted_appeal_gives_back_what_joined() -> None:
    """In one quotation, as much as can be read."""
    stage = flooded()
    await says(stage, 70, 71, 72)
    await says(stage, 73, text="a" * 3000)
    await stage.says(types(AUTHOR, "/appeal 1 c'est important"))

    await told(stage, "/accept 1", person=SECOND)

    back = MessageRestored(case=CaseNumber(1))
    directory = Directory(channels=TOWN.channels, vault=stage.vault)
    quoted = await stage.look(lambda books: directory.unsealed(books, back))
    assert isinstance(quoted, MessageRestored)
    assert quoted.text == "Non 71 !\n\nNon 72 !"
    assert {each for _, each in await joined(stage)} == {CaseState.RESTORED}


@pytest.mark.parametrize(("line", "person"), [("/accept 1", SECOND), ("/keep 1", MODERATOR)])
async def test_what_joined_is_given_back_also_where_the_first_could_not_be_taken_out(line: str, person: Person) -> None:
    """The first stands where it was: only the others are quoted."""
    stage = flooded()
    stage.platform.fails("remove", Rejected("too old"))
    await says(stage, 70, 71, 72)
    before = await joined(stage)
    await stage.says(types(AUTHOR, "/appeal 1 c'est important"))

    await told(stage, line, person=person)

    directory = Directory(channels=TOWN.channels, vault=stage.vault)
    quoted = await stage.look(lambda books: directory.unsealed(books, MessageRestored(case=CaseNumber(1))))
    assert isinstance(quoted, MessageRestored)
    assert (before, await joined(stage)) == ([("72", CaseState.REMOVED)], [("72", CaseState.RESTORED)])
    assert MessageRestored(case=CaseNumber(1)) in [each.message for each in await planned(stage)]
    assert quoted.text == "Non 72 !"


async def test_what_is_under_way_is_left_when_the_case_is_given_back() -> None:
    """What nobody took out yet need not be quoted."""
    stage = flooded()
    await says(stage, 70, 71)
    await stage.hears(writes(AUTHOR, "Non 72 !", message="72"))

    await told(stage, "/keep 1")

    assert await joined(stage) == [("72", CaseState.KEPT)]


async def test_a_case_shows_how_many_messages_it_is_about() -> None:
    """And the first of them, however many there are."""
    stage = flooded(enforcement=Enforcement.OBSERVE)
    await says(stage, *range(70, 85))

    shown = await told(stage, "/case", answering=said_by(message="84"))

    assert isinstance(shown, CaseShown)
    assert (shown.case_line.case, shown.joined) == (1, 13)
    assert sum(page.act == Act.JOIN_CASE for page in shown.pages) == 10


async def test_who_flooded_sees_it_among_their_data() -> None:
    """With their words, as long as the case is kept."""
    stage = flooded()
    await says(stage, 70, 71, 72)

    mine = await stage.says(types(AUTHOR, "/mydata"))

    assert isinstance(mine, MyData)
    assert ("joined", 1) in {(each.purpose, each.entries) for each in mine.kept}


async def test_a_case_whose_key_is_another_is_joined_by_nothing() -> None:
    """Nobody can tell what it was about."""
    stage = flooded(enforcement=Enforcement.OBSERVE)
    await says(stage, 70, 71)
    await stage.look(partial(_sealed_anew, stage))

    await says(stage, 72)

    assert len(await cases(stage)) == 2


def _sealed_anew(stage: Stage, books: Books) -> None:
    (case,) = books.cases.all()
    books.cases.open(
        article=case.article,
        charter=case.charter,
        account=case.account,
        chat=case.chat,
        message=case.message,
        author=case.author,
        sealed=b"another key",
        state=case.state,
        at=stage.clock.now(),
    )
