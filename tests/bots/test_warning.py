"""Moderators warn, and take messages out: by an article, with reasons, never the staff."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bots.watch import carry_out
from core.answers import Remove
from core.case_messages import CaseDone, CaseRefused, RemovalNotice, StatementInGroup, StatementOfReasons
from core.casefile import Ground, add, read, reason_of
from core.casefile import pages as file_of
from core.identifiers import AccountName, CaseNumber, MessageId
from core.messages import MyData
from core.moderation import CaseState
from core.sanction import SanctionKind
from core.staff import SERVICE, Act
from tests.bots.moderators import (
    AUTHOR,
    CHLOE,
    SECOND,
    acts,
    opened_by_another,
    orders,
    planned,
    removals,
    said_by,
    staffed,
    state,
    told,
)
from tests.bots.town import DEBATES, Stage, types, writes
from tests.fakes import ACCOUNT, NOON


async def test_a_warning_cites_an_article_and_is_explained_to_its_author() -> None:
    """The message stands; the reasons are unsealed when the statement goes out."""
    stage = staffed()

    done = await told(stage, "/warn 2 pas d'insulte", answering=said_by())

    assert done == CaseDone(case=CaseNumber(1), did=Act.WARN, told=True)
    assert await state(stage) == ("2", CaseState.KEPT)
    (statement,) = await planned(stage)
    assert isinstance(statement.message, StatementOfReasons)
    assert (statement.message.decisions, statement.message.article) == (("warn",), "2")
    assert (statement.recipient.name, stage.woken) == ("fr:1", 1)
    file = await stage.look(lambda books: file_of(books, stage.vault, CaseNumber(1)))
    assert reason_of(file) == "pas d'insulte"
    assert read(file[-1].content) == Ground(account=ACCOUNT, article="2", charter="2027-1")


async def test_a_warning_counts() -> None:
    """Against who wrote the message, for as long as strikes do."""
    stage = staffed()

    await told(stage, "/warn 2 pas d'insulte", answering=said_by())

    (strike,) = await stage.look(lambda books: books.sanctions.of(stage.vault.blind(AUTHOR.ref)))
    assert (strike.kind, strike.by, strike.case, strike.account) == (SanctionKind.WARNING, CHLOE, 1, ACCOUNT)


async def test_whoever_was_warned_is_given_the_reasons_with_their_data() -> None:
    """And what was written of them; but for words that nobody can read any more, which cost nobody the rest."""
    stage = staffed()
    await told(stage, "/warn 2 pas d'insulte", answering=said_by())
    before = await _exported(stage)
    page = await stage.look(lambda books: add(books, CaseNumber(1), Act.NOTE_CASE, by=CHLOE, at=NOON))
    await stage.look(lambda books: books.cases.keep(CaseNumber(1), page.number, b"altered"))

    after = await _exported(stage)

    assert [each["text"] for each in before["case_words"]] == ["pas d'insulte"]
    assert (
        [each["kind"] for each in before["sanctions"]] == ["warning"] == [each["kind"] for each in after["sanctions"]]
    )
    assert after["case_words"] == []


async def _exported(stage: Stage) -> dict[str, list[dict[str, object]]]:
    message = await stage.says(types(AUTHOR, "/mydata"))
    assert isinstance(message, MyData)
    return dict(json.loads(message.export))


async def test_nobody_is_told_what_nobody_can_read() -> None:
    """The town's key has changed since the case was opened: only the log knows of the warning."""
    stage = staffed()
    await opened_by_another(stage)

    assert await told(stage, "/warn 1 2 x") == CaseDone(case=CaseNumber(1), did=Act.WARN)
    assert await stage.look(lambda books: books.sanctions.all()) == ()


async def test_a_silent_warning_stands_in_the_case_alone() -> None:
    """The log says that nobody was told."""
    stage = staffed()

    done = await told(stage, "/swarn 2", answering=said_by())

    file = await stage.look(lambda books: file_of(books, stage.vault, CaseNumber(1)))
    assert done == CaseDone(case=CaseNumber(1), did=Act.WARN)
    assert (await planned(stage), read(file[-1].content).told) == ((), False)


async def test_a_channel_is_warned_in_the_group() -> None:
    """It has no private chat; neither its name nor the reasons are said there."""
    stage = staffed()

    await told(stage, "/warn 2 pas d'insulte", answering=said_by(replace(AUTHOR, has_private_chat=False)))

    (statement,) = await planned(stage)
    assert isinstance(statement.message, StatementInGroup)
    assert statement.recipient.name == DEBATES


@pytest.mark.parametrize(
    ("line", "expected"), [("/del 2", ("remove-message",)), ("/dwarn 2 non", ("remove-message", "warn"))]
)
async def test_a_message_taken_out_is_explained_once_it_is(line: str, expected: tuple[str, ...]) -> None:
    """By what was decided about it, together, in one statement; the citizen's answer is no reply any more."""
    stage = staffed()
    await stage.hears(writes(AUTHOR, "Espèce de nigaud"))

    (removal,) = removals(await stage.hears(orders(line, answering=said_by())))
    before = await planned(stage)
    await _carried_out(stage, removal)

    (statement,) = await planned(stage)
    assert before == ()
    assert isinstance(statement.message, StatementOfReasons)
    assert statement.message.decisions == expected
    assert await stage.look(lambda books: books.replies.all()) == ()
    assert (await acts(stage))[-1][:2] == (Act.SETTLE_CASE, SERVICE)


