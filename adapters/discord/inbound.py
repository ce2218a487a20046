"""What an event of Discord says: somebody pressed, gave a command, or wrote.

Events are heard as they come (``hear``: what only this moment knows is written beside them) and understood later, from
what was stored alone. An answer to a press or a command is seen by one person only, so it counts as private.
"""

import json
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from adapters.discord import forms, ids
from adapters.instants import instant
from core.citizen import Person
from core.errors import Unreadable
from core.events import (
    ButtonPressed,
    Choice,
    Command,
    CommandGiven,
    Handle,
    Incoming,
    MessagePosted,
    MessageReported,
    NativeTallied,
    Received,
    RightsChanged,
    StandingChanged,
    Target,
    UnknownButtonPressed,
)
from core.identifiers import Address, MessageId, NativePollId, PlatformName, locale_for
from core.rules.media import Medium

DISCORD = PlatformName("discord")
_MEDIA = {"image": Medium.PHOTO, "video": Medium.VIDEO, "audio": Medium.AUDIO}
POLL_CHANGED = "POLL_CHANGED"  # ours: what is kept of a vote in a poll of Discord
_VOTES = ("MESSAGE_POLL_VOTE_ADD", "MESSAGE_POLL_VOTE_REMOVE")
STANDING_CHANGED = "STANDING_CHANGED"  # ours: who came, or of whom a hand let go
_OF_MEMBERS = ("GUILD_MEMBER_ADD", "GUILD_BAN_REMOVE")
RIGHTS_CHANGED = "RIGHTS_CHANGED"  # ours: a role, or those that we have
_LOGGED, _MEMBER, ROLE = "GUILD_AUDIT_LOG_ENTRY_CREATE", "GUILD_MEMBER_UPDATE", "GUILD_ROLE_UPDATE"
HEARD = (
    *("INTERACTION_CREATE", "MESSAGE_CREATE", "MESSAGE_UPDATE", *_VOTES),
    *(*_OF_MEMBERS, _LOGGED, _MEMBER, ROLE),
)
_READ = ("id", "token", "type", "user", "member", "locale", "guild_id", "channel", "data")
_TIME_OUT = "communication_disabled_until"
_CASE = Command("case")
_COMPONENT = 3
_CHAT_INPUT, _OF_A_MESSAGE = 1, 3


def written(event: str, data: dict[str, Any], *, parent: str | None = None, official: bool | None = None) -> bytes:
    """An event as it is stored. ``parent`` is the channel of the thread it stands in.

    Of a press or a command only what is read of it: neither the message it stands under, nor what its author may do.
    """
    if event == "INTERACTION_CREATE":
        data = {name: data[name] for name in _READ if name in data}
        if "member" in data:
            data["member"] = {"user": (data["member"] or {}).get("user")}
    return json.dumps({"event": event, "data": data, "parent": parent, "official": official}).encode()


def poll_of(event: str, data: dict[str, Any], me: str) -> str | None:
    """The poll of Discord that somebody voted in, or that ended; who, and for what, is read no further."""
    if event in _VOTES:
        return str(data.get("message_id"))
    ours = event == "MESSAGE_UPDATE" and "poll" in data and (data.get("author") or {}).get("id") == me
    return str(data.get("id")) if ours else None


def hint_of(event: str, data: dict[str, Any], me: str) -> bytes | None:
    """What is kept of an event that says no more than «look again»; None for others, nothing for what says nothing."""
    poll = poll_of(event, data, me)
    if poll is not None:
        return written(POLL_CHANGED, {"id": poll})
    if event in _OF_MEMBERS:
        return written(STANDING_CHANGED, {"id": (data.get("user") or {}).get("id")})
    if event in {_MEMBER, ROLE}:
        ours = event == ROLE or (data.get("user") or {}).get("id") == me
        return written(RIGHTS_CHANGED, {}) if ours else b""
    if event != _LOGGED:
        return None
    changed = {change.get("key") for change in data.get("changes") or ()}
    let_go = _TIME_OUT in changed and data.get("user_id") != me
    return written(STANDING_CHANGED, {"id": data.get("target_id")}) if let_go else b""


