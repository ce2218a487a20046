"""What a network tells of its own polls: totals, never who."""

from bots.desk import Desk
from core.answers import Answer
from core.events import NativeTallied
from core.native import Sighting
from core.ports.store import Books


async def follow(desk: Desk, event: NativeTallied) -> tuple[Answer, ...]:
    """Remember how the poll stands, or that somebody must look."""

    def work(books: Books) -> None:
        books.inbox.done((event.received.order,))
        if event.tally is None:
            books.natives.ask(desk.account, event.poll)
            return
        seen = Sighting(tally=event.tally, at=event.received.at, order=event.received.order)
        books.natives.see(desk.account, event.poll, seen)

    await desk.store.write(work)
    if event.tally is not None and event.tally.final:
        desk.wake()
    return ()
