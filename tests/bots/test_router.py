"""Who deals with what, and where each command may be given."""

import pytest

from bots.catalogue import COMMANDS, Entry, Name, Where
from bots.router import HANDLERS
from core.answers import Say, Toast
from core.events import Incoming, Received, UnknownButtonPressed
from core.identifiers import Locale
from core.messages import PrivateOnly, UnknownButton, UnknownCommand
from tests.bots.town import ALIX, ARBRES, Stage, presses, presses_command, private, public, types

PERSONAL = [entry for entry in COMMANDS if entry.where is not Where.ANYWHERE]


def test_every_command_has_a_handler() -> None:
    """A command in the menu that does nothing would be a broken promise."""
    assert set(HANDLERS) == set(Name)


@pytest.mark.parametrize("entry", PERSONAL, ids=lambda entry: entry.name.value)
async def test_a_personal_command_typed_in_a_group_is_asked_for_in_private(voting: Stage, entry: Entry) -> None:
    """Its answer would be read by all; and it must have had no effect."""
    await voting.hears(presses(ALIX, 1))

    message = await voting.says(types(ALIX, f"/{entry.name}", where=public()))

    about = f" {ARBRES}" if entry.name in {Name.VOTE, Name.WITHDRAW} else ""
    assert (message, await voting.tally()) == (PrivateOnly(command=f"/{entry.name}{about}"), (0, 1, 0))


@pytest.mark.parametrize(
    "entry", [entry for entry in COMMANDS if entry.where is Where.IN_PRIVATE], ids=lambda entry: entry.name.value
)
async def test_a_long_personal_answer_is_not_given_to_a_press_in_a_group(stage: Stage, entry: Entry) -> None:
    """It would not fit the bubble."""
    answers = await stage.hears(presses_command(ALIX, entry.name.value, where=public(press="p")))

    assert [type(answer) for answer in answers] == [Toast]
    assert await stage.pending() == 0


async def test_an_unknown_command_in_private_is_answered(stage: Stage) -> None:
    """With the way to the help."""
    assert await stage.says(types(ALIX, "/danser")) == UnknownCommand()


async def test_an_unknown_command_in_a_group_is_let_go(stage: Stage) -> None:
    """It may be another bot's."""
    answers = await stage.hears(types(ALIX, "/ban", where=public()))

    assert (answers, await stage.pending()) == ((), 0)


async def test_a_button_that_no_message_carries_any_more_is_answered(stage: Stage) -> None:
    """The presser waits for something to happen."""
    handle = public(press="p")

    def presses_nothing(received: Received) -> tuple[Incoming, ...]:
        return (UnknownButtonPressed(received=received, person=ALIX, handle=handle),)

    assert await stage.hears(presses_nothing) == (Toast(handle=handle, message=UnknownButton(), locale=Locale.FR),)


async def test_a_pressed_command_is_obeyed(stage: Stage) -> None:
    """Every button is a command."""
    answers = await stage.hears(presses_command(ALIX, "polls", where=private(ALIX, press="p")))

    assert isinstance(answers[0], Say)
