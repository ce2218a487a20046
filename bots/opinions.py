"""What a citizen tells the town hall without being asked: kept among the replies, about nothing in particular.

It is given in private, with the words that say what becomes of it: sending it is the consent to keep it.
"""

from bots.desk import Desk, Request
from core.folding import clean
from core.identifiers import MessageId
from core.messages import OpinionAsked, OpinionKept
from core.ports.store import Books
from core.post import UNSAID


def give(desk: Desk, request: Request, books: Books) -> OpinionKept | OpinionAsked:
    """Keep the words that follow the command; without any, say how to give them."""
    text = clean(" ".join(request.arguments)).strip()
    if not text:
        return OpinionAsked()
    author = desk.vault.blind(request.person.ref)
    books.replies.add(
        about=None,
        account=desk.account,
        chat=UNSAID,
        message=MessageId(f"{author.hex()}/{_number(request)}"),
        author=author,
        text=text,
        at=request.received.at,
    )
    return OpinionKept()


def _number(request: Request) -> str:
    """What tells this message of its author from their others, also when it is heard twice."""
    press, _, _ = (request.handle.press or "").partition(":")
    return press or request.handle.message or str(request.received.order)
