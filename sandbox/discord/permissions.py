"""Who may do what where (docs.discord.com/developers/topics/permissions: the algorithm and the implicit rules)."""

from collections.abc import Iterator
from datetime import datetime

from sandbox.discord.values import Channel, Guild, Member, Overwrite

CREATE_INSTANT_INVITE = 1 << 0
KICK_MEMBERS = 1 << 1
BAN_MEMBERS = 1 << 2
ADMINISTRATOR = 1 << 3
MANAGE_CHANNELS = 1 << 4
MANAGE_GUILD = 1 << 5
ADD_REACTIONS = 1 << 6
VIEW_AUDIT_LOG = 1 << 7
VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
SEND_TTS_MESSAGES = 1 << 12
MANAGE_MESSAGES = 1 << 13
EMBED_LINKS = 1 << 14
ATTACH_FILES = 1 << 15
READ_MESSAGE_HISTORY = 1 << 16
MENTION_EVERYONE = 1 << 17
MANAGE_ROLES = 1 << 28
USE_APPLICATION_COMMANDS = 1 << 31
MANAGE_THREADS = 1 << 34
CREATE_PUBLIC_THREADS = 1 << 35
CREATE_PRIVATE_THREADS = 1 << 36
SEND_MESSAGES_IN_THREADS = 1 << 38
MODERATE_MEMBERS = 1 << 40
SEND_POLLS = 1 << 49
PIN_MESSAGES = 1 << 51

EVERYTHING = (1 << 53) - 1
# What a new guild gives everybody, of those named here
USUAL = (
    CREATE_INSTANT_INVITE | ADD_REACTIONS | VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS | ATTACH_FILES
    | READ_MESSAGE_HISTORY | USE_APPLICATION_COMMANDS | CREATE_PUBLIC_THREADS | CREATE_PRIVATE_THREADS
    | SEND_MESSAGES_IN_THREADS | SEND_POLLS
)  # fmt: skip
# What a bot of a town hall is invited with
FOR_BOT = USUAL | MANAGE_MESSAGES | PIN_MESSAGES | MANAGE_THREADS | MODERATE_MEMBERS
# What it needs besides, to carry out sanctions
TO_MODERATE = BAN_MEMBERS | MANAGE_CHANNELS | MANAGE_ROLES | VIEW_AUDIT_LOG
IN_DIRECT_MESSAGES = USUAL | PIN_MESSAGES
LEFT_WHEN_SILENT = VIEW_CHANNEL | READ_MESSAGE_HISTORY
NEEDS_SENDING = MENTION_EVERYONE | SEND_TTS_MESSAGES | ATTACH_FILES | EMBED_LINKS


def in_guild(guild: Guild, member: Member) -> int:
    """What the roles of a member allow, channels aside."""
    if member.user == guild.owner:
        return EVERYTHING
    allowed = guild.roles[guild.id].permissions
    for role in member.roles:
        allowed |= guild.roles[role].permissions if role in guild.roles else 0
    return EVERYTHING if allowed & ADMINISTRATOR else allowed


def in_channel(guild: Guild, member: Member, channel: Channel, now: datetime) -> int:
    """What a member may do in a channel; for a thread ``channel`` is the one above it."""
    allowed = in_guild(guild, member)
    if allowed & ADMINISTRATOR:
        return EVERYTHING
    for group in _overwrites(guild, member, channel):
        deny = allow = 0
        for overwrite in group:
            deny |= overwrite.deny
            allow |= overwrite.allow
        allowed = allowed & ~deny | allow
    if not allowed & VIEW_CHANNEL:
        return 0
    if not allowed & SEND_MESSAGES:
        allowed &= ~NEEDS_SENDING
    silent = member.silent_until is not None and member.silent_until > now
    return allowed & LEFT_WHEN_SILENT if silent else allowed


def stands_above(guild: Guild, actor: Member, target: Member) -> bool:
    """Whether somebody may moderate somebody: the owner is above all, then the highest role decides."""
    if target.user == guild.owner:
        return False
    return actor.user == guild.owner or _height(guild, actor) > _height(guild, target)


def _height(guild: Guild, member: Member) -> int:
    return max((guild.roles[role].position for role in member.roles if role in guild.roles), default=0)


def _overwrites(guild: Guild, member: Member, channel: Channel) -> Iterator[list[Overwrite]]:
    """Those of everybody, of the member's roles, of the member: in the order in which they count."""
    everybody = channel.overwrites.get(guild.id)
    yield [everybody] if everybody else []
    yield [found for found in channel.overwrites.values() if found.is_role and found.target in member.roles]
    own = channel.overwrites.get(member.user)
    yield [own] if own else []
