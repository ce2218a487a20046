"""A message of the debates as the charter judges it: with where it stands, and what was said lately."""

from bots.desk import Desk
from bots.spoken import Spoken
from core.moderation import Verdict, weighed
from core.rules.context import Context


def verdict_on(desk: Desk, spoken: Spoken) -> Verdict | None:
    """What the charter says of a message; None of those whom no rule touches.

    A new message is noted first, so that too many are counted; a rewritten one, or one judged again, is noted already.
    """
    event = spoken.event
    if event.official:
        return None
    author, chat = desk.vault.blind(event.person.ref), f"{desk.account} {spoken.chat}"
    if not event.edited and event.official is False:
        desk.recent.note(author=author, chat=chat, message=spoken.message, at=event.received.at)
    around = Context(
        author=author,
        chat=chat,
        places=spoken.places,
        network=event.person.platform,
        town=tuple({desk.town.name.fr, desk.town.name.en}),
        at=event.received.at,
        links=event.links,
        as_channel=not event.person.has_private_chat,
        recent=desk.recent,
    )
    return weighed(event.text, desk.town.charter.rules, around)
