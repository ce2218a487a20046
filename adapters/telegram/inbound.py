"""What an update of Telegram says, read from the raw JSON: pure and total.

An update of a shape we know becomes events; one that is no concern of ours becomes none; one that claims a known
shape and does not have it is Unreadable. Nothing else ever comes out of hostile input. No object of
python-telegram-bot is built: that would cost 35 times the reading of the JSON.

Who is *official*, touched by no rule: the chat's administrators (told by the adapter), those who write anonymously as
the chat itself, and the channel the chat discusses. Somebody who writes as any other channel is a person like others.
Where the administrators are not known, nobody else is known to be official or not.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TypeAlias

from adapters.telegram import limits
from adapters.telegram.buttons import action_of, command_of
from adapters.telegram.identity import Identity
from core.citizen import Person
from core.errors import Unreadable
from core.events import (
    ButtonPressed,
    ChatMoved,
    Command,
    CommandGiven,
    Departed,
    Handle,
    Incoming,
    JoinRequested,
    MessagePosted,
    Mirrored,
    NativeTallied,
    Received,
    RightsChanged,
    StandingChanged,
    Target,
    UnknownButtonPressed,
)
from core.folding import clean
from core.identifiers import Address, Locale, MessageId, NativePollId, PlatformName, locale_for
from core.native import NativeTally
from core.rules.media import Medium

TELEGRAM = PlatformName("telegram")
Json: TypeAlias = dict[str, object]
Officials: TypeAlias = Mapping[Address, frozenset[str]]

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{1,64}))?(?=\s|$)")
_VOICES_OF_THE_CHAT = (limits.ANONYMOUS_ADMINISTRATOR, limits.AUTOMATIC_FORWARDER)
_START = Command("start")
_MEDIA = {medium.value: medium for medium in Medium if medium is not Medium.PLACE} | {
    "animation": Medium.VIDEO,
    "video_note": Medium.VIDEO,
    "location": Medium.PLACE,
    "venue": Medium.PLACE,
}
_PRESENT = ("creator", "administrator", "member")  # compared, as the next
_GONE = ("kicked", "left")  # compared, not hashed: hostile values may be lists


@dataclass(frozen=True, slots=True)
class _Context:
    received: Received
    me: Identity
    officials: Officials


def understand(body: bytes, received: Received, *, me: Identity, officials: Officials) -> tuple[Incoming, ...]:
    """The events of one update. ``officials`` are account numbers by chat. Raises Unreadable."""
    try:
        update = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"no JSON: {type(error).__name__}") from error
    if not isinstance(update, dict):
        raise Unreadable("an update is not an object")
    for kind, read in _READERS.items():
        if kind in update:
            return read(_object(update, kind), _Context(received, me, officials))
    return ()


def _press(query: Json, context: _Context) -> tuple[Incoming, ...]:
    person = _user(_object(query, "from"))
    handle = _press_handle(query, context.received)
    data = query.get("data")
    action = action_of(data) if isinstance(data, str) else None
    if action is None:
        return (UnknownButtonPressed(received=context.received, person=person, handle=handle),)
    return (ButtonPressed(received=context.received, person=person, action=action, handle=handle),)


def _press_handle(query: Json, received: Received) -> Handle:
    press = clean(_text(query, "id"))
    message = _optional(query, "message")
    if message is None:  # a button under a message shared from another chat
        return Handle(account=received.account, private=False, press=press)
    chat = _object(message, "chat")
    return Handle(
        account=received.account,
        private=chat.get("type") == "private",
        chat=Address(str(_number(chat, "id"))),
        message=MessageId(str(_number(message, "message_id"))),
        press=press,
        topic=_topic(message),
    )


def _message(message: Json, context: _Context) -> tuple[Incoming, ...]:
    chat = _object(message, "chat")
    address = Address(str(_number(chat, "id")))
    number = MessageId(str(_number(message, "message_id")))
    if "migrate_to_chat_id" in message:
        new = Address(str(_number(message, "migrate_to_chat_id")))
        return (ChatMoved(received=context.received, old=address, new=new),)
    if message.get("is_automatic_forward") is True:
        return _mirror(message, address, number, context)
    person = _author(message)
    text = message.get("text", message.get("caption"))
    if person is None:
        return ()
    text, private = text if isinstance(text, str) else "", chat.get("type") == "private"
    if not text and (private or not _media(message)):
        return ()
    handle = Handle(
        account=context.received.account,
        private=private,
        chat=address,
        message=number,
        topic=_topic(message),
    )
    return _said(message, clean(text), person, handle, context)


def _said(message: Json, text: str, person: Person, handle: Handle, context: _Context) -> tuple[Incoming, ...]:
    answers = _answered(message)
    posted = MessagePosted(
        received=context.received,
        person=person,
        handle=handle,
        text=text,
        answers=None if handle.topic is not None and answers == str(handle.topic) else answers,
        thread=_thread(message),
        edited="edit_date" in message,
        official=_is_official(message, person, handle, context),
        links=_links(message),
        media=_media(message),
        forwarded=message.get("forward_origin") is not None,
    )
    typed = _COMMAND.match(text)
    if typed is None or posted.edited:
        return (posted,)
    if _is_for(typed[2], context.me):
        return (replace(_command(typed, posted, context.me), target=_target(message, handle, context)),)
    return () if handle.private else (posted,)


def _command(typed: re.Match[str], posted: MessagePosted, me: Identity) -> CommandGiven:
    name = typed[1].lower()
    arguments = tuple(posted.text[typed.end() :].split())
    private = posted.handle.private
    linked = command_of(arguments[0], me.key) if name == "start" and private and arguments else None
    return CommandGiven(
        received=posted.received,
        person=posted.person,
        command=linked or (_START if name == "start" else Command(name, arguments)),
        handle=posted.handle,
        followed=linked is not None,
        said=None if private else posted,
    )


def _target(message: Json, handle: Handle, context: _Context) -> Target | None:
    """The message that this one answers; the beginning of a topic, which the network names for want of one, is none.

    In private nobody moderates: whatever is answered there, a command is about the case that it names.
    """
    answered = None if handle.private else _optional(message, "reply_to_message")
    author = None if answered is None or handle.chat is None else _author(answered)
    if answered is None or author is None or handle.chat is None:
        return None
    number = str(_number(answered, "message_id"))
    text = answered.get("text", answered.get("caption"))
    if number == str(handle.topic):
        return None
    return Target(
        author=author,
        chat=handle.chat,
        message=MessageId(number),
        text=clean(text) if isinstance(text, str) else "",
        official=_is_official(answered, author, handle, context),
        ours=author.account == str(context.me.id),
    )


def _is_for(username: str | None, me: Identity) -> bool:
    return username is None or not me.username or username.lower() == me.username.lower()


def _mirror(message: Json, group: Address, number: MessageId, context: _Context) -> tuple[Incoming, ...]:
    origin = _object(message, "forward_origin")
    if origin.get("type") != "channel":
        return ()
    mirrored = Mirrored(
        received=context.received,
        channel=Address(str(_number(_object(origin, "chat"), "id"))),
        post=MessageId(str(_number(origin, "message_id"))),
        group=group,
        message=number,
    )
    return (mirrored,)


def _membership(change: Json, context: _Context) -> tuple[Incoming, ...]:
    if _object(change, "chat").get("type") != "private":
        return (RightsChanged(received=context.received),)
    if _object(change, "new_chat_member").get("status") not in _GONE:
        return ()
    return (Departed(received=context.received, person=_user(_object(change, "from"))),)


def _standing(change: Json, context: _Context) -> tuple[Incoming, ...]:
    """Somebody came or went, or a hand changed how they stand; what we did ourselves is known."""
    person = _user(_object(_object(change, "new_chat_member"), "user"))
    before = _optional(change, "old_chat_member")
    came = before is not None and not _is_in(before) and _is_in(_object(change, "new_chat_member"))
    if _number(_object(change, "from"), "id") == context.me.id and not came:  # whom we let in comes in
        return ()
    place = Address(str(_number(_object(change, "chat"), "id"))) if came else None
    return (StandingChanged(received=context.received, person=person, arrived_in=place),)


def _join_request(asked: Json, context: _Context) -> tuple[Incoming, ...]:
    person, private = _user(_object(asked, "from")), Address(str(_number(asked, "user_chat_id")))
    date = _number(asked, "date")
    if not 0 <= date <= limits.LATEST_DATE:
        raise Unreadable("a date that is none")
    requested = JoinRequested(
        received=context.received,
        person=person,
        chat=Address(str(_number(_object(asked, "chat"), "id"))),
        handle=Handle(account=context.received.account, private=True, chat=private),
        asked_at=datetime.fromtimestamp(date, UTC),
    )
    return (requested,)


def _is_in(member: Json) -> bool:
    status = member.get("status")
    return member.get("is_member") is True if status == "restricted" else status in _PRESENT


def _poll_answer(answer: Json, _context: _Context) -> tuple[Incoming, ...]:
    """Nothing: only totals are read. An answer without its parts is still worth setting aside."""
    _text(answer, "poll_id")
    if not isinstance(answer.get("option_ids"), list) or not isinstance(answer.get("option_persistent_ids"), list):
        raise Unreadable("a poll answer without its options")
    return ()


def _poll(poll: Json, context: _Context) -> tuple[Incoming, ...]:
    """The totals of one of our polls. While it hides them, its options are told as 0, though people voted."""
    options, voters, closed = poll.get("options"), _number(poll, "total_voter_count"), poll.get("is_closed") is True
    if not isinstance(options, list) or not all(isinstance(option, dict) for option in options):
        raise Unreadable("a poll without its options")
    counts = tuple(_number(option, "voter_count") for option in options)
    if min((voters, *counts)) < 0:
        raise Unreadable("a poll with fewer votes than none")
    hidden = not closed and voters > 0 and not any(counts)
    tally = NativeTally(counts=None if hidden else counts, voters=voters, final=closed)
    return (NativeTallied(received=context.received, poll=NativePollId(_text(poll, "id")), tally=tally),)


_READERS: Mapping[str, Callable[[Json, _Context], tuple[Incoming, ...]]] = MappingProxyType(
    {
        "callback_query": _press,
        "message": _message,
        "edited_message": _message,
        "my_chat_member": _membership,
        "chat_member": _standing,
        "chat_join_request": _join_request,
        "poll": _poll,
        "poll_answer": _poll_answer,
    }
)


def _author(message: Json) -> Person | None:
    as_chat = _optional(message, "sender_chat")
    if as_chat is not None:
        title = as_chat.get("title")
        name = clean(title) if isinstance(title, str) else ""
        account = str(_number(as_chat, "id"))
        return Person(platform=TELEGRAM, account=account, locale=Locale.FR, name=name, has_private_chat=False)
    sender = _optional(message, "from")
    return None if sender is None else _user(sender)


def _user(user: Json) -> Person:
    names = (user.get("first_name"), user.get("last_name"))
    tag = user.get("language_code")
    return Person(
        platform=TELEGRAM,
        account=str(_number(user, "id")),
        locale=locale_for(tag if isinstance(tag, str) else None),
        name=" ".join(clean(name) for name in names if isinstance(name, str) and name),
        number=str(_number(user, "id")),
    )


def _is_official(message: Json, person: Person, handle: Handle, context: _Context) -> bool | None:
    if handle.private or handle.chat is None:
        return False
    sender = _optional(message, "from")
    if sender is not None and sender.get("id") in _VOICES_OF_THE_CHAT:
        return True
    if person.account == handle.chat:
        return True
    officials = context.officials.get(handle.chat)
    return None if officials is None else person.account in officials


def _answered(message: Json) -> MessageId | None:
    reply = _optional(message, "reply_to_message")
    return None if reply is None else MessageId(str(_number(reply, "message_id")))


def _topic(message: Json) -> int | None:
    return _number(message, "message_thread_id") if message.get("is_topic_message") is True else None


def _media(message: Json) -> frozenset[Medium]:
    return frozenset(medium for name, medium in _MEDIA.items() if message.get(name) is not None)


def _links(message: Json) -> tuple[str, ...]:
    """The addresses behind its words; what claims to be one and has another shape leads nowhere."""
    marks = message.get("entities", message.get("caption_entities"))
    marked = [mark for mark in marks if isinstance(mark, dict)] if isinstance(marks, list) else []
    urls = (mark.get("url") for mark in marked if mark.get("type") == "text_link")
    return tuple(clean(url) for url in urls if isinstance(url, str))


def _thread(message: Json) -> MessageId | None:
    if message.get("is_topic_message") is True or message.get("message_thread_id") is None:
        return None
    return MessageId(str(_number(message, "message_thread_id")))


def _object(parent: Json, name: str) -> Json:
    value = parent.get(name)
    if not isinstance(value, dict):
        raise Unreadable(f"{name} is not an object")
    return value


def _optional(parent: Json, name: str) -> Json | None:
    return None if parent.get(name) is None else _object(parent, name)


def _number(parent: Json, name: str) -> int:
    value = parent.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > limits.LARGEST_ID:
        raise Unreadable(f"{name} is not an identifier")
    return value


def _text(parent: Json, name: str) -> str:
    value = parent.get(name)
    if not isinstance(value, str) or not value:
        raise Unreadable(f"{name} is not a text")
    return value
