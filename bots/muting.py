"""The mute of somebody whose network has none that fits: what they write is heard, and not taken into the debate.

They go on voting, and contest what was decided: that is no part of the debate.
"""

from bots.desk import Desk
from core.events import MessagePosted
from core.ports.store import Books
from core.sanction import SanctionKind


def is_muted(desk: Desk, books: Books, event: MessagePosted) -> bool:
    """Whether its author writes nothing here now, by our word alone."""
    if SanctionKind.MUTE not in desk.powers.by_hand:
        return False
    theirs = books.sanctions.of(desk.vault.blind(event.person.ref))
    mutes = (each for each in theirs if (each.account, each.kind) == (desk.account, SanctionKind.MUTE))
    return any(each.is_in_force(event.received.at) for each in mutes)
