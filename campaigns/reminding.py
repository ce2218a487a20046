"""Whom a private reminder concerns: the subscribers who have no ballot in the poll.

A subscriber is found among the ballots by the pseudonym of this poll, which only the poll's key gives. The comparison
is made in memory and leaves no list of those who took part. That somebody got no reminder tells it all the same: the
ledger forgets the private reminders of a poll before its key is destroyed (``campaigns.housekeeping``).
"""

from collections.abc import Sequence
from functools import partial

from core.errors import UnknownPoll
from core.identifiers import AccountName, CitizenId, PersonRef, PollId
from core.ports.books.citizens import Subscriber
from core.ports.store import Books, Store
from core.ports.vault import Vault

_AT_ONCE = 500


async def not_yet(store: Store, vault: Vault, poll: PollId, accounts: Sequence[AccountName]) -> tuple[Subscriber, ...]:
    """The subscribers of these accounts without a ballot; all of them when the poll has no key. Raises StorageError."""
    found: list[Subscriber] = []
    last = CitizenId(0)
    while True:
        some, waiting = await store.read(partial(_some, vault, poll, accounts, last))
        if not some:
            return tuple(found)
        found += waiting
        last = some[-1].id


def _some(
    vault: Vault, poll: PollId, accounts: Sequence[AccountName], after: CitizenId, books: Books
) -> tuple[Sequence[Subscriber], Sequence[Subscriber]]:
    """Some of the subscribers, and those of them without a ballot."""
    some = books.citizens.subscribed(accounts, after=after, limit=_AT_ONCE)
    bonds = books.bonds.of([each.blind for each in some])
    try:
        keys = {
            each.id: vault.voter(poll, bonds.get(each.blind) or PersonRef(vault.unseal(each.sealed))) for each in some
        }
    except UnknownPoll:
        return some, some
    voted = books.polls.voted(poll, list(keys.values()))
    return some, [each for each in some if keys[each.id] not in voted]
