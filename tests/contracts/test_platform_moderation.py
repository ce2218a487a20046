"""What every network's moderator promises: what is put up holds, is let go of, and is said as it is."""

import asyncio
from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.errors import PlatformError, Rejected
from core.events import RightsChanged, StandingChanged
from core.identifiers import MessageId
from core.ports.moderator import Filter, Purged, Restraint, Standing
from core.ports.platform import Cursor
from core.sanction import OF_A_CHAT, SanctionKind
from tests.contracts.pretended import PretendedStage
from tests.contracts.stages import Stage
from tests.contracts.test_platform import RECEIVED, STAGES, Built

HOUR = timedelta(hours=1)
LONG = timedelta(days=400)
PAUSE = timedelta(seconds=30)


@pytest.fixture(params=["fake", *STAGES])
async def stage(request: pytest.FixtureRequest, socket_enabled: None) -> AsyncIterator[Stage]:  # noqa: ARG001  loopback
    stages: dict[str, Built] = {"fake": PretendedStage.built, **STAGES}
    async with stages[request.param]() as built:
        yield built


def restraint(stage: Stage, kind: SanctionKind, *, lasts: timedelta | None = HOUR) -> Restraint:
    return Restraint(
        kind=kind,
        chat=stage.place,
        subject=None if kind in OF_A_CHAT else stage.citizen_there,
        until=None if lasts is None else stage.clock.now() + lasts,
        pause=PAUSE if kind is SanctionKind.SLOW_MODE else timedelta(),
        reason="parvis:1",
    )


def each_kind(stage: Stage, some: Collection[SanctionKind] | None = None) -> list[SanctionKind]:
    """A ban last: who was out is not in again by themselves."""
    kinds = stage.moderator.powers.kinds if some is None else some
    return sorted(kinds, key=lambda kind: (kind is SanctionKind.BAN, kind))


def is_near(end: datetime | None, expected: datetime) -> bool:
    """Whether it ends then; turns take time. Some networks name no end."""
    return end is None or abs(end - expected) < timedelta(seconds=2)


async def standing(stage: Stage, kind: SanctionKind) -> Standing:
    subject = None if kind in OF_A_CHAT else stage.citizen_there
    return await stage.moderator.standing(stage.place, subject, kind)


async def test_nothing_is_kept_up_before_anything_is_put_up(stage: Stage) -> None:
    """Whatever is asked."""
    for kind in each_kind(stage):
        assert (await standing(stage, kind)).holds == {}, kind


async def test_what_is_put_up_holds_and_is_let_go_of(stage: Stage) -> None:
    """Both said twice: a call whose answer was lost is made again."""
    for kind in each_kind(stage):
        for _ in range(2):
            await stage.moderator.impose(restraint(stage, kind))
        held = (await standing(stage, kind)).holds
        for _ in range(2):
            await stage.moderator.lift(restraint(stage, kind))

        assert set(held) == {kind}, kind
        assert is_near(held[kind].until, stage.clock.now() + HOUR), kind
        assert held[kind].pause == (PAUSE if kind is SanctionKind.SLOW_MODE else timedelta()), kind
        assert kind not in (await standing(stage, kind)).holds, kind


async def test_requests_to_join_are_answered_where_there_are_any(stage: Stage) -> None:
    """Who does not ask any more is no trouble; where nobody can ask, that is said."""
    try:
        await stage.moderator.answer_request(stage.place, stage.citizen_there, admitted=True)
    except Rejected:
        assert not stage.moderator.powers.admits
    else:
        assert stage.moderator.powers.admits or isinstance(stage, PretendedStage)


async def test_a_place_is_set_up_again_as_it_was(stage: Stage) -> None:
    """Somebody thought about who may write there, and how often: a lock that ends undoes nothing of it."""
    for kind in sorted(OF_A_CHAT & stage.moderator.powers.kinds):
        stage.set_up()
        before = (await standing(stage, kind)).before
        await stage.moderator.impose(restraint(stage, kind))
        during = (await standing(stage, kind)).before
        for _ in range(2):
            await stage.moderator.lift(replace(restraint(stage, kind), before=before))

        assert before, kind
        assert (during != before, (await standing(stage, kind)).before) == (True, before), kind


async def test_who_comes_back_and_of_whom_a_hand_lets_go_is_heard_of(stage: Stage) -> None:
    """So that what should be is compared at once; what we did ourselves is known."""
    if not stage.hears:
        pytest.skip("nobody else mutes and blocks for us")
    stage.write("Bonjour")
    (first, *_) = await stage.platform.fetch(None)  # Telegram keeps what was asked for, from then on
    heard: list[set[str]] = []
    cursor: Cursor | None = Cursor(first.number + 1, first.mark)
    for kind, act in ((SanctionKind.MUTE, stage.pardon), (SanctionKind.BAN, stage.pardon), (None, stage.come_back)):
        if kind is not None:
            await stage.moderator.impose(restraint(stage, kind))
        act()
        if kind is SanctionKind.BAN:
            stage.come_back()
        found, cursor = await met(stage, cursor)
        heard.append(found)

    assert heard == [{stage.citizen_there.number}] * 3


