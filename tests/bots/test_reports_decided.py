"""What those who report a message are told where a human, or a rule, dealt with it before or after."""

from dataclasses import replace

import pytest

from core.case_messages import ReportDecided, ReportRefused
from core.events import Command, CommandGiven, Handle, Incoming, Received
from core.identifiers import Address, MessageId
from core.moderation import CaseState, Enforcement
from tests.bots.moderators import AUTHOR, SECOND, planned, said_by, state, told
from tests.bots.test_reporting import ANNE, BILAL, CHLOE, report, said_to, together, waiting
from tests.bots.town import TOWN, types, writes
from tests.fakes import ACCOUNT


async def test_what_is_said_in_a_group_of_others_is_not_kept() -> None:
    """Anybody can bring the bot into a group: what people write there is no business of the town's."""
    stage = together()
    elsewhere = Handle(account=ACCOUNT, private=False, chat=Address("-100999"), message=MessageId("95"))
    target = replace(said_by(), chat=Address("-100999"))

    def telling(received: Received) -> tuple[Incoming, ...]:
        given = CommandGiven(received=received, person=ANNE, command=Command("report"), handle=elsewhere)
        return (replace(given, target=target),)

    answers = await stage.hears(telling)

    assert said_to(ANNE, list(answers)) == [ReportRefused(reason="elsewhere")]
    assert await stage.look(lambda books: books.cases.all()) == ()
    assert await waiting(stage) == []


async def test_a_message_whose_author_was_warned_is_not_called_harmless() -> None:
    """It stands, and goes against the charter all the same; unless an appeal said otherwise."""
    stage = together()
    await told(stage, "/warn 2 non", answering=said_by())

    warned = await report(stage, ANNE)
    await stage.says(types(AUTHOR, "/appeal 1 pourquoi ?"))
    await told(stage, "/accept 1", person=SECOND)
    cleared = await report(stage, BILAL)

    assert said_to(ANNE, warned) == [ReportRefused(reason="judged")]
    assert said_to(BILAL, cleared) == [ReportRefused(reason="kept")]


async def test_what_a_rule_only_watches_is_looked_at_once_somebody_reports_it() -> None:
    """There is a case already, of which nobody was told."""
    stage = together()
    watching = tuple(replace(rule, enforcement=Enforcement.OBSERVE) for rule in TOWN.charter.rules)
    stage.town = replace(TOWN, charter=replace(TOWN.charter, rules=watching))
    await stage.hears(writes(AUTHOR, "Quelle andouille !", message="70"))
    before = await waiting(stage)

    await report(stage, ANNE)

    assert (before, await waiting(stage), (await state(stage))[1]) == ([], ["case:1"], CaseState.OBSERVED)


@pytest.mark.parametrize(("line", "upheld"), [("/accept 1", False), ("/refuse 1 non", True)])
async def test_whoever_reported_is_told_what_came_of_an_appeal(line: str, *, upheld: bool) -> None:
    """Who appeals against what was hidden has it decided; so were those who reported told that they would be."""
    stage = together()
    await report(stage, ANNE, BILAL, CHLOE)
    await stage.says(types(AUTHOR, "/appeal 1 pourquoi ?"))

    await told(stage, line)

    assert [each.message for each in await planned(stage) if isinstance(each.message, ReportDecided)] == [
        ReportDecided(upheld=upheld)
    ] * 3
