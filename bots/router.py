"""From what happened to who deals with it."""

from collections.abc import Mapping

from bots import (
    admission,
    appeals,
    ballots,
    debates,
    filings,
    linking,
    moderating,
    natives,
    newcomers,
    opinions,
    polls,
    privacy,
    reports,
    returns,
    reviewing,
    rules,
    settling,
)
from bots.answering import private_only
from bots.catalogue import WHERE, Name, Where, find
from bots.desk import Desk, Handler, Press, Request, handler, tell
from bots.orders import is_of_moderators, ordered
from core.answers import Answer
from core.events import (
    ButtonPressed,
    ChatMoved,
    Choice,
    CommandGiven,
    Departed,
    Incoming,
    JoinRequested,
    MessagePosted,
    MessageReported,
    Mirrored,
    NativeTallied,
    ReportFiled,
    RightsChanged,
    StandingChanged,
    UnknownButtonPressed,
)
from core.messages import UnknownButton, UnknownCommand
from core.staff_messages import SettlingRefused

HANDLERS: Mapping[Name, Handler] = {
    Name.START: handler(newcomers.welcome),
    Name.HELP: handler(newcomers.show_help),
    Name.POLLS: handler(polls.show_polls),
    Name.VOTE: ballots.obey,
    Name.MYVOTE: handler(polls.show_my_votes),
    Name.WITHDRAW: ballots.obey,
    Name.LANGUAGE: handler(newcomers.choose_language),
    Name.SUBSCRIBE: handler(newcomers.subscribe),
    Name.STOP: handler(newcomers.unsubscribe),
    Name.LINK: handler(linking.link),
    Name.UNLINK: handler(linking.unlink),
    Name.OPINION: handler(opinions.give),
    Name.RULES: handler(rules.show_rules),
    Name.REPORT: reports.ask,
    Name.APPEAL: handler(appeals.ask),
    Name.MYDATA: privacy.show_my_data,
    Name.FORGETME: privacy.forget_me,
}
_IN_PUBLIC: Mapping[Name, Handler] = {Name.LINK: handler(linking.spoil)}  # where others are just told to go elsewhere
_VOTING = frozenset({Name.VOTE, Name.WITHDRAW})
_SHOWN: Mapping[Name, Name] = {  # a link may have been copied from anywhere: it shows where to act, it never acts
    Name.WITHDRAW: Name.MYVOTE,
    Name.SUBSCRIBE: Name.START,
    Name.STOP: Name.START,
    Name.LINK: Name.START,
    Name.UNLINK: Name.START,
    Name.APPEAL: Name.START,
    Name.FORGETME: Name.MYDATA,
}


async def respond(desk: Desk, event: Incoming) -> tuple[Answer, ...]:
    """Deal with an event: when this returns, its effect is stored and its intake forgotten. Raises StorageError."""
    match event:
        case ButtonPressed() | CommandGiven():
            return await _act(desk, event)
        case UnknownButtonPressed(received=received, person=person, handle=handle):
            return await tell(desk, UnknownButton(), received=received, person=person, handle=handle)
        case MessagePosted():
            settled = await settling.heard(desk, event)
            settled = await appeals.heard(desk, event) if settled is None else settled
            return await debates.hear(desk, event) if settled is None else settled
        case MessageReported():
            return await reports.take(desk, event)
        case Departed() | StandingChanged() | JoinRequested():
            return await _at_the_door(desk, event)
        case Mirrored() | ChatMoved() | NativeTallied() | ReportFiled() | RightsChanged():
            return await _note(desk, event)


async def _at_the_door(desk: Desk, event: Departed | StandingChanged | JoinRequested) -> tuple[Answer, ...]:
    match event:
        case Departed():
            return await newcomers.depart(desk, event)
        case StandingChanged():
            return await returns.meet(desk, event)
        case JoinRequested():
            return await admission.receive(desk, event)


