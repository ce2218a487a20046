"""What a citizen's phone with Discord shows, as plain values for the template."""

import time
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from sandbox.discord import permissions
from sandbox.discord.controls import Ballot, Block, Command, Form, ballot, blocks, commands, form
from sandbox.discord.dialogues import COMMAND
from sandbox.discord.errors import NobodyThere
from sandbox.discord.marked import Marked
from sandbox.discord.texts import readable
from sandbox.discord.values import Attachment, Channel, Flag, Json, Kind, Message, Type
from sandbox.discord.world import World
from sandbox.pages.phone import Hand, Memory, whole

MOST_POSTS = 80
MOST_THREADS = 5
DIRECT = "direct"
_TOGETHER = timedelta(minutes=7)  # posts of one author so close stand under one name
_NOTICES = {Type.PINNED: "pinned", Type.THREAD_CREATED: "opened", Type.POLL_RESULT: "result"}
_KINDS = {Kind.ANNOUNCEMENT: "announcement", Kind.FORUM: "forum", Kind.DM: DIRECT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A file of a message; without an address when it is no picture."""

    id: int
    name: str
    alt: str
    is_picture: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The message that another one answers; without an author when it is gone."""

    id: int
    author: str = ""
    hue: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Embed:
    """A card in a message."""

    title: str
    html: Markup
    fields: tuple[tuple[str, Markup], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One message. ``kind`` is message, or for lines: removed, pinned, opened, result, failed.

    ``follows`` says that it stands under the name of the one before, ``private`` that only this person sees it.
    """

    id: int
    kind: str
    author: str
    hue: int
    own: bool
    at: datetime
    official: bool = False
    follows: bool = False
    private: bool = False
    loading: bool = False
    called: str = ""
    edited: bool = False
    html: Markup = Markup()  # noqa: RUF009  frozen
    plain: str = ""
    quote: Quote | None = None
    embeds: tuple[Embed, ...] = ()
    pictures: tuple[Picture, ...] = ()
    blocks: tuple[Block, ...] = ()
    poll: Ballot | None = None
    thread: "Tab | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A channel in the list of channels. ``last`` is its newest message, ``count`` how many there are."""

    place: str
    title: str
    kind: str
    last: int
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A phone with one channel open. ``may`` is write, nothing, begin, unblock or join."""

    place: str
    guild: str
    tabs: tuple[Tab, ...]
    open: Tab | None
    above: Tab | None
    topic: str
    posts: tuple[Post, ...]
    more: bool
    pinned: Post | None
    may: str
    answering: Post | None
    commands: tuple[Command, ...]
    about: tuple[Command, ...]
    form: Form | None
    forum: tuple[Tab, ...]


class Eyes:
    """Looks at the world for one citizen; ``closed`` are the private answers that were closed."""

    def __init__(self, world: World, memory: Memory, user: int, closed: AbstractSet[int]) -> None:
        self._world = world
        self._memory = memory
        self._user = user
        self._closed = closed
        self._marked = Marked(self._named)

    def channel(self, place: str) -> Channel | None:
        """The channel of a place, if this person sees it."""
        if place == DIRECT:
            return self._world.private.get((self._world.the_bot().id, self._user))
        found = self._world.channels.get(whole(place))
        return found if found is not None and self._allowed(found) & permissions.VIEW_CHANNEL else None

    def screen(self, hand: Hand) -> Screen:
        """The phone with this channel open, or the first one when the citizen sees no such channel."""
        seen = list(self._channels())
        place = hand.place if hand.place == DIRECT or self.channel(hand.place) else ""
        place = place or (str(seen[0].id) if seen else DIRECT)
        channel = self.channel(place)
        posts = self._grouped(channel) if channel else []
        shelf = (self._world.the_bot(), channel or _letters(), self._allowed(channel) if channel else 0)
        locale = self._world.user(self._user).locale
        waiting = self._world.forms.get(self._user)
        above = self._world.channels.get(channel.parent or 0) if channel and channel.kind.is_thread else None
        return Screen(
            place=place,
            guild=self.guild,
            tabs=tuple(self._tabs(seen, channel)),
            open=self._tab(channel) if channel else None,
            above=self._tab(above) if above else None,
            topic=(channel.topic or "") if channel else "",
            posts=tuple(posts[-MOST_POSTS:]),
            more=len(posts) > MOST_POSTS,
            pinned=self._one(channel, next(reversed(channel.pins), 0)) if channel else None,
            may=self._may(channel),
            answering=self._one(channel, whole(hand.answering)) if channel else None,
            commands=tuple(commands(*shelf, locale)),
            about=tuple(commands(*shelf, locale, kind=3)),
            form=form(waiting.form) if waiting is not None and waiting.form is not None else None,
            forum=tuple(self._tab(one) for one in self._threads(channel)) if channel else (),
        )

    @property
    def guild(self) -> str:
        """The name of the guild, whether this person is in it or not."""
        return next((guild.name for guild in self._world.guilds.values()), "")

    def _allowed(self, channel: Channel) -> int:
        return self._world.allowed(self._user, channel)

    def _channels(self) -> Iterator[Channel]:
        for channel in self._world.channels.values():
            plain = channel.kind not in {Kind.DM, Kind.CATEGORY} and not channel.kind.is_thread
            if plain and self._allowed(channel) & permissions.VIEW_CHANNEL:
                yield channel

    def _threads(self, channel: Channel) -> list[Channel]:
        """The threads below a channel, the liveliest first."""
        if channel.guild is None or channel.kind.is_thread:
            return []
        below = [one for one in self._world.threads(channel.guild) if one.parent == channel.id]
        return sorted(below, key=lambda one: (one.changed_at, one.id), reverse=True)

    def _tabs(self, seen: list[Channel], channel: Channel | None) -> Iterator[Tab]:
        for one in seen:
            yield self._tab(one)
            below = self._threads(one)[:MOST_THREADS] if one.kind is not Kind.FORUM else []
            if channel is not None and channel.parent == one.id and channel not in below:
                below.append(channel)
            yield from map(self._tab, below)
        direct = self.channel(DIRECT)
        last = max(direct.messages, default=0) if direct else 0
        yield Tab(place=DIRECT, title=self._world.the_bot().user.name, kind=DIRECT, last=last)

    def _tab(self, channel: Channel) -> Tab:
        direct = channel.kind is Kind.DM
        kind = "thread" if channel.kind.is_thread else _KINDS.get(channel.kind, "text")
        title = self._world.user(channel.bot or 0).name if direct else channel.name
        return Tab(place=DIRECT if direct else str(channel.id), title=title, kind=kind, count=len(channel.messages),
                   last=max(channel.messages, default=0))  # fmt: skip

    def _may(self, channel: Channel | None) -> str:
        if channel is None or channel.kind is Kind.DM:
            if self._user in self._world.refusing:
                return "unblock"
            joined = any(self._user in guild.members for guild in self._world.guilds.values())
            return "write" if channel else "begin" if joined else "join"
        if channel.kind is Kind.FORUM or channel.locked:
            return "nothing"
        needed = permissions.SEND_MESSAGES_IN_THREADS if channel.kind.is_thread else permissions.SEND_MESSAGES
        return "write" if self._allowed(channel) & needed else "nothing"

    # ── messages ──

    def _grouped(self, channel: Channel) -> list[Post]:
        posts: list[Post] = []
        before: Message | None = None
        for message in list(channel.messages.values())[-MOST_POSTS - 1 :]:
            posts.append(self._post(channel, message, before))
            before = message
        mine = (one for one in self._world.hidden.values() if one.only_for == self._user and one.channel == channel.id)
        posts += [self._post(channel, one, None) for one in mine if one.id not in self._closed]
        posts += [*self._removed(channel), *self._failed(channel)]
        posts.sort(key=lambda post: post.id)
        return posts

    def _one(self, channel: Channel, number: int) -> Post | None:
        """A message of a channel by its number."""
        found = channel.messages.get(number)
        return None if found is None else self._post(channel, found, None)

    def _removed(self, channel: Channel) -> Iterator[Post]:
        for removed in self._memory.removed(channel.id):
            author = self._world.user(removed.author).name
            yield Post(id=removed.message, kind="removed", author=author, hue=0, own=removed.author == self._user,
                       at=removed.at)  # fmt: skip

    def _failed(self, channel: Channel) -> Iterator[Post]:
        """What this person did and nobody answered in time."""
        oldest = time.monotonic() - self._world.deadline
        for one in list(self._world.interactions.values())[-MOST_POSTS:]:
            mine = (one.user, one.channel, one.answered) == (self._user, channel.id, None)
            if mine and one.born < oldest and one.id not in self._closed:
                bot = self._world.user(one.bot).name
                yield Post(id=one.id, kind="failed", author=bot, hue=0, own=False, at=one.at, private=True)

    def _post(self, channel: Channel, message: Message, before: Message | None) -> Post:
        author = self._world.user(message.author)
        text, starter = message.content, message
        if message.type is Type.THREAD_STARTER:
            starter = self._starter(message) or message
            text = starter.content
        html = self._marked.html(text)
        thread = self._world.channels.get(message.id) if message.flags & Flag.HAS_THREAD else None
        return Post(
            id=message.id,
            kind=_NOTICES.get(message.type, "message"),
            author=author.name,
            hue=author.id % 7,
            own=author.id == self._user,
            official=author.is_bot,
            at=message.at,
            follows=before is not None and _goes_on(before, message),
            private=message.only_for is not None,
            loading=bool(message.flags & Flag.LOADING),
            called=self._caller(message),
            edited=message.edited_at is not None,
            html=html,
            plain=html.striptags() or self._plain(starter),
            quote=self._quote(channel, message),
            embeds=tuple(map(self._embed, message.embeds)) if message.type is not Type.POLL_RESULT else (),
            pictures=tuple(map(_picture, starter.attachments)),
            blocks=tuple(blocks(message.components, self._marked)),
            poll=None if message.poll is None else ballot(message.poll, self._user),
            thread=None if thread is None else self._tab(thread),
        )

    def _starter(self, message: Message) -> Message | None:
        """The message under which a thread was opened."""
        reference = message.reference or {}
        above = self._world.channels.get(whole(str(reference.get("channel_id", ""))))
        return None if above is None else above.messages.get(whole(str(reference.get("message_id", ""))))

    def _caller(self, message: Message) -> str:
        """Who gave the command that this answers, if it answers one."""
        found = self._world.interactions.get(whole(str((message.metadata or {}).get("id", ""))))
        return self._world.user(found.user).name if found is not None and found.kind == COMMAND else ""

    def _quote(self, channel: Channel, message: Message) -> Quote | None:
        number = message.replies_to
        if number is None:
            return None
        answered = channel.messages.get(number)
        if answered is None:
            return Quote(id=number)
        author = self._world.user(answered.author)
        question = answered.poll.question if answered.poll is not None else ""
        return Quote(id=number, author=author.name, hue=author.id % 7, text=question or self._plain(answered)[:90])

    def _plain(self, message: Message) -> str:
        """What one reads of a message, without marks."""
        return self._marked.html(readable(message)).striptags()

    def _embed(self, embed: Json) -> Embed:
        listed = embed.get("fields")
        fields = [one for one in (listed if isinstance(listed, list) else []) if isinstance(one, dict)]
        return Embed(
            title=str(embed.get("title") or ""),
            html=self._marked.html(str(embed.get("description") or "")),
            fields=tuple((str(one.get("name")), self._marked.html(str(one.get("value")))) for one in fields),
        )

    def _named(self, sign: str, number: int) -> str:
        """Whom or what a mention is about."""
        if sign == "#":
            found = self._world.channels.get(number)
            return found.name if found is not None else str(number)
        if sign == "@&":
            roles = [guild.roles[number].name for guild in self._world.guilds.values() if number in guild.roles]
            return roles[0] if roles else str(number)
        try:
            return self._world.user(number).name
        except NobodyThere:
            return str(number)


def _goes_on(before: Message, message: Message) -> bool:
    """Whether a message stands under the name of the one before it."""
    plain = message.type is before.type is Type.DEFAULT and message.only_for is None and message.metadata is None
    return plain and before.author == message.author and message.at - before.at < _TOGETHER


def _picture(attachment: Attachment) -> Picture:
    is_picture = (attachment.content_type or "").startswith("image/")
    return Picture(id=attachment.id, name=attachment.filename, alt=attachment.description or "", is_picture=is_picture)


def _letters() -> Channel:
    """The direct messages that are not open yet, for what is offered there."""
    return Channel(id=0, kind=Kind.DM)
