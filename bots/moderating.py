"""A moderator gives a command: it is obeyed once, answered in private, and taken out of the group it stood in."""

from collections.abc import Callable, Mapping

from bots import admission, casework, measures, places, purging, verdicts, warning
from bots.desk import Desk, language
from bots.orders import Instruction, Verb
from bots.watch import to_remove
from core.answers import Answer, Erase, Remove, Say
from core.case_messages import CaseDone, CaseRefused, OfCases
from core.events import Handle, Received
from core.identifiers import Address, Locale
from core.place_messages import OfPlaces, PlaceOrdered, PlaceRefused, PurgeAsked, RequestsDecided
from core.ports.store import Books

Said = OfCases | OfPlaces
Work = Callable[[Desk, Books, Instruction], Said]

DEEDS: Mapping[Verb, Callable[[Desk, Books, Instruction], CaseDone | CaseRefused]] = {
    Verb.TAKE: casework.take,
    Verb.NOTE: casework.note,
    Verb.REASON: casework.explain,
    Verb.WARN: warning.decide,
    Verb.DELETE: warning.decide,
    Verb.KEEP: casework.keep,
    Verb.MUTE: measures.impose_on_author,
    Verb.BAN: measures.impose_on_author,
    Verb.UNMUTE: measures.lift_from_author,
    Verb.UNBAN: measures.lift_from_author,
    Verb.LIMIT: measures.impose_on_author,
    Verb.UNLIMIT: measures.lift_from_author,
    Verb.SUSPEND: measures.impose_on_author,
    Verb.UNSUSPEND: measures.lift_from_author,
    Verb.SECOND: measures.second_proposal,
    Verb.ACCEPT: verdicts.decide,
    Verb.REFUSE: verdicts.decide,
}
OF_PLACES: Mapping[
    Verb, Callable[[Desk, Books, Instruction], PlaceOrdered | PurgeAsked | PlaceRefused | CaseRefused]
] = {
    Verb.SLOW_MODE: places.decide,
    Verb.LOCK: places.decide,
    Verb.UNLOCK: places.decide,
    Verb.PURGE: purging.decide,
}
_WORKS: Mapping[Verb, Work] = {
    Verb.CASES: casework.show_cases,
    Verb.CASE: casework.show_case,
    **DEEDS,
    **OF_PLACES,
    Verb.ADMIT: admission.decide,
    Verb.DECLINE: admission.decide,
}


async def obey(desk: Desk, received: Received, order: Instruction) -> tuple[Answer, ...]:
    """Do it, and say what was done to the moderator alone; the intake is forgotten."""

    def work(books: Books) -> tuple[Said, tuple[Remove, ...], Locale]:
        books.inbox.done((received.order,))
        message = _WORKS[order.spelling.verb](desk, books, order)
        return message, _removals(desk, books, message), language(desk, books, order.person)

    message, removals, locale = await desk.store.write(work)
    if isinstance(message, PlaceOrdered | PurgeAsked | CaseDone | RequestsDecided):
        desk.wake()
    said = Say(handle=_in_private(order), message=message, locale=locale)
    return (said, *removals, *_out_of_sight(order))


def _removals(desk: Desk, books: Books, message: Said) -> tuple[Remove, ...]:
    """What to take out here; what stands elsewhere, the account that hears that place finds by itself."""
    if not isinstance(message, CaseDone) or not message.removing:
        return ()
    return tuple(each for each in to_remove(desk, books) if each.case == message.case)


def _in_private(order: Instruction) -> Handle:
    """Where only the moderator reads the answer; where the staff was asked, all of it reads who answered."""
    if order.handle.private or order.handle.press is not None:
        return order.handle
    return Handle(account=order.handle.account, private=True, chat=Address(order.person.account))


def _out_of_sight(order: Instruction) -> tuple[Erase, ...]:
    here = order.handle
    if here.private or here.press is not None or here.chat is None or here.message is None:
        return ()
    return (Erase(chat=here.chat, message=here.message),)
