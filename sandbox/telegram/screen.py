"""What a citizen's phone with Telegram shows, as plain values for the template."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from markupsafe import Markup

from sandbox.pages.phone import Memory, Removed
from sandbox.telegram.ballot import Ballot, ballot
from sandbox.telegram.errors import NobodyThere
from sandbox.telegram.marked import marked
from sandbox.telegram.values import Chat, Json, Message, Photo
from sandbox.telegram.world import World

MOST_MESSAGES = 120
_ALT = re.compile(r"\[(?:\d+/\d+: )?([^\[\]]+)\]\s*$")
_COMPOSER = "telegram-composer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A button under a message: pressed (``data``), followed (``url``), or opening the bot (``payload``)."""

    label: str
    data: str | None = None
    url: str | None = None
    payload: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The message that another one answers; without an author when it is gone."""

    id: int
    author: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comments:
    """Where a channel's post is talked about, and how much."""

    mirror: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """One message. ``kind`` is message, or for lines in the middle: removed, joined, left, pinned."""

    id: int
    kind: str
    author: str
    hue: int
    own: bool
    official: bool
    at: datetime
    edited: bool = False
    html: Markup = Markup()  # noqa: RUF009  frozen
    plain: str = ""
    photo: Photo | None = None
    alt: str = ""
    quote: Quote | None = None
    keys: tuple[tuple[Key, ...], ...] = ()
    comments: Comments | None = None
    poll: Ballot | None = None
    forwarded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A chat in the list of chats. ``last`` is the number of its newest message."""

    id: int
    title: str
    kind: str
    members: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A phone with one chat open. ``may`` is what can be done below: write, start, unblock or nothing."""

    tabs: tuple[Tab, ...]
    open: Tab
    bubbles: tuple[Bubble, ...]
    more: bool
    pinned: Bubble | None
    may: str
    answering: Bubble | None
    commands: tuple[tuple[str, str], ...]

    @property
    def place(self) -> str:
        """The number of the open chat."""
        return str(self.open.id)


