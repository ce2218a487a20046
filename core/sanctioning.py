"""Deciding sanctions, and ending them, inside a transaction; whoever comes second changes nothing.

``delivery.sanctions`` makes the network agree afterwards.
"""

import json
from dataclasses import asdict, replace
from datetime import datetime

from core.audit import Deed, of_sanction
from core.identifiers import AccountName, MemberKey, PersonRef, SanctionId
from core.moderation import Case
from core.ports.store import Books
from core.ports.vault import Vault
from core.sanction import (
    NotSanctioned,
    Obstacle,
    Order,
    Sanction,
    SanctionKind,
    SanctionState,
    Subject,
    needs_two,
    obstacle,
)
from core.staff import Act, Staff

_UNNUMBERED = SanctionId(0)
_LIVE = frozenset({SanctionState.STANDING, SanctionState.ENDING})
_OVER = frozenset({SanctionState.ENDING, SanctionState.ENDED})


def impose(books: Books, order: Order, *, at: datetime, by: MemberKey, staff: Staff, vault: Vault) -> Sanction:
    """Decide it; one of the gravest is only proposed, until somebody seconds it. ``by`` the service: what rules do.

    Raises NotSanctioned.
    """
    hinders = obstacle(order, by=by, staff=staff)
    if hinders is not None:
        raise NotSanctioned(hinders)
    who, lasts = order.subject, order.measure.lasts
    fresh = Sanction(
        id=_UNNUMBERED,
        kind=order.measure.kind,
        account=order.account,
        chat=order.chat,
        subject=b"" if who is None else vault.blind(who.person),
        sealed=b"" if who is None else closed(vault, who),
        pause=order.pause,
        since=at,
        until=None if lasts is None else at + lasts,
        by=by,
        case=order.case,
        state=SanctionState.PROPOSED if needs_two(order.measure) else SanctionState.STANDING,
        look_at=at,
    )
    if fresh.kind is SanctionKind.WARNING:  # nothing is asked of the network
        fresh = replace(fresh, state=SanctionState.ENDED, ended_at=at)
    sanction = books.sanctions.add(fresh)
    _record(books, Act.SANCTION, sanction, at=at, by=by)
    return sanction


def second(books: Books, number: SanctionId, *, at: datetime, by: MemberKey, staff: Staff) -> Sanction:
    """Decide what another person proposed; it lasts from now. Raises NotSanctioned.

    Both must still have the right: who left the staff is no second pair of eyes.
    """
    proposed = books.sanctions.get(number)
    if proposed is None or not proposed.is_proposed(at):
        raise NotSanctioned(Obstacle.SETTLED)
    if not staff.may(by, Act.SECOND):
        raise NotSanctioned(Obstacle.NO_RIGHT)
    if by == proposed.by:
        raise NotSanctioned(Obstacle.NEEDS_ANOTHER)
    if not staff.may(proposed.by, Act.SANCTION):
        raise NotSanctioned(Obstacle.PROPOSER_LEFT)
    until = None if proposed.until is None else proposed.until + (at - proposed.since)
    decided = replace(proposed, state=SanctionState.STANDING, seconded_by=by, since=at, until=until, look_at=at)
    books.sanctions.save(decided, expected=SanctionState.PROPOSED)
    _record(books, Act.SECOND, decided, at=at, by=by)
    return decided


def proposed_in(books: Books, case: Case, at: datetime) -> Sanction | None:
    """What waits for a second person in a case."""
    theirs = (each for each in books.sanctions.of(case.author) if each.case == case.number)
    return next((each for each in theirs if each.is_proposed(at)), None)


def lift(
    books: Books, number: SanctionId, *, at: datetime, by: MemberKey, staff: Staff, annulled: bool = False
) -> Sanction:
    """End it now; one that was ``annulled`` should not have been, and counts no more, nor does what was only proposed.

    Raises NotSanctioned.

    Of what is over already, only that it is annulled can still be said.
    """
    known = books.sanctions.get(number)
    if known is None or (known.state in _OVER and (known.annulled or not annulled)):
        raise NotSanctioned(Obstacle.SETTLED)
    if not staff.may(by, Act.LIFT):
        raise NotSanctioned(Obstacle.NO_RIGHT)
    ended = replace(known, annulled=annulled or known.state is SanctionState.PROPOSED)
    if known.state not in _OVER:
        state = SanctionState.ENDED if known.state is SanctionState.PROPOSED else SanctionState.ENDING
        ended = replace(ended, state=state, ended_at=at, ended_by=by, look_at=at)
    books.sanctions.save(ended, expected=known.state)
    _record(books, Act.LIFT, ended, at=at, by=by)
    return ended


def look_again(books: Books, account: AccountName, subject: bytes, *, at: datetime) -> bool:
    """Have all that lives about somebody compared anew, now; whether anything does."""
    lives = [each for each in books.sanctions.of(subject) if each.account == account and each.state in _LIVE]
    for each in lives:
        books.sanctions.save(replace(each, look_at=at), expected=each.state)
    return bool(lives)


def subject_of(vault: Vault, sanction: Sanction) -> Subject | None:
    """Who it is about; None for a chat. Raises StorageError when the town's key is another."""
    return opened(vault, sanction.sealed) if sanction.sealed else None


def closed(vault: Vault, who: Subject) -> bytes:
    """Seal who it is about."""
    return vault.seal(json.dumps(asdict(who)))


def opened(vault: Vault, sealed: bytes) -> Subject:
    """Read it again. Raises StorageError when the town's key is another."""
    said = json.loads(vault.unseal(sealed))
    return Subject(person=PersonRef(said["person"]), number=said["number"])


def _record(books: Books, act: Act, sanction: Sanction, *, at: datetime, by: MemberKey) -> None:
    books.audit.record(Deed(who=by, at=at, act=act, about=of_sanction(sanction.id), content=sanction.kind.value))
