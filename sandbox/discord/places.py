"""Who and what exists: people, bots, the guild, its channels and threads, commands, interactions."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.discord import permissions
from sandbox.discord.budgets import Budgets
from sandbox.discord.errors import NobodyThere
from sandbox.discord.ids import Snowflakes
from sandbox.discord.sessions import Session
from sandbox.discord.shapes import MessageShape
from sandbox.discord.values import (
    AuditEntry,
    Change,
    Channel,
    Guild,
    Intent,
    Json,
    Kind,
    Member,
    Message,
    Overwrite,
    Role,
    Toast,
    User,
    Violation,
)
from sandbox.journal import Entry, Journal
from sandbox.real_clock import Clock

NETWORK = "discord"


@dataclass(slots=True, kw_only=True)
class Bot:
    """A bot account with its application, which has the same id.

    ``granted`` are the privileged intents switched on in the portal. ``commands`` are kept by guild, those of no guild
    under None. ``created`` are the instants at which commands were created. ``endpoint`` is where interactions go
    instead of the gateway; ``uninvited`` are the guilds it was invited to without the scope ``applications.commands``.
    """

    token: str
    user: User
    granted: int = Intent.PRIVILEGED
    owner: int = 0
    sessions: dict[str, Session] = field(default_factory=dict)
    commands: dict[int | None, dict[int, Json]] = field(default_factory=dict)
    created: list[datetime] = field(default_factory=list)
    identified: int = 0
    endpoint: str | None = None
    uninvited: set[int] = field(default_factory=set)

    @property
    def id(self) -> int:
        """The account's id, and the application's."""
        return self.user.id

    @property
    def flags(self) -> int:
        """Which privileged intents are switched on, as the application tells it."""
        return sum(flag for intent, flag in LIMITED.items() if self.granted & intent)

    @property
    def reads_all(self) -> bool:
        """Whether other people's words are shown over HTTP."""
        return bool(self.granted & Intent.MESSAGE_CONTENT)


# Application flags: presence, members and message content for applications that need no review
LIMITED = {Intent.GUILD_PRESENCES: 1 << 13, Intent.GUILD_MEMBERS: 1 << 15, Intent.MESSAGE_CONTENT: 1 << 19}


