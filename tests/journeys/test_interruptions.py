"""The service stops in the middle and opens again over the same store, or Telegram is slow."""

from collections import Counter

import pytest

from sandbox.faults import Fault, Harm
from sandbox.telegram.values import Message
from tests.journeys.people import Citizen
from tests.journeys.town import Town


def sent(town: Town) -> Counter[tuple[object, object]]:
    """How often each text went to each chat."""
    results = [call["result"] for call in town.stage.journal.calls("sendMessage", "done")]
    return Counter((result["chat"], result["text"]) for result in results if isinstance(result, dict))


@pytest.mark.parametrize(
    "hours",
    [1, pytest.param(24.5, marks=pytest.mark.slow)],
    ids=["while the poll is open", "between the end and the result"],
)
async def test_a_restart_loses_no_vote_and_posts_nothing_twice(
    town: Town, fete: Message, anne: Citizen, hours: float
) -> None:
    """In the channel and in the private chat of a subscriber."""
    await anne.writes("/subscribe")
    await anne.presses("Des jeux", under=fete)
    await town.waits(hours=hours)

    await town.reopens()
    await town.waits(days=2)

    assert set(sent(town).values()) == {1}
    assert "Des jeux : 100 % (1 voix)" in town.shown(town.published("Résultats : Que voulez-vous"))


async def test_what_people_did_meanwhile_is_heard_and_answered(
    town: Town, fete: Message, anne: Citizen, ben: Citizen
) -> None:
    """A restart takes a few seconds; a press waits fifteen."""
    await town.closes()
    press = anne.touches("Des jeux", under=fete)
    ben.asks("/vote envies 3")
    await town.blinks(5)

    await town.opens()

    assert town.world.toasts[press].text.startswith("C’est compté")
    assert ben.reads().startswith("Counted, 1 answer: “Games”.")
    assert (await town.officer.tally("fete_envies")).counts == (0, 0, 2)


async def test_a_vote_counts_although_its_press_is_too_old_to_be_answered(
    town: Town, fete: Message, anne: Citizen
) -> None:
    """Telegram case 22, end to end: the service was away for twenty seconds; only the bubble is lost."""
    await town.closes()
    press = anne.touches("Des jeux", under=fete)
    await town.blinks(20)

    await town.opens()

    assert press not in town.world.toasts
    assert [call["outcome"] for call in town.stage.journal.calls("answerCallbackQuery")] == ["refused"]
    assert "Votre réponse : Des jeux" in await anne.writes("/myvote")


async def test_what_fell_due_meanwhile_is_done_at_once(town: Town, fete: Message, anne: Citizen) -> None:
    """A power cut over the end of the poll: it closes late, and its result is published."""
    await anne.presses("Des jeux", under=fete)
    await town.closes()
    await town.waits(days=2)

    await town.opens()
    await town.looks()

    assert town.labels(fete) == []
    assert "Des jeux : 100 % (1 voix)" in town.shown(town.published("Résultats : Que voulez-vous"))


async def test_a_press_after_the_end_is_refused_in_a_box(town: Town, fete: Message, anne: Citizen) -> None:
    """While Telegram is slow to take the buttons away, nobody must believe that they voted."""
    town.stage.server.faults.add(Fault(harm=Harm.STATUS, method="editMessageText", count=100))
    await town.waits(days=1)

    bubble = await anne.presses("Des jeux", under=fete)

    assert bubble.alert
    assert bubble.text.startswith("C’est trop tard : la consultation est terminée. Ce choix n’est pas compté.")
    assert (await town.officer.tally("fete_envies")).voters == 0