async def test_a_right_that_returns_is_heard_of(stage: Stage) -> None:
    """So that what failed without it is tried again at once."""
    if not stage.hears:
        pytest.skip("what a token may do is not told")
    stage.disarm()
    stage.rearm()

    heard: list[type] = []
    async with asyncio.timeout(10):
        while RightsChanged not in heard:
            updates = await stage.platform.fetch(None)
            heard += [type(each) for one in updates for each in stage.platform.understand(one.body, RECEIVED)]

    assert RightsChanged in heard


async def met(stage: Stage, cursor: Cursor | None) -> tuple[set[str], Cursor | None]:
    """Of whom something is heard, as soon as it is."""
    found: set[str] = set()
    async with asyncio.timeout(10):
        while not found:
            updates = await stage.platform.fetch(cursor)
            for update in updates:
                cursor = Cursor(update.number + 1, update.mark)
                found |= {
                    event.person.number
                    for event in stage.platform.understand(update.body, RECEIVED)
                    if isinstance(event, StandingChanged)
                }
    return found, cursor


async def test_what_lasts_longer_than_the_network_keeps_it_up_holds_as_long_as_it_does(stage: Stage) -> None:
    """Never for ever by mistake: the rest is renewed."""
    for kind in each_kind(stage, stage.moderator.powers.longest):
        longest = stage.moderator.powers.longest[kind]
        await stage.moderator.impose(restraint(stage, kind, lasts=LONG))

        hold = (await standing(stage, kind)).holds[kind]
        assert hold.until is not None, kind
        assert is_near(hold.until, stage.clock.now() + longest), kind
        await stage.moderator.lift(restraint(stage, kind))


async def test_an_end_that_is_near_does_not_become_for_ever(stage: Stage) -> None:
    """Some networks take what is short for endless."""
    for kind in each_kind(stage, stage.moderator.powers.longest):
        await stage.moderator.impose(restraint(stage, kind, lasts=timedelta(seconds=1)))

        hold = (await standing(stage, kind)).holds[kind]
        assert hold.until is not None, kind
        assert hold.until - stage.clock.now() < timedelta(minutes=1), kind
        await stage.moderator.lift(restraint(stage, kind))


async def test_who_runs_the_place_is_known_to_be_out_of_reach(stage: Stage) -> None:
    """Before any call that would be refused."""
    officer = stage.officer_there

    assert (await stage.moderator.standing(stage.place, officer, SanctionKind.BAN)).immune
    assert not (await standing(stage, SanctionKind.BAN)).immune


async def test_without_the_right_nothing_is_put_up_and_that_is_said(stage: Stage) -> None:
    """A right that was lost is a state, not a fault."""
    stage.disarm()

    for kind in each_kind(stage):
        with pytest.raises(Rejected):
            await stage.moderator.impose(restraint(stage, kind))


async def test_a_place_that_is_out_of_reach_is_said(stage: Stage) -> None:
    """Nobody knows how somebody stands there."""
    if not stage.ours:
        pytest.skip("reading needs no right there")
    stage.lock_out()

    with pytest.raises(PlatformError):
        await standing(stage, SanctionKind.BAN)


async def test_somebody_unknown_is_not_there(stage: Stage) -> None:
    """An account that was closed: there is nobody to do anything about."""
    gone = replace(stage.citizen_there, number="999999999")

    found = await stage.moderator.standing(stage.place, gone, SanctionKind.BAN)

    assert (found.holds, found.immune) == ({}, False)


async def test_messages_go_and_what_became_of_each_is_said(stage: Stage) -> None:
    """More than a network takes at once; what was gone already is gone, what it keeps is said to stay."""
    messages = [stage.write(f"Ça suffit {rank}") for rank in range(101)]

    purged = await stage.moderator.purge(stage.place, messages, reason="parvis:1")
    again = await stage.moderator.purge(stage.place, messages[:1])

    assert purged == (Purged(gone=101) if stage.ours else Purged(refused=101))
    assert again.gone == (1 if stage.ours else 0)
    assert purged.asked == 101
    assert len(stage.words()) == (0 if stage.ours else 101)


async def test_what_stands_in_a_place_is_named_as_far_as_the_network_shows_it(stage: Stage) -> None:
    """The latest of them, from one message on and before another; none where nothing is shown."""
    first, second, last = (MessageId(stage.write(f"Bonjour {rank}")) for rank in range(3))

    shown = await stage.moderator.latest(stage.place, since=second, before=last, most=10)
    few = await stage.moderator.latest(stage.place, before=last, most=1)

    names = None if shown is None else [each.message for each in shown]
    assert names == ([second] if stage.ours else None)
    assert few is None or [each.message for each in few] == [second]
    assert first not in (names or ())


async def test_nothing_is_taken_out_without_the_right_to(stage: Stage) -> None:
    """And nobody is told that it was."""
    message: MessageId = stage.write("Ça suffit")
    stage.disarm()

    try:
        purged = await stage.moderator.purge(stage.place, [message, MessageId("1")])
    except Rejected:
        purged = Purged()

    assert (purged.gone, len(stage.words())) == (0, 1)


async def test_words_are_kept_back_where_the_network_can(stage: Stage) -> None:
    """As often as it is said, and no longer than that; where it cannot, nothing is claimed."""
    insults = Filter(name="Parvis : article 1", words=("crétin",), notice="Article 1")

    kept = [await stage.moderator.filter([stage.place], wanted) for wanted in ([insults], [insults], [])]

    assert kept == ([1, 1, 0] if stage.moderator.powers.filters else [0, 0, 0])