def understand(body: bytes, received: Received, *, me: str, menus: Collection[str] = ()) -> tuple[Incoming, ...]:
    """What happened; nothing when it says nothing to us. ``me`` is our user's number. Raises Unreadable.

    ``menus`` are what moderators have in the menu of a message; any other entry reports it.
    """
    try:
        told = json.loads(body)
        data = told["data"]
        if told["event"] == "INTERACTION_CREATE":
            return _interaction(data, received, me, menus)
        if told["event"] == POLL_CHANGED:
            return (NativeTallied(received=received, poll=NativePollId(_number(data["id"]))),)
        if told["event"] == STANDING_CHANGED:
            return (StandingChanged(received=received, person=_known_by(_number(data["id"]))),)
        if told["event"] == RIGHTS_CHANGED:
            return (RightsChanged(received=received),)
        return _message(told, data, received, me)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(f"an event of no known shape: {type(error).__name__}") from None


def _interaction(data: dict[str, Any], received: Received, me: str, menus: Collection[str]) -> tuple[Incoming, ...]:
    user = data["user"] if "user" in data else data["member"]["user"]
    person = Person(
        platform=DISCORD,
        account=ids.person(_number(user["id"])),
        locale=locale_for(data.get("locale")),
        name=str(user.get("global_name") or user["username"]),
        number=_number(user["id"]),
    )
    handle = Handle(
        account=received.account,
        private=True,
        chat=Address(person.account),
        press=f"{_number(data['id'])}:{data['token']}",
    )
    match data["type"]:
        case 3:  # a button, or a list
            action = ids.read(str(data["data"]["custom_id"]), tuple(map(str, data["data"].get("values", ()))))
        case 5:  # a form
            return (_sent(data, person, handle, received),)
        case 2 if data["data"].get("type", _CHAT_INPUT) == _CHAT_INPUT:
            typed = " ".join(str(option["value"]) for option in data["data"].get("options", ()))
            action = Command(str(data["data"]["name"]), tuple(typed.split()))
        case 2 if data["data"]["type"] == _OF_A_MESSAGE:
            heard = _in_menu if data["data"]["name"] in menus else _reported
            return (heard(data, person, handle, received, me),)
        case _:
            return ()
    done = _done(action, person, handle, received, pressed=data["type"] == _COMPONENT)
    return (replace(done, place=_place(data)) if isinstance(done, CommandGiven) else done,)


def _place(data: dict[str, Any]) -> Address | None:
    """The channel that a command was given in, where others are."""
    channel = data.get("channel")
    return ids.standing(channel, _number(channel["id"])) if "guild_id" in data and channel else None


def _sent(data: dict[str, Any], person: Person, handle: Handle, received: Received) -> Incoming:
    """A form that was filled in."""
    filled = forms.filled_in(data["data"])
    if filled is None:
        return UnknownButtonPressed(received=received, person=person, handle=handle)
    command, about = filled
    given = CommandGiven(received=received, person=person, command=command, handle=handle, place=_place(data))
    return replace(given, about=about)


def _in_menu(data: dict[str, Any], person: Person, handle: Handle, received: Received, me: str) -> CommandGiven:
    """A command about a message that comes with it, whole: its case is shown, while a form asks for the words."""
    message = data["data"]["resolved"]["messages"][_number(data["data"]["target_id"])]
    chat, number = ids.reported(data)
    target = Target(
        author=writer(message["author"]),
        chat=chat,
        message=number,
        text=str(message.get("content", "")),
        ours=message["author"]["id"] == me,
    )
    return CommandGiven(received=received, person=person, command=_CASE, handle=handle, target=target)


def _done(
    action: Choice | Command | None, person: Person, handle: Handle, received: Received, *, pressed: bool
) -> Incoming:
    if action is None:
        return UnknownButtonPressed(received=received, person=person, handle=handle)
    if pressed or isinstance(action, Choice):
        return ButtonPressed(received=received, person=person, action=action, handle=handle)
    return CommandGiven(received=received, person=person, command=action, handle=handle)


