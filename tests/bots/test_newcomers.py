"""Arriving, choosing, leaving."""

import pytest

from core.answers import Say
from core.audience import Recipient, RecipientKind
from core.delivery import DeliveryState, Urgency
from core.events import Departed, Incoming, Received
from core.identifiers import Locale, OccurrenceId
from core.messages import (
    HelpShown,
    LanguageChosen,
    LanguageOffered,
    ResultsPublished,
    Subscribed,
    Unsubscribed,
    Welcome,
)
from core.poll import Tally
from tests.bots.town import ALIX, TOWN, WENDY, Stage, poll, presses_command, private, types
from tests.fakes import ACCOUNT, NOON


def departs(received: Received) -> tuple[Incoming, ...]:
    """Alix blocks the bot."""
    return (Departed(received=received, person=ALIX),)


async def subscribers(stage: Stage) -> int:
    """How many asked for news."""
    return await stage.look(lambda books: books.citizens.subscribers())


async def test_starting_is_answered_with_a_welcome(stage: Stage) -> None:
    """First words."""
    answers = await stage.hears(types(WENDY, "/start"))

    assert answers == (Say(handle=private(WENDY), message=Welcome(town=TOWN.name, subscribed=False), locale=Locale.EN),)


async def test_starting_leaves_no_trace(stage: Stage) -> None:
    """Nobody is remembered before they choose or ask."""
    await stage.hears(types(ALIX, "/start"))

    assert await stage.look(lambda books: books.citizens.find(stage.vault.blind(ALIX.ref))) is None


async def test_the_welcome_knows_who_is_subscribed(stage: Stage) -> None:
    """It offers what is not yet the case."""
    await stage.hears(types(ALIX, "/subscribe"))

    assert await stage.says(types(ALIX, "/start")) == Welcome(town=TOWN.name, subscribed=True)


async def test_help_shows_the_commands(stage: Stage) -> None:
    """Everything a button does can be typed."""
    assert await stage.says(types(ALIX, "/aide")) == HelpShown(town=TOWN.name)


@pytest.mark.parametrize("word", ["en", "EN", "anglais", "English"])
async def test_choosing_a_language_is_answered_in_it(stage: Stage, word: str) -> None:
    """The answer is the proof."""
    answers = await stage.hears(types(ALIX, f"/langue {word}"))

    assert answers == (Say(handle=private(ALIX), message=LanguageChosen(), locale=Locale.EN),)


async def test_a_language_is_chosen_by_a_button(stage: Stage) -> None:
    """As the welcome offers."""
    assert await stage.says(presses_command(ALIX, "language en")) == LanguageChosen()


@pytest.mark.parametrize("line", ["/language", "/language klingon"])
async def test_a_language_not_named_is_offered(stage: Stage, line: str) -> None:
    """With a button each."""
    assert await stage.says(types(ALIX, line)) == LanguageOffered()


async def test_choosing_a_language_subscribes_to_nothing(stage: Stage) -> None:
    """Consent to be written to is asked for apart."""
    await stage.hears(types(ALIX, "/language en"))

    assert await subscribers(stage) == 0


async def test_subscribing_keeps_the_language_chosen_before(stage: Stage) -> None:
    """The news come in it."""
    await stage.hears(types(ALIX, "/language en"))

    answers = await stage.hears(types(ALIX, "/abonner"))

    assert answers == (Say(handle=private(ALIX), message=Subscribed(), locale=Locale.EN),)


async def test_the_account_is_remembered_sealed(stage: Stage) -> None:
    """Only the town's key can name a citizen."""
    await stage.hears(types(ALIX, "/subscribe"))

    citizen = await stage.look(lambda books: books.citizens.find(stage.vault.blind(ALIX.ref)))
    assert citizen is not None
    held = await stage.look(lambda books: books.citizens.sealed_person(citizen.id))

    assert held is not None
    assert (stage.vault.unseal(held[0]), held[1:]) == (ALIX.ref, (Locale.FR, True))


@pytest.mark.parametrize("leave", [types(ALIX, "/stop"), departs], ids=["by a command", "by blocking the bot"])
async def test_leaving_cancels_what_was_planned(stage: Stage, leave: object) -> None:
    """The next message after goodbye would be one too many."""
    await stage.hears(types(ALIX, "/subscribe"))
    await stage.look(
        lambda books: books.deliveries.plan(
            occurrence=OccurrenceId(1),
            message=ResultsPublished(poll=poll(), tally=Tally(counts=(0, 0, 0), voters=0)),
            recipients=[(ACCOUNT, Recipient(RecipientKind.CITIZEN, "1"))],
            urgency=Urgency.CAMPAIGN,
            due_at=NOON,
            expires_at=NOON,
        )
    )

    await stage.hears(leave)  # type: ignore[arg-type]  # parametrize knows no types

    assert await stage.look(lambda books: books.deliveries.count()) == {DeliveryState.CANCELLED: 1}


async def test_stopping_is_confirmed_also_without_a_subscription(stage: Stage) -> None:
    """What the citizen wants is true: they get nothing."""
    assert await stage.says(types(ALIX, "/stop")) == Unsubscribed()


async def test_departing_is_not_answered(stage: Stage) -> None:
    """The door is closed."""
    assert await stage.hears(departs) == ()
