"""Moderators mute and ban for a time, by an article, and let people back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.appealing import deciders_of
from core.case_messages import CaseDone, CaseRefused, CasesShown, StatementOfReasons
from core.identifiers import CaseNumber, MemberKey
from core.moderation import CaseState
from core.ports.moderator import Powers
from core.sanction import PROPOSED_FOR, Sanction, SanctionKind, SanctionState
from core.staff import Act, Member, Role
from tests.bots.moderators import (
    AUTHOR,
    CHLOE,
    DINA,
    NAMED,
    SECOND,
    acts,
    opened_by_another,
    planned,
    said_by,
    staffed,
    state,
    told,
)
from tests.bots.town import Stage, types, writes
from tests.fakes import ACCOUNT, NOON


async def sanctions(stage: Stage) -> tuple[Sanction, ...]:
    """What was decided."""
    return await stage.look(lambda books: books.sanctions.all())


@pytest.mark.parametrize(
    ("line", "kind", "lasts"),
    [
        ("/mute 30m 2 non", SanctionKind.MUTE, timedelta(minutes=30)),
        ("/silence 2H 2", SanctionKind.MUTE, timedelta(hours=2)),
        ("/ban 7j 2 encore", SanctionKind.BAN, timedelta(days=7)),
        ("/exclure 365d 2", SanctionKind.BAN, timedelta(days=365)),
    ],
)
async def test_a_measure_lasts_as_long_as_is_said(line: str, kind: SanctionKind, lasts: timedelta) -> None:
    """It follows from the case, and the author is told until when, and by which article."""
    stage = staffed()

    done = await told(stage, line, answering=said_by())

    act = Act.MUTE if kind is SanctionKind.MUTE else Act.BAN
    (sanction,) = await sanctions(stage)
    (statement,) = await planned(stage)
    assert done == CaseDone(case=CaseNumber(1), did=act, told=True)
    assert (sanction.kind, sanction.until, sanction.case) == (kind, NOON + lasts, 1)
    assert isinstance(statement.message, StatementOfReasons)
    assert (statement.message.decisions, statement.message.until) == ((act.value,), NOON + lasts)
    assert await state(stage) == ("2", CaseState.KEPT)


async def test_an_author_is_told_of_a_ban_before_it_is_carried_out() -> None:
    """Afterwards some networks let nobody write to them; a mute need not wait."""
    stage = staffed()
    await told(stage, "/ban 7d 2", answering=said_by())
    await told(stage, "/mute 1h 2", answering=said_by(message="71"))

    mute, ban = await sanctions(stage)

    assert (mute.look_at, ban.look_at > NOON) == (NOON, True)


async def test_a_silent_measure_is_told_to_nobody() -> None:
    """It stands in the case."""
    stage = staffed()

    assert await told(stage, "/sban 7d 2", answering=said_by()) == CaseDone(case=CaseNumber(1), did=Act.BAN)
    assert (await planned(stage), (await sanctions(stage))[0].look_at) == ((), NOON)


@pytest.mark.parametrize("kind", ["mute", "ban"])
async def test_a_measure_is_lifted(kind: str) -> None:
    """From now on; a second time there is nothing to lift."""
    stage = staffed()
    await told(stage, f"/{kind} 7d 2", answering=said_by())

    done = await told(stage, f"/un{kind} 1", person=SECOND)

    assert done == CaseDone(case=CaseNumber(1), did=Act.LIFT)
    assert [each.state for each in await sanctions(stage)] == [SanctionState.ENDING]
    assert (await acts(stage))[-1][0] is Act.LIFT
    assert await told(stage, f"/un{kind} 1") == CaseRefused(reason="no_sanction")


async def test_an_accepted_appeal_lifts_what_it_was_about() -> None:
    """And it counts no more."""
    stage = staffed()
    await told(stage, "/mute 7d 2 non", answering=said_by())
    await stage.says(types(AUTHOR, "/appeal 1 c'est un nom"))

    await told(stage, "/accept 1", person=SECOND)

    (sanction,) = await sanctions(stage)
    assert (sanction.annulled, sanction.state) == (True, SanctionState.ENDING)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("/mute", "how_long"),
        ("/mute 2 non", "how_long"),
        ("/mute 0h 2", "how_long"),
        ("/ban 366d 2", "how_long"),
        ("/mute 2h non", "which_article"),
    ],
)
async def test_what_is_no_measure_is_said_with_its_reason(line: str, reason: str) -> None:
    """Nothing is decided, and nobody muted by a slip."""
    stage = staffed()

    refused = await told(stage, line, answering=said_by())

    assert isinstance(refused, CaseRefused)
    assert (refused.reason, await sanctions(stage)) == (reason, ())


async def test_nobody_of_the_staff_is_muted() -> None:
    """Neither by their message nor by an old case of theirs."""
    stage = staffed()
    await stage.hears(writes(SECOND, "Quelle ANDOUILLE !"))

    by_case = await told(stage, "/mute 1 2h")
    by_message = await told(stage, "/mute 2h 2", answering=said_by(SECOND, message="71"))

    assert (by_case, by_message) == (CaseRefused(reason="staff"), CaseRefused(reason="staff"))


@pytest.mark.parametrize(
    ("line", "reason"), [("/mute 1 2h 2", "unreadable"), ("/ban 9 2d 2", "unknown_case"), ("/unban 9", "unknown_case")]
)
async def test_a_measure_is_against_somebody_known(line: str, reason: str) -> None:
    """The town's key may have changed since; a number may be wrong."""
    stage = staffed()
    await opened_by_another(stage)

    assert await told(stage, line) == CaseRefused(reason=reason)


