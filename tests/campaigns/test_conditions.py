"""Steps that take place on a condition, that follow a poll up, or that concern only those who have not voted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from campaigns.housekeeping import Housekeeping
from campaigns.preview import plan
from core.audience import RecipientKind
from core.campaign import After, Condition, OccurrenceState, Step, StepKind
from core.delivery import Delivery
from core.identifiers import CitizenId, PersonRef, StepName
from core.messages import FollowUp, PollReminder
from core.poll import Choose, Withdraw
from core.privacy import KEY_KEPT_AFTER_CLOSE
from tests.campaigns.stage import HOUR, SQUARE, Stage, then
from tests.core.examples import BRIDGE, NEWS, announcement, vote
from tests.fakes import ACCOUNT, NOON, FakeWords, ScriptedPlatform

DONE, PLANNED, UNMET, MISSED = (
    OccurrenceState.DONE,
    OccurrenceState.PLANNED,
    OccurrenceState.UNMET,
    OccurrenceState.MISSED,
)
OPEN, CLOSE, REMIND = then(StepKind.OPEN_POLL), then(StepKind.CLOSE_POLL), then(StepKind.REMIND)
FOLLOW = replace(then(StepKind.FOLLOW_UP), words=NEWS)


def _if(step: Step, *, closed: bool = False, below: int | None = None, quorum: int | None = None) -> Step:
    return replace(step, only_if=Condition(poll=BRIDGE, closed=closed, below=below, quorum=quorum))


async def _state_after(stage: Stage, hours: int, *, voters: int) -> OccurrenceState:
    """What became of the last step, when so many vote at half past one."""
    for hour in range(1, hours + 1):
        await stage.at(hour)
        if hour == 1:
            for number in range(voters):
                await stage.votes(0, voter=bytes([number]) * 16)
    return (await stage.states())[-1]


# ── on a condition ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("voters", "state"), [(0, DONE), (2, DONE), (3, UNMET)])
async def test_a_reminder_goes_out_only_while_few_took_part(voters: int, state: OccurrenceState) -> None:
    """Decided when it is due, by the ballots there are."""
    stage = await Stage(steps=(OPEN, CLOSE, replace(_if(REMIND, below=3), when=_half_hour_before()))).started()
    await stage.at(1)
    for number in range(voters):
        await stage.votes(0, voter=bytes([number]) * 16)

    await stage.at(1.5)

    reminders = [each for each in await stage.planned() if isinstance(each.message, PollReminder)]
    found = await stage.read(lambda books: books.campaigns.occurrences(stage.campaign.id))
    assert [each.state for each in found if each.step == "remind-route"] == [state]
    assert len(reminders) == (state is DONE)


def _half_hour_before() -> After:
    return After(-HOUR / 2, step=StepName("close_poll-route"))


@pytest.mark.parametrize(("voters", "state"), [(2, UNMET), (3, DONE)])
async def test_results_below_the_quorum_are_not_followed_up(voters: int, state: OccurrenceState) -> None:
    """So many, or more, at the closing."""
    stage = await Stage(steps=(OPEN, CLOSE, _if(FOLLOW, quorum=3))).started()

    assert await _state_after(stage, 3, voters=voters) is state


@pytest.mark.parametrize(("voters", "state"), [(2, DONE), (3, UNMET)])
async def test_a_quorum_that_was_missed_can_be_said(voters: int, state: OccurrenceState) -> None:
    """Closed, with fewer."""
    said = _if(then(StepKind.ANNOUNCE), closed=True, below=3)
    stage = await Stage(steps=(OPEN, CLOSE, said)).started()

    assert await _state_after(stage, 3, voters=voters) is state


async def test_what_needs_a_closed_poll_waits_for_it_until_its_grace_is_over() -> None:
    """A vote still to be counted holds up the closing; one that never comes does not hold up the step for ever."""
    stage = await Stage(steps=(_if(then(StepKind.ANNOUNCE), closed=True), OPEN, CLOSE)).started()

    await stage.at(1)
    waits = (await stage.states())[0]
    await stage.at(2.5)

    assert (waits, (await stage.states())[0]) == (PLANNED, MISSED)


async def test_a_condition_is_about_a_poll_that_is_known() -> None:
    """Somebody worked on the database by hand: the step waits, and is missed."""
    unknown = replace(_if(then(StepKind.ANNOUNCE), closed=True))
    stage = await Stage(steps=(unknown,)).started()

    assert await stage.at(1) == 0
    assert await stage.at(3) == 1
    assert await stage.states() == [MISSED]


# ── following up ───────────────────────────────────────────────────────────────────────────────────────────


async def test_a_follow_up_says_what_became_of_the_answers() -> None:
    """To everybody whom the campaign speaks to, with the question that was asked."""
    stage = await Stage(steps=(OPEN, CLOSE, FOLLOW)).started()
    await _state_after(stage, 3, voters=1)

    message = (await stage.planned())[-1].message

    assert message == FollowUp(poll=await stage.poll(), announcement=announcement())


async def test_the_preview_shows_a_follow_up_as_it_will_be() -> None:
    """Nothing in it is invented."""
    stage = Stage(steps=(OPEN, CLOSE, FOLLOW))

    shown = plan(
        stage.campaign,
        start=NOON,
        channels=(SQUARE,),
        platforms={ACCOUNT: ScriptedPlatform()},
        words=FakeWords(),
    )[-1]

    assert (shown.step.kind, shown.example, len(shown.parts)) == (StepKind.FOLLOW_UP, False, 1)


# ── only those who have not voted ──────────────────────────────────────────────────────────────────────────


async def _reminded(stage: Stage) -> list[str]:
    """Who gets the reminder: the square, and the names of subscribers."""
    planned = reversed(await stage.read(lambda books: books.deliveries.all(limit=10_000)))
    reminders = [each for each in planned if isinstance(each.message, PollReminder)]
    public = [each.recipient.name for each in reminders if each.recipient.kind is RecipientKind.CHANNEL]
    return public + [await _name(stage, each) for each in reminders if each.recipient.kind is RecipientKind.CITIZEN]


async def _name(stage: Stage, delivery: Delivery) -> str:
    number = CitizenId(int(delivery.recipient.name))
    found = await stage.read(lambda books: books.citizens.sealed_person(number))
    assert found is not None
    return stage.vault.unseal(found[0]).partition(":")[2]


async def _town(*names: str) -> Stage:
    """A poll is open, and these people get news in private."""
    stage = await Stage(steps=(OPEN, REMIND, CLOSE), subscribers=True).started()
    for name in names:
        await stage.citizen(name, subscribed=True)
    await stage.at(1)
    return stage


async def _votes(stage: Stage, person: str, act: Choose | Withdraw, order: int) -> None:
    key = stage.vault.voter(BRIDGE, PersonRef(person))
    await stage.store.cast([vote(act, voter=key, order=order, at=stage.clock.now())])


async def test_subscribers_who_have_voted_are_not_reminded() -> None:
    """The square is told once; whoever took the ballot back is reminded."""
    stage = await _town("alix", "bilal", "chloe")
    await _votes(stage, "telegram:alix", Choose(0), 1)
    await _votes(stage, "telegram:bilal", Choose(1), 2)
    await _votes(stage, "telegram:bilal", Withdraw(), 3)

    await stage.at(2)

    assert await _reminded(stage) == ["square", "bilal", "chloe"]


async def test_who_voted_with_another_account_is_not_reminded_on_this_one() -> None:
    """Linked accounts are one voter."""
    stage = await _town("alix", "bilal")
    bond = PersonRef("bond:0")
    await stage.store.write(lambda books: books.bonds.join(b"alix", bond))
    await _votes(stage, bond, Choose(0), 1)

    await stage.at(2)

    assert await _reminded(stage) == ["square", "bilal"]


async def test_without_the_key_of_the_poll_everybody_is_reminded() -> None:
    """Who has voted cannot be known; a reminder too many does no harm."""
    stage = await _town("alix")
    await _votes(stage, "telegram:alix", Choose(0), 1)
    stage.vault.destroy_poll_key(BRIDGE)

    await stage.at(2)

    assert await _reminded(stage) == ["square", "alix"]


async def test_more_subscribers_than_are_looked_at_at_once_are_all_looked_at() -> None:
    """Page by page."""
    people = [f"p{number}" for number in range(501)]
    stage = await _town(*people)
    await _votes(stage, "telegram:p0", Choose(0), 1)
    await _votes(stage, "telegram:p500", Choose(0), 2)

    await stage.at(2)

    assert await _reminded(stage) == ["square", *people[1:500]]


async def test_nobody_can_tell_from_the_ledger_who_voted_once_the_key_is_gone() -> None:
    """Who got no reminder had voted: the private reminders are forgotten before the key of the poll is."""
    stage = await _town("alix", "bilal")
    await _votes(stage, "telegram:alix", Choose(0), 1)
    await stage.at(2)
    await stage.at(3)
    keeping = Housekeeping(store=stage.store, vault=stage.vault, clock=stage.clock, accounts=(ACCOUNT,))
    stage.clock.advance(KEY_KEPT_AFTER_CLOSE)
    await keeping.look()
    kept = await _reminded(stage)

    stage.clock.advance(timedelta(seconds=1))
    await keeping.look()
    await keeping.look()

    assert (kept, await _reminded(stage)) == (["square", "bilal"], ["square"])
    assert not stage.vault.has_poll_key(BRIDGE)
