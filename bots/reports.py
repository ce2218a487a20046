"""Somebody asks a moderator to look at a message: a case is opened, and nothing is done about the message.

Who asked is not stored anywhere: the author can never learn it, and nobody is counted. A message that has a case
already keeps it: a hundred reports are one thing to look at. A message of ours needs no moderator.
"""

from bots.desk import Desk, language, tell
from core.answers import Answer
from core.casefile import NO_ARTICLE, decided
from core.events import MessageReported
from core.folding import clean
from core.messages import ReportOfOurs, ReportTaken
from core.moderation import CaseState, Evidence, written
from core.ports.store import Books
from core.staff import CITIZEN, Act


async def take(desk: Desk, event: MessageReported) -> tuple[Answer, ...]:
    """Open the case and thank whoever asked; of our own message, say that it is ours."""
    if event.ours:
        return await tell(desk, ReportOfOurs(), received=event.received, person=event.person, handle=event.handle)
    await desk.store.write(lambda books: _opened(desk, books, event))
    return await tell(desk, ReportTaken(), received=event.received, person=event.person, handle=event.handle)


def _opened(desk: Desk, books: Books, event: MessageReported) -> None:
    if books.cases.at(desk.account, event.chat, event.message) is not None:
        return
    evidence = Evidence(
        author=event.author.ref,
        name=clean(event.author.name),
        text=clean(event.text),
        locale=language(desk, books, event.author),
        has_private_chat=event.author.has_private_chat,
        number=event.author.number,
    )
    case = books.cases.open(
        article=NO_ARTICLE,
        charter=desk.town.charter.version,
        account=desk.account,
        chat=event.chat,
        message=event.message,
        author=desk.vault.blind(event.author.ref),
        sealed=desk.vault.seal(written(evidence)),
        state=CaseState.REPORTED,
        at=event.received.at,
        note=event.link,
    )
    decided(books, case, Act.OPEN_CASE, by=CITIZEN, at=event.received.at)
