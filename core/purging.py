"""Messages that a moderator wants taken out of a discussion, many at once: what is to go, and what became of it.

A *purge* is carried out by whoever keeps order with the account (``delivery.purging``), who says what happened. It is
remembered as a fact of the account; once it is done, only the counts are. Ours and what the staff wrote stay. Of those
whose words we know, a case is opened for each author before anything is taken out.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from core.identifiers import AccountName, Address, Locale, MemberKey, MessageId
from core.ports.store import Books

MOST_AT_ONCE = 500  # messages
TRIED_FOR = timedelta(hours=1)  # a network that is away longer is given up
_REMEMBERED = 20  # that are done


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge:
    """What is to go: the ``most`` latest before ``before``, from ``since`` on where that is said; of one ``author``
    (their keyed hash, in hexadecimal) where that is, with those ``known`` to be theirs.

    ``words`` are those of the message ``answered`` by the command, as evidence, sealed, in hexadecimal.
    ``article`` is what they go against, ``reason`` sealed, in hexadecimal. ``tell`` is where whoever ordered it is told
    alone; None: at a terminal.
    """

    number: int = 0
    place: str
    chat: Address
    by: MemberKey
    at: datetime
    article: str
    since: MessageId | None = None
    before: MessageId | None = None
    most: int = MOST_AT_ONCE
    author: str = ""
    known: tuple[MessageId, ...] = ()
    answered: MessageId | None = None
    words: str = ""
    reason: str = ""
    silent: bool = False
    tell: Address | None = None
    locale: Locale = Locale.FR
    done_at: datetime | None = None
    gone: int = 0
    too_old: int = 0
    refused: int = 0
    cases: int = 0
    note: str = ""


def ask(books: Books, account: AccountName, purge: Purge) -> Purge:
    """Have it carried out; the same with its number."""
    before = purges(books, account)
    numbered = replace(purge, number=max((each.number for each in before), default=0) + 1)
    _keep(books, account, (*before, numbered))
    return numbered


def settle(books: Books, account: AccountName, done: Purge) -> bool:
    """Remember what became of it, once; of whom it was, and why, is not needed any more."""
    before = purges(books, account)
    if not any(each.number == done.number and each.done_at is None for each in before):
        return False
    bare = replace(done, author="", known=(), words="", reason="")
    _keep(books, account, tuple(bare if each.number == done.number else each for each in before))
    return True


def purges(books: Books, account: AccountName) -> tuple[Purge, ...]:
    """Those of an account that are remembered, the oldest first."""
    said = books.town.fact(_fact(account))
    return tuple(_read(each) for each in json.loads(said)) if said else ()


def waiting(books: Books, account: AccountName) -> tuple[Purge, ...]:
    """Those that are not carried out yet."""
    return tuple(each for each in purges(books, account) if each.done_at is None)


def find(books: Books, account: AccountName, number: int) -> Purge | None:
    """The one of this number, while it is remembered."""
    return next((each for each in purges(books, account) if each.number == number), None)


def _keep(books: Books, account: AccountName, all_of_them: tuple[Purge, ...]) -> None:
    books.town.set_fact(_fact(account), json.dumps([_written(each) for each in _remembered(all_of_them)]))


def _remembered(all_of_them: tuple[Purge, ...]) -> Iterator[Purge]:
    done = [each.number for each in all_of_them if each.done_at is not None][-_REMEMBERED:]
    yield from (each for each in all_of_them if each.done_at is None or each.number in done)


def _written(purge: Purge) -> dict[str, object]:
    done_at = None if purge.done_at is None else purge.done_at.isoformat()
    return {**asdict(purge), "at": purge.at.isoformat(), "done_at": done_at}


def _read(said: dict[str, object]) -> Purge:
    done_at, known = said["done_at"], said["known"]
    typed: dict[str, object] = {
        "at": datetime.fromisoformat(str(said["at"])),
        "done_at": None if done_at is None else datetime.fromisoformat(str(done_at)),
        "known": tuple(map(MessageId, known)) if isinstance(known, list) else (),
        "locale": Locale(str(said["locale"])),
    }
    return Purge(**{**said, **typed})  # type: ignore[arg-type]  # as it was written


def _fact(account: AccountName) -> str:
    return f"purges:{account}"
