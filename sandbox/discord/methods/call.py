"""One call, and finding the channel, message and member it is about, as far as the bot sees them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.discord import permissions
from sandbox.discord.errors import forbidden, no_access, no_permission, unknown, violated, wrong
from sandbox.discord.places import Bot
from sandbox.discord.request import Upload
from sandbox.discord.values import Channel, Guild, Json, Kind, Member, Message
from sandbox.discord.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A bot asks for something. ``body`` has been read against its table; ``strangers`` are fields nobody knows.

    A body that is no object stands under the empty name.
    """

    world: World
    bot: Bot
    path: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)
    body: Json = field(default_factory=dict)
    uploads: Mapping[int, Upload] = field(default_factory=dict)
    reason: str | None = None
    strangers: list[str] = field(default_factory=list)

    # ── fields of the body ──

    def text(self, name: str) -> str:
        """A string, empty when it is not given."""
        value = self.body.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int | None:
        """A number, when it is given."""
        value = self.body.get(name)
        return value if isinstance(value, int) else None

    def bits(self, name: str) -> int:
        """A set of permissions, written as a number or as its digits; none when it is not given."""
        value = self.body.get(name)
        return int(value) if isinstance(value, int | str) and str(value).isdecimal() else 0

    def flag(self, name: str) -> bool:
        """Whether something is wanted."""
        return self.body.get(name) is True

    def items(self, name: str) -> list[object]:
        """A list, empty when it is not given."""
        value = self.body.get(name)
        return value if isinstance(value, list) else []

    def part(self, name: str) -> Json | None:
        """An object, when it is given."""
        value = self.body.get(name)
        return value if isinstance(value, dict) else None

    def asked(self, name: str, default: int, lowest: int, highest: int) -> int:
        """A number of the address's query, between these. Raises ``Refused``."""
        given = self.query.get(name, str(default))
        if not given.isdigit() or not lowest <= int(given) <= highest:
            raise wrong(name, "NUMBER_TYPE_MAX", f"int value should be between {lowest} and {highest}.")
        return int(given)

    # ── what it is about ──

    def id(self, name: str) -> int:
        """An id of the address; ``@me`` is the bot. Raises ``Refused``."""
        given = self.path[name]
        if given == "@me":
            return self.bot.id
        if not given.isdigit():
            raise wrong(name, "NUMBER_TYPE_COERCE", f'Value "{given}" is not snowflake.')
        return int(given)

    def allowed(self, channel: Channel) -> int:
        """What the bot may do there."""
        return self.world.allowed(self.bot.id, channel)

    def channel(self, needs: int = 0) -> Channel:
        """The channel the call names, where the bot has all these permissions. Raises ``Refused``."""
        channel = self.world.channels.get(self.id("channel_id"))
        if channel is None or (channel.kind is Kind.DM and channel.bot != self.bot.id):
            raise unknown(10003, "Channel")
        self.may(channel, needs)
        return channel

    def may(self, channel: Channel, needs: int) -> None:
        """Raises ``Refused`` when the bot does not see the channel or lacks one of these permissions there."""
        allowed = self.allowed(channel)
        if not allowed & permissions.VIEW_CHANNEL:
            raise no_access()
        if allowed & needs != needs:
            raise no_permission()

    def writable(self, channel: Channel, *, poll: bool = False, files: bool = False) -> None:
        """Raises ``Refused`` when the bot may not write there, or not this."""
        if not channel.kind.holds_messages:
            code = 40058 if channel.kind is Kind.FORUM else 50008
            raise violated(code, "Cannot message this channel until a forum post is created"
                           if code == 40058 else "Cannot send messages in a non-text channel")  # fmt: skip
        in_thread = channel.kind.is_thread
        needs = permissions.SEND_MESSAGES_IN_THREADS if in_thread else permissions.SEND_MESSAGES
        self.may(channel, needs)
        self.may(channel, (permissions.SEND_POLLS if poll else 0) | (permissions.ATTACH_FILES if files else 0))
        if channel.locked and not self.allowed(channel) & permissions.MANAGE_THREADS:
            raise forbidden(160005, "Thread is locked")
        if channel.kind is Kind.DM and not self._reaches(channel.recipient or 0):
            raise forbidden(50007, "Cannot send messages to this user")

    def _reaches(self, user: int) -> bool:
        """Whether somebody takes direct messages from the bot: they share a guild and do not refuse them."""
        guilds = self.world.guilds.values()
        together = any(user in guild.members and self.bot.id in guild.members for guild in guilds)
        return together and user not in self.world.refusing

    def message(self, channel: Channel) -> Message:
        """The message the call names. Raises ``Refused``."""
        self.may(channel, permissions.READ_MESSAGE_HISTORY)
        found = channel.messages.get(self.id("message_id"))
        if found is None:
            raise unknown(10008, "Message")
        return found

    def guild(self, needs: int = 0) -> Guild:
        """The guild the call names, where the bot has all these permissions. Raises ``Refused``."""
        guild = self.world.guilds.get(self.id("guild_id"))
        if guild is None:
            raise unknown(10004, "Guild")
        if self.bot.id not in guild.members:
            raise no_access()
        if self.held(guild) & needs != needs:
            raise no_permission()
        return guild

    def held(self, guild: Guild) -> int:
        """What the bot's roles allow in a guild."""
        return permissions.in_guild(guild, guild.members[self.bot.id])

    def member(self, guild: Guild) -> Member:
        """The member the call names. Raises ``Refused``."""
        user = self.id("user_id")
        if user not in self.world.users:
            raise unknown(10013, "User")
        if user not in guild.members:
            raise unknown(10007, "Member")
        return guild.members[user]

    def shown(self, message: Message) -> Json:
        """A message as it is answered over HTTP."""
        return self.world.shape.message(message, self.bot.id, content=self.bot.reads_all)
