"""Seeing and erasing what is held about oneself, following the map in ``core.privacy``.

Erasing takes back the ballots of open polls. What stays is said with its reason: ballots of closed polls, because the
count is frozen (and nothing links them to anyone once the key is destroyed); cases, to answer an appeal; updates set
aside, because nobody can tell whose they are.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bots.answering import answer
from bots.desk import Desk, Request, language, voter
from bots.linking import part
from bots.polls import ballots_of
from core.answers import Answer
from core.casefile import Page, pages
from core.citizen import Citizen
from core.citizen_report import CitizenReport
from core.errors import StorageError
from core.identifiers import Locale, PersonRef
from core.journal import Entry, read
from core.messages import Forgotten, Kept, MyData
from core.moderation import Case
from core.poll import Ballot, Poll, Vote, Withdraw
from core.ports.store import Books
from core.privacy import HOLDINGS
from core.reply import Reply
from core.sanction import Sanction

_STAYS = ("cases", "case_words", "joined", "sanctions")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What the books hold about one person."""

    citizen: Citizen | None
    bonds: int
    ballots: tuple[tuple[Poll, Ballot], ...]
    replies: tuple[Reply, ...]
    cases: tuple[Case, ...]
    pages: tuple[tuple[Case, Page], ...]
    joined: int
    arrivals: int
    join_requests: int
    reports: tuple[CitizenReport, ...]
    sanctions: tuple[Sanction, ...]
    said: tuple[Entry, ...]
    private_deliveries: int


async def show_my_data(desk: Desk, request: Request) -> tuple[Answer, ...]:
    """Show all that is held about the person asking, also as JSON."""

    def work(books: Books) -> tuple[File, Locale]:
        books.inbox.done((request.received.order,))
        return _file(desk, books, request), language(desk, books, request.person)

    file, locale = await desk.store.write(work)
    message = MyData(kept=_kept(_entries(file)), export=json.dumps(_export(desk, file), ensure_ascii=False, indent=1))
    return (answer(request.handle, message, locale),)


async def forget_me(desk: Desk, request: Request) -> tuple[Answer, ...]:
    """Erase the person asking, and take back their ballots in open polls.

    Two commits, either of which may be repeated: erasing, then casting the withdrawals, which also forgets the
    intake. A withdrawal goes to every open poll, ballot or not, so that an older press that is still on its way
    cannot bring a vote back.
    """
    file, opened, voters, locale, quarantined = await desk.store.write(lambda books: _erased(desk, books, request))
    if opened:
        await desk.store.cast([_withdrawal(desk, request, poll, voter) for poll in opened for voter in voters])
    else:
        await desk.store.write(lambda books: books.inbox.done((request.received.order,)))
    message = _forgotten(file, opened, quarantined=quarantined)
    return (answer(request.handle, message, locale),)


def _erased(
    desk: Desk, books: Books, request: Request
) -> tuple[File, tuple[Poll, ...], frozenset[PersonRef], Locale, int]:
    person = request.person.ref
    blind = desk.vault.blind(person)
    locale = language(desk, books, request.person)
    file = _file(desk, books, request)
    votes_as = voter(desk, books, person)
    books.reports.forget(desk.vault.blind(votes_as))
    if votes_as != person:
        part(desk, books, person, votes_as, at=request.received.at)
    books.bonds.forget(blind)
    books.citizens.forget(blind)
    books.replies.forget(blind)
    books.journal.forget(blind)
    books.arrivals.forget(blind)
    books.requests.forget(blind)
    desk.recent.forget(blind)
    polls = books.polls.all()
    opened = tuple(poll for poll in polls if poll.is_open(request.received.at) and desk.vault.has_poll_key(poll.id))
    return file, opened, frozenset({person, votes_as}), locale, books.inbox.quarantined()


def _withdrawal(desk: Desk, request: Request, poll: Poll, person: PersonRef) -> Vote:
    return Vote(
        poll=poll.id,
        voter=desk.vault.voter(poll.id, person),
        act=Withdraw(),
        order=request.received.order,
        at=request.received.at,
        via=request.person.platform,
    )


def _file(desk: Desk, books: Books, request: Request) -> File:
    blind, votes_as = desk.vault.blind(request.person.ref), voter(desk, books, request.person.ref)
    given = ballots_of(desk, books, votes_as, books.polls.all())
    return File(
        citizen=books.citizens.find(blind),
        ballots=tuple((poll, ballot) for poll, ballot in given if ballot.options),  # a withdrawn one says nothing
        bonds=books.bonds.size(votes_as),
        replies=books.replies.of(blind),
        cases=books.cases.of(blind),
        pages=tuple(_written(desk, books, books.cases.of(blind))),
        joined=sum(len(books.cases.joined(case.number)) for case in books.cases.of(blind)),
        reports=books.reports.of(desk.vault.blind(votes_as)),
        sanctions=books.sanctions.of(blind),
        said=books.journal.of(blind),
        arrivals=books.arrivals.of(blind),
        join_requests=len(books.requests.of(blind)),
        private_deliveries=books.citizens.private_deliveries(blind),
    )


