"""Citizens report messages: together they have one hidden, and each is told alone what became of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bots.watch import carry_out
from core.alert import AlertKind
from core.answers import Answer, Erase, Remove, Say, Toast
from core.audience import Destination, Recipient, RecipientKind
from core.case_messages import (
    CaseDone,
    CaseShown,
    RemovalNotice,
    RemovalNoticeInGroup,
    ReportDecided,
    ReportRefused,
    StatementOfReasons,
)
from core.citizen import Person
from core.citizen_report import MOST_AN_HOUR, Reporting
from core.events import Command, CommandGiven, Incoming, MessagePosted, Received, Target
from core.identifiers import CaseNumber, Locale, MessageId
from core.messages import MyData, ReportOfOurs, ReportTaken
from core.moderation import CaseState
from core.staff import Act
from delivery.directory import Directory
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
from tests.bots.test_reports import reports as from_the_menu
from tests.bots.town import BLAISE, DEBATES, TOWN, WENDY, Stage, public, types, writes
from tests.fakes import TELEGRAM, Telling

ANNE, BILAL, CHLOE = (
    Person(platform=TELEGRAM, account=number, locale=Locale.FR, name=name, number=number)
    for number, name in (("801", "Anne"), ("802", "Bilal"), ("803", "Chloé"))
)
HOUR = timedelta(hours=1)


def together(hide_after: int | None = 3) -> Stage:
    """A town in which so many people together have a message hidden."""
    reporting = Reporting(hide_after=hide_after)
    return Stage(town=replace(TOWN, charter=replace(TOWN.charter, reporting=reporting)), staff=NAMED)


def reports(person: Person, target: Target | None = None, word: str = "report") -> Telling:
    """Somebody answers a message of the debates with the command."""

    def telling(received: Received) -> tuple[Incoming, ...]:
        handle = public(message="95")
        return (CommandGiven(received=received, person=person, command=Command(word), handle=handle, target=target),)

    return telling


async def report(stage: Stage, *people: Person, target: Target | None = None) -> list[Answer]:
    """They report the message; what is to be taken out is, and what is said to them comes back."""
    answers: list[Answer] = []
    for person in people:
        for each in await stage.hears(reports(person, target or said_by())):
            if isinstance(each, Remove):
                await carry_out(stage.desk, stage.platform, each)
            else:
                answers.append(each)
    return answers


def said_to(person: Person, answers: list[Answer]) -> list[object]:
    """What this person reads, alone."""
    said = [each for each in answers if isinstance(each, Say | Toast) and each.handle.private]
    return [each.message for each in said if each.handle.chat == person.account]


@pytest.mark.parametrize("word", ["report", "signaler", "Signaler"])
async def test_a_report_in_answer_to_a_message_is_taken_alone_and_out_of_sight(word: str) -> None:
    """Its author need not see who asked."""
    stage = together()

    answers = await stage.hears(reports(ANNE, said_by(), word))

    assert said_to(ANNE, list(answers)) == [ReportTaken()]
    assert Erase(chat=DEBATES, message=MessageId("95")) in answers
    assert (await state(stage), await waiting(stage)) == (("-", CaseState.REPORTED), ["case:1"])


async def waiting(stage: Stage) -> list[str]:
    """The cases that the staff is asked to look at."""
    found = await stage.look(lambda books: books.alerts.standing())
    return [each.matter.about for each in found if each.matter.kind is AlertKind.CASE and each.over_at is None]


async def test_who_quotes_what_they_report_is_not_judged_for_it() -> None:
    """The command goes out of sight anyway, and is no message of the debate; nor does a slow mode keep it back."""
    stage = together()

    def telling(received: Received) -> tuple[Incoming, ...]:
        (said,) = writes(ANNE, "/report il a dit andouille", message="95")(received)
        assert isinstance(said, MessagePosted)
        command = Command("report", ("il", "a", "dit", "andouille"))
        handle, target = said.handle, said_by()
        return (CommandGiven(received=received, person=ANNE, command=command, handle=handle, said=said, target=target),)

    answers = await stage.hears(telling)

    assert said_to(ANNE, list(answers)) == [ReportTaken()]
    assert [case.message for case in await stage.look(lambda books: books.cases.all())] == ["70"]


async def test_a_report_of_nothing_says_how_to_report() -> None:
    """In the group alone too, and in private."""
    stage = together()

    in_group, in_private = await stage.hears(reports(ANNE)), await stage.says(types(ANNE, "/report"))

    assert said_to(ANNE, list(in_group)) == [ReportRefused(reason="which_message")]
    assert in_private == ReportRefused(reason="which_message")


async def test_several_people_have_a_message_hidden() -> None:
    """Not before; its author is told that somebody will look, and not who asked."""
    stage = together()

    await report(stage, ANNE, BILAL)
    before = await state(stage)
    await report(stage, CHLOE)

    (notice,) = [each.message for each in await planned(stage)]
    assert (before, await state(stage)) == (("-", CaseState.REPORTED), ("-", CaseState.HIDDEN))
    assert (stage.platform.removed, await waiting(stage)) == ([(DEBATES, "70")], ["case:1"])
    assert isinstance(notice, RemovalNotice)
    assert (notice.state, notice.rule, notice.article) == ("hidden", None, "-")


async def test_one_person_counts_once_with_all_their_accounts() -> None:
    """Else one could hide what one dislikes alone."""
    stage = together()
    await stage.look(lambda books: books.bonds.join(stage.vault.blind(BILAL.ref), ANNE.ref))

    await report(stage, ANNE, ANNE, ANNE, BILAL, CHLOE)

    assert await state(stage) == ("-", CaseState.REPORTED)


async def test_reports_that_came_too_far_apart_hide_nothing() -> None:
    """The charter says within which time."""
    stage = together()

    await report(stage, ANNE, BILAL)
    stage.clock.advance(HOUR)
    await report(stage, CHLOE)

    assert await state(stage) == ("-", CaseState.REPORTED)


async def test_a_charter_that_says_nothing_hides_nothing() -> None:
    """A hundred reports are one case."""
    stage = together(hide_after=None)

    await report(stage, ANNE, BILAL, CHLOE)

    assert await state(stage) == ("-", CaseState.REPORTED)


@pytest.mark.parametrize(
    "target",
    [said_by(SECOND), replace(said_by(), official=True), replace(said_by(), official=None)],
    ids=["of the staff", "who runs the group", "nobody knows"],
)
async def test_what_those_in_charge_wrote_is_never_hidden_by_reports(target: Target) -> None:
    """A human looks."""
    stage = together()

    await report(stage, ANNE, BILAL, CHLOE, target=target)

    assert await state(stage) == ("-", CaseState.REPORTED)


async def test_whoever_was_heard_as_a_citizen_is_one() -> None:
    """Some networks do not say with a report who runs the place."""
    stage = together(hide_after=2)
    await stage.hears(writes(AUTHOR, "Tous des voleurs"))

    await stage.hears(from_the_menu(BLAISE, AUTHOR))
    answers = await stage.hears(from_the_menu(WENDY, AUTHOR))

    assert len([each for each in answers if isinstance(each, Remove)]) == 1


async def test_a_person_reports_only_so_often() -> None:
    """A flood of reports is one too; an hour later they may again."""
    stage = together()
    for rank in range(MOST_AN_HOUR):
        await report(stage, ANNE, target=said_by(message=str(100 + rank)))

    refused = await report(stage, ANNE)
    stage.clock.advance(HOUR)
    taken = await report(stage, ANNE)

    assert said_to(ANNE, refused) == [ReportRefused(reason="too_many")]
    assert said_to(ANNE, taken) == [ReportTaken()]


async def test_nobody_reports_themselves_or_the_bot() -> None:
    """There is nothing to moderate."""
    stage = together()

    own = await report(stage, AUTHOR)
    ours = await report(stage, ANNE, target=replace(said_by(), ours=True))

    assert said_to(AUTHOR, own) == [ReportRefused(reason="own")]
    assert said_to(ANNE, ours) == [ReportOfOurs()]
    assert await stage.look(lambda books: books.cases.all()) == ()


async def test_who_speaks_as_a_channel_is_answered_nowhere() -> None:
    """What is written to a channel, others read; the report counts, and nobody is told what became of it."""
    stage = together()
    channel = replace(ANNE, has_private_chat=False)

    answers = await report(stage, channel)
    await told(stage, "/keep 1")

    assert [type(each) for each in answers] == [Erase]
    assert (await planned(stage), len(await stage.look(lambda books: books.reports.about(CaseNumber(1))))) == ((), 1)


async def destination(stage: Stage, rank: int) -> Destination | None:
    """Where what became of a report is told."""
    found = [each for each in await planned(stage) if each.recipient.kind is RecipientKind.REPORTER]
    directory, recipient = Directory(channels=TOWN.channels, vault=stage.vault), found[rank].recipient
    return await stage.look(lambda books: directory.find(books, stage.desk.account, recipient))


@pytest.mark.parametrize(
    ("line", "upheld"), [("/keep 1", False), ("/warn 1 2 non", True), ("/del 1 2 non", True), ("/mute 1 2h 2", True)]
)
async def test_everybody_who_reported_is_told_alone_what_was_decided(line: str, *, upheld: bool) -> None:
    """Once, in their own language, and without a word of the author."""
    stage = together()
    await report(stage, ANNE, BILAL)
    before = stage.woken

    await told(stage, line)
    await told(stage, "/warn 1 2 encore")

    found = [each for each in await planned(stage) if each.recipient.kind is RecipientKind.REPORTER]
    assert [each.message for each in found] == [ReportDecided(upheld=upheld)] * 2
    assert {where.address for rank in range(2) if (where := await destination(stage, rank))} == {"801", "802"}
    assert (stage.woken > before, await waiting(stage)) == (True, [])


async def test_a_removal_by_a_rule_is_told_to_who_reported() -> None:
    """The message was rewritten, and a rule acted."""
    stage = together()
    await report(stage, ANNE)

    for each in await stage.hears(writes(AUTHOR, "Quelle andouille", edited=True)):
        assert isinstance(each, Remove)
        await carry_out(stage.desk, stage.platform, each)

    assert ReportDecided(upheld=True) in [each.message for each in await planned(stage)]


async def test_what_a_moderator_let_stand_is_not_looked_at_again() -> None:
    """Baseless reports are counted; they cost nobody anything."""
    stage = together()
    await report(stage, ANNE, BILAL)
    await told(stage, "/keep 1 ce n'est rien")

    again = await report(stage, CHLOE)
    other = await report(stage, ANNE, target=said_by(message="71"))

    assert said_to(CHLOE, again) == [ReportRefused(reason="kept")]
    assert said_to(ANNE, other) == [ReportTaken()]
    found = await stage.look(lambda books: books.reports.about(CaseNumber(1)))
    assert [each.upheld for each in found] == [False, False]


async def test_what_is_removed_already_is_not_reported() -> None:
    """There is nothing left to look at."""
    stage = together()
    await stage.hears(writes(AUTHOR, "Quelle andouille"))

    answers = await report(stage, ANNE)

    assert said_to(ANNE, answers) == [ReportRefused(reason="removed")]


async def test_what_people_had_hidden_is_given_back_or_stays_out_by_an_article() -> None:
    """The moderator names the article, and the author is told the reasons."""
    stage = together(hide_after=2)
    await report(stage, ANNE, BILAL)
    await report(stage, ANNE, BILAL, target=said_by(message="71"))

    kept = await told(stage, "/keep 1")
    for each in removals(await stage.hears(orders("/del 2 2 non"))):
        await carry_out(stage.desk, stage.platform, each)

    assert kept == CaseDone(case=CaseNumber(1), did=Act.RESTORE_MESSAGE, restoring=True)
    assert (await state(stage), await state(stage, 2)) == (("-", CaseState.RESTORED), ("2", CaseState.REMOVED))
    assert any(isinstance(each.message, StatementOfReasons) for each in await planned(stage))


async def test_a_warning_about_what_is_hidden_leaves_it_hidden() -> None:
    """Its article is known from then on."""
    stage = together(hide_after=2)
    await report(stage, ANNE, BILAL)

    await told(stage, "/warn 1 2 non")

    assert await state(stage) == ("2", CaseState.HIDDEN)


async def test_a_channel_whose_message_is_hidden_is_told_in_the_group() -> None:
    """Without a name, and without an article."""
    stage = together(hide_after=2)
    channel = replace(AUTHOR, has_private_chat=False)

    await report(stage, ANNE, BILAL, target=said_by(channel))

    (notice,) = [each.message for each in await planned(stage)]
    assert isinstance(notice, RemovalNoticeInGroup)
    assert (notice.state, notice.rule) == ("hidden", None)


async def test_moderators_see_how_many_reported_and_nobody_sees_who() -> None:
    """Not even the author among their data."""
    stage = together()
    await report(stage, ANNE, BILAL)

    shown = await told(stage, "/case 1", person=MODERATOR)
    theirs = await stage.says(types(AUTHOR, "/mydata"))

    assert isinstance(shown, CaseShown)
    assert isinstance(theirs, MyData)
    assert shown.reports == 2
    assert not any(secret in repr(shown) + theirs.export for secret in ("801", "Anne", "upheld"))
    assert [act for act, _, _ in await acts(stage)] == [Act.OPEN_CASE]


async def test_who_reported_sees_and_erases_their_reports() -> None:
    """Then they are told nothing any more."""
    stage = together()
    await report(stage, ANNE)

    mine = await stage.says(types(ANNE, "/mydata"))
    await stage.says(types(ANNE, "/forgetme"))

    assert isinstance(mine, MyData)
    assert ("reports", 1) in {(each.purpose, each.entries) for each in mine.kept}
    assert await stage.look(lambda books: books.reports.about(CaseNumber(1))) == ()
    directory, gone = Directory(channels=TOWN.channels, vault=stage.vault), Recipient(RecipientKind.REPORTER, "1")
    assert await stage.look(lambda books: directory.find(books, stage.desk.account, gone)) is None
