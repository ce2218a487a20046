"""What AutoMod keeps back: whole words, in capitals or not; a star at an end stands for what may follow it there."""

import re

from sandbox.discord import permissions
from sandbox.discord.values import Channel, Guild, Json, Member


def kept_back(guild: Guild, member: Member, channel: Channel, text: str) -> str | None:
    """What somebody is told whose message is blocked; None when it is not. Who manages the guild is spared."""
    if permissions.in_guild(guild, member) & permissions.MANAGE_GUILD:
        return None
    here = {str(channel.id), str(channel.parent)} if channel.kind.is_thread else {str(channel.id)}
    for rule in guild.rules.values():
        spared = here & set(_texts(rule, "exempt_channels")) or set(map(str, member.roles)) & set(
            _texts(rule, "exempt_roles")
        )
        if rule["enabled"] and not spared and _uses(rule, text):
            return _notice(rule)
    return None


def _uses(rule: Json, text: str) -> bool:
    trigger = rule["trigger_metadata"]
    words = _texts(trigger, "keyword_filter") if isinstance(trigger, dict) else []
    return any(re.search(_pattern(word), text, re.IGNORECASE) for word in words)


def _pattern(word: str) -> str:
    before, after = "" if word.startswith("*") else r"(?<!\w)", "" if word.endswith("*") else r"(?!\w)"
    return before + re.escape(word.strip("*")) + after


def _texts(of: Json, name: str) -> list[str]:
    found = of.get(name)
    return [str(each) for each in found] if isinstance(found, list) else []


def _notice(rule: Json) -> str:
    actions = rule["actions"]
    action = actions[0] if isinstance(actions, list) else {}
    return str((action.get("metadata") or {}).get("custom_message") or "")
