"""An author appeals by one answer, somebody else decides, and what was wrong is undone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bots.appeals import own_up
from bots.watch import carry_out
from core.alert import AlertKind
from core.answers import Remove
from core.appeal import MOST_FALSE_ALARMS, TIME_TO_DECIDE
from core.audit import of_rule
from core.case_messages import (
    AppealDecided,
    AppealOverdue,
    AppealRefused,
    AppealTaken,
    CaseDone,
    CaseRefused,
    MessageRestored,
    RemovalNotice,
)
from core.delivery import DeliveryState
from core.identifiers import AccountName, CaseNumber, MessageId
from core.messages import PrivateOnly, UnknownCommand
from core.moderation import CaseState
from core.post import UNSAID, Receipt
from core.staff import CITIZEN, Act, Approval
from core.wording import Wording
from tests.bots.moderators import AUTHOR, NAMED, SECOND, acts, orders, planned, removals, said_by, staffed, state, told
from tests.bots.town import BLAISE, Stage, private, public, types, writes
from tests.fakes import NOON

HOUR = timedelta(hours=1)
TAKEN = AppealTaken(case=CaseNumber(1), decide_by=NOON + TIME_TO_DECIDE, zone="Europe/Paris")


async def removed(stage: Stage, message: str = "70") -> None:
    """A rule takes a message out, and its author is told."""
    for answer in await stage.hears(writes(AUTHOR, "Quelle ANDOUILLE !", message=message)):
        assert isinstance(answer, Remove)
        await carry_out(stage.desk, stage.platform, answer)


async def decided(stage: Stage) -> list[bool]:
    """What authors were told about their appeals."""
    return [each.message.accepted for each in await planned(stage) if isinstance(each.message, AppealDecided)]


async def test_an_author_appeals_by_a_command() -> None:
    """They learn by when they have an answer; their words are sealed in the file."""
    stage = staffed()
    await removed(stage)

    assert await stage.says(types(AUTHOR, "/contester 1 c'est un nom")) == TAKEN
    assert (await acts(stage))[-1] == (Act.APPEAL, CITIZEN, "c'est un nom")


async def test_an_author_appeals_by_one_answer_to_what_they_were_told() -> None:
    """Without any command, muted or not: it is a private chat."""
    stage = staffed()
    await removed(stage)
    await _arrived(stage, MessageId("31"))

    appealed = await stage.says(writes(AUTHOR, "C'est un nom", answers="31", where=private(AUTHOR)))

    assert appealed == TAKEN


@pytest.mark.parametrize(("answers", "edited"), [("99", False), ("31", True)], ids=["another message", "an edit"])
async def test_any_other_message_in_private_is_no_appeal(answers: str, *, edited: bool) -> None:
    """It is answered as ever."""
    stage = staffed()
    await removed(stage)
    await _arrived(stage, MessageId("31"))

    said = await stage.says(writes(AUTHOR, "Bonjour", answers=answers, edited=edited, where=private(AUTHOR)))

    assert said == (None if edited else UnknownCommand())
    assert Act.APPEAL not in {act for act, _, _ in await acts(stage)}


async def test_an_answer_to_anything_else_of_ours_is_no_appeal() -> None:
    """Only to what tells of a decision."""
    stage = staffed()
    await removed(stage)
    await told(stage, "/reason 1 x")
    await stage.says(types(AUTHOR, "/appeal 1 non"))
    await told(stage, "/refuse 1 non")
    await _arrived(stage, MessageId("32"), last=True)

    assert await stage.says(writes(AUTHOR, "Non", answers="32", where=private(AUTHOR))) == UnknownCommand()


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ("/appeal", AppealRefused(reason="which_case")),
        ("/appeal douze", AppealRefused(reason="which_case")),
        ("/appeal 9", AppealRefused(reason="unknown_case")),
        ("/appeal 1", AppealRefused(reason="no_words", case=CaseNumber(1))),
    ],
)
async def test_what_is_no_appeal_is_said_with_its_reason(line: str, refused: AppealRefused) -> None:
    """And nothing is written."""
    stage = staffed()
    await removed(stage)
    before = await acts(stage)

    assert await stage.says(types(AUTHOR, line)) == refused
    assert await acts(stage) == before


async def test_nobody_else_learns_that_there_is_a_case() -> None:
    """Not even that the number means anything."""
    stage = staffed()
    await removed(stage)

    assert await stage.says(types(BLAISE, "/appeal 1 non")) == AppealRefused(reason="unknown_case")
    assert isinstance(await stage.says(types(AUTHOR, "/appeal 1 non", where=public())), PrivateOnly)


async def test_there_is_nothing_to_appeal_against_where_nothing_was_decided() -> None:
    """A message that was looked at, no more."""
    stage = staffed()
    await told(stage, "/note vu", answering=said_by())

    assert await stage.says(types(AUTHOR, "/appeal 1 non")) == AppealRefused(reason="nothing_decided")


async def test_a_case_is_appealed_once() -> None:
    """While it waits, and when it is decided."""
    stage = staffed()
    await removed(stage)
    await stage.says(types(AUTHOR, "/appeal 1 non"))

    waits = await stage.says(types(AUTHOR, "/appeal 1 encore"))
    await told(stage, "/refuse 1 c'est une insulte")
    done = await stage.says(types(AUTHOR, "/appeal 1 encore"))

    assert (waits, done) == (AppealRefused(reason="waits"), AppealRefused(reason="decided"))


async def test_an_accepted_appeal_undoes_what_the_rules_did() -> None:
    """The message is given back, its author is told with an apology, and the article has a false alarm more."""
    stage = staffed()
    await removed(stage)
    await stage.says(types(AUTHOR, "/appeal 1 c'est un nom"))

    done = await told(stage, "/accept 1")

    assert done == CaseDone(case=CaseNumber(1), did=Act.ACCEPT_APPEAL, told=True)
    assert (await state(stage), await decided(stage)) == (("2", CaseState.RESTORED), [True])
    assert any(isinstance(each.message, MessageRestored) for each in await planned(stage))
    assert await _of_the_rule(stage) == [Act.FALSE_ALARM]
    assert await told(stage, "/accept 1") == CaseRefused(reason="no_appeal")


async def test_an_accepted_appeal_undoes_what_a_moderator_did() -> None:
    """The warning counts no more; the article is not to blame."""
    stage = staffed()
    await told(stage, "/warn 2 pas d'insulte", answering=said_by())
    await stage.says(types(AUTHOR, "/appeal 1 c'est un nom"))

    done = await told(stage, "/accepter 1 pardon", person=SECOND)

    (strike,) = await stage.look(lambda books: books.sanctions.all())
    assert done == CaseDone(case=CaseNumber(1), did=Act.ACCEPT_APPEAL, told=True)
    assert (strike.annulled, await state(stage), await _of_the_rule(stage)) == (True, ("2", CaseState.KEPT), [])


async def test_nobody_decides_about_their_own_decision() -> None:
    """Unless the town has said that one person does everything."""
    stage = staffed()
    await told(stage, "/warn 2 pas d'insulte", answering=said_by())
    await stage.says(types(AUTHOR, "/appeal 1 c'est un nom"))

    refused = await told(stage, "/refuse 1 non")
    stage.staff = replace(stage.staff, approval=Approval.SOLO)
    done = await told(stage, "/refuse 1 non")

    assert refused == CaseRefused(reason="another")
    assert done == CaseDone(case=CaseNumber(1), did=Act.REFUSE_APPEAL, told=True)
    assert await decided(stage) == [False]


@pytest.mark.parametrize("line", ["/dwarn 1", "/del 1"])
async def test_nobody_who_had_a_part_in_what_was_decided_decides_about_it(line: str) -> None:
    """Also when somebody else decided more in the case since, before or after the appeal."""
    stage = staffed()
    await told(stage, "/warn 2 pas d'insulte", answering=said_by())
    await stage.says(types(AUTHOR, "/appeal 1 c'est un nom"))
    stage.clock.advance(HOUR)
    for answer in await stage.hears(orders(line, person=SECOND)):
        if isinstance(answer, Remove):
            await carry_out(stage.desk, stage.platform, answer)

    assert await told(stage, "/refuse 1 non") == CaseRefused(reason="another")
    assert await told(stage, "/refuse 1 non", person=SECOND) == CaseRefused(reason="another")


async def test_what_is_decided_after_an_appeal_can_be_appealed() -> None:
    """The appeal was about something else; that one waits again, and the first verdict does not answer it."""
    stage = staffed()
    await told(stage, "/warn 2 pas d'insulte", answering=said_by())
    await stage.says(types(AUTHOR, "/appeal 1 c'est un nom"))
    await told(stage, "/accept 1", person=SECOND)
    stage.clock.advance(HOUR)
    (removal,) = removals(await stage.hears(orders("/del 1")))
    await carry_out(stage.desk, stage.platform, removal)

    again = await stage.says(types(AUTHOR, "/appeal 1 encore"))
    waits = await stage.says(types(AUTHOR, "/appeal 1 encore"))
    stage.staff = replace(stage.staff, approval=Approval.SOLO)

    assert again == replace(TAKEN, decide_by=TAKEN.decide_by + HOUR)
    assert waits == AppealRefused(reason="waits")
    assert await told(stage, "/refuse 1 non") == CaseDone(case=CaseNumber(1), did=Act.REFUSE_APPEAL, told=True)
    assert await decided(stage) == [False, True]  # the newest first


@pytest.mark.parametrize(
    ("line", "reason"), [("/refuse 1", "no_words"), ("/accept 9 x", "unknown_case"), ("/accept", "which_case")]
)
async def test_a_refusal_has_its_reasons(line: str, reason: str) -> None:
    """Its author is told them."""
    stage = staffed()
    await removed(stage)
    await stage.says(types(AUTHOR, "/appeal 1 non"))

    assert await told(stage, line) == CaseRefused(reason=reason)


async def test_an_article_found_wrong_too_often_only_observes() -> None:
    """Until its words change, which is another version of the charter."""
    stage = staffed()
    for number in range(1, MOST_FALSE_ALARMS + 2):
        await removed(stage, str(70 + number))
        await stage.says(types(AUTHOR, f"/appeal {number} non"))
        await told(stage, f"/accept {number}")
    before = await state(stage, MOST_FALSE_ALARMS + 1)

    rewritten = replace(stage.town, charter=replace(stage.town.charter, version="2027-2"))
    stage.town = rewritten
    answers = await stage.hears(writes(AUTHOR, "Quelle andouille", message="99"))

    assert before == ("2", CaseState.OBSERVED)
    assert (await _of_the_rule(stage)).count(Act.DROP_RULE) == 1
    assert [type(each) for each in answers] == [Remove]


async def test_the_staff_is_alerted_of_an_appeal_until_somebody_has_decided() -> None:
    """The author was told by when: a promise that nobody knows of is not kept."""
    stage = staffed()
    await removed(stage)
    await stage.says(types(AUTHOR, "/appeal 1 non"))
    (waits,) = await stage.look(lambda books: books.alerts.standing())
    await told(stage, "/refuse 1 c'est une insulte")
    (over,) = await stage.look(lambda books: books.alerts.standing())

    assert (waits.matter.kind, waits.matter.about, waits.over_at) == (AlertKind.APPEAL, "case:1", None)
    assert waits.matter.detail == Wording(fr="/case 1", en="/case 1")
    assert (over.id, over.over_at) == (waits.id, NOON)


async def test_an_accepted_appeal_undoes_nothing_of_other_cases() -> None:
    """Somebody warned twice was perhaps warned rightly once."""
    stage = staffed()
    await told(stage, "/warn 2 non", answering=said_by())
    await told(stage, "/warn 2 non", answering=said_by(message="71"))
    await stage.says(types(AUTHOR, "/appeal 1 c'est un nom"))

    await told(stage, "/accept 1", person=SECOND)

    strikes = await stage.look(lambda books: books.sanctions.all())
    assert {each.case: each.annulled for each in strikes} == {1: True, 2: False}


async def test_a_channel_is_not_told_in_public_what_became_of_its_appeal() -> None:
    """It has no private chat; who runs it asks in private."""
    stage = staffed()
    await told(stage, "/warn 2 non", answering=said_by(replace(AUTHOR, has_private_chat=False)))
    await stage.says(types(AUTHOR, "/appeal 1 non"))

    assert await told(stage, "/accept 1", person=SECOND) == CaseDone(case=CaseNumber(1), did=Act.ACCEPT_APPEAL)


async def test_in_a_small_town_whoever_did_not_decide_first_decides_and_says_so() -> None:
    """Two decided, and there is nobody else: better judged by the second than by nobody."""
    stage = Stage(staff=replace(NAMED, members=NAMED.members[:2]))
    await told(stage, "/warn 2 pas d'insulte", answering=said_by())
    stage.clock.advance(HOUR)
    (removal,) = removals(await stage.hears(orders("/del 1", person=SECOND)))
    await carry_out(stage.desk, stage.platform, removal)
    appealed = await stage.says(types(AUTHOR, "/appeal 1 c'est un nom"))

    first = await told(stage, "/refuse 1 non")
    done = await told(stage, "/refuse 1 non", person=SECOND)

    assert appealed == replace(TAKEN, decide_by=TAKEN.decide_by + HOUR, another=False)
    assert first == CaseRefused(reason="another")
    assert done == CaseDone(case=CaseNumber(1), did=Act.REFUSE_APPEAL, told=True)
    (verdict,) = [each.message for each in await planned(stage) if isinstance(each.message, AppealDecided)]
    assert not verdict.another


async def test_whoever_waits_longer_than_they_were_told_learns_where_else_they_can_go() -> None:
    """Once; the appeal stays open."""
    stage = staffed()
    await removed(stage)
    await removed(stage, "71")
    for number in (1, 2):
        await stage.says(types(AUTHOR, f"/appeal {number} non"))
    await told(stage, "/refuse 2 c'est une insulte")
    counts = []
    for wait in (TIME_TO_DECIDE - timedelta(seconds=1), timedelta(seconds=1), timedelta(seconds=1)):
        stage.clock.advance(wait)
        await own_up(stage.desk)
        counts.append([each.message for each in await planned(stage) if isinstance(each.message, AppealOverdue)])

    assert counts == [[], *[[AppealOverdue(case=CaseNumber(1))]] * 2]
    assert await told(stage, "/accept 1") == CaseDone(case=CaseNumber(1), did=Act.ACCEPT_APPEAL, told=True)


async def test_a_channel_is_not_told_in_public_that_its_answer_is_late() -> None:
    """And what another account looks after is left to that one."""
    stage = staffed()
    await told(stage, "/warn 2 non", answering=said_by(replace(AUTHOR, has_private_chat=False)))
    await stage.says(types(AUTHOR, "/appeal 1 non"))
    stage.clock.advance(TIME_TO_DECIDE)

    await own_up(replace(stage.desk, account=AccountName("other")))
    before = (await acts(stage))[-1][0]
    await own_up(stage.desk)

    assert (before, (await acts(stage))[-1][0]) == (Act.APPEAL, Act.OWN_UP)
    assert not any(isinstance(each.message, AppealOverdue) for each in await planned(stage))


async def _of_the_rule(stage: Stage) -> list[Act]:
    entries = await stage.look(lambda books: books.audit.about(of_rule("2")))
    return [entry.deed.act for entry in entries]


async def _arrived(stage: Stage, message: MessageId, *, last: bool = False) -> None:
    """What was planned for the author reached their private chat."""
    deliveries = await planned(stage)
    notice = next(each for each in deliveries if last or isinstance(each.message, RemovalNotice))
    receipt = Receipt(address=UNSAID, message=message, call="c")
    sent = replace(notice, state=DeliveryState.SENT, receipts=(receipt,))
    await stage.look(lambda books: books.deliveries.save(sent, expected=notice.state))
