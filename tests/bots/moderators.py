"""Moderators, and messages that they answer."""

from dataclasses import replace
from functools import partial

from core.answers import Answer, Erase, Remove, Say
from core.casefile import NO_ARTICLE
from core.casefile import pages as file_of
from core.citizen import Person
from core.delivery import Delivery
from core.events import Command, CommandGiven, Handle, Incoming, Received, Target
from core.identifiers import AccountName, Address, CaseNumber, MemberKey, MessageId
from core.messages import Answered
from core.moderation import CaseState
from core.ports.store import Books
from core.staff import Act, Member, Role, Staff
from tests.bots.town import ALIX, BLAISE, DEBATES, WENDY, Stage, private, public
from tests.fakes import ACCOUNT, Telling

CHLOE, DINA, READER = MemberKey("clopez"), MemberKey("dprat"), MemberKey("reader")
MODERATOR = replace(BLAISE, number="722")
SECOND = replace(WENDY, number="733")
AUTHOR = replace(ALIX, number="711")
NAMED = Staff(
    members=(
        Member(key=CHLOE, name="Chloé Lopez", role=Role.MODERATOR, accounts={ACCOUNT: "722"}),
        Member(key=DINA, name="Dina Prat", role=Role.MODERATOR, accounts={ACCOUNT: "733"}),
        Member(key=READER, name="Élie Reader", role=Role.READER, accounts={ACCOUNT: "744"}),
        Member(key=MemberKey("away"), name="Away", role=Role.MODERATOR, accounts={AccountName("elsewhere"): "711"}),
    )
)


def staffed() -> Stage:
    """A town with two moderators and a reader."""
    return Stage(staff=NAMED)


def said_by(author: Person = AUTHOR, text: str = "Espèce de nigaud", message: str = "70") -> Target:
    """A message of the debates."""
    return Target(author=author, chat=DEBATES, message=MessageId(message), text=text)


def orders(
    line: str,
    *,
    answering: Target | None = None,
    person: Person = MODERATOR,
    where: Handle | None = None,
    about: tuple[Address, MessageId] | None = None,
) -> Telling:
    """Somebody gives a command: in answer to a message of the debates, else in private."""
    handle = where or (private(person) if answering is None else public(message="90"))
    name, *words = line.removeprefix("/").split()

    def telling(received: Received) -> tuple[Incoming, ...]:
        command = Command(name, tuple(words))
        given = CommandGiven(received=received, person=person, command=command, handle=handle, target=answering)
        return (replace(given, about=about),)

    return telling


async def told(
    stage: Stage,
    line: str,
    *,
    answering: Target | None = None,
    person: Person = MODERATOR,
    about: tuple[Address, MessageId] | None = None,
) -> Answered | None:
    """What the person is told, and nobody else."""
    answers = await stage.hears(orders(line, answering=answering, person=person, about=about))
    said = [each for each in answers if isinstance(each, Say)]
    assert all(each.handle.private and each.handle.chat == person.account for each in said)
    return said[0].message if said else None  # type: ignore[return-value]  # answers carry answered messages


def removals(answers: tuple[Answer, ...]) -> list[Remove]:
    """What is to be taken out."""
    return [each for each in answers if isinstance(each, Remove)]


def erasures(answers: tuple[Answer, ...]) -> list[Erase]:
    """Which commands are taken out of sight."""
    return [each for each in answers if isinstance(each, Erase)]


async def acts(stage: Stage, case: int = 1) -> list[tuple[Act, str, str]]:
    """What stands in the file of a case."""
    file = await stage.look(lambda books: file_of(books, stage.vault, CaseNumber(case)))
    return [(page.act, page.by, page.words) for page in file]


async def state(stage: Stage, case: int = 1) -> tuple[str, CaseState]:
    """The article of a case, and where it stands."""
    found = await stage.look(lambda books: books.cases.get(CaseNumber(case)))
    assert found is not None
    return found.article, found.state


async def planned(stage: Stage) -> tuple[Delivery, ...]:
    """What goes out."""
    return await stage.look(lambda books: books.deliveries.all())


async def opened_by_another(stage: Stage, account: AccountName = ACCOUNT, article: str = NO_ARTICLE) -> None:
    """A case about which somebody asked, sealed with another key of the town."""
    await stage.look(partial(_open, stage, account, article))


def _open(stage: Stage, account: AccountName, article: str, books: Books) -> None:
    books.cases.open(
        article=article,
        charter="2027-1",
        account=account,
        chat=DEBATES,
        message=MessageId("70"),
        author=b"",
        sealed=b"another key",
        state=CaseState.REPORTED,
        at=stage.clock.now(),
    )
