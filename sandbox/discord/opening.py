"""What a program is told when it identifies: READY, and the guilds it is in."""

from sandbox.discord import permissions
from sandbox.discord.places import Bot
from sandbox.discord.sessions import Session
from sandbox.discord.shapes import channel_json, guild_json, instant, member_in, thread_member_json, user_json
from sandbox.discord.values import Channel, Guild, Intent, Json
from sandbox.discord.world import World

LARGE = 250


def introduce(world: World, bot: Bot, session: Session) -> None:
    """READY, then one GUILD_CREATE a guild for those who want guilds."""
    guilds = [guild for guild in world.guilds.values() if bot.id in guild.members]
    ready: Json = {
        "v": 10,
        "user": user_json(bot.user) | {"verified": True, "mfa_enabled": True, "email": None},
        "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
        "session_id": session.id,
        "session_type": "normal",
        "resume_gateway_url": world.gateway_url,
        "application": {"id": str(bot.id), "flags": bot.flags},
        "private_channels": [],
        "presences": [],
        "relationships": [],
        "user_settings": {},
        "geo_ordered_rtc_regions": [],
        "_trace": [],
    }
    session.push("READY", ready)
    if session.intents & Intent.GUILDS:
        for guild in guilds:
            session.push("GUILD_CREATE", _whole(world, bot, guild))


def _whole(world: World, bot: Bot, guild: Guild) -> Json:
    """A guild with what is in it, as far as the bot sees it; of the members only the bot itself."""
    own = guild.members[bot.id]
    here = [one for one in world.channels.values() if one.guild == guild.id and not one.kind.is_thread]
    threads = [one for one in world.threads(guild.id) if world.allowed(bot.id, one) & permissions.VIEW_CHANNEL]
    return guild_json(guild) | {
        "joined_at": instant(own.joined_at),
        "large": len(guild.members) >= LARGE,
        "unavailable": False,
        "member_count": len(guild.members),
        "voice_states": [],
        "members": [member_in(own, bot.user)],
        "channels": [channel_json(one) for one in here],
        "threads": [_followed(one, bot) for one in threads],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def _followed(thread: Channel, bot: Bot) -> Json:
    member: Json = {"member": thread_member_json(thread, bot.id)} if bot.id in thread.joined else {}
    return channel_json(thread) | member
