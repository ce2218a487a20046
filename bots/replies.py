"""What citizens answer to what the town published; every other message passes by and is not stored."""

from bots.desk import Desk
from bots.spoken import Spoken
from core.folding import clean
from core.identifiers import DeliveryId
from core.ports.store import Books


def collect(desk: Desk, books: Books, spoken: Spoken) -> None:
    """Store an answer to one of our posts; a rewritten one replaces what it said. The town's own voice is no reply."""
    event = spoken.event
    wordless = not event.text  # a picture alone is judged, and not kept
    about = None if event.official or wordless else _about(desk, books, spoken)
    if about is None:
        return
    books.replies.add(
        about=about,
        account=desk.account,
        chat=spoken.chat,
        message=spoken.message,
        author=desk.vault.blind(event.person.ref),
        text=clean(event.text),
        at=event.received.at,
    )


def _about(desk: Desk, books: Books, spoken: Spoken) -> DeliveryId | None:
    """The post answered directly, else the one that began the conversation."""
    asked = (spoken.event.answers, spoken.event.thread)
    found = (
        books.deliveries.of_message(desk.account, spoken.chat, message) for message in asked if message is not None
    )
    return next((delivery for delivery in found if delivery is not None), None)
