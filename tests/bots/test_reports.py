"""Somebody asks a moderator to look at a message."""

import json

from core.answers import Toast
from core.citizen import Person
from core.events import Incoming, MessageReported, Received
from core.identifiers import CaseNumber, Locale, MessageId
from core.messages import ReportOfOurs, ReportTaken
from core.moderation import CaseState
from tests.bots.test_watch import cases, only_case
from tests.bots.town import ALIX, BLAISE, DEBATES, WENDY, Stage, private, writes
from tests.fakes import Telling

LINK = "https://discord.com/channels/800/811/70"


def reports(reporter: Person, author: Person = ALIX, text: str = "Tous des voleurs", *, ours: bool = False) -> Telling:
    """Somebody reports the message 70 of somebody else."""

    def telling(received: Received) -> tuple[Incoming, ...]:
        return (
            MessageReported(
                received=received,
                person=reporter,
                handle=private(reporter, press="p"),
                author=author,
                chat=DEBATES,
                message=MessageId("70"),
                text=text,
                link=LINK,
                ours=ours,
            ),
        )

    return telling


async def test_a_report_is_a_case_for_a_moderator(stage: Stage) -> None:
    """With the words as they stood, and the way there; nothing is done about the message."""
    answers = await stage.hears(reports(BLAISE))

    case = await only_case(stage)
    evidence = json.loads(stage.desk.vault.unseal(case.sealed))
    thanks = Toast(handle=private(BLAISE, press="p"), message=ReportTaken(), locale=Locale.FR)
    assert answers == (thanks,)
    assert (case.state, case.note) == (CaseState.REPORTED, LINK)
    assert (evidence["name"], evidence["text"]) == (ALIX.name, "Tous des voleurs")


async def test_a_report_of_our_own_message_is_no_case(stage: Stage) -> None:
    """There is nobody to moderate; whoever dislikes what the town hall says is told where to say so."""
    answers = await stage.hears(reports(BLAISE, ours=True))

    kindly = Toast(handle=private(BLAISE, press="p"), message=ReportOfOurs(), locale=Locale.FR)
    assert (answers, await cases(stage), await stage.pending()) == ((kindly,), [], 0)


async def test_who_reported_is_not_in_the_evidence(stage: Stage) -> None:
    """The author may see all that is held about them."""
    await stage.hears(reports(BLAISE))

    case = await only_case(stage)
    assert BLAISE.account not in stage.desk.vault.unseal(case.sealed)
    assert case.author == stage.desk.vault.blind(ALIX.ref)


async def test_a_hundred_reports_are_one_case(stage: Stage) -> None:
    """Each of them is thanked."""
    await stage.hears(reports(BLAISE))
    answers = await stage.hears(reports(WENDY))

    assert await cases(stage) == [("-", CaseState.REPORTED)]
    assert len(answers) == 1


async def test_a_report_protects_nothing_from_the_charter(stage: Stage) -> None:
    """What is rewritten into an insult is removed, within the same case."""
    await stage.hears(reports(BLAISE))
    await stage.hears(writes(ALIX, "Quelle andouille", edited=True))

    assert await cases(stage) == [("2", CaseState.TO_REMOVE)]


async def test_a_rule_that_watches_keeps_the_report(stage: Stage) -> None:
    """A moderator was asked already."""
    await stage.hears(reports(BLAISE))
    await stage.hears(writes(ALIX, "Ah zut"))

    assert await cases(stage) == [("-", CaseState.REPORTED)]


async def test_what_was_removed_is_not_reported_anew(stage: Stage) -> None:
    """Its case stays what it is."""
    await stage.hears(writes(ALIX, "Quelle andouille"))
    await stage.hears(reports(BLAISE))

    assert [number for number, _ in await cases(stage)] == ["2"]
    assert (await only_case(stage)).number == CaseNumber(1)
