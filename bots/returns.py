"""Somebody comes back, a hand let go of them, or our rights are others: what should be is compared at once."""

from dataclasses import replace

from bots import arrivals
from bots.desk import Desk
from core.answers import Answer
from core.events import RightsChanged, StandingChanged
from core.ports.store import Books
from core.sanctioning import look_again


async def meet(desk: Desk, event: StandingChanged) -> tuple[Answer, ...]:
    """Have their sanctions looked at now; nothing is said."""

    def work(books: Books) -> bool:
        books.inbox.done((event.received.order,))
        at = event.received.at
        person, place = desk.vault.blind(event.person.ref), event.arrived_in
        met = place is not None and arrivals.note(desk, books, event.person, place, at=at)
        asked = None if place is None else books.requests.find(desk.account, place, person)
        if asked is not None:  # whoever let them in
            books.requests.drop(asked)
        return look_again(books, desk.account, person, at=at) or met

    if await desk.store.write(work):
        desk.wake()
    return ()


async def try_again(desk: Desk, event: RightsChanged) -> tuple[Answer, ...]:
    """Have what failed here tried again now: perhaps we may again. Nothing is said."""

    def work(books: Books) -> bool:
        books.inbox.done((event.received.order,))
        failing = [each for each in books.sanctions.failing() if each.account == desk.account]
        for each in failing:
            books.sanctions.save(replace(each, look_at=event.received.at), expected=each.state)
        return bool(failing)

    if await desk.store.write(work):
        desk.wake()
    return ()
