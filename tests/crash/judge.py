"""The verdict: what the sandbox wrote down joined with the database. Each property returns what it finds wrong.

P1 no acknowledged vote is lost. P2 one ballot per citizen, and every count is that of the presses. P3 nothing is posted
twice. P4 nothing is posted once it must not be. P5 what nobody knows is shown and not repeated; nothing stays halfway.
P6 what the network can be asked is not left in doubt. P7 is in ``elections``. P8 who lost a lane posts nothing more.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from tests.crash.ledger import Ledger
from tests.crash.networks import CITIZENS, Network
from tests.crash.records import LINE, History
from tests.crash.story import OPTIONS
from tests.crash.town import Moment


def votes_are_kept(history: History, moments: Sequence[Moment]) -> Iterator[str]:
    """P1, at every death and at the end: an acknowledged vote, or a later one of that citizen, is in the ballots."""
    for number, moment in enumerate(moments, start=1):
        for press in history.presses:
            if not press.promised or press.told_at >= moment.entries:
                continue
            since = {p.option for p in history.presses if p.citizen == press.citizen and p.entry >= press.entry}
            stands = moment.ledger.ballots.get(press.citizen)
            if stands is None or stands[0] not in since:
                yield f"P1 moment {number}: {press.citizen} was told {press.option} counts; the ballot is {stands}"
        yield from _whole(number, moment.ledger)


def _whole(number: int, ledger: Ledger) -> Iterator[str]:
    both = {order for _, order in ledger.ballots.values()} & ledger.inbox
    if both:
        yield f"P1 moment {number}: intakes {sorted(both)} are in the inbox and in the ballots"


def counts_are_right(history: History, ledger: Ledger) -> Iterator[str]:
    """P2: ballots, frozen count and published count are the recount of the presses."""
    recount = history.recount()
    ballots = {citizen: options for citizen, (options, _) in ledger.ballots.items()}
    if ballots != recount or ledger.strangers or len(ballots) > len(CITIZENS):
        yield f"P2 the ballots are {ballots} (+{ledger.strangers}), the presses say {recount}"
    expected = tuple(Counter(recount.values())[str(option)] for option in range(len(OPTIONS)))
    if ledger.tally != expected:
        yield f"P2 the frozen count is {ledger.tally}, the presses say {expected}"
    for post in history.posted:
        published = tuple(map(int, LINE.findall(post.text)))
        if not post.opening and published != expected:
            yield f"P2 {published} was published in {post.chat}, the presses say {expected}"


def nothing_is_posted_twice(history: History) -> Iterator[str]:
    """P3."""
    for (chat, opening), times in Counter((post.chat, post.opening) for post in history.posted).items():
        if times > 1:
            yield f"P3 posted {times} times in {chat}: {'the poll' if opening else 'the result'}"


def nothing_is_posted_late(history: History, since: int | None) -> Iterator[str]:
    """P4: ``since`` is the number of entries when the campaign was cancelled, or its time was over."""
    for post in history.posted:
        if since is not None and post.entry >= since:
            yield f"P4 posted in {post.chat} although it must not be any more"


def nothing_is_hidden(history: History, ledger: Ledger, network: Network) -> Iterator[str]:
    """P5: the ledger knows of every post, and of every doubt."""
    names = {str(address): name for name, address in network.channels.items()}
    seen = Counter((names[post.chat], post.opening) for post in history.posted)
    for row in ledger.deliveries:
        posts = seen.pop((row.place, row.opening), 0)
        given_up = posts == row.begun  # with its pin, say, still to come
        fits = {"sent": posts == 1, "uncertain": True, "expired": given_up, "cancelled": given_up}
        if not fits.get(row.state, False):
            yield f"P5 delivery {row.id} is {row.state} and stands {posts} times in {row.place}"
    for place, _ in seen:
        yield f"P5 a post in {place} that the ledger does not know"
    if ledger.inbox or ledger.quarantined:
        yield f"P5 {len(ledger.inbox)} in the inbox, {ledger.quarantined} set aside"


def nothing_is_left_in_doubt(ledger: Ledger) -> Iterator[str]:
    """P6, where the network recognises what it is told again, soon enough after the death."""
    for row in ledger.deliveries:
        if row.state == "uncertain":
            yield f"P6 delivery {row.id} is in doubt, although the network would tell"


def nothing_comes_from_who_lost_the_lane(history: History) -> Iterator[str]:
    """P8, when a lane was taken over before anything was posted, and who took it has posted nothing yet."""
    for post in history.posted:
        yield f"P8 posted in {post.chat} by a process whose lane another one has"