async def test_a_message_taken_out_in_silence_is_explained_to_nobody() -> None:
    """As a moderator sometimes must."""
    stage = staffed()

    (removal,) = removals(await stage.hears(orders("/sdel 2", answering=said_by())))
    await _carried_out(stage, removal)

    assert (await state(stage), await planned(stage)) == (("2", CaseState.REMOVED), ())


async def test_a_message_removed_by_a_rule_can_still_be_warned_about() -> None:
    """Under the article by which it was removed, whatever the moderator types; but it is gone already."""
    stage = staffed()
    (removal,) = removals(await stage.hears(writes(AUTHOR, "Quelle ANDOUILLE !")))
    await _carried_out(stage, removal)

    warned = await told(stage, "/dwarn 1 1 non")
    again = await told(stage, "/del 1")

    assert warned == CaseDone(case=CaseNumber(1), did=Act.WARN, told=True)
    assert again == CaseRefused(reason="settled")
    assert await state(stage) == ("2", CaseState.REMOVED)


async def test_a_message_left_standing_can_be_taken_out_later() -> None:
    """A second decision about the same case."""
    stage = staffed()
    await told(stage, "/warn 2", answering=said_by())

    assert len(removals(await stage.hears(orders("/del 1")))) == 1
    assert await state(stage) == ("2", CaseState.TO_REMOVE)


@pytest.mark.parametrize("line", ["/warn 1", "/dwarn 1", "/swarn 1"])
async def test_a_removal_is_explained_also_when_a_warning_comes_before_it_is_done(line: str) -> None:
    """The network was away: what the author is told in the end is why the message went, not of the warning again."""
    stage = staffed()
    (removal,) = removals(await stage.hears(writes(AUTHOR, "Quelle ANDOUILLE !")))
    stage.clock.advance(timedelta(minutes=1))
    await told(stage, line)
    before = [each.message for each in await planned(stage)]
    await _carried_out(stage, removal)

    after = [each.message for each in await planned(stage) if each.message not in before]
    assert [type(each) for each in after] == [RemovalNotice]


async def test_what_nobody_can_read_is_taken_out_all_the_same() -> None:
    """Once: nobody can be told, for nobody can read who it was."""
    stage = staffed()
    await opened_by_another(stage)

    (removal,) = removals(await stage.hears(orders("/del 1 2")))
    await _carried_out(stage, removal)

    assert (await state(stage), await planned(stage)) == (("2", CaseState.REMOVED), ())


async def test_a_message_given_back_is_not_taken_out_by_its_case() -> None:
    """What is quoted in the group is a message of ours: nothing would go, and the author would be told that it did."""
    stage = staffed()
    (removal,) = removals(await stage.hears(orders("/del 2", answering=said_by())))
    await _carried_out(stage, removal)
    await stage.hears(types(AUTHOR, "/appeal 1 non"))
    await told(stage, "/accept 1", person=SECOND)

    assert await told(stage, "/del 1") == CaseRefused(reason="settled")
    assert await state(stage) == ("2", CaseState.RESTORED)


async def test_one_message_counts_once() -> None:
    """Two moderators see it at the same time, or one types twice; the second can still take it out."""
    stage = staffed()
    await told(stage, "/warn 2 non", answering=said_by())

    again = await told(stage, "/warn 2 non", answering=said_by(), person=SECOND)
    (removal,) = removals(await stage.hears(orders("/dwarn 2 non", answering=said_by(), person=SECOND)))

    assert again == CaseRefused(reason="warned")
    assert removal.case == 1
    assert len(await stage.look(lambda books: books.sanctions.all())) == 1


@pytest.mark.parametrize("line", ["/warn 2", "/dwarn 2", "/del 2"])
async def test_whoever_runs_the_group_is_spared_also_where_there_is_a_case(line: str) -> None:
    """It was opened before the network said who they are."""
    stage = staffed()
    await told(stage, "/note vu", answering=said_by())

    assert await told(stage, line, answering=replace(said_by(), official=True)) == CaseRefused(reason="staff")


async def test_what_stands_elsewhere_is_taken_out_by_who_hears_that_place() -> None:
    """This account has no hands there; the sweep of the other finds it."""
    stage = staffed()
    await opened_by_another(stage, AccountName("elsewhere"), "2")

    answers = await stage.hears(orders("/del 1 2"))

    assert (removals(answers), await state(stage)) == ([], ("2", CaseState.TO_REMOVE))


async def test_a_reported_message_is_judged_under_the_article_that_is_named() -> None:
    """The case knew none until then."""
    stage = staffed()
    await told(stage, "/note vu", answering=said_by())

    assert await told(stage, "/warn 1") == CaseRefused(reason="which_article", articles=("1", "2", "3"))
    assert await told(stage, "/warn 1 3 x") == CaseDone(case=CaseNumber(1), did=Act.WARN, told=True)
    assert await state(stage) == ("3", CaseState.KEPT)


async def _carried_out(stage: Stage, removal: Remove) -> None:
    await carry_out(stage.desk, stage.platform, removal)


async def test_a_form_is_about_the_case_that_its_menu_opened() -> None:
    """Its words begin with the article: a number there is no case."""
    stage = staffed()
    await told(stage, "/case", answering=said_by())

    done = await told(stage, "/warn 2 non", about=(DEBATES, MessageId("70")))
    nothing = await told(stage, "/note 1 non", about=(DEBATES, MessageId("99")))

    assert done == CaseDone(case=CaseNumber(1), did=Act.WARN, told=True)
    assert nothing == CaseRefused(reason="unknown_case")