async def _note(
    desk: Desk, event: Mirrored | ChatMoved | NativeTallied | ReportFiled | RightsChanged
) -> tuple[Answer, ...]:
    match event:
        case Mirrored():
            return await debates.mirror(desk, event)
        case ChatMoved():
            return await debates.move(desk, event)
        case NativeTallied():
            return await natives.follow(desk, event)
        case ReportFiled():
            return await filings.take(desk, event)
        case RightsChanged():
            return await returns.try_again(desk, event)


def vote_asked(event: Incoming) -> ballots.Ask | None:
    """The act of voting that an event is, to be cast together with others; None for anything else."""
    if not isinstance(event, ButtonPressed | CommandGiven):
        return None
    if isinstance(event, CommandGiven) and event.said is not None:
        return None  # its words are judged first
    ask = _asked(event)
    return ask if isinstance(ask, Press) or (ask is not None and ask.name in _VOTING) else None


async def _act(desk: Desk, event: ButtonPressed | CommandGiven) -> tuple[Answer, ...]:
    done = await _in_no_menu(desk, event)
    if done is not None:
        return done
    ask = _asked(event)
    said = event.said if isinstance(event, CommandGiven) and not _is_a_report(ask) else None
    taken = () if said is None else await debates.judged(desk, said)
    if taken:
        return taken
    match ask:
        case Press():
            return await ballots.vote(desk, (ask,))
        case Request() if _is_allowed(ask) or ask.name in _VOTING:  # which say themselves where to vote
            return await HANDLERS[ask.name](desk, ask)
        case Request() if ask.name in _IN_PUBLIC:
            return await _IN_PUBLIC[ask.name](desk, ask)
        case Request() | None:
            refusal = UnknownCommand() if ask is None else private_only(ask.name)
            told = await tell(desk, refusal, received=event.received, person=event.person, handle=event.handle)
            return told if ask is not None or event.handle.private else ()  # in a group it may be another bot's


def _is_a_report(ask: Press | Request | None) -> bool:
    """Whether it goes out of sight anyway, perhaps with the very words that it is about."""
    return isinstance(ask, Request) and ask.name is Name.REPORT


async def _in_no_menu(desk: Desk, event: ButtonPressed | CommandGiven) -> tuple[Answer, ...] | None:
    """What a command of the staff does, or of who asks to join; None for anything else."""
    if admission.asks_in(desk, event):
        return await admission.enter(desk, event)
    colleague = reviewing.officer(desk, event)
    if colleague is not None and isinstance(event, CommandGiven):
        return (await reviewing.obey(desk, event, colleague),)
    instruction = ordered(desk, event)
    if instruction is not None:
        return await moderating.obey(desk, event.received, instruction)
    if isinstance(event, ButtonPressed) and is_of_moderators(event.action):  # whoever reads the room, without the right
        refused = SettlingRefused(reason="staff_only")
        return await tell(desk, refused, received=event.received, person=event.person, handle=event.handle)
    order = settling.ordered(desk, event)
    return None if order is None else await settling.settle(desk, event, order)


def _asked(event: ButtonPressed | CommandGiven) -> Press | Request | None:
    action = event.action if isinstance(event, ButtonPressed) else event.command
    if isinstance(action, Choice):
        return Press(received=event.received, person=event.person, handle=event.handle, choice=action)
    entry = find(action.name)
    if entry is None:
        return None
    name, arguments = entry.name, action.arguments
    if isinstance(event, CommandGiven) and event.followed:
        name, arguments = _SHOWN.get(name, name), arguments[:1] if name is Name.VOTE else ()
    target = event.target if isinstance(event, CommandGiven) else None
    return Request(
        received=event.received,
        person=event.person,
        handle=event.handle,
        name=name,
        arguments=arguments,
        target=target,
    )


def _is_allowed(request: Request) -> bool:
    match WHERE[request.name]:
        case Where.ANYWHERE:
            return True
        case Where.IN_PRIVATE:
            return request.handle.private
        case Where.IN_PRIVATE_OR_PRESSED:
            return request.handle.private or request.handle.press is not None