# ── for ever, by two ──


async def proposal(line: str = "/ban 2 assez") -> Stage:
    """Chloé proposes to ban Alix for ever."""
    stage = staffed()
    assert await told(stage, line, answering=said_by()) == CaseDone(case=CaseNumber(1), did=Act.PROPOSE_BAN)
    return stage


async def test_a_ban_for_ever_is_only_proposed() -> None:
    """Nobody is told and nothing is done; colleagues are, for a week, and see who proposed it."""
    stage = await proposal()

    ((sanction,), (alert,)) = await sanctions(stage), await stage.look(lambda books: books.alerts.standing())
    shown = await told(stage, "/cases", person=SECOND)
    assert (sanction.state, sanction.until, await planned(stage)) == (SanctionState.PROPOSED, None, ())
    assert (alert.matter.kind, alert.matter.about, alert.matter.until) == ("proposal", "case:1", NOON + PROPOSED_FOR)
    assert isinstance(shown, CasesShown)
    assert shown.cases[0].proposed_by == "Chloé Lopez"
    assert [act for act, _, _ in await acts(stage)] == [Act.OPEN_CASE, Act.EXPLAIN_CASE, Act.PROPOSE_BAN]


async def test_another_person_decides_it() -> None:
    """Then its author is told, and the network after that; nobody need look any more."""
    stage = await proposal()

    done = await told(stage, "/second 1", person=SECOND)

    ((sanction,), (statement,)) = await sanctions(stage), await planned(stage)
    assert done == CaseDone(case=CaseNumber(1), did=Act.BAN, told=True)
    assert (sanction.state, sanction.until, sanction.look_at > NOON) == (SanctionState.STANDING, None, True)
    assert isinstance(statement.message, StatementOfReasons)
    assert (statement.message.decisions, statement.message.until) == (("ban",), None)
    assert all(each.over_at for each in await stage.look(lambda books: books.alerts.standing()))
    assert await told(stage, "/second 1", person=SECOND) == CaseRefused(reason="no_proposal")


async def test_what_was_proposed_in_silence_is_decided_in_silence() -> None:
    """Whoever seconds it need not know."""
    stage = await proposal("/sban 2")

    assert await told(stage, "/second 1", person=SECOND) == CaseDone(case=CaseNumber(1), did=Act.BAN)
    assert await planned(stage) == ()


async def test_nobody_seconds_themselves_nor_after_a_week() -> None:
    """Nor what nobody proposed, nor in a case that is none."""
    stage = await proposal()

    themselves, twice = await told(stage, "/second 1"), await told(stage, "/ban 1 2", person=SECOND)
    stage.clock.advance(PROPOSED_FOR)
    late, unknown = await told(stage, "/second 1", person=SECOND), await told(stage, "/second 9", person=SECOND)

    assert (themselves, twice) == (CaseRefused(reason="seconds_other"), CaseRefused(reason="proposed"))
    assert (late, unknown) == (CaseRefused(reason="no_proposal"), CaseRefused(reason="unknown_case"))


async def test_who_left_the_staff_proposed_nothing() -> None:
    """Two pairs of eyes, both with the right."""
    stage = await proposal()
    stage.staff = replace(NAMED, members=tuple(each for each in NAMED.members if each.key != CHLOE))

    assert await told(stage, "/second 1", person=SECOND) == CaseRefused(reason="proposer_left")


