"""A moderator has messages taken out of a discussion, many at once: by an article, with reasons.

    /purge 50 2 this is no place to sell     the 50 latest
    /purge 2 …                               in reply to a message: that one, and all that came after it
    /purge author 2 …                        in reply to a message: all of its author that we know
    /purge author 12 2 …                     all of the author of case 12 that we know
    /spurge                                  their authors are not told

Which discussion: see ``bots.places``. It is carried out by ``delivery.purging``, which then says what became of it.
"""

from dataclasses import replace

from bots.casework import evidence_in, said_in, untouchable
from bots.desk import Desk, language
from bots.orders import MOST_DIGITS, Instruction
from bots.places import addresses, discussed, placed
from bots.warning import article_named, articles
from core.alert import of_place
from core.audience import Channel
from core.audit import Deed
from core.case_messages import CaseRefused
from core.folding import fold
from core.identifiers import Address, CaseNumber, MessageId
from core.moderation import Case, evidence_of, written
from core.place_messages import PlaceRefused, PurgeAsked
from core.ports.store import Books
from core.purging import MOST_AT_ONCE, Purge, ask
from core.sanction import is_immune
from core.staff import Act

_OF_AUTHOR = frozenset({"author", "auteur", "autrice"})

Words = tuple[str, ...]
Refused = PlaceRefused | CaseRefused


def decide(desk: Desk, books: Books, order: Instruction) -> PurgeAsked | Refused:
    """Have them taken out."""
    channel, words = placed(desk, books, order)
    if channel is None or channel.discussion is None or not _is_there(desk, books, order, channel):
        return PlaceRefused(reason="which_place", places=tuple(each.name for each in discussed(desk)))
    if not desk.powers.purges:
        return PlaceRefused(reason="network")
    purge = Purge(
        place=channel.name,
        chat=channel.discussion,
        by=order.member.key,
        at=order.at,
        article="",
        silent=order.spelling.silent,
        before=_before(order),
        tell=_told_at(order),
        locale=language(desk, books, order.person),
    )
    if order.target is not None and untouchable(desk, order.target) is None:
        author = order.target.author
        said = desk.vault.seal(written(evidence_of(author, order.target.text, language(desk, books, author))))
        purge = replace(purge, answered=order.target.message, words=said.hex())
    scope = _scoped(desk, books, order, purge, words)
    if not isinstance(scope, tuple):
        return scope
    purge, words = scope
    rule = article_named(desk, words[0]) if words else None
    if rule is None:
        return CaseRefused(reason="which_article", articles=articles(desk))
    reason = said_in(words[1:])
    sealed = desk.vault.seal(reason).hex() if reason else ""
    ask(books, desk.account, replace(purge, article=rule.article, reason=sealed))
    about = of_place(desk.account, channel.discussion)
    deed = Deed(who=order.member.key, at=order.at, act=Act.PURGE, about=about, content=rule.article)
    books.audit.record(deed)
    return PurgeAsked(place=channel.name)


def _is_there(desk: Desk, books: Books, order: Instruction, channel: Channel) -> bool:
    """Whether the message that is answered, if any, stands in that discussion: every chat counts its own."""
    return order.target is None or order.target.chat in addresses(desk, books, channel)


def _before(order: Instruction) -> MessageId | None:
    """Where it ends: at the command itself, where that stands among them."""
    return None if order.handle.private else order.handle.message


def _told_at(order: Instruction) -> Address | None:
    """Where whoever ordered it is told alone; nowhere when they have no account there."""
    return None if order.handle.chat is None else Address(order.person.account)


def _scoped(
    desk: Desk, books: Books, order: Instruction, purge: Purge, words: Words
) -> tuple[Purge, Words] | PlaceRefused | CaseRefused:
    """What is to go, and the words that are left."""
    first = words[0] if words else ""
    if fold(first) in _OF_AUTHOR:
        return _of_author(desk, books, order, purge, words[1:])
    if order.target is not None:
        return replace(purge, since=order.target.message), words
    if not (first.isascii() and first.isdecimal() and 0 < int(first[:4]) <= MOST_AT_ONCE and len(first) < 4):
        return PlaceRefused(reason="how_many")
    return replace(purge, most=int(first)), words[1:]


def _of_author(
    desk: Desk, books: Books, order: Instruction, purge: Purge, words: Words
) -> tuple[Purge, Words] | CaseRefused:
    target = order.target
    if target is not None:
        refused = untouchable(desk, target)
        author = desk.vault.blind(target.author.ref)
        return refused or (_by(desk, books, purge, author, (target.message,)), words)
    case = _case(books, words)
    if case is None:
        return CaseRefused(reason="unknown_case")
    said = evidence_in(desk, case)
    if said is not None and is_immune(desk.staff, case.account, said.number):
        return CaseRefused(reason="staff")
    here = {purge.chat, books.town.address(desk.account, purge.chat)}
    first = (case.message,) if case.account == desk.account and case.chat in here else ()
    return _by(desk, books, replace(purge, before=None), case.author, first), words[1:]


def _case(books: Books, words: Words) -> Case | None:
    number = words[0] if words else ""
    is_one = number.isascii() and number.isdecimal() and len(number) <= MOST_DIGITS
    return books.cases.get(CaseNumber(int(number))) if is_one else None


def _by(desk: Desk, books: Books, purge: Purge, author: bytes, first: tuple[MessageId, ...]) -> Purge:
    """All of one person there that we know: ``first``, what was kept of theirs, and what was heard lately."""
    chat, place = f"{desk.account} {purge.chat}", (desk.account, purge.chat)
    heard = map(MessageId, desk.recent.heard_in(chat, at=purge.at, author=author))
    kept = [each.message for each in books.replies.of(author) if (each.account, each.chat) == place]
    known = tuple(dict.fromkeys((*first, *kept, *heard)))[:MOST_AT_ONCE]
    return replace(purge, author=author.hex(), known=known)
