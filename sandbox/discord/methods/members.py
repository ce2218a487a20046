"""Members: who they are, silencing them, showing them out, banning them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sandbox.discord import permissions
from sandbox.discord.errors import no_permission, unknown, wrong
from sandbox.discord.ids import first_at
from sandbox.discord.methods.call import Call
from sandbox.discord.shapes import channel_json, guild_json, member_in, role_json, silence_json, user_json
from sandbox.discord.values import Guild, Intent, Json, Member

LONGEST_SILENCE = timedelta(days=28)


def get_guild(call: Call) -> Json:
    """A guild."""
    guild = call.guild()
    counts: Json = {}
    if call.query.get("with_counts") in {"true", "1"}:
        counts = {"approximate_member_count": len(guild.members), "approximate_presence_count": 1}
    return guild_json(guild) | counts


def list_my_guilds(call: Call) -> list[Json]:
    """The guilds the bot is in."""
    inside = [guild for guild in call.world.guilds.values() if call.bot.id in guild.members]
    return [
        {"id": str(guild.id), "name": guild.name, "icon": None, "banner": None, "features": ["COMMUNITY", "NEWS"],
         "owner": guild.owner == call.bot.id, "permissions": str(call.held(guild))}
        for guild in inside
    ]  # fmt: skip


def list_guild_channels(call: Call) -> list[Json]:
    """The channels of a guild, threads left out."""
    guild = call.guild()
    here = [one for one in call.world.channels.values() if one.guild == guild.id and not one.kind.is_thread]
    return [channel_json(one) for one in here]


def list_guild_roles(call: Call) -> list[Json]:
    """The roles of a guild."""
    return [role_json(role) for role in call.guild().roles.values()]


def get_guild_member(call: Call) -> Json:
    """One member."""
    return _shown(call, call.member(call.guild()))


def list_guild_members(call: Call) -> list[Json]:
    """The members in the order of their ids, ``after`` one of them; needs a privileged intent."""
    guild = call.guild()
    if not call.bot.granted & Intent.GUILD_MEMBERS:
        raise no_permission()
    after, limit = call.asked("after", 0, 0, 1 << 63), call.asked("limit", 1, 1, 1000)
    numbers = [number for number in sorted(guild.members) if number > after]
    return [_shown(call, guild.members[number]) for number in numbers[:limit]]


def update_guild_member(call: Call) -> Json:
    """Silence a member for a time, or give other roles or another name."""
    guild = call.guild()
    member = call.member(guild)
    changes: tuple[Json, ...] = ()
    if "communication_disabled_until" in call.body:
        member = _silenced(call, guild, member)
        changes = (silence_json(member),)
    if "roles" in call.body:
        _check_held(call, guild, permissions.MANAGE_ROLES)
        member = replace(member, roles=tuple(int(str(role)) for role in call.items("roles")))
    if "nick" in call.body:
        member = replace(member, nick=call.text("nick") or None)
    call.world.set_member(guild, member)
    call.world.audit_entry(guild, 24, call.bot.id, member.user, call.reason, changes=changes)
    return _shown(call, member)


def _silenced(call: Call, guild: Guild, member: Member) -> Member:
    given = call.body["communication_disabled_until"]
    until = None if given is None else datetime.fromisoformat(str(given)).astimezone(UTC)
    if until is not None and until > call.world.clock.now() + LONGEST_SILENCE:
        raise wrong("communication_disabled_until", "MEMBER_COMMUNICATION_DISABLED_TOO_LONG",
                    "The time-out may be 28 days at most")  # fmt: skip
    _check_held(call, guild, permissions.MODERATE_MEMBERS)
    immune = permissions.in_guild(guild, member) & permissions.ADMINISTRATOR
    if immune or not permissions.stands_above(guild, guild.members[call.bot.id], member):
        raise no_permission()
    return replace(member, silent_until=until)


def delete_guild_member(call: Call) -> None:
    """Show a member out."""
    guild = call.guild(permissions.KICK_MEMBERS)
    member = call.member(guild)
    _check_above(call, guild, member)
    call.world.depart(guild, member.user)
    call.world.audit_entry(guild, 20, call.bot.id, member.user, call.reason)


def get_guild_ban(call: Call) -> Json:
    """Who is banned, and why."""
    guild = call.guild(permissions.BAN_MEMBERS)
    user = call.id("user_id")
    if user not in guild.banned:
        raise unknown(10026, "Ban")
    return {"reason": guild.banned[user], "user": user_json(call.world.user(user))}


def ban_user_from_guild(call: Call) -> None:
    """Ban somebody, and delete what they wrote in the last so many seconds."""
    guild = call.guild(permissions.BAN_MEMBERS)
    user = call.id("user_id")
    if user not in call.world.users:
        raise unknown(10013, "User")
    if user in guild.members:
        _check_above(call, guild, guild.members[user])
        call.world.depart(guild, user)
    guild.banned[user] = call.reason
    days = timedelta(days=call.number("delete_message_days") or 0)
    _wipe(call, guild, user, timedelta(seconds=call.number("delete_message_seconds") or 0) or days)
    call.world.audit_entry(guild, 22, call.bot.id, user, call.reason)


def unban_user_from_guild(call: Call) -> None:
    """Lift a ban."""
    guild = call.guild(permissions.BAN_MEMBERS)
    user = call.id("user_id")
    if user not in guild.banned:
        raise unknown(10026, "Ban")
    call.world.unban(guild, user)
    call.world.audit_entry(guild, 23, call.bot.id, user, call.reason)


def _wipe(call: Call, guild: Guild, user: int, span: timedelta) -> None:
    since = first_at(call.world.clock.now() - span)
    for channel in [one for one in call.world.channels.values() if one.guild == guild.id]:
        gone = [one.id for one in channel.messages.values() if one.author == user and one.id > since]
        if gone and span:
            call.world.remove(channel, gone)


def _check_held(call: Call, guild: Guild, needs: int) -> None:
    if call.held(guild) & needs != needs:
        raise no_permission()


def _check_above(call: Call, guild: Guild, member: Member) -> None:
    if not permissions.stands_above(guild, guild.members[call.bot.id], member):
        raise no_permission()


def _shown(call: Call, member: Member) -> Json:
    return member_in(member, call.world.user(member.user))
