"""Nothing that names a citizen, or repeats one, is ever written in the log or said before others."""

import json
import logging

import pytest

from bots.catalogue import COMMANDS, Entry
from core.answers import Say
from core.citizen import Person
from core.errors import OutcomeUnknown, Rejected, StorageError, Unavailable, Unreadable
from core.events import Departed, Incoming, Received
from core.identifiers import Locale
from core.messages import HelpShown, LanguageOffered, OpenPolls, PrivateOnly, RulesShown
from tests.bots.listening import listening, quiet
from tests.bots.town import ALIX, Stage, presses, presses_command, public, types, writes
from tests.fakes import TELEGRAM

CANARY = Person(platform=TELEGRAM, account="90210776655", locale=Locale.FR, name="Zénobie Canari")
WORDS = "ma-phrase-secrète andouille"
FOR_EVERYONE = (HelpShown, OpenPolls, RulesShown, PrivateOnly, LanguageOffered)


def cannot_be_read(_received: Received) -> tuple[Incoming, ...]:
    """An update whose error quotes it."""
    raise Unreadable(f"{CANARY.name} {CANARY.account} {WORDS}")


def departs(received: Received) -> tuple[Incoming, ...]:
    """The canary leaves."""
    return (Departed(received=received, person=CANARY),)


async def everything_goes_wrong(stage: Stage) -> None:
    """The canary does all there is to do, while all there is fails."""
    said = f"{CANARY.name} {CANARY.account} {WORDS}"
    stage.store.fails("cast", StorageError(said))
    stage.store.fails("cast", OutcomeUnknown(said))
    stage.platform.fails("toast", Unavailable(said))
    stage.platform.fails("say", Rejected(said))
    stage.platform.fails("remove", Rejected(said))
    async with listening(stage) as runner:
        stage.store.fails("write", StorageError(said), times=3)
        stage.platform.fails("fetch", Unavailable(said))
        stage.platform.hears(cannot_be_read, presses(CANARY, 0), writes(CANARY, WORDS), departs)
        stage.platform.hears(*(types(CANARY, f"/{entry.name} {WORDS}") for entry in COMMANDS))
        await quiet(stage, runner)
        stage.vault.breaks_for = CANARY.ref
        stage.platform.hears(presses(CANARY, 1), types(CANARY, "/help"), writes(CANARY, WORDS))
        await quiet(stage, runner)


@pytest.mark.parametrize("secret", [CANARY.account, CANARY.name, "secrète"])
async def test_no_log_line_names_or_quotes_a_citizen(
    voting: Stage, caplog: pytest.LogCaptureFixture, secret: str
) -> None:
    """Not even when everything fails, at the most talkative level."""
    caplog.set_level(logging.DEBUG)

    await everything_goes_wrong(voting)

    written = json.dumps([{**vars(record), "said": record.getMessage()} for record in caplog.records], default=repr)
    assert (len(caplog.records) > 5, secret in written) == (True, False)


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name.value)
@pytest.mark.parametrize("pressed", [False, True], ids=["typed", "pressed"])
async def test_a_group_reads_only_what_concerns_everyone(voting: Stage, entry: Entry, *, pressed: bool) -> None:
    """Whatever command is given there, and however."""
    await voting.hears(presses(ALIX, 1))
    line = f"/{entry.name}"
    where = public(press="p" if pressed else None)

    answers = await voting.hears((presses_command if pressed else types)(ALIX, line, where=where))

    said = [answer.message for answer in answers if isinstance(answer, Say) and not answer.handle.private]
    assert [message for message in said if not isinstance(message, FOR_EVERYONE)] == []