async def test_a_proposal_is_turned_down() -> None:
    """It counts for nothing, and nobody need look any more."""
    stage = await proposal()

    done = await told(stage, "/unban 1", person=SECOND)

    (sanction,) = await sanctions(stage)
    assert done == CaseDone(case=CaseNumber(1), did=Act.LIFT)
    assert (sanction.state, sanction.annulled) == (SanctionState.ENDED, True)
    assert all(each.over_at for each in await stage.look(lambda books: books.alerts.standing()))


async def test_whoever_came_to_the_staff_meanwhile_is_not_banned() -> None:
    """Nobody of the staff is touched, and nobody is told that they are."""
    stage = await proposal()
    joined = Member(key=MemberKey("alix"), name="Alix", role=Role.READER, accounts={ACCOUNT: "711"})
    stage.staff = replace(NAMED, members=(*NAMED.members, joined))

    refused = await told(stage, "/second 1", person=SECOND)

    (sanction,) = await sanctions(stage)
    assert (refused, sanction.state) == (CaseRefused(reason="staff"), SanctionState.PROPOSED)
    assert await planned(stage) == ()


async def test_an_accepted_appeal_leaves_nothing_to_second() -> None:
    """What was proposed of the same message is over too, and nobody is asked any more."""
    stage = staffed()
    await told(stage, "/mute 7d 2 non", answering=said_by())
    await told(stage, "/ban 1 2 assez")
    await stage.says(types(AUTHOR, "/appeal 1 c'est un nom"))

    await told(stage, "/accept 1", person=SECOND)

    assert all(each.annulled for each in await sanctions(stage))
    assert all(each.over_at for each in await stage.look(lambda books: books.alerts.standing()))


async def test_neither_of_the_two_judges_the_appeal() -> None:
    """Whoever proposed it had a part in it."""
    stage = await proposal()
    await told(stage, "/second 1", person=SECOND)

    assert await stage.look(lambda books: deciders_of(books, CaseNumber(1))) == (CHLOE, DINA)


# ── of a whole server ──

OF_SERVER = Powers(kinds=frozenset({SanctionKind.LIMIT, SanctionKind.SUSPEND}))


async def test_somebody_is_limited_on_their_server_for_a_time() -> None:
    """By one moderator; they are told until when."""
    stage = staffed()
    stage.powers = OF_SERVER

    done = await told(stage, "/limit 7d 2 assez", answering=said_by())

    ((sanction,), (statement,)) = await sanctions(stage), await planned(stage)
    assert done == CaseDone(case=CaseNumber(1), did=Act.LIMIT, told=True)
    assert (sanction.kind, sanction.until, sanction.look_at) == (SanctionKind.LIMIT, NOON + timedelta(days=7), NOON)
    assert isinstance(statement.message, StatementOfReasons)
    assert statement.message.decisions == ("limit",)
    assert await told(stage, "/limit 1 2 assez") == CaseRefused(reason="how_long")
    assert await told(stage, "/unlimit 1") == CaseDone(case=CaseNumber(1), did=Act.LIFT)


@pytest.mark.parametrize("line", ["/suspend 2 assez", "/suspend 7d 2 assez"])
async def test_an_account_is_suspended_by_two(line: str) -> None:
    """For a time or for ever; its owner is told before."""
    stage = staffed()
    stage.powers = OF_SERVER

    proposed = await told(stage, line, answering=said_by())
    themselves = await told(stage, "/second 1")
    done = await told(stage, "/second 1", person=SECOND)

    (sanction,) = await sanctions(stage)
    assert proposed == CaseDone(case=CaseNumber(1), did=Act.PROPOSE_SUSPENSION)
    assert themselves == CaseRefused(reason="seconds_other")
    assert done == CaseDone(case=CaseNumber(1), did=Act.SUSPEND, told=True)
    assert (sanction.kind, sanction.state) == (SanctionKind.SUSPEND, SanctionState.STANDING)
    assert sanction.look_at > NOON


@pytest.mark.parametrize("line", ["/limit 7d 2", "/suspend 2"])
async def test_where_the_network_does_not_have_it_nothing_is_ordered(line: str) -> None:
    """It would stand as a measure that fails for ever."""
    stage = staffed()

    assert await told(stage, line, answering=said_by()) == CaseRefused(reason="not_here")
    assert await sanctions(stage) == ()
