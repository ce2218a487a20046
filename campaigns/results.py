"""What is said of a poll once it is closed: its frozen count, so that everybody can check it.

The counts of the networks' own polls stand beside it, each under the name of its network, and are never added to it.
One that may be out, but that nobody can look at, has a count as well: an unknown one.
"""

from collections.abc import Iterator, Mapping

from core.identifiers import AccountName, PlatformName
from core.messages import ResultsPublished, Thanks
from core.native import NativeCount, NativeTally, by_network
from core.poll import Poll
from core.ports.store import Books

_UNKNOWN = NativeTally(counts=None)


def results(books: Books, poll: Poll, networks: Mapping[AccountName, PlatformName]) -> ResultsPublished:
    """The count of a closed poll, as published."""
    return ResultsPublished(poll=poll, tally=books.polls.tally(poll.id), natives=natives(books, poll, networks))


def thanks(books: Books, poll: Poll) -> Thanks:
    """Thanks to those who took part in a closed poll."""
    elsewhere = any(sum(tally.counts or ()) or not tally.final for _, tally in _seen(books, poll))
    return Thanks(poll=poll, voters=books.polls.tally(poll.id).voters, elsewhere=elsewhere)


def natives(books: Books, poll: Poll, networks: Mapping[AccountName, PlatformName]) -> tuple[NativeCount, ...]:
    """What the networks' own polls say. ``networks`` are those of the accounts that are configured."""
    return by_network((networks.get(account), tally) for account, tally in _seen(books, poll))


def _seen(books: Books, poll: Poll) -> Iterator[tuple[AccountName, NativeTally]]:
    for hosted in books.natives.of(poll.id):
        yield hosted.account, hosted.seen.tally if hosted.seen else _UNKNOWN
    for nameless in books.natives.nameless(poll.id):
        yield nameless.account, _UNKNOWN
