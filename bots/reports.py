"""Somebody asks a moderator to look at a message: a case is opened, and nothing is done about the message.

Who asked is not stored anywhere: the author can never learn it, and nobody is counted. A message that has a case
already keeps it: a hundred reports are one thing to look at. A message of ours needs no moderator.
"""

from bots.desk import Desk, language, tell
from core.answers import Answer
from core.events import MessageReported
from core.folding import clean
from core.messages import ReportOfOurs, ReportTaken
from core.moderation import CaseState, Evidence, written
from core.ports.store import Books


async def take(desk: Desk, event: MessageReported) -> tuple[Answer, ...]:
    """Open the case and thank whoever asked; of our own message, say that it is ours."""
    if event.ours:
        return await tell(desk, ReportOfOurs(), received=event.received, person=event.person, handle=event.handle)
    await desk.store.write(lambda books: _opened(desk, books, event))
    return await tell(desk, ReportTaken(), received=event.received, person=event.person, handle=event.handle)


def _opened(desk: Desk, books: Books, event: MessageReported) -> None:
    author = desk.vault.blind(event.author.ref)
    place = (desk.account, event.chat, event.message)
    if any((case.account, case.chat, case.message) == place for case in books.cases.of(author)):
        return
    evidence = Evidence(
        author=event.author.ref,
        name=clean(event.author.name),
        text=clean(event.text),
        locale=language(desk, books, event.author),
    )
    books.cases.open(
        article="-",
        charter=desk.town.charter.version,
        account=desk.account,
        chat=event.chat,
        message=event.message,
        author=author,
        sealed=desk.vault.seal(written(evidence)),
        state=CaseState.REPORTED,
        at=event.received.at,
        note=event.link,
    )
