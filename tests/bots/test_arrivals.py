"""Somebody comes into a discussion: rules for newcomers know it, and a wave is seen."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.alert import AlertKind
from core.arrivals import Waves
from core.citizen import Person
from core.events import Incoming, Received, StandingChanged
from core.identifiers import Address, Locale
from core.messages import MyData
from core.moderation import CaseState, Charter, Enforcement, Rule
from core.place_messages import PlaceNotice
from core.ports.moderator import NO_POWERS
from core.rules.clause import Clause, Conditions
from core.rules.links import Links
from core.sanction import Sanction, SanctionKind, SanctionState
from core.staff import SERVICE
from tests.bots.moderators import AUTHOR, NAMED, planned, told
from tests.bots.test_places import BY_HAND
from tests.bots.town import ALIX, DEBATES, TOWN, Stage, both, types, writes
from tests.fakes import TELEGRAM, Telling

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
SLOW = Waves(enforcement=Enforcement.ENFORCE, most=2, within=5 * MINUTE, pause=MINUTE, lasts=60 * MINUTE)


def arrives(person: Person, place: Address | None = DEBATES) -> Telling:
    """Somebody comes into a place, or (None) a hand lets go of them."""

    def telling(received: Received) -> tuple[Incoming, ...]:
        return (StandingChanged(received=received, person=person, arrived_in=place),)

    return telling


def people(number: int) -> list[Person]:
    """So many strangers."""
    return [Person(platform=TELEGRAM, account=str(900 + rank), locale=Locale.FR, name="X") for rank in range(number)]


def warding(waves: Waves) -> Stage:
    """A town that looks out for waves."""
    return Stage(town=replace(TOWN, charter=replace(TOWN.charter, waves=waves)), staff=NAMED, powers=BY_HAND)


async def wave(stage: Stage, number: int, place: Address = DEBATES) -> None:
    """So many come at once."""
    for person in people(number):
        await stage.hears(arrives(person, place))


async def alerted(stage: Stage) -> list[tuple[str, str]]:
    """Which waves the staff is told of."""
    found = await stage.look(lambda books: books.alerts.standing())
    waves = [each.matter for each in found if each.matter.kind is AlertKind.WAVE]
    return [(each.about, each.detail.fr if each.detail else "") for each in waves]


async def slow_modes(stage: Stage) -> tuple[Sanction, ...]:
    """What was ordered there."""
    return await stage.look(lambda books: books.sanctions.all())


async def test_a_rule_for_newcomers_holds_where_the_network_only_tells_of_arrivals() -> None:
    """For as long as the charter says."""
    links = Clause(
        name="links",
        family=Links(denied=("spam.example",)),
        enforcement=Enforcement.OBSERVE,
        only=Conditions(newcomers=2 * DAY),
    )
    rule = Rule(article="5", wording=both("Non."), forbidden=(), clauses=(links,))
    stage = Stage(town=replace(TOWN, charter=Charter(version="1", rules=(rule,))))
    await stage.hears(arrives(ALIX))
    await stage.hears(writes(ALIX, "https://spam.example", message="70"))

    stage.clock.advance(2 * DAY)
    await stage.hears(writes(ALIX, "https://spam.example", message="71"))
    await stage.hears(writes(AUTHOR, "https://spam.example", message="72"))

    cases = await stage.look(lambda books: books.cases.all())
    assert [(case.message, case.state) for case in cases] == [("70", CaseState.OBSERVED)]


async def test_a_wave_slows_the_discussion_down_and_alerts_once() -> None:
    """For a time, said to everybody there; the next arrivals change nothing."""
    stage = warding(SLOW)

    await wave(stage, 2)
    before = (await alerted(stage), await slow_modes(stage))
    await wave(stage, 5)

    (slow,) = await slow_modes(stage)
    (notice,) = [each.message for each in await planned(stage)]
    assert before == ([], ())
    assert (slow.kind, slow.by, slow.pause, slow.until) == (
        SanctionKind.SLOW_MODE,
        SERVICE,
        MINUTE,
        stage.clock.now() + 60 * MINUTE,
    )
    assert isinstance(notice, PlaceNotice)
    assert notice.by_rule
    assert [about for about, _ in await alerted(stage)] == [f"place:{stage.desk.account}/{DEBATES}"]
    assert stage.woken == 1


async def test_who_comes_and_goes_and_comes_is_one_arrival() -> None:
    """One person is no wave."""
    stage = warding(SLOW)

    for _ in range(9):
        await stage.hears(arrives(ALIX))

    assert (await alerted(stage), await slow_modes(stage)) == ([], ())


@pytest.mark.parametrize("enforcement", [Enforcement.OBSERVE, Enforcement.OFF])
async def test_a_town_that_only_observes_orders_nothing(enforcement: Enforcement) -> None:
    """Off, nobody is alerted either."""
    stage = warding(replace(SLOW, enforcement=enforcement))

    await wave(stage, 3)

    assert await slow_modes(stage) == ()
    assert len(await alerted(stage)) == (enforcement is Enforcement.OBSERVE)


async def test_what_a_moderator_ordered_there_stands() -> None:
    """The rules put nothing on top of it."""
    stage = warding(SLOW)
    await told(stage, "/slowmode 5m")

    await wave(stage, 3)

    assert [each.by for each in await slow_modes(stage)] == ["clopez"]
    assert len(await alerted(stage)) == 1


async def test_what_a_moderator_ended_is_not_ordered_again() -> None:
    """The wave is the same."""
    stage = warding(SLOW)
    await wave(stage, 3)
    await told(stage, "/slowmode off")
    (slow,) = await slow_modes(stage)
    ended = replace(slow, state=SanctionState.ENDED)
    await stage.look(lambda books: books.sanctions.save(ended, expected=slow.state))

    await wave(stage, 5)

    assert len(await slow_modes(stage)) == 1


async def test_a_network_that_slows_nothing_down_is_left_as_it_is() -> None:
    """The staff is told."""
    stage = replace(warding(SLOW), powers=NO_POWERS)

    await wave(stage, 3)

    assert (len(await alerted(stage)), await slow_modes(stage)) == (1, ())


async def test_arrivals_too_far_apart_or_elsewhere_are_no_wave() -> None:
    """A group that grows is a good thing."""
    stage = warding(SLOW)

    for person in people(5):
        await stage.hears(arrives(person))
        stage.clock.advance(5 * MINUTE)
    await wave(stage, 5, Address("-100999"))

    assert await alerted(stage) == []


async def test_a_hand_that_lets_go_of_somebody_is_no_arrival() -> None:
    """Their measures are looked at, nothing is kept."""
    stage = warding(SLOW)

    await stage.hears(arrives(ALIX, None))

    assert await stage.look(lambda books: books.arrivals.of(stage.vault.blind(ALIX.ref))) == 0


async def test_who_came_sees_and_erases_it() -> None:
    """With their data."""
    stage = warding(SLOW)
    await stage.hears(arrives(ALIX))

    mine = await stage.says(types(ALIX, "/mydata"))
    await stage.says(types(ALIX, "/forgetme"))

    assert isinstance(mine, MyData)
    assert ("arrivals", 1) in {(each.purpose, each.entries) for each in mine.kept}
    assert await stage.look(lambda books: books.arrivals.of(stage.vault.blind(ALIX.ref))) == 0
