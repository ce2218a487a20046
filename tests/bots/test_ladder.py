"""What a rule does when it acts: it tells, hides, removes, or orders what the ladder says, and never over a day."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.watch import carry_out
from core.alert import AlertKind
from core.answers import Remove
from core.case_messages import (
    CaseDone,
    CaseRefused,
    CaseShown,
    MessageRestored,
    RemovalNotice,
    RemovalNoticeInGroup,
    StatementOfReasons,
)
from core.citizen import Person
from core.errors import Rejected
from core.events import Command, CommandGiven, Incoming, MessagePosted, Received
from core.identifiers import CaseNumber
from core.moderation import Action, CaseState, Charter, Rule, Severity
from core.sanction import LONGEST_AUTOMATIC, Sanction, SanctionKind, SanctionState
from core.staff import SERVICE, Act
from tests.bots.moderators import AUTHOR, CHLOE, NAMED, SECOND, acts, orders, planned, removals, state, told
from tests.bots.town import TOWN, Stage, both, types, writes
from tests.fakes import NOON, Telling

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORDS = ("zut", "flute", "nigaud")


def article(severity: Severity, word: str, action: Action = Action.MEASURE) -> Rule:
    """An article that forbids one word."""
    return Rule(article=severity.value, wording=both("Non."), forbidden=(word,), severity=severity, action=action)


def strict(*rules: Rule) -> Stage:
    """A town with this charter and two moderators."""
    articles = rules or tuple(map(article, Severity, WORDS))
    return Stage(town=replace(TOWN, charter=Charter(version="1", rules=articles)), staff=NAMED)


def acting(action: Action) -> Stage:
    """A town with one rule, that does this."""
    return strict(article(Severity.SERIOUS, "zut", action))


async def breaks(stage: Stage, word: str = "zut", *, message: int = 70, author: Person = AUTHOR) -> None:
    """Somebody uses a word, and what follows is carried out."""
    answers = await stage.hears(writes(author, word, message=str(message)))
    for each in answers:
        assert isinstance(each, Remove)
        await carry_out(stage.desk, stage.platform, each)


async def sanctions(stage: Stage) -> list[tuple[SanctionKind, timedelta | None]]:
    """What was ordered and for how long, the oldest first."""
    found = reversed(await stage.look(lambda books: books.sanctions.all()))
    return [(each.kind, None if each.until is None else each.until - each.since) for each in found]


async def notices(stage: Stage) -> list[RemovalNotice]:
    """What authors are told."""
    return [each.message for each in await planned(stage) if isinstance(each.message, RemovalNotice)]


async def waiting(stage: Stage) -> list[str]:
    """The cases that the staff is asked to look at."""
    found = await stage.look(lambda books: books.alerts.standing())
    return [each.matter.about for each in found if each.matter.kind is AlertKind.CASE and each.over_at is None]


async def test_a_rule_that_says_nothing_removes_and_orders_nothing() -> None:
    """A charter of yesterday does what it did."""
    stage = strict(Rule(article="1", wording=both("Non."), forbidden=("zut",)))

    await breaks(stage)

    assert (await sanctions(stage), await state(stage)) == ([], ("1", CaseState.REMOVED))


async def test_the_ladder_is_climbed_rung_by_rung_as_far_as_rules_may() -> None:
    """Serious breaches: a warning, an hour, a day; what would be a ban is a day, and a human is asked."""
    stage = acting(Action.MEASURE)

    for days in range(5):
        await breaks(stage, message=70 + days)
        stage.clock.advance(2 * DAY)

    kinds = [SanctionKind.WARNING, *[SanctionKind.MUTE] * 4]
    assert await sanctions(stage) == list(zip(kinds, (90 * DAY, HOUR, DAY, DAY, DAY), strict=True))
    assert await waiting(stage) == ["case:4", "case:5"]


async def test_the_case_says_what_the_ladder_leaves_to_a_human() -> None:
    """As a moderator types it; once one has decided, nobody is asked any more."""
    stage = strict(article(Severity.GRAVE, "zut"))
    for days in range(3):
        await breaks(stage, message=70 + days)
        stage.clock.advance(2 * DAY)
    second, third = await pages(stage, 2), await pages(stage, 3)

    await told(stage, "/ban 2 7d")

    assert [each for each in (*second, *third) if each[0] is Act.ADVISE] == [
        (Act.ADVISE, "ban 7d"),
        (Act.ADVISE, "ban"),
    ]
    assert await waiting(stage) == ["case:3"]


async def pages(stage: Stage, case: int) -> list[tuple[Act, str]]:
    """What moderators are shown of a case."""
    shown = await told(stage, f"/case {case}")
    assert isinstance(shown, CaseShown)
    return [(Act(page.act), page.measure) for page in shown.pages]


async def test_the_author_is_told_of_the_measure_and_its_end() -> None:
    """In the one notice, which says how to appeal as well."""
    stage = strict(article(Severity.GRAVE, "zut"))

    await breaks(stage)

    (notice,) = await notices(stage)
    assert (notice.state, notice.measure, notice.until, notice.zone) == ("removed", "mute", NOON + DAY, "Europe/Paris")


async def test_a_measure_is_told_also_where_the_network_refused_the_removal() -> None:
    """Whoever is muted must know why."""
    stage = acting(Action.MEASURE)
    stage.platform.fails("remove", Rejected("no right"))

    await breaks(stage)

    (notice,) = await notices(stage)
    assert (notice.state, notice.measure, notice.until) == ("not_removed", "warning", NOON + 90 * DAY)


async def test_an_accepted_appeal_undoes_the_measure_of_a_rule() -> None:
    """It counts no more, and the message is given back."""
    stage = strict(article(Severity.GRAVE, "zut"))
    await breaks(stage)
    await stage.says(types(AUTHOR, "/appeal 1 c'est un nom"))

    await told(stage, "/accept 1", person=SECOND)

    (sanction,) = await stage.look(lambda books: books.sanctions.all())
    assert (sanction.annulled, sanction.state) == (True, SanctionState.ENDING)
    assert (await state(stage))[1] is CaseState.RESTORED


async def test_nobody_of_the_staff_is_touched() -> None:
    """Their message is left to a human, without a measure."""
    stage = strict(article(Severity.GRAVE, "zut"))

    await breaks(stage, author=SECOND)

    assert (await sanctions(stage), await state(stage)) == ([], ("grave", CaseState.NOT_REMOVED))
    assert (await planned(stage), stage.platform.removed) == ((), [])


async def test_who_speaks_as_a_channel_is_left_to_a_human() -> None:
    """No network mutes a channel; a warning asks nothing of the network."""
    stage = acting(Action.MEASURE)
    channel = replace(AUTHOR, number="", has_private_chat=False)

    await breaks(stage, author=channel)
    await breaks(stage, author=channel, message=71)

    assert (await sanctions(stage), await waiting(stage)) == ([(SanctionKind.WARNING, 90 * DAY)], ["case:2"])
    group = [each.message for each in await planned(stage) if isinstance(each.message, RemovalNoticeInGroup)]
    assert sorted((each.state, each.measure) for each in group) == [("removed", ""), ("removed", "warning")]


async def test_a_rule_that_only_tells_leaves_the_message() -> None:
    """Its author is told at once, and once, however often they rewrite it; it is no strike."""
    stage = acting(Action.NOTICE)

    await breaks(stage)
    await stage.hears(writes(AUTHOR, "zut alors", message="70", edited=True))

    (notice,) = await notices(stage)
    assert (notice.state, stage.woken, stage.platform.removed) == ("reminded", 1, [])
    assert (await sanctions(stage), await state(stage)) == ([], ("serious", CaseState.REMINDED))


async def test_what_its_author_was_reminded_of_may_still_become_worse() -> None:
    """Rewritten into what another article removes, it is."""
    stage = strict(article(Severity.MINOR, "zut", Action.NOTICE), article(Severity.SERIOUS, "nigaud"))
    await breaks(stage)

    answers = await stage.hears(writes(AUTHOR, "nigaud", message="70", edited=True))

    assert (len(answers), await state(stage)) == (1, ("serious", CaseState.TO_REMOVE))


async def test_nobody_of_the_staff_is_reminded_by_a_rule() -> None:
    """The case is there to be looked at."""
    stage = acting(Action.NOTICE)

    await breaks(stage, author=SECOND)

    assert (await planned(stage), await state(stage)) == ((), ("serious", CaseState.OBSERVED))


async def test_a_command_that_breaks_such_a_rule_is_obeyed_and_its_author_told() -> None:
    """Nothing of it is taken out."""
    stage = acting(Action.NOTICE)

    await stage.hears(says_and_commands(AUTHOR, "/help zut"))

    assert (len(await notices(stage)), stage.woken) == (1, 1)


def says_and_commands(person: Person, line: str) -> Telling:
    """A command in the debates, which others read."""

    def telling(received: Received) -> tuple[Incoming, ...]:
        (said,) = writes(person, line)(received)
        assert isinstance(said, MessagePosted)
        command = Command("help", ("zut",))
        return (CommandGiven(received=received, person=person, command=command, handle=said.handle, said=said),)

    return telling


# ── hidden until somebody has looked ──


async def test_a_rule_can_hide_a_message_until_somebody_has_looked() -> None:
    """Its author is told so, and the staff is asked."""
    stage = acting(Action.HIDE)

    await breaks(stage)

    (notice,) = await notices(stage)
    assert (notice.state, notice.measure, len(stage.platform.removed)) == ("hidden", "", 1)
    assert (await state(stage), await waiting(stage)) == (("serious", CaseState.HIDDEN), ["case:1"])


async def test_what_is_hidden_and_may_stand_is_given_back() -> None:
    """Quoted in its group; nobody is asked any more, and a second time there is nothing to give back."""
    stage = acting(Action.HIDE)
    await breaks(stage)
    before = stage.woken

    done = await told(stage, "/keep 1 ce n'est rien")

    assert done == CaseDone(case=CaseNumber(1), did=Act.RESTORE_MESSAGE, restoring=True)
    assert (await state(stage), await waiting(stage), stage.woken) == (("serious", CaseState.RESTORED), [], before + 1)
    assert any(isinstance(each.message, MessageRestored) for each in await planned(stage))
    assert (Act.NOTE_CASE, "clopez", "ce n'est rien") in await acts(stage)
    assert await told(stage, "/keep 1") == CaseRefused(reason="settled")


async def test_what_a_rule_ordered_for_a_message_that_may_stand_counts_no_more() -> None:
    """Nobody is muted for what the town hall gives back; what a moderator ordered is for a moderator to lift."""
    stage = acting(Action.MEASURE)
    await breaks(stage)
    await told(stage, "/mute 1 2h non")

    await told(stage, "/keep 1", person=SECOND)

    found = await stage.look(lambda books: books.sanctions.all())
    assert {each.by: each.annulled for each in found} == {SERVICE: True, CHLOE: False}
    assert (await state(stage))[1] is CaseState.RESTORED


async def test_what_is_hidden_and_goes_against_the_charter_stays_out() -> None:
    """By a human, with a statement of reasons."""
    stage = acting(Action.HIDE)
    await breaks(stage)

    answers = await stage.hears(orders("/del 1 non"))
    for each in removals(answers):
        await carry_out(stage.desk, stage.platform, each)

    assert (await state(stage), await waiting(stage)) == (("serious", CaseState.REMOVED), [])
    assert any(isinstance(each.message, StatementOfReasons) for each in await planned(stage))


async def test_what_cannot_be_hidden_is_said_to_nobody() -> None:
    """The network refused: it stands."""
    stage = acting(Action.HIDE)
    stage.platform.fails("remove", Rejected("no right"))

    await breaks(stage)

    assert (await state(stage), await waiting(stage)) == (("serious", CaseState.NOT_REMOVED), [])
    assert await planned(stage) == ()


@pytest.mark.parametrize("line", ["/keep 1", "/garder 1"])
async def test_a_message_that_stands_is_left_where_it_is(line: str) -> None:
    """And a moderator has said so."""
    stage = acting(Action.NOTICE)
    await breaks(stage)

    done = await told(stage, line)

    assert done == CaseDone(case=CaseNumber(1), did=Act.KEEP_MESSAGE)
    assert await state(stage) == ("serious", CaseState.KEPT)
    assert await told(stage, "/keep 9") == CaseRefused(reason="unknown_case")


async def test_an_appeal_is_possible_against_what_is_hidden() -> None:
    """Accepted, it gives the message back."""
    stage = acting(Action.HIDE)
    await breaks(stage)
    await stage.says(types(AUTHOR, "/appeal 1 c'est un nom"))

    await told(stage, "/accept 1", person=SECOND)

    assert (await state(stage), await waiting(stage)) == (("serious", CaseState.RESTORED), [])


async def test_a_refused_appeal_leaves_out_what_was_hidden() -> None:
    """Somebody has looked, and it is no longer for a while."""
    stage = acting(Action.HIDE)
    await breaks(stage)
    await stage.says(types(AUTHOR, "/appeal 1 c'est un nom"))

    await told(stage, "/refuse 1 c'est une insulte", person=SECOND)

    assert (await state(stage), await waiting(stage)) == (("serious", CaseState.REMOVED), [])


# ── whatever happens ──

_HITS = st.lists(st.tuples(st.sampled_from(WORDS), st.integers(0, 30), st.booleans()), min_size=1, max_size=14)


@settings(max_examples=15)
@given(_HITS)
def test_no_row_of_hits_makes_the_service_mute_anybody_for_more_than_a_day(hits: list[tuple[str, int, bool]]) -> None:
    """Neither by one measure nor by one after the other without an hour of speech between them."""

    async def scenario() -> Sequence[Sanction]:
        stage = strict()
        for rank, (word, hours, appealed) in enumerate(hits):
            stage.clock.advance(timedelta(hours=hours))
            await breaks(stage, word, message=rank)
            if appealed:
                await stage.says(types(AUTHOR, f"/appeal {rank + 1} non"))
                await told(stage, f"/accept {rank + 1}", person=SECOND)
        return await stage.look(lambda books: books.sanctions.all())

    found = asyncio.run(scenario())

    assert {each.kind for each in found} <= {SanctionKind.WARNING, SanctionKind.MUTE}
    mutes = sorted((each.since, each.ended_at or each.until) for each in found if each.kind is SanctionKind.MUTE)
    assert all(until is not None and until - since <= LONGEST_AUTOMATIC for since, until in mutes)
    assert all(until <= since for (_, until), (since, _) in pairwise(mutes) if until is not None)
    assert {each.by for each in found} <= {SERVICE}