def _entries(file: File) -> Mapping[str, int]:
    return {
        "subscription": int(file.citizen is not None),
        "bonds": file.bonds,
        "open_ballots": len(file.ballots),
        "replies": len(file.replies),
        "cases": len(file.cases),
        "case_words": len(file.pages),
        "joined": file.joined,
        "reports": len(file.reports),
        "sanctions": len(file.sanctions),
        "journal": len(file.said),
        "arrivals": file.arrivals,
        "join_requests": file.join_requests,
        "private_deliveries": file.private_deliveries,
    }


def _kept(entries: Mapping[str, int]) -> tuple[Kept, ...]:
    """One line per purpose of the map with entries, in the order of the map."""
    return tuple(
        Kept(purpose=holding.purpose, entries=entries[holding.purpose])
        for holding in HOLDINGS
        if entries.get(holding.purpose)
    )


def _forgotten(file: File, opened: tuple[Poll, ...], *, quarantined: int) -> Forgotten:
    withdrawn = sum(poll in opened for poll, _ in file.ballots)
    erasable = {holding.purpose for holding in HOLDINGS if holding.erased_on_request}
    entries = {**_entries(file), "open_ballots": withdrawn}
    erased = {purpose: number for purpose, number in entries.items() if purpose in erasable}
    return Forgotten(
        erased=_kept(erased),
        stays=(
            *_kept({"open_ballots": len(file.ballots) - withdrawn}),
            Kept(purpose="closed_ballots", entries=0),
            *_kept({name: held for name, held in _entries(file).items() if name in _STAYS}),
            *_kept({"quarantine": quarantined}),
        ),
    )


def _export(desk: Desk, file: File) -> dict[str, object]:
    return {
        "subscription": _subscription(file.citizen),
        "linked_accounts": file.bonds,
        "ballots": [
            {"poll": poll.id, "options": [poll.options[option].fr for option in ballot.options]}
            for poll, ballot in file.ballots
        ],
        "replies": [{"at": reply.at.isoformat(), "text": reply.text} for reply in file.replies],
        "cases": [_exported_case(desk, case) for case in file.cases],
        "case_words": [_exported_page(case, page) for case, page in file.pages],
        "joined": file.joined,
        "reports": [{"at": each.at.isoformat(), "upheld": each.upheld} for each in file.reports],
        "sanctions": [_exported_sanction(each) for each in file.sanctions],
        "arrivals": file.arrivals,
        "join_requests": file.join_requests,
        "journal": [_exported_words(desk, entry) for entry in file.said],
        "private_deliveries": file.private_deliveries,
    }


def _written(desk: Desk, books: Books, cases: Iterable[Case]) -> Iterator[tuple[Case, Page]]:
    """What was written in these cases, as far as it can still be read."""
    for case in cases:
        try:
            yield from ((case, page) for page in pages(books, desk.vault, case.number) if page.words)
        except StorageError:  # the town's key changed since
            continue


def _exported_page(case: Case, page: Page) -> dict[str, object]:
    return {"case": case.number, "at": page.at.isoformat(), "act": page.act.value, "text": page.words}


def _exported_words(desk: Desk, entry: Entry) -> dict[str, object]:
    try:
        text = read(entry, desk.vault.unseal(entry.sealed)).text
    except StorageError:  # the town's key changed since
        text = None
    return {"at": entry.at.isoformat(), "text": text}


def _exported_sanction(sanction: Sanction) -> dict[str, object]:
    return {
        "number": sanction.id,
        "kind": sanction.kind.value,
        "since": sanction.since.isoformat(),
        "until": None if sanction.until is None else sanction.until.isoformat(),
        "state": sanction.state.value,
        "annulled": sanction.annulled,
    }


def _subscription(citizen: Citizen | None) -> dict[str, object] | None:
    if citizen is None:
        return None
    return {
        "language": citizen.locale.value,
        "subscribed": citizen.subscribed,
        "since": citizen.since.isoformat(),
    }


def _exported_case(desk: Desk, case: Case) -> dict[str, object]:
    try:
        evidence = json.loads(desk.vault.unseal(case.sealed))
    except StorageError:  # the town's key changed since: there is a case, but nobody can read its evidence
        evidence = None
    return {
        "number": case.number,
        "article": case.article,
        "at": case.at.isoformat(),
        "state": case.state.value,
        "evidence": evidence,
    }
