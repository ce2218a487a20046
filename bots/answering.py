"""How a message reaches the person who asked: in a bubble that only they see, or in the chat.

The last guard of privacy stands here: what is personal is never said in a group, whatever a handler returns.
"""

from bots.catalogue import Name
from core.answers import Say, Toast
from core.case_messages import AppealRefused, AppealTaken, ReportRefused
from core.citizen import Person
from core.events import Handle
from core.identifiers import Address, Locale, PollId
from core.join_messages import JoinAdmitted, JoinHeld, JoinUnknown
from core.messages import (
    Answered,
    BallotBeingRecorded,
    BallotCounted,
    BallotRefused,
    BallotWithdrawn,
    Forgotten,
    LanguageChosen,
    Linked,
    LinkOffered,
    LinkRefused,
    MyData,
    MyVotes,
    NotLinked,
    NotRecorded,
    OpinionAsked,
    OpinionKept,
    PrivateOnly,
    ReportOfOurs,
    ReportTaken,
    Subscribed,
    UnknownButton,
    Unlinked,
    Unsubscribed,
    Welcome,
)
from core.staff_messages import DeliverySettled, SettlingRefused

BAD_NEWS = (BallotRefused, NotRecorded, SettlingRefused)  # must not be missed: shown in a box that has to be closed
_BRIEF = (
    *BAD_NEWS,
    BallotCounted,
    BallotWithdrawn,
    BallotBeingRecorded,
    UnknownButton,
    ReportOfOurs,
    ReportTaken,
    ReportRefused,
    LanguageChosen,
    Subscribed,
    Unsubscribed,
    PrivateOnly,
    DeliverySettled,
    JoinAdmitted,
    JoinHeld,
    JoinUnknown,
)
_PERSONAL: dict[type[Answered], Name] = {
    BallotCounted: Name.VOTE,
    BallotRefused: Name.VOTE,
    BallotWithdrawn: Name.WITHDRAW,
    MyVotes: Name.MYVOTE,
    Welcome: Name.START,
    LanguageChosen: Name.LANGUAGE,
    Subscribed: Name.SUBSCRIBE,
    Unsubscribed: Name.STOP,
    LinkOffered: Name.LINK,
    Linked: Name.LINK,
    LinkRefused: Name.LINK,
    Unlinked: Name.UNLINK,
    NotLinked: Name.UNLINK,
    OpinionAsked: Name.OPINION,
    OpinionKept: Name.OPINION,
    AppealTaken: Name.APPEAL,
    AppealRefused: Name.APPEAL,
    MyData: Name.MYDATA,
    Forgotten: Name.FORGETME,
}


def answer(handle: Handle, message: Answered, locale: Locale) -> Toast | Say:
    """Answer a press with a bubble when the message is brief, else in the chat; what is personal, in private only."""
    pressed = handle.press is not None
    if not handle.private and not (pressed and isinstance(message, _BRIEF)):
        message = _for_a_group(message)
    if pressed and isinstance(message, _BRIEF):
        return Toast(handle=handle, message=message, locale=locale, alert=isinstance(message, BAD_NEWS))
    return Say(handle=handle, message=message, locale=locale)


def in_private(person: Person, given: Toast | Say) -> Say:
    """The same to this person alone, in the chat that they have with the bot, if they have one."""
    if isinstance(given, Say):
        return given
    handle = Handle(account=given.handle.account, private=True, chat=Address(person.account))
    return Say(handle=handle, message=given.message, locale=given.locale)


def private_only(name: Name, poll: PollId | None = None) -> PrivateOnly:
    """Ask to give this command in private, about this poll if one was meant."""
    return PrivateOnly(command=f"/{name} {poll}" if poll else f"/{name}")


def _for_a_group(message: Answered) -> Answered:
    name = _PERSONAL.get(type(message))
    return private_only(name) if name else message
