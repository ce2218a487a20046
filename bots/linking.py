"""Linking accounts: /link on one network gives a code, /link with that code on another makes both one voter.

A code is read and typed in private only; one that was typed where others read it is ended at once.
"""

from datetime import datetime

from bots.answering import private_only
from bots.catalogue import Name
from bots.desk import Desk, Request
from core.errors import StorageError
from core.identifiers import PersonRef
from core.linking import CODE_LIVES, MOST_TRIES, code_in, new_bond, new_code, secret_of
from core.messages import Linked, LinkOffered, LinkRefused, NotLinked, PrivateOnly, Unlinked
from core.poll import Poll, PollState
from core.ports.books.bonds import Offer
from core.ports.store import Books


def link(desk: Desk, request: Request, books: Books) -> LinkOffered | Linked | LinkRefused:
    """Give a code, or take the one that was typed."""
    if not request.arguments:
        return _offer(desk, request, books)
    me, at = desk.vault.blind(request.person.ref), request.received.at
    if books.bonds.tries(me, at=at) >= MOST_TRIES:
        return LinkRefused(reason="too_many_tries")
    code = code_in("".join(request.arguments))
    offer = books.bonds.take(desk.vault.blind(secret_of(code))) if code else None
    if offer is None or offer.until <= at:
        books.bonds.tried(me, at=at, until=at + CODE_LIVES)
        return LinkRefused(reason="unknown_code")
    if offer.owner == me:
        return LinkRefused(reason="own_code")
    return _link(desk, request, books, offer)


def spoil(desk: Desk, request: Request, books: Books) -> PrivateOnly:
    """End a code that was typed where others read it."""
    code = code_in("".join(request.arguments))
    if code is not None:
        books.bonds.take(desk.vault.blind(secret_of(code)))
    return private_only(Name.LINK)


def unlink(desk: Desk, request: Request, books: Books) -> Unlinked | NotLinked:
    """Let this account vote for itself again; the ballot stays with those who remain, if any."""
    person = request.person.ref
    blind = desk.vault.blind(person)
    bond = books.bonds.of([blind]).get(blind)
    if bond is None:
        return NotLinked()
    last = books.bonds.size(bond) == 1
    part(desk, books, person, bond, at=request.received.at)
    return Unlinked(last=last)


def part(desk: Desk, books: Books, person: PersonRef, bond: PersonRef, *, at: datetime) -> None:
    """Take an account out of its bond, with the ballots when it is the last."""
    alone = books.bonds.size(bond) == 1
    for poll in _open(desk, books, at):
        own = desk.vault.voter(poll.id, person)
        if alone:
            books.polls.merge(poll.id, [desk.vault.voter(poll.id, bond)], own)
        else:
            books.polls.release(poll.id, own)
    books.bonds.leave(desk.vault.blind(person))


def _offer(desk: Desk, request: Request, books: Books) -> LinkOffered:
    code, until = new_code(), request.received.at + CODE_LIVES
    offer = Offer(owner=desk.vault.blind(request.person.ref), sealed=desk.vault.seal(request.person.ref), until=until)
    books.bonds.offer(desk.vault.blind(secret_of(code)), offer)
    return LinkOffered(code=code, minutes=CODE_LIVES.seconds // 60)


def _link(desk: Desk, request: Request, books: Books, offer: Offer) -> Linked | LinkRefused:
    try:
        other = PersonRef(desk.vault.unseal(offer.sealed))
    except StorageError:  # the town's key changed since: nobody can tell who asked
        return LinkRefused(reason="unknown_code")
    me, owner = desk.vault.blind(request.person.ref), offer.owner
    bonds = books.bonds.of([me, owner])
    bond = bonds.get(owner) or bonds.get(me) or new_bond()
    joining = {request.person.ref, other, *bonds.values()} - {bond}
    for poll in _open(desk, books, request.received.at):
        voters = [desk.vault.voter(poll.id, each) for each in sorted(joining)]
        books.polls.merge(poll.id, voters, desk.vault.voter(poll.id, bond))
    for old in bonds.values():
        books.bonds.merge(old, bond)
    for blind in (me, owner):
        books.bonds.join(blind, bond)
    return Linked(accounts=books.bonds.size(bond))


def _open(desk: Desk, books: Books, at: datetime) -> list[Poll]:
    """The polls whose ballots may still move."""
    opened = books.polls.all(state=PollState.OPEN)
    return [poll for poll in opened if poll.is_open(at) and desk.vault.has_poll_key(poll.id)]