class Places:
    """The state of the imitation, without what happens in it."""

    def __init__(self, *, clock: Clock, journal: Journal) -> None:
        self.clock = clock
        self.journal = journal
        self.ids = Snowflakes(clock)
        self.budgets = Budgets(clock)
        self.users: dict[int, User] = {}
        self.bots: dict[str, Bot] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.private: dict[tuple[int, int], Channel] = {}
        self.hidden: dict[int, Message] = {}
        self.contents: dict[int, bytes] = {}
        self.nonces: dict[tuple[int, str], tuple[int, int]] = {}
        self.refusing: set[int] = set()
        self.toasts: dict[int, Toast] = {}
        self.audit: list[AuditEntry] = []
        self.violations: list[Violation] = []
        self.gateway_url = ""
        self.flooded = 0
        self.activity = 0
        self.shape = MessageShape(self.user, self.channels.get)
        self._listeners: list[Callable[[Change], None]] = []

    def record(self, kind: str, **fields: object) -> Entry:
        """Write in the journal, with the name of this network."""
        return self.journal.write(kind, network=NETWORK, **fields)

    def user(self, number: int) -> User:
        """A person or a bot's account. Raises ``NobodyThere``."""
        found = self.users.get(number)
        if found is None:
            raise NobodyThere(f"no user {number}")
        return found

    def channel(self, number: int) -> Channel:
        """A channel, a thread or direct messages. Raises ``NobodyThere``."""
        found = self.channels.get(number)
        if found is None:
            raise NobodyThere(f"no channel {number}")
        return found

    def guild_of(self, channel: Channel) -> Guild | None:
        """The guild a channel belongs to; none for direct messages."""
        return None if channel.guild is None else self.guilds[channel.guild]

    def the_bot(self, number: int | None = None) -> Bot:
        """The bot with this id; the first one when none is named. Raises ``NobodyThere``."""
        for bot in self.bots.values():
            if number is None or bot.id == number:
                return bot
        raise NobodyThere(f"no bot {number}")

    def allowed(self, user: int, channel: Channel) -> int:
        """What somebody may do in a channel or thread; nothing when they are not in its guild."""
        guild = self.guild_of(channel)
        if guild is None:
            return permissions.IN_DIRECT_MESSAGES if user in {channel.recipient, channel.bot} else 0
        member = guild.members.get(user)
        if member is None:
            return 0
        above = self.channels[channel.parent] if channel.kind.is_thread and channel.parent else channel
        return permissions.in_channel(guild, member, above, self.clock.now())

    def add_user(self, number: int, name: str, *, locale: str = "fr", username: str | None = None) -> User:
        """A person opens an account."""
        user = User(id=number, name=name, username=username or f"habitant{number}", locale=locale)
        self.users[number] = user
        return user

    def add_bot(
        self, token: str, number: int, *, username: str, name: str = "Parvis", granted: int = Intent.PRIVILEGED
    ) -> Bot:
        """A bot account with its application."""
        user = User(id=number, name=name, username=username, is_bot=True)
        self.users[number] = user
        bot = self.bots[token] = Bot(token=token, user=user, granted=granted, owner=number)
        return bot

    def add_guild(self, number: int, name: str, *, owner: int, locale: str = "fr") -> Guild:
        """A guild is founded; everybody in it may do the usual things."""
        everybody = Role(id=number, name="@everyone", permissions=permissions.USUAL)
        guild = self.guilds[number] = Guild(id=number, name=name, owner=owner, locale=locale, roles={number: everybody})
        if owner in self.users:
            self.add_member(guild, owner)
        return guild

    def add_role(self, guild: int, number: int, name: str, allowed: int = 0) -> Role:
        """A role above those that exist."""
        roles = self.guilds[guild].roles
        role = roles[number] = Role(id=number, name=name, permissions=allowed, position=len(roles))
        return role

    def add_member(self, guild: Guild, user: int, roles: tuple[int, ...] = ()) -> Member:
        """Somebody is in the guild."""
        member = guild.members[user] = Member(user=user, roles=roles, joined_at=self.clock.now())
        return member

    def add_channel(
        self,
        guild: int,
        number: int,
        name: str,
        kind: Kind = Kind.TEXT,
        *,
        parent: int | None = None,
        topic: str | None = None,
        tags: dict[int, str] | None = None,
        needs_tag: bool = False,
        overwrites: tuple[Overwrite, ...] = (),
    ) -> Channel:
        """A channel opens."""
        channel = self.channels[number] = Channel(
            id=number,
            kind=kind,
            name=name,
            guild=guild,
            parent=parent,
            topic=topic,
            position=len(self.channels),
            tags=tags or {},
            needs_tag=needs_tag,
            overwrites={overwrite.target: overwrite for overwrite in overwrites},
        )
        return channel

    def direct(self, bot: Bot, user: int) -> Channel:
        """The direct messages of a bot with a person, which are opened when they were not."""
        channel = self.private.get((bot.id, user))
        if channel is None:
            channel = Channel(id=self.ids.next(), kind=Kind.DM, recipient=user, bot=bot.id)
            self.private[bot.id, user] = self.channels[channel.id] = channel
        return channel

    def threads(self, guild: int) -> list[Channel]:
        """The threads of a guild that are not archived."""
        return [one for one in self.channels.values() if one.guild == guild and one.kind.is_thread and not one.archived]

    def subscribe(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Have ``listener`` called, at once, with every change that people can see; the answer ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def announce(self, change: Change) -> None:
        """Tell the listeners."""
        self.activity += 1
        for listener in tuple(self._listeners):
            listener(change)
