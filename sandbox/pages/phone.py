"""What the page asks of a network: its phone, which shows what one account sees and does what that account's hands do.

A network's package gives a ``Phone``; the page needs nothing else of it but the templates named after it.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from sandbox.real_clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    """Somebody's account on one network. ``language`` is the two-letter code of their application."""

    account: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Toast:
    """What one person alone gets to see after a press; without text it only ends the waiting."""

    text: str
    alert: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """Something looks differently now; a toast concerns one account only."""

    account: str | None = None
    toast: Toast | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """What a citizen does: whose account, at which place, in answer to what, with the fields of the form."""

    account: str
    place: str = ""
    answering: str = ""
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """A field, empty when it was not given."""
        return next(iter(self.fields.get(name, ())), "")

    def all(self, name: str) -> Sequence[str]:
        """All that was given under this name."""
        return self.fields.get(name, ())

    def whole(self, name: str) -> int:
        """A field as a number."""
        return whole(self.one(name))


def whole(number: str) -> int:
    """A number of an address or a form; 0, which nothing has, when it is none."""
    return int(number) if re.fullmatch(r"-?[0-9]{1,20}", number) else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What follows from an act: where the phone goes, the part to look at, the press that waits for an answer."""

    place: str | None = None
    part: str = ""
    waits: str | None = None


Act = Callable[[Hand], Done]


class Screen(Protocol):
    """What a phone shows; everything else in it is between the network and its template."""

    @property
    def place(self) -> str:
        """What is open."""
        ...


class Phone(Protocol):
    """A network as its people hold it in their hands. ``network`` also names its template; ``name`` is for people."""

    @property
    def network(self) -> str:
        """In small letters."""
        ...

    @property
    def name(self) -> str:
        """As people call it."""
        ...

    @property
    def town(self) -> str:
        """The town's name there."""
        ...

    @property
    def acts(self) -> Mapping[str, Act]:
        """What can be done, by the last part of the form's address. Acts raise ``Impossible``."""
        ...

    def citizens(self) -> Sequence[Citizen]:
        """The people who have an account."""
        ...

    def screen(self, hand: Hand) -> Screen:
        """What this account sees, at this place if there is such a one."""
        ...

    def picture(self, number: str) -> bytes | None:
        """A picture that is shown."""
        ...

    def toast(self, press: str, account: str) -> Toast | None:
        """What a press was answered, if it was, for who pressed."""
        ...

    def listen(self, tell: Callable[[News], None]) -> None:
        """Have every change told."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """A person with a phone of each network on which they have an account; on others a neighbour may lend theirs.

    ``lent`` is whose phone it is, by network.
    """

    key: str
    name: str
    language: str
    accounts: Mapping[str, str]
    lent: Mapping[str, str] = field(default_factory=dict)


def lending(who: Resident, people: Iterable[Resident], networks: Iterable[str]) -> Resident:
    """The same person with a phone of every network on which anybody has an account."""
    lent, accounts = {}, dict(who.accounts)
    neighbours = list(people)
    for network in networks:
        lender = next((one for one in neighbours if network in one.accounts), None)
        if network not in accounts and lender is not None:
            lent[network] = lender.name
            accounts[network] = lender.accounts[network]
    return replace(who, accounts=accounts, lent=lent)


def residents(phones: Iterable[Phone]) -> list[Resident]:
    """Everybody, each once: the first Anne of one network is the first Anne of another, the second the second."""
    found: dict[tuple[str, int], Resident] = {}
    for rank, phone in enumerate(phones):
        seen: dict[str, int] = {}
        for citizen in phone.citizens():
            nth = seen[citizen.name] = seen.get(citizen.name, 0) + 1
            key = citizen.account if rank == 0 else f"{phone.network}-{citizen.account}"
            known = found.get((citizen.name, nth))
            accounts = {**({} if known is None else known.accounts), phone.network: citizen.account}
            found[citizen.name, nth] = Resident(
                key=key if known is None else known.key,
                name=citizen.name,
                language=citizen.language if known is None else known.language,
                accounts=accounts,
            )
    return list(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A message that is gone: a phone shows nothing at all, the page may tell."""

    message: int
    author: int
    at: datetime


class Memory:
    """Remembers who wrote what, so that the page can tell what was taken away."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._authors: dict[tuple[int, int], tuple[int, datetime]] = {}
        self._removed: dict[int, list[Removed]] = {}

    def removed(self, chat: int) -> Sequence[Removed]:
        """What was taken away in a chat."""
        return self._removed.get(chat, ())

    def note(self, kind: str, chat: int | None, message: int | None, author: int | None) -> None:
        """Something happened to a message, in the words of a world's changes."""
        key = (chat or 0, message or 0)
        if kind == "message" and author is not None:
            self._authors[key] = (author, self._clock.now())
        elif kind == "deleted" and key in self._authors:
            by, at = self._authors[key]
            self._removed.setdefault(key[0], []).append(Removed(message=key[1], author=by, at=at))
