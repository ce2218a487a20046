"""What holds whatever happens, in whatever order: one citizen, one ballot, the latest."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from core.citizen import Person
from core.errors import OutcomeUnknown, StorageError
from core.ports.platform import Update
from tests.bots.listening import listening, quiet
from tests.bots.town import ALIX, BLAISE, WENDY, Stage, presses, types

PEOPLE = (ALIX, BLAISE, WENDY)


@dataclass(frozen=True)
class Act:
    """Somebody presses an option; ``option`` None takes the ballot back by typing."""

    person: Person
    option: int | None


acts = st.builds(Act, st.sampled_from(PEOPLE), st.one_of(st.none(), st.integers(0, 2)))
histories = st.lists(acts, min_size=1, max_size=12)
batches = st.lists(st.integers(1, 5), min_size=1, max_size=6)


def expected(history: Sequence[Act]) -> tuple[int, ...]:
    """The tally that a person with paper and pencil finds."""
    latest = {act.person.account: act.option for act in history}
    return tuple(sum(option == rank for option in latest.values()) for rank in range(3))


def updates(stage: Stage, history: Sequence[Act]) -> list[Update]:
    """The history as the platform reports it."""
    return [
        stage.platform.update(
            types(act.person, "/withdraw marche_arbres") if act.option is None else presses(act.person, act.option)
        )
        for act in history
    ]


@given(histories, batches, st.randoms(use_true_random=False))
def test_any_repetition_of_updates_gives_one_ballot_per_citizen(
    history: list[Act], sizes: list[int], random: Random
) -> None:
    """The platform sends again whatever it is not sure about, and the process may stop at any time."""

    async def scenario() -> tuple[int, ...]:
        stage = Stage()
        await stage.opens()
        told = updates(stage, history)
        start = 0
        for size in [*sizes, len(told)]:
            again = [update for update in told[:start] if random.random() < 0.5]
            async with listening(stage) as runner:
                stage.platform.repeats(*again, *told[start : start + size])
                await quiet(stage, runner)
            start += size
        return await stage.tally()

    assert asyncio.run(scenario()) == expected(history)


@given(histories, st.lists(st.sampled_from(["works", "fails", "unknown before", "unknown after"]), max_size=12))
def test_whatever_the_store_does_what_was_acknowledged_is_what_counts(history: list[Act], fates: list[str]) -> None:
    """A ballot that was answered as counted is in the tally, and one answered as not recorded is not."""

    async def scenario() -> tuple[tuple[int, ...], list[tuple[Act, str]]]:
        stage = Stage()
        await stage.opens()
        for fate in fates:
            _arrange(stage, fate)
        acknowledged: list[tuple[Act, str]] = []
        async with listening(stage) as runner:
            for act in history:
                if act.option is not None:
                    stage.platform.hears(presses(act.person, act.option))
                    await quiet(stage, runner)
                    acknowledged.append((act, stage.platform.toasts[-1].text))
        return await stage.tally(), acknowledged

    tally, acknowledged = asyncio.run(scenario())

    assert tally == expected([act for act, said in acknowledged if said.startswith("<ballot_counted")])


def _arrange(stage: Stage, fate: str) -> None:
    match fate:
        case "fails":
            stage.store.fails("cast", StorageError("disk full"))
        case "unknown before":
            stage.store.fails("cast", OutcomeUnknown("cut"))
        case "unknown after":
            stage.store.fails("cast", OutcomeUnknown("cut"), after=True)
        case _:
            stage.store.works("cast")
