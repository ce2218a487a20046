"""A database with one open poll and as many updates waiting in the inbox as votes will be cast."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from benchmarks.rounds import Measures
from core.identifiers import AccountName, CampaignId, IntakeId, PlatformName, PollId, VoterKey
from core.poll import Choose, Poll, Vote
from core.ports.platform import Cursor, Update
from core.ports.store import Books
from core.wording import Wording
from storage.migrations import upgrade
from storage.store import SqlStore

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
ACCOUNT = AccountName("telegram")
POLL = PollId("rives_passage")
OPTIONS = 4
BODY = b"x" * 843  # bytes of a press of a button as Telegram reports it
Rows = list[tuple[str, bytes, str, int, str]]
Work = Callable[..., Measures]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A database and the votes to cast in it, each with the intake it came in by."""

    url: str
    votes: tuple[Vote, ...]

    @property
    def rows(self) -> Rows:
        """The votes as rows of ballots: poll, voter, option, order, platform."""
        return [(vote.poll, vote.voter, _option(vote), vote.order, vote.via) for vote in self.votes]


def furnish(url: str, size: int) -> None:
    """Make the tables, open the poll, fill the inbox."""
    upgrade(url)
    asyncio.run(_fill(url, size))


def prepared(url: str, most: int) -> Prepared:
    """A vote for each of the first intakes of a furnished database.

    There are as many citizens as votes, and chance chooses who votes: a third of the votes are changes.
    """
    orders = asyncio.run(_waiting(url, most))
    size, chance = len(orders), random.Random(1)
    voters = [VoterKey(chance.randbytes(16)) for _ in range(size)]
    votes = tuple(
        Vote(
            poll=POLL,
            voter=chance.choice(voters),
            act=Choose(chance.randrange(OPTIONS)),
            order=order,
            at=NOON,
            via=PlatformName("telegram"),
        )
        for order in orders
    )
    return Prepared(url=url, votes=votes)


def on_a_town(url: str, most: int, work: Work, *more: int) -> Measures:
    """What ``work`` measures with so many votes on a furnished database."""
    return work(prepared(url, most), *more)


def question() -> Poll:
    """A poll of four options."""
    return Poll(
        id=POLL,
        campaign=CampaignId("rives"),
        question=Wording(fr="Quel passage faut-il éclairer ?", en="Which passage should be lit?"),
        options=tuple(Wording(fr=f"Passage {rank}", en=f"Passage {rank}") for rank in range(OPTIONS)),
        opens_at=NOON - timedelta(days=1),
        closes_at=NOON + timedelta(days=1),
    )


async def _fill(url: str, size: int) -> None:
    store = await SqlStore.open(url)
    try:
        await store.write(_open)
        for start in range(0, size, 1000):
            updates = [Update(number, BODY) for number in range(start, min(start + 1000, size))]
            await store.write(partial(_take_in, updates=updates))
    finally:
        await store.close()


async def _waiting(url: str, most: int) -> list[IntakeId]:
    store = await SqlStore.open(url)
    try:
        return [intake.id for intake in await store.read(lambda books: books.inbox.pending(ACCOUNT, limit=most))]
    finally:
        await store.close()


def _open(books: Books) -> None:
    books.polls.add(question())
    books.polls.open(POLL)


def _take_in(books: Books, updates: list[Update]) -> None:
    books.inbox.take_in(ACCOUNT, updates, cursor=Cursor(updates[-1].number + 1), at=NOON)


def _option(vote: Vote) -> str:
    return str(vote.act.option) if isinstance(vote.act, Choose) else ""