class Eyes:
    """Looks at the world for one citizen."""

    def __init__(self, world: World, memory: Memory, user: int) -> None:
        self._world = world
        self._memory = memory
        self._user = user

    def screen(self, chat: int, answering: int | None = None) -> Screen:
        """The phone with this chat open, or the first one when the citizen has no such chat."""
        tabs = tuple(self._tabs())
        tab = next((tab for tab in tabs if tab.id == chat), tabs[0])
        place = self._place(tab.id)
        bubbles = sorted([*self._messages(place), *self._removed(place)], key=lambda bubble: bubble.id) if place else []
        shown = {bubble.id: bubble for bubble in bubbles if bubble.kind == "message"}
        return Screen(
            tabs=tabs,
            open=tab,
            bubbles=tuple(bubbles[-MOST_MESSAGES:]),
            more=len(bubbles) > MOST_MESSAGES,
            pinned=next((shown[number] for number in place.pinned if number in shown), None) if place else None,
            may=self._may(tab),
            answering=shown.get(answering or 0),
            commands=self._commands() if tab.kind == "private" else (),
        )

    def _place(self, chat: int) -> Chat | None:
        try:
            return self._world.chat_of(self._user, chat)
        except NobodyThere:
            return None

    def _tabs(self) -> Iterator[Tab]:
        for chat in self._world.chats.values():
            if chat.member(self._user).present or chat.username is not None:
                present = sum(member.present for member in chat.members.values())
                yield self._tab(chat.id, chat.title, "channel" if chat.kind == "channel" else "group", present)
        yield self._tab(self._user, self._world.the_bot().user.first_name, "private", 2)

    def _tab(self, chat: int, title: str, kind: str, members: int) -> Tab:
        place = self._place(chat)
        return Tab(
            id=chat, title=title, kind=kind, members=members, last=max(place.messages, default=0) if place else 0
        )

    def _may(self, tab: Tab) -> str:
        if tab.kind == "channel":
            return "nothing"
        if tab.kind == "group":
            return "write" if self._world.chat(tab.id).member(self._user).present else "nothing"
        if (self._user, self._world.the_bot().id) in self._world.blocked:
            return "unblock"
        return "write" if self._place(tab.id) else "start"

    def _commands(self) -> tuple[tuple[str, str], ...]:
        """The menu of the bot: of the shelves it filled, the one for private chats in the citizen's language."""
        language = self._world.user(self._user).language_code or ""
        shelves = self._world.the_bot().commands
        for scope, code in (("all_private_chats", language), ("all_private_chats", ""), ("default", language)):
            for (kind, where), commands in shelves.items():
                if scope in kind and where == code and commands:
                    return tuple((str(command["command"]), str(command["description"])) for command in commands)
        return tuple(
            (str(command["command"]), str(command["description"])) for command in next(iter(shelves.values()), ())
        )

    def _removed(self, chat: Chat) -> Iterator[Bubble]:
        for removed in self._memory.removed(chat.id):
            yield self._line(removed, "removed", removed.author == self._user)

    def _line(self, about: Removed, kind: str, own: bool) -> Bubble:  # noqa: FBT001  one caller
        author = self._world.user(about.author).first_name
        return Bubble(id=about.message, kind=kind, author=author, hue=0, own=own, official=False, at=about.at)

    def _messages(self, chat: Chat) -> Iterator[Bubble]:
        for message in chat.messages.values():
            kind = _kind(message)
            if kind is not None:
                yield self._bubble(chat, message, kind)

    def _bubble(self, chat: Chat, message: Message, kind: str) -> Bubble:
        described = _ALT.search(message.text)
        private = chat.kind == "private"
        words = message.text if message.poll is None else self._world.polls[message.poll].words()
        return Bubble(
            id=message.id,
            kind=kind,
            author=self._author(message),
            hue=(message.sender or message.author) % 7,
            own=message.author == self._user,
            official=message.sender_chat is not None or self._world.user(message.author).is_bot,
            at=message.at,
            edited=message.edited_at is not None,
            html=marked(words, message.entities, form=_COMPOSER if private else None),
            plain=words,
            photo=message.photo,
            alt=described.group(1) if described else "",
            quote=self._quote(chat, message),
            keys=tuple(self._keys(message)),
            comments=self._comments(chat, message),
            poll=ballot(self._world.polls[message.poll], self._user) if message.poll is not None else None,
            forwarded=message.is_automatic_forward,
        )

    def _author(self, message: Message) -> str:
        if message.sender_chat is not None:
            return self._world.chat(message.sender_chat).title
        return self._world.user(message.sender or message.author).first_name

    def _quote(self, chat: Chat, message: Message) -> Quote | None:
        if message.reply_to is None:
            return None
        answered = chat.messages.get(message.reply_to)
        if answered is None:
            return Quote(id=message.reply_to)
        return Quote(id=answered.id, author=self._author(answered), text=answered.text[:90])

    def _keys(self, message: Message) -> Iterator[tuple[Key, ...]]:
        rows = (message.markup or {}).get("inline_keyboard", [])
        for row in rows if isinstance(rows, list) else []:
            yield tuple(self._key(button) for button in row)

    def _key(self, button: Json) -> Key:
        label, url = str(button.get("text", "")), str(button.get("url", ""))
        if "callback_data" in button:
            return Key(label=label, data=str(button["callback_data"]))
        parts = urlsplit(url)
        if parts.hostname == "t.me" and parts.path.strip("/") == self._world.the_bot().user.username:
            return Key(label=label, payload=next(iter(parse_qs(parts.query).get("start", [])), ""))
        return Key(label=label, url=url if parts.scheme in {"http", "https"} else None)

    def _comments(self, chat: Chat, message: Message) -> Comments | None:
        if chat.kind != "channel" or chat.linked is None:
            return None
        group = self._world.chat(chat.linked)
        for mirror in group.messages.values():
            if mirror.origin == (chat.id, message.id):
                count = sum(answer.thread == mirror.id for answer in group.messages.values())
                return Comments(mirror=mirror.id, count=count)
        return None


def _kind(message: Message) -> str | None:
    """How a message is shown; None for notices that a phone does not show."""
    if message.service is None:
        return "message"
    for notice, kind in (("new_chat_members", "joined"), ("left_chat_member", "left"), ("pinned_message", "pinned")):
        if notice in message.service:
            return kind
    return None
