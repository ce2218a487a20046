"""The audit log, written beside what is done and in the same transaction; and whether nobody changed it since."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from app.identity import acting
from app.office import Office
from core.audit import Deed, Entry, break_in
from core.ports.store import Books
from core.staff import Act

T = TypeVar("T")

_AT_ONCE = 1000
_MOST_DIGITS = 18  # what a database can count


async def signed(office: Office, act: Act, about: str) -> Deed:
    """What the person who gives this command is about to do. Raises NotAllowed."""
    who = await acting(office, act)
    return Deed(who=who, at=office.clock.now(), act=act, about=about)


def recorded(deed: Deed, work: Callable[[Books], T]) -> Callable[[Books], T]:
    """The work, and its entry in the log unless it did nothing (it says so: False, 0, None)."""

    def both(books: Books) -> T:
        done = work(books)
        if done:
            books.audit.record(deed)
        return done

    return both


def found_broken(books: Books) -> tuple[int, Entry | None, Entry | None]:
    """How many entries follow from one another, the last of them, and the first that does not follow."""
    whole, last = 0, None
    for some in _all(books):
        broken = break_in(some, after=last.digest if last else "")
        good = some if broken is None else some[: some.index(broken)]
        whole, last = whole + len(good), good[-1] if good else last
        if broken is not None:
            return whole, last, broken
    return whole, last, None


def holds(books: Books, checkpoint: str) -> bool:
    """Whether the log still has the entry that was noted down, as ``number:digest``."""
    number, _, digest = checkpoint.partition(":")
    if not (number.isascii() and number.isdecimal() and len(number) <= _MOST_DIGITS and digest):
        return False
    found = books.audit.after(int(number) - 1, limit=1)
    return any((entry.number, entry.digest) == (int(number), digest) for entry in found)


def _all(books: Books) -> Iterator[tuple[Entry, ...]]:
    some = books.audit.after(0, limit=_AT_ONCE)
    while some:
        yield some
        some = books.audit.after(some[-1].number, limit=_AT_ONCE)