def _reported(data: dict[str, Any], person: Person, handle: Handle, received: Received, me: str) -> MessageReported:
    """The message that somebody reports comes with the command, whole, whatever we may read elsewhere."""
    message = data["data"]["resolved"]["messages"][_number(data["data"]["target_id"])]
    guild, channel, number = _number(data["guild_id"]), _number(message["channel_id"]), _number(message["id"])
    chat, place = ids.reported(data)
    return MessageReported(
        received=received,
        person=person,
        handle=handle,
        author=writer(message["author"]),
        chat=chat,
        message=place,
        text=str(message.get("content", "")),
        link=f"https://discord.com/channels/{guild}/{channel}/{number}",
        ours=message["author"]["id"] == me,
    )


def _known_by(number: str) -> Person:
    """Somebody of whom nothing but their number is told."""
    return Person(platform=DISCORD, account=ids.person(number), locale=locale_for(None), number=number)


def writer(author: dict[str, Any]) -> Person:
    """Who wrote a message, as the network shows them."""
    return Person(
        platform=DISCORD,
        account=ids.person(_number(author["id"])),
        locale=locale_for(None),
        name=str(author.get("global_name") or author["username"]),
        number=_number(author["id"]),
    )


def _message(told: dict[str, Any], data: dict[str, Any], received: Received, me: str) -> tuple[Incoming, ...]:
    author = data.get("author")
    edited = told["event"] == "MESSAGE_UPDATE"
    if author is None or author["id"] == me or author.get("bot") or "webhook_id" in data:
        return ()
    if edited and data.get("edited_timestamp") is None:
        return ()  # an embed was added, a thread begun: nobody changed any words
    person = writer(author)
    text = str(data.get("content", ""))
    if "guild_id" not in data:
        return (_in_private(person, data, text, received, edited=edited),)
    return (_in_public(person, told, text, received, edited=edited),)


def _in_private(person: Person, data: dict[str, Any], text: str, received: Received, *, edited: bool) -> Incoming:
    message = MessageId(_number(data["id"]))
    handle = Handle(account=received.account, private=True, chat=Address(person.account), message=message)
    words = text.split()
    if words and words[0].startswith("/") and not edited:
        command = Command(words[0].removeprefix("/"), tuple(words[1:]))
        return CommandGiven(received=received, person=person, command=command, handle=handle)
    answered = (data.get("message_reference") or {}).get("message_id")
    return MessagePosted(
        received=received, person=person, handle=handle, text=text, answers=_answered(answered, None), edited=edited
    )


def _in_public(person: Person, told: dict[str, Any], text: str, received: Received, *, edited: bool) -> MessagePosted:
    data, parent = told["data"], told["parent"]
    channel, number = _number(data["channel_id"]), _number(data["id"])
    answered = (data.get("message_reference") or {}).get("message_id")
    return MessagePosted(
        received=received,
        person=person,
        handle=Handle(
            account=received.account,
            private=False,
            chat=Address(parent or channel),
            message=ids.in_thread(channel, number) if parent else MessageId(number),
        ),
        text=text,
        answers=_answered(answered, channel if parent else None),
        thread=MessageId(channel) if parent else None,  # a thread has the number of the message that it hangs from
        edited=edited,
        official=told["official"],
        media=_media(data),
        forwarded="message_snapshots" in data,
        since=instant((data.get("member") or {}).get("joined_at")),
    )


def _media(data: dict[str, Any]) -> frozenset[Medium]:
    kinds = (str(each.get("content_type") or "").partition("/")[0] for each in data.get("attachments", ()))
    stickers = {Medium.STICKER} if data.get("sticker_items") else set()
    return frozenset(_MEDIA.get(kind, Medium.DOCUMENT) for kind in kinds) | stickers


def _answered(answered: object, thread: str | None) -> MessageId | None:
    if not isinstance(answered, str):
        return None
    return ids.in_thread(thread, answered) if thread else MessageId(answered)


def _number(value: object) -> str:
    if not isinstance(value, str) or not value.isdecimal():
        raise TypeError
    return value
