"""What a network tells of its own polls: totals, never who."""

from bots.desk import Desk
from core.answers import Answer
from core.events import NativeTallied
from core.ports.store import Books


async def follow(desk: Desk, event: NativeTallied) -> tuple[Answer, ...]:
    """Remember how the poll stands."""

    def work(books: Books) -> None:
        books.inbox.done([event.received.order])

    await desk.store.write(work)
    return ()
