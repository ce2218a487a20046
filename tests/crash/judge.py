"""The verdict: the sandbox's journal joined with the database. Each property returns what it finds wrong.

P1 no acknowledged vote is lost. P2 one ballot per citizen, and every count is that of the presses. P3 nothing is posted
twice. P4 nothing is posted once it must not be. P5 what nobody knows is shown and not repeated; nothing stays halfway.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sandbox.journal import Entry
from tests.crash.ledger import Ledger
from tests.crash.story import CITIZENS, OPTIONS
from tests.crash.town import Moment

ACCEPTED = {"done", "cut_after", "half"}
COUNTED = re.compile(r"C’est compté")
LINE = re.compile(r" : \d+ % \((\d+) voix\)")


@dataclass(frozen=True, slots=True)
class Posted:
    """A message of the campaign that people saw."""

    entry: int
    chat: int
    opening: bool
    text: str


@dataclass(frozen=True, slots=True)
class Press:
    """A press and what the citizen was told, if anything."""

    entry: int
    citizen: int
    option: str
    told: str | None
    told_at: int


class History:
    """What people did and saw."""

    def __init__(self, journal: Sequence[Entry]) -> None:
        self.posted = [*map(_posted, filter(_is_post, journal))]
        toasts = {entry["callback"]: entry for entry in journal if entry["kind"] == "toast"}
        self.presses = [_press(entry, toasts.get(entry["callback"])) for entry in journal if entry["kind"] == "press"]

    @property
    def votes(self) -> list[Press]:
        """The presses that must count: all but those refused to the citizen's face."""
        return [press for press in self.presses if press.told is None or COUNTED.search(press.told)]

    def recount(self) -> dict[int, str]:
        """The last vote of each citizen."""
        return {press.citizen: press.option for press in self.votes}


def votes_are_kept(history: History, moments: Sequence[Moment]) -> Iterator[str]:
    """P1, at every death and at the end: an acknowledged vote, or a later one of that citizen, is in the ballots."""
    for number, moment in enumerate(moments, start=1):
        for press in history.presses:
            if press.told is None or not COUNTED.search(press.told) or press.told_at >= moment.entries:
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


def nothing_is_hidden(history: History, ledger: Ledger) -> Iterator[str]:
    """P5: the ledger knows of every post, and of every doubt."""
    seen = Counter((post.chat, post.opening) for post in history.posted)
    for row in ledger.deliveries:
        posts = seen.pop((row.chat, row.opening), 0)
        fits = {"sent": posts == 1, "uncertain": True, "expired": not posts, "cancelled": not posts}
        if not fits.get(row.state, False):
            yield f"P5 delivery {row.id} is {row.state} and stands {posts} times in {row.chat}"
    for chat, _ in seen:
        yield f"P5 a post in {chat} that the ledger does not know"
    if ledger.inbox or ledger.quarantined:
        yield f"P5 {len(ledger.inbox)} in the inbox, {ledger.quarantined} set aside"


def _is_post(entry: Entry) -> bool:
    return entry["kind"] == "call" and entry["method"] == "sendMessage" and entry["outcome"] in ACCEPTED


def _posted(entry: Entry) -> Posted:
    result, parameters = entry["result"], entry["parameters"]
    if not isinstance(result, dict) or not isinstance(parameters, dict):
        raise TypeError(str(entry))
    return Posted(_number(entry["n"]), result["chat"], bool(parameters.get("reply_markup")), result["text"])


def _press(entry: Entry, toast: Entry | None) -> Press:
    option = str(entry["data"]).rpartition(":")[2]
    told_at = -1 if toast is None else _number(toast["n"])
    told = None if toast is None else str(toast["text"])
    return Press(_number(entry["n"]), _number(entry["user"]), option, told, told_at)


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(str(value))
    return value
