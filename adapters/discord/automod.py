"""Rules of AutoMod for the words of the charter: Discord blocks a message with one of them before anybody sees it.

A rule holds in the whole server: the channels that are no debates are spared, and so are the roles that watch over
messages. Ours are those that this account made; nobody else's are touched. Whole words, in capitals or not. Docs:
Resources/Auto Moderation, 2026-08-06.
"""

from collections.abc import Collection, Sequence
from typing import Any

from adapters.discord import limits
from adapters.discord.calls import Calls
from adapters.discord.standing import may_remove
from core.errors import Rejected
from core.identifiers import Address
from core.ports.moderator import Filter

_RULES = "/guilds/{guild_id}/auto-moderation/rules"
_RULE = f"{_RULES}/{{rule_id}}"
_MESSAGE_SEND = 1  # type of event
_KEYWORD = 1  # type of trigger
_BLOCK = 1  # type of action
_HOLD_MESSAGES = frozenset({0, 2, 5, 13, 15, 16})  # types of channels: text, voice, news, stage, forum, media

Rule = dict[str, Any]


async def keep(calls: Calls, me: str, places: Collection[Address], filters: Sequence[Filter], *, reason: str) -> int:
    """Have the servers of these channels keep up these rules. How many are; the least where there are several servers.

    Raises PlatformError.
    """
    debated: dict[str, set[str]] = {}
    for place in places:
        channel = await calls.looked_up("/channels/{channel_id}", channel_id=place)
        debated.setdefault(str(channel["guild_id"]), set()).add(str(channel["id"]))
    return min(
        [await _in_server(calls, me, guild, here, filters=filters, reason=reason) for guild, here in debated.items()]
    )


async def _in_server(
    calls: Calls, me: str, guild: str, debated: Collection[str], *, filters: Sequence[Filter], reason: str
) -> int:
    """What goes first makes room for what comes; a rule that was made twice is taken away once."""
    rules = [each for each in await calls.looked_up(_RULES, guild_id=guild) if each["trigger_type"] == _KEYWORD]
    ours = [each for each in rules if str(each["creator_id"]) == me]
    spared = await _spared(calls, guild, debated) if filters else {}
    room = limits.MOST_RULES - (len(rules) - len(ours))
    wanted = {each.name: _rule(each, spared) for each in filters[:room]}
    kept = len(wanted)
    for rule in ours:
        should, where = wanted.pop(str(rule["name"]), None), {"guild_id": guild, "rule_id": rule["id"]}
        if should is None:
            await calls.repeatable("DELETE", _RULE, reason=reason, **where)
        elif _told(rule) != _told(should):
            await calls.repeatable("PATCH", _RULE, should, reason=reason, **where)
    for should in wanted.values():
        body = {**should, "trigger_type": _KEYWORD}
        await calls.repeatable("POST", _RULES, body, reason=reason, guild_id=guild)
    return kept


async def _spared(calls: Calls, guild: str, debated: Collection[str]) -> Rule:
    """Who watches over messages, and the channels where the charter does not hold. Raises Rejected for too many."""
    known = await calls.looked_up("/guilds/{guild_id}", guild_id=guild)
    there = await calls.looked_up("/guilds/{guild_id}/channels", guild_id=guild)
    roles = [str(each["id"]) for each in known["roles"] if may_remove(int(each["permissions"]))]
    channels = [str(each["id"]) for each in there if each["type"] in _HOLD_MESSAGES and str(each["id"]) not in debated]
    if len(roles) > limits.MOST_SPARED_ROLES:
        raise Rejected(f"AutoMod spares {limits.MOST_SPARED_ROLES} roles at most, and {len(roles)} may remove messages")
    if len(channels) > limits.MOST_SPARED_CHANNELS:
        raise Rejected(
            f"AutoMod spares {limits.MOST_SPARED_CHANNELS} channels at most, and {len(channels)} are no debates"
        )
    return {"exempt_roles": sorted(roles), "exempt_channels": sorted(channels)}


def _rule(what: Filter, spared: Rule) -> Rule:
    words = [each for each in what.words if len(each) <= limits.LONGEST_WORD][: limits.MOST_WORDS]
    return {
        "name": what.name,
        "event_type": _MESSAGE_SEND,
        "trigger_metadata": {"keyword_filter": words, "regex_patterns": [], "allow_list": []},
        "actions": [{"type": _BLOCK, "metadata": {"custom_message": _shortened(what.notice)}}],
        "enabled": True,
        **spared,
    }


def _shortened(notice: str) -> str:
    longest = limits.LONGEST_NOTICE
    return notice if len(notice) <= longest else f"{notice[: longest - 1].rstrip()}…"


def _told(rule: Rule) -> tuple[object, ...]:
    """What of a rule must be as we want it, whatever order and case Discord keeps."""
    trigger = rule["trigger_metadata"]
    return (
        rule["enabled"],
        {each.casefold() for each in trigger["keyword_filter"]},
        list(trigger.get("regex_patterns") or ()),
        list(trigger.get("allow_list") or ()),
        [(each["type"], (each.get("metadata") or {}).get("custom_message")) for each in rule["actions"]],
        set(map(str, rule["exempt_roles"])),
        set(map(str, rule["exempt_channels"])),
    )
