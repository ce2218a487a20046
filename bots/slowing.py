"""The slow mode of a discussion whose network has none: what comes too soon is taken out.

Its author is told once an hour, alone, if they ever wrote to the bot; everybody was told when it began. When somebody
wrote is in memory only: a restart begins anew, and nobody is slowed down for what they wrote before.
"""

from bots.desk import Desk, language
from bots.spoken import Spoken
from core.answers import Answer, Erase, Say
from core.events import Handle
from core.identifiers import Address
from core.place_messages import TooSoon
from core.ports.store import Books
from core.sanction import SanctionKind, wanted


def slowed(desk: Desk, books: Books, spoken: Spoken) -> tuple[Answer, ...]:
    """What to do about a message that came too soon; nothing about any other, nor about those whom no rule touches."""
    event = spoken.event
    if SanctionKind.SLOW_MODE not in desk.powers.by_hand or event.edited or event.official is not False:
        return ()
    places = {each.discussion for each in desk.town.channels if each.name in spoken.places and each.discussion}
    standing = [each for place in places for each in books.sanctions.about(desk.account, place, b"")]
    slow = wanted(standing, SanctionKind.SLOW_MODE, event.received.at)
    if slow is None:
        return ()
    author, chat, at = desk.vault.blind(event.person.ref), f"{desk.account} {spoken.chat}", event.received.at
    if not desk.recent.is_too_soon(author, chat=chat, message=spoken.message, pause=slow.pause, at=at):
        return ()
    taken = Erase(chat=spoken.chat, message=spoken.message)
    if not event.person.has_private_chat or not desk.recent.is_news(author, chat=chat, at=at):
        return (taken,)
    alone = Handle(account=desk.account, private=True, chat=Address(event.person.account))
    said = Say(handle=alone, message=TooSoon(pause=slow.pause), locale=language(desk, books, event.person))
    return (taken, said)
