"""What a bot asks about itself, its application and other accounts."""

from sandbox.discord.errors import unknown
from sandbox.discord.methods.call import Call
from sandbox.discord.places import Bot
from sandbox.discord.shapes import user_json
from sandbox.discord.values import Json, User

IDENTIFIES_A_DAY = 1000


def self_json(user: User) -> Json:
    """The bot's own account."""
    return user_json(user) | {"verified": True, "mfa_enabled": True, "locale": "en-US", "email": None}


def get_my_user(call: Call) -> Json:
    """The bot itself."""
    return self_json(call.bot.user)


def get_user(call: Call) -> Json:
    """Somebody's account."""
    user = call.world.users.get(call.id("user_id"))
    if user is None:
        raise unknown(10013, "User")
    return user_json(user)


def get_my_application(call: Call) -> Json:
    """The bot's application."""
    owner = call.world.users.get(call.bot.owner, call.bot.user)
    guilds = sum(1 for guild in call.world.guilds.values() if call.bot.id in guild.members)
    return {
        "id": str(call.bot.id),
        "name": call.bot.user.name,
        "icon": None,
        "description": "",
        "summary": "",
        "type": None,
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": call.bot.flags,
        "hook": True,
        "is_monetized": False,
        "owner": user_json(owner),
        "team": None,
        "bot": user_json(call.bot.user),
        "approximate_guild_count": guilds,
        "approximate_user_install_count": 0,
        "redirect_uris": [],
        "interactions_endpoint_url": call.bot.endpoint,
        "tags": [],
    }


def get_gateway(call: Call) -> Json:
    """Where events can be had."""
    return {"url": call.world.gateway_url}


def get_bot_gateway(call: Call) -> Json:
    """Where events can be had, and how often one may still identify."""
    return {"url": call.world.gateway_url, "shards": 1, "session_start_limit": session_limit(call.bot)}


def session_limit(bot: Bot) -> Json:
    """How often the bot may still identify today."""
    return {
        "total": IDENTIFIES_A_DAY,
        "remaining": max(IDENTIFIES_A_DAY - bot.identified, 0),
        "reset_after": 86_400_000,
        "max_concurrency": 1,
    }
