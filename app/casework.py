"""What moderators do about a case from the command line: the commands of the chat, with its numbers and its checks."""

import asyncio

from app.accounts import preview_moderator
from app.audit import signed
from app.identity import acting
from app.moderation import NoSuchCase
from app.office import Office
from bots.desk import Desk
from bots.moderating import DEEDS
from bots.orders import ACTS, OF_SERVER, SPELLINGS, Instruction, Spelling
from core.appeal import Appeal
from core.appealing import lodge, may_be_lodged
from core.audit import of_case
from core.case_messages import CaseDone, CaseRefused
from core.citizen import Person
from core.events import Handle
from core.folding import clean
from core.identifiers import AccountName, CaseNumber, Locale, MemberKey, PlatformName
from core.ports.moderator import NO_POWERS, Powers
from core.ports.store import Books
from core.staff import Act, Member, Role

_NOWHERE = PlatformName("console")
_DONE = {
    Act.ASSIGN_CASE: "you look after it now",
    Act.NOTE_CASE: "noted",
    Act.EXPLAIN_CASE: "these are the reasons that its author is told from now on",
    Act.WARN: "the warning counts",
    Act.MUTE: "the author is muted, as soon as the network takes it",
    Act.PROPOSE_BAN: "the ban for ever is proposed; another person decides within a week (parvis cases second {})",
    Act.BAN: "the author is banned, as soon as the network takes it",
    Act.LIMIT: "the author is limited on the server, as soon as it takes it",
    Act.PROPOSE_SUSPENSION: "the suspension is proposed; another person decides within a week (parvis cases second {})",
    Act.SUSPEND: "the author's account is suspended, as soon as the server takes it",
    Act.LIFT: "the measure is lifted, as soon as the network takes it",
    Act.ACCEPT_APPEAL: "the appeal is accepted, and what was decided is undone",
    Act.REFUSE_APPEAL: "the appeal is refused",
    Act.KEEP_MESSAGE: "the message may stand",
    Act.RESTORE_MESSAGE: "the message will be quoted in its group within seconds",
    Act.REMOVE_MESSAGE: "the message will be taken out within a minute (see: parvis cases show {})",
}
_WHY_NO_APPEAL = "nothing is decided there, or nothing since an appeal, or nothing was written (see: parvis cases show)"
_WHY_NOT = {
    "unknown_case": "there is no such case (see: parvis cases)",
    "no_words": "nothing was written",
    "which_article": "say first which article the message goes against: {}",
    "no_appeal": "no appeal waits there, or the removal is still under way",
    "another": "another person must decide than who decided before",
    "how_long": "say first for how long, a year at most: 30m, 2h, 7d",
    "unreadable": "the key of the town has changed, and nobody knows any more who the author is",
    "not_here": "that network does not have it, or another account keeps order there",
    "proposed": "something is proposed there already: another person seconds it (parvis cases second)",
    "no_proposal": "nothing is proposed there, or not any more",
    "seconds_other": "another person must second it than who proposed it",
    "proposer_left": "whoever proposed it may not decide here any more: propose it again",
    "no_sanction": "no such measure of its author stands there",
    "staff": "its author is of the staff",
    "warned": "its author was warned for it already",
    "settled": "that is settled already, or a removal is under way",
}


async def appealed(office: Office, number: CaseNumber, words: tuple[str, ...]) -> str:
    """Write down an appeal that its author sent by mail: it runs the same course. Raises NotAllowed or NoSuchCase."""
    deed = await signed(office, Act.RECORD_APPEAL, of_case(number))
    said = clean(" ".join(words)).strip()

    def work(books: Books) -> Appeal:
        case = books.cases.get(number)
        if case is None or not said or not may_be_lodged(books, case):
            raise NoSuchCase(f"case {number}: {_WHY_NO_APPEAL}")
        books.audit.record(deed)
        return lodge(books, office.vault, case, said, at=deed.at)

    appeal = await office.store.write(work)
    by = await asyncio.to_thread(office.settings.local, appeal.decide_by)  # it reads the file of the zone
    return f"Case {number}: the appeal is lodged. Tell its author, by mail, that somebody answers by {by}."


async def obeyed(office: Office, word: str, case: CaseNumber, words: tuple[str, ...]) -> str:
    """Do it, and say what was done. Raises NotAllowed or NoSuchCase."""
    spelling = SPELLINGS[word]
    who = await acting(office, ACTS[spelling.verb])
    account = await office.store.read(lambda books: found.account if (found := books.cases.get(case)) else None)
    desk = Desk(
        store=office.store,
        vault=office.vault,
        clock=office.clock,
        town=office.settings.town,
        platform=_NOWHERE,
        account=account or AccountName(_NOWHERE),
        staff=office.settings.staff,
        powers=await _powers(office, account) if spelling.verb in OF_SERVER else NO_POWERS,
    )
    order = instruction(office, who, spelling, desk.account, (str(case), *words))
    return _said(case, await office.store.write(lambda books: DEEDS[spelling.verb](desk, books, order)))


async def _powers(office: Office, name: AccountName | None) -> Powers:
    """What the network of an account can do to keep order; nothing where the configuration has no such account."""
    account = next((each for each in office.settings.accounts if each.name == name), None)
    if account is None:
        return NO_POWERS
    return (await asyncio.to_thread(preview_moderator, account, office.settings, office.clock)).powers


def instruction(
    office: Office, who: MemberKey, spelling: Spelling, account: AccountName, words: tuple[str, ...]
) -> Instruction:
    """What somebody types at a terminal, as the bot of this account would hear it."""
    member = _member(office, who)
    return Instruction(
        spelling=spelling,
        member=member,
        person=Person(platform=_NOWHERE, account=member.key, locale=Locale.EN),
        handle=Handle(account=account, private=True),
        at=office.clock.now(),
        words=tuple(" ".join(words).split()),
        target=None,
    )


def _member(office: Office, who: MemberKey) -> Member:
    known = office.settings.staff.member(who)
    return known or Member(key=who, name=who, role=Role.ADMINISTRATOR)


def _said(case: CaseNumber, message: CaseDone | CaseRefused) -> str:
    if isinstance(message, CaseRefused):
        raise NoSuchCase(f"case {case}: {_WHY_NOT[message.reason].format(', '.join(message.articles))}")
    told = ", and its author is told" if message.told else ""
    mail = " They appealed by mail: answer them so as well." if message.by_mail else ""
    return f"Case {case}: {_DONE[Act(message.did)].format(case)}{told}.{mail}"
